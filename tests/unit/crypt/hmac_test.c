/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hmac.h"

#include "unit.h"

#define FIFTY(x)                                                               \
	x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x  \
		x x x x x x x x x x x x x x x
#define TWENTY(x) x x x x x x x x x x x x x x x x x x x x

/* RFC 4231 s4 */
static const struct vector_row {
	const char *name;
	struct span key;
	struct span data;
	const char *hex;
} vectors[] = {
	{"4.2", SPAN(TWENTY("\x0b")), SPAN("Hi There"),
	 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	{"4.3", SPAN("Jefe"), SPAN("what do ya want for nothing?"),
	 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	{"4.4", SPAN(TWENTY("\xaa")), SPAN(FIFTY("\xdd")),
	 "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
	{"4.5",
	 SPAN("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
	      "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"),
	 SPAN(FIFTY("\xcd")),
	 "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
	{"4.7",
	 SPAN(FIFTY("\xaa") FIFTY("\xaa") TWENTY(
		 "\xaa") "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"),
	 SPAN("Test Using Larger Than Block-Size Key - Hash Key First"),
	 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

static void
test_vector(void **state)
{
	const struct vector_row *row = *state;
	uint8_t got[HMAC_SIZE];
	char hex[DIGEST_HEX_SIZE];

	hmac_of(row->key, row->data, got);
	digest_hex(got, hex);
	assert_string_equal(hex, row->hex);
}

/* RFC 5869 A.1 and A.3: their first 32 octets. */
static void
test_derive(void **state)
{
	struct span ikm = SPAN(TWENTY("\x0b") "\x0b\x0b");
	uint8_t got[HMAC_SIZE];
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	hmac_derive(
		ikm,
		SPAN("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"),
		SPAN("\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"), got);
	digest_hex(got, hex);
	assert_string_equal(hex, "3cb25f25faacd57a90434f64d0362f2a"
				 "2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
	hmac_derive(ikm, SPAN(""), SPAN(""), got);
	digest_hex(got, hex);
	assert_string_equal(hex, "8da4e775a563c18f715f802a063c5a31"
				 "b8a11f5c5ee1879ec3454e5f3c738d2d");
}

/* The example of "Deriving a signing key" in the AWS documentation. */
static void
test_sigv4(void **state)
{
	static const char *const step[] = {"20150830", "us-east-1", "iam",
					   "aws4_request"};
	uint8_t key[HMAC_SIZE];
	char hex[DIGEST_HEX_SIZE];
	struct span last = SPAN("AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

	(void)state;
	for (size_t i = 0; i < COUNT(step); i++) {
		uint8_t next[HMAC_SIZE];

		hmac_of(last, span_of(step[i]), next);
		memcpy(key, next, sizeof(key));
		last = span_bytes(key, sizeof(key));
	}
	digest_hex(key, hex);
	assert_string_equal(hex, "c4afb1cc5771d871763a393e44b70357"
				 "1b55cc28424d1a5e86da6ed3c154a4b9");
}

int
main(void)
{
	UNIT_ROWS(test_vector, vectors);
	UNIT(test_derive);
	UNIT(test_sigv4);
	return unit_run("crypt/hmac");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/digest.h"

#include <stdlib.h>

#include "unit.h"

static const struct vector_row {
	const char *name;
	const char *text;
	const char *hex;
} vectors[] = {
	/* FIPS 180-2, B.1 and B.2 */
	{"nothing", "",
	 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "abc",
	 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"two blocks",
	 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	/* RFC 6376 s3.4.4: an empty body in "simple" is CRLF */
	{"CRLF", "\r\n",
	 "7eb70257593da06f682a3ddda54a9d260d4fc514f645237f5ca74b08f8da61a6"},
};

static void
test_vector(void **state)
{
	const struct vector_row *row = *state;
	CLEANUP(digest_freep) struct digest *d = digest_new();
	uint8_t got[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];

	digest_of(span_of(row->text), got);
	digest_hex(got, hex);
	assert_string_equal(hex, row->hex);

	/* A byte at a time, twice: digest_end() starts anew. */
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < strlen(row->text); i++)
			digest_add(d, span_bytes(row->text + i, 1));
		digest_peek(d, got);
		digest_hex(got, hex);
		assert_string_equal(hex, row->hex);
		digest_end(d, got);
		digest_hex(got, hex);
		assert_string_equal(hex, row->hex);
	}
}

static void
test_million(void **state)
{
	CLEANUP(digest_freep) struct digest *d = digest_new();
	uint8_t got[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];
	char block[1000];

	(void)state;
	memset(block, 'a', sizeof(block));
	for (int i = 0; i < 1000; i++)
		digest_add(d, span_bytes(block, sizeof(block)));
	digest_end(d, got);
	digest_hex(got, hex);
	/* FIPS 180-2, B.3 */
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
				 "f1809a48a497200e046d39ccc7112cd0");
}

int
main(void)
{
	UNIT_ROWS(test_vector, vectors);
	UNIT(test_million);
	return unit_run("crypt/digest");
}

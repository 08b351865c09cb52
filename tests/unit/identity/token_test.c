/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/token.h"

#include "unit.h"

static const struct format_row {
	const char *name;
	const char *entropy; /* TOKEN_ENTROPY octets */
	const char *want;
} format[] = {
	{"zeroes",
	 "\0\0\0\0\0\0\0\0\0\0"
	 "\0\0\0\0\0\0\0\0\0\0",
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	{"ones",
	 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	 "77777777777777777777777777777777"},
	/* RFC 4648 section 10: BASE32("foobar") = "MZXW6YTBOI======" */
	{"RFC 4648's foob, and the whole of it", "foobafoobafoobafooba",
	 "mzxw6ytbmzxw6ytbmzxw6ytbmzxw6ytb"},
	{"one bit at the end",
	 "\0\0\0\0\0\0\0\0\0\0"
	 "\0\0\0\0\0\0\0\0\0\1",
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"},
};

static const struct is_row {
	const char *name;
	const char *text;
	bool want;
} is[] = {
	{"a token", "o25mqk5iffcfzgc3wo2zjhkohcyjzsoq", true},
	{"in capitals", "O25MQK5IFFCFZGC3WO2ZJHKOHCYJZSOQ", true},
	{"too short", "o25mqk5iffcfzgc3wo2zjhkohcyjzso", false},
	{"too long", "o25mqk5iffcfzgc3wo2zjhkohcyjzsoqq", false},
	{"a digit one", "1a5mqk5iffcfzgc3wo2zjhkohcyjzsoq", false},
	{"a hyphen", "o25mqk5iffcfzgc3wo2zjhkoh-yjzsoq", false},
	{"nothing", "", false},
};

static void
test_format(void **state)
{
	const struct format_row *row = *state;
	char token[TOKEN_LEN + 1];

	token_format((const uint8_t *)row->entropy, token);
	assert_string_equal(token, row->want);
	assert_true(token_is(span_of(token)));
}

/* Every bit of the entropy is in the token. */
static void
test_all_bits(void **state)
{
	uint8_t entropy[TOKEN_ENTROPY] = {0};
	char zero[TOKEN_LEN + 1], token[TOKEN_LEN + 1];

	(void)state;
	token_format(entropy, zero);
	for (size_t bit = 0; bit < 8 * TOKEN_ENTROPY; bit++) {
		entropy[bit / 8] = (uint8_t)(1 << bit % 8);
		token_format(entropy, token);
		assert_string_not_equal(token, zero);
		entropy[bit / 8] = 0;
	}
}

static void
test_is(void **state)
{
	const struct is_row *row = *state;

	assert_int_equal(token_is(span_of(row->text)), row->want);
}

int
main(void)
{
	UNIT_ROWS(test_format, format);
	UNIT(test_all_bits);
	UNIT_ROWS(test_is, is);
	return unit_run("identity/token");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "unit.h"

static void
test_set(void **state)
{
	struct error err = {0};
	char big[1000];

	(void)state;
	assert_false(error_set(&err, ERROR_NOT_FOUND, "%s is not here", "x"));
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	assert_string_equal(err.text, "x is not here");
	assert_false(error_prefix(&err, "in %s: ", "y"));
	assert_string_equal(err.text, "in y: x is not here");
	assert_false(error_set(&err, ERROR_IO, "again, %s", err.text));
	assert_string_equal(err.text, "again, in y: x is not here");
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	error_set(&err, ERROR_IO, "%s", big);
	assert_int_equal(strlen(err.text), ERROR_TEXT_MAX - 1);
	error_prefix(&err, "b");
	assert_int_equal(strlen(err.text), ERROR_TEXT_MAX - 1);
	assert_int_equal(err.text[0], 'b');
}

static void
test_codes(void **state)
{
	(void)state;
	for (int i = ERROR_NONE + 1; i < ERROR_CODE_COUNT; i++) {
		enum error_code code = (enum error_code)i;

		assert_in_range(error_http_status(code), 400, 599);
		assert_in_range(error_smtp_reply(code), 400, 599);
		/* RFC 3463 section 2: the class is that of the reply. */
		assert_int_equal(error_smtp_enhanced(code)[0] - '0',
				 error_smtp_reply(code) / 100);
		assert_int_equal(error_from_slug(error_slug(code)), code);
	}
	assert_int_equal(error_from_slug("Nonsense"), ERROR_NONE);
}

int
main(void)
{
	UNIT(test_set);
	UNIT(test_codes);
	return unit_run("base/error");
}

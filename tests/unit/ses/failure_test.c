/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/failure.h"

#include "unit.h"

static const struct row {
	const char *name;
	int status;
	const char *type, *body;
	enum error_code code;
	const char *text;
} rows[] = {
	{"a plain name", 404, "NotFoundException", "{\"message\":\"gone\"}",
	 ERROR_NOT_FOUND, "gone"},
	{"a name with a URI", 400,
	 "BadRequestException:http://internal.amazon.com/coral/",
	 "{\"message\":\"no\"}", ERROR_BAD_REQUEST, "no"},
	{"the name in the body", 400, "",
	 "{\"__type\":\"com.amazonaws.sesv2#AlreadyExistsException\","
	 "\"Message\":\"twice\"}",
	 ERROR_ALREADY_EXISTS, "twice"},
	{"a name that is not ours", 403, "ExpiredTokenException",
	 "{\"message\":\"late\"}", ERROR_ACCESS_DENIED,
	 "ExpiredTokenException: late"},
	{"no name at all", 503, "", "<html>", ERROR_UNAVAILABLE,
	 "HTTP status 503"},
	{"a web server that is none of SES", 404, "", "<h1>Not Found</h1>",
	 ERROR_UNKNOWN_OPERATION,
	 "HTTP status 404, which is not how a SES endpoint answers"},
	{"no name but a text", 429, "", "{\"message\":\"slower\"}",
	 ERROR_TOO_MANY_REQUESTS, "HTTP status 429: slower"},
	{"no message", 400, "SerializationException", "{}", ERROR_SERIALIZATION,
	 ""},
};

static void
test_parse(void **state)
{
	const struct row *row = *state;
	struct error error = {0};

	assert_false(failure_parse(row->status, span_of(row->type),
				   span_of(row->body), &error));
	assert_int_equal(error.code, row->code);
	assert_string_equal(error.text, row->text);
}

/* What is written is read as it was, whatever is in it. */
static void
test_format(void **state)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(FAILURE_BODY_MAX);
	struct error error, again = {0};

	(void)state;
	error_set(&error, ERROR_CONFLICT, "a \"quote\" and <x>\n");
	failure_format(&error, &body);
	assert_string_equal(body.ptr,
			    "{\"message\":\"a \\\"quote\\\" and <x>\\n\"}");
	failure_parse(409, span_of(error_slug(error.code)), buf_span(&body),
		      &again);
	assert_int_equal(again.code, ERROR_CONFLICT);
	assert_string_equal(again.text, error.text);
}

int
main(void)
{
	UNIT_ROWS(test_parse, rows);
	UNIT(test_format);
	return unit_run("ses/failure");
}

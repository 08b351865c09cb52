/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/suppression.h"

#include "unit.h"

static const struct put_row {
	const char *name;
	const char *body;
	const char *want; /* "address reason tenant", or why not */
	enum error_code code;
} put_rows[] = {
	{"bounce", "{\"EmailAddress\":\"a@b.example\",\"Reason\":\"BOUNCE\"}",
	 "a@b.example BOUNCE ", 0},
	{"complaint, of a tenant",
	 "{\"EmailAddress\":\"a@b.example\",\"Reason\":\"COMPLAINT\","
	 "\"TenantName\":\"t\"}",
	 "a@b.example COMPLAINT t", 0},
	{"nothing", "{}",
	 "2 validation errors detected: Value at 'emailAddress' failed to "
	 "satisfy constraint: Member must not be null; Value at 'reason' "
	 "failed to satisfy constraint: Member must not be null",
	 ERROR_BAD_REQUEST},
	{"a reason that is none",
	 "{\"EmailAddress\":\"a@b.example\",\"Reason\":\"MOOD\"}",
	 "1 validation error detected: Value at 'reason' failed to satisfy "
	 "constraint: Member must satisfy enum value set: [BOUNCE, COMPLAINT]",
	 ERROR_BAD_REQUEST},
};

static void
test_put(void **state)
{
	const struct put_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_put_suppressed got;
	struct error error = {0};

	assert_int_equal(json_parse(span_of(row->body), 1000, &body, NULL),
			 JSON_OK);
	if (ses_put_suppressed_read(body, &got, &error))
		buf_addf(&text, SPAN_FMT " %s " SPAN_FMT, SPAN_ARG(got.address),
			 ses_reason_name(got.reason), SPAN_ARG(got.tenant));
	else
		buf_adds(&text, error.text);
	assert_string_equal(text.ptr, row->want);
	assert_int_equal(error.code, row->code);
}

static const struct list_row {
	const char *name;
	const char *input;
	const char *want; /* "reasons from to page token", or why not */
	enum error_code code;
} list_rows[] = {
	{"nothing", "{}", "0 0 0 100 ", 0},
	{"all",
	 "{\"Reasons\":[\"BOUNCE\",\"COMPLAINT\"],\"PageSize\":5,"
	 "\"NextToken\":\"x\"}",
	 "3 0 0 5 x", 0},
	{"times", "{\"StartDate\":1795455102,\"EndDate\":1795455103.5}",
	 "0 1795455102000 1795455103500 100 ", 0},
	{"times that nobody sees", "{\"StartDate\":-5,\"EndDate\":1e300}",
	 "0 0 253402300799999 100 ", 0},
	{"a reason that is none", "{\"Reasons\":[\"x\"]}",
	 "1 validation error detected: Value at 'reasons' failed to satisfy "
	 "constraint: Member must satisfy constraint: [Member must satisfy "
	 "enum value set: [BOUNCE, COMPLAINT]]",
	 ERROR_BAD_REQUEST},
	{"a page too large", "{\"PageSize\":1001}",
	 "PageSize must be between 0 and 1000.", ERROR_BAD_REQUEST},
};

static void
test_list(void **state)
{
	const struct list_row *row = *state;
	CLEANUP(json_decrefp) json_t *input = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_list_suppressed got;
	struct error error = {0};

	assert_int_equal(json_parse(span_of(row->input), 1000, &input, NULL),
			 JSON_OK);
	if (ses_list_suppressed_read(input, &got, &error))
		buf_addf(&text, "%u %lld %lld %zu " SPAN_FMT, got.reasons,
			 (long long)got.from, (long long)got.to, got.page,
			 SPAN_ARG(got.next_token));
	else
		buf_adds(&text, error.text);
	assert_string_equal(text.ptr, row->want);
	assert_int_equal(error.code, row->code);
}

int
main(void)
{
	UNIT_ROWS(test_put, put_rows);
	UNIT_ROWS(test_list, list_rows);
	return unit_run("ses/suppression");
}

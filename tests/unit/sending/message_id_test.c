/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/message_id.h"

#include "unit.h"

static void
test_make(void **state)
{
	uint8_t entropy[MESSAGE_ID_ENTROPY];
	char id[MESSAGE_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(entropy); i++)
		entropy[i] = (uint8_t)(0xf0 + i);
	message_id_make(0x19a5a22074b, entropy, id);
	assert_string_equal(id, "0100019a5a22074b-f0f1f2f3-f4f5-46f7-b8f9-"
				"fafbfcfdfeff-000000");
	assert_true(message_id_is(span_of(id)));
	memset(entropy, 0, sizeof(entropy));
	message_id_make(INT64_MAX, entropy, id);
	assert_string_equal(id, "0100ffffffffffff-00000000-0000-4000-8000-"
				"000000000000-000000");
}

static const struct is_row {
	const char *name;
	const char *text;
	bool is;
} is[] = {
	{"one of SES",
	 "0106019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023a-000000", true},
	{"in capitals",
	 "0106019A5A22074B-2FA38887-99A3-4B33-B83A-1FB32E6B023A-000000", true},
	{"too short",
	 "0106019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023a-00000", false},
	{"another end",
	 "0106019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023a-000001", false},
	{"no digit",
	 "0106019a5a22074g-2fa38887-99a3-4b33-b83a-1fb32e6b023a-000000", false},
	{"hyphens elsewhere",
	 "0106019a5a22074b2-fa38887-99a3-4b33-b83a-1fb32e6b023a-000000", false},
	{"nothing", "", false},
};

static void
test_is(void **state)
{
	const struct is_row *row = *state;

	assert_int_equal(message_id_is(span_of(row->text)), row->is);
}

static void
test_feedback(void **state)
{
	CLEANUP(buf_release) struct buf a = BUF_INIT(200);
	CLEANUP(buf_release) struct buf b = BUF_INIT(200);

	(void)state;
	message_feedback_id(SPAN("eu-west-2"), SPAN("123456789012"),
			    SPAN("mail.example"), &a);
	assert_true(span_starts(buf_span(&a), SPAN("::1.eu-west-2.")));
	assert_true(span_ends(buf_span(&a), SPAN("=:Sesame")));
	assert_int_equal(a.len, strlen("::1.eu-west-2.") + 44 + 7);
	message_feedback_id(SPAN("eu-west-2"), SPAN("123456789013"),
			    SPAN("mail.example"), &b);
	assert_false(span_equal(buf_span(&a), buf_span(&b)));
}

int
main(void)
{
	UNIT(test_feedback);
	UNIT(test_make);
	UNIT_ROWS(test_is, is);
	return unit_run("sending/message_id");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/rules.h"

#include "store/temp.h"

#define BOTH (SES_REASON_BOUNCE | SES_REASON_COMPLAINT)

static void
put(struct store *s, const char *name, const char *json)
{
	struct document d = {.kind = DOCUMENT_ACCOUNT};

	COPY(d.account, A);
	COPY(d.name, name);
	OK(store_document_add(s, &d, span_of(json), &err));
}

static const struct row {
	const char *name;
	const char *sending;     /* document, or NULL */
	const char *suppression; /* document, or NULL */
	const char *set;         /* options, or NULL: no set */
	struct rules want;
	const char *refusal; /* or NULL */
} rows[] = {
	{"nothing said", NULL, NULL, NULL, {.suppressing = BOTH}, NULL},
	{"a set that says nothing",
	 NULL,
	 NULL,
	 "",
	 {.suppressing = BOTH},
	 NULL},
	{"the account goes on",
	 "{\"SendingEnabled\":true}",
	 NULL,
	 NULL,
	 {.suppressing = BOTH},
	 NULL},
	{"the account rests",
	 "{\"SendingEnabled\":false}",
	 NULL,
	 "{\"SendingOptions\":{\"SendingEnabled\":true}}",
	 {.account_paused = true, .suppressing = BOTH},
	 "Sending paused for this account."},
	{"the set rests",
	 NULL,
	 NULL,
	 "{\"SendingOptions\":{\"SendingEnabled\":false}}",
	 {.set_paused = true, .suppressing = BOTH},
	 "Sending paused for configuration set <s>."},
	{"delivery",
	 NULL,
	 NULL,
	 "{\"DeliveryOptions\":{\"TlsPolicy\":\"REQUIRE\","
	 "\"MaxDeliverySeconds\":300}}",
	 {.require_tls = true, .max_age = 300000, .suppressing = BOTH},
	 NULL},
	{"reasons of the account",
	 NULL,
	 "{\"SuppressedReasons\":[\"BOUNCE\"]}",
	 "{}",
	 {.suppressing = SES_REASON_BOUNCE},
	 NULL},
	{"none of the account",
	 NULL,
	 "{\"SuppressedReasons\":[]}",
	 NULL,
	 {0},
	 NULL},
	{"reasons of the set",
	 NULL,
	 "{\"SuppressedReasons\":[\"BOUNCE\"]}",
	 "{\"SuppressionOptions\":{\"SuppressedReasons\":[\"COMPLAINT\"]}}",
	 {.suppressing = SES_REASON_COMPLAINT},
	 NULL},
	{"none of the set",
	 NULL,
	 NULL,
	 "{\"SuppressionOptions\":{\"SuppressedReasons\":[]}}",
	 {0},
	 NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct store *s = temp_open(NULL);
	struct configuration_set set = {.name = "s"};
	struct error why = {0};
	struct rules got;
	bool good;

	temp_account(s, A);
	temp_account(s, B);
	if (row->sending != NULL)
		put(s, RULES_SENDING, row->sending);
	if (row->suppression != NULL)
		put(s, RULES_SUPPRESSION, row->suppression);
	if (row->set != NULL)
		COPY(set.options, row->set);
	OK(rules_read(s, A, row->set != NULL ? &set : NULL, &got, &err));
	assert_int_equal(got.account_paused, row->want.account_paused);
	assert_int_equal(got.set_paused, row->want.set_paused);
	assert_int_equal(got.require_tls, row->want.require_tls);
	assert_int_equal(got.max_age, row->want.max_age);
	assert_int_equal(got.suppressing, row->want.suppressing);
	good = rules_check(&got, "s", &why);
	assert_int_equal(good, row->refusal == NULL);
	if (!good) {
		assert_string_equal(why.text, row->refusal);
		assert_int_equal(why.code, ERROR_SENDING_PAUSED);
	}
	/* The other account is not touched. */
	OK(rules_read(s, B, NULL, &got, &err));
	assert_false(got.account_paused);
	assert_int_equal(got.suppressing, BOTH);
	store_free(s);
}

static void
test_damaged(void **state)
{
	struct store *s = temp_open(NULL);
	struct configuration_set set = {.name = "s", .options = "{"};
	struct rules got;

	(void)state;
	temp_account(s, A);
	FAILS(rules_read(s, A, &set, &got, &err), ERROR_INTERNAL);
	put(s, RULES_SENDING, "nonsense");
	FAILS(rules_read(s, A, NULL, &got, &err), ERROR_INTERNAL);
	store_free(s);
}

static const struct list_row {
	const char *name;
	const char *address;
	unsigned suppressing;
	bool want;
} list_rows[] = {
	{"as it is on the list", "gone@example.net", BOTH, true},
	{"in another case", "GONE@Example.NET", BOTH, true},
	{"a bounce, which does not count", "gone@example.net",
	 SES_REASON_COMPLAINT, false},
	{"a complaint", "angry@xn--bcher-kva.example", SES_REASON_COMPLAINT,
	 true},
	{"in U-labels",
	 "angry@b\xc3\xbc"
	 "cher.example",
	 SES_REASON_COMPLAINT, true},
	{"nothing counts", "gone@example.net", 0, false},
	{"somebody else", "here@example.net", BOTH, false},
	{"with a label", "gone+x@example.net", BOTH, false},
};

static void
test_list(void **state)
{
	const struct list_row *row = *state;
	struct store *s = temp_open(NULL);
	struct rules rules = {.suppressing = row->suppressing};
	struct suppressed u = {.account = A,
			       .address = "gone@example.net",
			       .reason = SUPPRESSED_BOUNCE,
			       .time = T0},
			  got;
	struct address address;
	bool is;

	OK(store_suppressed_put(s, &u, &err));
	COPY(u.address, "angry@xn--bcher-kva.example");
	u.reason = SUPPRESSED_COMPLAINT;
	OK(store_suppressed_put(s, &u, &err));
	assert_int_equal(address_parse(span_of(row->address), &address),
			 ADDRESS_OK);
	OK(rules_suppressed(&rules, s, A, &address, &is, &got, &err));
	assert_int_equal(is, row->want);
	OK(rules_suppressed(&rules, s, B, &address, &is, &got, &err));
	assert_false(is);
	store_free(s);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_damaged);
	UNIT_ROWS(test_list, list_rows);
	return unit_run("sending/rules");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

static const struct zone_row zone[] = {
	{"a.example", SESAME_DNS_TXT, "v=spf1 include:b.example ptr +all"},
	{"b.example", SESAME_DNS_TXT, "v=spf1 ip4:192.0.2.1 -all"},
	{"_dmarc.a.example", SESAME_DNS_TXT,
	 "v=DMARC1; p=none; pct=50; rua=mailto:x@other.test"},
	{"down.example", 0, NULL},
	{"_dmarc.down.example", 0, NULL},
};

static const struct row {
	const char *name;
	enum sesame_lint_kind kind;
	const char *record, *domain; /* one of them */
	bool findings;               /* there are some */
	enum sesame_severity worst;
	bool incomplete;
	const char *term; /* that one of them is about, or NULL */
} rows[] = {
	{"a good SPF record", SESAME_LINT_SPF, "v=spf1 ip4:192.0.2.1 -all",
	 NULL, false, SESAME_NOTE, false, NULL},
	{"anybody may send", SESAME_LINT_SPF, "v=spf1 +all", NULL, true,
	 SESAME_ERROR, false, "+all"},
	{"a good DMARC record", SESAME_LINT_DMARC,
	 "v=DMARC1; p=reject; rua=mailto:r@a.example", NULL, false, SESAME_NOTE,
	 false, NULL},
	{"a policy that is none", SESAME_LINT_DMARC, "v=DMARC1; p=refuse", NULL,
	 true, SESAME_ERROR, false, "p"},
	{"a domain's SPF", SESAME_LINT_SPF, NULL, "a.example", true,
	 SESAME_ERROR, false, "ptr"},
	{"a domain's DMARC", SESAME_LINT_DMARC, NULL, "a.example", true,
	 SESAME_ERROR, false, "pct"},
	{"DNS is down for SPF", SESAME_LINT_SPF, NULL, "down.example", false,
	 SESAME_NOTE, true, NULL},
	{"DNS is down for DMARC", SESAME_LINT_DMARC, NULL, "down.example",
	 false, SESAME_NOTE, true, NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct sesame_lint_input in = {
		.size = sizeof(in),
		.kind = row->kind,
		.record = sesame_text_of(row->record),
		.domain = sesame_text_of(row->domain),
	};
	enum sesame_severity worst = SESAME_NOTE;
	const struct sesame_finding *f;
	struct sesame_lint *lint;
	bool term = row->term == NULL;
	size_t n = 0;

	assert_int_equal(sesame_lint_new(&in, &lint), SESAME_OK);
	if (row->domain != NULL)
		assert_true(sesame_lint_incomplete(lint));
	assert_int_equal(zone_answer_all(sesame_lint_dns(lint), zone,
					 COUNT(zone), ZONE_ADDED) > 0,
			 row->domain != NULL);
	for (; (f = sesame_lint_finding(lint, n)) != NULL; n++) {
		assert_true(strlen(f->name) > 2);
		assert_int_equal(strlen(f->what.ptr), f->what.len);
		assert_true(f->what.len > 5);
		if (f->severity > worst)
			worst = f->severity;
		term |= row->term != NULL &&
			strcmp(f->term.ptr, row->term) == 0;
	}
	if (row->findings)
		assert_true(n > 0);
	assert_int_equal(sesame_lint_more(lint), 0);
	if (!row->incomplete)
		assert_int_equal(worst, row->worst);
	assert_int_equal(sesame_lint_incomplete(lint), row->incomplete);
	assert_true(term);
	sesame_lint_free(lint);
}

static void
test_input(void **state)
{
	struct sesame_lint_input in = {.size = sizeof(in)};
	struct sesame_lint *lint;

	(void)state;
	in.record = sesame_text_of("v=spf1");
	assert_int_equal(sesame_lint_new(&in, &lint), SESAME_ERR_ARGUMENT);
	in.kind = SESAME_LINT_SPF;
	in.domain = sesame_text_of("a.example");
	assert_int_equal(sesame_lint_new(&in, &lint), SESAME_ERR_ARGUMENT);
	in.record = sesame_text_of(NULL);
	in.domain = sesame_text_of("a..example");
	assert_int_equal(sesame_lint_new(&in, &lint), SESAME_ERR_DOMAIN);
	sesame_lint_free(NULL);
	assert_string_equal(sesame_severity_name(SESAME_WARNING), "warning");
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_input);
	return unit_run("lib/lint");
}

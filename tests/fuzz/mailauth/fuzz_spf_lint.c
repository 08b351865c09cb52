/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lint of a record, and of a domain in a zone that the bytes make up:
 * each line is what a name says when it is asked the next time, in turn.  It
 * must end within the limits of spf_lint.h, and each finding must be about a
 * part of what was read.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/spf_lint.h"

#define RECORDS_MAX 12 /* in one answer: above what "mx" takes */

static struct span
line(struct span *rest, struct span all)
{
	if (rest->len == 0)
		*rest = all;
	return span_cut(rest, '\n');
}

/* Makes records of the type asked; the first byte says how many. */
static void
answer(const struct dns_question *q, struct span text, struct dns_rr *rr,
       struct dns_answer *ret)
{
	uint8_t kind = text.len > 0 ? (uint8_t)text.ptr[0] : 0;

	*ret = (struct dns_answer){.rr = rr, .status = DNS_OK};
	if (kind % 16 == 15)
		ret->status = (enum dns_status)(kind / 16 % (DNS_BAD + 1));
	if (ret->status != DNS_OK)
		return;
	ret->len =
		q->type == DNS_TXT ? 1u + kind % 2 : kind % (RECORDS_MAX + 1u);
	for (size_t i = 0; i < ret->len; i++) {
		rr[i] = (struct dns_rr){.name = q->name, .type = q->type};
		rr[i].txt.text = SPAN("");
		if (q->type == DNS_TXT) {
			rr[i].txt.text = text;
			rr[i].txt.strings = 1;
		}
	}
}

static void
check(const struct spf_findings *f)
{
	assert(f->len <= SPF_FINDINGS_MAX);
	for (size_t i = 0; i < f->len; i++) {
		const struct spf_finding *one = &f->finding[i];
		struct spf_lint_text what = spf_lint_what(one);

		assert(what.s[0] != '\0');
		assert(spf_lint_severity_of(one->code) <= f->worst);
		assert(one->term.len <= SPF_TEXT_MAX);
		assert(one->offset + one->term.len <= SPF_TEXT_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size), rest = all;
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	static struct spf_findings findings;
	static struct spf_lint m;
	struct dns_question question;
	struct dname name;
	unsigned asked = 0;

	spf_findings_init(&findings);
	spf_lint_record(all, &findings);
	check(&findings);
	for (size_t i = 0; i < findings.len; i++)
		assert(findings.finding[i].term.len == 0 ||
		       findings.finding[i].term.ptr ==
			       all.ptr + findings.finding[i].offset);
	if (dname_parse(SPAN("a.example"), &name) != DNAME_OK)
		return 0;
	spf_lint_init(&m, &name, &arena);
	while (spf_lint_ask(&m, &question)) {
		struct dns_rr rr[RECORDS_MAX];
		struct dns_answer a;

		assert(++asked <= SPF_LINT_QUESTIONS_MAX);
		answer(&question, line(&rest, all), rr, &a);
		spf_lint_answer(&m, &a);
	}
	check(&m.findings);
	assert(m.questions == asked);
	assert(m.lookups <= SPF_LINT_LOOKUPS_MAX + 1);
	assert(m.records <= SPF_LINT_RECORDS_MAX);
	arena_release(&arena);
	return 0;
}

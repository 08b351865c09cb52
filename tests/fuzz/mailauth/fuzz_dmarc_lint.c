/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lint of a record, and of a domain whose DNS is the lines of the bytes:
 * it ends within its limits, says nothing of places outside the record, and
 * fed the same it says the same.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dmarc_lint.h"

static void
check(const struct dmarc_findings *f, size_t size)
{
	enum dmarc_lint_severity worst = DMARC_LINT_NOTE;

	assert(f->len <= DMARC_FINDINGS_MAX);
	for (size_t i = 0; i < f->len; i++) {
		const struct dmarc_finding *one = &f->finding[i];

		assert(one->code < DMARC_LINT_CODES && one->what.len > 0 &&
		       one->repair.len > 0 && one->offset <= size);
		if (one->severity > worst)
			worst = one->severity;
	}
	assert(f->more > 0 || f->worst == worst);
}

static void
run(struct dmarc_lint *m, struct span all, const struct suffixes *list,
    struct arena *arena)
{
	static const char *const names[] = {"a.test", "m.a.test", "co.test",
					    "9.8.7.6.5.4.3.a.test"};
	struct dns_question question;
	struct span rest = all;
	unsigned asked = 0;
	struct dname domain = DNAME_ROOT;
	enum dname_status status =
		dname_parse(span_of(names[all.len % 4]), &domain);

	assert(status == DNAME_OK);
	dmarc_lint_init(m, &domain, list, arena);
	while (dmarc_lint_ask(m, &question)) {
		struct span text = span_cut(&rest, '\n');
		struct dns_rr rr[2] = {{.type = DNS_TXT}, {.type = DNS_TXT}};
		struct dns_answer a = {.rr = rr, .len = 2};

		assert(++asked <= DMARC_LINT_QUESTIONS_MAX);
		rr[0].txt.text = span_cut(&text, '|');
		rr[1].txt.text = text;
		if (text.len == 1)
			a.status = (enum dns_status)((uint8_t)*text.ptr %
						     (DNS_BAD + 1));
		if (asked % 2 == 1) {
			a.alias = &question.name;
			a.aliases = 1;
		}
		dmarc_lint_answer(m, &a);
	}
	assert(asked == m->questions);
	check(&m->findings, m->text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct suffixes *list;
	struct arena one = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	struct arena two = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	struct span text = span_bytes(data, size);
	static struct dmarc_findings f;
	static struct dmarc_lint a, b;

	if (size > 2 * DMARC_TEXT_MAX)
		return 0;
	if (list == NULL)
		list = suffixes_parse(SPAN("test\nco.test\n"));
	dmarc_findings_init(&f, &one);
	dmarc_lint_record(text, &f);
	check(&f, size);
	run(&a, text, list, &one);
	run(&b, text, list, &two);
	assert(a.findings.len == b.findings.len && a.unknown == b.unknown);
	for (size_t i = 0; i < a.findings.len; i++)
		assert(span_equal(a.findings.finding[i].what,
				  b.findings.finding[i].what));
	arena_release(&one);
	arena_release(&two);
	return 0;
}

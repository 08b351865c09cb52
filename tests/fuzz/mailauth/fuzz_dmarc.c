/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole evaluation, each line of the bytes an answer: it must end within
 * the limits of dmarc.h, and pass only what is aligned.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dmarc.h"

static struct span
line(struct span *rest, struct span all)
{
	if (rest->len == 0)
		*rest = all;
	return span_cut(rest, '\n');
}

/* An evaluation by either document; its result lives in `m`. */
static const struct dmarc_result *
run(struct dmarc *m, struct span all, const struct suffixes *list,
    struct arena *arena)
{
	static const char *const names[] = {
		"a.example", "m.a.example", "9.8.7.6.5.4.3.a.example",
		"example",   "b.example",   "x.y.m.a.example",
	};
	struct dns_question question;
	struct span rest = all;
	struct dname name[6];
	unsigned asked = 0;

	for (size_t i = 0; i < 6; i++) {
		enum dname_status status =
			dname_parse(span_of(names[i]), &name[i]);

		assert(status == DNAME_OK);
	}
	dmarc_init(m, &name[all.len % 6], arena);
	if (list != NULL)
		dmarc_use_rfc7489(m, list);
	for (size_t i = 0; i < all.len && i < 40; i++) {
		uint8_t c = (uint8_t)all.ptr[i];

		dmarc_add(m, c % 2 == 0, &name[c / 2 % 6],
			  (enum dmarc_auth)(c / 16 % 3));
	}
	while (dmarc_ask(m, &question)) {
		struct span text = line(&rest, all);
		struct dns_rr rr = {.type = question.type};
		struct dns_answer a = {.rr = &rr, .len = 1};

		assert(++asked <= (list != NULL ? 2 : DMARC_QUESTIONS_MAX));
		rr.txt.text = text;
		if (text.len <= 1)
			a.status =
				text.len == 0
					? DNS_NXDOMAIN
					: (enum dns_status)((uint8_t)*text.ptr %
							    (DNS_BAD + 1));
		dmarc_answer(m, &a);
	}
	assert(dmarc_result(m)->questions == asked);
	return dmarc_result(m);
}

/* What dmarc.h promises of any result. */
static void
check(const struct dmarc_result *r)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(DMARC_POLICY_TEXT_MAX);

	assert((r->verdict == DMARC_VERDICT_PASS) ==
	       (r->spf_aligned || r->dkim_aligned));
	assert(r->disposition < DMARC_DISPOSITION_QUARANTINE ||
	       r->disposition == DMARC_DISPOSITION_LOCAL ||
	       r->verdict == DMARC_VERDICT_FAIL);
	if (r->verdict == DMARC_VERDICT_PASS ||
	    r->verdict == DMARC_VERDICT_FAIL)
		assert(r->policy != DMARC_POLICY_ABSENT &&
		       r->effective <= r->policy && r->pct <= 100 &&
		       r->tag != DMARC_TAG_NOTHING &&
		       dname_is_under(&r->author, &r->org));
	dmarc_policy_text(r, &text);
	assert(!text.full && (text.len > 0) == (r->tag != DMARC_TAG_NOTHING));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size);
	static struct suffixes *list;
	static struct dmarc m, again;

	if (size > 4096)
		return 0;
	if (list == NULL)
		list = suffixes_parse(SPAN("example\na.example\n"));
	for (int old = 0; old < 2; old++) {
		struct arena one = ARENA_INIT(DMARC_ARENA_MAX);
		struct arena two = ARENA_INIT(DMARC_ARENA_MAX);
		const struct suffixes *by = old == 1 ? list : NULL;
		const struct dmarc_result *r = run(&m, all, by, &one);
		const struct dmarc_result *q = run(&again, all, by, &two);

		check(r);
		assert(!arena_full(&one));
		/* fed the same it says the same */
		assert(r->verdict == q->verdict && r->reason == q->reason &&
		       r->policy == q->policy && r->tag == q->tag &&
		       r->questions == q->questions &&
		       dname_equal(&r->org, &q->org) &&
		       span_equal(r->text, q->text));
		arena_release(&one);
		arena_release(&two);
	}
	return 0;
}

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"a.example", "m.a.example", "9.8.7.6.5.4.3.a.example",
		"example",   "b.example",   "x.y.m.a.example",
	};
	struct span all = span_bytes(data, size), rest = all;
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct dns_question question;
	const struct dmarc_result *r;
	static struct dmarc m;
	struct dname name[6];
	unsigned asked = 0;

	for (size_t i = 0; i < 6; i++) {
		enum dname_status status =
			dname_parse(span_of(names[i]), &name[i]);

		assert(status == DNAME_OK);
	}
	dmarc_init(&m, &name[size % 6], &arena);
	for (size_t i = 0; i < size && i < 40; i++)
		dmarc_add(&m, data[i] % 2 == 0, &name[data[i] / 2 % 6],
			  (enum dmarc_auth)(data[i] / 16 % 3));
	while (dmarc_ask(&m, &question)) {
		struct span text = line(&rest, all);
		struct dns_rr rr = {.type = question.type};
		struct dns_answer a = {.rr = &rr, .len = 1};

		assert(++asked <= DMARC_QUESTIONS_MAX);
		rr.txt.text = text;
		if (text.len <= 1)
			a.status =
				text.len == 0
					? DNS_NXDOMAIN
					: (enum dns_status)((uint8_t)*text.ptr %
							    (DNS_BAD + 1));
		dmarc_answer(&m, &a);
	}
	r = dmarc_result(&m);
	assert(r->questions == asked && !arena_full(&arena));
	assert((r->verdict == DMARC_VERDICT_PASS) ==
	       (r->spf_aligned || r->dkim_aligned));
	if (r->verdict == DMARC_VERDICT_PASS ||
	    r->verdict == DMARC_VERDICT_FAIL)
		assert(r->policy != DMARC_POLICY_ABSENT &&
		       r->effective <= r->policy &&
		       dname_is_under(&r->author, &r->org));
	arena_release(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole evaluation in a zone that the bytes make up: each line is what a
 * name says when it is asked the next time, in turn.  It must end within the
 * limits of spf.h, whatever is answered.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/spf.h"

#define RECORDS_MAX 12 /* in one answer: above what "mx" and "ptr" take */

static struct span
line(struct span *rest, struct span all)
{
	if (rest->len == 0)
		*rest = all;
	return span_cut(rest, '\n');
}

/* Makes records of the type asked; the first byte says how many and which. */
static void
answer(const struct dns_question *q, struct span text, struct dns_rr *rr,
       struct dns_answer *ret)
{
	uint8_t kind = text.len > 0 ? (uint8_t)text.ptr[0] : 0;
	struct dname name;

	*ret = (struct dns_answer){.rr = rr, .status = DNS_OK};
	if (kind % 16 == 15)
		ret->status = (enum dns_status)(kind / 16 % (DNS_BAD + 1));
	if (ret->status != DNS_OK)
		return;
	ret->len = q->type == DNS_TXT ? 1 : kind % (RECORDS_MAX + 1);
	if (dname_parse(span_head(text, 20), &name) != DNAME_OK)
		name = q->name;
	for (size_t i = 0; i < ret->len; i++) {
		rr[i] = (struct dns_rr){.name = q->name, .type = q->type};
		if (q->type == DNS_TXT) {
			rr[i].txt.text = text.len > 0 && text.ptr[0] < ' '
						 ? span_skip(text, 1)
						 : text;
			rr[i].txt.strings = 1;
		} else if (q->type == DNS_MX) {
			rr[i].mx.exchange = name;
		} else if (q->type == DNS_PTR) {
			rr[i].target = i % 2 == 0 ? name : q->name;
		} else {
			rr[i].aaaa[0] = kind;
		}
	}
}

/* How an evaluation ended. */
struct end {
	enum spf_verdict verdict;
	enum spf_reason reason;
	unsigned asked, lookups, voids;
	size_t term, record; /* octets of them */
};

/* Every step is one of what was read, and the questions are all there. */
static void
check_trace(const struct spf_result *r)
{
	size_t steps = 0;
	unsigned questions = 0;

	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next) {
		steps++;
		questions += t->kind == SPF_TRACE_QUESTION;
		assert(t->depth < SPF_DEPTH_MAX);
		assert(t->text.len <= SPF_TEXT_MAX + 1);
	}
	assert(steps <= SPF_TRACE_MAX);
	assert(r->trace_more > 0 || questions == r->questions);
}

static struct end
evaluate(const struct spf_input *input, struct span all)
{
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct span rest = all;
	static struct spf m;
	struct dns_question question;
	const struct spf_result *r;
	struct end end = {.asked = 0};

	memset(&m, 0x5a, sizeof(m)); /* nothing is expected of it */
	spf_init(&m, input, &arena);
	while (spf_ask(&m, &question)) {
		struct dns_rr rr[RECORDS_MAX];
		struct dns_answer a;

		assert(++end.asked <= SPF_QUESTIONS_MAX);
		answer(&question, line(&rest, all), rr, &a);
		spf_answer(&m, &a);
	}
	r = spf_result(&m);
	assert(r->questions == end.asked);
	assert(r->lookups <= SPF_LOOKUPS_MAX && r->voids <= SPF_VOIDS_MAX);
	for (size_t i = 0; i < r->explanation.len; i++)
		assert(r->explanation.ptr[i] >= ' ' &&
		       r->explanation.ptr[i] <= '~');
	assert(r->term.len <= r->record.len);
	assert(!arena_full(&arena));
	if (input->trace)
		check_trace(r);
	end.verdict = r->verdict;
	end.reason = r->reason;
	end.lookups = r->lookups;
	end.voids = r->voids;
	end.term = r->term.len;
	end.record = r->record.len;
	arena_release(&arena);
	return end;
}

static void
agree(const struct end *a, const struct end *b)
{
	assert(a->verdict == b->verdict && a->reason == b->reason);
	assert(a->asked == b->asked && a->lookups == b->lookups);
	assert(a->voids == b->voids && a->term == b->term);
	assert(a->record == b->record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size);
	struct spf_input input = {
		.ip = {.v6 = size % 2 == 0, .octet = {size > 0 ? data[0] : 0}},
		.helo = SPAN("mx.example.net"),
		.mail_from = size % 5 == 0 ? span_head(all, 40)
					   : SPAN("user@a.example"),
		.receiver = SPAN(""),
	};
	struct end plain, kept;

	plain = evaluate(&input, all);
	input.cache = spf_cache_new(4, size);
	kept = evaluate(&input, all);
	agree(&plain, &kept);
	input.trace = true;
	kept = evaluate(&input, all);
	agree(&plain, &kept);
	spf_cache_free(input.cache);
	return 0;
}

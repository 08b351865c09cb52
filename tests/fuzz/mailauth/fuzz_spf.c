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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size), rest = all;
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct spf_input input = {
		.ip = {.v6 = size % 2 == 0, .octet = {size > 0 ? data[0] : 0}},
		.helo = SPAN("mx.example.net"),
		.mail_from = size % 5 == 0 ? span_head(all, 40)
					   : SPAN("user@a.example"),
		.receiver = SPAN(""),
	};
	static struct spf m;
	struct dns_question question;
	const struct spf_result *r;
	unsigned asked = 0;

	spf_init(&m, &input, &arena);
	while (spf_ask(&m, &question)) {
		struct dns_rr rr[RECORDS_MAX];
		struct dns_answer a;

		assert(++asked <= SPF_QUESTIONS_MAX);
		answer(&question, line(&rest, all), rr, &a);
		spf_answer(&m, &a);
	}
	r = spf_result(&m);
	assert(r->questions == asked);
	assert(r->lookups <= SPF_LOOKUPS_MAX && r->voids <= SPF_VOIDS_MAX);
	for (size_t i = 0; i < r->explanation.len; i++)
		assert(r->explanation.ptr[i] >= ' ' &&
		       r->explanation.ptr[i] <= '~');
	assert(!arena_full(&arena));
	arena_release(&arena);
	return 0;
}

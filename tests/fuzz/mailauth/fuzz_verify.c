/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole message of any bytes, fed in two ways: it must end within its
 * limits, agree with itself, and never pass without one author.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "mailauth/verify.h"

/* An RSA key of 1024 bits. */
static const char record[] =
	"v=DKIM1; k=rsa; p="
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCohivXJIiSA6yihmno1kOD"
	"K8tebLUiQKCAjmrcUoegn/AaZmKTZiDHY3YGxdyn3VM4eKeykeGsLTm2uxSo"
	"+19U6M3vMajuqLFNPfjAiiIw8PBsG92bHiLyuWgkUvLg6qxT+LcST8agB6kN"
	"LVtansmeyAdScpX1n23P641zJY6jVwIDAQAB";

static void
answer(const struct dns_question *q, struct dns_rr *rr, struct dns_answer *ret)
{
	static const uint8_t loopback[4] = {127, 0, 0, 1};

	*rr = (struct dns_rr){.name = q->name, .type = q->type};
	*ret = (struct dns_answer){.rr = rr, .len = 1};
	if (q->type == DNS_TXT) {
		struct span first = dname_label(&q->name, 0);

		rr->txt.text =
			span_equal(first, SPAN("_dmarc"))
				? SPAN("v=DMARC1; p=reject")
			: dname_labels(&q->name) > 1 &&
					span_equal(dname_label(&q->name, 1),
						   SPAN("_domainkey"))
				? span_of(record)
				: SPAN("v=spf1 a -all");
		rr->txt.strings = 1;
	} else {
		memcpy(rr->a, loopback, sizeof(loopback));
	}
}

static void
run(struct span message, size_t piece, struct buf *text)
{
	struct span all = message;
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct report_transport t = {
		.has_ip = true,
		.ip = {.octet = {127, 0, 0, 1}},
		.helo = SPAN("mx.a.example"),
		.has_mail_from = true,
		.mail_from = SPAN("x@a.example"),
		.receiver = SPAN(""),
		.tls = SPAN(""),
	};
	struct verify *m = verify_new(&t, 1, &arena);
	struct dns_question question;
	const struct report *r;

	while (message.len > 0) {
		verify_feed(m, span_head(message, piece));
		message = span_skip(message, piece);
	}
	verify_end(m);
	while (verify_ask(m, &question)) {
		struct dns_answer a;
		struct dns_rr rr;

		answer(&question, &rr, &a);
		verify_answer(m, &a);
	}
	r = verify_report(m);
	assert(r->from.status == AUTHOR_OK ||
	       r->dmarc.verdict == DMARC_VERDICT_PERMERROR);
	assert(r->dmarc.verdict != DMARC_VERDICT_PASS ||
	       (r->from.fields == 1 && r->from.mailboxes == 1 &&
		r->from.header == HEADER_OK));
	assert(!arena_full(&arena));
	report_text(r, text);
	verify_explain(m, all);
	assert(!arena_full(&arena));
	assert(r->fact.headline.len > 0 && r->fact.repair.len > 0);
	assert(r->dmarc.verdict == DMARC_VERDICT_PASS ||
	       r->fact.kind != REPORT_FACT_ALL_GOOD);
	report_text(r, text);
	assert(!text->full);
	verify_free(m);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span message = span_bytes(data, size);
	struct buf whole = BUF_INIT(REPORT_TEXT_MAX);
	struct buf pieces = BUF_INIT(REPORT_TEXT_MAX);

	run(message, size + 1, &whole);
	run(message, 1 + size % 7, &pieces);
	assert(span_equal(buf_span(&whole), buf_span(&pieces)));
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}

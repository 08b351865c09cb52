/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_fact_maker.h"
#include "mailauth/report_words.h"

/* The evidence of SPF: whose, from where, by which term. */
static void
say_spf(struct fact_maker *m)
{
	const struct spf_result *spf = &m->r->spf;
	struct spf_ip_text ip = spf_ip_format(&m->r->transport.ip);

	buf_addf(&m->evidence, "SPF %s for ", spf_verdict_name(spf->verdict));
	report_words(&m->evidence, spf->domain);
	buf_addf(&m->evidence, " from %s: %s", ip.s,
		 spf_reason_text(spf->reason));
	if (spf->reason == SPF_REASON_SYNTAX)
		buf_addf(&m->evidence, ", %s",
			 spf_record_strerror(spf->syntax));
	if (spf->term.len > 0) {
		buf_adds(&m->evidence, " (\"");
		report_words(&m->evidence, spf->term);
		buf_adds(&m->evidence, "\")");
	}
	if (spf->record.len > 0) {
		buf_adds(&m->evidence, "; ");
		report_words(&m->evidence, spf->at);
		buf_adds(&m->evidence, " has ");
		report_words(&m->evidence, spf->record);
	}
}

/* Says what is wrong with the record of the domain that was evaluated. */
static void
bad_record(struct fact_maker *m, enum report_fact_kind kind, const char *what,
	   const char *repair)
{
	const struct spf_result *spf = &m->r->spf;

	m->kind = kind;
	m->turn = REPORT_TURN_OPERATOR;
	buf_adds(&m->headline, "the SPF record of ");
	report_words(&m->headline, spf->at.len > 0 ? spf->at : spf->domain);
	buf_addf(&m->headline, " %s", what);
	if (spf->term.len > 0) {
		buf_adds(&m->headline, ": \"");
		report_words(&m->headline, spf->term);
		buf_adds(&m->headline, "\"");
	}
	buf_adds(&m->repair, repair);
}

/* The record is there and no host can pass by it. */
static void
permerror(struct fact_maker *m)
{
	switch (m->r->spf.reason) {
	case SPF_REASON_RECORDS:
		bad_record(m, REPORT_FACT_SPF_RECORDS,
			   "is not the only one there",
			   "Make one record of them: receivers refuse to "
			   "choose among several.");
		return;
	case SPF_REASON_SYNTAX:
		bad_record(m, REPORT_FACT_SPF_SYNTAX, "is malformed",
			   "Correct the term that is named; until then the "
			   "whole record counts for nothing.");
		return;
	case SPF_REASON_INCLUDE:
	case SPF_REASON_REDIRECT:
		bad_record(m, REPORT_FACT_SPF_INCLUDE,
			   "leads to a domain without an SPF record",
			   "Take the term out, or correct the domain in it.");
		return;
	case SPF_REASON_MATCH:
	case SPF_REASON_DEFAULT:
	case SPF_REASON_DOMAIN:
	case SPF_REASON_NO_RECORD:
	case SPF_REASON_DNS:
	case SPF_REASON_LOOKUPS:
	case SPF_REASON_VOIDS:
	case SPF_REASON_MX:
	case SPF_REASON_QUESTIONS:
	case SPF_REASON_TOO_BIG:
		break;
	}
	bad_record(m, REPORT_FACT_SPF_LOOKUPS,
		   "needs more DNS look-ups than the ten that are allowed",
		   "Take out the include:, a and mx terms that are no longer "
		   "needed, or write addresses as ip4: and ip6:.");
}

/* The host is not among those of the record. */
static void
not_allowed(struct fact_maker *m)
{
	struct spf_ip_text ip = spf_ip_format(&m->r->transport.ip);
	const struct spf_result *spf = &m->r->spf;
	bool dkim = m->r->dmarc.dkim_aligned;

	m->kind = dkim ? REPORT_FACT_SPF_FORWARDED : REPORT_FACT_SPF_FAIL;
	m->turn = dkim && fact_is_forwarded(m) ? REPORT_TURN_NOBODY
					       : REPORT_TURN_OPERATOR;
	buf_addf(&m->headline, "the host %s may not send for ", ip.s);
	report_words(&m->headline, spf->domain);
	if (dkim)
		buf_adds(&m->headline, ", as after forwarding");
	buf_addf(&m->repair,
		 "If %s sends for the domain, add ip%d:%s to the "
		 "SPF record of ",
		 ip.s, m->r->transport.ip.v6 ? 6 : 4, ip.s);
	report_words(&m->repair, spf->domain);
	buf_adds(&m->repair,
		 dkim ? "; if it forwards, nothing is to be done: the "
			"signature is what survives that."
		      : "; and let it sign with DKIM, which survives "
			"forwarding.");
}

/* It passes, for a domain that is not the author's. */
static void
not_aligned(struct fact_maker *m)
{
	struct span author = fact_author(m);

	m->kind = REPORT_FACT_SPF_NOT_ALIGNED;
	m->turn = REPORT_TURN_SENDER;
	buf_adds(&m->headline, "MAIL FROM is of ");
	report_words(&m->headline, m->r->spf.domain);
	buf_addf(&m->headline,
		 ", which is not aligned with the From domain " SPAN_FMT,
		 SPAN_ARG(author));
	if (m->r->dmarc.record.aspf_strict)
		buf_addf(&m->repair,
			 "Send with MAIL FROM at " SPAN_FMT
			 " itself, which aspf=s demands.",
			 SPAN_ARG(author));
	else
		buf_addf(&m->repair,
			 "Send with MAIL FROM at a subdomain of " SPAN_FMT
			 ", such as bounce." SPAN_FMT
			 ", with an SPF record of its own.",
			 SPAN_ARG(author), SPAN_ARG(author));
}

void
fact_of_spf(struct fact_maker *m)
{
	const struct spf_result *spf = &m->r->spf;

	say_spf(m);
	if (!m->r->spf_aligned) {
		not_aligned(m);
		return;
	}
	switch (spf->verdict) {
	case SPF_NONE:
		m->kind = REPORT_FACT_SPF_MISSING;
		m->turn = REPORT_TURN_OPERATOR;
		report_words(&m->headline, spf->domain);
		buf_adds(&m->headline, " has no SPF record");
		buf_adds(&m->repair, "Publish one TXT record at ");
		report_words(&m->repair, spf->domain);
		buf_adds(&m->repair, " that begins \"v=spf1\" and names the "
				     "hosts that send for it.");
		return;
	case SPF_PERMERROR:
		permerror(m);
		return;
	case SPF_TEMPERROR:
		m->kind = REPORT_FACT_SPF_DNS;
		m->turn = REPORT_TURN_RECEIVER;
		buf_adds(&m->headline, "DNS did not answer for the SPF of ");
		report_words(&m->headline, spf->domain);
		buf_adds(&m->repair,
			 "Ask again later; if it stays so, the name "
			 "servers do not answer as they should.");
		return;
	case SPF_NEUTRAL:
	case SPF_PASS:
	case SPF_FAIL:
	case SPF_SOFTFAIL:
		break;
	}
	not_allowed(m);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_fact_maker.h"

#include "mailauth/report_words.h"

/* No signature. */
#define NO_SIGNATURE SIZE_MAX

struct span
fact_author(const struct fact_maker *m)
{
	return m->r->from.status == AUTHOR_OK ? domain_span(&m->r->from.domain)
					      : SPAN("");
}

bool
fact_is_forwarded(const struct fact_maker *m)
{
	return m->r->list.len > 0 || m->r->arc.len > 0;
}

void
fact_say_forwarder(const struct fact_maker *m, struct buf *to)
{
	const struct report *r = m->r;

	if (r->list.len > 0) {
		buf_adds(to, "the mailing list ");
		report_words(to, r->list);
	} else if (r->arc.domain.len > 0) {
		buf_adds(to, "a forwarder such as ");
		report_words(to, r->arc.domain);
	} else {
		buf_adds(to, "somebody on the way");
	}
}

/* What it means for the message, before the colon. */
static void
say_outcome(struct fact_maker *m)
{
	const struct dmarc_result *d = &m->r->dmarc;

	switch (d->verdict) {
	case DMARC_VERDICT_PASS:
		buf_adds(&m->headline, "DMARC passes");
		if (!d->dkim_aligned)
			buf_adds(&m->headline, " by SPF alone");
		else if (!d->spf_aligned && m->r->has_spf)
			buf_adds(&m->headline, " by DKIM alone");
		break;
	case DMARC_VERDICT_FAIL:
		buf_addf(&m->headline, "DMARC fails, and the policy is %s",
			 d->effective != DMARC_POLICY_ABSENT
				 ? dmarc_policy_name(d->effective)
				 : "none");
		break;
	case DMARC_VERDICT_PERMERROR:
		buf_adds(&m->headline, "DMARC fails");
		break;
	case DMARC_VERDICT_NONE:
		buf_adds(&m->headline, "No DMARC policy applies");
		break;
	case DMARC_VERDICT_TEMPERROR:
		buf_adds(&m->headline, "DMARC cannot be evaluated now");
		break;
	}
	buf_adds(&m->headline, ": ");
}

/* The From field names no one author. */
static void
of_from(struct fact_maker *m)
{
	static const enum report_fact_kind kind[] = {
		[AUTHOR_OK] = REPORT_FACT_ALL_GOOD, /* not asked */
		[AUTHOR_FIELDS] = REPORT_FACT_FROM_FIELDS,
		[AUTHOR_HEADER] = REPORT_FACT_FROM_HEADER,
		[AUTHOR_NO_FROM] = REPORT_FACT_FROM_MISSING,
		[AUTHOR_ADDRESS] = REPORT_FACT_FROM_MALFORMED,
		[AUTHOR_NOBODY] = REPORT_FACT_FROM_MISSING,
		[AUTHOR_DOMAIN] = REPORT_FACT_FROM_MALFORMED,
		[AUTHOR_DOMAINS] = REPORT_FACT_FROM_MAILBOXES,
		[AUTHOR_NO_MEMORY] = REPORT_FACT_FROM_MALFORMED,
	};
	const struct author *from = &m->r->from;

	m->kind = kind[from->status];
	m->turn = REPORT_TURN_SENDER;
	buf_adds(&m->headline, author_fault(from));
	buf_addf(&m->evidence, "%zu From fields", from->fields);
	if (from->raw.len > 0) {
		buf_adds(&m->evidence, ", the first: ");
		report_words(&m->evidence, from->raw);
	}
	buf_adds(&m->repair, "Send with one From field that holds one address; "
			     "nothing can be proved of another, and who shows "
			     "it as authenticated is deceived.");
}

/* Appends what passed and for whom, or only what is `aligned` too; returns
 * how many. */
static size_t
say_passes(struct fact_maker *m, bool aligned, struct buf *to)
{
	const struct report *r = m->r;
	size_t said = 0;

	if (r->has_spf && r->spf.verdict == SPF_PASS) {
		buf_adds(to, "SPF passes for ");
		report_words(to, r->spf.domain);
		said++;
	}
	for (size_t i = 0; i < r->signatures; i++) {
		const struct dkim_signature *s = &r->dkim[i].signature;

		if (r->dkim[i].outcome != DKIM_PASS ||
		    (aligned && !r->dkim_aligned[i]))
			continue;
		buf_addf(to, "%sDKIM passes for " SPAN_FMT,
			 said > 0 ? " and " : "",
			 SPAN_ARG(domain_span(&s->domain)));
		said++;
	}
	return said;
}

/* The first domain but the author's that signed well; "" if none. */
static struct span
foreign_signer(const struct report *r)
{
	for (size_t i = 0; i < r->signatures; i++)
		if (r->dkim[i].outcome == DKIM_PASS && !r->dkim_aligned[i])
			return domain_span(&r->dkim[i].signature.domain);
	return SPAN("");
}

/* The record or setting that would make DKIM align. */
static void
advise_signing(struct fact_maker *m)
{
	struct span author = fact_author(m);
	struct span signer = foreign_signer(m->r);

	buf_adds(&m->repair, "Have ");
	if (signer.len > 0)
		buf_add(&m->repair, signer);
	else
		buf_adds(&m->repair, "the sending service");
	buf_addf(&m->repair,
		 " sign with d=" SPAN_FMT ": publish the key or CNAME that it "
		 "gives, under _domainkey." SPAN_FMT,
		 SPAN_ARG(author), SPAN_ARG(author));
}

/* What passes is all of others, or nothing does. */
static void
of_alignment(struct fact_maker *m)
{
	const struct report *r = m->r;
	struct span author = fact_author(m);
	size_t said;

	m->kind = REPORT_FACT_NOT_ALIGNED;
	m->turn = REPORT_TURN_SENDER;
	said = say_passes(m, false, &m->headline);
	if (said == 0)
		buf_adds(&m->headline, "nothing in it authenticates ");
	else
		buf_addf(&m->headline, ", %s aligned with ",
			 said == 1   ? "which is not"
			 : said == 2 ? "and neither is"
				     : "and none of them is");
	buf_addf(&m->headline, "the From domain " SPAN_FMT, SPAN_ARG(author));
	buf_addf(&m->evidence, "From ");
	report_words(&m->evidence, r->from.address);
	if (r->transport.has_mail_from) {
		buf_adds(&m->evidence, "; MAIL FROM <");
		report_words(&m->evidence, r->transport.mail_from);
		buf_adds(&m->evidence, ">");
	}
	buf_addf(&m->evidence, "; alignment: SPF %s, DKIM %s",
		 r->dmarc.record.aspf_strict ? "strict" : "relaxed",
		 r->dmarc.record.adkim_strict ? "strict" : "relaxed");
	advise_signing(m);
	if (!r->dmarc.record.aspf_strict && r->has_spf)
		buf_addf(&m->repair,
			 "; or have it send with MAIL FROM at a subdomain "
			 "of " SPAN_FMT ", such as bounce." SPAN_FMT
			 ", with an SPF record that names its hosts",
			 SPAN_ARG(author), SPAN_ARG(author));
	buf_addc(&m->repair, '.');
}

/* No signature is of the author's domain, and SPF carries it alone. */
static void
of_no_signature(struct fact_maker *m)
{
	struct span signer = foreign_signer(m->r);

	m->turn = REPORT_TURN_SENDER;
	if (signer.len > 0) {
		m->kind = REPORT_FACT_DKIM_NOT_ALIGNED;
		buf_addf(&m->headline,
			 "the DKIM signature is of " SPAN_FMT
			 ", which is not aligned with " SPAN_FMT,
			 SPAN_ARG(signer), SPAN_ARG(fact_author(m)));
	} else {
		m->kind = REPORT_FACT_DKIM_MISSING;
		buf_addf(&m->headline,
			 "there is no DKIM signature of " SPAN_FMT,
			 SPAN_ARG(fact_author(m)));
	}
	buf_addf(&m->evidence, "%zu signatures; ", m->r->signatures);
	if (say_passes(m, false, &m->evidence) == 0)
		buf_adds(&m->evidence, "nothing passes");
	advise_signing(m);
	buf_adds(&m->repair, "; DKIM is what survives forwarding.");
}

/* Appends the DMARC record and where it is. */
static void
say_dmarc(struct fact_maker *m)
{
	const struct dmarc_result *d = &m->r->dmarc;
	struct dname_text name;

	if (d->source == DMARC_SOURCE_NOWHERE) {
		buf_addf(&m->evidence,
			 "no record at _dmarc." SPAN_FMT
			 " or above it (%u DNS questions)",
			 SPAN_ARG(fact_author(m)), d->questions);
		return;
	}
	buf_adds(&m->evidence, "_dmarc.");
	report_words(&m->evidence, dname_print(&d->policy_domain, &name));
	buf_adds(&m->evidence, ": ");
	report_words(&m->evidence, d->text);
}

/* What is to be said of the DMARC record itself. */
static void
of_dmarc(struct fact_maker *m, enum report_fact_kind kind)
{
	struct span author = fact_author(m);

	m->kind = kind;
	m->turn = REPORT_TURN_OPERATOR;
	say_dmarc(m);
	if (kind == REPORT_FACT_DMARC_MISSING) {
		buf_addf(&m->headline, SPAN_FMT " has no DMARC record",
			 SPAN_ARG(author));
		buf_addf(&m->repair,
			 "Publish TXT \"v=DMARC1; p=none; rua=mailto:...\" at "
			 "_dmarc." SPAN_FMT
			 ", and p=quarantine or p=reject once the reports show "
			 "that all mail passes.",
			 SPAN_ARG(author));
	} else if (kind == REPORT_FACT_DMARC_INVALID) {
		buf_adds(&m->headline, "the DMARC record is not usable");
		buf_adds(&m->repair, "Correct p= to none, quarantine or "
				     "reject.");
	} else if (kind == REPORT_FACT_DMARC_NONE) {
		buf_addf(&m->headline,
			 "but the policy for " SPAN_FMT
			 " is none, so that forgeries are not stopped",
			 SPAN_ARG(author));
		buf_adds(&m->repair, "Once the reports show that all mail "
				     "passes, set p=quarantine, then "
				     "p=reject.");
	} else if (kind == REPORT_FACT_DMARC_TESTING) {
		buf_adds(&m->headline, "but t=y lowers the policy by one step, "
				       "for testing");
		buf_adds(&m->repair, "Take t=y out once the reports show that "
				     "all mail passes.");
	} else {
		m->turn = REPORT_TURN_RECEIVER;
		buf_addf(&m->headline,
			 "DNS did not answer for the DMARC record of " SPAN_FMT,
			 SPAN_ARG(author));
		buf_adds(&m->repair, "Ask again later; if it stays so, the "
				     "name servers do not answer as they "
				     "should.");
	}
}

static void
of_all_good(struct fact_maker *m)
{
	m->kind = REPORT_FACT_ALL_GOOD;
	m->turn = REPORT_TURN_NOBODY;
	buf_clear(&m->headline);
	buf_adds(&m->headline, "All good: ");
	say_passes(m, true, &m->headline);
	buf_addf(&m->headline,
		 ", aligned with the From domain " SPAN_FMT ", policy %s",
		 SPAN_ARG(fact_author(m)),
		 dmarc_policy_name(m->r->dmarc.effective));
	say_dmarc(m);
	buf_adds(&m->repair, "Nothing is to be done.");
}

/* The first signature of the author's domain that does not count. */
static size_t
broken_signature(const struct report *r)
{
	for (size_t i = 0; i < r->signatures; i++)
		if (r->dkim_aligned[i] && !r->dkim[i].dmarc_eligible)
			return i;
	return NO_SIGNATURE;
}

/* DMARC passes: by one leg, or by both. */
static void
of_pass(struct fact_maker *m)
{
	const struct report *r = m->r;
	size_t broken = broken_signature(r);

	if (broken != NO_SIGNATURE)
		fact_of_dkim(m, broken);
	else if (!r->dmarc.dkim_aligned)
		of_no_signature(m);
	else if (r->has_spf && !r->dmarc.spf_aligned)
		fact_of_spf(m);
	else if (r->dmarc.policy == DMARC_NONE ||
		 r->dmarc.policy == DMARC_POLICY_ABSENT)
		of_dmarc(m, REPORT_FACT_DMARC_NONE);
	else if (r->dmarc.effective != r->dmarc.policy)
		of_dmarc(m, REPORT_FACT_DMARC_TESTING);
	else
		of_all_good(m);
}

/* Nothing of the author's domain passes: what of it is broken. */
static bool
of_broken_leg(struct fact_maker *m)
{
	const struct report *r = m->r;
	size_t broken = broken_signature(r);

	if (broken != NO_SIGNATURE)
		fact_of_dkim(m, broken);
	else if (r->has_spf && r->spf_aligned && r->spf.verdict != SPF_PASS)
		fact_of_spf(m);
	else
		return false;
	return true;
}

/* Whether a leg of the author's domain passes, whatever DMARC says. */
static bool
has_aligned_pass(const struct report *r)
{
	if (r->has_spf && r->spf_aligned && r->spf.verdict == SPF_PASS)
		return true;
	for (size_t i = 0; i < r->signatures; i++)
		if (r->dkim_aligned[i] && r->dkim[i].dmarc_eligible)
			return true;
	return false;
}

static void
decide(struct fact_maker *m)
{
	const struct dmarc_result *d = &m->r->dmarc;

	say_outcome(m);
	if (m->r->from.status != AUTHOR_OK) {
		of_from(m);
		return;
	}
	switch (d->verdict) {
	case DMARC_VERDICT_PASS:
		of_pass(m);
		return;
	case DMARC_VERDICT_NONE:
		if (has_aligned_pass(m->r) || !of_broken_leg(m))
			of_dmarc(m, d->reason == DMARC_REASON_BAD_RECORD
					    ? REPORT_FACT_DMARC_INVALID
					    : REPORT_FACT_DMARC_MISSING);
		return;
	case DMARC_VERDICT_TEMPERROR:
		if (d->reason != DMARC_REASON_IDENTIFIER || !of_broken_leg(m))
			of_dmarc(m, REPORT_FACT_DMARC_DNS);
		return;
	case DMARC_VERDICT_FAIL:
	case DMARC_VERDICT_PERMERROR:
		break;
	}
	if (of_broken_leg(m))
		return;
	if (m->r->signatures == 0 &&
	    !(m->r->has_spf && m->r->spf.verdict == SPF_PASS))
		of_no_signature(m);
	else
		of_alignment(m);
}

/* Moves a text into the arena, with `end` behind it. */
static struct span
keep(struct buf *b, const char *end, struct arena *arena)
{
	struct span s;

	if (b->len > 0)
		buf_adds(b, end);
	s = arena_copy(arena, buf_span(b));
	buf_release(b);
	return s;
}

void
report_fact(const struct report *r, struct arena *arena,
	    struct report_fact *ret)
{
	struct fact_maker m = {
		.r = r,
		.headline = BUF_INIT(REPORT_FACT_TEXT_MAX),
		.evidence = BUF_INIT(REPORT_FACT_TEXT_MAX),
		.repair = BUF_INIT(REPORT_FACT_TEXT_MAX),
	};

	decide(&m);
	*ret = (struct report_fact){
		.kind = m.kind,
		.turn = m.turn,
		.headline = keep(&m.headline, ".", arena),
		.evidence = keep(&m.evidence, "", arena),
		.repair = keep(&m.repair, "", arena),
	};
}

const char *
report_fact_code(enum report_fact_kind kind)
{
	static const char *const code[REPORT_FACT_KINDS] = {
		[REPORT_FACT_ALL_GOOD] = "all.good",
		[REPORT_FACT_FROM_HEADER] = "from.header_malformed",
		[REPORT_FACT_FROM_MISSING] = "from.missing",
		[REPORT_FACT_FROM_FIELDS] = "from.several_fields",
		[REPORT_FACT_FROM_MAILBOXES] = "from.several_authors",
		[REPORT_FACT_FROM_MALFORMED] = "from.malformed",
		[REPORT_FACT_DKIM_BODY] = "dkim.body_changed",
		[REPORT_FACT_DKIM_HEADER] = "dkim.header_changed",
		[REPORT_FACT_DKIM_KEY_OTHER] = "dkim.key_other",
		[REPORT_FACT_DKIM_KEY_MISSING] = "dkim.key_missing",
		[REPORT_FACT_DKIM_CNAME_MISSING] = "dkim.cname_missing",
		[REPORT_FACT_DKIM_CNAME_DANGLING] = "dkim.cname_dangling",
		[REPORT_FACT_DKIM_KEY_REVOKED] = "dkim.key_revoked",
		[REPORT_FACT_DKIM_KEY_TYPE] = "dkim.key_type",
		[REPORT_FACT_DKIM_KEY_WEAK] = "dkim.key_weak",
		[REPORT_FACT_DKIM_KEY_INVALID] = "dkim.key_invalid",
		[REPORT_FACT_DKIM_KEY_MANY] = "dkim.key_many",
		[REPORT_FACT_DKIM_KEY_STRICT] = "dkim.key_strict",
		[REPORT_FACT_DKIM_DNS] = "dkim.dns_error",
		[REPORT_FACT_DKIM_EXPIRED] = "dkim.expired",
		[REPORT_FACT_DKIM_FUTURE] = "dkim.in_future",
		[REPORT_FACT_DKIM_SHA1] = "dkim.sha1",
		[REPORT_FACT_DKIM_LENGTH] = "dkim.length",
		[REPORT_FACT_DKIM_MALFORMED] = "dkim.malformed",
		[REPORT_FACT_DKIM_MISSING] = "dkim.missing",
		[REPORT_FACT_DKIM_NOT_ALIGNED] = "dkim.not_aligned",
		[REPORT_FACT_SPF_FORWARDED] = "spf.forwarded",
		[REPORT_FACT_SPF_FAIL] = "spf.fail",
		[REPORT_FACT_SPF_MISSING] = "spf.missing",
		[REPORT_FACT_SPF_RECORDS] = "spf.several_records",
		[REPORT_FACT_SPF_SYNTAX] = "spf.syntax",
		[REPORT_FACT_SPF_LOOKUPS] = "spf.lookups",
		[REPORT_FACT_SPF_INCLUDE] = "spf.include",
		[REPORT_FACT_SPF_DNS] = "spf.dns_error",
		[REPORT_FACT_SPF_NOT_ALIGNED] = "spf.not_aligned",
		[REPORT_FACT_NOT_ALIGNED] = "dmarc.not_aligned",
		[REPORT_FACT_DMARC_MISSING] = "dmarc.missing",
		[REPORT_FACT_DMARC_INVALID] = "dmarc.invalid",
		[REPORT_FACT_DMARC_NONE] = "dmarc.policy_none",
		[REPORT_FACT_DMARC_TESTING] = "dmarc.testing",
		[REPORT_FACT_DMARC_DNS] = "dmarc.dns_error",
	};
	return code[kind];
}

const char *
report_turn_name(enum report_turn turn)
{
	static const char *const name[] = {
		[REPORT_TURN_NOBODY] = "nobody",
		[REPORT_TURN_OPERATOR] = "operator",
		[REPORT_TURN_SENDER] = "sender",
		[REPORT_TURN_FORWARDER] = "forwarder",
		[REPORT_TURN_RECEIVER] = "receiver",
	};
	return name[turn];
}

const char *
report_turn_text(enum report_turn turn)
{
	static const char *const text[] = {
		[REPORT_TURN_NOBODY] = "nobody",
		[REPORT_TURN_OPERATOR] = "the operator of the domain's DNS",
		[REPORT_TURN_SENDER] =
			"the administrator of the sending service",
		[REPORT_TURN_FORWARDER] = "the mailing list or forwarder",
		[REPORT_TURN_RECEIVER] = "the receiver",
	};
	return text[turn];
}

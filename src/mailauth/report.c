/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report.h"

#include <inttypes.h>

#include "mailauth/report_words.h"
#include "text/date.h"

/* Characters of the first two columns. */
#define WORD_WIDTH  15
#define ABOUT_WIDTH 24

const char *
report_verdict_name(enum report_verdict verdict)
{
	static const char *const name[] = {
		[REPORT_PASS] = "pass",
		[REPORT_PARTLY] = "partly",
		[REPORT_UNPROTECTED] = "unprotected",
		[REPORT_FAIL] = "fail",
		[REPORT_UNKNOWN] = "unknown",
	};
	return name[verdict];
}

const char *
report_verdict_text(enum report_verdict verdict)
{
	static const char *const text[] = {
		[REPORT_PASS] = "authenticated, and aligned with its author",
		[REPORT_PARTLY] = "authenticated, but not by both SPF and DKIM",
		[REPORT_UNPROTECTED] =
			"no DMARC policy protects the author's domain",
		[REPORT_FAIL] = "not authenticated as its author",
		[REPORT_UNKNOWN] = "DNS did not answer: try again later",
	};
	return text[verdict];
}

/* Fills the column that began at `start` up to `width`, and one space. */
static void
pad(struct buf *to, size_t start, size_t width)
{
	while (to->len < start + width && buf_addc(to, ' '))
		;
	buf_addc(to, ' ');
}

/* Begins a line: the word with its result, in a column. */
static void
begin_word(struct buf *to, const char *word, const char *result)
{
	size_t start = to->len;

	buf_adds(to, word);
	if (result[0] != '\0')
		buf_addf(to, " %s", result);
	pad(to, start, WORD_WIDTH);
}

/* Begins a line: as begin_word(), and what it is about, in a column. */
static void
begin(struct buf *to, const char *word, const char *result, struct span about)
{
	size_t start;

	begin_word(to, word, result);
	start = to->len;
	report_words(to, about);
	pad(to, start, ABOUT_WIDTH);
}

/* Begins a line of evidence, under the line that it is of. */
static void
begin_more(struct buf *to, const char *word)
{
	size_t start = to->len;

	buf_addf(to, "  %s", word);
	pad(to, start, WORD_WIDTH);
}

/* Seconds as milliseconds, of what a stranger wrote. */
static int64_t
in_ms(int64_t seconds)
{
	return seconds > DATE_MAX / 1000 ? DATE_MAX : seconds * 1000;
}

/* Says whether an identifier is aligned. */
static void
say_aligned(const struct report *r, bool aligned, bool strict, struct buf *to)
{
	if (r->from.status != AUTHOR_OK)
		return;
	if (aligned)
		buf_addf(to, "aligned (%s) with ",
			 strict ? "strict" : "relaxed");
	else
		buf_adds(to, "not aligned with ");
	buf_add(to, domain_span(&r->from.domain));
}

static void
say_spf(const struct spf_result *spf, struct buf *to)
{
	if (spf->reason == SPF_REASON_MATCH) {
		buf_adds(to, "   matched \"");
		report_words(to, spf->term);
		buf_adds(to, "\" of ");
		report_words(to, spf->record);
		return;
	}
	buf_addf(to, "   %s", spf_reason_text(spf->reason));
	if (spf->reason == SPF_REASON_SYNTAX)
		buf_addf(to, ": %s", spf_record_strerror(spf->syntax));
	if (spf->term.len > 0) {
		buf_adds(to, " (\"");
		report_words(to, spf->term);
		buf_adds(to, "\")");
	}
}

const struct spf_trace *
report_path(const struct spf_trace *from)
{
	while (from != NULL) {
		unsigned depth = from->depth;

		if (from->kind == SPF_TRACE_TERM &&
		    from->outcome != SPF_OUTCOME_NO_MATCH &&
		    from->outcome != SPF_OUTCOME_NONE)
			return from;
		if (from->kind != SPF_TRACE_TERM) {
			from = from->next;
			continue;
		}
		do
			from = from->next;
		while (from != NULL && from->depth > depth);
	}
	return NULL;
}

/* By which terms, from record to record, SPF came to its result. */
static void
say_path(const struct spf_result *spf, struct buf *to)
{
	const char *before = "";

	if (spf->first.len == 0 || span_equal(spf->first, spf->term))
		return;
	begin_more(to, "path");
	for (const struct spf_trace *t = report_path(spf->trace); t != NULL;
	     t = report_path(t->next)) {
		buf_adds(to, before);
		report_words(to, t->text);
		before = " > ";
	}
	/* without a trace the first and the last are known */
	if (spf->trace == NULL) {
		report_words(to, spf->first);
		buf_adds(to, " > ... > ");
		report_words(to, spf->term);
	}
	buf_adds(to, ", of ");
	report_words(to, spf->at);
	buf_addc(to, '\n');
}

static void
spf_lines(const struct report *r, struct buf *to)
{
	if (!r->has_spf) {
		begin(to, "SPF none", "", SPAN("-"));
		buf_adds(to, "not checked: how the message came is not "
			     "known\n");
		return;
	}
	begin(to, "SPF", spf_verdict_name(r->spf.verdict), r->spf.domain);
	say_aligned(r, r->spf_aligned, r->dmarc.record.aspf_strict, to);
	if (r->spf.identity == SPF_HELO)
		buf_adds(to, "   (HELO, for the null sender)");
	say_spf(&r->spf, to);
	buf_addc(to, '\n');
	if (r->spf.explanation.len > 0) {
		begin(to, "", "", SPAN(""));
		buf_adds(to, "they say: ");
		report_words(to, r->spf.explanation);
		buf_addc(to, '\n');
	}
	begin_more(to, "look-ups");
	buf_addf(to, "%u of %d, of them %u void; questions to DNS: %u",
		 r->spf.lookups, SPF_LOOKUPS_MAX, r->spf.voids,
		 r->spf.questions);
	buf_addc(to, '\n');
	say_path(&r->spf, to);
	if (r->has_helo) {
		begin(to, "HELO", spf_verdict_name(r->helo.verdict),
		      r->helo.domain);
		buf_adds(to, "for information, not for DMARC");
		say_spf(&r->helo, to);
		buf_addc(to, '\n');
	}
}

/* What there is to see of the key of signature `i`. */
static void
say_key(const struct report *r, size_t i, struct buf *to)
{
	const struct dkim_result *d = &r->dkim[i];
	struct dname_text name;

	if (!r->key[i].asked)
		return;
	begin_more(to, "key");
	report_words(to, dname_print(&d->signature.key_name, &name));
	if (r->key[i].alias.len > 0) {
		buf_adds(to, ", a CNAME to ");
		report_words(to, r->key[i].alias);
	}
	if (d->record.len > 0) {
		buf_adds(to, ": ");
		report_words(to, d->record);
	} else {
		buf_addf(to, ": %s", dns_status_name(r->key[i].status));
	}
	buf_addf(to, "   (TTL %u s, %s)\n", (unsigned)d->ttl,
		 d->authentic ? "authentic by DNSSEC"
			      : "not authentic by DNSSEC");
}

/* When it was made, and until when it is good. */
static void
say_age(const struct dkim_result *d, struct buf *to)
{
	struct date_text text;

	if (d->signature.time < 0 && d->signature.expiry < 0)
		return;
	begin_more(to, "age");
	if (d->signature.time >= 0) {
		text = date_rfc3339_format(in_ms(d->signature.time));
		buf_addf(to, "signed %s", text.s);
		if (d->age >= 0)
			buf_addf(to, ", %" PRId64 " s ago", d->age);
	} else {
		buf_adds(to, "no t=");
	}
	if (d->signature.expiry >= 0) {
		text = date_rfc3339_format(in_ms(d->signature.expiry));
		buf_addf(to, "   expires %s", text.s);
	}
	buf_addc(to, '\n');
}

/* Which of body and header is as it was signed. */
static void
say_hashes(const struct report *r, size_t i, struct buf *to)
{
	const struct dkim_result *d = &r->dkim[i];
	const struct dkim_explained *e =
		r->explained != NULL ? &r->explained[i] : NULL;

	if (d->body_checked) {
		begin_more(to, "body");
		buf_adds(to, d->body_good ? "as it was signed"
					  : "not what was signed");
		if (e != NULL && e->has_body)
			buf_adds(to, ": ");
		if (e != NULL)
			dkim_explained_body(e, to);
		if (d->body_rest > 0)
			buf_addf(to,
				 "   (l= leaves %" PRIu64 " octets unsigned)",
				 d->body_rest);
		buf_addc(to, '\n');
	}
	if (e != NULL && e->has_header) {
		begin_more(to, "header");
		dkim_explained_header(e, to);
		buf_addc(to, '\n');
	}
	if (r->not_signed[i].len > 0) {
		begin_more(to, "not signed");
		buf_add(to, r->not_signed[i]);
		buf_addc(to, '\n');
	}
}

static void
dkim_lines(const struct report *r, struct buf *to)
{
	if (r->signatures == 0) {
		begin(to, "DKIM none", "", SPAN("-"));
		buf_adds(to, "there is no signature\n");
	}
	for (size_t i = 0; i < r->signatures; i++) {
		const struct dkim_result *d = &r->dkim[i];
		const struct dkim_signature *s = &d->signature;

		begin(to, "DKIM", dkim_outcome_name(d->outcome),
		      s->domain.len > 0 ? domain_span(&s->domain) : SPAN("-"));
		say_aligned(r, r->dkim_aligned[i], r->dmarc.record.adkim_strict,
			    to);
		if (s->selector.len > 0) {
			buf_adds(to, "   selector ");
			report_words(to, s->selector);
		}
		if (d->bits > 0)
			buf_addf(to, ", %s, %d bits",
				 dkim_algorithm_name(s->algorithm), d->bits);
		if (d->outcome != DKIM_PASS || d->body_rest > 0)
			buf_addf(to, "   %s", dkim_result_text(d));
		if (d->testing)
			buf_adds(to, "   (the key says it is for testing)");
		buf_addc(to, '\n');
		say_key(r, i, to);
		say_age(d, to);
		say_hashes(r, i, to);
	}
	if (r->skipped > 0) {
		begin(to, "DKIM", "", SPAN("-"));
		buf_addf(to, "%zu more signatures were not looked at\n",
			 r->skipped);
	}
}

static void
dmarc_line(const struct report *r, struct buf *to)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT(DMARC_POLICY_TEXT_MAX);
	const struct dmarc_result *d = &r->dmarc;
	struct dname_text name;

	begin(to, "DMARC", dmarc_verdict_name(d->verdict),
	      r->from.status == AUTHOR_OK ? domain_span(&r->from.domain)
					  : SPAN("-"));
	if (d->policy != DMARC_POLICY_ABSENT)
		buf_addf(to, "policy %s   ", dmarc_policy_name(d->policy));
	if (d->effective != d->policy)
		buf_addf(to, "applied as %s for testing   ",
			 dmarc_policy_name(d->effective));
	if (r->from.status == AUTHOR_OK)
		buf_adds(to, dmarc_reason_text(d->reason));
	else
		buf_adds(to, author_fault(&r->from));
	if (d->source != DMARC_SOURCE_NOWHERE) {
		buf_adds(to, "   by _dmarc.");
		buf_add(to, dname_print(&d->policy_domain, &name));
		buf_adds(to, ": ");
		report_words(to, d->text);
	}
	buf_addc(to, '\n');
	begin_more(to, "asked for");
	buf_adds(to, dmarc_disposition_text(d->disposition));
	if (d->source != DMARC_SOURCE_NOWHERE) {
		buf_adds(to, ": ");
		dmarc_policy_text(d, &why);
		report_words(to, buf_span(&why));
	}
	buf_addc(to, '\n');
}

static void
arc_line(const struct report *r, struct buf *to)
{
	if (r->arc.verdict == ARC_NONE)
		return;
	begin(to, "ARC", arc_verdict_name(r->arc.verdict), r->arc.domain);
	buf_addf(to, "%u sets   %s   for information, not for DMARC\n",
		 r->arc.len, arc_reason_text(r->arc.reason));
}

/* A line that is only there if there is something to say. */
static void
say(struct buf *to, const char *word, struct span value)
{
	if (value.len == 0)
		return;
	begin_word(to, word, "");
	report_words(to, value);
	buf_addc(to, '\n');
}

static void
say_time(struct buf *to, const char *word, int64_t time)
{
	struct date_text text = date_rfc3339_format(time);

	if (time > 0)
		say(to, word, span_of(text.s));
}

/* What matters most, before all that there is. */
static void
fact_lines(const struct report_fact *f, struct buf *to)
{
	buf_add(to, f->headline);
	buf_addc(to, '\n');
	say(to, "Fact", span_of(report_fact_code(f->kind)));
	say(to, "Turn", span_of(report_turn_text(f->turn)));
	say(to, "Evidence", f->evidence);
	say(to, "Repair", f->repair);
	buf_addc(to, '\n');
}

void
report_text(const struct report *r, struct buf *to)
{
	const struct report_transport *t = &r->transport;
	struct spf_ip_text ip = spf_ip_format(&t->ip);

	fact_lines(&r->fact, to);
	begin(to, "Verdict", "", span_of(report_verdict_name(r->verdict)));
	buf_addf(to, "%s\n", report_verdict_text(r->verdict));
	spf_lines(r, to);
	dkim_lines(r, to);
	dmarc_line(r, to);
	arc_line(r, to);
	if (r->from.status == AUTHOR_OK)
		say(to, "From", r->from.address);
	else
		say(to, "From unusable", r->from.raw);
	say(to, "Subject", r->subject);
	say(to, "Message-ID", r->message_id);
	say(to, "List", r->list);
	if (t->has_mail_from)
		say(to, "MAIL FROM",
		    t->mail_from.len > 0 ? t->mail_from : SPAN("<>"));
	if (t->has_ip)
		say(to, "Client", span_of(ip.s));
	say(to, "HELO", t->helo);
	say(to, "TLS", t->tls);
	say_time(to, "Received", t->received);
	say_time(to, "Evaluated", r->evaluated);
}

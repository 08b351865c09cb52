/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report.h"

#include "text/date.h"

/* Octets of one value that are shown; the rest is cut, and marked. */
#define SHOWN_MAX 1000
/* Characters of the first two columns. */
#define WORD_WIDTH  15
#define ABOUT_WIDTH 24

const char *
report_from_text(enum report_from_status status)
{
	static const char *const text[] = {
		[REPORT_FROM_OK] = "there is one author",
		[REPORT_FROM_HEADER] = "the header is malformed",
		[REPORT_FROM_NONE] = "there is no From field",
		[REPORT_FROM_FIELDS] = "there is more than one From field",
		[REPORT_FROM_ADDRESS] = "the From field is malformed",
		[REPORT_FROM_GROUP] = "the From field names a group",
		[REPORT_FROM_MAILBOXES] =
			"the From field names more than one mailbox",
		[REPORT_FROM_DOMAIN] = "the From address has no usable domain",
	};
	return text[status];
}

const char *
report_from_fault(const struct report_from *from)
{
	if (from->status == REPORT_FROM_HEADER)
		return header_strerror(from->header);
	if (from->status == REPORT_FROM_ADDRESS)
		return address_strerror(from->syntax);
	if (from->status == REPORT_FROM_DOMAIN)
		return domain_strerror(from->domain_status);
	return report_from_text(from->status);
}

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

/* Appends what strangers wrote, escaped where it is not plain text. */
static void
shown(struct buf *to, struct span s)
{
	struct span part = span_head(s, SHOWN_MAX);

	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];

		if (c == '\t' || c == '\r' || c == '\n')
			buf_addc(to, ' ');
		else if (c < ' ' || c > '~')
			buf_addf(to, "\\x%02x", c);
		else
			buf_addc(to, (char)c);
	}
	if (part.len < s.len)
		buf_adds(to, "...");
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
	shown(to, about);
	pad(to, start, ABOUT_WIDTH);
}

/* Says whether an identifier is aligned. */
static void
say_aligned(const struct report *r, bool aligned, bool strict, struct buf *to)
{
	if (r->from.status != REPORT_FROM_OK)
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
		shown(to, spf->term);
		buf_adds(to, "\" of ");
		shown(to, spf->record);
		return;
	}
	buf_addf(to, "   %s", spf_reason_text(spf->reason));
	if (spf->reason == SPF_REASON_SYNTAX)
		buf_addf(to, ": %s", spf_record_strerror(spf->syntax));
	if (spf->term.len > 0) {
		buf_adds(to, " (\"");
		shown(to, spf->term);
		buf_adds(to, "\")");
	}
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
		shown(to, r->spf.explanation);
		buf_addc(to, '\n');
	}
	if (r->has_helo) {
		begin(to, "HELO", spf_verdict_name(r->helo.verdict),
		      r->helo.domain);
		buf_adds(to, "for information, not for DMARC");
		say_spf(&r->helo, to);
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
			shown(to, s->selector);
		}
		if (d->bits > 0)
			buf_addf(to, ", %s, %d bits",
				 dkim_algorithm_name(s->algorithm), d->bits);
		if (d->outcome != DKIM_PASS || d->body_rest > 0)
			buf_addf(to, "   %s", dkim_result_text(d));
		if (d->testing)
			buf_adds(to, "   (the key says it is for testing)");
		buf_addc(to, '\n');
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
	const struct dmarc_result *d = &r->dmarc;
	struct dname_text name;

	begin(to, "DMARC", dmarc_verdict_name(d->verdict),
	      r->from.status == REPORT_FROM_OK ? domain_span(&r->from.domain)
					       : SPAN("-"));
	if (d->policy != DMARC_POLICY_ABSENT)
		buf_addf(to, "policy %s   ", dmarc_policy_name(d->policy));
	if (d->effective != d->policy)
		buf_addf(to, "applied as %s for testing   ",
			 dmarc_policy_name(d->effective));
	if (r->from.status == REPORT_FROM_OK)
		buf_adds(to, dmarc_reason_text(d->reason));
	else
		buf_adds(to, report_from_fault(&r->from));
	if (d->source != DMARC_SOURCE_NOWHERE) {
		buf_adds(to, "   by _dmarc.");
		buf_add(to, dname_print(&d->policy_domain, &name));
		buf_adds(to, ": ");
		shown(to, d->text);
	}
	buf_addc(to, '\n');
}

/* A line that is only there if there is something to say. */
static void
say(struct buf *to, const char *word, struct span value)
{
	if (value.len == 0)
		return;
	begin_word(to, word, "");
	shown(to, value);
	buf_addc(to, '\n');
}

static void
say_time(struct buf *to, const char *word, int64_t time)
{
	struct date_text text = date_rfc3339_format(time);

	if (time > 0)
		say(to, word, span_of(text.s));
}

void
report_text(const struct report *r, struct buf *to)
{
	const struct report_transport *t = &r->transport;
	struct spf_ip_text ip = spf_ip_format(&t->ip);

	begin(to, "Verdict", "", span_of(report_verdict_name(r->verdict)));
	buf_addf(to, "%s\n", report_verdict_text(r->verdict));
	spf_lines(r, to);
	dkim_lines(r, to);
	dmarc_line(r, to);
	if (r->from.status == REPORT_FROM_OK)
		say(to, "From", r->from.address);
	else
		say(to, "From unusable", r->from.raw);
	say(to, "Subject", r->subject);
	say(to, "Message-ID", r->message_id);
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

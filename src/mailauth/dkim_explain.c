/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_explain.h"

#include "mailauth/dkim_explain_work.h"
#include "mailauth/report_words.h"

bool
dkim_explain_spend(struct dkim_explained *e, uint64_t octets)
{
	if (e->guesses == DKIM_EXPLAIN_GUESSES_MAX ||
	    octets > DKIM_EXPLAIN_OCTETS_MAX - e->octets) {
		e->limited = true;
		return false;
	}
	e->guesses++;
	e->octets += octets;
	return true;
}

struct span
dkim_explain_keep(struct span s, struct arena *arena)
{
	return arena_copy(arena, span_head(s, DKIM_EXPLAIN_SHOWN_MAX));
}

void
dkim_explain(const struct dkim_result *d, const struct header_block *header,
	     struct span body, struct arena *arena, struct dkim_explained *ret)
{
	*ret = (struct dkim_explained){
		.line = SPAN(""),
		.field = SPAN(""),
		.was = SPAN(""),
		.also = SPAN(""),
	};
	if (d->outcome != DKIM_FAIL)
		return;
	if (d->body_checked && !d->body_good) {
		ret->has_body = true;
		dkim_explain_body(&d->signature, header, body, arena, ret);
	}
	dkim_explain_header(d, header, arena, ret);
}

/* Appends how many lines. */
static void
say_lines(size_t lines, struct buf *to)
{
	if (lines == 1)
		buf_adds(to, "1 line was");
	else
		buf_addf(to, "%zu lines were", lines);
}

/* Appends the first line that was added. */
static void
say_first(const struct dkim_explained *e, struct buf *to)
{
	if (e->line.len == 0)
		return;
	buf_adds(to, ", the first \"");
	report_words(to, e->line);
	buf_adds(to, "\"");
}

/* Appends where lines were added. */
static void
say_added(const struct dkim_explained *e, struct buf *to)
{
	say_lines(e->above > 0 ? e->above : e->below, to);
	buf_adds(to, e->above > 0 ? " added above it" : " added below it");
	say_first(e, to);
	if (e->above == 0 || e->below == 0)
		return;
	buf_adds(to, ", and ");
	say_lines(e->below, to);
	buf_adds(to, " added below it");
}

void
dkim_explained_body(const struct dkim_explained *e, struct buf *to)
{
	static const char *const text[] = {
		[DKIM_BODY_SAME] = "it is as it was signed",
		[DKIM_BODY_UNKNOWN] = "what was changed in it cannot be told "
				      "from its hash",
		[DKIM_BODY_APPENDED] = "",
		[DKIM_BODY_PREPENDED] = "",
		[DKIM_BODY_AROUND] = "",
		[DKIM_BODY_FROM_NOTHING] = "it was empty when it was signed",
		[DKIM_BODY_FORM] = "the signer hashed it in the form that c= "
				   "does not say",
		[DKIM_BODY_RAW] = "the signer hashed it as it is, without "
				  "canonicalising it",
		[DKIM_BODY_LF] = "the signer hashed it with LF for line ends, "
				 "in place of CRLF",
		[DKIM_BODY_BARE] = "the signer hashed it with CRLF where it "
				   "has a CR or LF alone",
		[DKIM_BODY_FROM_LINES] = "a \">\" was put before lines that "
					 "begin \"From \"",
		[DKIM_BODY_DOTS] = "dots at the start of lines were lost or "
				   "doubled",
		[DKIM_BODY_ENCODED] = "it was signed before it was encoded as "
				      "Content-Transfer-Encoding now says",
		[DKIM_BODY_PART] = "a MIME part was added to it",
		[DKIM_BODY_WRAPPED] = "it was made a part of a new multipart",
	};

	if (!e->has_body)
		return;
	if (text[e->body][0] == '\0')
		say_added(e, to);
	else
		buf_adds(to, text[e->body]);
	if (e->body == DKIM_BODY_PART || e->body == DKIM_BODY_WRAPPED)
		buf_addf(to, " (part %zu)", e->part);
	if (e->body == DKIM_BODY_PART)
		say_first(e, to);
}

void
dkim_explained_header(const struct dkim_explained *e, struct buf *to)
{
	static const char *const text[] = {
		[DKIM_HEADER_SAME] = "the header is as it was signed",
		[DKIM_HEADER_UNKNOWN] = "which field was changed cannot be "
					"told from the hash",
		[DKIM_HEADER_NOT_KEY] = "the signature was not made with the "
					"key that DNS has, or b= was changed",
		[DKIM_HEADER_FORM] = "the signer hashed the header in the form "
				     "that c= does not say",
		[DKIM_HEADER_ADDED] = " was added",
		[DKIM_HEADER_INSTANCE] = " is there again, and another one was "
					 "signed",
		[DKIM_HEADER_PREFIX] = " was given a prefix",
		[DKIM_HEADER_VALUE] = " was changed",
		[DKIM_HEADER_SPACE] = " was written with other white space",
		[DKIM_HEADER_QUOTES] = " was written with other quotes or "
				       "brackets",
	};

	if (!e->has_header)
		return;
	report_words(to, e->field);
	buf_adds(to, text[e->header]);
	if (e->header == DKIM_HEADER_PREFIX || e->header == DKIM_HEADER_VALUE ||
	    e->header == DKIM_HEADER_INSTANCE) {
		buf_adds(to, "; it was signed as \"");
		report_words(to, e->was);
		buf_adds(to, "\"");
	}
	if (e->also.len > 0) {
		buf_adds(to, ", and ");
		report_words(to, e->also);
		buf_adds(to, " was added");
	}
}

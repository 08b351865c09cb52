/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/ascii.h"
#include "mailauth/dkim_explain_work.h"
#include "text/base64.h"
#include "text/crlf.h"

/* What is tried against one body hash. */
struct search {
	const struct dkim_signature *s;
	const struct header_block *header;
	struct span body;
	struct arena *arena;
	struct dkim_explained *e;
	size_t lines; /* that the body has */
};

/* A hash of at most `left` octets more. */
struct hashing {
	struct digest *digest;
	uint64_t left;
};

static void
hash_put(void *context, struct span bytes)
{
	struct hashing *h = context;
	size_t n = bytes.len < h->left ? bytes.len : (size_t)h->left;

	digest_add(h->digest, span_head(bytes, n));
	h->left -= n;
}

static bool
is_signed_hash(const struct search *x, const uint8_t hash[DIGEST_SIZE])
{
	return memcmp(hash, x->s->body_hash, DIGEST_SIZE) == 0;
}

/* Whether the canonical `form` of the two pieces has the hash signed. */
static bool
fits_form(struct search *x, enum canon form, struct span a, struct span b)
{
	CLEANUP(digest_freep) struct digest *digest = NULL;
	struct hashing hashing = {.left = UINT64_MAX};
	struct canon_body canon;
	uint8_t hash[DIGEST_SIZE];

	if (!dkim_explain_spend(x->e, a.len + b.len))
		return false;
	digest = digest_new();
	hashing.digest = digest;
	if (x->s->has_length)
		hashing.left = x->s->length;
	canon_body_init(&canon, form, (struct canon_sink){hash_put, &hashing});
	canon_body_feed(&canon, a);
	canon_body_feed(&canon, b);
	canon_body_end(&canon);
	digest_end(digest, hash);
	return is_signed_hash(x, hash);
}

static bool
fits(struct search *x, struct span a, struct span b)
{
	return fits_form(x, x->s->body_canon, a, b);
}

/* Whether the octets of `s`, as they are, have the hash signed. */
static bool
fits_raw(struct search *x, struct span s)
{
	uint8_t hash[DIGEST_SIZE];

	if (!dkim_explain_spend(x->e, s.len))
		return false;
	digest_of(s, hash);
	return is_signed_hash(x, hash);
}

/* Cuts the next line off *rest, with its CRLF; "" at the end. */
static struct span
take_line(struct span *rest)
{
	size_t end = span_search(*rest, SPAN("\r\n"));
	struct span line = end == SPAN_NONE ? *rest : span_head(*rest, end + 2);

	*rest = span_skip(*rest, line.len);
	return line;
}

/* Sets `to` to the canonical form of `line`, without a CRLF. */
static void
canon_line(enum canon form, struct span line, struct buf *to)
{
	bool space = false;

	if (span_ends(line, SPAN("\r\n")))
		line.len -= 2;
	buf_clear(to);
	if (form == CANON_SIMPLE) {
		buf_add(to, line);
		return;
	}
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == ' ' || c == '\t') {
			space = true;
			continue;
		}
		if (space)
			buf_addc(to, ' ');
		space = false;
		buf_addc(to, c);
	}
}

/* The first line of `added` that is not empty. */
static struct span
first_line(struct span added)
{
	while (added.len > 0) {
		struct span line = span_trim(take_line(&added));

		if (line.len > 0)
			return line;
	}
	return SPAN("");
}

/*
 * Looks for the line at which `body`, from `above` lines on, was cut when it
 * was signed: hashes it once, looking at the hash behind each line that may
 * begin the footer.  Empty lines before the cut do not count in the hash.
 */
static bool
find_footer(struct search *x, size_t above, struct span body)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT(body.len + 2);
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	struct span rest = body;
	size_t empty = 0;

	if (!dkim_explain_spend(x->e, body.len))
		return false;
	for (size_t at = above; rest.len > 0; at++) {
		size_t below = x->lines - at - 1;
		uint8_t hash[DIGEST_SIZE];

		canon_line(x->s->body_canon, take_line(&rest), &line);
		if (line.len == 0) {
			empty++;
			continue;
		}
		for (; empty > 0; empty--)
			digest_add(digest, SPAN("\r\n"));
		buf_adds(&line, "\r\n");
		digest_add(digest, buf_span(&line));
		if (below > DKIM_EXPLAIN_FOOTER_MAX)
			continue;
		if (!dkim_explain_spend(x->e, 0))
			return false;
		digest_peek(digest, hash);
		if (!is_signed_hash(x, hash))
			continue;
		x->e->above = above;
		x->e->below = first_line(rest).len > 0 ? below : 0;
		x->e->line = above > 0 ? first_line(x->body) : first_line(rest);
		return true;
	}
	return false;
}

/* Lines below, above or both. */
static bool
try_lines(struct search *x, size_t banners)
{
	struct span rest = x->body;

	/* lines behind l= do not break a signature */
	if (x->s->has_length)
		return false;
	for (size_t above = 0; above <= banners && rest.len > 0; above++) {
		if ((above > 0 || banners == 0) &&
		    find_footer(x, above, rest)) {
			x->e->body = above == 0         ? DKIM_BODY_APPENDED
				     : x->e->below == 0 ? DKIM_BODY_PREPENDED
							: DKIM_BODY_AROUND;
			return true;
		}
		take_line(&rest);
	}
	return false;
}

/* The canonical forms that a signer may have taken for the right one. */
static bool
try_forms(struct search *x)
{
	CLEANUP(buf_release) struct buf lf = BUF_INIT(x->body.len + 1);
	struct span rest = x->body;
	struct span cut = x->body;

	x->e->body = DKIM_BODY_FORM;
	if (fits_form(x,
		      x->s->body_canon == CANON_SIMPLE ? CANON_RELAXED
						       : CANON_SIMPLE,
		      x->body, SPAN("")))
		return true;
	x->e->body = DKIM_BODY_RAW;
	if (span_ends(cut, SPAN("\r\n")))
		cut.len -= 2;
	if (fits_raw(x, x->body) || fits_raw(x, cut))
		return true;
	x->e->body = DKIM_BODY_LF;
	while (rest.len > 0) {
		struct span line = take_line(&rest);
		bool ends = span_ends(line, SPAN("\r\n"));

		buf_add(&lf, span_head(line, line.len - (ends ? 2 : 0)));
		if (ends)
			buf_addc(&lf, '\n');
	}
	if (fits_raw(x, buf_span(&lf)))
		return true;
	while (span_ends(buf_span(&lf), SPAN("\n\n")))
		buf_truncate(&lf, lf.len - 1);
	return fits_raw(x, buf_span(&lf));
}

/* The body with `was` at the start of each line made `is`; false if there is
 * no such line. */
static bool
replace_starts(struct span body, struct span was, struct span is,
	       struct buf *to)
{
	bool any = false;

	while (body.len > 0) {
		struct span line = take_line(&body);

		if (span_starts(line, was)) {
			any = true;
			buf_add(to, is);
			line = span_skip(line, was.len);
		}
		buf_add(to, line);
	}
	return any && !to->full;
}

/* What programs do to lines that mean something to them. */
static bool
try_line_starts(struct search *x)
{
	static const struct {
		struct span was, is; /* of the line as it is, was when signed */
		enum dkim_body_change change;
	} starts[] = {
		{SPAN(">From "), SPAN("From "), DKIM_BODY_FROM_LINES},
		{SPAN("."), SPAN(".."), DKIM_BODY_DOTS},
		{SPAN(".."), SPAN("."), DKIM_BODY_DOTS},
	};

	for (size_t i = 0; i < COUNT(starts); i++) {
		CLEANUP(buf_release)
		struct buf to = BUF_INIT(2 * x->body.len + 2);

		x->e->body = starts[i].change;
		if (replace_starts(x->body, starts[i].was, starts[i].is, &to) &&
		    fits(x, buf_span(&to), SPAN("")))
			return true;
	}
	return false;
}

/* Bare CRs and LFs that were CRLF when it was signed. */
static bool
try_bare(struct search *x)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(2 * x->body.len + 2);

	x->e->body = DKIM_BODY_BARE;
	return !crlf_is_clean(x->body) && crlf_normalise(x->body, &to) &&
	       fits(x, buf_span(&to), SPAN(""));
}

/* Appends what quoted-printable text stands for (RFC 2045 section 6.7). */
static void
decode_quoted(struct span text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		const char *p = text.ptr + i;
		size_t left = text.len - i;

		if (p[0] != '=') {
			buf_addc(to, p[0]);
		} else if (left > 2 && p[1] == '\r' && p[2] == '\n') {
			i += 2;
		} else if (left > 2 && ascii_hex(p[1]) >= 0 &&
			   ascii_hex(p[2]) >= 0) {
			buf_addc(to, (char)(ascii_hex(p[1]) * 16 +
					    ascii_hex(p[2])));
			i += 2;
		} else {
			buf_addc(to, p[0]);
		}
	}
}

/* A body that a gateway encoded, so that it has no 8-bit octets or long
 * lines. */
static bool
try_encoding(struct search *x)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(x->body.len + 2);
	const struct header_field *field =
		header_get(x->header, SPAN("Content-Transfer-Encoding"));
	struct span name = field != NULL ? span_trim(field->value) : SPAN("");

	x->e->body = DKIM_BODY_ENCODED;
	if (span_equal_nocase(name, SPAN("quoted-printable")))
		decode_quoted(x->body, &to);
	else if (!span_equal_nocase(name, SPAN("base64")) ||
		 !base64_decode_folded(x->body, &to))
		return false;
	return fits(x, buf_span(&to), SPAN(""));
}

/* The boundary of a multipart message; "" if it is none. */
static struct span
boundary_of(const struct header_block *header)
{
	const struct header_field *field =
		header_get(header, SPAN("Content-Type"));
	struct span value = field != NULL ? span_trim(field->value) : SPAN("");

	if (!span_starts_nocase(value, SPAN("multipart/")))
		return SPAN("");
	while (value.len > 0) {
		struct span part;

		span_cut(&value, ';');
		part = span_trim(value);
		if (!span_starts_nocase(part, SPAN("boundary=")))
			continue;
		part = span_skip(part, strlen("boundary="));
		if (span_starts(part, SPAN("\""))) {
			part = span_skip(part, 1);
			return span_cut(&part, '"');
		}
		return span_trim(span_cut(&part, ';'));
	}
	return SPAN("");
}

/* Sets `at` to where the lines of the boundary begin; returns how many. */
static size_t
find_delimiters(struct span body, struct span boundary,
		size_t at[DKIM_EXPLAIN_PARTS_MAX + 1])
{
	struct span rest = body;
	size_t len = 0;

	while (rest.len > 0 && len <= DKIM_EXPLAIN_PARTS_MAX) {
		size_t start = body.len - rest.len;
		struct span line = take_line(&rest);

		if (span_starts(line, SPAN("--")) &&
		    span_starts(span_skip(line, 2), boundary))
			at[len++] = start;
	}
	return len;
}

/* What a part holds: what follows its header, without its last CRLF. */
static struct span
content_of(struct span part)
{
	size_t end;

	take_line(&part); /* the boundary */
	if (span_starts(part, SPAN("\r\n"))) {
		part = span_skip(part, 2);
	} else {
		end = span_search(part, SPAN("\r\n\r\n"));
		part = end == SPAN_NONE ? SPAN("") : span_skip(part, end + 4);
	}
	if (span_ends(part, SPAN("\r\n")))
		part.len -= 2;
	return part;
}

/* A part that a list put in, or the message as a part of another. */
static bool
try_parts(struct search *x)
{
	size_t at[DKIM_EXPLAIN_PARTS_MAX + 1];
	struct span boundary = boundary_of(x->header);
	size_t len;

	if (boundary.len == 0)
		return false;
	len = find_delimiters(x->body, boundary, at);
	for (size_t i = 0; i + 1 < len; i++) {
		struct span part = span_sub(x->body, at[i], at[i + 1]);
		struct span content = content_of(part);

		x->e->part = i + 1;
		x->e->body = DKIM_BODY_PART;
		x->e->line = first_line(content);
		if (fits(x, span_head(x->body, at[i]),
			 span_skip(x->body, at[i + 1])))
			return true;
		x->e->body = DKIM_BODY_WRAPPED;
		x->e->line = SPAN("");
		if (content.len > 0 && fits(x, content, SPAN("")))
			return true;
	}
	x->e->part = 0;
	x->e->line = SPAN("");
	return false;
}

/* Whether nothing had been there when it was signed. */
static bool
try_nothing(struct search *x)
{
	x->e->body = DKIM_BODY_FROM_NOTHING;
	x->e->line = first_line(x->body);
	if (fits_raw(x, SPAN("")) || fits_raw(x, SPAN("\r\n")))
		return true;
	x->e->line = SPAN("");
	return false;
}

void
dkim_explain_body(const struct dkim_signature *s,
		  const struct header_block *header, struct span body,
		  struct arena *arena, struct dkim_explained *e)
{
	struct search x = {s, header, body, arena, e, 0};

	for (struct span rest = body; rest.len > 0; x.lines++)
		take_line(&rest);
	if (!try_nothing(&x) && !try_lines(&x, 0) && !try_forms(&x) &&
	    !try_bare(&x) && !try_line_starts(&x) && !try_encoding(&x) &&
	    !try_parts(&x) && !try_lines(&x, DKIM_EXPLAIN_BANNER_MAX))
		e->body = DKIM_BODY_UNKNOWN;
	e->line = dkim_explain_keep(e->line, arena);
}

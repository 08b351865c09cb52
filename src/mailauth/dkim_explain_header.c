/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mailauth/dkim_explain_work.h"

/* No line of the header. */
#define NO_LINE SIZE_MAX
/* Octets of a field that is made for a guess. */
#define GUESS_MAX (2 * HEADER_SIZE_MAX)

/* A name of h=, with the field that it stands for. */
struct line {
	struct span name;
	const struct header_field *field; /* NULL: it is absent */
	size_t from, to;                  /* of its canonical form in `text` */
};

/* What is tried against one signature of a header. */
struct search {
	const struct dkim_result *d;
	const struct header_block *header;
	struct arena *arena;
	struct dkim_explained *e;
	struct pubkey *key;
	bool has_digest;
	uint8_t digest[DIGEST_SIZE]; /* that was signed, if that is known */
	enum canon form;
	struct buf text; /* canonical forms of all lines, then of its own */
	size_t own;      /* where its own begins in `text` */
	struct line line[DKIM_HEADERS_MAX];
	size_t len;                  /* of line */
	bool gone[DKIM_HEADERS_MAX]; /* left out of the guess */
	size_t verified;             /* guesses that took a verification */
};

/* Whether what `digest` has now is what was signed. */
static bool
is_signed(struct search *x, struct digest *digest)
{
	uint8_t hash[DIGEST_SIZE];

	digest_end(digest, hash);
	if (x->has_digest)
		return memcmp(hash, x->digest, DIGEST_SIZE) == 0;
	if (x->verified == DKIM_EXPLAIN_VERIFY_MAX) {
		x->e->limited = true;
		return false;
	}
	x->verified++;
	return pubkey_verify(x->key, hash, x->d->signature.signature);
}

/*
 * Whether the header fits with the field of line `at` written as `raw`, and
 * without those that are gone.
 */
static bool
fits(struct search *x, size_t at, struct span raw)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(GUESS_MAX + 4);
	CLEANUP(digest_freep) struct digest *digest = NULL;

	if (x->e->limited || !dkim_explain_spend(x->e, x->text.len + raw.len))
		return false;
	digest = digest_new();
	for (size_t i = 0; i < x->len; i++) {
		const struct line *l = &x->line[i];

		if (x->gone[i])
			continue;
		if (i != at) {
			digest_add(digest, span_sub(buf_span(&x->text), l->from,
						    l->to));
			continue;
		}
		canon_header(x->form, raw, &b);
		digest_add(digest, buf_span(&b));
	}
	digest_add(digest, span_skip(buf_span(&x->text), x->own));
	return is_signed(x, digest);
}

/* The name of a line's field as people know it. */
static struct span
name_of(const struct line *l)
{
	return l->field != NULL ? l->field->name : l->name;
}

/* Says what fits. */
static bool
found(struct search *x, enum dkim_header_change change, size_t at,
      struct span was)
{
	x->e->header = change;
	if (at != NO_LINE)
		x->e->field = name_of(&x->line[at]);
	x->e->was = dkim_explain_keep(was, x->arena);
	return true;
}

/* Chooses the fields, as a verifier does: from the bottom up. */
static void
choose(struct search *x)
{
	const struct dkim_signature *s = &x->d->signature;
	bool taken[HEADER_FIELDS_MAX] = {false};

	taken[x->d->field - x->header->field] = true;
	for (x->len = 0; x->len < s->headers; x->len++) {
		struct line *l = &x->line[x->len];

		*l = (struct line){.name = s->header[x->len]};
		for (size_t i = x->header->len; i-- > 0;) {
			const struct header_field *f = &x->header->field[i];

			if (taken[i] || !header_is(f, l->name))
				continue;
			taken[i] = true;
			l->field = f;
			break;
		}
	}
}

/* Puts the canonical `form` of all that was signed into `text`. */
static void
write_form(struct search *x, enum canon form)
{
	const struct dkim_signature *s = &x->d->signature;
	CLEANUP(buf_release) struct buf own = BUF_INIT(HEADER_SIZE_MAX);

	x->form = form;
	buf_clear(&x->text);
	for (size_t i = 0; i < x->len; i++) {
		struct line *l = &x->line[i];

		l->from = x->text.len;
		if (l->field != NULL)
			canon_header(form, l->field->raw, &x->text);
		l->to = x->text.len;
	}
	x->own = x->text.len;
	buf_add(&own, s->before_b);
	buf_add(&own, s->after_b);
	canon_header(form, buf_span(&own), &x->text);
	buf_truncate(&x->text, x->text.len - 2);
}

/* Tries the field of line `at` with the value `value`. */
static bool
fits_value(struct search *x, size_t at, struct span value)
{
	CLEANUP(buf_release) struct buf raw = BUF_INIT(GUESS_MAX);
	const struct line *l = &x->line[at];

	buf_add(&raw, l->field != NULL ? l->field->name : l->name);
	buf_adds(&raw, ": ");
	buf_add(&raw, value);
	buf_adds(&raw, "\r\n");
	return !raw.full && fits(x, at, buf_span(&raw));
}

/* The line whose name is `name` and that has a field, or NO_LINE. */
static size_t
line_of(const struct search *x, struct span name)
{
	for (size_t i = 0; i < x->len; i++)
		if (x->line[i].field != NULL &&
		    span_equal_nocase(x->line[i].name, name))
			return i;
	return NO_LINE;
}

/* Appends a field's value without folds and outer space. */
static struct span
unfolded(const struct header_field *field, struct buf *to)
{
	buf_clear(to);
	header_unfold(field->value, to);
	return buf_span(to);
}

/*
 * A subject without what lists and filters put before it: "[name]", or up to
 * four words, be it behind "Re:".
 */
static bool
try_subject(struct search *x)
{
	CLEANUP(buf_release) struct buf now = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(buf_release) struct buf was = BUF_INIT(HEADER_SIZE_MAX);
	size_t at = line_of(x, SPAN("Subject"));
	struct span text, rest;
	size_t open, shut;

	if (at == NO_LINE)
		return false;
	text = rest = unfolded(x->line[at].field, &now);
	open = span_find(text, '[');
	shut = span_find(text, ']');
	if (open != SPAN_NONE && shut != SPAN_NONE && open < shut) {
		buf_add(&was, span_head(text, open));
		buf_add(&was, span_trim(span_skip(text, shut + 1)));
		if (fits_value(x, at, buf_span(&was)))
			return found(x, DKIM_HEADER_PREFIX, at, buf_span(&was));
	}
	for (int words = 0; words < 4 && rest.len > 0; words++) {
		span_cut(&rest, ' ');
		rest = span_trim(rest);
		if (fits_value(x, at, rest))
			return found(x, DKIM_HEADER_PREFIX, at, rest);
	}
	return false;
}

/* A From that a list wrote over, keeping the old one in another field. */
static bool
try_from(struct search *x)
{
	static const struct span keeper[] = {
		SPAN("X-Original-From"), SPAN("X-Google-Original-From"),
		SPAN("Original-From"),   SPAN("Author"),
		SPAN("Reply-To"),        SPAN("X-From"),
		SPAN("Sender"),
	};
	CLEANUP(buf_release) struct buf value = BUF_INIT(HEADER_SIZE_MAX);
	size_t at = line_of(x, SPAN("From"));

	for (size_t i = 0; at != NO_LINE && i < COUNT(keeper); i++) {
		const struct header_field *field =
			header_get(x->header, keeper[i]);

		if (field != NULL && fits_value(x, at, unfolded(field, &value)))
			return found(x, DKIM_HEADER_VALUE, at,
				     buf_span(&value));
	}
	return false;
}

/* Whether `name` is of a field that lists and forwarders add. */
static bool
is_added_by_lists(struct span name)
{
	static const struct span names[] = {
		SPAN("Sender"),    SPAN("Reply-To"),     SPAN("Precedence"),
		SPAN("Errors-To"), SPAN("Mailing-List"), SPAN("Delivered-To"),
	};

	if (span_starts_nocase(name, SPAN("List-")) ||
	    span_starts_nocase(name, SPAN("X-")))
		return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (span_equal_nocase(name, names[i]))
			return true;
	return false;
}

/* Whether the header fits without those that are gone, as it is or with what
 * is usual besides: a new subject, a new From. */
static bool
try_rest(struct search *x, size_t gone)
{
	if (fits(x, NO_LINE, SPAN("")))
		return found(x, DKIM_HEADER_ADDED, gone, SPAN(""));
	if (try_subject(x) || try_from(x)) {
		x->e->also = name_of(&x->line[gone]);
		return true;
	}
	return false;
}

/* Fields that were signed as absent, and were added since. */
static bool
try_added(struct search *x)
{
	size_t lists = 0, last = NO_LINE;

	for (size_t i = 0; i < x->len; i++) {
		bool good;

		if (x->line[i].field == NULL)
			continue;
		x->gone[i] = true;
		good = try_rest(x, i);
		x->gone[i] = false;
		if (good)
			return true;
	}
	for (size_t i = 0; i < x->len; i++) {
		x->gone[i] = x->line[i].field != NULL &&
			     is_added_by_lists(x->line[i].name);
		if (x->gone[i]) {
			lists++;
			last = i;
		}
	}
	if (lists > 1 && try_rest(x, last))
		return true;
	memset(x->gone, 0, sizeof(x->gone));
	return false;
}

/* Another field of the same name, which the signer had meant. */
static bool
try_instances(struct search *x)
{
	for (size_t i = 0; i < x->len; i++) {
		struct line *l = &x->line[i];

		for (size_t k = 0; k < x->header->len; k++) {
			const struct header_field *f = &x->header->field[k];

			if (f != l->field && f != x->d->field &&
			    header_is(f, l->name) && fits(x, i, f->raw))
				return found(x, DKIM_HEADER_INSTANCE, i,
					     span_trim(f->value));
		}
	}
	return false;
}

/* Copies `s` without each `c`. */
static struct span
without(struct span s, char c, struct buf *to)
{
	buf_clear(to);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != c)
			buf_addc(to, s.ptr[i]);
	return buf_span(to);
}

/* Copies `s` with `is` for each `was`. */
static struct span
replaced(struct span s, struct span was, struct span is, struct buf *to)
{
	buf_clear(to);
	while (s.len > 0) {
		if (span_starts(s, was)) {
			buf_add(to, is);
			s = span_skip(s, was.len);
			continue;
		}
		buf_addc(to, s.ptr[0]);
		s = span_skip(s, 1);
	}
	return buf_span(to);
}

/* The field of line `at`, written with other white space. */
static bool
try_space(struct search *x, size_t at, struct span text)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(GUESS_MAX);
	struct span raw = x->line[at].field->raw;

	return fits_value(x, at, text) ||
	       fits(x, at, replaced(raw, SPAN("\r\n\t"), SPAN("\r\n "), &b)) ||
	       fits(x, at, replaced(raw, SPAN("\r\n "), SPAN("\r\n\t"), &b)) ||
	       fits_value(x, at, without(text, ' ', &b)) ||
	       fits_value(x, at, replaced(text, SPAN(", "), SPAN(","), &b)) ||
	       fits_value(x, at, replaced(text, SPAN(","), SPAN(", "), &b)) ||
	       fits_value(x, at, replaced(text, SPAN("; "), SPAN(";"), &b));
}

/* The same with quotes or brackets put in or taken out. */
static bool
try_quotes(struct search *x, size_t at, struct span text)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(GUESS_MAX);
	CLEANUP(buf_release) struct buf c = BUF_INIT(GUESS_MAX);
	size_t angle = span_find(text, '<');
	struct span bare = without(text, '<', &b);

	if (fits_value(x, at, without(bare, '>', &c)) ||
	    fits_value(x, at, without(text, '"', &b)))
		return true;
	buf_clear(&b);
	if (angle == SPAN_NONE)
		buf_addf(&b, "<" SPAN_FMT ">", SPAN_ARG(text));
	else
		buf_addf(&b, "\"" SPAN_FMT "\" " SPAN_FMT,
			 SPAN_ARG(span_trim(span_head(text, angle))),
			 SPAN_ARG(span_skip(text, angle)));
	return fits_value(x, at, buf_span(&b));
}

/* Values that gateways are known to change; sets *ret to what fits. */
static bool
try_value(struct search *x, size_t at, struct span text, struct span *ret)
{
	static const struct span encodings[] = {
		SPAN("8bit"),   SPAN("7bit"),
		SPAN("base64"), SPAN("quoted-printable"),
		SPAN("binary"),
	};
	struct span part = text;

	*ret = SPAN("");
	if (fits_value(x, at, *ret))
		return true;
	*ret = span_trim(span_cut(&part, ';'));
	if (ret->len < text.len && fits_value(x, at, *ret))
		return true;
	part = text;
	*ret = span_trim(span_cut(&part, '('));
	if (ret->len < text.len && fits_value(x, at, *ret))
		return true;
	if (!span_equal_nocase(x->line[at].name,
			       SPAN("Content-Transfer-Encoding")))
		return false;
	for (size_t i = 0; i < COUNT(encodings); i++) {
		*ret = encodings[i];
		if (fits_value(x, at, *ret))
			return true;
	}
	return false;
}

/* Each field in turn, written or worded in another way. */
static bool
try_fields(struct search *x)
{
	CLEANUP(buf_release) struct buf value = BUF_INIT(HEADER_SIZE_MAX);

	for (size_t i = 0; i < x->len; i++) {
		struct span text, was;

		if (x->line[i].field == NULL)
			continue;
		text = unfolded(x->line[i].field, &value);
		if (try_value(x, i, text, &was))
			return found(x, DKIM_HEADER_VALUE, i, was);
		if (try_space(x, i, text))
			return found(x, DKIM_HEADER_SPACE, i, SPAN(""));
		if (try_quotes(x, i, text))
			return found(x, DKIM_HEADER_QUOTES, i, SPAN(""));
	}
	return false;
}

/* Looks for what fits, the likeliest first. */
static bool
look(struct search *x)
{
	enum canon form = x->d->signature.header_canon;

	write_form(x, form);
	if (fits(x, NO_LINE, SPAN("")))
		return found(x, DKIM_HEADER_SAME, NO_LINE, SPAN(""));
	write_form(x, form == CANON_SIMPLE ? CANON_RELAXED : CANON_SIMPLE);
	if (fits(x, NO_LINE, SPAN("")))
		return found(x, DKIM_HEADER_FORM, NO_LINE, SPAN(""));
	write_form(x, form);
	return try_subject(x) || try_from(x) || try_instances(x) ||
	       try_fields(x) || try_added(x);
}

void
dkim_explain_header(const struct dkim_result *d,
		    const struct header_block *header, struct arena *arena,
		    struct dkim_explained *e)
{
	struct dkim_key_record record = {.key = NULL};
	struct search x = {.d = d, .header = header, .arena = arena, .e = e};

	if (dkim_key_parse(d->record, &record) != DKIM_KEY_OK)
		return;
	e->has_header = true;
	e->header = DKIM_HEADER_UNKNOWN;
	x.key = record.key;
	x.has_digest = pubkey_recover(x.key, d->signature.signature, x.digest);
	if (record.type == KEY_RSA && !x.has_digest) {
		e->header = DKIM_HEADER_NOT_KEY;
	} else {
		buf_init(&x.text, 4 * HEADER_SIZE_MAX);
		choose(&x);
		look(&x);
		buf_release(&x.text);
	}
	e->field = dkim_explain_keep(e->field, arena);
	e->also = dkim_explain_keep(e->also, arena);
	pubkey_free(record.key);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

#include <stdio.h>

/* Tags of one record that are remembered, to tell what comes twice. */
#define SEEN_MAX 64
/* Letters of a tag that could be one misspelt. */
#define NEAR_MAX 8

/* The tags there are; letters are the values of those that have one. */
static const struct known {
	const char *name;
	const char *letters; /* NULL: another form */
	bool obsolete;       /* RFC 7489 had it */
} known[] = {
	{"p", NULL, false},     {"sp", NULL, false},   {"np", NULL, false},
	{"adkim", "rs", false}, {"aspf", "rs", false}, {"t", "yn", false},
	{"psd", "ynu", false},  {"fo", NULL, false},   {"rua", NULL, false},
	{"ruf", NULL, false},   {"pct", NULL, true},   {"rf", NULL, true},
	{"ri", NULL, true},     {"v", NULL, false},
};

/* A record while it is looked at. */
struct look {
	struct span text;
	struct dmarc_findings *f;
	struct span seen[SEEN_MAX]; /* names of the tags so far */
	size_t count;               /* of seen */
	size_t parts;               /* that are not empty, but the version */
	size_t p_at;                /* which of them p= is; SPAN_NONE: none */
	bool fo;                    /* there is fo= */
};

static size_t
offset_of(const struct look *l, struct span part)
{
	return (size_t)(part.ptr - l->text.ptr);
}

static void
say(struct look *l, enum dmarc_lint_code code, struct span tag,
    struct span place, struct span a, struct span b)
{
	dmarc_findings_add(l->f, code, tag, offset_of(l, place), a, b);
}

static bool
is_alpha(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (span_lower(s.ptr[i]) < 'a' || span_lower(s.ptr[i]) > 'z')
			return false;
	return s.len > 0;
}

static const struct known *
find_known(struct span name)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (span_equal(name, span_of(known[i].name)))
			return &known[i];
	return NULL;
}

/* Splits "name = value"; false without a name of letters. */
static bool
split(struct span part, struct span *ret_name, struct span *ret_value)
{
	struct span rest = part;

	if (span_find(part, '=') == SPAN_NONE)
		return false;
	*ret_name = span_trim(span_cut(&rest, '='));
	*ret_value = span_trim(rest);
	return is_alpha(*ret_name);
}

/* How many letters are to be changed, added, dropped or swapped. */
static size_t
distance(struct span a, struct span b)
{
	size_t d[NEAR_MAX + 1][NEAR_MAX + 1];

	for (size_t i = 0; i <= a.len; i++)
		for (size_t k = 0; k <= b.len; k++) {
			size_t best = i == 0 ? k : i;

			if (i > 0 && k > 0) {
				best = d[i - 1][k - 1] +
				       (span_lower(a.ptr[i - 1]) !=
					b.ptr[k - 1]);
				if (d[i - 1][k] + 1 < best)
					best = d[i - 1][k] + 1;
				if (d[i][k - 1] + 1 < best)
					best = d[i][k - 1] + 1;
			}
			if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] &&
			    a.ptr[i - 2] == b.ptr[k - 1] &&
			    d[i - 2][k - 2] + 1 < best)
				best = d[i - 2][k - 2] + 1;
			d[i][k] = best;
		}
	return d[a.len][b.len];
}

/* The tag that `name` seems to be, or NULL. */
static const struct known *
nearest(struct span name)
{
	const struct known *found = NULL;
	size_t least = NEAR_MAX;

	if (span_equal_nocase(name, SPAN("policy")))
		return find_known(SPAN("p"));
	for (size_t i = 0; i < COUNT(known) && name.len <= NEAR_MAX; i++) {
		struct span tag = span_of(known[i].name);
		size_t letters = name.len < tag.len ? name.len : tag.len;
		size_t n = distance(name, tag);

		/* one letter of one or two could be any */
		if (letters < 2 || (n > 1 && letters < 4) || n > 2 ||
		    n >= least)
			continue;
		found = &known[i];
		least = n;
	}
	return found;
}

/* The tag whose "tag=" stands behind white space in `value`, or NULL. */
static const struct known *
inner_tag(struct span value, size_t *ret_at)
{
	for (size_t at = 1; at < value.len; at++) {
		struct span rest = span_skip(value, at), name;

		if (value.ptr[at - 1] != ' ' && value.ptr[at - 1] != '\t' &&
		    value.ptr[at - 1] != ',')
			continue;
		/* the longest tag has five letters */
		rest = span_head(rest, 8);
		if (span_find(rest, '=') == SPAN_NONE)
			continue;
		name = span_trim(span_cut(&rest, '='));
		*ret_at = at;
		if (find_known(name) != NULL)
			return find_known(name);
	}
	return NULL;
}

static bool
has_capitals(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (span_lower(s.ptr[i]) != s.ptr[i])
			return true;
	return false;
}

/* A policy, or a letter of `letters`. */
static void
lint_value(struct look *l, const struct known *tag, struct span name,
	   struct span value)
{
	bool valid = false;

	if (tag->letters != NULL) {
		valid = value.len == 1 &&
			span_find(span_of(tag->letters),
				  span_lower(*value.ptr)) != SPAN_NONE;
	} else {
		for (int i = DMARC_NONE; i <= DMARC_REJECT; i++)
			valid = valid ||
				span_equal_nocase(
					value, span_of(dmarc_policy_name(
						       (enum dmarc_policy)i)));
	}
	if (!valid)
		say(l,
		    tag->letters != NULL ? DMARC_LINT_VALUE_INVALID
					 : DMARC_LINT_POLICY_INVALID,
		    name, value, name, value);
	else if (has_capitals(value))
		say(l, DMARC_LINT_VALUE_CASE, name, value, name, value);
}

/* fo= is a list of 0, 1, d and s with colons between them. */
static void
lint_fo(struct look *l, struct span name, struct span value)
{
	struct span rest = value;

	l->fo = true;
	while (rest.len > 0) {
		struct span one = span_trim(span_cut(&rest, ':'));

		if (one.len == 1 &&
		    span_find(SPAN("01ds"), span_lower(*one.ptr)) != SPAN_NONE)
			continue;
		say(l, DMARC_LINT_VALUE_INVALID, name, value, name, value);
		return;
	}
}

static void
lint_obsolete(struct look *l, struct span name, struct span value)
{
	uint64_t pct = 100;

	if (span_equal(name, SPAN("pct")) && span_to_u64(value, 100, &pct) &&
	    pct < 100)
		say(l, DMARC_LINT_PCT, name, name, value, SPAN(""));
	else
		say(l, DMARC_LINT_TAG_OBSOLETE, name, name, name, SPAN(""));
}

/* A tag that there is. */
static void
lint_known(struct look *l, const struct known *tag, struct span name,
	   struct span value)
{
	bool policy = span_ends(name, SPAN("p"));
	const struct known *inner;
	size_t at = 0;

	inner = inner_tag(value, &at);
	if (inner != NULL) {
		say(l, DMARC_LINT_SEMICOLON_MISSING, name, span_skip(value, at),
		    name, span_of(inner->name));
		return;
	}
	if (value.len == 0 && !policy)
		say(l, DMARC_LINT_TAG_EMPTY, name, name, name, SPAN(""));
	else if (tag->obsolete)
		lint_obsolete(l, name, value);
	else if (policy || tag->letters != NULL)
		lint_value(l, tag, name, value);
	else if (span_equal(name, SPAN("fo")))
		lint_fo(l, name, value);
	else
		dmarc_lint_uris(l->text, name, value, l->f);
}

static void
lint_unknown(struct look *l, struct span name)
{
	const struct known *near;

	for (size_t i = 0; i < COUNT(known); i++)
		if (span_equal_nocase(name, span_of(known[i].name))) {
			say(l, DMARC_LINT_TAG_CASE, name, name, name,
			    span_of(known[i].name));
			return;
		}
	near = nearest(name);
	say(l, near != NULL ? DMARC_LINT_TAG_MISSPELT : DMARC_LINT_TAG_UNKNOWN,
	    name, name, name, near != NULL ? span_of(near->name) : SPAN(""));
}

/* Whether the tag came before; remembers it. */
static bool
is_twice(struct look *l, struct span name)
{
	for (size_t i = 0; i < l->count; i++)
		if (span_equal(l->seen[i], name))
			return true;
	if (l->count < SEEN_MAX)
		l->seen[l->count++] = name;
	return false;
}

/* One part between semicolons. */
static void
lint_part(struct look *l, struct span part)
{
	const struct known *tag;
	struct span name, value;

	if (part.len == 0)
		return;
	l->parts++;
	if (!split(part, &name, &value)) {
		say(l,
		    span_find(part, '@') != SPAN_NONE ? DMARC_LINT_URI_OUTSIDE
						      : DMARC_LINT_NO_EQUALS,
		    SPAN(""), part, part, SPAN(""));
		return;
	}
	if (span_equal(name, SPAN("p")) && l->p_at == SPAN_NONE)
		l->p_at = l->parts;
	tag = find_known(name);
	if (is_twice(l, name))
		say(l, DMARC_LINT_TAG_TWICE, name, name, name, SPAN(""));
	else if (tag == NULL)
		lint_unknown(l, name);
	else
		lint_known(l, tag, name, value);
}

/* What is wrong with the whole text, whatever it says; SPAN_NONE: nothing. */
static bool
lint_text(struct look *l)
{
	size_t quote = span_find(l->text, '"');
	size_t back = span_search(l->text, SPAN("\\;"));

	if (quote != SPAN_NONE)
		dmarc_findings_add(l->f, DMARC_LINT_QUOTES, SPAN(""), quote,
				   SPAN(""), SPAN(""));
	if (back != SPAN_NONE)
		dmarc_findings_add(l->f, DMARC_LINT_BACKSLASH, SPAN(""), back,
				   SPAN(""), SPAN(""));
	for (size_t i = 0; i < l->text.len; i++)
		if ((l->text.ptr[i] < ' ' || l->text.ptr[i] > '~') &&
		    l->text.ptr[i] != '\t') {
			dmarc_findings_add(l->f, DMARC_LINT_CHARACTER, SPAN(""),
					   i, SPAN(""), SPAN(""));
			break;
		}
	return quote == SPAN_NONE && back == SPAN_NONE;
}

static bool
is_version(struct span part)
{
	struct span name, value;

	return split(part, &name, &value) &&
	       span_equal_nocase(name, SPAN("v")) &&
	       span_equal_nocase(value, SPAN("DMARC1"));
}

/* Why a text whose first part is `first` is no record. */
static void
lint_version(struct look *l, struct span first, struct span rest)
{
	struct span trimmed = span_trim(first), name, value;

	if (is_version(trimmed)) {
		say(l,
		    trimmed.ptr != first.ptr &&
				    span_starts(trimmed, SPAN("v")) &&
				    span_ends(trimmed, SPAN("DMARC1"))
			    ? DMARC_LINT_VERSION_SPACE
			    : DMARC_LINT_VERSION_CASE,
		    SPAN("v"), first, trimmed, SPAN(""));
		return;
	}
	if (split(trimmed, &name, &value) &&
	    span_equal_nocase(name, SPAN("v"))) {
		bool goes_on = span_starts_nocase(value, SPAN("DMARC1 ")) ||
			       span_starts_nocase(value, SPAN("DMARC1\t")) ||
			       span_starts_nocase(value, SPAN("DMARC1,"));

		say(l,
		    goes_on ? DMARC_LINT_VERSION_SEMICOLON
			    : DMARC_LINT_VERSION_VALUE,
		    SPAN("v"), value, value, SPAN(""));
		return;
	}
	while (rest.len > 0) {
		struct span part = span_trim(span_cut(&rest, ';'));

		if (is_version(part)) {
			say(l, DMARC_LINT_VERSION_NOT_FIRST, SPAN("v"), part,
			    SPAN(""), SPAN(""));
			return;
		}
	}
	say(l, DMARC_LINT_VERSION_MISSING, SPAN("v"), l->text, SPAN(""),
	    SPAN(""));
}

/* How the policies stand to one another. */
static void
lint_policies(struct look *l, const struct dmarc_record *r)
{
	enum dmarc_policy sub = r->sp != DMARC_POLICY_ABSENT ? r->sp : r->p;
	struct span p = span_of(dmarc_policy_name(r->p));
	char above[32];

	if (l->p_at == SPAN_NONE)
		say(l, DMARC_LINT_P_MISSING, SPAN("p"), l->text, SPAN(""),
		    SPAN(""));
	else if (l->p_at != 1)
		dmarc_findings_add(l->f, DMARC_LINT_P_NOT_SECOND, SPAN("p"),
				   SPAN_NONE, SPAN(""), SPAN(""));
	if (r->p == DMARC_NONE)
		dmarc_findings_add(l->f, DMARC_LINT_P_NONE, SPAN("p"),
				   SPAN_NONE, SPAN(""), SPAN(""));
	if (r->sp != DMARC_POLICY_ABSENT && r->sp < r->p)
		dmarc_findings_add(l->f, DMARC_LINT_SP_WEAKER, SPAN("sp"),
				   SPAN_NONE, span_of(dmarc_policy_name(r->sp)),
				   p);
	if (r->np == DMARC_POLICY_ABSENT)
		return;
	snprintf(above, sizeof(above), "%s=%s",
		 r->sp != DMARC_POLICY_ABSENT ? "sp" : "p",
		 dmarc_policy_name(sub));
	dmarc_findings_add(
		l->f, r->np < sub ? DMARC_LINT_NP_WEAKER : DMARC_LINT_NP_NEW,
		SPAN("np"), SPAN_NONE, span_of(dmarc_policy_name(r->np)),
		span_of(above));
}

/* What the record says, as a whole. */
static void
lint_whole(struct look *l, const struct dmarc_record *r)
{
	struct dmarc_findings *f = l->f;

	lint_policies(l, r);
	if (r->testing &&
	    (r->p > DMARC_NONE || r->sp > DMARC_NONE || r->np > DMARC_NONE))
		dmarc_findings_add(f, DMARC_LINT_TESTING, SPAN("t"), SPAN_NONE,
				   SPAN(""), SPAN(""));
	if (r->psd == DMARC_PSD_YES)
		dmarc_findings_add(f, DMARC_LINT_PSD_YES, SPAN("psd"),
				   SPAN_NONE, SPAN(""), SPAN(""));
	if (r->rua.len == 0)
		dmarc_findings_add(f, DMARC_LINT_RUA_MISSING, SPAN("rua"),
				   SPAN_NONE, SPAN(""), SPAN(""));
	if (r->ruf.len > 0)
		dmarc_findings_add(f, DMARC_LINT_RUF, SPAN("ruf"), SPAN_NONE,
				   SPAN(""), SPAN(""));
	else if (l->fo)
		dmarc_findings_add(f, DMARC_LINT_FO_UNUSED, SPAN("fo"),
				   SPAN_NONE, SPAN(""), SPAN(""));
}

/* Looks at all parts behind the first. */
static void
lint_parts(struct look *l, struct span rest)
{
	while (rest.len > 0)
		lint_part(l, span_trim(span_cut(&rest, ';')));
}

void
dmarc_lint_record(struct span text, struct dmarc_findings *f)
{
	struct look l = {.text = text, .f = f, .p_at = SPAN_NONE};
	struct span rest = text, first;
	struct dmarc_record record;
	char number[24];
	bool plain;

	snprintf(number, sizeof(number), "%zu", text.len);
	if (text.len > DMARC_LINT_SIZE_MAX)
		dmarc_findings_add(
			f,
			text.len > DMARC_TEXT_MAX ? DMARC_LINT_TOO_LONG
						  : DMARC_LINT_LONG,
			SPAN(""), SPAN_NONE, span_of(number), SPAN(""));
	if (text.len > DMARC_TEXT_MAX)
		return;
	plain = lint_text(&l);
	first = span_cut(&rest, ';');
	if (dmarc_record_parse(text, &record)) {
		lint_parts(&l, rest);
		lint_whole(&l, &record);
	} else if (plain) {
		lint_version(&l, first, rest);
		if (!dmarc_findings_has(f, DMARC_LINT_VERSION_MISSING) &&
		    !dmarc_findings_has(f, DMARC_LINT_VERSION_NOT_FIRST))
			lint_parts(&l, rest);
	}
}

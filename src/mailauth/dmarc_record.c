/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_record.h"

#include "base/ascii.h"

/* Tags of one record that are remembered, to tell what comes twice. */
#define SEEN_MAX 64

/* *WSP off both ends. */
static struct span
trim(struct span s)
{
	while (s.len > 0 && (*s.ptr == ' ' || *s.ptr == '\t'))
		s = span_skip(s, 1);
	while (s.len > 0 &&
	       (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* dmarc-tag = 1*ALPHA equals 1*dmarc-value */
static bool
split_tag(struct span tag, struct span *ret_name, struct span *ret_value)
{
	struct span name;

	if (span_find(tag, '=') == SPAN_NONE)
		return false;
	name = trim(span_cut(&tag, '='));
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alpha(name.ptr[i]))
			return false;
	*ret_name = name;
	*ret_value = trim(tag);
	/* dmarc-value = %x20-3A / %x3C-7E */
	for (size_t i = 0; i < ret_value->len; i++)
		if (ret_value->ptr[i] < ' ' || ret_value->ptr[i] > '~')
			return false;
	return name.len > 0;
}

/* dmarc-version = "v" equals %s"DMARC1" */
static bool
is_version(struct span tag)
{
	struct span name, value;

	return tag.len > 0 && *tag.ptr == 'v' &&
	       split_tag(tag, &name, &value) && span_equal(name, SPAN("v")) &&
	       span_equal(value, SPAN("DMARC1"));
}

static bool
parse_policy(struct span value, enum dmarc_policy *ret)
{
	for (int i = DMARC_NONE; i <= DMARC_REJECT; i++)
		if (span_equal_nocase(value, span_of(dmarc_policy_name(
						     (enum dmarc_policy)i)))) {
			*ret = (enum dmarc_policy)i;
			return true;
		}
	return false;
}

/* One of the letters of `letters`; *ret is which one. */
static bool
parse_letter(struct span value, struct span letters, size_t *ret)
{
	size_t at = SPAN_NONE;

	if (value.len == 1)
		at = span_find(letters, span_lower(*value.ptr));
	if (at == SPAN_NONE)
		return false;
	*ret = at;
	return true;
}

/* 1*DIGIT [ "k" / "m" / "g" / "t" ]: the size that RFC 7489 had behind "!" */
static bool
is_size(struct span s)
{
	size_t i = 0;

	while (i < s.len && ascii_is_digit(s.ptr[i]))
		i++;
	if (i > 0 && i + 1 == s.len)
		i += span_find(SPAN("kmgt"), span_lower(s.ptr[i])) != SPAN_NONE;
	return i > 0 && i == s.len;
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool
is_scheme(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alpha(s.ptr[i]) &&
		    (i == 0 || (!ascii_is_digit(s.ptr[i]) &&
				span_find(SPAN("+-."), s.ptr[i]) == SPAN_NONE)))
			return false;
	return s.len > 0;
}

/* The value of a hexadecimal digit, or 16. */
static unsigned
hex_of(char c)
{
	size_t at = span_find(SPAN("0123456789abcdef"), span_lower(c));

	return at == SPAN_NONE ? 16 : (unsigned)at;
}

/* "%" HEXDIG HEXDIG (RFC 3986 section 2.1), but of no control character. */
static bool
is_encoded(struct span s)
{
	unsigned high, low;

	if (s.len < 3)
		return false;
	high = hex_of(s.ptr[1]);
	low = hex_of(s.ptr[2]);
	return high < 16 && low < 16 && high >= 2 && !(high == 7 && low == 15);
}

/* What follows the colon; of "mailto" an address, with something round "@". */
static bool
is_target(struct span s, bool mailto)
{
	size_t at = span_find_last(s, '@');

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~' ||
		    span_find(SPAN("\"<>\\^`{|}"), s.ptr[i]) != SPAN_NONE ||
		    (s.ptr[i] == '%' && !is_encoded(span_skip(s, i))))
			return false;
	if (mailto && (at == SPAN_NONE || at == 0 || at + 1 == s.len))
		return false;
	return s.len > 0;
}

bool
dmarc_uri_parse(struct span s, struct span *ret)
{
	struct span size = s, target, scheme;

	if (span_find(s, '!') != SPAN_NONE) {
		s = span_cut(&size, '!');
		if (!is_size(size))
			return false;
	}
	target = s;
	scheme = span_cut(&target, ':');
	if (!is_scheme(scheme) ||
	    !is_target(target, span_equal_nocase(scheme, SPAN("mailto"))))
		return false;
	*ret = s;
	return true;
}

/* dmarc-uri *( *WSP "," *WSP dmarc-uri ); false: one of them is not valid */
static bool
parse_uris(struct span value, struct dmarc_uris *uris)
{
	bool valid = true;

	while (value.len > 0) {
		struct span uri = trim(span_cut(&value, ','));

		if (!dmarc_uri_parse(uri, &uri))
			valid = false;
		else if (uris->len < DMARC_URIS_MAX)
			uris->uri[uris->len++] = uri;
	}
	return valid;
}

/* Takes one of p, sp and np; *bad is set if it is not valid. */
static bool
take_policy(struct span value, enum dmarc_policy *ret, bool *bad)
{
	if (parse_policy(value, ret))
		return true;
	*bad = true;
	return false;
}

/* pct= of RFC 7489: a whole number of 0 to 100, or nothing was said. */
static void
take_pct(struct span value, struct dmarc_record *r)
{
	uint64_t pct;

	if (value.len <= 3 && span_to_u64(value, 100, &pct))
		r->pct = (unsigned)pct;
}

/* Takes a tag that a record may have; unknown ones are ignored. */
static bool
take_tag(struct span name, struct span value, struct dmarc_record *r)
{
	size_t letter = 0;
	bool valid = true;

	if (span_equal(name, SPAN("p"))) {
		valid = take_policy(value, &r->p, &r->bad_policy);
	} else if (span_equal(name, SPAN("sp"))) {
		valid = take_policy(value, &r->sp, &r->bad_policy);
	} else if (span_equal(name, SPAN("np"))) {
		valid = take_policy(value, &r->np, &r->bad_np);
	} else if (span_equal(name, SPAN("adkim"))) {
		valid = parse_letter(value, SPAN("rs"), &letter);
		r->adkim_strict = letter == 1;
	} else if (span_equal(name, SPAN("aspf"))) {
		valid = parse_letter(value, SPAN("rs"), &letter);
		r->aspf_strict = letter == 1;
	} else if (span_equal(name, SPAN("t"))) {
		valid = parse_letter(value, SPAN("ny"), &letter);
		r->testing = letter == 1;
	} else if (span_equal(name, SPAN("psd"))) {
		valid = parse_letter(value, SPAN("uyn"), &letter);
		r->psd = (enum dmarc_psd)letter;
	} else if (span_equal(name, SPAN("pct"))) {
		take_pct(value, r);
	} else if (span_equal(name, SPAN("fo"))) {
		r->fo = value;
	} else if (span_equal(name, SPAN("rua"))) {
		valid = parse_uris(value, &r->rua);
	} else if (span_equal(name, SPAN("ruf"))) {
		valid = parse_uris(value, &r->ruf);
	}
	return valid;
}

static void
add_fault(struct dmarc_record *r, struct span part)
{
	if (r->faults < DMARC_FAULTS_MAX)
		r->fault[r->faults] = part;
	r->faults++;
}

/* Whether `name` came before; remembers it. */
static bool
is_twice(struct span *seen, size_t *count, struct span name)
{
	for (size_t i = 0; i < *count; i++)
		if (span_equal(seen[i], name))
			return true;
	if (*count < SEEN_MAX)
		seen[(*count)++] = name;
	return false;
}

bool
dmarc_record_parse(struct span text, struct dmarc_record *ret)
{
	struct dmarc_record r = {.fo = SPAN("0"), .pct = 100};
	struct span seen[SEEN_MAX], rest = text;
	size_t count = 0;

	if (text.len > DMARC_TEXT_MAX || !is_version(span_cut(&rest, ';')))
		return false;
	while (rest.len > 0) {
		struct span tag = trim(span_cut(&rest, ';')), name, value;

		if (tag.len == 0)
			continue;
		if (!split_tag(tag, &name, &value)) {
			r.untagged++;
			add_fault(&r, tag);
		} else if (is_twice(seen, &count, name) ||
			   !take_tag(name, value, &r)) {
			add_fault(&r, tag);
		}
	}
	*ret = r;
	return true;
}

static enum dmarc_effect
effect(const struct dmarc_record *r, bool bad)
{
	if (!bad && r->p != DMARC_POLICY_ABSENT)
		return DMARC_EFFECT_NORMAL;
	return bad && r->rua.len == 0 ? DMARC_EFFECT_NOTHING
				      : DMARC_EFFECT_MONITOR;
}

enum dmarc_effect
dmarc_record_effect(const struct dmarc_record *record)
{
	return effect(record, record->bad_policy || record->bad_np);
}

enum dmarc_effect
dmarc_record_effect_7489(const struct dmarc_record *record)
{
	return effect(record,
		      record->bad_policy || record->p == DMARC_POLICY_ABSENT);
}

bool
dmarc_uri_host(struct span uri, struct span *ret)
{
	struct span rest = uri, host;
	struct span scheme = span_cut(&rest, ':');

	if (span_equal_nocase(scheme, SPAN("mailto"))) {
		size_t at;

		host = span_cut(&rest, '?');
		at = span_find(host, '@');
		/* addr-spec without quotes, encoded or not: one "@" only */
		if (at == SPAN_NONE || at == 0)
			return false;
		host = span_skip(host, at + 1);
	} else {
		if (!span_starts(rest, SPAN("//")))
			return false;
		rest = span_skip(rest, 2);
		host = span_cut(&rest, '/');
		host = span_cut(&host, '?');
		host = span_cut(&host, '#');
		if (span_find_last(host, '@') != SPAN_NONE)
			host = span_skip(host, span_find_last(host, '@') + 1);
		host = span_cut(&host, ':');
	}
	for (size_t i = 0; i < host.len; i++)
		if (!ascii_is_alnum(host.ptr[i]) &&
		    span_find(SPAN("-._"), host.ptr[i]) == SPAN_NONE)
			return false;
	*ret = host;
	return host.len > 0;
}

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
	static const char *const name[] = {
		[DMARC_POLICY_ABSENT] = "",
		[DMARC_NONE] = "none",
		[DMARC_QUARANTINE] = "quarantine",
		[DMARC_REJECT] = "reject",
	};
	return name[policy];
}

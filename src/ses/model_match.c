/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/model_match.h"

#include "base/ascii.h"

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_hyphen_or_lower(char c)
{
	return c == '-' || is_lower(c);
}

static bool
is_base64(char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '/';
}

static bool
is_base36(char c)
{
	return ascii_is_digit(c) || is_lower(c);
}

static bool
is_word(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool
is_field_name(char c)
{
	return c >= '!' && c <= '~' && c != ':';
}

static bool
is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Returns whether `s` is `min` to `max` characters, all of which `is`. */
static bool
all(struct span s, bool (*is)(char c), size_t min, size_t max)
{
	if (s.len < min || s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.ptr[i]))
			return false;
	return true;
}

/* Whether "." takes all of it: no LF, CR, NEL, line or paragraph separator. */
static bool
is_line(struct span s)
{
	return span_find(s, '\n') == SPAN_NONE &&
	       span_find(s, '\r') == SPAN_NONE &&
	       span_search(s, SPAN("\xc2\x85")) == SPAN_NONE &&
	       span_search(s, SPAN("\xe2\x80\xa8")) == SPAN_NONE &&
	       span_search(s, SPAN("\xe2\x80\xa9")) == SPAN_NONE;
}

/* Returns `s` without the "=" at its end, at most two. */
static struct span
unpadded(struct span s)
{
	size_t pads = 0;

	while (pads < 2 && span_ends(s, SPAN("="))) {
		s.len--;
		pads++;
	}
	return s;
}

bool
model_match_contact(struct span s)
{
	return s.len >= 3 && is_line(s) &&
	       span_find(span_sub(s, 1, s.len - 1), '@') != SPAN_NONE;
}

/* [a-z]{2,4}-[a-z-]+-[0-9] */
static bool
is_region(struct span s)
{
	struct span rest = s;
	struct span first = span_cut(&rest, '-');
	size_t last = span_find_last(rest, '-');

	return last != SPAN_NONE && all(first, is_lower, 2, 4) &&
	       all(span_sub(rest, 0, last), is_hyphen_or_lower, 1, SIZE_MAX) &&
	       all(span_skip(rest, last + 1), ascii_is_digit, 1, 1);
}

bool
model_match_archive_arn(struct span s)
{
	struct span arn = span_cut(&s, ':'), partition = span_cut(&s, ':');
	struct span service = span_cut(&s, ':'), region = span_cut(&s, ':');
	struct span account = span_cut(&s, ':');

	if (!span_equal(arn, SPAN("arn")) || !span_equal(service, SPAN("ses")))
		return false;
	if (!span_equal(partition, SPAN("aws")) &&
	    !(span_starts(partition, SPAN("aws-")) &&
	      all(span_skip(partition, 4), is_hyphen_or_lower, 1, SIZE_MAX)))
		return false;
	return is_region(region) && all(account, ascii_is_digit, 1, 20) &&
	       span_starts(s, SPAN("mailmanager-archive/a-")) &&
	       all(span_skip(s, 22), is_base36, 24, 62);
}

bool
model_match_endpoint(struct span s)
{
	return all(s, is_word, 1, SIZE_MAX);
}

bool
model_match_header_name(struct span s)
{
	return all(s, is_field_name, 1, SIZE_MAX);
}

bool
model_match_header_value(struct span s)
{
	return all(s, is_printable, 0, SIZE_MAX);
}

bool
model_match_base64(struct span s)
{
	return s.len % 4 == 0 && all(unpadded(s), is_base64, 0, SIZE_MAX);
}

bool
model_match_private_key(struct span s)
{
	return all(unpadded(s), is_base64, 1, SIZE_MAX);
}

bool
model_match_s3_url(struct span s)
{
	struct span bucket, last;
	size_t slash;

	if (!span_starts(s, SPAN("s3://")))
		return false;
	s = span_skip(s, 5);
	slash = span_find(s, '/');
	if (slash == SPAN_NONE || slash == 0)
		return false;
	bucket = span_cut(&s, '/');
	if (span_ends(s, SPAN("/")))
		s.len--;
	slash = span_find_last(s, '/');
	last = slash == SPAN_NONE ? s : span_skip(s, slash + 1);
	return bucket.len > 0 && last.len > 0 &&
	       is_line(span_head(s, s.len - last.len));
}

bool
model_match_selector(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.ptr[i]) &&
		    (s.ptr[i] != '-' || i == 0 || i == s.len - 1))
			return false;
	return s.len > 0;
}

/* Everything is one, but a fragment of more than one line. */
bool
model_match_url(struct span s)
{
	size_t hash = span_find(s, '#');

	return hash == SPAN_NONE || is_line(span_skip(s, hash + 1));
}

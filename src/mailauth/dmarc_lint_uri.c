/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

#include <stdio.h>

#include "base/ascii.h"

/* Destinations that a receiver must support at least (RFC 7489 s6.2). */
#define SUPPORTED 2

/* The URIs of a tag, while they are looked at. */
struct look {
	struct span text; /* of the record */
	struct span tag;
	struct dmarc_findings *f;
	struct dmarc_uris seen; /* those that are valid */
};

/* Whether `uri` encodes a control character: %00 to %1F, %7F. */
static bool
has_control(struct span uri)
{
	for (size_t i = 0; i + 2 < uri.len; i++) {
		char high = uri.ptr[i + 1], low = uri.ptr[i + 2];

		if (uri.ptr[i] != '%' || ascii_hex(high) < 0 ||
		    ascii_hex(low) < 0)
			continue;
		if (high == '0' || high == '1' ||
		    (high == '7' && span_lower(low) == 'f'))
			return true;
	}
	return false;
}

static void
say(struct look *l, enum dmarc_lint_code code, struct span uri)
{
	dmarc_findings_add(l->f, code, l->tag, (size_t)(uri.ptr - l->text.ptr),
			   uri, l->tag);
}

/* What is wrong with one that is not valid. */
static enum dmarc_lint_code
fault_of(struct span uri)
{
	struct span rest = uri;
	struct span scheme = span_cut(&rest, ':');

	if (has_control(uri))
		return DMARC_LINT_URI_CONTROL;
	if (span_find(uri, ':') == SPAN_NONE &&
	    span_find(uri, '@') != SPAN_NONE)
		return DMARC_LINT_URI_NO_SCHEME;
	if (span_equal_nocase(scheme, SPAN("mailto")) &&
	    span_starts(rest, SPAN("//")))
		return DMARC_LINT_URI_SLASHES;
	return DMARC_LINT_URI_INVALID;
}

/* What is to be said of one that is valid. */
static void
lint_valid(struct look *l, struct span uri)
{
	struct span host;

	if (span_starts_nocase(uri, SPAN("mailto://"))) {
		say(l, DMARC_LINT_URI_SLASHES, uri);
		return;
	}
	if (!span_starts_nocase(uri, SPAN("mailto:")))
		say(l, DMARC_LINT_URI_SCHEME, uri);
	else if (!dmarc_uri_host(uri, &host))
		say(l, DMARC_LINT_URI_HOST, uri);
	for (size_t i = 0; i < l->seen.len; i++)
		if (span_equal_nocase(l->seen.uri[i], uri)) {
			say(l, DMARC_LINT_URI_TWICE, uri);
			return;
		}
	if (l->seen.len < DMARC_URIS_MAX)
		l->seen.uri[l->seen.len++] = uri;
}

void
dmarc_lint_uris(struct span text, struct span tag, struct span value,
		struct dmarc_findings *f)
{
	struct look l = {.text = text, .tag = tag, .f = f};
	struct span rest = value;
	size_t count = 0;
	char number[24];

	while (rest.len > 0) {
		struct span part = span_trim(span_cut(&rest, ','));
		struct span uri;

		if (part.len == 0)
			continue;
		count++;
		if (!dmarc_uri_parse(part, &uri)) {
			say(&l, fault_of(part), part);
			continue;
		}
		if (uri.len != part.len)
			say(&l, DMARC_LINT_URI_SIZE, part);
		lint_valid(&l, uri);
	}
	if (count <= SUPPORTED)
		return;
	snprintf(number, sizeof(number), "%zu", count);
	dmarc_findings_add(f, DMARC_LINT_URI_MANY, tag,
			   (size_t)(value.ptr - text.ptr), span_of(number),
			   tag);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "text/domain.h"

#include <idn2.h>

#include "base/ascii.h"

/*
 * One rule for all: mapped as UTS 46 says, but never "ss" for sharp s.  STD3
 * is check_label()'s: libidn2 drops what its flag for that does not allow,
 * where it ought to refuse.
 */
#define IDN_FLAGS (IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || ascii_is_digit(c);
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool
is_all(struct span s, const char *set)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\0' || strchr(set, s.ptr[i]) == NULL)
			return false;
	return true;
}

/* Whether `text` is an IPv4 or IPv6 address, bare or in brackets. */
static bool
is_address(struct span text)
{
	size_t dot = span_find_last(text, '.');

	if (span_starts(text, SPAN("[")))
		return true;
	if (span_find(text, ':') != SPAN_NONE)
		return is_all(text, "0123456789abcdefABCDEF:.%");
	return dot != SPAN_NONE && dot + 1 < text.len &&
	       is_all(span_skip(text, dot + 1), "0123456789");
}

/* Copies the lower case of `text`, which is ASCII, to `to`. */
static enum domain_status
copy_ascii(struct span text, char to[DOMAIN_TEXT_MAX + 1], size_t *len)
{
	for (size_t i = 0; i < text.len; i++)
		to[i] = span_lower(text.ptr[i]);
	*len = text.len;
	return DOMAIN_OK;
}

static enum domain_status
status_of_idn2(int rc)
{
	switch (rc) {
	case IDN2_OK:
		return DOMAIN_OK;
	case IDN2_TOO_BIG_DOMAIN:
		return DOMAIN_TOO_LONG;
	case IDN2_TOO_BIG_LABEL:
		return DOMAIN_LONG_LABEL;
	case IDN2_ENCODING_ERROR:
		return DOMAIN_BAD_CHARACTER;
	default:
		return DOMAIN_BAD_IDN;
	}
}

/* Maps `text`, which has U-labels, to A-labels at `to`. */
static enum domain_status
copy_idn(struct span text, char to[DOMAIN_TEXT_MAX + 1], size_t *len)
{
	char source[DOMAIN_TEXT_MAX + 1];
	enum domain_status status;
	uint8_t *mapped = NULL;

	memcpy(source, text.ptr, text.len);
	source[text.len] = '\0';
	status = status_of_idn2(
		idn2_lookup_u8((uint8_t *)source, &mapped, IDN_FLAGS));
	if (status == DOMAIN_OK) {
		struct span ascii = span_of((char *)mapped);

		if (ascii.len > DOMAIN_TEXT_MAX || !is_ascii(ascii))
			status = DOMAIN_TOO_LONG;
		else
			status = copy_ascii(ascii, to, len);
	}
	idn2_free(mapped);
	return status;
}

/* Whether the A-label `label` is what IDNA makes of what it stands for. */
static bool
is_true_alabel(struct span label)
{
	char source[DOMAIN_LABEL_MAX + 1];
	uint8_t *back = NULL;
	char *unicode = NULL;
	bool same;

	memcpy(source, label.ptr, label.len);
	source[label.len] = '\0';
	same = idn2_to_unicode_8z8z(source, &unicode, 0) == IDN2_OK &&
	       !is_ascii(span_of(unicode)) &&
	       idn2_lookup_u8((uint8_t *)unicode, &back, IDN_FLAGS) ==
		       IDN2_OK &&
	       span_equal(span_of((char *)back), label);
	idn2_free(unicode);
	idn2_free(back);
	return same;
}

static enum domain_status
check_label(struct span label)
{
	if (label.len == 0)
		return DOMAIN_EMPTY_LABEL;
	for (size_t i = 0; i < label.len; i++) {
		if (label.ptr[i] == '_')
			return DOMAIN_UNDERSCORE;
		if (!is_letter_or_digit(label.ptr[i]) && label.ptr[i] != '-')
			return DOMAIN_BAD_CHARACTER;
	}
	if (label.len > DOMAIN_LABEL_MAX)
		return DOMAIN_LONG_LABEL;
	if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return DOMAIN_HYPHEN;
	if (span_starts(label, SPAN("xn--")) && !is_true_alabel(label))
		return DOMAIN_BAD_IDN;
	return DOMAIN_OK;
}

/* Checks `ascii`, in lower case without a final dot, by the last rules. */
static enum domain_status
check_ascii(struct span ascii)
{
	size_t at = 0, labels = 0;

	if (ascii.len == 0)
		return DOMAIN_EMPTY;
	if (is_address(ascii))
		return DOMAIN_ADDRESS;
	while (at <= ascii.len) {
		size_t n = span_find(span_skip(ascii, at), '.');
		size_t end = n == SPAN_NONE ? ascii.len : at + n;
		enum domain_status status =
			check_label(span_sub(ascii, at, end));

		if (status != DOMAIN_OK)
			return status;
		labels++;
		at = end + 1;
	}
	if (ascii.len > DOMAIN_MAX)
		return DOMAIN_TOO_LONG;
	return labels > 1 ? DOMAIN_OK : DOMAIN_ONE_LABEL;
}

enum domain_status
domain_parse(struct span text, struct domain *ret)
{
	char ascii[DOMAIN_TEXT_MAX + 1];
	enum domain_status status;
	size_t len = 0;

	if (text.len > DOMAIN_TEXT_MAX)
		return DOMAIN_TOO_LONG;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
			return DOMAIN_BAD_CHARACTER;
	status = is_ascii(text) ? copy_ascii(text, ascii, &len)
				: copy_idn(text, ascii, &len);
	if (status != DOMAIN_OK)
		return status;
	if (len > 0 && ascii[len - 1] == '.')
		len--;
	status = check_ascii(span_bytes(ascii, len));
	if (status != DOMAIN_OK)
		return status;
	*ret = (struct domain){.len = (uint8_t)len};
	memcpy(ret->s, ascii, len);
	return DOMAIN_OK;
}

const char *
domain_strerror(enum domain_status status)
{
	static const char *const text[] = {
		[DOMAIN_OK] = "the domain is well formed",
		[DOMAIN_EMPTY] = "there is no domain",
		[DOMAIN_EMPTY_LABEL] = "there is nothing before a dot",
		[DOMAIN_LONG_LABEL] = "a label is longer than 63 characters",
		[DOMAIN_TOO_LONG] = "the domain is longer than 253 characters",
		[DOMAIN_ONE_LABEL] = "a mail domain has at least two labels",
		[DOMAIN_ADDRESS] = "an IP address is not a domain",
		[DOMAIN_UNDERSCORE] = "a mail domain has no underscore",
		[DOMAIN_HYPHEN] = "a label begins or ends with a hyphen",
		[DOMAIN_BAD_CHARACTER] = "a character may not be in a domain",
		[DOMAIN_BAD_IDN] = "the internationalised name is not valid",
	};
	return text[status];
}

bool
domain_is_under(const struct domain *domain, const struct domain *above)
{
	if (!span_ends(domain_span(domain), domain_span(above)))
		return false;
	return domain->len == above->len ||
	       domain->s[domain->len - above->len - 1] == '.';
}

void
domain_format(const struct domain *domain, struct buf *to)
{
	char *unicode = NULL;
	struct domain again;

	if (idn2_to_unicode_8z8z(domain->s, &unicode, 0) == IDN2_OK &&
	    domain_parse(span_of(unicode), &again) == DOMAIN_OK &&
	    span_equal(domain_span(&again), domain_span(domain)))
		buf_adds(to, unicode);
	else
		buf_add(to, domain_span(domain));
	idn2_free(unicode);
}

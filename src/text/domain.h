/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain - a mail domain that a person wrote: struct domain.
 *
 * Held in the one form that everything compares, stores and looks up: lower
 * case A-labels without a final dot (RFC 5890, UTS 46 non-transitional, STD3
 * rules).  U-labels are only for the eyes.  Whether the domain exists, or is
 * a public suffix, is not asked here; and names with underscores, as records
 * have them, are a struct dname, not this.
 *
 * Pure: no I/O, no logging, no clock.  A domain is a value.
 */
#pragma once

#include "base/buf.h"
#include "base/macros.h"
#include "base/span.h"

#define DOMAIN_MAX       253  /* characters of a domain in A-labels */
#define DOMAIN_LABEL_MAX 63   /* characters in a label */
#define DOMAIN_TEXT_MAX  1024 /* octets of what a person writes */

struct domain {
	uint8_t len;            /* of s */
	char s[DOMAIN_MAX + 1]; /* with its NUL */
};

enum domain_status {
	DOMAIN_OK = 0,
	DOMAIN_EMPTY,         /* nothing, or only a dot */
	DOMAIN_EMPTY_LABEL,   /* two dots together, or a dot first */
	DOMAIN_LONG_LABEL,    /* a label above DOMAIN_LABEL_MAX */
	DOMAIN_TOO_LONG,      /* above DOMAIN_MAX in all */
	DOMAIN_ONE_LABEL,     /* no dot inside: "localhost", "com" */
	DOMAIN_ADDRESS,       /* an IP address, or digits where a TLD stands */
	DOMAIN_UNDERSCORE,    /* "_domainkey.example.org" */
	DOMAIN_HYPHEN,        /* a label begins or ends with a hyphen */
	DOMAIN_BAD_CHARACTER, /* a space, a slash, an "@", bad UTF-8 ... */
	DOMAIN_BAD_IDN,       /* "xn--" without a label behind it, or letters
				 that IDNA does not allow together */
};

/*
 * Parses `text`, in U-labels (UTF-8) or A-labels; one dot may stand last.
 * DOMAIN_OK sets *ret; any other status leaves it alone.
 */
enum domain_status domain_parse(struct span text,
				struct domain *ret) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *domain_strerror(enum domain_status status);

/* Borrows the A-labels of `domain`. */
static inline struct span
domain_span(const struct domain *domain)
{
	return (struct span){domain->s, domain->len};
}

/* Returns whether `domain` is `above` or lies below it. */
bool domain_is_under(const struct domain *domain, const struct domain *above);

/*
 * Appends `domain` in U-labels, for display: domain_parse() of that is
 * `domain` again.
 */
void domain_format(const struct domain *domain, struct buf *to);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_macro - the macros of SPF, such as "%{ir}.%{v}._spf.%{d2}".
 *
 * RFC 7208 section 7.  There are two places for them: a domain-spec, whose
 * result is asked in DNS, and the text that "exp=" points at, which may also
 * use c, r and t.  The macro p needs DNS; who expands finds the name first.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: the context borrows; the result is a value of the caller's.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"
#include "mailauth/spf_ip.h"

/*
 * RFC 7208 section 7.3: "When the result of macro expansion is used in a
 * domain name query, if the expanded domain name exceeds 253 characters ...
 * the left side is truncated to fit".
 */
#define SPF_DOMAIN_MAX 253
/* Most octets of an explanation; what is longer is cut. */
#define SPF_EXPLANATION_MAX 255

enum spf_macro_mode {
	SPF_MACRO_DOMAIN,  /* domain-spec: ends in a toplabel or a macro */
	SPF_MACRO_STRING,  /* macro-string: of a modifier that is not known */
	SPF_MACRO_EXPLAIN, /* explain-string: spaces, and the letters c r t */
};

/* What the letters stand for. */
struct spf_macro {
	struct spf_ip ip;      /* i, c, v */
	struct span local;     /* l, and s before its "@" */
	struct span sender;    /* o, and s behind its "@" */
	struct span domain;    /* d */
	struct span helo;      /* h */
	struct span receiver;  /* r; "" is "unknown" */
	struct span validated; /* p; "" is "unknown" */
	int64_t now;           /* t: ms since 1970 */
};

/* An expansion. */
struct spf_macro_text {
	char s[SPF_EXPLANATION_MAX + 1];
	size_t len;
};

/* What a text uses, as bits. */
#define SPF_USES_MACRO 1 /* it has a "%": it is not what it looks like */
#define SPF_USES_P     2 /* the macro p, which needs DNS */
#define SPF_USES_L     4 /* the macros l or s: the local-part */

/*
 * Returns whether `text` is well formed for `mode`, and sets *ret_uses to
 * the SPF_USES_ of what it uses.
 */
bool spf_macro_scan(struct span text, enum spf_macro_mode mode,
		    uint8_t *ret_uses) MUST_CHECK;

/* Returns whether `text` is well formed for `mode`. */
bool spf_macro_valid(struct span text, enum spf_macro_mode mode) MUST_CHECK;

/*
 * Returns whether `text`, a well-formed one, uses a macro with `letter`,
 * which is given in lower case, in either case.
 */
bool spf_macro_uses(struct span text, char letter) MUST_CHECK;

/*
 * Expands `text`, a well-formed domain-spec.  Whole labels are dropped from
 * the left until SPF_DOMAIN_MAX is kept; that may leave nothing.
 */
void spf_macro_domain(struct span text, const struct spf_macro *m,
		      struct spf_macro_text *ret);

/* Expands `text`, a well-formed explain-string, up to SPF_EXPLANATION_MAX. */
void spf_macro_explain(struct span text, const struct spf_macro *m,
		       struct spf_macro_text *ret);

/*
 * Returns whether every octet of `text` is a visible one of ASCII: %x21-7E,
 * what a term is made of.
 */
bool spf_is_visible(struct span text);

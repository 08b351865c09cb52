/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert - between the library's public types and the engine's.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: what a result_of_ function gives points into the arena alone.
 */
#pragma once

#include <sesame/mailauth.h>

#include "base/arena.h"
#include "mailauth/arc.h"
#include "mailauth/dkim_verify.h"
#include "mailauth/dmarc.h"
#include "mailauth/spf.h"

/* Octets that the results of one message take, as they are given out. */
#define RESULTS_ARENA_MAX ((size_t)1 << 20)

/* Borrows `text`; one that is not known is empty. */
static inline struct span
span_of_text(struct sesame_text text)
{
	return span_bytes(text.ptr, text.ptr != NULL ? text.len : 0);
}

/* Borrows `s` as a text; there is a NUL behind it. */
static inline struct sesame_text
text_of_span(struct span s)
{
	return (struct sesame_text){s.ptr, s.len};
}

/* Copies `s` into `arena`, with a NUL. */
struct sesame_text text_copy(struct arena *arena, struct span s);

/*
 * Copies the struct that a program filled, whose first member is its size,
 * over the `size` zeroed bytes at `to`.  Returns false if it has members that
 * this library does not know, and they are set; or `in` is NULL.
 */
bool input_take(const void *in, void *to, size_t size) MUST_CHECK;

/* Returns `mail_from` without "<" and ">". */
struct span bare_path(struct span mail_from);

/* Makes a name of a domain that a program gave; false if it is none. */
bool name_of_text(struct sesame_text text, struct dname *ret) MUST_CHECK;

/* Returns whether `text` may be s=, in a DNS name before `domain` too. */
bool is_selector(struct span text, const struct domain *domain) MUST_CHECK;

/* Returns whether `id` may stand as it is as the authserv-id of a field. */
bool is_authserv_id(struct span id) MUST_CHECK;

/* Sets *ret to what `spf` says. */
void result_of_spf(const struct spf_result *spf, struct arena *arena,
		   struct sesame_spf_result *ret);

/* Sets *ret to what `dkim` says, its field being one of `header`. */
void result_of_dkim(const struct dkim_result *dkim,
		    const struct header_block *header, struct arena *arena,
		    struct sesame_dkim_result *ret);

/* Sets *ret to what `dmarc` says. */
void result_of_dmarc(const struct dmarc_result *dmarc, struct arena *arena,
		     struct sesame_dmarc_result *ret);

/* Sets *ret to what `arc` says. */
void result_of_arc(const struct arc_result *arc, struct arena *arena,
		   struct sesame_arc_result *ret);

/* Returns the public code of an outcome. */
enum sesame_dkim_code code_of_dkim(enum dkim_outcome outcome);

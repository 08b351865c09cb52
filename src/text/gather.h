/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather - the header of a message that comes in pieces.
 *
 * It ends behind its empty line (RFC 5322 section 2.1), or where it is longer
 * than header_parse() reads: that then says so, and the rest counts as body.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: a struct gather owns its
 * octets, HEADER_SIZE_MAX and a few at most, until it is released.
 */
#pragma once

#include "text/header.h"

struct gather {
	struct buf text; /* what has come */
	bool whole;      /* it is all there */
};

/* Makes `g` empty. */
void gather_init(struct gather *g);

/* Frees what `g` holds. */
void gather_release(struct gather *g);

/*
 * Takes what of `bytes` belongs to the header; returns how many octets that
 * is.  Sets g->whole when the header is all there: what follows is body.
 */
size_t gather_feed(struct gather *g, struct span bytes) MUST_CHECK;

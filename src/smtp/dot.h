/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dot - the text of a message as it goes out after DATA.
 *
 * The twin of undot: doubles a dot that begins a line and puts the end, CRLF
 * "." CRLF, behind the text (RFC 5321 section 4.5.2).  It does not repair:
 * text that holds a bare CR, a bare LF or a NUL is refused by dot_check()
 * before anything is sent, since what leaves must be what was signed.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: borrows the parts given to dot_init().
 */
#pragma once

#include "base/macros.h"
#include "base/writer.h"

/* Parts of a message: say signatures, header and body. */
#define DOT_PARTS_MAX 4

struct dot {
	struct span part[DOT_PARTS_MAX]; /* the message, in this order */
	size_t parts;                    /* of part */
	size_t i;                        /* part being put */
	size_t n;                        /* octets of it already put */
	bool text;                       /* the line has an octet already */
	bool ended;                      /* the end was put */
};

/* What dot_check() learns of a message. */
struct dot_facts {
	uint64_t size;  /* octets */
	bool eight_bit; /* has octets above 127 */
};

/*
 * Looks whether the message of these parts may be sent as it is.
 * Returns false, leaving *ret alone, if it has a bare CR, a bare LF or a NUL.
 */
bool dot_check(const struct span *part, size_t parts,
	       struct dot_facts *ret) MUST_CHECK;

/* Begins the message of these parts, at most DOT_PARTS_MAX; borrows them. */
void dot_init(struct dot *d, const struct span *part, size_t parts);

/*
 * Puts as much as there is room for; at least 5 octets must be free.
 * Returns whether the whole, its end included, has been put.
 */
bool dot_put(struct dot *d, struct writer *to);

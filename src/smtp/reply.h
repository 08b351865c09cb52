/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply - what an SMTP server answered, read one octet at a time if need be.
 *
 * RFC 5321 section 4.2: lines of one three-digit code, "-" after it in all
 * but the last.  The text is a stranger's: it is kept only within limits and
 * only as printable ASCII, so that it may be stored, logged and shown.
 * A line ends with CRLF; a bare LF, which could carry a forged second line
 * out of text that the server echoes, is a protocol error.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

#define REPLY_TEXT_MAX      2048 /* octets of text kept of one reply */
#define REPLY_KEPT_MAX      512  /* octets of text kept of one line */
#define REPLY_LINE_MAX      4096 /* octets of a line that is read at all */
#define REPLY_LINES_MAX     100  /* lines of one reply */
#define REPLY_ENHANCED_SIZE 12   /* "5.999.999", and a NUL */

enum reply_status {
	REPLY_OK = 0,
	REPLY_MORE,       /* it has not ended yet */
	REPLY_BAD_CODE,   /* no code from 200 to 559, or no space behind it */
	REPLY_MIXED,      /* its lines have different codes */
	REPLY_BARE,       /* a bare LF */
	REPLY_LONG_LINE,  /* above REPLY_LINE_MAX */
	REPLY_MANY_LINES, /* above REPLY_LINES_MAX */
};

struct reply {
	int code;                           /* 200 to 559 */
	char enhanced[REPLY_ENHANCED_SIZE]; /* RFC 3463 code, or "" */
	size_t lines;                       /* how many it had */
	size_t len;                         /* of text */
	char text[REPLY_TEXT_MAX + 1];      /* its lines without their codes,
					       cleaned, with "\n" between */
};

/* Reads replies, one after the other. */
struct reply_reader {
	struct reply reply;       /* as far as it is read */
	char head[4];             /* this line's code and separator */
	size_t line;              /* octets of this line so far */
	bool cr;                  /* the last octet was a CR */
	enum reply_status status; /* an error sticks */
};

/* Makes `r` ready for the first reply. */
void reply_reader_init(struct reply_reader *r);

/*
 * Takes octets off the front of `bytes`, up to the end of one reply, and
 * sets *ret_taken to how many.  REPLY_OK: r->reply holds until the next
 * call.  REPLY_MORE: all were taken, more are needed.  Anything else is the
 * end: the connection is of no more use.
 */
enum reply_status reply_read(struct reply_reader *r, struct span bytes,
			     size_t *ret_taken) MUST_CHECK;

/*
 * Writes the reply as one line, "550 5.1.1 no such user", cut to fit `size`
 * octets with their NUL; size > 0.
 */
void reply_line(const struct reply *reply, char *to, size_t size);

/*
 * Returns the parameters of the extension `keyword` in an EHLO reply through
 * *ret ("" if there are none); false if it is not offered.
 */
bool reply_offers(const struct reply *reply, struct span keyword,
		  struct span *ret) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *reply_strerror(enum reply_status status);

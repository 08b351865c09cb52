/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - a message that is fed in pieces: its header gathered and parsed,
 * its body passed on.
 *
 * The body is never kept.  With Unix lines each LF without CR counts as CRLF,
 * wherever the pieces were cut.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given.
 * Ownership: the header lives in the arena.
 */
#pragma once

#include "base/arena.h"
#include "text/gather.h"

/* Octets it takes from the arena at most. */
#define MESSAGE_ARENA_MAX ((size_t)1 << 20)

/* Takes a piece of what is fed. */
typedef void message_sink(void *context, struct span bytes);

/* Line ends, on their way to CRLF. */
struct lines {
	bool unix_ends; /* a LF without CR is a CRLF */
	bool cr;        /* the newest byte was a CR */
};

/* Passes `bytes` on to `sink`, their line ends made CRLF if that is asked. */
void lines_feed(struct lines *lines, struct span bytes, message_sink *sink,
		void *context);

/* Whom a message's parts are given to. */
struct message_to {
	void (*header)(void *context); /* it is parsed: before any body */
	message_sink *body;            /* the next piece of it */
	void *context;                 /* of both */
};

struct message {
	struct message_to to;
	struct arena *arena;
	struct lines lines;
	struct gather gathered; /* the header, while it comes */
	bool has_header;        /* `header` and `status` hold */
	bool ended;
	struct header_block header;
	enum header_status status;
};

/* Makes `m` ready for the first byte. */
void message_init(struct message *m, bool unix_ends, struct message_to to,
		  struct arena *arena);

/* Frees what `m` holds, but for what is in the arena. */
void message_release(struct message *m);

/* Goes on with `bytes`; false if it has ended. */
bool message_feed(struct message *m, struct span bytes) MUST_CHECK;

/* Ends the message; false if it has ended before. */
bool message_end(struct message *m) MUST_CHECK;

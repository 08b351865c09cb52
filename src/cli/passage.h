/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passage - a message that passes through a command on its way to stdout.
 *
 * It is read twice, once to hash it and once to write it behind what was put
 * on top: a file from its beginning again, so that memory does not grow with
 * the body; what cannot be read again, such as a pipe, is held once.
 *
 * What is signed has CRLF at the end of each line and no other CR or LF (RFC
 * 5322 section 2.3); a message that has not is refused, or with `crlf`
 * converted on its way, the same both times.
 */
#pragma once

#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"
#include "text/header.h"

#define PASSAGE_CHUNK 65536 /* octets read at a time */

/* Only the functions below touch the members, but for `head`. */
struct passage {
	const char *path; /* of the file, "-": stdin */
	int fd;           /* of it; -1: none is open */
	off_t start;      /* where it begins */
	bool held;        /* it is in `whole`: it cannot be read again */
	struct buf whole; /* what is held */
	bool crlf;        /* line ends are to be converted */
	struct stat stat; /* of the file, when it was first read */

	struct buf head;  /* the header, up to and with its empty line */
	struct span rest; /* of a piece: what is behind the header */

	uint64_t at;      /* octets read so far in this reading */
	uint64_t line;    /* the line they end in, from 1 */
	bool cr;          /* they end in a CR */
	struct buf raw;   /* what was read */
	struct buf piece; /* the same, converted */
	bool ended;       /* there is no more */
};

/*
 * Opens the message in the file `path`, "-" being stdin, and reads its header.
 * Fails with ERROR_IO, or ERROR_BAD_REQUEST with what is to be done about the
 * message.  Either way passage_close() is due.
 */
bool passage_open(struct passage *p, const char *path, bool crlf,
		  struct error *reterr) MUST_CHECK;

/*
 * Splits the header into fields, which borrow from `p`.  Fails with
 * ERROR_BAD_REQUEST if it is malformed, or has not one From field: such a
 * message is not to be signed.
 */
bool passage_header(const struct passage *p, struct arena *arena,
		    struct header_block *ret, struct error *reterr) MUST_CHECK;

/* Gives the body to `put`, in pieces; once. */
bool passage_body(struct passage *p,
		  void (*put)(void *context, struct span bytes), void *context,
		  struct error *reterr) MUST_CHECK;

/*
 * Writes the whole message to `to`; after passage_body().  Fails with
 * ERROR_IO, also if the file has changed meanwhile: what was written is then
 * not to be used.
 */
bool passage_copy(struct passage *p, FILE *to, struct error *reterr) MUST_CHECK;

/* Closes it and frees what it holds. */
void passage_close(struct passage *p);

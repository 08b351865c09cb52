/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access_log - a line for each request of the API: JSON, on stderr.
 *
 * It has no secrets: nothing of a body, a query or a signature, and of the
 * path only which operation it is.  A reader that does not keep up loses
 * lines, which the next one counts; the server never waits for it.
 */
#pragma once

#include "base/buf.h"
#include "sys/net.h"

/* Octets of a line: a pipe takes so many at once, or none (PIPE_BUF). */
#define ACCESS_LOG_LINE_MAX 2048

/* What is said of a request; a text that is "" is null. */
struct access_log_line {
	int64_t time;           /* when its head was there, ms since 1970 */
	const char *request_id; /* as in the answer's x-amzn-RequestId */
	const char *account;    /* once its signature was found good */
	struct span access_key; /* id, as the request says, good or not */
	const char *operation;  /* that it named */
	int status;             /* of the answer */
	const char *error;      /* the answer's error */
	int64_t ms;             /* from its head to its answer */
	uint64_t received;      /* octets of its body, as announced */
	uint64_t sent;          /* octets of the answer's body */
	const struct net_address *peer;
	bool gone; /* the client was not there any more to be answered */
};

/* Appends the line that says all that, with its line end, to *ret. */
void access_log_format(const struct access_log_line *line, uint64_t dropped,
		       struct buf *ret);

/* Writes it to the file `fd`, if that takes it now; else counts it in *lost,
 * which becomes 0 when a line said it. */
void access_log_write(int fd, const struct access_log_line *line,
		      uint64_t *lost);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * response - an HTTP/1.1 response, as bytes.
 *
 * Content-Length, Date and Connection are written here; every other field is
 * the caller's.  A field with a character that could end it early is refused,
 * wherever it came from.
 *
 * RFC 9110, RFC 9112 section 4.
 *
 * Pure: no allocation but in a given buffer, no I/O, no logging, no clock.
 */
#pragma once

#include "base/buf.h"
#include "http/request.h"

/* Fields a response may have of the caller's. */
#define HTTP_RESPONSE_HEADERS_MAX 24
/* Octets of a response's body. */
#define HTTP_RESPONSE_MAX ((size_t)32 << 20)

/* What is to be answered. */
struct http_response {
	int status;                                           /* 100 to 599 */
	struct http_header header[HTTP_RESPONSE_HEADERS_MAX]; /* borrowed */
	size_t headers;                                       /* of header */
	struct span body;                                     /* borrowed */
};

/* Adds a field, borrowing both texts until the response is written. */
void http_response_add(struct http_response *response, struct span name,
		       struct span value);

/*
 * Appends the response.  `now` is the wall clock in milliseconds, for Date;
 * `close` says that the connection ends with it; `head` leaves the body out
 * (the answer to HEAD), not its Content-Length.
 * Returns false, having added nothing, if a field's name or value has an
 * octet that may not be there, or `to` has no room.
 */
bool http_response_write(const struct http_response *response, int64_t now,
			 bool close, bool head, struct buf *to) MUST_CHECK;

/* Returns the reason phrase of a status, static; "Status" if not known. */
const char *http_reason(int status);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request - the head of an HTTP/1.1 request, read strictly.
 *
 * Where two readers could disagree about where a request ends, it is refused:
 * a body is framed by one Content-Length and nothing else, a line ends in
 * CRLF and nothing else, a field is never folded.  Only the origin form of
 * a target is known.  What the fields mean is the caller's business, but for
 * those that frame the message: Host, Content-Length, Transfer-Encoding,
 * Connection and Expect.
 *
 * RFC 9110, RFC 9112.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: a request borrows the bytes it was parsed from.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Octets of a head: request line, fields and the empty line. */
#define HTTP_HEAD_MAX 16384
/* Fields of a head. */
#define HTTP_HEADERS_MAX 64
/* Octets of a target: path and query. */
#define HTTP_TARGET_MAX 8192

/* What a server says of a head; each but the first ends the connection. */
enum http_verdict {
	HTTP_OK = 0,
	HTTP_BAD_OCTET,     /* a control character, a bare CR or LF */
	HTTP_BAD_LINE,      /* not METHOD SP target SP version */
	HTTP_BAD_METHOD,    /* a method that nobody serves here */
	HTTP_BAD_TARGET,    /* not a path, or with an octet URIs do not have */
	HTTP_LONG_TARGET,   /* above HTTP_TARGET_MAX */
	HTTP_BAD_VERSION,   /* not HTTP/1.1 */
	HTTP_BAD_FIELD,     /* no name, space before the colon, folded */
	HTTP_MANY_FIELDS,   /* above HTTP_HEADERS_MAX */
	HTTP_LONG_HEAD,     /* above HTTP_HEAD_MAX */
	HTTP_BAD_HOST,      /* none, two, or not a host */
	HTTP_BAD_LENGTH,    /* two, or not a plain number */
	HTTP_BAD_CODING,    /* Transfer-Encoding: not served */
	HTTP_TWO_FRAMES,    /* Transfer-Encoding and Content-Length */
	HTTP_BAD_EXPECT,    /* another expectation than 100-continue */
	HTTP_VERDICT_COUNT, /* how many there are */
};

/* A field of the head. */
struct http_header {
	struct span name;  /* as it came: compare without case */
	struct span value; /* white space at both ends gone */
};

/* A head that was understood. */
struct http_request {
	struct span method; /* such as "GET" */
	struct span target; /* as it came, percent codes and all */
	struct span path;   /* the target up to its "?" */
	struct span query;  /* the target after its "?"; may be empty */
	struct span host;   /* value of Host */
	struct http_header header[HTTP_HEADERS_MAX]; /* in their order */
	size_t headers;                              /* of header */
	uint64_t length; /* octets of the body; 0 without one */
	bool expects;    /* the client waits for 100 before its body */
	bool close;      /* "Connection: close" */
};

/*
 * Parses a request line without its CRLF, into method, target, path and
 * query of *ret; the rest of it is not touched.
 */
enum http_verdict http_line_parse(struct span line,
				  struct http_request *ret) MUST_CHECK;

/*
 * Parses a whole head, up to and with the empty line that ends it.
 * What *ret has is undefined unless HTTP_OK is returned.
 */
enum http_verdict http_request_parse(struct span head,
				     struct http_request *ret) MUST_CHECK;

/* Returns the value of the first field called `name`, or NULL. */
const struct span *http_header_get(const struct http_request *request,
				   struct span name);

/* Returns how many fields are called `name`. */
size_t http_header_count(const struct http_request *request, struct span name);

/* Returns the status that answers `verdict`; 200 for HTTP_OK. */
int http_verdict_status(enum http_verdict verdict);

/* Returns a static clause for `verdict`, fit to show to a client. */
const char *http_verdict_text(enum http_verdict verdict);

/* Returns whether `c` may stand in a token (RFC 9110 section 5.6.2). */
bool http_token_char(char c);

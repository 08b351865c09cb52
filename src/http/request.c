/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"

#include <assert.h>

#include "base/ascii.h"

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

bool
http_token_char(char c)
{
	return ascii_is_alnum(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
}

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!http_token_char(s.ptr[i]))
			return false;
	return s.len > 0;
}

static bool
method_known(struct span method)
{
	static const char *const known[] = {"GET",    "HEAD",  "POST",   "PUT",
					    "DELETE", "PATCH", "OPTIONS"};

	for (size_t i = 0; i < COUNT(known); i++)
		if (span_equal(method, span_of(known[i])))
			return true;
	return false;
}

/*
 * RFC 9112 s3.2.1: origin-form = absolute-path [ "?" query ], of RFC 3986's
 * characters; an escape must be one, and must not stand for NUL.
 */
static bool
target_good(struct span target)
{
	if (target.len == 0 || target.ptr[0] != '/')
		return false;
	for (size_t i = 0; i < target.len; i++) {
		char c = target.ptr[i];

		if (c == '%') {
			if (target.len - i < 3 ||
			    ascii_hex(target.ptr[i + 1]) < 0 ||
			    ascii_hex(target.ptr[i + 2]) < 0 ||
			    memcmp(target.ptr + i, "%00", 3) == 0)
				return false;
		} else if (!ascii_is_alnum(c) &&
			   !is_one_of(c, "/?-._~!$&'()*+,;=:@")) {
			return false;
		}
	}
	return true;
}

static bool
version_like(struct span version)
{
	return version.len == 8 && span_starts(version, SPAN("HTTP/")) &&
	       version.ptr[5] >= '0' && version.ptr[5] <= '9' &&
	       version.ptr[6] == '.' && version.ptr[7] >= '0' &&
	       version.ptr[7] <= '9';
}

enum http_verdict
http_line_parse(struct span line, struct http_request *ret)
{
	struct span version = line;
	struct span method = span_cut(&version, ' ');
	struct span target = span_cut(&version, ' ');
	size_t mark;

	if (!is_token(method) || target.len == 0 || !version_like(version))
		return HTTP_BAD_LINE;
	if (!span_equal(version, SPAN("HTTP/1.1")))
		return HTTP_BAD_VERSION;
	if (!method_known(method))
		return HTTP_BAD_METHOD;
	if (target.len > HTTP_TARGET_MAX)
		return HTTP_LONG_TARGET;
	if (!target_good(target))
		return HTTP_BAD_TARGET;
	mark = span_find(target, '?');
	ret->method = method;
	ret->target = target;
	ret->path = mark == SPAN_NONE ? target : span_sub(target, 0, mark);
	ret->query = mark == SPAN_NONE ? SPAN("") : span_skip(target, mark + 1);
	return HTTP_OK;
}

/* Takes the line up to the next CRLF off *rest; false if there is none. */
static bool
take_line(struct span *rest, struct span *ret)
{
	size_t end = span_search(*rest, SPAN("\r\n"));

	if (end == SPAN_NONE)
		return false;
	*ret = span_sub(*rest, 0, end);
	*rest = span_skip(*rest, end + 2);
	return true;
}

/* RFC 9110 s5.5: field-vchar = VCHAR / obs-text; SP and HTAB between. */
static bool
octets_good(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* RFC 9112 s5.1: "No whitespace is allowed between the field name and colon" */
static enum http_verdict
take_field(struct span line, struct http_request *ret)
{
	struct http_header *header = &ret->header[ret->headers];
	size_t colon = span_find(line, ':');

	if (!octets_good(line))
		return HTTP_BAD_OCTET;
	if (colon == SPAN_NONE || !is_token(span_sub(line, 0, colon)))
		return HTTP_BAD_FIELD;
	if (ret->headers == HTTP_HEADERS_MAX)
		return HTTP_MANY_FIELDS;
	header->name = span_sub(line, 0, colon);
	header->value = span_trim(span_skip(line, colon + 1));
	ret->headers++;
	return HTTP_OK;
}

/* RFC 9110 s7.2, and 400 to "any request message that contains more than one
 * Host header field line or a Host header field with an invalid field value"
 * (RFC 9112 s3.2). */
static bool
host_good(struct http_request *r)
{
	const struct span *host = http_header_get(r, SPAN("Host"));

	if (host == NULL || http_header_count(r, SPAN("Host")) != 1 ||
	    host->len == 0)
		return false;
	for (size_t i = 0; i < host->len; i++)
		if (!ascii_is_alnum(host->ptr[i]) &&
		    !is_one_of(host->ptr[i], "-._~:[]"))
			return false;
	r->host = *host;
	return true;
}

/* RFC 9112 s6.3, cut down to what cannot be read in two ways. */
static enum http_verdict
frame(struct http_request *r)
{
	const struct span *length = http_header_get(r, SPAN("Content-Length"));
	size_t lengths = http_header_count(r, SPAN("Content-Length"));

	r->length = 0;
	if (http_header_get(r, SPAN("Transfer-Encoding")) != NULL)
		return length != NULL ? HTTP_TWO_FRAMES : HTTP_BAD_CODING;
	if (length == NULL)
		return HTTP_OK;
	if (lengths != 1 || !span_to_u64(*length, INT64_MAX, &r->length))
		return HTTP_BAD_LENGTH;
	return HTTP_OK;
}

/* Returns whether one of the comma-separated words of `list` is `word`. */
static bool
list_has(struct span list, struct span word)
{
	while (list.len > 0)
		if (span_equal_nocase(span_trim(span_cut(&list, ',')), word))
			return true;
	return false;
}

static enum http_verdict
connection(struct http_request *r)
{
	const struct span *expect = http_header_get(r, SPAN("Expect"));

	r->close = false;
	for (size_t i = 0; i < r->headers; i++)
		if (span_equal_nocase(r->header[i].name, SPAN("Connection")) &&
		    list_has(r->header[i].value, SPAN("close")))
			r->close = true;
	if (expect != NULL &&
	    (!span_equal_nocase(*expect, SPAN("100-continue")) ||
	     http_header_count(r, SPAN("Expect")) != 1))
		return HTTP_BAD_EXPECT;
	r->expects = expect != NULL && r->length > 0;
	return HTTP_OK;
}

enum http_verdict
http_request_parse(struct span head, struct http_request *ret)
{
	enum http_verdict verdict;
	struct span line;

	if (head.len > HTTP_HEAD_MAX)
		return HTTP_LONG_HEAD;
	if (!take_line(&head, &line))
		return HTTP_BAD_LINE;
	if (!octets_good(line))
		return HTTP_BAD_OCTET;
	verdict = http_line_parse(line, ret);
	ret->headers = 0;
	while (verdict == HTTP_OK) {
		if (!take_line(&head, &line))
			return HTTP_BAD_FIELD;
		if (line.len == 0)
			break;
		verdict = take_field(line, ret);
	}
	if (verdict != HTTP_OK)
		return verdict;
	if (head.len > 0)
		return HTTP_BAD_FIELD;
	if (!host_good(ret))
		return HTTP_BAD_HOST;
	verdict = frame(ret);
	return verdict == HTTP_OK ? connection(ret) : verdict;
}

const struct span *
http_header_get(const struct http_request *request, struct span name)
{
	for (size_t i = 0; i < request->headers; i++)
		if (span_equal_nocase(request->header[i].name, name))
			return &request->header[i].value;
	return NULL;
}

size_t
http_header_count(const struct http_request *request, struct span name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->headers; i++)
		count += span_equal_nocase(request->header[i].name, name);
	return count;
}

static const struct {
	int status;
	const char *text;
} verdicts[HTTP_VERDICT_COUNT] = {
	[HTTP_OK] = {200, "the request is well formed"},
	[HTTP_BAD_OCTET] = {400, "a control character, or a line that does "
				 "not end in CRLF"},
	[HTTP_BAD_LINE] = {400, "the request line is not one of HTTP/1.1"},
	[HTTP_BAD_METHOD] = {501, "the method is not served here"},
	[HTTP_BAD_TARGET] = {400, "the target is not a path"},
	[HTTP_LONG_TARGET] = {414, "the target is too long"},
	[HTTP_BAD_VERSION] = {505, "only HTTP/1.1 is served here"},
	[HTTP_BAD_FIELD] = {400, "a header field is malformed"},
	[HTTP_MANY_FIELDS] = {431, "there are too many header fields"},
	[HTTP_LONG_HEAD] = {431, "the request head is too long"},
	[HTTP_BAD_HOST] = {400, "there must be one Host field, with a host"},
	[HTTP_BAD_LENGTH] = {400, "there may be one Content-Length, a number"},
	[HTTP_BAD_CODING] = {501, "Transfer-Encoding is not served here: send "
				  "a Content-Length"},
	[HTTP_TWO_FRAMES] = {400, "Transfer-Encoding and Content-Length "
				  "together"},
	[HTTP_BAD_EXPECT] = {417, "only 100-continue can be expected"},
};

int
http_verdict_status(enum http_verdict verdict)
{
	assert(verdict < HTTP_VERDICT_COUNT);
	return verdicts[verdict].status;
}

const char *
http_verdict_text(enum http_verdict verdict)
{
	assert(verdict < HTTP_VERDICT_COUNT);
	return verdicts[verdict].text;
}

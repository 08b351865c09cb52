/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include <assert.h>
#include <time.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{100, "Continue"},
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{411, "Length Required"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{417, "Expectation Failed"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
	{505, "HTTP Version Not Supported"},
};

const char *
http_reason(int status)
{
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Status";
}

void
http_response_add(struct http_response *response, struct span name,
		  struct span value)
{
	assert(response->headers < HTTP_RESPONSE_HEADERS_MAX);
	response->header[response->headers++] =
		(struct http_header){name, value};
}

static bool
header_good(const struct http_header *header)
{
	for (size_t i = 0; i < header->name.len; i++)
		if (!http_token_char(header->name.ptr[i]))
			return false;
	for (size_t i = 0; i < header->value.len; i++) {
		uint8_t c = (uint8_t)header->value.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return header->name.len > 0;
}

/* RFC 9110 s5.6.7: IMF-fixdate, whatever the locale. */
static void
write_date(int64_t now, struct buf *to)
{
	static const char day[7][4] = {"Sun", "Mon", "Tue", "Wed",
				       "Thu", "Fri", "Sat"};
	static const char month[12][4] = {"Jan", "Feb", "Mar", "Apr",
					  "May", "Jun", "Jul", "Aug",
					  "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		return;
	buf_addf(to, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
		 day[tm.tm_wday], tm.tm_mday, month[tm.tm_mon],
		 tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool
http_response_write(const struct http_response *response, int64_t now,
		    bool close, bool head, struct buf *to)
{
	bool bodiless = response->status < 200 || response->status == 204 ||
			response->status == 304;
	size_t before = to->len;

	assert(response->status >= 100 && response->status <= 599);
	for (size_t i = 0; i < response->headers; i++)
		if (!header_good(&response->header[i]))
			return false;
	buf_addf(to, "HTTP/1.1 %d %s\r\n", response->status,
		 http_reason(response->status));
	write_date(now, to);
	for (size_t i = 0; i < response->headers; i++)
		buf_addf(to, SPAN_FMT ": " SPAN_FMT "\r\n",
			 SPAN_ARG(response->header[i].name),
			 SPAN_ARG(response->header[i].value));
	if (!bodiless)
		buf_addf(to, "Content-Length: %zu\r\n", response->body.len);
	if (close)
		buf_adds(to, "Connection: close\r\n");
	buf_adds(to, "\r\n");
	if (!bodiless && !head)
		buf_add(to, response->body);
	if (to->full)
		buf_truncate(to, before);
	return !to->full;
}

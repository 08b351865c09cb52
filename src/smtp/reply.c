/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/reply.h"

#include <stdio.h>

#include "base/ascii.h"

/* Octets of a line before its text: the code and its separator. */
#define HEAD_LEN 4

void
reply_reader_init(struct reply_reader *r)
{
	*r = (struct reply_reader){.status = REPLY_MORE};
}

/* Puts an octet into the text, cleaned, if there is room. */
static void
keep(struct reply *reply, char c)
{
	if (reply->len == REPLY_TEXT_MAX)
		return;
	if (c == '\t')
		c = ' ';
	reply->text[reply->len++] =
		(c >= ' ' && c <= '~') || c == '\n' ? c : '?';
}

/* RFC 3463 section 2: class "." subject "." detail, and a space. */
static void
find_enhanced(struct reply *reply)
{
	const char *p = reply->text;
	size_t n = 1;

	if (reply->len < 5 || p[0] != '0' + reply->code / 100)
		return;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (p[n++] != '.')
			return;
		while (n < reply->len && ascii_is_digit(p[n]) && digits < 4) {
			n++;
			digits++;
		}
		if (digits < 1 || digits > 3)
			return;
	}
	if (n < reply->len && p[n] != ' ' && p[n] != '\n')
		return;
	memcpy(reply->enhanced, p, n);
	reply->enhanced[n] = '\0';
}

/* Looks at the code of a line that has ended. */
static enum reply_status
end_head(struct reply_reader *r)
{
	const char *h = r->head;
	int code;

	if (r->line < 3 || !ascii_is_digit(h[0]) || !ascii_is_digit(h[1]) ||
	    !ascii_is_digit(h[2]) || h[0] < '2' || h[0] > '5' || h[1] > '5')
		return REPLY_BAD_CODE;
	if (r->line > 3 && h[3] != ' ' && h[3] != '-')
		return REPLY_BAD_CODE;
	code = (h[0] - '0') * 100 + (h[1] - '0') * 10 + (h[2] - '0');
	if (r->reply.lines > 0 && code != r->reply.code)
		return REPLY_MIXED;
	r->reply.code = code;
	return REPLY_OK;
}

/* A line has ended: REPLY_MORE, REPLY_OK if it was the last, or an error. */
static enum reply_status
end_line(struct reply_reader *r)
{
	enum reply_status status = end_head(r);
	bool last = r->line <= 3 || r->head[3] == ' ';

	if (status != REPLY_OK)
		return status;
	if (++r->reply.lines > REPLY_LINES_MAX)
		return REPLY_MANY_LINES;
	r->line = 0;
	r->cr = false;
	if (!last) {
		keep(&r->reply, '\n');
		return REPLY_MORE;
	}
	r->reply.text[r->reply.len] = '\0';
	find_enhanced(&r->reply);
	return REPLY_OK;
}

/* An octet of a line that is neither CR of its CRLF nor the LF. */
static enum reply_status
take_text(struct reply_reader *r, char c)
{
	if (r->line < HEAD_LEN)
		r->head[r->line] = c;
	else if (r->line < HEAD_LEN + REPLY_KEPT_MAX)
		keep(&r->reply, c);
	return ++r->line > REPLY_LINE_MAX ? REPLY_LONG_LINE : REPLY_MORE;
}

static enum reply_status
take(struct reply_reader *r, char c)
{
	if (c == '\n')
		return r->cr ? end_line(r) : REPLY_BARE;
	if (r->cr) {
		/* A bare CR is text like any other control. */
		r->cr = false;
		if (take_text(r, '\r') != REPLY_MORE)
			return REPLY_LONG_LINE;
	}
	if (c == '\r') {
		r->cr = true;
		return REPLY_MORE;
	}
	return take_text(r, c);
}

enum reply_status
reply_read(struct reply_reader *r, struct span bytes, size_t *ret_taken)
{
	size_t n = 0;

	if (r->status == REPLY_OK)
		reply_reader_init(r);
	while (r->status == REPLY_MORE && n < bytes.len)
		r->status = take(r, bytes.ptr[n++]);
	*ret_taken = n;
	return r->status;
}

void
reply_line(const struct reply *reply, char *to, size_t size)
{
	int n = snprintf(to, size, "%d%s%s", reply->code,
			 reply->len > 0 ? " " : "", reply->text);

	for (int i = 0; i < n && (size_t)i < size - 1; i++)
		if (to[i] == '\n')
			to[i] = ' ';
}

bool
reply_offers(const struct reply *reply, struct span keyword, struct span *ret)
{
	struct span rest = {reply->text, reply->len};

	span_cut(&rest, '\n'); /* the server's name */
	while (rest.len > 0) {
		struct span parameters = span_cut(&rest, '\n');
		struct span name = span_cut(&parameters, ' ');

		if (span_equal_nocase(name, keyword)) {
			*ret = parameters;
			return true;
		}
	}
	return false;
}

const char *
reply_strerror(enum reply_status status)
{
	static const char *const text[] = {
		[REPLY_OK] = "the reply is well formed",
		[REPLY_MORE] = "the reply has not ended",
		[REPLY_BAD_CODE] = "the reply has no code from 200 to 559",
		[REPLY_MIXED] = "the lines of the reply have different codes",
		[REPLY_BARE] = "the reply has a bare line feed",
		[REPLY_LONG_LINE] = "the reply has too long a line",
		[REPLY_MANY_LINES] = "the reply has too many lines",
	};
	return text[status];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "text/crlf.h"

/* How many octets from `at` on are neither CR nor LF. */
static size_t
plain_run(struct span s, size_t at)
{
	size_t i = at;

	while (i < s.len && s.ptr[i] != '\r' && s.ptr[i] != '\n')
		i++;
	return i - at;
}

bool
crlf_is_clean(struct span s)
{
	for (size_t i = plain_run(s, 0); i < s.len; i += plain_run(s, i)) {
		if (s.len - i < 2 || s.ptr[i] != '\r' || s.ptr[i + 1] != '\n')
			return false;
		i += 2;
	}
	return true;
}

bool
crlf_normalise(struct span s, struct buf *to)
{
	size_t i = 0;

	if (crlf_is_clean(s))
		i = s.len;
	if (!buf_add(to, span_sub(s, 0, i)))
		return false;
	while (i < s.len) {
		size_t run = plain_run(s, i);

		if (!buf_add(to, span_sub(s, i, i + run)))
			return false;
		i += run;
		if (i == s.len)
			break;
		i += s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n'
			     ? 2
			     : 1;
		if (!buf_adds(to, "\r\n"))
			return false;
	}
	return s.len == 0 || span_ends(buf_span(to), SPAN("\r\n")) ||
	       buf_adds(to, "\r\n");
}

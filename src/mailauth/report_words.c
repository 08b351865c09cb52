/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_words.h"

void
report_words(struct buf *to, struct span s)
{
	struct span part = span_head(s, REPORT_WORDS_MAX);

	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];

		if (c == '\t' || c == '\r' || c == '\n')
			buf_addc(to, ' ');
		else if (c < ' ' || c > '~')
			buf_addf(to, "\\x%02x", c);
		else
			buf_addc(to, (char)c);
	}
	if (part.len < s.len)
		buf_adds(to, "...");
}

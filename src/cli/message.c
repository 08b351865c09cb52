/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/message.h"

#include <unistd.h>

#include "sys/file.h"

/* Appends `text` with each LF made CRLF. */
static bool
add_crlf(struct buf *to, struct span text)
{
	while (text.len > 0) {
		bool ends = span_find(text, '\n') != SPAN_NONE;

		buf_add(to, span_cut(&text, '\n'));
		if (ends)
			buf_add(to, SPAN("\r\n"));
	}
	return !to->full;
}

bool
message_read(const char *path, struct buf *to, struct error *reterr)
{
	CLEANUP(buf_release) struct buf raw = BUF_INIT(to->limit);
	struct span text;

	if (strcmp(path, "-") == 0 ? !file_read_fd(STDIN_FILENO, &raw, reterr)
				   : !file_read(path, &raw, reterr))
		return false;
	text = buf_span(&raw);
	if (span_find(text, '\n') == SPAN_NONE ||
	    span_find(text, '\r') != SPAN_NONE) {
		buf_add(to, text);
		return true;
	}
	output_note("the lines end in LF alone; read as if they ended in CRLF, "
		    "as in mail");
	if (!add_crlf(to, text))
		return error_set(reterr, ERROR_IO,
				 "%s: the message is too "
				 "large",
				 path);
	return true;
}

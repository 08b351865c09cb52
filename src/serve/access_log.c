/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/access_log.h"

#include <poll.h>
#include <unistd.h>

#include "text/date.h"
#include "text/json.h"

static void
put(json_t *to, const char *name, struct span text)
{
	if (text.len == 0)
		json_put(to, name, json_null());
	else
		json_put_text(to, name, text);
}

void
access_log_format(const struct access_log_line *line, uint64_t dropped,
		  struct buf *ret)
{
	json_t *json = json_object_new();

	json_puts(json, "time", date_rfc3339_format(line->time).s);
	json_puts(json, "request_id", line->request_id);
	put(json, "account_id", span_of(line->account));
	put(json, "access_key_id", line->access_key);
	put(json, "operation", span_of(line->operation));
	json_put_int(json, "status", line->status);
	put(json, "error", span_of(line->error));
	json_put_int(json, "ms", line->ms);
	json_put_int(json, "received", (int64_t)line->received);
	json_put_int(json, "sent", (int64_t)line->sent);
	json_puts(json, "peer", net_format_ip(line->peer).s);
	if (line->gone)
		json_put(json, "gone", json_true());
	if (dropped > 0)
		json_put_int(json, "lines_lost", (int64_t)dropped);
	if (!json_format(json, ret))
		buf_clear(ret);
	buf_addc(ret, '\n');
	json_decref(json);
}

void
access_log_write(int fd, const struct access_log_line *line, uint64_t *lost)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(ACCESS_LOG_LINE_MAX);
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) {
		++*lost;
		return;
	}
	access_log_format(line, *lost, &text);
	if (write(fd, text.ptr, text.len) == (ssize_t)text.len)
		*lost = 0;
	else
		++*lost;
}

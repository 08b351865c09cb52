/* SPDX-License-Identifier: Apache-2.0 */
/* Read whole and octet by octet, replies are the same, printable and short. */
#include <assert.h>
#include <stdint.h>

#include "smtp/reply.h"

static void
check(const struct reply *reply)
{
	struct span parameters;
	char line[100];

	assert(reply->code >= 200 && reply->code <= 559);
	assert(reply->lines >= 1 && reply->lines <= REPLY_LINES_MAX);
	assert(reply->len <= REPLY_TEXT_MAX);
	for (size_t i = 0; i < reply->len; i++)
		assert(reply->text[i] == '\n' ||
		       (reply->text[i] >= ' ' && reply->text[i] <= '~'));
	reply_line(reply, line, sizeof(line));
	for (size_t i = 0; line[i] != '\0'; i++)
		assert(line[i] >= ' ' && line[i] <= '~');
	if (reply_offers(reply, SPAN("SIZE"), &parameters))
		assert(parameters.len <= REPLY_KEPT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_bytes(data, size);
	struct reply_reader whole, slow;
	enum reply_status status, slowly;
	size_t n, took;

	reply_reader_init(&whole);
	reply_reader_init(&slow);
	do {
		status = reply_read(&whole, rest, &n);
		assert(n <= rest.len);
		slowly = REPLY_MORE;
		for (size_t i = 0; i < n; i++) {
			assert(slowly == REPLY_MORE);
			slowly = reply_read(&slow, span_sub(rest, i, i + 1),
					    &took);
		}
		assert(status == slowly || n == 0);
		if (status == REPLY_OK) {
			check(&whole.reply);
			assert(span_equal(span_of(whole.reply.text),
					  span_of(slow.reply.text)));
		}
		rest = span_skip(rest, n);
	} while (status == REPLY_OK && rest.len > 0);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that says anything: each recipient gets one result, and what is
 * sent is our commands and one message.  0x01 is where the server waits,
 * 0x02 where it hangs up.
 */
#include <assert.h>
#include <stdint.h>

#include "smtp/smtp_client.h"

#define RECIPIENTS 3

struct run {
	struct smtp_client m;
	size_t results[RECIPIENTS];
	bool closed;
};

static void
pump(struct run *r)
{
	struct smtp_client_ask ask;

	for (;;) {
		switch (smtp_client_next(&r->m, &ask)) {
		case SMTP_CLIENT_NEED_BYTES:
			return;
		case SMTP_CLIENT_SEND:
			assert(span_ends(ask.bytes, SPAN("\r\n")));
			break;
		case SMTP_CLIENT_START_TLS:
			smtp_client_secured(&r->m);
			break;
		case SMTP_CLIENT_RESULT:
			assert(ask.recipient < RECIPIENTS);
			assert(ask.result->outcome >= SMTP_DELIVERED &&
			       ask.result->outcome <= SMTP_FAILED);
			assert(ask.result->outcome != SMTP_DELIVERED ||
			       ask.result->phase == SMTP_PHASE_MESSAGE);
			r->results[ask.recipient]++;
			break;
		case SMTP_CLIENT_READY:
			smtp_client_quit(&r->m);
			break;
		case SMTP_CLIENT_CLOSE:
			r->closed = true;
			return;
		}
	}
}

static void
say(struct run *r, struct span bytes)
{
	while (bytes.len > 0 && !r->closed) {
		size_t n = smtp_client_feed(&r->m, bytes);

		assert(n > 0);
		bytes = span_skip(bytes, n);
		pump(r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct path to = {3, 1, "a@b"};
	const struct path recipient[RECIPIENTS] = {to, to, to};
	const struct smtp_client_config config = {
		.name = SPAN("me.test"),
		.tls = size % 3,
		.timeouts = SMTP_CLIENT_TIMEOUTS,
	};
	struct smtp_job job = {.sender = to,
			       .recipient = recipient,
			       .recipients = RECIPIENTS,
			       .part = {SPAN("x\r\n.\r\n\xff\r\n")},
			       .parts = 1};
	struct span in = span_bytes(data, size);
	struct run r = {.closed = false};

	assert(dot_check(job.part, job.parts, &job.facts));
	smtp_client_init(&r.m, &config, 0);
	smtp_client_begin(&r.m, &job);
	pump(&r);
	while (in.len > 0 && !r.closed) {
		struct span part = span_cut(&in, '\x01');

		if (span_find(part, '\x02') != SPAN_NONE)
			break;
		say(&r, part);
	}
	smtp_client_lost(&r.m, "gone");
	pump(&r);
	assert(r.closed);
	for (size_t i = 0; i < RECIPIENTS; i++)
		assert(r.results[i] == 1);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session: 0x01 in the input is where the client waits for the server.
 * Fed whole between these and octet by octet, it must store the same
 * messages, unless the client spoke out of turn, and only replies of the
 * right form come back.
 */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "smtp/smtpd.h"

struct session {
	struct smtpd m;
	struct buf stored; /* all messages, one after the other */
	size_t mark;       /* of stored, where the present one begins */
	bool closed;
};

static void
check_replies(struct span replies)
{
	assert(span_ends(replies, SPAN("\r\n")));
	while (replies.len > 0) {
		struct span line = span_cut(&replies, '\n');

		assert(line.len >= 5 && line.len <= 511);
		assert(line.ptr[0] >= '2' && line.ptr[0] <= '5');
		assert(line.ptr[3] == ' ' || line.ptr[3] == '-');
		for (size_t i = 0; i < line.len - 1; i++)
			assert(line.ptr[i] >= ' ' && line.ptr[i] <= '~');
	}
}

static void
check_body(struct span body)
{
	for (size_t i = 0; i < body.len; i++) {
		assert(body.ptr[i] != '\0');
		assert((body.ptr[i] == '\n') ==
		       (i > 0 && body.ptr[i - 1] == '\r'));
	}
}

static void
answer(struct session *s, const struct path *path)
{
	struct smtpd_verdict v = {.code = path->len % 3 == 2 ? 550 : 0};

	smtpd_answer(&s->m, &v);
}

static void
pump(struct session *s)
{
	const struct smtpd_verdict yes = {0};
	struct smtpd_ask ask;

	for (;;) {
		switch (smtpd_next(&s->m, &ask)) {
		case SMTPD_NEED_BYTES:
			return;
		case SMTPD_SEND:
			check_replies(ask.bytes);
			break;
		case SMTPD_ASK_MAIL:
		case SMTPD_ASK_RECIPIENT:
			answer(s, ask.path);
			break;
		case SMTPD_BODY:
			assert(buf_add(&s->stored, ask.bytes));
			break;
		case SMTPD_ASK_MESSAGE:
			check_body(span_skip(buf_span(&s->stored), s->mark));
			s->mark = s->stored.len;
			smtpd_answer(&s->m, &yes);
			break;
		case SMTPD_DROP:
			buf_truncate(&s->stored, s->mark);
			break;
		case SMTPD_START_TLS:
			smtpd_secured(&s->m);
			break;
		case SMTPD_CLOSE:
			s->closed = true;
			return;
		}
	}
}

static void
run(struct session *s, struct span in, size_t most)
{
	struct smtpd_config config = SMTPD_CONFIG;

	*s = (struct session){.stored = BUF_INIT(1 << 22)};
	config.offers_tls = true;
	config.greet_delay = 0;
	config.limits = (struct undot_limits){300, 60, 200, 5, 2};
	config.recipients_max = 3;
	smtpd_init(&s->m, &config, 0);
	pump(s);
	while (in.len > 0 && !s->closed) {
		struct span group = span_cut(&in, '\x01');

		while (group.len > 0 && !s->closed) {
			size_t n = group.len < most ? group.len : most;

			n = smtpd_feed(&s->m, span_sub(group, 0, n));
			assert(n > 0);
			group = span_skip(group, n);
			pump(s);
		}
	}
	buf_truncate(&s->stored, s->mark);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_bytes(data, size);
	struct session whole, slow;

	run(&whole, in, SIZE_MAX);
	run(&slow, in, 1);
	if (whole.m.end != SMTPD_END_PIPELINING) {
		assert(whole.m.state == slow.m.state);
		assert(whole.m.end == slow.m.end);
		assert(span_equal(buf_span(&whole.stored),
				  buf_span(&slow.stored)));
	}
	buf_release(&whole.stored);
	buf_release(&slow.stored);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Our client delivers to our server, without a socket between them. */
#include "base/buf.h"
#include "smtp/smtp_client.h"
#include "smtp/smtpd.h"
#include "unit.h"

static struct path
path_of(const char *text)
{
	struct path path;

	assert_int_equal(path_parse(span_of(text), &path), PATH_OK);
	return path;
}

/* The two machines, wired together by buffers; bytes move `step` at a time. */
struct wire {
	struct smtp_client client;
	struct smtpd server;
	struct buf up;   /* to the server */
	struct buf down; /* to the client */
	struct buf body; /* as the server gets it */
	size_t stored;
	size_t delivered;
	size_t refused;
	bool closed; /* by the client */
};

static void
serve(struct wire *w, size_t step)
{
	static const struct smtpd_verdict no = {550, "5.1.1", "nobody", false};
	static const struct smtpd_verdict yes = {0};
	struct smtpd_ask ask;

	for (;;) {
		switch (smtpd_next(&w->server, &ask)) {
		case SMTPD_SEND:
			buf_add(&w->down, ask.bytes);
			break;
		case SMTPD_ASK_RECIPIENT:
			smtpd_answer(&w->server,
				     ask.path->text[0] == 'b' ? &no : &yes);
			break;
		case SMTPD_ASK_MESSAGE:
			w->stored++;
			smtpd_answer(&w->server, &yes);
			break;
		case SMTPD_ASK_MAIL:
			smtpd_answer(&w->server, &yes);
			break;
		case SMTPD_BODY:
			buf_add(&w->body, ask.bytes);
			break;
		case SMTPD_START_TLS:
			/* its side of the handshake waits for the other's */
			assert_int_equal(w->up.len, 0);
			return;
		case SMTPD_DROP:
		case SMTPD_CLOSE:
			return;
		case SMTPD_NEED_BYTES: {
			size_t n = w->up.len < step ? w->up.len : step;

			n = smtpd_feed(&w->server,
				       span_sub(buf_span(&w->up), 0, n));
			buf_consume(&w->up, n);
			if (n == 0)
				return;
			break;
		}
		}
	}
}

static void
deliver(struct wire *w, size_t step)
{
	struct smtp_client_ask ask;

	for (;;) {
		switch (smtp_client_next(&w->client, &ask)) {
		case SMTP_CLIENT_SEND:
			buf_add(&w->up, ask.bytes);
			break;
		case SMTP_CLIENT_START_TLS:
			smtpd_secured(&w->server);
			smtp_client_secured(&w->client);
			break;
		case SMTP_CLIENT_RESULT:
			if (ask.result->outcome == SMTP_DELIVERED)
				w->delivered++;
			else
				w->refused++;
			assert_true(ask.result->tls);
			break;
		case SMTP_CLIENT_READY:
			smtp_client_quit(&w->client);
			break;
		case SMTP_CLIENT_CLOSE:
			w->closed = true;
			return;
		case SMTP_CLIENT_NEED_BYTES: {
			size_t n = w->down.len < step ? w->down.len : step;

			n = smtp_client_feed(
				&w->client, span_sub(buf_span(&w->down), 0, n));
			buf_consume(&w->down, n);
			if (n == 0)
				return;
			break;
		}
		}
	}
}

/* Every line of it begins with a dot, or is long, or empty. */
static void
write_mail(struct buf *text)
{
	buf_adds(text, "Subject: dots\r\n\r\n");
	for (int i = 0; i < 3000; i++)
		buf_adds(text, i % 3 == 0   ? ".\r\n"
			       : i % 3 == 1 ? "..QUIT\r\n\r\n"
					    : "caf\xc3\xa9 .. x\r\n");
}

static void
test_back_to_back(void **state)
{
	static const size_t steps[] = {1, 2, 7, 100, 1000000};

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		const struct smtp_client_config cc = {
			.name = SPAN("me.test"),
			.tls = SMTP_CLIENT_TLS_MUST,
			.timeouts = SMTP_CLIENT_TIMEOUTS,
		};
		struct smtpd_config sc = SMTPD_CONFIG;
		CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
		struct wire w = {.up = BUF_INIT(1 << 20),
				 .down = BUF_INIT(1 << 20),
				 .body = BUF_INIT(1 << 20)};
		const struct path to[3] = {path_of("a@1"), path_of("b@2"),
					   path_of("c@3")};
		struct smtp_job job = {.sender = path_of("s@0"),
				       .recipient = to,
				       .recipients = 3,
				       .parts = 1};

		write_mail(&text);
		sc.offers_tls = true;
		sc.greet_delay = 0;
		smtpd_init(&w.server, &sc, 0);
		smtp_client_init(&w.client, &cc, 0);
		job.part[0] = buf_span(&text);
		assert_true(dot_check(job.part, 1, &job.facts));
		smtp_client_begin(&w.client, &job);
		for (int turn = 0; turn < 1000 && !w.closed; turn++) {
			serve(&w, steps[i]);
			deliver(&w, steps[i]);
		}
		assert_true(w.closed);
		assert_int_equal(w.delivered, 2);
		assert_int_equal(w.refused, 1);
		assert_int_equal(w.stored, 1);
		assert_int_equal(w.server.end, SMTPD_END_QUIT);
		assert_true(span_equal(buf_span(&w.body), buf_span(&text)));
		buf_release(&w.up);
		buf_release(&w.down);
		buf_release(&w.body);
	}
}

int
main(void)
{
	UNIT(test_back_to_back);
	return unit_run("smtp/smtp_pair");
}

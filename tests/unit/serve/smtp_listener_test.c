/* SPDX-License-Identifier: Apache-2.0 */
/* A listener and clients that talk to it by script, in one loop. */
#include "serve/smtp_listener.h"

#include "base/mem.h"
#include "sys/stream.h"

#include <unistd.h>

#include "certificate.h"
#include "unit.h"

/* What a client sends once it has as many replies as the last step wanted. */
struct step {
	const char *send; /* "STARTTLS!" begins the handshake */
	int replies;      /* to wait for before the next step */
};

struct client {
	struct stream *stream;
	const struct step *step; /* the next; NULL in send is the end */
	int wanted;              /* replies */
	int seen;                /* of them */
	struct buf replies;      /* codes of all, with "|" */
	bool over;
};

static struct loop *loop;
static struct tls_context *server_tls, *client_tls;
static struct smtp_listener *listener;
static struct net_address address;
static int door;
static struct loop_timer *alarm_timer;

/* What the listener's owner does with messages. */
static struct owner {
	bool hold; /* keep the message in `held` unanswered */
	struct smtp_inbound *held;
	char text[300]; /* of the last one */
	char envelope[900];
	bool tls;
	unsigned messages;
} owner;

static void
owner_recipient(void *context, const struct smtp_inbound *in,
		const struct path *path, struct smtpd_verdict *ret)
{
	(void)context;
	assert_non_null(in);
	if (!span_equal_nocase(path_domain(path), SPAN("report.test")))
		*ret = (struct smtpd_verdict){550, "5.7.1", "not here", false};
}

static void
owner_message(void *context, struct smtp_inbound *in)
{
	const struct smtpd_verdict yes = {.text = "queued as 7"};

	(void)context;
	owner.messages++;
	owner.tls = in->tls_version != NULL;
	assert_true(net_is_loopback(&in->peer));
	assert_true(in->received > 0);
	snprintf(owner.text, sizeof(owner.text), "%s", in->text.ptr);
	snprintf(owner.envelope, sizeof(owner.envelope),
		 "%s: <%s> -> %zu: <%s>", in->helo, in->sender.text,
		 in->recipients, in->recipient[in->recipients - 1].text);
	if (owner.hold) {
		owner.held = in;
		loop_stop(loop);
	} else {
		smtp_listener_answer(in, &yes);
	}
}

static const struct smtp_listener_handler owner_handler = {
	.recipient = owner_recipient,
	.message = owner_message,
};

static void
too_late(void *context)
{
	(void)context;
	fail_msg("nothing happened for ten seconds");
}

static void
stop(void *context)
{
	(void)context;
	loop_stop(loop);
}

/* Lets the listener see what the clients did. */
static void
settle(void)
{
	struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

	loop_timer_set(timer, 50);
	loop_run(loop);
	loop_timer_free(timer);
}

static void
setup(const struct smtp_listener_config *config)
{
	struct error error;

	owner = (struct owner){.hold = false};
	loop = loop_new();
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &address));
	door = net_listen(&address, &error);
	assert_true(door >= 0);
	address = net_bound(door);
	listener = smtp_listener_new(loop, door, config, &owner_handler, NULL);
	alarm_timer = loop_timer_new(loop, too_late, NULL);
	loop_timer_set(alarm_timer, 10000);
}

static void
teardown(void)
{
	smtp_listener_free(listener);
	loop_timer_free(alarm_timer);
	close(door);
	loop_free(loop);
}

static struct smtp_listener_config
usual(void)
{
	struct smtp_listener_config config = SMTP_LISTENER_CONFIG;

	config.smtpd.name = SPAN("mx.test");
	config.smtpd.greet_delay = 20;
	config.tls = server_tls;
	config.seed = 1;
	return config;
}

/* ---- the client ---- */

static void
over(struct client *c)
{
	stream_free(take_ptr(&c->stream));
	c->over = true;
	loop_stop(loop);
}

static void
go_on(struct client *c)
{
	while (c->seen >= c->wanted) {
		const struct step *step = c->step++;

		c->seen = 0;
		c->wanted = step->replies;
		if (step->send == NULL) {
			over(c);
			return;
		}
		if (strcmp(step->send, "STARTTLS!") == 0) {
			stream_start_tls(c->stream, client_tls, false, NULL);
			c->wanted = 1; /* `secured` counts as one */
			return;
		}
		stream_send(c->stream, span_of(step->send));
	}
}

static void
client_readable(void *context)
{
	struct client *c = context;
	struct span in = stream_peek(c->stream);
	size_t end;

	while ((end = span_find(in, '\n')) != SPAN_NONE) {
		if (in.ptr[3] == ' ') {
			buf_add(&c->replies, span_sub(in, 0, 3));
			buf_addc(&c->replies, '|');
			c->seen++;
		}
		stream_consume(c->stream, end + 1);
		in = stream_peek(c->stream);
	}
	go_on(c);
}

static void
client_secured(void *context)
{
	struct client *c = context;

	buf_adds(&c->replies, "tls|");
	c->seen++;
	go_on(c);
}

static void
client_ended(void *context, enum stream_end end, const char *why)
{
	struct client *c = context;

	(void)why;
	buf_adds(&c->replies, end == STREAM_CLOSED ? "closed" : "failed");
	over(c);
}

static const struct stream_handler client_handler = {
	.readable = client_readable,
	.secured = client_secured,
	.ended = client_ended,
};

/* Connects; `first` replies are waited for before the first step. */
static void
client_start(struct client *c, const struct step *steps, int first)
{
	struct error error;

	*c = (struct client){
		.step = steps, .wanted = first, .replies = BUF_INIT(10000)};
	c->stream = stream_connect(loop, &address, &client_handler, c, &error);
	assert_non_null(c->stream);
	if (first == 0)
		go_on(c);
}

static void
client_check(struct client *c, const char *want)
{
	while (!c->over)
		loop_run(loop);
	assert_span(buf_span(&c->replies), want);
	buf_release(&c->replies);
}

#define ENVELOPE "MAIL FROM:<a@b>\r\nRCPT TO:<x@REPORT.test>\r\nDATA\r\n"

static void
test_message(void **state)
{
	static const struct step steps[] = {
		{"EHLO me\r\n", 1},
		{"MAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\n"
		 "RCPT TO:<one@report.test>\r\nRCPT TO:<two@report.test>\r\n"
		 "DATA\r\n",
		 5},
		{"Subject: hi\r\n\r\n..dot\r\n.\r\n", 1},
		{"QUIT\r\n", 2},
	};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	client_start(&c, steps, 1);
	client_check(&c, "220|250|250|550|250|250|354|250|221|closed");
	assert_string_equal(owner.text, "Subject: hi\r\n\r\n.dot\r\n");
	assert_string_equal(owner.envelope,
			    "me: <a@b> -> 2: <two@report.test>");
	assert_false(owner.tls);
	assert_int_equal(smtp_listener_busy(listener), 0);
	assert_int_equal(smtp_listener_counts(listener)->messages, 1);
	assert_int_equal(smtp_listener_counts(listener)->ended[SMTPD_END_QUIT],
			 1);
	teardown();
}

static void
test_starttls(void **state)
{
	static const struct step steps[] = {
		{"EHLO me\r\n", 1},
		{"STARTTLS\r\n", 1},
		{"STARTTLS!", 1},
		{"RCPT TO:<x@report.test>\r\n", 1},
		{"EHLO me\r\n", 1},
		{ENVELOPE, 3},
		{"text\r\n.\r\nQUIT\r\n", 3},
	};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	client_start(&c, steps, 1);
	client_check(&c, "220|250|220|tls|503|250|250|250|354|250|221|closed");
	assert_true(owner.tls);
	teardown();
}

/* T01, T02: plain text behind STARTTLS is never a command under TLS. */
static void
test_starttls_injection(void **state)
{
	static const struct step steps[] = {{"EHLO me\r\n", 1},
					    {"STARTTLS\r\nNOOP\r\n", 9}};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	client_start(&c, steps, 1);
	client_check(&c, "220|250|554|closed");
	teardown();
}

static void
test_pregreet(void **state)
{
	static const struct step steps[] = {{"EHLO me\r\n", 9}};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	client_start(&c, steps, 0);
	client_check(&c, "554|closed");
	assert_int_equal(
		smtp_listener_counts(listener)->ended[SMTPD_END_PREGREET], 1);
	teardown();
}

static void
test_caps(void **state)
{
	static const struct step stay[] = {{"EHLO me\r\n", 1}, {NULL, 0}};
	static const struct step wait[] = {{NULL, 0}};
	struct smtp_listener_config config = usual();
	struct client c[4];

	(void)state;
	config.per_net_max = 2;
	setup(&config);
	/* Two stay (they wait for a reply that never comes), one is refused */
	client_start(&c[0], wait, 2);
	client_start(&c[1], wait, 2);
	client_start(&c[2], stay, 1);
	while (!c[2].over)
		loop_run(loop);
	assert_int_equal(smtp_listener_busy(listener), 2);
	assert_int_equal(smtp_listener_counts(listener)->refused, 1);
	assert_true(span_starts(buf_span(&c[2].replies), SPAN("421|")));
	buf_release(&c[2].replies);
	/* One goes, and there is room */
	stream_free(c[0].stream);
	buf_release(&c[0].replies);
	settle();
	assert_int_equal(smtp_listener_busy(listener), 1);
	client_start(&c[3], stay, 1);
	client_check(&c[3], "220|250|");
	stream_free(c[1].stream);
	buf_release(&c[1].replies);
	teardown();
}

/* Nothing is acknowledged before the owner says so. */
static void
test_held(void **state)
{
	static const struct step steps[] = {
		{"HELO me\r\n", 1},
		{ENVELOPE, 3},
		{"text\r\n.\r\n", 1},
		{NULL, 0},
	};
	const struct smtpd_verdict no = {.code = 451};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	owner.hold = true;
	client_start(&c, steps, 1);
	while (owner.held == NULL)
		loop_run(loop);
	assert_span(buf_span(&c.replies), "220|250|250|250|354|");
	smtp_listener_answer(owner.held, &no);
	client_check(&c, "220|250|250|250|354|451|");
	teardown();
}

/* A client that is gone when its message is answered. */
static void
test_gone(void **state)
{
	static const struct step steps[] = {
		{"HELO me\r\n", 1},
		{ENVELOPE, 3},
		{"text\r\n.\r\n", 1},
		{NULL, 0},
	};
	const struct smtpd_verdict yes = {0};
	const struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	setup(&config);
	owner.hold = true;
	client_start(&c, steps, 1);
	while (owner.held == NULL)
		loop_run(loop);
	stream_free(c.stream);
	buf_release(&c.replies);
	settle();
	assert_int_equal(smtp_listener_busy(listener), 1);
	smtp_listener_answer(owner.held, &yes);
	assert_int_equal(smtp_listener_busy(listener), 0);
	teardown();
}

/* Messages above what may be held are put off, and the session lives on. */
static void
test_held_max(void **state)
{
	static const struct step steps[] = {
		{"HELO me\r\n", 1}, {ENVELOPE, 3},     {"text\r\n.\r\n", 1},
		{ENVELOPE, 3},      {"t\r\n.\r\n", 1}, {NULL, 0},
	};
	struct smtp_listener_config config = usual();
	struct client c;

	(void)state;
	config.held_max = 5;
	setup(&config);
	client_start(&c, steps, 1);
	client_check(&c, "220|250|250|250|354|452|250|250|354|250|");
	assert_int_equal(owner.messages, 1);
	teardown();
}

static void
test_drain(void **state)
{
	static const struct step idle[] = {{"HELO me\r\n", 3}};
	static const struct step busy[] = {
		{"HELO me\r\n", 1},
		{ENVELOPE, 3},
		{"text\r\n.\r\n", 3},
	};
	const struct smtpd_verdict yes = {0};
	const struct smtp_listener_config config = usual();
	struct client a, b;

	(void)state;
	setup(&config);
	owner.hold = true;
	client_start(&a, idle, 1);
	client_start(&b, busy, 1);
	while (owner.held == NULL)
		loop_run(loop);
	smtp_listener_drain(listener);
	client_check(&a, "220|250|421|closed");
	assert_int_equal(smtp_listener_busy(listener), 2);
	smtp_listener_answer(owner.held, &yes);
	client_check(&b, "220|250|250|250|354|250|421|closed");
	assert_int_equal(smtp_listener_busy(listener), 0);
	teardown();
}

int
main(void)
{
	int failed;

	server_tls = certificate_server();
	client_tls = tls_client_new();
	UNIT(test_message);
	UNIT(test_starttls);
	UNIT(test_starttls_injection);
	UNIT(test_pregreet);
	UNIT(test_caps);
	UNIT(test_held);
	UNIT(test_gone);
	UNIT(test_held_max);
	UNIT(test_drain);
	failed = unit_run("serve/smtp_listener");
	tls_free(server_tls);
	tls_free(client_tls);
	return failed;
}

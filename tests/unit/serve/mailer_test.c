/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mailer sends to our own listener, over loopback, in one loop.  DNS is
 * a table here: these are the functions of serve/lookup.h.
 */
#include "serve/mailer.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "base/mem.h"
#include "serve/smtp_listener.h"
#include "sys/stream.h"

#include "certificate.h"
#include "unit.h"

/* ---- DNS ---- */

struct lookup_wait {
	struct loop_timer *timer;
	struct dns_question question;
	lookup_done *done;
	void *context;
};

/* Addresses of each domain; "-" is a domain that does not exist. */
static const struct domain_row {
	const char *name;
	const char *a[2];
} domains[] = {
	{"d.test", {"127.0.0.1", NULL}},
	{"e.test", {"127.0.0.1", NULL}},
	{"second.test", {"127.0.0.2", "127.0.0.1"}},
	{"nobody.test", {"127.0.0.2", "127.0.0.3"}},
	{"none.test", {NULL, NULL}},
};

static struct loop *loop;

static void
lookup_fire(void *context)
{
	struct lookup_wait *w = context;
	struct dns_rr rr[2] = {0};
	struct dns_answer a = {.status = DNS_NXDOMAIN, .rr = rr};

	for (size_t i = 0; i < COUNT(domains); i++) {
		if (strcmp(dname_format(&w->question.name).s,
			   domains[i].name) != 0)
			continue;
		a.status = DNS_NODATA;
		for (; w->question.type == DNS_A && a.len < 2 &&
		       domains[i].a[a.len] != NULL;
		     a.len++) {
			a.status = DNS_OK;
			rr[a.len].type = DNS_A;
			inet_pton(AF_INET, domains[i].a[a.len], rr[a.len].a);
		}
	}
	loop_timer_free(w->timer);
	w->done(w->context, &a);
	free(w);
}

struct lookup_wait *
lookup_ask(struct lookup *lookup, const struct dns_question *question,
	   bool fresh, lookup_done *done, void *context)
{
	struct lookup_wait *w = mem_new(sizeof(*w));

	(void)lookup;
	(void)fresh;
	w->question = *question;
	w->done = done;
	w->context = context;
	w->timer = loop_timer_new(loop, lookup_fire, w);
	loop_timer_set(w->timer, 0);
	return w;
}

void
lookup_cancel(struct lookup_wait *w)
{
	if (w != NULL)
		loop_timer_free(w->timer);
	free(w);
}

/* ---- the receiving side ---- */

static struct tls_context *server_tls, *client_tls;
static struct smtp_listener *listener;
static struct mailer *mailer;
static struct net_address address;
static int door;
static struct loop_timer *alarm_timer;
static struct buf received; /* texts, with "|" */
static unsigned under_tls;
static size_t most_sessions;

static void
on_recipient(void *context, const struct smtp_inbound *in,
	     const struct path *path, struct smtpd_verdict *ret)
{
	(void)context;
	(void)in;
	if (span_starts(path_text(path), SPAN("no")))
		*ret = (struct smtpd_verdict){550, "5.1.1", "nobody", false};
	else if (span_starts(path_text(path), SPAN("grey")))
		*ret = (struct smtpd_verdict){451, "4.7.1", "later", false};
}

static void
on_message(void *context, struct smtp_inbound *in)
{
	const struct smtpd_verdict yes = {0};

	(void)context;
	under_tls += in->tls_version != NULL;
	buf_addf(&received, "%zu:" SPAN_FMT "|", in->recipients,
		 SPAN_ARG(span_trim(buf_span(&in->text))));
	if (smtp_listener_busy(listener) - 1 > most_sessions)
		most_sessions = smtp_listener_busy(listener) - 1;
	smtp_listener_answer(in, &yes);
}

static const struct smtp_listener_handler receiver = {
	.recipient = on_recipient,
	.message = on_message,
};

/* ---- the sending side ---- */

#define RECIPIENTS 3

struct sent {
	struct mail mail;
	struct path to[RECIPIENTS];
	char results[RECIPIENTS][400];
	int told[RECIPIENTS];
	bool done;
	bool back;
};

static void
on_result(struct mail *mail, size_t i, const struct smtp_result *result,
	  const char *host)
{
	struct sent *s = container_of(mail, struct sent, mail);

	s->told[i]++;
	snprintf(s->results[i], sizeof(s->results[i]), "%c %s %d %s%s %s",
		 "?+~-"[result->outcome], smtp_phase_name(result->phase),
		 result -> code, result -> enhanced,
		 result -> tls ? " tls" : "", host);
}

static void
on_done(struct mail *mail)
{
	struct sent *s = container_of(mail, struct sent, mail);

	assert_false(s->done);
	s->done = true;
	for (size_t i = 0; i < mail->recipients; i++)
		assert_int_equal(s->told[i], 1);
	loop_stop(loop);
}

static void
on_back(struct mail *mail)
{
	container_of(mail, struct sent, mail)->back = true;
}

static void
make(struct sent *s, const char *domain, const char *text, const char *to0,
     const char *to1, const char *to2)
{
	const char *const to[RECIPIENTS] = {to0, to1, to2};

	*s = (struct sent){.mail = {.recipient = s->to,
				    .part = {span_of(text)},
				    .parts = 1,
				    .result = on_result,
				    .done = on_done}};
	assert_int_equal(dname_parse(span_of(domain), &s->mail.domain), 0);
	assert_int_equal(path_parse(SPAN("s@us.test"), &s->mail.sender), 0);
	for (size_t i = 0; i < RECIPIENTS && to[i] != NULL; i++) {
		assert_int_equal(path_parse(span_of(to[i]), &s->to[i]), 0);
		s->mail.recipients++;
	}
	assert_true(dot_check(s->mail.part, 1, &s->mail.facts));
}

static void
send_and_wait(struct sent *s)
{
	assert_true(mailer_send(mailer, &s->mail));
	while (!s->done)
		loop_run(loop);
}

static void
too_late(void *context)
{
	(void)context;
	fail_msg("nothing happened for ten seconds");
}

static struct mailer_config
usual(void)
{
	struct mailer_config config = MAILER_CONFIG;

	config.name = SPAN("out.us.test");
	config.route.allow_loopback = true;
	config.tls = client_tls;
	config.seed = 5;
	return config;
}

static void
setup(struct mailer_config config, const struct tls_context *tls)
{
	struct smtp_listener_config lc = SMTP_LISTENER_CONFIG;
	struct error error;

	lc.smtpd.name = SPAN("mx.test");
	lc.smtpd.greet_delay = 0;
	lc.tls = tls;
	received = BUF_INIT(100000);
	under_tls = 0;
	most_sessions = 0;
	loop = loop_new();
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &address));
	door = net_listen(&address, &error);
	assert_true(door >= 0);
	address = net_bound(door);
	config.port = address.port;
	listener = smtp_listener_new(loop, door, &lc, &receiver, NULL);
	mailer = mailer_new(loop, NULL, &config);
	alarm_timer = loop_timer_new(loop, too_late, NULL);
	loop_timer_set(alarm_timer, 10000);
}

static void
teardown(void)
{
	assert_int_equal(mailer_busy(mailer), 0);
	mailer_free(mailer);
	smtp_listener_free(listener);
	loop_timer_free(alarm_timer);
	close(door);
	loop_free(loop);
	buf_release(&received);
}

static void
test_delivered(void **state)
{
	struct sent s;

	(void)state;
	setup(usual(), server_tls);
	make(&s, "d.test", "hi\r\n.\r\n", "a@d.test", "no@d.test",
	     "grey@d.test");
	send_and_wait(&s);
	assert_string_equal(s.results[0],
			    "+ end of message 250 2.0.0 tls d.test");
	assert_string_equal(s.results[1], "- RCPT TO 550 5.1.1 tls d.test");
	assert_string_equal(s.results[2], "~ RCPT TO 451 4.7.1 tls d.test");
	assert_span(buf_span(&received), "1:hi\r\n.|");
	assert_int_equal(under_tls, 1);
	teardown();
}

static void
test_in_clear(void **state)
{
	struct sent s;

	(void)state;
	setup(usual(), NULL);
	make(&s, "d.test", "hi\r\n", "a@d.test", NULL, NULL);
	send_and_wait(&s);
	assert_string_equal(s.results[0], "+ end of message 250 2.0.0 d.test");
	teardown();
}

/* What requires TLS is sent under it, or waits. */
static void
test_required(void **state)
{
	struct mailer_config config = usual();
	struct sent s;

	(void)state;
	setup(usual(), server_tls);
	make(&s, "d.test", "hi\r\n", "a@d.test", NULL, NULL);
	s.mail.require_tls = true;
	send_and_wait(&s);
	assert_string_equal(s.results[0],
			    "+ end of message 250 2.0.0 tls d.test");
	teardown();

	setup(usual(), NULL);
	make(&s, "d.test", "hi\r\n", "a@d.test", "b@d.test", NULL);
	s.mail.require_tls = true;
	send_and_wait(&s);
	assert_string_equal(s.results[0], "~ STARTTLS 0  d.test");
	assert_string_equal(s.results[1], s.results[0]);
	assert_int_equal(received.len, 0);
	teardown();

	/* We have no TLS ourselves. */
	config.tls = NULL;
	setup(config, server_tls);
	make(&s, "d.test", "hi\r\n", "a@d.test", NULL, NULL);
	s.mail.require_tls = true;
	send_and_wait(&s);
	assert_string_equal(s.results[0], "~ STARTTLS 0 4.7.5 d.test");
	assert_int_equal(received.len, 0);
	teardown();
}

/* A session in clear is not for those that require TLS behind it. */
static void
test_required_waits(void **state)
{
	static struct sent s[3];
	struct mailer_config config = usual();

	(void)state;
	config.per_domain_max = 1;
	setup(config, NULL);
	for (size_t i = 0; i < COUNT(s); i++) {
		make(&s[i], "d.test", "hi\r\n", "a@d.test", NULL, NULL);
		s[i].mail.require_tls = i == 1;
		assert_true(mailer_send(mailer, &s[i].mail));
	}
	while (mailer_busy(mailer) > 0)
		loop_run(loop);
	assert_string_equal(s[0].results[0],
			    "+ end of message 250 2.0.0 d.test");
	assert_string_equal(s[1].results[0], "~ STARTTLS 0  d.test");
	assert_string_equal(s[2].results[0],
			    "+ end of message 250 2.0.0 d.test");
	teardown();
}

static void
test_second_address(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct sent s;
		struct mailer_config config = usual();

		config.seed = (uint64_t)i;
		setup(config, server_tls);
		make(&s, "second.test", "hi\r\n", "a@second.test", NULL, NULL);
		send_and_wait(&s);
		assert_string_equal(s.results[0],
				    "+ end of message 250 2.0.0 tls "
				    "second.test");
		teardown();
	}
}

static const struct fail_row {
	const char *name;
	const char *domain;
	bool public;
	const char *want;
} fails[] = {
	{"nobody listens", "nobody.test", false,
	 "~ connection 0 4.4.1 nobody.test"},
	{"no such domain", "x.test", false, "- route 0 5.1.2 "},
	{"no address", "none.test", false, "- route 0 5.4.4 "},
	{"loopback is not allowed", "d.test", true, "- route 0 5.4.4 "},
};

static void
test_fail(void **state)
{
	const struct fail_row *row = *state;
	struct mailer_config config = usual();
	struct sent s;

	config.route.allow_loopback = !row->public;
	setup(config, server_tls);
	make(&s, row->domain, "hi\r\n", "a@d.test", "b@d.test", NULL);
	send_and_wait(&s);
	assert_string_equal(s.results[0], row->want);
	assert_string_equal(s.results[1], row->want);
	teardown();
}

/* Twenty mails for two domains, three sessions each at most, and reused. */
static void
test_caps(void **state)
{
	static struct sent s[20];
	struct mailer_config config = usual();
	uint64_t accepted;

	(void)state;
	config.per_domain_max = 3;
	config.sessions_max = 5;
	config.per_session_max = 4;
	setup(config, NULL);
	for (size_t i = 0; i < COUNT(s); i++) {
		make(&s[i], i % 2 ? "d.test" : "E.test", "hi\r\n", "a@d.test",
		     "b@d.test", NULL);
		if (i % 2 == 0)
			assert_int_equal(
				dname_parse(SPAN("e.TEST"), &s[i].mail.domain),
				0);
		assert_true(mailer_send(mailer, &s[i].mail));
		assert_true(mailer_sessions(mailer, &s[i].mail.domain) <= 3);
	}
	assert_int_equal(mailer_busy(mailer), COUNT(s));
	while (mailer_busy(mailer) > 0)
		loop_run(loop);
	for (size_t i = 0; i < COUNT(s); i++)
		assert_true(s[i].done && s[i].results[0][0] == '+' &&
			    s[i].results[1][0] == '+');
	assert_true(most_sessions <= 6);
	accepted = smtp_listener_counts(listener)->accepted;
	assert_in_range(accepted, 5, 8);
	assert_int_equal(smtp_listener_counts(listener)->messages, COUNT(s));
	teardown();
}

static void
test_stop(void **state)
{
	static struct sent s[3];
	struct mailer_config config = usual();

	(void)state;
	config.per_domain_max = 1;
	setup(config, NULL);
	for (size_t i = 0; i < COUNT(s); i++) {
		make(&s[i], "d.test", "hi\r\n", "a@d.test", NULL, NULL);
		assert_true(mailer_send(mailer, &s[i].mail));
	}
	mailer_stop(mailer, on_back);
	assert_false(mailer_send(mailer, &s[1].mail));
	assert_false(s[0].back);
	assert_true(s[1].back && s[2].back);
	while (mailer_busy(mailer) > 0)
		loop_run(loop);
	assert_true(s[0].done && !s[1].done);
	teardown();
}

/* Cut off in the midst: nothing leaks, nobody is called. */
static void
test_cut_off(void **state)
{
	static struct sent s[4];

	(void)state;
	setup(usual(), server_tls);
	for (size_t i = 0; i < COUNT(s); i++)
		make(&s[i], i == 3 ? "e.test" : "d.test", "hi\r\n", "a@d.test",
		     NULL, NULL);
	send_and_wait(&s[3]);
	for (size_t i = 0; i < 3; i++)
		assert_true(mailer_send(mailer, &s[i].mail));
	mailer_free(mailer);
	assert_false(s[0].done);
	mailer = mailer_new(loop, NULL, &MAILER_CONFIG);
	teardown();
}

/* ---- a server whose TLS is broken ---- */

static unsigned handshakes;
static struct stream *broken;

static void
broken_readable(void *context)
{
	struct span in = stream_peek(broken);
	const char *reply = "250 ok\r\n";

	(void)context;
	if (span_starts(in, SPAN("EHLO")))
		reply = "250-x\r\n250 STARTTLS\r\n";
	else if (span_starts(in, SPAN("STARTTLS")))
		reply = "220 go\r\nthis is not TLS at all\r\n";
	else if (span_starts(in, SPAN("DATA")))
		reply = "354 go\r\n";
	handshakes += span_starts(in, SPAN("STARTTLS"));
	stream_consume(broken, in.len);
	stream_send(broken, span_of(reply));
}

static void
broken_ended(void *context, enum stream_end end, const char *why)
{
	(void)context;
	(void)end;
	(void)why;
	stream_free(take_ptr(&broken));
}

static const struct stream_handler broken_handler = {
	.readable = broken_readable,
	.ended = broken_ended,
};

static void
broken_accept(void *context, int fd, const struct net_address *peer)
{
	(void)context;
	(void)peer;
	stream_free(broken);
	broken = stream_new(loop, fd, &broken_handler, NULL);
	stream_send(broken, SPAN("220 broken\r\n"));
}

static void
test_broken_tls(void **state)
{
	struct net_listener *other;
	struct sent s;

	(void)state;
	setup(usual(), NULL);
	smtp_listener_drain(listener); /* the door is the other's now */
	other = net_listener_new(loop, door, broken_accept, NULL);
	make(&s, "d.test", "hi\r\n", "a@d.test", NULL, NULL);
	send_and_wait(&s);
	assert_int_equal(handshakes, 1);
	assert_string_equal(s.results[0], "+ end of message 250  d.test");
	net_listener_free(other);
	stream_free(take_ptr(&broken));
	teardown();
}

int
main(void)
{
	int failed;

	server_tls = certificate_server();
	client_tls = tls_client_new();
	UNIT(test_delivered);
	UNIT(test_in_clear);
	UNIT(test_required);
	UNIT(test_required_waits);
	UNIT(test_second_address);
	UNIT_ROWS(test_fail, fails);
	UNIT(test_caps);
	UNIT(test_stop);
	UNIT(test_cut_off);
	UNIT(test_broken_tls);
	failed = unit_run("serve/mailer");
	tls_free(server_tls);
	tls_free(client_tls);
	return failed;
}

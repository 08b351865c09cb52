/* SPDX-License-Identifier: Apache-2.0 */
/* A session of smtpd played by a script, and what it did in words. */
#pragma once

#include "smtp/smtpd.h"

#include "base/buf.h"
#include "unit.h"

/* In a script: the client waits here for all that the server says. */
#define WAIT "\x01"

/* What a session did, in words: replies, questions and the end. */
struct session {
	struct smtpd m;
	struct buf log;
	struct buf body;
	int64_t now;
	size_t most;       /* bytes given at once */
	unsigned messages; /* accepted */
};

static inline struct smtpd_config
usual(void)
{
	struct smtpd_config config = SMTPD_CONFIG;

	config.name = SPAN("mx.test");
	config.offers_tls = true;
	return config;
}

static inline void
begin(struct session *s, const struct smtpd_config *config)
{
	*s = (struct session){.log = BUF_INIT(1 << 20),
			      .body = BUF_INIT(1 << 26),
			      .now = 1000,
			      .most = SIZE_MAX};
	smtpd_init(&s->m, config, s->now);
}

static inline void
end(struct session *s)
{
	buf_release(&s->log);
	buf_release(&s->body);
}

/* Notes the code and the enhanced code of each reply's last line. */
static inline void
log_replies(struct session *s, struct span replies)
{
	assert_true(span_ends(replies, SPAN("\r\n")));
	while (replies.len > 0) {
		struct span line = span_cut(&replies, '\n');
		struct span code = span_cut(&line, ' ');
		struct span enhanced = span_cut(&line, ' ');

		assert_true(line.ptr - code.ptr <= 512);
		if (code.len != 3)
			continue; /* "250-..." */
		buf_addf(&s->log, SPAN_FMT, SPAN_ARG(code));
		if (enhanced.len == 5 && enhanced.ptr[1] == '.')
			buf_addf(&s->log, " " SPAN_FMT, SPAN_ARG(enhanced));
		buf_addc(&s->log, '|');
	}
}

/* Addresses that begin with "no" are refused. */
static inline void
answer(struct session *s, const char *what, const struct path *path)
{
	struct smtpd_verdict v = {.code = 0};

	buf_addf(&s->log, "%s(" SPAN_FMT ")|", what, SPAN_ARG(path_text(path)));
	if (span_starts(path_text(path), SPAN("no")))
		v = (struct smtpd_verdict){.code = 550, .enhanced = "5.1.1"};
	smtpd_answer(&s->m, &v);
}

/* The whole message is there. */
static inline void
store(struct session *s)
{
	struct smtpd_verdict v = {.text = "stored\r\n250 forged"};

	s->messages++;
	if (s->body.len < 100)
		buf_addf(&s->log, "<" SPAN_FMT ">|",
			 SPAN_ARG(buf_span(&s->body)));
	buf_clear(&s->body);
	smtpd_answer(&s->m, &v);
}

/* Does what the machine says until it needs bytes; false once closed. */
static inline bool
pump(struct session *s)
{
	struct smtpd_ask ask;

	for (;;) {
		switch (smtpd_next(&s->m, &ask)) {
		case SMTPD_NEED_BYTES:
			return true;
		case SMTPD_SEND:
			log_replies(s, ask.bytes);
			break;
		case SMTPD_ASK_MAIL:
			answer(s, "M", ask.path);
			break;
		case SMTPD_ASK_RECIPIENT:
			answer(s, "R", ask.path);
			break;
		case SMTPD_BODY:
			assert_true(ask.bytes.len <= SMTPD_CHUNK_MAX);
			buf_add(&s->body, ask.bytes);
			break;
		case SMTPD_ASK_MESSAGE:
			store(s);
			break;
		case SMTPD_DROP:
			buf_clear(&s->body);
			buf_adds(&s->log, "drop|");
			break;
		case SMTPD_START_TLS:
			buf_adds(&s->log, "tls|");
			smtpd_secured(&s->m);
			break;
		case SMTPD_CLOSE:
			buf_addf(&s->log, "close %d|", (int)ask.end);
			return false;
		}
	}
}

/* Gives bytes that come together, at most s->most of them at a time. */
static inline bool
give(struct session *s, struct span bytes)
{
	bool open = pump(s);

	while (open && bytes.len > 0) {
		size_t n = bytes.len < s->most ? bytes.len : s->most;

		bytes = span_skip(bytes,
				  smtpd_feed(&s->m, span_sub(bytes, 0, n)));
		open = pump(s);
	}
	return open;
}

/* Lets `ms` pass. */
static inline bool
pass(struct session *s, int64_t ms)
{
	s->now += ms;
	smtpd_tick(&s->m, s->now);
	return pump(s);
}

/* Plays a script from after the banner. */
static inline bool
play(struct session *s, struct span script)
{
	bool open = pass(s, s->m.config.greet_delay);

	while (open && script.len > 0)
		open = give(s, span_cut(&script, WAIT[0]));
	return open;
}

#define HELO     "EHLO c.test\r\n" WAIT
#define MAIL     HELO "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n"
#define DATA     MAIL "DATA\r\n" WAIT
#define SAID     "220|250|M(a@x)|250 2.0.0|R(b@y)|250 2.0.0|"
#define SMUGGLED "MAIL FROM:<smuggled@x.test>\r\n"
#define END      "\r\n.\r\n"

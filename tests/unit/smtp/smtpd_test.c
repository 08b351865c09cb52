/* SPDX-License-Identifier: Apache-2.0 */
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

static struct smtpd_config
usual(void)
{
	struct smtpd_config config = SMTPD_CONFIG;

	config.name = SPAN("mx.test");
	config.offers_tls = true;
	return config;
}

static void
begin(struct session *s, const struct smtpd_config *config)
{
	*s = (struct session){.log = BUF_INIT(1 << 20),
			      .body = BUF_INIT(1 << 26),
			      .now = 1000,
			      .most = SIZE_MAX};
	smtpd_init(&s->m, config, s->now);
}

static void
end(struct session *s)
{
	buf_release(&s->log);
	buf_release(&s->body);
}

/* Notes the code and the enhanced code of each reply's last line. */
static void
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
static void
answer(struct session *s, const char *what, const struct path *path)
{
	struct smtpd_verdict v = {.code = 0};

	buf_addf(&s->log, "%s(" SPAN_FMT ")|", what, SPAN_ARG(path_text(path)));
	if (span_starts(path_text(path), SPAN("no")))
		v = (struct smtpd_verdict){.code = 550, .enhanced = "5.1.1"};
	smtpd_answer(&s->m, &v);
}

/* The whole message is there. */
static void
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
static bool
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
static bool
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
static bool
pass(struct session *s, int64_t ms)
{
	s->now += ms;
	smtpd_tick(&s->m, s->now);
	return pump(s);
}

/* Plays a script from after the banner. */
static bool
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

#define ROW(name, script, want)                                                \
	{                                                                      \
		name, SPAN(script), want, false                                \
	}
#define WHOLE(name, script, want)                                              \
	{                                                                      \
		name, SPAN(script), want, true                                 \
	}

/* A session as it goes on: the close numbers are enum smtpd_end. */
static const struct row {
	const char *name;
	struct span script;
	const char *want;
	bool whole; /* what stands together has to come together */
} rows[] = {
	ROW("a message", DATA "Subject: x\r\n\r\n..hi" END "QUIT\r\n",
	    SAID
	    "354|<Subject: x\r\n\r\n.hi\r\n>|250 2.0.0|221 2.0.0|close 1|"),
	ROW("two messages",
	    DATA "1" END "MAIL FROM:<> SIZE=10 BODY=8BITMIME\r\n"
		 "RCPT TO:<c@y>\r\nDATA\r\n" WAIT "2" END,
	    SAID "354|<1\r\n>|250 2.0.0|M()|250 2.0.0|R(c@y)|250 2.0.0|354|"
		 "<2\r\n>|250 2.0.0|"),
	/* RFC 2920 section 4, second example: the dot, then QUIT */
	WHOLE("QUIT behind the dot", DATA "1" END "QUIT\r\n",
	      SAID "354|<1\r\n>|250 2.0.0|221 2.0.0|close 1|"),
	WHOLE("a group", MAIL "RCPT TO:<no@y>\r\nRCPT TO:<d@y>\r\nDATA\r\n",
	      SAID "R(no@y)|550 5.1.1|R(d@y)|250 2.0.0|354|"),
	ROW("HELO",
	    "HELO c\r\n" WAIT "MAIL FROM:<a@x> SIZE=1\r\nmail from:<a@x>\r\n",
	    "220|250|555 5.5.4|M(a@x)|250 2.0.0|"),
	ROW("sender refused", HELO "MAIL FROM:<no@x>\r\nRCPT TO:<b@y>\r\n",
	    "220|250|M(no@x)|550 5.1.1|503 5.5.1|"),
	ROW("no recipient",
	    HELO "MAIL FROM:<a@x>\r\nRCPT TO:<no@y>\r\nDATA\r\n",
	    "220|250|M(a@x)|250 2.0.0|R(no@y)|550 5.1.1|554 5.5.1|"),
	ROW("order", "MAIL FROM:<a@x>\r\nRCPT TO:<a@x>\r\nDATA\r\n",
	    "220|503 5.5.1|503 5.5.1|503 5.5.1|"),
	ROW("MAIL twice", MAIL "MAIL FROM:<a@x>\r\n", SAID "503 5.5.1|"),
	ROW("RSET", MAIL "RSET\r\nRCPT TO:<b@y>\r\n",
	    SAID "drop|250 2.0.0|503 5.5.1|"),
	ROW("EHLO forgets", MAIL HELO "DATA\r\n", SAID "drop|250|503 5.5.1|"),
	ROW("small ones",
	    "VRFY a\r\nNOOP x\r\nHELP\r\nEXPN a\r\nAUTH PLAIN\r\n",
	    "220|252 2.5.2|250 2.0.0|214 2.0.0|502 5.5.1|503 5.5.1|"),
	ROW("no name",
	    "EHLO\r\n" WAIT "HELO a b\r\n" WAIT "MAIL FROM:<a@x>\r\n",
	    "220|501 5.5.4|501 5.5.4|503 5.5.1|"),
	ROW("hang up in DATA", DATA "Subject: half", SAID "354|"),

	ROW("S01 LF . LF", DATA "text\n.\n" SMUGGLED END SMUGGLED,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S02 LF . CR", DATA "text\n.\r" SMUGGLED, SAID "354|"),
	ROW("S02 and its end", DATA "text\n.\r" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S03 CR . LF", DATA "text\r.\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S04 CR . CR", DATA "text\r.\r" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S05 LF . CRLF", DATA "text\n.\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S06 CR . CRLF", DATA "text\r.\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S07 CRLF . LF", DATA "text\r\n.\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S08 CRLF . CR", DATA "text\r\n.\r", SAID "354|"),
	ROW("S09 CRLF . CR CRLF", DATA "text\r\n.\r\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S10 CR CRLF . CR CRLF", DATA "text\r\r\n.\r\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.5.2|close 6|"),
	ROW("S11 NUL before the dot", DATA "text\r\n\0.\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.6.0|close 6|"),
	ROW("S12 NUL after the dot", DATA "text\r\n.\0\r\n" SMUGGLED END,
	    SAID "354|drop|550 5.6.0|close 6|"),
	WHOLE("S15 text behind DATA",
	      MAIL "DATA\r\nx" END
		   "MAIL FROM:<b@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n",
	      SAID "drop|554 5.5.0|close 3|"),
	WHOLE("S16 MAIL behind EHLO", "EHLO x\r\nMAIL FROM:<a@x>\r\n",
	      "220|554 5.5.0|close 3|"),
	WHOLE("T01 NOOP behind STARTTLS", HELO "STARTTLS\r\nNOOP\r\n",
	      "220|250|554 5.5.0|close 3|"),
	WHOLE("T02 a TLS record behind STARTTLS",
	      HELO "STARTTLS\r\n\x16\x03\x01", "220|250|554 5.5.0|close 3|"),
	ROW("T03 RCPT after STARTTLS",
	    HELO "MAIL FROM:<x@y>\r\nSTARTTLS\r\n" WAIT
		 "RCPT TO:<z@w>\r\nMAIL FROM:<x@y>\r\n",
	    "220|250|M(x@y)|250 2.0.0|220 2.0.0|tls|drop|503 5.5.1|503 5.5.1|"),
	ROW("T04 STARTTLS twice", HELO "STARTTLS\r\n" WAIT HELO "STARTTLS\r\n",
	    "220|250|220 2.0.0|tls|250|503 5.5.1|"),
	ROW("STARTTLS with more", HELO "STARTTLS now\r\n",
	    "220|250|501 5.5.4|"),

	ROW("L03 SIZE too big",
	    HELO "MAIL FROM:<a@x> SIZE=9999999999999999999999"
		 "\r\nMAIL FROM:<a@x> SIZE=41943041\r\n",
	    "220|250|552 5.3.4|552 5.3.4|"),
	ROW("L03 SIZE just so", HELO "MAIL FROM:<a@x> SIZE=41943040\r\n",
	    "220|250|M(a@x)|250 2.0.0|"),
	ROW("L03 SIZE below 0",
	    HELO "MAIL FROM:<a@x> SIZE=-1\r\n"
		 "MAIL FROM:<a@x> SIZE=\r\n",
	    "220|250|501 5.5.4|501 5.5.4|"),

	ROW("G01 two paths", HELO "MAIL FROM:<a@b> <c@d>\r\n",
	    "220|250|501 5.5.4|"),
	ROW("G01 a space", HELO "MAIL FROM: <a@b>\r\n",
	    "220|250|M(a@b)|250 2.0.0|"),
	ROW("G01 a quoted space", HELO "MAIL FROM:<\"a b\"@c>\r\n",
	    "220|250|M(\"a b\"@c)|250 2.0.0|"),
	ROW("G01 an IPv6 literal", HELO "MAIL FROM:<a@[IPv6:::1]>\r\n",
	    "220|250|M(a@[IPv6:::1])|250 2.0.0|"),
	ROW("G01 nothing but @", HELO "MAIL FROM:<@>\r\n",
	    "220|250|501 5.1.7|"),
	ROW("G01 a parameter that sticks", HELO "MAIL FROM:<a@b>X=1\r\n",
	    "220|250|555 5.5.4|"),
	ROW("G01 an unknown parameter",
	    HELO "MAIL FROM:<a@b> X=1\r\n"
		 "MAIL FROM:<a@b> SMTPUTF8\r\n"
		 "MAIL FROM:<a@b> BODY=BINARYMIME\r\n",
	    "220|250|555 5.5.4|555 5.5.4|555 5.5.4|"),
	ROW("G02 opaque octets",
	    MAIL "RCPT TO:<;id;@test>\r\nRCPT TO:<`id`@test>\r\n"
		 "RCPT TO:<${run{id}}@test>\r\nRCPT TO:<-oQ/tmp@test>\r\n"
		 "RCPT TO:<a@b\nfoo>\r\n",
	    SAID "501 5.1.3|R(`id`@test)|250 2.0.0|R(${run{id}}@test)|"
		 "250 2.0.0|R(-oQ/tmp@test)|250 2.0.0|500 5.5.2|"),
	ROW("recipients that are none",
	    MAIL "RCPT TO:<>\r\nRCPT TO:b@y\r\nRCPT <b@y>\r\n"
		 "RCPT TO:<b@y> NOTIFY=NEVER\r\nRCPT TO:<b@y> <c@y>\r\n",
	    SAID "501 5.1.3|501 5.1.3|501 5.5.4|555 5.5.4|501 5.5.4|"),
	ROW("G04 BDAT",
	    MAIL "BDAT 9999999999999999999 LAST\r\nBDAT -1\r\n"
		 "BDAT 5 LAST\r\nabcdDATA\r\nDATA\r\n",
	    SAID "503 5.5.1|503 5.5.1|503 5.5.1|500 5.5.1|354|"),
	ROW("a NUL in a command", "NO\0OP\r\nNOOP\r\n",
	    "220|500 5.5.2|250 2.0.0|"),
	ROW("a bare LF ends no command", "NOOP\nNOOP\r\n", "220|500 5.5.2|"),
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct smtpd_config config = usual();

	for (size_t most = row->whole ? 1000 : 1; most <= 1000; most++) {
		struct session s;

		begin(&s, &config);
		s.most = most;
		play(&s, row->script);
		assert_span(buf_span(&s.log), row->want);
		end(&s);
		if (most == 8)
			most = 999;
	}
}

static void
test_s17_pregreet(void **state)
{
	struct smtpd_config config = usual();
	struct session s;

	(void)state;
	begin(&s, &config);
	assert_int_equal(smtpd_due(&s.m), s.now + config.greet_delay);
	assert_false(give(&s, SPAN("EHLO x\r\n")));
	assert_span(buf_span(&s.log), "554 5.5.1|close 2|");
	end(&s);

	config.greet_delay = 0;
	begin(&s, &config);
	assert_true(give(&s, SPAN("EHLO x\r\n")));
	assert_span(buf_span(&s.log), "220|250|");
	end(&s);
}

/* What EHLO offers, to the letter. */
static void
test_offers(void **state)
{
	struct smtpd_config config = usual();
	struct smtpd m;
	struct smtpd_ask ask;

	(void)state;
	config.greet_delay = 0;
	smtpd_init(&m, &config, 0);
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_SEND);
	assert_span(ask.bytes, "220 mx.test ESMTP\r\n");
	smtpd_feed(&m, SPAN("EHLO c\r\n"));
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_SEND);
	assert_span(ask.bytes, "250-mx.test\r\n250-PIPELINING\r\n"
			       "250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
			       "250-STARTTLS\r\n250 SIZE 41943040\r\n");
	assert_span(smtpd_helo(&m), "c");
	smtpd_feed(&m, SPAN("STARTTLS\r\n"));
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_SEND);
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_START_TLS);
	smtpd_secured(&m);
	assert_span(smtpd_helo(&m), "");
	smtpd_feed(&m, SPAN("EHLO c\r\n"));
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_SEND);
	assert_int_equal(span_search(ask.bytes, SPAN("STARTTLS")), SPAN_NONE);
}

/* Plain text that comes while the handshake is waited for ends it all. */
static void
test_t01_late(void **state)
{
	struct smtpd_config config = usual();
	struct smtpd m;
	struct smtpd_ask ask;

	(void)state;
	config.greet_delay = 0;
	smtpd_init(&m, &config, 0);
	smtpd_next(&m, &ask);
	smtpd_feed(&m, SPAN("STARTTLS\r\n"));
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_SEND);
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_START_TLS);
	assert_int_equal(smtpd_feed(&m, SPAN("NOOP\r\n")), 6);
	assert_int_equal(smtpd_next(&m, &ask), SMTPD_CLOSE);
	assert_int_equal(ask.end, SMTPD_END_PIPELINING);
}

static void
test_no_tls(void **state)
{
	struct smtpd_config config = usual();
	struct session s;

	(void)state;
	config.offers_tls = false;
	config.refuses_space = true;
	begin(&s, &config);
	play(&s, SPAN(HELO "STARTTLS\r\nMAIL FROM: <a@b>\r\n"));
	assert_span(buf_span(&s.log), "220|250|502 5.5.1|501 5.1.7|");
	end(&s);
}

static void
test_l01_long_command(void **state)
{
	static const size_t lengths[] = {513, 514, 600, 70000};
	const struct smtpd_config config = usual();

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		for (int step = 0; step < 2; step++) {
			struct session s;

			begin(&s, &config);
			s.most = step ? SIZE_MAX : 1;
			play(&s, SPAN(""));
			for (size_t n = 0; n < lengths[i]; n++)
				give(&s, n == 511 ? SPAN("\r") : SPAN("x"));
			assert_span(buf_span(&s.log), "220|500 5.5.2|");
			give(&s, SPAN("\nx\r\nNOOP\r\n"));
			assert_span(buf_span(&s.log),
				    "220|500 5.5.2|250 2.0.0|");
			end(&s);
		}
}

/* 512 octets with CRLF are a command. */
static void
test_l01_longest(void **state)
{
	const struct smtpd_config config = usual();
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN("NOOP "));
	for (int i = 0; i < 505; i++)
		give(&s, SPAN("x"));
	give(&s, SPAN("\r\n"));
	assert_span(buf_span(&s.log), "220|250 2.0.0|");
	end(&s);
}

static const struct line_row {
	const char *name;
	size_t len;
	const char *want;
} lines[] = {
	{"L02 999", 999, "250 2.0.0|"},
	{"L02 2048", 2048, "250 2.0.0|"},
	{"L02 8192", 8192, "250 2.0.0|"},
	{"L02 8193", 8193, "drop|554 5.6.0|"},
	{"L02 1 MiB", 1 << 20, "drop|554 5.6.0|"},
	{"L02 50 MiB", 50 << 20, "drop|554 5.6.0|"},
};

static void
test_l02_line(void **state)
{
	const struct line_row *row = *state;
	const struct smtpd_config config = usual();
	char block[4096];
	struct session s;

	begin(&s, &config);
	play(&s, SPAN(DATA "\r\n"));
	memset(block, 'x', sizeof(block));
	for (size_t left = row->len; left > 0;) {
		size_t n = left < sizeof(block) ? left : sizeof(block);

		give(&s, (struct span){block, n});
		left -= n;
	}
	buf_clear(&s.log);
	if (row->want[0] == '2')
		assert_int_equal(s.body.len, row->len + 2);
	give(&s, SPAN(END));
	assert_span(buf_span(&s.log), row->want);
	buf_clear(&s.log);
	give(&s, SPAN("NOOP\r\n"));
	assert_span(buf_span(&s.log), "250 2.0.0|");
	end(&s);
}

/* A body above the limit is taken to its dot, and refused. */
static void
test_l03_body(void **state)
{
	struct smtpd_config config = usual();
	struct session s;

	(void)state;
	config.limits.size = 20;
	begin(&s, &config);
	play(&s, SPAN(DATA "\r\n12345678901234567890\r\nMAIL\r\n..\r\n" END
			   "NOOP\r\n"));
	assert_span(buf_span(&s.log), SAID "354|drop|552 5.3.4|250 2.0.0|");
	assert_int_equal(s.messages, 0);
	end(&s);
}

static void
test_l04_recipients(void **state)
{
	struct smtpd_config config = usual();
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(HELO "MAIL FROM:<a@x>\r\n"));
	for (int i = 0; i < 1000; i++)
		give(&s, SPAN("RCPT TO:<b@y>\r\n"));
	buf_clear(&s.log);
	give(&s, SPAN("RCPT TO:<b@y>\r\nRCPT TO:<b@y>\r\n"));
	assert_span(buf_span(&s.log), "452 4.5.3|452 4.5.3|");
	assert_int_equal(s.m.recipients, 1000);
	give(&s, SPAN("DATA\r\n"));
	give(&s, SPAN("x" END));
	assert_int_equal(s.messages, 1);
	end(&s);
}

static const struct header_row {
	const char *name;
	const char *line;
	size_t times;
	const char *want;
} headers[] = {
	{"L05 10 MiB of header", "A: 0123456789\r\n", 700000, "554 5.6.0|"},
	{"L05 100k fields", "A:\r\n", 100000, "554 5.6.0|"},
	{"L05 1000 fields", "A:\r\n", 1000, "250 2.0.0|"},
	{"L05 1001 fields", "A:\r\n", 1001, "554 5.6.0|"},
	{"L05 a field of 1 MiB", " 0123456789\r\n", 100000, "554 5.6.0|"},
	{"L09 50 Received", "Received: x\r\n", 50, "250 2.0.0|"},
	{"L09 51 Received", "Received: x\r\n", 51, "554 5.4.6|"},
};

static void
test_header(void **state)
{
	const struct header_row *row = *state;
	const struct smtpd_config config = usual();
	struct session s;

	begin(&s, &config);
	play(&s, SPAN(DATA));
	if (row->line[0] == ' ')
		give(&s, SPAN("A: x\r\n"));
	for (size_t i = 0; i < row->times; i++)
		give(&s, span_of(row->line));
	give(&s, SPAN("\r\nbody" END));
	assert_true(span_ends(buf_span(&s.log), span_of(row->want)));
	end(&s);
}

static const struct junk_row {
	const char *name;
	const char *line;
} junks[] = {
	{"L07 VRFY", "VRFY a\r\n"},  {"L07 EXPN", "EXPN a\r\n"},
	{"L07 NOOP", "NOOP\r\n"},    {"L07 RSET", "RSET\r\n"},
	{"L07 nonsense", "XYZ\r\n"},
};

static void
test_l07_junk(void **state)
{
	const struct junk_row *row = *state;
	const struct smtpd_config config = usual();
	struct session s;

	begin(&s, &config);
	play(&s, SPAN(HELO));
	for (int i = 0; i < 100; i++)
		assert_true(give(&s, span_of(row->line)));
	buf_clear(&s.log);
	assert_false(give(&s, span_of(row->line)));
	assert_true(span_starts(buf_span(&s.log), SPAN("421 4.7.0|close 4|")));
	end(&s);
}

/* A message accepted makes room for junk again. */
static void
test_l07_with_mail(void **state)
{
	const struct smtpd_config config = usual();
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(HELO));
	for (int i = 0; i < 250; i++) {
		assert_true(give(&s, SPAN("RSET\r\n")));
		assert_true(give(&s, SPAN("MAIL FROM:<>\r\nRCPT TO:<b@y>\r\n"
					  "DATA\r\n")));
		assert_true(give(&s, SPAN("x" END)));
	}
	assert_int_equal(s.messages, 250);
	end(&s);
}

static void
test_errors(void **state)
{
	struct smtpd_config config = usual();
	struct session s;

	(void)state;
	config.errors_max = 2;
	begin(&s, &config);
	play(&s, SPAN(MAIL));
	buf_clear(&s.log);
	assert_false(give(&s, SPAN("RCPT TO:<no@1>\r\nRCPT\r\nRCPT TO:x\r\n"
				   "RCPT TO:<d@y>\r\n")));
	assert_span(buf_span(&s.log), "R(no@1)|550 5.1.1|501 5.5.4|drop|"
				      "501 5.1.3|421 4.7.0|close 5|");
	end(&s);
}

/* One byte every 9 s: the command, not the byte, has its time. */
static void
test_l08_slow_command(void **state)
{
	struct smtpd_config config = usual();
	struct session s;
	int bytes = 0;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(""));
	while (pass(&s, 9000) && give(&s, SPAN("x")))
		bytes++;
	assert_int_equal(bytes, 300 / 9);
	assert_span(buf_span(&s.log), "220|421 4.4.2|close 7|");
	end(&s);
}

static void
test_l08_slow_data(void **state)
{
	const struct smtpd_config config = usual();
	struct session s;
	int bytes = 0;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(DATA));
	while (pass(&s, 9000) && give(&s, SPAN("x")))
		bytes++;
	assert_int_equal(bytes, 300 / 9);
	assert_span(buf_span(&s.log), SAID "354|drop|421 4.4.2|close 7|");
	end(&s);
}

/* At the least rate a message may take longer than a command. */
static void
test_l08_rate(void **state)
{
	const struct smtpd_config config = usual();
	char block[2000];
	struct session s;

	(void)state;
	memset(block, 'x', sizeof(block));
	block[1998] = '\r';
	block[1999] = '\n';
	begin(&s, &config);
	play(&s, SPAN(DATA));
	for (int i = 0; i < 1000; i++) {
		assert_true(pass(&s, 4000));
		assert_true(give(&s, (struct span){block, sizeof(block)}));
	}
	/* Credit is not saved up beyond one command's time. */
	assert_false(pass(&s, 300001));
	end(&s);
}

/* No deadline runs against the client while we are asked. */
static void
test_waiting_for_us(void **state)
{
	const struct smtpd_config config = usual();
	const struct smtpd_verdict no = {.code = 451, .close = true};
	struct smtpd_ask ask;
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(DATA));
	smtpd_feed(&s.m, SPAN("x" END "QUIT\r\n"));
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_BODY);
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_ASK_MESSAGE);
	assert_int_equal(smtpd_due(&s.m), SMTPD_NEVER);
	smtpd_tick(&s.m, s.now + 3600000);
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_NEED_BYTES);
	assert_int_equal(smtpd_feed(&s.m, SPAN("QUIT\r\n")), 0);
	smtpd_answer(&s.m, &no);
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_SEND);
	assert_span(ask.bytes, "451 4.3.0 refused\r\n");
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_CLOSE);
	assert_int_equal(ask.end, SMTPD_END_REFUSED);
	end(&s);
}

/* A verdict's text, whoever wrote it, stays one line of ASCII. */
static void
test_verdict_text(void **state)
{
	const struct smtpd_config config = usual();
	struct smtpd_verdict v = {550, "5.7.1", "a\r\n250 b\x1b\xff", false};
	char long_text[2000];
	struct smtpd_ask ask;
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(HELO));
	smtpd_feed(&s.m, SPAN("MAIL FROM:<a@x>\r\n"));
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_ASK_MAIL);
	smtpd_answer(&s.m, &v);
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_SEND);
	assert_span(ask.bytes, "550 5.7.1 a??250 b??\r\n");
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	v.text = long_text;
	smtpd_feed(&s.m, SPAN("MAIL FROM:<a@x>\r\n"));
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_ASK_MAIL);
	smtpd_answer(&s.m, &v);
	assert_int_equal(smtpd_next(&s.m, &ask), SMTPD_SEND);
	assert_int_equal(ask.bytes.len, 10 + SMTPD_TEXT_MAX + 2);
	end(&s);
}

static void
test_drain(void **state)
{
	const struct smtpd_config config = usual();
	struct session s;

	(void)state;
	begin(&s, &config);
	play(&s, SPAN(DATA));
	smtpd_drain(&s.m);
	give(&s, SPAN("x" END));
	assert_span(buf_span(&s.log),
		    SAID "354|<x\r\n>|250 2.0.0|421 4.3.2|close 9|");
	assert_int_equal(s.messages, 1);
	end(&s);

	begin(&s, &config);
	play(&s, SPAN(HELO));
	smtpd_drain(&s.m);
	assert_false(pump(&s));
	assert_span(buf_span(&s.log), "220|250|421 4.3.2|close 9|");
	end(&s);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_s17_pregreet);
	UNIT(test_offers);
	UNIT(test_t01_late);
	UNIT(test_no_tls);
	UNIT(test_l01_long_command);
	UNIT(test_l01_longest);
	UNIT_ROWS(test_l02_line, lines);
	UNIT(test_l03_body);
	UNIT(test_l04_recipients);
	UNIT_ROWS(test_header, headers);
	UNIT_ROWS(test_l07_junk, junks);
	UNIT(test_l07_with_mail);
	UNIT(test_errors);
	UNIT(test_l08_slow_command);
	UNIT(test_l08_slow_data);
	UNIT(test_l08_rate);
	UNIT(test_waiting_for_us);
	UNIT(test_verdict_text);
	UNIT(test_drain);
	return unit_run("smtp/smtpd");
}

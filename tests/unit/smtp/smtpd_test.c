/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

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
	UNIT(test_waiting_for_us);
	UNIT(test_verdict_text);
	UNIT(test_drain);
	return unit_run("smtp/smtpd");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

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

int
main(void)
{
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
	return unit_run("smtp/smtpd_limits");
}

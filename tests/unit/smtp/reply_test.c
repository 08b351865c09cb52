/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/reply.h"

#include "base/buf.h"
#include "unit.h"

#define ROW(name, in, status, code, enhanced, line)                            \
	{                                                                      \
		name, SPAN(in), status, code, enhanced, line                   \
	}

static const struct row {
	const char *name;
	struct span in;
	enum reply_status status;
	int code;
	const char *enhanced;
	const char *line;
} rows[] = {
	ROW("one line", "250 ok\r\n", REPLY_OK, 250, "", "250 ok"),
	ROW("no text", "250\r\n", REPLY_OK, 250, "", "250"),
	ROW("no text but a space", "250 \r\n", REPLY_OK, 250, "", "250"),
	ROW("lines", "250-a\r\n250-b\r\n250 c\r\n", REPLY_OK, 250, "",
	    "250 a b c"),
	ROW("enhanced", "550 5.1.1 no\r\n", REPLY_OK, 550, "5.1.1",
	    "550 5.1.1 no"),
	ROW("enhanced alone", "250 2.0.0\r\n", REPLY_OK, 250, "2.0.0",
	    "250 2.0.0"),
	ROW("enhanced, two digits", "550 5.7.26 no\r\n", REPLY_OK, 550,
	    "5.7.26", "550 5.7.26 no"),
	ROW("enhanced of another class", "450 5.1.1 no\r\n", REPLY_OK, 450, "",
	    "450 5.1.1 no"),
	ROW("an address, not enhanced", "250 2.0.0.1 hi\r\n", REPLY_OK, 250, "",
	    "250 2.0.0.1 hi"),
	ROW("a version, not enhanced", "250 2.0 hi\r\n", REPLY_OK, 250, "",
	    "250 2.0 hi"),
	ROW("four digits", "250 2.0.1000 hi\r\n", REPLY_OK, 250, "",
	    "250 2.0.1000 hi"),
	/* G03 */
	ROW("a first line without text", "250-\r\n250 ok\r\n", REPLY_OK, 250,
	    "", "250  ok"),
	ROW("a last line of its code", "553-\r\n553\r\n", REPLY_OK, 553, "",
	    "553  "),
	ROW("control characters", "250 a\0b\x1b[2Jc\rd\r\r\n", REPLY_OK, 250,
	    "", "250 a?b?[2Jc?d?"),
	ROW("eight bits, and a tab", "250 \xc3\xa9\tx\r\n", REPLY_OK, 250, "",
	    "250 ?? x"),
	ROW("25", "25\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("25 and a space", "25 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("999", "999 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("199", "199 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("260", "260 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("-50", "-50 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("2500", "2500 x\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("an empty line", "\r\n", REPLY_BAD_CODE, 0, "", ""),
	ROW("two codes", "250-a\r\n550 b\r\n", REPLY_MIXED, 0, "", ""),
	ROW("a bare LF", "250 a\n", REPLY_BARE, 0, "", ""),
	ROW("not ended", "250-a\r\n250", REPLY_MORE, 0, "", ""),
	ROW("no LF", "250 a\r", REPLY_MORE, 0, "", ""),
};

static enum reply_status
read_in_steps(struct reply_reader *r, struct span in, size_t step)
{
	enum reply_status status = REPLY_MORE;

	reply_reader_init(r);
	while (in.len > 0 && status == REPLY_MORE) {
		size_t n = in.len < step ? in.len : step, took;

		status = reply_read(r, span_sub(in, 0, n), &took);
		assert_true(took == n || status != REPLY_MORE);
		in = span_skip(in, took);
	}
	return status;
}

static void
test_row(void **state)
{
	const struct row *row = *state;

	for (size_t step = 1; step <= row->in.len; step++) {
		struct reply_reader r;
		char line[64];

		assert_int_equal(read_in_steps(&r, row->in, step), row->status);
		if (row->status != REPLY_OK)
			continue;
		assert_int_equal(r.reply.code, row->code);
		assert_string_equal(r.reply.enhanced, row->enhanced);
		reply_line(&r.reply, line, sizeof(line));
		assert_true(span_equal(span_trim(span_of(line)),
				       span_trim(span_of(row->line))));
	}
}

/* Two replies that come together are read one after the other. */
static void
test_two(void **state)
{
	struct span in = SPAN("250-a\r\n250 b\r\n354 c\r\n");
	struct reply_reader r;
	size_t took;

	(void)state;
	reply_reader_init(&r);
	assert_int_equal(reply_read(&r, in, &took), REPLY_OK);
	assert_int_equal(took, 14);
	assert_int_equal(r.reply.lines, 2);
	assert_int_equal(reply_read(&r, span_skip(in, took), &took), REPLY_OK);
	assert_int_equal(r.reply.code, 354);
	assert_string_equal(r.reply.text, "c");
}

static void
test_limits(void **state)
{
	CLEANUP(buf_release) struct buf in = BUF_INIT(1 << 20);
	struct reply_reader r;
	char line[20];

	(void)state;
	/* A line of 64 KiB */
	buf_adds(&in, "250 ");
	for (int i = 0; i < 65536; i++)
		buf_addc(&in, 'x');
	assert_int_equal(read_in_steps(&r, buf_span(&in), 1000),
			 REPLY_LONG_LINE);
	/* A line that is read, and kept in part */
	buf_truncate(&in, REPLY_LINE_MAX);
	buf_adds(&in, "\r\n");
	assert_int_equal(read_in_steps(&r, buf_span(&in), 1000), REPLY_OK);
	assert_int_equal(r.reply.len, REPLY_KEPT_MAX);
	reply_line(&r.reply, line, sizeof(line));
	assert_string_equal(line, "250 xxxxxxxxxxxxxxx");
	/* Lines, so many as may be, and one more */
	buf_clear(&in);
	for (int i = 0; i < REPLY_LINES_MAX - 1; i++)
		buf_addf(&in, "250-%0100d\r\n", i);
	buf_adds(&in, "250 end\r\n");
	assert_int_equal(read_in_steps(&r, buf_span(&in), 1000), REPLY_OK);
	assert_int_equal(r.reply.lines, REPLY_LINES_MAX);
	assert_int_equal(r.reply.len, REPLY_TEXT_MAX);
	buf_clear(&in);
	for (int i = 0; i < 10000; i++)
		buf_adds(&in, "250-x\r\n");
	assert_int_equal(read_in_steps(&r, buf_span(&in), 1000),
			 REPLY_MANY_LINES);
}

static void
test_offers(void **state)
{
	struct reply_reader r;
	struct span parameters = SPAN("untouched");

	(void)state;
	assert_int_equal(read_in_steps(&r,
				       SPAN("250-SIZE.test hi\r\n"
					    "250-size 1000\r\n250-8BITMIME\r\n"
					    "250 STARTTLSX\r\n"),
				       1000),
			 REPLY_OK);
	assert_false(reply_offers(&r.reply, SPAN("SIZE.test"), &parameters));
	assert_false(reply_offers(&r.reply, SPAN("STARTTLS"), &parameters));
	assert_span(parameters, "untouched");
	assert_true(reply_offers(&r.reply, SPAN("SIZE"), &parameters));
	assert_span(parameters, "1000");
	assert_true(reply_offers(&r.reply, SPAN("8BITMIME"), &parameters));
	assert_span(parameters, "");
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_two);
	UNIT(test_limits);
	UNIT(test_offers);
	return unit_run("smtp/reply");
}

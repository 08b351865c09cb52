/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/undot.h"

#include "smtp/dot.h"
#include "unit.h"

static const struct undot_limits roomy = {
	.size = 1 << 20,
	.line = 8192,
	.header = 102400,
	.fields = 1000,
	.received = 50,
};

#define ROW(name, in, fault, end, out)                                         \
	{                                                                      \
		name, SPAN(in), fault, end, out                                \
	}

static const struct undot_row {
	const char *name;
	struct span in;
	enum undot_fault fault;
	bool ended;
	const char *out; /* looked at only when clean */
} rows[] = {
	ROW("plain", "a\r\n.\r\n", UNDOT_CLEAN, true, "a\r\n"),
	ROW("empty", ".\r\n", UNDOT_CLEAN, true, ""),
	ROW("a dot taken away", "..a\r\n.b\r\n.\r\n", UNDOT_CLEAN, true,
	    ".a\r\nb\r\n"),
	ROW("a dot inside", "a.b\r\na.\r\n.\r\n", UNDOT_CLEAN, true,
	    "a.b\r\na.\r\n"),
	ROW("two dots alone", "..\r\n.\r\n", UNDOT_CLEAN, true, ".\r\n"),
	ROW("no end", "a\r\n.", UNDOT_CLEAN, false, "a\r\n"),
	/* RFC 5321 s4.1.1.4, and the sequences of SMTP smuggling: */
	ROW("LF . LF", "text\n.\nx\r\n", UNDOT_BARE, false, ""),
	ROW("LF . CR", "text\n.\r", UNDOT_BARE, false, ""),
	ROW("CR . LF", "text\r.\nx\r\n", UNDOT_BARE, false, ""),
	ROW("CR . CR", "text\r.\rx\r\n", UNDOT_BARE, false, ""),
	ROW("LF . CRLF", "text\n.\r\n", UNDOT_BARE, false, ""),
	ROW("CR . CRLF", "text\r.\r\n", UNDOT_BARE, false, ""),
	ROW("CRLF . LF", "text\r\n.\nx", UNDOT_BARE, false, ""),
	ROW("CRLF . CR", "text\r\n.\r", UNDOT_CLEAN, false, "text\r\n"),
	ROW("CRLF . CR CRLF", "text\r\n.\r\r\n", UNDOT_BARE, false, ""),
	ROW("CR CRLF . CR CRLF", "text\r\r\n.\r\r\n", UNDOT_BARE, false, ""),
	ROW("CRLF NUL . CRLF", "text\r\n\0.\r\n", UNDOT_NUL, false, ""),
	ROW("CRLF . NUL CRLF", "text\r\n.\0\r\n", UNDOT_NUL, false, ""),
	ROW("the end after a bare LF", "a\nb\r\n.\r\n", UNDOT_BARE, true, ""),
	ROW("a bare CR last", "a\r\r\n.\r\n", UNDOT_BARE, true, ""),
};

/* Feeds `in` in pieces of `step` and collects into `out`. */
static struct span
run(struct undot *u, struct span in, size_t step, struct writer *to)
{
	while (in.len > 0 && !undot_ended(u)) {
		size_t n = in.len < step ? in.len : step;
		size_t took = undot_feed(u, span_sub(in, 0, n), to);

		assert_true(took == n || undot_ended(u));
		in = span_skip(in, took);
	}
	return writer_span(to);
}

static void
test_row(void **state)
{
	const struct undot_row *row = *state;

	for (size_t step = 1; step <= row->in.len; step++) {
		char room[200];
		struct writer to = writer_over(room, sizeof(room));
		struct undot u;
		struct span out;

		undot_init(&u, &roomy);
		out = run(&u, row->in, step, &to);
		assert_int_equal(u.fault, row->fault);
		assert_int_equal(undot_ended(&u), row->ended);
		if (row->fault == UNDOT_CLEAN)
			assert_span(out, row->out);
	}
}

/* Nothing behind the end is taken, and a full writer stops it. */
static void
test_takes_no_more(void **state)
{
	struct span in = SPAN("abcd\r\n.\r\nMAIL");
	char room[4];
	struct writer to = writer_over(room, sizeof(room));
	struct undot u;

	(void)state;
	undot_init(&u, &roomy);
	assert_int_equal(undot_feed(&u, in, &to), 3);
	in = span_skip(in, 3);
	to.len = 0;
	assert_int_equal(undot_feed(&u, in, &to), 3);
	assert_span(writer_span(&to), "d\r\n");
	in = span_skip(in, 3);
	to.len = 0;
	assert_int_equal(undot_feed(&u, in, &to), 3);
	assert_true(undot_ended(&u));
	assert_int_equal(undot_feed(&u, span_skip(in, 3), &to), 0);
}

#define LIMITS(s, l, h, f, r)                                                  \
	{                                                                      \
		.size = (s), .line = (l), .header = (h), .fields = (f),        \
		.received = (r)                                                \
	}

static const struct limit_row {
	const char *name;
	struct undot_limits limits;
	const char *in;
	enum undot_fault fault;
} limit_rows[] = {
	{"size just so", LIMITS(6, 9, 9, 9, 9), "\r\nab\r\n.\r\n", UNDOT_CLEAN},
	{"size", LIMITS(5, 9, 9, 9, 9), "\r\nab\r\n.\r\n", UNDOT_TOO_BIG},
	{"dots are not counted", LIMITS(6, 9, 9, 9, 9), "\r\n..b\r\n.\r\n",
	 UNDOT_CLEAN},
	{"line just so", LIMITS(99, 3, 99, 9, 9), "\r\nabc\r\n.\r\n",
	 UNDOT_CLEAN},
	{"line", LIMITS(99, 3, 99, 9, 9), "\r\nabcd\r\n.\r\n", UNDOT_LONG_LINE},
	{"header just so", LIMITS(99, 9, 10, 9, 9),
	 "A: b\r\n c\r\n\r\nx\r\n.\r\n", UNDOT_CLEAN},
	{"header", LIMITS(99, 9, 9, 9, 9), "A: b\r\n c\r\n\r\nx\r\n.\r\n",
	 UNDOT_HEADER},
	{"fields", LIMITS(99, 9, 99, 1, 9), "A: b\r\nB: c\r\n\r\n.\r\n",
	 UNDOT_HEADER},
	{"a folded line is no field", LIMITS(99, 9, 99, 1, 9),
	 "A: b\r\n B:c\r\n\r\n.\r\n", UNDOT_CLEAN},
	{"the body has no fields", LIMITS(99, 9, 99, 1, 9),
	 "A: b\r\n\r\nB: c\r\n.\r\n", UNDOT_CLEAN},
	{"a line without colon ends the header", LIMITS(99, 9, 99, 1, 9),
	 "A: b\r\nx\r\nB: c\r\n.\r\n", UNDOT_CLEAN},
	{"loop", LIMITS(99, 20, 99, 9, 1),
	 "Received: a\r\nRECEIVED : b\r\n\r\n.\r\n", UNDOT_LOOP},
	{"not quite Received", LIMITS(99, 20, 99, 9, 1),
	 "Received: a\r\nReceived-: b\r\nX-Received: c\r\n\r\n.\r\n",
	 UNDOT_CLEAN},
	{"a bare LF outweighs", LIMITS(5, 9, 9, 9, 9), "\r\nabcdef\n\r\n.\r\n",
	 UNDOT_BARE},
};

static void
test_limit(void **state)
{
	const struct limit_row *row = *state;

	for (size_t step = 1; step <= strlen(row->in); step++) {
		char room[200];
		struct writer to = writer_over(room, sizeof(room));
		struct undot u;

		undot_init(&u, &row->limits);
		run(&u, span_of(row->in), step, &to);
		assert_int_equal(u.fault, row->fault);
		assert_true(undot_ended(&u));
	}
}

static const struct dot_row {
	const char *name;
	const char *part[2];
	const char *out;
} dots[] = {
	{"plain", {"a\r\n", ""}, "a\r\n.\r\n"},
	{"nothing", {"", ""}, ".\r\n"},
	{"no end of line", {"a", ""}, "a\r\n.\r\n"},
	{"dots",
	 {".\r\n..\r\na.\r\n.b", ""},
	 "..\r\n...\r\na.\r\n..b\r\n.\r\n"},
	{"a dot on the seam", {"a\r\n", ".b\r\n"}, "a\r\n..b\r\n.\r\n"},
	{"a line over the seam", {"a", ".b\r\n"}, "a.b\r\n.\r\n"},
	{"CR and LF on the seam", {"a\r", "\n.\r\n"}, "a\r\n..\r\n.\r\n"},
};

static void
test_dot(void **state)
{
	const struct dot_row *row = *state;
	struct span part[2] = {span_of(row->part[0]), span_of(row->part[1])};
	struct dot_facts facts;

	assert_true(dot_check(part, 2, &facts));
	assert_int_equal(facts.size, part[0].len + part[1].len);
	for (size_t size = 5; size < 40; size++) {
		char all[100], room[40];
		struct writer to = writer_over(all, sizeof(all));
		struct dot d;
		bool done = false;

		dot_init(&d, part, 2);
		while (!done) {
			struct writer piece = writer_over(room, size);

			done = dot_put(&d, &piece);
			assert_false(piece.bad);
			writer_put(&to, writer_span(&piece));
		}
		assert_span(writer_span(&to), row->out);
	}
}

static void
test_dot_check(void **state)
{
	static const struct span bad[] = {
		{"a\nb", 3}, {"a\rb", 3}, {"a\r", 2},     {"\n", 1},
		{"a\0b", 3}, {"\0", 1},   {"a\r\r\n", 4}, {"a\r\n\n", 4},
	};
	struct dot_facts facts = {.size = 7};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(dot_check(&bad[i], 1, &facts));
	assert_int_equal(facts.size, 7);
	assert_true(
		dot_check(&SPAN("caf\xc3\xa9 au lait\r\nx\r\n"), 1, &facts));
	assert_true(facts.eight_bit);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_takes_no_more);
	UNIT_ROWS(test_limit, limit_rows);
	UNIT_ROWS(test_dot, dots);
	UNIT(test_dot_check);
	return unit_run("smtp/undot");
}

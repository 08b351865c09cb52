/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/passage.h"

#include <stdlib.h>
#include <unistd.h>

#include "text/crlf.h"
#include "unit.h"

static char path[64];

static void
write_file(struct span text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

static void
put(void *context, struct span bytes)
{
	buf_add(context, bytes);
}

/*
 * Passes the file through: its header, its body, and what is written are to
 * be `want`, or it is to be refused with `error` in the words.
 */
static void
pass(bool crlf, struct span want, const char *error)
{
	CLEANUP(passage_close) struct passage p;
	CLEANUP(buf_release) struct buf read = BUF_INIT(1 << 22);
	struct error reterr = {.text = ""};
	char *out = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&out, &len);
	bool done = passage_open(&p, path, crlf, &reterr);

	assert_non_null(to);
	if (done) {
		size_t empty = span_search(want, SPAN("\r\n\r\n"));

		if (span_starts(want, SPAN("\r\n")))
			assert_int_equal(p.head.len, 2);
		else
			assert_int_equal(p.head.len, empty != SPAN_NONE
							     ? empty + 4
							     : want.len);
		buf_add(&read, buf_span(&p.head));
		done = passage_body(&p, put, &read, &reterr) &&
		       passage_copy(&p, to, &reterr);
	}
	fclose(to);
	assert_true(done == (error == NULL));
	if (done) {
		assert_true(span_equal(buf_span(&read), want));
		assert_true(span_equal(span_bytes(out, len), want));
	} else if (strstr(reterr.text, error) == NULL) {
		fail_msg("\"%s\" is not in \"%s\"", error, reterr.text);
	}
	free(out);
}

static const struct row {
	const char *name;
	const char *text;
	const char *error;      /* without --crlf; NULL: it passes */
	const char *crlf_error; /* with --crlf */
} rows[] = {
	{"a message", "From: a@b.c\r\n\r\nx\r\n", NULL, NULL},
	{"a header alone", "From: a@b.c\r\n", NULL, NULL},
	{"no end of line", "From: a@b.c", NULL, NULL},
	{"no body", "From: a@b.c\r\n\r\n", NULL, NULL},
	{"no header", "\r\nx\r\n", NULL, NULL},
	{"an empty line alone", "\r\n", NULL, NULL},
	{"nothing", "", "is empty", "is empty"},
	{"LF alone", "From: a@b.c\n\nx\n", "line 1 ends in LF alone", NULL},
	{"LF alone in the body", "From: a@b.c\r\n\r\nx\r\ny\nz\r\n",
	 "line 4 ends in LF alone", NULL},
	{"CR alone", "From: a@b.c\r\n\r\nx\ry\r\n", "line 3 ends in CR alone",
	 NULL},
	{"CR at the end", "From: a@b.c\r\n\r\nx\r", "line 3 ends in CR alone",
	 NULL},
	{"two CR", "From: a@b.c\r\n\r\nx\r\r\n", "line 3 ends in CR alone",
	 NULL},
	{"LF first", "\nFrom: a@b.c\r\n", "line 1 ends in LF alone", NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf converted = BUF_INIT(4096);

	buf_adds(&text, row->text);
	write_file(buf_span(&text));
	pass(false, buf_span(&text), row->error);
	assert_true(crlf_normalise(buf_span(&text), &converted));
	/* what is not there is not ended either */
	if (text.len > 0 && strchr("\r\n", text.ptr[text.len - 1]) == NULL)
		buf_truncate(&converted, converted.len - 2);
	pass(true, buf_span(&converted), row->crlf_error);
}

/* Whatever stands where one piece ends and the next begins. */
static void
test_boundaries(void **state)
{
	(void)state;
	for (size_t before = PASSAGE_CHUNK - 6; before < PASSAGE_CHUNK + 6;
	     before++)
		for (int body = 0; body < 2; body++) {
			CLEANUP(buf_release)
			struct buf unix_ = BUF_INIT(1 << 20);
			CLEANUP(buf_release)
			struct buf text = BUF_INIT(1 << 20);

			buf_adds(&text,
				 body ? "From: a@b.c\r\n\r\n" : "From: ");
			while (text.len < before)
				buf_addc(&text, 'x');
			buf_adds(&text, "\r\n\r\nbody\r\n\r\nend\r\n");
			write_file(buf_span(&text));
			pass(false, buf_span(&text), NULL);
			pass(true, buf_span(&text), NULL);
			for (size_t i = 0; i < text.len; i++)
				if (text.ptr[i] != '\r')
					buf_addc(&unix_, text.ptr[i]);
			write_file(buf_span(&unix_));
			pass(false, buf_span(&text), "LF alone");
			pass(true, buf_span(&text), NULL);
		}
}

static void
test_limits(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);

	(void)state;
	while (text.len <= HEADER_SIZE_MAX)
		buf_adds(&text, "X: 0123456789\r\n");
	write_file(buf_span(&text));
	pass(false, buf_span(&text), "above");
	remove(path);
	pass(false, SPAN(""), "cannot open");
}

/* What was hashed must be what is written. */
static void
test_changed(void **state)
{
	CLEANUP(passage_close) struct passage p;
	CLEANUP(buf_release) struct buf read = BUF_INIT(1 << 20);
	struct error error;
	FILE *null = fopen("/dev/null", "wb");

	(void)state;
	write_file(SPAN("From: a@b.c\r\n\r\nx\r\n"));
	assert_true(passage_open(&p, path, false, &error));
	assert_true(passage_body(&p, put, &read, &error));
	write_file(SPAN("From: a@b.c\r\n\r\nxy\r\n"));
	assert_false(passage_copy(&p, null, &error));
	assert_non_null(strstr(error.text, "changed while it was read"));
	fclose(null);
}

/* A header that is not to be signed. */
static const struct header_row {
	const char *name;
	const char *text;
	const char *error; /* NULL: it is fine */
} headers[] = {
	{"one From", "From: a@b.c\r\nTo: d\r\n\r\n", NULL},
	{"no From", "To: d\r\n\r\n", "this has none"},
	{"two From", "From: a@b.c\r\nFROM : d\r\n\r\n", "this has several"},
	{"no colon", "From: a@b.c\r\nd\r\n\r\n", "at octet 13"},
};

static void
test_header(void **state)
{
	const struct header_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(passage_close) struct passage p;
	struct header_block header;
	struct error error;

	write_file(span_of(row->text));
	assert_true(passage_open(&p, path, false, &error));
	assert_true(passage_header(&p, &arena, &header, &error) ==
		    (row->error == NULL));
	if (row->error != NULL)
		assert_non_null(strstr(error.text, row->error));
}

int
main(void)
{
	int failed;

	snprintf(path, sizeof(path), "/tmp/passage_test.%ld", (long)getpid());
	UNIT_ROWS(test_row, rows);
	UNIT(test_boundaries);
	UNIT(test_changed);
	UNIT_ROWS(test_header, headers);
	UNIT(test_limits);
	failed = unit_run("cli/passage");
	remove(path);
	return failed;
}

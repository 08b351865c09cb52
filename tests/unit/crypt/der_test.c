/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/der.h"

#include "unit.h"

static const struct take_row {
	const char *name;
	struct span bytes;
	enum der_tag tag;
	bool good;
	size_t len;  /* of the content */
	size_t rest; /* of what follows */
} takes[] = {
	{"octets", SPAN("\x04\x02hi!"), DER_OCTET_STRING, true, 2, 1},
	{"nothing in it", SPAN("\x05\x00"), DER_NULL, true, 0, 0},
	{"another tag", SPAN("\x04\x02hi"), DER_INTEGER, false, 0, 0},
	{"the end", SPAN(""), DER_INTEGER, false, 0, 0},
	{"no length", SPAN("\x04"), DER_OCTET_STRING, false, 0, 0},
	{"too short", SPAN("\x04\x03hi"), DER_OCTET_STRING, false, 0, 0},
	{"indefinite", SPAN("\x30\x80\x00\x00"), DER_SEQUENCE, false, 0, 0},
	{"a long form of a short length", SPAN("\x04\x81\x02hi"),
	 DER_OCTET_STRING, false, 0, 0},
	{"a length with a zero in front", SPAN("\x04\x82\x00\x02hi"),
	 DER_OCTET_STRING, false, 0, 0},
	{"a length cut short", SPAN("\x04\x82\x01"), DER_OCTET_STRING, false, 0,
	 0},
	{"a length of four octets", SPAN("\x04\x84\x01\x00\x00\x00"),
	 DER_OCTET_STRING, false, 0, 0},
	{"the largest length", SPAN("\x04\x83\xff\xff\xff"), DER_OCTET_STRING,
	 false, 0, 0},
};

static void
test_take(void **state)
{
	const struct take_row *row = *state;
	struct span rest = row->bytes;
	struct span got = SPAN("untouched");

	assert_int_equal(der_take(&rest, row->tag, &got), row->good);
	if (row->good) {
		assert_int_equal(got.len, row->len);
		assert_int_equal(rest.len, row->rest);
	} else {
		assert_span(got, "untouched");
		assert_int_equal(rest.len, row->bytes.len);
	}
}

static const struct number_row {
	const char *name;
	struct span bytes;
	const char *want; /* NULL: refused */
	size_t len;
} numbers[] = {
	{"5", SPAN("\x02\x01\x05"), "\x05", 1},
	{"0", SPAN("\x02\x01\x00"), "\x00", 1},
	{"128", SPAN("\x02\x02\x00\x80"), "\x80", 1},
	{"256", SPAN("\x02\x02\x01\x00"), "\x01\x00", 2},
	{"-1", SPAN("\x02\x01\xff"), NULL, 0},
	{"-128", SPAN("\x02\x01\x80"), NULL, 0},
	{"a zero too many", SPAN("\x02\x02\x00\x7f"), NULL, 0},
	{"two zeros", SPAN("\x02\x03\x00\x00\x80"), NULL, 0},
	{"no octet", SPAN("\x02\x00"), NULL, 0},
	{"no number", SPAN("\x04\x01\x05"), NULL, 0},
};

static void
test_number(void **state)
{
	const struct number_row *row = *state;
	struct span rest = row->bytes;
	struct span got;
	bool good = der_take_unsigned(&rest, &got);

	assert_int_equal(good, row->want != NULL);
	if (!good)
		return;
	assert_int_equal(got.len, row->len);
	assert_memory_equal(got.ptr, row->want, got.len);
	if (row->want != NULL) {
		char room[16];
		struct der_writer w = der_writer_over(room, sizeof(room));

		der_put_unsigned(&w, got);
		assert_true(span_equal(der_span(&w), row->bytes));
	}
}

static void
test_open(void **state)
{
	struct span got;

	(void)state;
	assert_true(der_open(SPAN("\x30\x02\x05\x00"), &got));
	assert_int_equal(got.len, 2);
	assert_false(der_open(SPAN("\x30\x02\x05\x00!"), &got));
	assert_false(der_open(SPAN("\x31\x02\x05\x00"), &got));
	assert_int_equal(der_peek(got), DER_NULL);
	assert_int_equal(der_peek(SPAN("")), DER_NONE);
}

static void
test_algorithm(void **state)
{
	char room[64];
	struct der_writer w = der_writer_over(room, sizeof(room));
	struct span rest, oid;

	(void)state;
	der_put_algorithm(&w, DER_OID_RSA);
	rest = der_span(&w);
	assert_int_equal(rest.len, 15); /* with NULL */
	assert_true(der_take_algorithm(&rest, &oid));
	assert_true(span_equal(oid, DER_OID_RSA));
	w = der_writer_over(room, sizeof(room));
	der_put_algorithm(&w, DER_OID_ED25519);
	rest = der_span(&w);
	assert_int_equal(rest.len, 7); /* without */
	assert_true(der_take_algorithm(&rest, &oid));
	assert_true(span_equal(oid, DER_OID_ED25519));
	rest = SPAN("\x30\x07\x06\x01\x2a\x05\x00\x05\x00");
	oid = SPAN("untouched");
	assert_false(der_take_algorithm(&rest, &oid));
	assert_span(oid, "untouched");
}

/* Lengths on both sides of each form. */
static void
test_lengths(void **state)
{
	static const size_t length[] = {0, 1, 127, 128, 255, 256, 65535, 65536};
	static char octets[65536], room[65600];

	(void)state;
	for (size_t i = 0; i < COUNT(length); i++) {
		struct der_writer w = der_writer_over(room, sizeof(room));
		struct span rest, got;

		der_put(&w, span_bytes(octets, length[i]));
		der_wrap(&w, DER_OCTET_STRING, 0);
		rest = der_span(&w);
		assert_true(der_take(&rest, DER_OCTET_STRING, &got));
		assert_int_equal(got.len, length[i]);
		assert_int_equal(rest.len, 0);
	}
}

static void
test_full(void **state)
{
	char room[4];
	struct der_writer w = der_writer_over(room, sizeof(room));

	(void)state;
	der_put(&w, SPAN("abc"));
	assert_false(w.bad);
	der_wrap(&w, DER_OCTET_STRING, 0);
	assert_true(w.bad);
	der_put(&w, SPAN(""));
	assert_true(w.bad);
}

int
main(void)
{
	UNIT_ROWS(test_take, takes);
	UNIT_ROWS(test_number, numbers);
	UNIT(test_open);
	UNIT(test_algorithm);
	UNIT(test_lengths);
	UNIT(test_full);
	return unit_run("crypt/der");
}

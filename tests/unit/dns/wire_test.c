/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/wire.h"

#include <stdlib.h>

#include "unit.h"

#define ARENA_MAX ((size_t)8 << 20)

/* A header: ID 0x1234, `flags`, and the four counts. */
#define HEAD(flags, qd, an, ns, ar)                                            \
	"\x12\x34" flags "\0" qd "\0" an "\0" ns "\0" ar
#define ASK HEAD("\1\0", "\1", "\0", "\0", "\0")
#define Q   "\1a\1b\0\0\1\0\1" /* a.b. IN A, at 12 */
#define ROW(literal)                                                           \
	{                                                                      \
		"" literal, sizeof(literal) - 1                                \
	}

static const struct query_row {
	const char *name;
	struct span message;
	enum wire_status status;
} query[] = {
	{"a question", ROW(ASK Q), WIRE_OK},
	{"one octet", ROW("\0"), WIRE_SHORT},
	{"eleven octets", ROW("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	 WIRE_SHORT},
	{"twelve of 0xff",
	 ROW("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	 WIRE_QUESTIONS},
	{"no question", ROW(HEAD("\1\0", "\0", "\0", "\0", "\0")),
	 WIRE_QUESTIONS},
	{"two questions", ROW(HEAD("\1\0", "\2", "\0", "\0", "\0") Q Q),
	 WIRE_QUESTIONS},
	{"65535 questions", ROW("\x12\x34\1\0\xff\xff\0\0\0\0\0\0" Q),
	 WIRE_QUESTIONS},
	{"a lie about records", ROW(HEAD("\1\0", "\1", "\1", "\0", "\0") Q),
	 WIRE_BAD_NAME},
	{"a big lie about records", ROW("\x12\x34\1\0\0\1\xff\xff\0\0\0\0" Q),
	 WIRE_TOO_MANY},
	{"octets behind the end", ROW(ASK Q "\0"), WIRE_LONG},
	{"a question cut short", ROW(ASK "\1a\1b\0\0\1\0"), WIRE_SHORT},
	{"no end of the name", ROW(ASK "\1a\1b"), WIRE_BAD_NAME},
	{"a pointer to itself", ROW(ASK "\xc0\x0c\0\1\0\1"), WIRE_BAD_NAME},
	{"a pointer to its own labels", ROW(ASK "\1a\xc0\x0c\0\1\0\1"),
	 WIRE_BAD_NAME},
	{"a pointer forwards", ROW(ASK "\xc0\x12\0\1\0\1\1a\0"), WIRE_BAD_NAME},
	{"a pointer into the header", ROW(ASK "\xc0\x04\0\1\0\1"),
	 WIRE_BAD_NAME},
	{"half a pointer", ROW(ASK "\xc0"), WIRE_BAD_NAME},
	{"label type 0x40", ROW(ASK "\x41 a\0\0\1\0\1"), WIRE_BAD_NAME},
	{"label type 0x80", ROW(ASK "\x81 a\0\0\1\0\1"), WIRE_BAD_NAME},
	{"an OPT",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\1") Q
	     "\0\0\x29\x04\xd0\0\0\x80\0\0\0"),
	 WIRE_OK},
	{"an OPT with options",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\1") Q
	     "\0\0\x29\x04\xd0\0\0\x80\0\0\x08\0\3\0\0\0\x0a\0\0"),
	 WIRE_OK},
	{"an option past the end",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\1") Q
	     "\0\0\x29\x04\xd0\0\0\x80\0\0\x04\0\3\0\1"),
	 WIRE_BAD_OPT},
	{"RDLEN past the end",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\1") Q
	     "\0\0\x29\x04\xd0\0\0\x80\0\0\x04\0\3\0"),
	 WIRE_SHORT},
	{"two OPT",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\2") Q
	     "\0\0\x29\x04\xd0\0\0\0\0\0\0\0\0\x29\x04\xd0\0\0\0\0\0\0"),
	 WIRE_BAD_OPT},
	{"an OPT with a name",
	 ROW(HEAD("\1\0", "\1", "\0", "\0", "\1") Q
	     "\1a\0\0\x29\x04\xd0\0\0\0\0\0\0"),
	 WIRE_BAD_OPT},
	{"an OPT as answer",
	 ROW(HEAD("\1\0", "\1", "\1", "\0", "\0") Q
	     "\0\0\x29\x04\xd0\0\0\0\0\0\0"),
	 WIRE_BAD_OPT},
};

static void
test_query(void **state)
{
	const struct query_row *row = *state;
	char *copy = memcpy(malloc(row->message.len), row->message.ptr,
			    row->message.len); /* so that ASan sees its end */
	struct wire_query got;

	assert_string_equal(wire_strerror(wire_parse_query(
				    span_bytes(copy, row->message.len), &got)),
			    wire_strerror(row->status));
	free(copy);
}

/* Every message, cut anywhere, is refused, and nothing is read beyond. */
static void
test_query_prefixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(query); i++)
		for (size_t n = 1; n < query[i].message.len; n++) {
			char *copy = memcpy(malloc(n), query[i].message.ptr, n);
			struct wire_query got;

			if (wire_parse_query(span_bytes(copy, n), &got) ==
			    WIRE_OK) {
				/* only what has octets behind its end */
				assert_int_equal(query[i].status, WIRE_LONG);
			}
			free(copy);
		}
}

static void
test_query_fields(void **state)
{
	struct wire_query got;

	(void)state;
	assert_int_equal(
		wire_parse_query(
			SPAN(HEAD("\xad\x35", "\1", "\0", "\0",
				  "\1") "\1A\0\0\x10\0\3"
					"\0\0\x29\x10\0\1\2\x80\0\0\0"),
			&got),
		WIRE_OK);
	assert_int_equal(got.header.id, 0x1234);
	assert_true(got.header.qr && got.header.aa && got.header.rd);
	assert_false(got.header.tc || got.header.ra || got.header.cd == false);
	assert_true(got.header.ad);
	assert_int_equal(got.header.opcode, 5);
	assert_int_equal(got.header.rcode, 5);
	assert_int_equal(got.question.type, DNS_TXT);
	assert_int_equal(got.question.class, WIRE_CLASS_CH);
	assert_string_equal(dname_format(&got.question.name).s, "A");
	assert_true(got.opt.present && got.opt.dnssec_ok);
	assert_int_equal(got.opt.size, 4096);
	assert_int_equal(got.opt.version, 2);
	assert_int_equal(got.opt.rcode, 1);
}

/* An answer to Q with one record: owner a.b, `type`, IN, TTL 5. */
#define ANSWER(type, rdlength, rdata)                                          \
	ROW(HEAD("\x81\x80", "\1", "\1", "\0", "\0") Q                         \
	    "\xc0\x0c\0" type "\0\1\0\0\0\5" rdlength rdata)

static const struct data_row {
	const char *name;
	struct span message;
	enum wire_status status;
	const char *want; /* the record */
} data[] = {
	{"A", ANSWER("\1", "\0\4", "\xc0\0\2\1"), WIRE_OK, "192.0.2.1"},
	{"A too short", ANSWER("\1", "\0\3", "\xc0\0\2"), WIRE_BAD_DATA, ""},
	{"A too long", ANSWER("\1", "\0\5", "\xc0\0\2\1\1"), WIRE_BAD_DATA, ""},
	{"AAAA",
	 ANSWER("\x1c", "\0\x10", "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	 WIRE_OK, "2001:db8::1"},
	{"CNAME", ANSWER("\5", "\0\4", "\1x\xc0\x0e"), WIRE_OK, "x.b."},
	{"CNAME to the root", ANSWER("\5", "\0\1", "\0"), WIRE_OK, "."},
	{"CNAME with more behind", ANSWER("\5", "\0\2", "\0\0"), WIRE_BAD_DATA,
	 ""},
	{"CNAME cut short", ANSWER("\5", "\0\2", "\1x"), WIRE_BAD_DATA, ""},
	{"CNAME to itself", ANSWER("\5", "\0\2", "\xc0\x21"), WIRE_BAD_DATA,
	 ""},
	{"CNAME without data", ANSWER("\5", "\0\0", ""), WIRE_BAD_DATA, ""},
	{"MX", ANSWER("\x0f", "\0\4", "\0\x0a\xc0\x0c"), WIRE_OK, "10 a.b."},
	{"MX without a name", ANSWER("\x0f", "\0\2", "\0\x0a"), WIRE_BAD_DATA,
	 ""},
	{"TXT", ANSWER("\x10", "\0\5", "\1a\2bc"), WIRE_OK, "\"a\" \"bc\""},
	{"TXT with an empty string", ANSWER("\x10", "\0\1", "\0"), WIRE_OK,
	 "\"\""},
	{"TXT without a string", ANSWER("\x10", "\0\0", ""), WIRE_BAD_DATA, ""},
	{"TXT past its end", ANSWER("\x10", "\0\3", "\3ab"), WIRE_BAD_DATA, ""},
	{"SOA",
	 ANSWER("\6", "\0\x18",
		"\xc0\x0c\xc0\x0e\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"),
	 WIRE_OK, "a.b. b. 1 2 3 4 5"},
	{"SOA cut short",
	 ANSWER("\6", "\0\x17",
		"\xc0\x0c\xc0\x0e\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0"),
	 WIRE_BAD_DATA, ""},
	{"another type", ANSWER("\x40", "\0\2", "\1\2"), WIRE_OK, "\\# 2 0102"},
	{"RDLENGTH past the end", ANSWER("\1", "\0\5", "\xc0\0\2\1"),
	 WIRE_SHORT, ""},
};

static void
test_data(void **state)
{
	const struct data_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);
	struct wire_message m;

	assert_string_equal(wire_strerror(wire_parse(row->message, &arena, &m)),
			    wire_strerror(row->status));
	if (row->status != WIRE_OK)
		return;
	assert_int_equal(m.len[WIRE_ANSWER], 1);
	assert_string_equal(dname_format(&m.section[WIRE_ANSWER][0].name).s,
			    "a.b");
	assert_int_equal(m.section[WIRE_ANSWER][0].ttl, 5);
	dns_rr_format(&m.section[WIRE_ANSWER][0], &got);
	assert_string_equal(got.ptr, row->want);
}

static void
test_other_class(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct wire_message m;

	(void)state;
	assert_int_equal(
		wire_parse(SPAN(HEAD("\x81\x80", "\1", "\1", "\0", "\0") Q
				"\xc0\x0c\0\1\0\3\0\0\0\5\0\0"),
			   &arena, &m),
		WIRE_OK);
	assert_int_equal(m.len[WIRE_ANSWER], 0);
}

/* A chain of pointers, each to the one before: 128 hops, and not 129. */
static void
test_pointer_chain(void **state)
{
	uint8_t bytes[12 + 2 + 2 * 200];
	struct writer w = writer_over(bytes, sizeof(bytes));
	struct dname name;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		writer_u8(&w, 0);
	writer_u8(&w, 0); /* the root, at 12 */
	writer_u8(&w, 0);
	for (size_t i = 0; i < 200; i++)
		writer_u16(&w, (uint16_t)(0xc000 | (i == 0 ? 12 : 12 + 2 * i)));
	for (size_t hops = 1; hops <= 200; hops++) {
		struct reader r = reader_of(writer_span(&w));

		r.at = 12 + 2 * hops;
		assert_int_equal(wire_read_name(&r, &name),
				 hops <= WIRE_HOPS_MAX);
		if (!r.bad)
			assert_int_equal(r.at, 14 + 2 * hops);
	}
}

/* Labels that pointers put together to more than 255 octets. */
static void
test_long_name(void **state)
{
	uint8_t bytes[12 + 6 * 66];
	struct writer w = writer_over(bytes, sizeof(bytes));
	struct dname name;
	struct reader r;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		writer_u8(&w, 0);
	for (size_t i = 0; i < 5; i++) {
		writer_u8(&w, i == 4 ? 60 : 63);
		for (size_t k = 0; k < (i == 4 ? 60 : 63); k++)
			writer_u8(&w, 'x');
		if (i == 0)
			writer_u16(&w, 0);
		else
			writer_u16(&w,
				   (uint16_t)(0xc000 | (12 + (i - 1) * 66)));
	}
	r = reader_of(writer_span(&w));
	r.at = 12 + 2 * 66; /* 3 * 64 + 1 */
	assert_true(wire_read_name(&r, &name));
	assert_int_equal(name.len, 193);
	r.at = 12 + 3 * 66; /* 4 * 64 + 1 = 257 */
	assert_false(wire_read_name(&r, &name));
}

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static void
test_write(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct wire_question q = {name_of("w.Example.org"), DNS_CNAME, 1};
	struct wire_header header = {.id = 7, .qr = true, .aa = true};
	struct dns_rr rr = {.name = name_of("W.example.ORG"),
			    .type = DNS_CNAME,
			    .ttl = 60,
			    .target = name_of("x.example.org")};
	struct dns_rr soa = {.name = name_of("example.org"),
			     .type = DNS_SOA,
			     .soa = {.mname = DNAME_ROOT, .rname = DNAME_ROOT}};
	uint8_t bytes[512];
	struct wire_out out = wire_begin(bytes, sizeof(bytes), &header);
	struct wire_message m;
	struct span written;

	(void)state;
	assert_true(dns_rr_pack(&rr, &arena) && dns_rr_pack(&soa, &arena));
	wire_put_question(&out, &q);
	assert_true(wire_put_rr(&out, WIRE_ANSWER, &rr));
	assert_true(wire_put_rr(&out, WIRE_AUTHORITY, &soa));
	assert_true(wire_put_opt(&out,
				 &(struct wire_opt){.size = 1232, .rcode = 1}));
	wire_set_truncated(&out);
	written = wire_end(&out);
	/* owner names are pointers: 2 + 10 + 15, 2 + 10 + 22, 11 */
	assert_int_equal(written.len, 12 + 15 + 4 + 27 + 34 + 11);

	assert_int_equal(wire_parse(written, &arena, &m), WIRE_OK);
	assert_true(m.header.qr && m.header.aa && m.header.tc);
	assert_int_equal(m.header.id, 7);
	assert_string_equal(dname_format(&m.question.name).s, "w.Example.org");
	assert_int_equal(m.len[WIRE_ANSWER], 1);
	assert_true(dname_equal(&m.section[WIRE_ANSWER][0].target, &rr.target));
	assert_true(dname_equal(&m.section[WIRE_AUTHORITY][0].name, &soa.name));
	assert_int_equal(m.opt.size, 1232);
	assert_int_equal(m.opt.rcode, 1);
}

static void
test_write_full(void **state)
{
	struct wire_question q = {name_of("a.b"), DNS_TXT, 1};
	struct wire_header header = {.id = 7};
	uint8_t bytes[40];
	struct wire_out out = wire_begin(bytes, sizeof(bytes), &header);
	struct dname other = name_of("c.d");
	struct wire_query got;

	(void)state;
	wire_put_question(&out, &q);
	assert_false(wire_put_record(&out, WIRE_ANSWER, &other, DNS_TXT, 1, 0,
				     SPAN("\6longer")));
	assert_true(wire_put_record(&out, WIRE_ANSWER, &q.name, DNS_TXT, 1, 0,
				    SPAN("")));
	assert_int_equal(wire_parse_query(wire_end(&out), &got), WIRE_OK);
	assert_int_equal(got.header.records[WIRE_ANSWER], 1);
	out = wire_begin(bytes, 8, &header);
	assert_int_equal(wire_end(&out).len, 0);
}

int
main(void)
{
	UNIT_ROWS(test_query, query);
	UNIT(test_query_prefixes);
	UNIT(test_query_fields);
	UNIT_ROWS(test_data, data);
	UNIT(test_other_class);
	UNIT(test_pointer_chain);
	UNIT(test_long_name);
	UNIT(test_write);
	UNIT(test_write_full);
	return unit_run("dns/wire");
}

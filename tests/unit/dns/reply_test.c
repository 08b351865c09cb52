/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/reply.h"

#include "unit.h"

/* A response to "a.example TXT", unless a row says otherwise. */
static const struct row {
	const char *name;
	const char *asked;  /* the question in the message */
	uint16_t type;      /* of it */
	unsigned rcode;     /* of the header */
	bool query;         /* it is no response */
	bool tc, aa, no_ra; /* of the header */
	size_t cut;         /* octets that are missing at the end */
	size_t aliases;     /* CNAMEs, from a.example to c1.example ... */
	bool stranger;      /* a TXT of another name stands there too */
	bool record;        /* a TXT at the end of the chain */
	bool soa;           /* the zone's SOA, in the authority section */
	enum reply_status status;
	enum dns_status answer;
} rows[] = {
	{"a record", "a.example", DNS_TXT, .record = true, .status = REPLY_OK,
	 .answer = DNS_OK},
	{"the zone's own server", "a.example", DNS_TXT, .record = true,
	 .aa = true, .no_ra = true, .status = REPLY_OK, .answer = DNS_OK},
	{"another case of the name", "A.eXample", DNS_TXT, .record = true,
	 .status = REPLY_OK, .answer = DNS_OK},
	{"only what is at the name counts", "a.example", DNS_TXT,
	 .stranger = true, .soa = true, .status = REPLY_OK,
	 .answer = DNS_NODATA},
	{"at the end of a chain", "a.example", DNS_TXT, .aliases = 8,
	 .stranger = true, .record = true, .status = REPLY_OK,
	 .answer = DNS_OK},
	{"a chain too long", "a.example", DNS_TXT, .aliases = 9, .record = true,
	 .status = REPLY_OK, .answer = DNS_SERVFAIL},
	{"a chain to nothing", "a.example", DNS_TXT, .aliases = 2,
	 .status = REPLY_OK, .answer = DNS_NODATA},
	{"a chain to a name that does not exist", "a.example", DNS_TXT,
	 .aliases = 1, .rcode = WIRE_NXDOMAIN, .soa = true, .status = REPLY_OK,
	 .answer = DNS_NXDOMAIN},
	{"no such name", "a.example", DNS_TXT, .rcode = WIRE_NXDOMAIN,
	 .soa = true, .status = REPLY_OK, .answer = DNS_NXDOMAIN},
	{"the server failed", "a.example", DNS_TXT, .rcode = WIRE_SERVFAIL,
	 .status = REPLY_OK, .answer = DNS_SERVFAIL},
	{"the server refuses", "a.example", DNS_TXT, .rcode = WIRE_REFUSED,
	 .record = true, .status = REPLY_OK, .answer = DNS_SERVFAIL},
	{"a referral", "a.example", DNS_TXT, .no_ra = true, .status = REPLY_OK,
	 .answer = DNS_SERVFAIL},
	{"another name", "b.example", DNS_TXT, .record = true,
	 .status = REPLY_NOT_OURS},
	{"another type", "a.example", DNS_A, .record = true,
	 .status = REPLY_NOT_OURS},
	{"a query", "a.example", DNS_TXT, .query = true, .record = true,
	 .status = REPLY_NOT_OURS},
	{"cut short, and says so", "a.example", DNS_TXT, .tc = true,
	 .record = true, .cut = 3, .status = REPLY_TRUNCATED},
	{"cut short", "a.example", DNS_TXT, .record = true, .cut = 1,
	 .status = REPLY_MALFORMED},
	{"nothing", "a.example", DNS_TXT, .cut = 512,
	 .status = REPLY_MALFORMED},
};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static struct dname
link_of(size_t i)
{
	char text[32];

	snprintf(text, sizeof(text), "c%zu.example", i);
	return name_of(i == 0 ? "a.example" : text);
}

static void
put_txt(struct wire_out *out, const struct dname *name, const char *text)
{
	uint8_t data[64] = {(uint8_t)strlen(text)};

	memcpy(data + 1, text, strlen(text));
	assert_true(wire_put_record(out, WIRE_ANSWER, name, DNS_TXT,
				    WIRE_CLASS_IN, 60,
				    span_bytes(data, strlen(text) + 1)));
}

static struct span
compose(const struct row *row, uint8_t *bytes, size_t room)
{
	struct wire_header header = {.id = 7,
				     .qr = !row->query,
				     .ra = !row->no_ra,
				     .aa = row->aa,
				     .tc = row->tc,
				     .ad = true,
				     .rcode = (uint8_t)row->rcode};
	struct wire_question question = {name_of(row->asked), row->type,
					 WIRE_CLASS_IN};
	struct wire_out out = wire_begin(bytes, room, &header);
	struct dname example = name_of("example"), end = link_of(row->aliases),
		     stranger = name_of("x.example");
	struct span message;

	wire_put_question(&out, &question);
	for (size_t i = 0; i < row->aliases; i++) {
		struct dname from = link_of(i), to = link_of(i + 1);

		assert_true(wire_put_record(&out, WIRE_ANSWER, &from, DNS_CNAME,
					    WIRE_CLASS_IN, 30,
					    dname_wire(&to)));
	}
	if (row->stranger)
		put_txt(&out, &stranger, "forged");
	if (row->record)
		put_txt(&out, &end, "true");
	if (row->soa) {
		struct dns_rr soa = {.name = example,
				     .type = DNS_SOA,
				     .ttl = 300,
				     .soa = {.mname = example,
					     .rname = example,
					     .minimum = 20}};
		struct arena arena = ARENA_INIT(4096);

		assert_true(dns_rr_pack(&soa, &arena));
		assert_true(wire_put_rr(&out, WIRE_AUTHORITY, &soa));
		arena_release(&arena);
	}
	message = wire_end(&out);
	return span_head(message,
			 message.len > row->cut ? message.len - row->cut : 0);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct dns_question question = {name_of("a.example"), DNS_TXT};
	struct arena arena = ARENA_INIT((size_t)1 << 20);
	struct dns_answer answer = {.len = 4711};
	uint8_t bytes[2048];
	struct span message = compose(row, bytes, sizeof(bytes));

	assert_int_equal(reply_read(message, &question, true, &arena, &answer),
			 row->status);
	if (row->status != REPLY_OK) {
		assert_int_equal(answer.len, 4711);
		arena_release(&arena);
		return;
	}
	assert_int_equal(answer.status, row->answer);
	assert_int_equal(answer.authentic, row->answer != DNS_SERVFAIL);
	assert_int_equal(answer.len, row->answer == DNS_OK ? 1 : 0);
	if (answer.len > 0) {
		assert_span(answer.rr[0].txt.text, "true");
		assert_int_equal(answer.ttl, row->aliases > 0 ? 30 : 60);
	}
	if (row->answer == DNS_NODATA || row->answer == DNS_NXDOMAIN) {
		assert_int_equal(answer.has_soa, row->soa);
		assert_int_equal(answer.ttl, row->soa ? 20 : 0);
	}
	arena_release(&arena);
}

static void
test_ad_needs_trust(void **state)
{
	struct dns_question question = {name_of("a.example"), DNS_TXT};
	struct arena arena = ARENA_INIT((size_t)1 << 20);
	struct dns_answer answer;
	uint8_t bytes[2048];
	struct span message = compose(&rows[0], bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(reply_read(message, &question, false, &arena, &answer),
			 REPLY_OK);
	assert_false(answer.authentic);
	arena_release(&arena);
}

static void
test_small_arena(void **state)
{
	struct dns_question question = {name_of("a.example"), DNS_TXT};
	uint8_t bytes[2048];
	struct span message = compose(&rows[0], bytes, sizeof(bytes));

	(void)state;
	for (size_t limit = 0; limit < 4096; limit += 64) {
		struct arena arena = ARENA_INIT(limit);
		struct dns_answer answer;
		enum reply_status status =
			reply_read(message, &question, true, &arena, &answer);

		assert_true(status == REPLY_MALFORMED ||
			    (status == REPLY_OK && answer.len == 1));
		arena_release(&arena);
	}
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_ad_needs_trust);
	UNIT(test_small_arena);
	return unit_run("dns/reply");
}

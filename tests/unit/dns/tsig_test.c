/* SPDX-License-Identifier: Apache-2.0 */
/* Updates and their signatures; the octets are those dnspython 2.3 makes. */
#include "dns/tsig.h"

#include "dns/update.h"

#include "unit.h"

#define ARENA_MAX ((size_t)1 << 16)
#define TIME      ((int64_t)1700000000)

#define PLAIN                                                                  \
	"123428000001000100020000046d61696c076578616d706c65000006"             \
	"00010178c00c00ff00fe0000000000000174c00c001000ff00000000"             \
	"0000c02c001000010000012c000605703d616263"
#define MAC "7e36ab56b62f1728da48fe92f53f87f0e644c69a7d0d13fb5e6c2a41d883751f"
#define REQUEST                                                                \
	"123428000001000100020001046d61696c076578616d706c65000006"             \
	"00010178c00c00ff00fe0000000000000174c00c001000ff00000000"             \
	"0000c02c001000010000012c000605703d616263034b6579c01100fa"             \
	"00ff00000000003d0b686d61632d7368613235360000006553f10001"             \
	"2c0020" MAC "123400000000"
#define ANSWER                                                                 \
	"1234a8000001000000000001046d61696c076578616d706c65000006"             \
	"0001036b6579c01100fa00ff00000000003d0b686d61632d73686132"             \
	"35360000006553f101012c002059b364250572e138b694d68ea34daf"             \
	"94a393932e089d5da5f3a2bd8fa9409861123400000000"

struct octets {
	uint8_t bytes[512];
	size_t len;
};

static struct octets
unhex(const char *hex)
{
	struct octets o = {.len = 0};
	unsigned value = 0;

	for (size_t i = 0; hex[i] != '\0'; i++) {
		unsigned digit = hex[i] <= '9' ? (unsigned)hex[i] - '0'
					       : (unsigned)hex[i] - 'a' + 10;

		value = value << 4 | digit;
		if (i % 2 == 1)
			o.bytes[o.len++] = (uint8_t)value;
	}
	return o;
}

static struct span
span_octets(const struct octets *o)
{
	return span_bytes(o->bytes, o->len);
}

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static struct tsig_key
the_key(void)
{
	struct tsig_key key = {.name = name_of("Key.example"), .len = 32};

	memcpy(key.secret, "0123456789abcdef0123456789abcdef", 32);
	return key;
}

/* Writes the update that PLAIN is. */
static struct octets
write_update(void)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dname zone = name_of("mail.example");
	struct dname x = name_of("x.mail.example");
	struct dns_rr rr = {.name = name_of("t.mail.example"),
			    .type = DNS_TXT,
			    .ttl = 300,
			    .txt = {.text = SPAN("p=abc")}};
	struct octets o;
	struct wire_out out =
		update_begin(o.bytes, sizeof(o.bytes), 0x1234, &zone);

	assert_true(dns_rr_pack(&rr, &arena));
	assert_true(update_require_absent(&out, &x, DNS_ANY));
	assert_true(update_delete_set(&out, &rr.name, DNS_TXT));
	assert_true(update_add(&out, &rr));
	o.len = wire_end(&out).len;
	return o;
}

static void
test_update(void **state)
{
	struct octets got = write_update(), want = unhex(PLAIN);

	(void)state;
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.bytes, want.bytes, want.len);
}

static void
test_update_forms(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dname zone = name_of("mail.example");
	struct dns_rr rr = {.name = zone, .type = DNS_A, .ttl = 300};
	uint8_t bytes[130];
	struct wire_out out = update_begin(bytes, sizeof(bytes), 7, &zone);
	struct wire_record record;
	struct wire_query q;
	struct reader r;

	(void)state;
	assert_true(dns_rr_pack(&rr, &arena));
	assert_true(update_require(&out, &zone, DNS_TXT));
	assert_true(update_delete(&out, &rr));
	for (size_t i = 0; i < 4; i++)
		assert_true(update_delete(&out, &rr));
	assert_false(update_delete(&out, &rr)); /* no room */
	r = reader_of(wire_end(&out));
	assert_int_equal(wire_parse_query(r.all, &q), WIRE_OK);
	assert_int_equal(q.header.opcode, WIRE_UPDATE);
	assert_int_equal(q.header.records[WIRE_ANSWER], 1);
	assert_int_equal(q.header.records[WIRE_AUTHORITY], 5);
	r.at = 12 + 14 + 4;
	assert_int_equal(wire_read_record(&r, &record), WIRE_OK);
	assert_int_equal(record.class, WIRE_CLASS_ANY);
	assert_int_equal(record.data.len, 0);
	assert_int_equal(wire_read_record(&r, &record), WIRE_OK);
	assert_int_equal(record.class, WIRE_CLASS_NONE);
	assert_int_equal(record.ttl, 0);
	assert_int_equal(record.data.len, 4);
}

static void
test_sign(void **state)
{
	struct octets got = write_update(), mac = unhex(MAC);
	struct tsig_key key = the_key();
	uint8_t ret[TSIG_MAC_SIZE], again[TSIG_MAC_SIZE];

	(void)state;
	assert_true(tsig_sign(&key, SPAN(""), TIME, got.bytes, &got.len,
			      sizeof(got.bytes), ret));
	assert_memory_equal(ret, mac.bytes, TSIG_MAC_SIZE);
	assert_int_equal(
		tsig_verify(&key, SPAN(""), TIME, span_octets(&got), again),
		TSIG_OK);
	assert_memory_equal(ret, again, TSIG_MAC_SIZE);
}

static void
test_sign_no_room(void **state)
{
	struct octets got = write_update(), before = got;
	struct tsig_key key = the_key();
	uint8_t ret[TSIG_MAC_SIZE];
	size_t len = 11;

	(void)state;
	assert_false(tsig_sign(&key, SPAN(""), TIME, got.bytes, &got.len,
			       got.len + 80, ret));
	assert_int_equal(got.len, before.len);
	assert_memory_equal(got.bytes, before.bytes, before.len);
	assert_false(tsig_sign(&key, SPAN(""), TIME, got.bytes, &len,
			       sizeof(got.bytes), ret));
}

static enum tsig_status
verify(const struct octets *o, struct span request, int64_t time)
{
	struct tsig_key key = the_key();
	uint8_t ret[TSIG_MAC_SIZE];

	return tsig_verify(&key, request, time, span_octets(o), ret);
}

static void
test_verify(void **state)
{
	struct octets request = unhex(REQUEST), answer = unhex(ANSWER);
	struct octets mac = unhex(MAC), plain = unhex(PLAIN);
	unsigned rcode = 77;

	(void)state;
	assert_int_equal(verify(&request, SPAN(""), TIME), TSIG_OK);
	assert_int_equal(verify(&answer, span_octets(&mac), TIME), TSIG_OK);
	assert_int_equal(verify(&answer, SPAN(""), TIME), TSIG_BAD_MAC);
	assert_int_equal(verify(&plain, SPAN(""), TIME), TSIG_MISSING);
	assert_true(update_read_answer(span_octets(&answer), 0x1234, &rcode));
	assert_int_equal(rcode, WIRE_NOERROR);
	assert_false(update_read_answer(span_octets(&answer), 0x1235, &rcode));
	assert_false(update_read_answer(span_octets(&request), 0x1234, &rcode));
	assert_false(update_read_answer(SPAN("\x12\x34"), 0x1234, &rcode));
}

static void
test_verify_time(void **state)
{
	struct octets request = unhex(REQUEST);

	(void)state;
	assert_int_equal(verify(&request, SPAN(""), TIME + 300), TSIG_OK);
	assert_int_equal(verify(&request, SPAN(""), TIME - 300), TSIG_OK);
	assert_int_equal(verify(&request, SPAN(""), TIME + 301), TSIG_BAD_TIME);
	assert_int_equal(verify(&request, SPAN(""), TIME - 301), TSIG_BAD_TIME);
}

/* Any octet changed, but for the ID on the way, voids the signature. */
static void
test_verify_changed(void **state)
{
	struct octets request = unhex(REQUEST);

	(void)state;
	for (size_t i = 0; i < request.len; i++) {
		struct octets changed = request;

		changed.bytes[i] ^= 0x11;
		if (i < 2)
			assert_int_equal(verify(&changed, SPAN(""), TIME),
					 TSIG_OK);
		else
			assert_int_not_equal(verify(&changed, SPAN(""), TIME),
					     TSIG_OK);
	}
	for (size_t n = 0; n < request.len; n++) {
		struct octets cut = request;

		cut.len = n;
		assert_int_not_equal(verify(&cut, SPAN(""), TIME), TSIG_OK);
	}
}

static void
test_verify_key(void **state)
{
	struct octets request = unhex(REQUEST);
	struct tsig_key key = the_key();
	uint8_t ret[TSIG_MAC_SIZE];

	(void)state;
	key.name = name_of("other.example");
	assert_int_equal(
		tsig_verify(&key, SPAN(""), TIME, span_octets(&request), ret),
		TSIG_BAD_KEY);
	key = the_key();
	key.secret[0] ^= 1;
	assert_int_equal(
		tsig_verify(&key, SPAN(""), TIME, span_octets(&request), ret),
		TSIG_BAD_MAC);
}

/* A server that does not know our key says so without a signature. */
static void
test_refused(void **state)
{
	struct octets refused =
		unhex("1234a8090001000000000001046d61696c076578616d706c65000006"
		      "0001036b6579076578616d706c650000fa00ff00000000001d0b686d"
		      "61632d7368613235360000006553f101012c00001234001100"
		      "00");

	(void)state;
	assert_int_equal(verify(&refused, SPAN(""), TIME), TSIG_REFUSED);
}

int
main(void)
{
	UNIT(test_update);
	UNIT(test_update_forms);
	UNIT(test_sign);
	UNIT(test_sign_no_room);
	UNIT(test_verify);
	UNIT(test_verify_time);
	UNIT(test_verify_changed);
	UNIT(test_verify_key);
	UNIT(test_refused);
	return unit_run("dns/tsig");
}

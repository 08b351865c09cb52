/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - a small table of DNS for tests of the library, answered through its
 * own doors: records added one by one, or a whole response message.
 */
#pragma once

#include <arpa/inet.h>
#include <sesame/mailauth.h>

#include "dns/wire.h"
#include "unit.h"

/* A record; the text is as a person writes it. */
struct zone_row {
	const char *name;
	int type; /* an enum sesame_dns_type; 0: every question fails */
	const char *text;
};

/* How a zone is asked. */
enum zone_door {
	ZONE_ADDED, /* by records */
	ZONE_WIRE,  /* by messages */
};

#define ZONE_OCTETS 16 /* of an address */

/* Adds one row to the answer. */
static inline void
zone_add(struct sesame_dns *dns, const struct zone_row *row)
{
	struct sesame_text text = sesame_text_of(row->text);
	uint8_t octets[ZONE_OCTETS];
	enum sesame_status status = SESAME_OK;

	if (row->type == SESAME_DNS_TXT)
		status = sesame_dns_add_txt(dns, text, 300);
	else if (row->type == SESAME_DNS_MX)
		status = sesame_dns_add_mx(dns, 10, text, 300);
	else if (row->type == SESAME_DNS_PTR)
		status = sesame_dns_add_ptr(dns, text, 300);
	else if (inet_pton(AF_INET, row->text, octets) == 1)
		status = sesame_dns_add_address(dns, octets, 4, 300);
	else if (inet_pton(AF_INET6, row->text, octets) == 1)
		status = sesame_dns_add_address(dns, octets, 16, 300);
	assert_int_equal(status, SESAME_OK);
}

/* Appends one row, a TXT or an address, to a message. */
static inline void
zone_put(struct wire_out *out, const struct dname *name,
	 const struct zone_row *row)
{
	struct arena arena = ARENA_INIT(65536);
	struct dns_rr rr = {.name = *name, .type = (uint16_t)row->type};

	if (row->type == SESAME_DNS_TXT)
		rr.txt.text = span_of(row->text);
	else
		assert_int_equal(inet_pton(AF_INET, row->text, rr.a), 1);
	assert_true(dns_rr_pack(&rr, &arena));
	assert_true(wire_put_rr(out, WIRE_ANSWER, &rr));
	arena_release(&arena);
}

/* Answers the question that waits. */
static inline void
zone_answer(struct sesame_dns *dns, const struct zone_row *zone, size_t rows,
	    enum zone_door door)
{
	static uint8_t bytes[65535];
	const struct sesame_question *q = sesame_dns_ask(dns);
	struct wire_header header = {.qr = true, .ra = true};
	struct wire_question question = {.type = (uint16_t)q->type,
					 .class = WIRE_CLASS_IN};
	struct wire_out out = wire_begin(bytes, sizeof(bytes), &header);
	size_t found = 0;
	struct span message;

	assert_int_equal(strlen(q->name.ptr), q->name.len);
	assert_int_equal(dname_parse(span_of(q->name.ptr), &question.name),
			 DNAME_OK);
	wire_put_question(&out, &question);
	for (size_t i = 0; i < rows; i++) {
		if (strcmp(zone[i].name, q->name.ptr) != 0)
			continue;
		if (zone[i].type == 0) {
			assert_int_equal(
				sesame_dns_answer(dns, SESAME_DNS_SERVFAIL, 0),
				SESAME_OK);
			return;
		}
		if (zone[i].type != q->type)
			continue;
		found++;
		if (door == ZONE_ADDED)
			zone_add(dns, &zone[i]);
		else
			zone_put(&out, &question.name, &zone[i]);
	}
	message = wire_end(&out);
	if (door == ZONE_WIRE)
		assert_int_equal(sesame_dns_answer_wire(dns, message.ptr,
							message.len, 0),
				 SESAME_OK);
	else
		assert_int_equal(sesame_dns_answer(dns,
						   found > 0
							   ? SESAME_DNS_OK
							   : SESAME_DNS_NODATA,
						   0),
				 SESAME_OK);
}

/* Answers all that is asked; returns how much that was. */
static inline size_t
zone_answer_all(struct sesame_dns *dns, const struct zone_row *zone,
		size_t rows, enum zone_door door)
{
	size_t n = 0;

	for (; sesame_dns_ask(dns) != NULL; n++) {
		assert_true(n < 200);
		zone_answer(dns, zone, rows, door);
	}
	return n;
}

/* Fails unless `got` is the C string `want`, with a NUL behind it. */
#define assert_text(got, want)                                                 \
	do {                                                                   \
		struct sesame_text zone_got_ = (got);                          \
		assert_non_null(zone_got_.ptr);                                \
		assert_string_equal(zone_got_.ptr, want);                      \
		assert_int_equal(zone_got_.len, strlen(want));                 \
	} while (0)

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/received.h"

#include "unit.h"

static const struct row {
	const char *name;
	const char *header;
	const char *ip;        /* "" if not found */
	const char *helo;      /* "" if not found */
	const char *mail_from; /* NULL if not found */
} rows[] = {
	{"as Postfix writes it",
	 "Return-Path: <b@a.example>\r\n"
	 "Received: from mx.a.example (mx.a.example [192.0.2.1])\r\n"
	 "\tby me.example (Postfix) with ESMTPS id 1\r\n"
	 "\tfor <x@me.example>; Mon, 23 Nov 2026 17:15:00 +0000\r\n",
	 "192.0.2.1", "mx.a.example", "b@a.example"},
	{"IPv6",
	 "Received: from mx.a.example ([IPv6:2001:db8::1]) by me.example\r\n",
	 "2001:db8::1", "mx.a.example", NULL},
	{"the null sender", "Return-Path: <>\r\n", "", "", ""},
	{"an address literal is no name",
	 "Received: from [192.0.2.1] (unknown [192.0.2.9]) by me\r\n",
	 "192.0.2.1", "", NULL},
	{"addresses of the host itself do not count",
	 "Received: from a.example by me.example ([192.0.2.1])\r\n", "",
	 "a.example", NULL},
	{"only the topmost counts",
	 "Received: by me.example\r\n"
	 "Received: from a.example ([192.0.2.1]) by b.example\r\n",
	 "", "", NULL},
	{"a path that is none", "Return-Path: b@a.example\r\n", "", "", NULL},
	{"nothing", "Subject: x\r\n", "", "", NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(1 << 20);
	struct report_transport t = {.helo = SPAN(""), .mail_from = SPAN("")};
	struct header_block header;
	struct spf_ip_text ip;
	size_t offset;

	assert_int_equal(
		header_parse(span_of(row->header), &arena, &header, &offset),
		HEADER_OK);
	received_read(&header, &arena, &t);
	ip = spf_ip_format(&t.ip);
	assert_string_equal(t.has_ip ? ip.s : "", row->ip);
	assert_span(t.helo, row->helo);
	assert_int_equal(t.has_mail_from, row->mail_from != NULL);
	assert_span(t.mail_from, row->mail_from != NULL ? row->mail_from : "");
	arena_release(&arena);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	return unit_run("cli/received");
}

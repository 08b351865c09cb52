/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_authres.h"

#include "dns/fixture.h"
#include "mailauth/verify.h"
#include "unit.h"

#define NOW  INT64_C(1700000000000) /* ms */
#define HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static const char zone[] =
	"{\"a.example\":{\"TXT\":[[\"v=spf1 ip4:192.0.2.1 -all\"]]},"
	"\"_dmarc.a.example\":{\"TXT\":[[\"v=DMARC1; p=reject; t=y\"]]},"
	"\"down.example\":{\"SERVFAIL\":\"*\"},"
	"\"_dmarc.down.example\":{\"SERVFAIL\":\"*\"},"
	"\"s._domainkey.a.example\":{\"TXT\":[[\"v=DKIM1; p=\"]]}}";

#define SIGNED                                                                 \
	"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; "        \
	"i=j=3Boe@a.example; bh=" HASH "; b=QUJDREVGR0hJSktM\r\n"

static const struct row {
	const char *name;
	const char *header;
	const char *helo, *mail_from;
	const char *want; /* of the field, on one line */
} rows[] = {
	{"SPF passes, no signature", "From: x@a.example\r\n", "h.example",
	 "u@a.example",
	 "mx.us.example; spf=pass smtp.mailfrom=u@a.example; spf=none "
	 "reason=\"the domain has no SPF record\" smtp.helo=h.example; "
	 "dkim=none; dmarc=pass header.from=a.example policy.dmarc=quarantine"},
	{"a signature whose key is revoked", SIGNED "From: x@a.example\r\n",
	 "h.example", "u@a.example",
	 "mx.us.example; spf=pass smtp.mailfrom=u@a.example; spf=none "
	 "reason=\"the domain has no SPF record\" smtp.helo=h.example; "
	 "dkim=permerror reason=\"the key was revoked: p= is empty\" "
	 "header.d=a.example header.i=\"j;oe@a.example\" header.s=s "
	 "header.a=rsa-sha256 header.b=QUJDREVG; dmarc=pass "
	 "header.from=a.example policy.dmarc=quarantine"},
	{"a signature that cannot be read, of a chain that is broken",
	 "ARC-Seal: i=1\r\nDKIM-Signature: v=2\r\nFrom: x@a.example\r\n", "",
	 "u@b.example", NULL},
	{"DNS is down", "From: x@down.example\r\n", "", "u@down.example", NULL},
	{"no author", "To: x@a.example\r\n", "", "u@a.example", NULL},
	{"the null sender", "From: x@a.example\r\n", "a.example", "", NULL},
	{"A4: a MAIL FROM that would be a result", "From: x@a.example\r\n",
	 "h.example", "u@a.example; dkim=pass header.d=b.example", NULL},
	{"A5: a MAIL FROM that would be a comment", "From: x@a.example\r\n",
	 "h(.example", "\"u (\"@a.example(", NULL},
	{"A5: a MAIL FROM that would be a field", "From: x@a.example\r\n",
	 "h.example", "u\r\nAuthentication-Results: x; y=z@a.example", NULL},
	{"RFC 8616: EAI",
	 "From: j\xc3\xb6@b\xc3\xbc"
	 "cher.example\r\n",
	 "h.example",
	 "j\xc3\xb6@b\xc3\xbc"
	 "cher.example",
	 NULL},
};

/* Verifies the message of `row`; the report lives in `arena`. */
static const struct report *
verify_row(const struct row *row, struct verify *m)
{
	struct fixture *fixture;
	struct dns_question question;
	struct error error;

	fixture = fixture_parse(span_of(zone), &error);
	if (fixture == NULL)
		fail_msg("%s", error.text);
	verify_feed(m, span_of(row->header));
	verify_feed(m, SPAN("\r\n"));
	verify_end(m);
	while (verify_ask(m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		fixture_answer(fixture, &question, &arena, &answer);
		verify_answer(m, &answer);
		arena_release(&arena);
	}
	fixture_free(fixture);
	return verify_report(m);
}

/* Appends the value with its folds made one space. */
static void
put_line(struct span value, struct buf *to)
{
	bool space = false;

	for (size_t i = 0; i < value.len; i++) {
		if (strchr(" \t\r\n", value.ptr[i]) != NULL) {
			space = to->len > 0;
			continue;
		}
		if (space)
			buf_addc(to, ' ');
		space = false;
		buf_addc(to, value.ptr[i]);
	}
}

/* The results are those of the report, whatever strangers wrote. */
static void
check_results(const struct report *r, const struct authres *a)
{
	size_t spf = (size_t)r->has_spf + r->has_helo;
	size_t dkim = r->signatures > 0 ? r->signatures : 1;
	bool arc = r->arc.verdict != ARC_NONE;

	assert_int_equal(a->len, spf + dkim + 1 + arc);
	if (r->has_spf) {
		assert_span(a->result[0].method, "spf");
		assert_span(a->result[0].value,
			    spf_verdict_name(r->spf.verdict));
		assert_int_equal(a->result[0].properties, 1);
	}
	assert_span(a->result[spf].method, "dkim");
	assert_span(a->result[spf + dkim].method, "dmarc");
	assert_span(a->result[spf + dkim].value,
		    dmarc_verdict_name(r->dmarc.verdict));
	if (!arc)
		return;
	assert_span(a->result[a->len - 1].method, "arc");
	assert_span(a->result[a->len - 1].value,
		    arc_verdict_name(r->arc.verdict));
	assert_span(a->result[a->len - 1].property[0].value, "192.0.2.1");
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	CLEANUP(arena_release) struct arena again = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf field = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf line = BUF_INIT(65536);
	struct report_transport transport = {
		.has_ip = true,
		.has_mail_from = true,
		.helo = span_of(row->helo),
		.mail_from = span_of(row->mail_from),
		.receiver = SPAN("mx.us.example"),
		.tls = SPAN(""),
	};
	struct header_block block;
	const struct report *r;
	struct authres a;
	struct verify *m;
	size_t offset;

	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &transport.ip));
	m = verify_new(&transport, NOW, &arena);
	r = verify_row(row, m);
	buf_adds(&field, "Authentication-Results: ");
	report_authres(r, SPAN("mx.us.example"), &field);
	buf_adds(&field, "\r\n");
	assert_int_equal(
		header_parse(buf_span(&field), &again, &block, &offset),
		HEADER_OK);
	assert_int_equal(block.len, 1);
	assert_true(authres_claims(&block.field[0], SPAN("mx.us.example")));
	assert_int_equal(authres_parse(block.field[0].value, false, &again, &a),
			 AUTHRES_OK);
	check_results(r, &a);
	put_line(block.field[0].value, &line);
	if (row->want != NULL)
		assert_span(buf_span(&line), row->want);
	verify_free(m);
}

/* What local policy says of a signature that passes (RFC 8601 s2.4). */
static void
test_policy(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(REPORT_AUTHRES_ARENA);
	struct dkim_result dkim[3] = {
		{.outcome = DKIM_PASS, .dmarc_eligible = true},
		{.outcome = DKIM_PASS, .dmarc_eligible = true, .testing = true},
		{.outcome = DKIM_PASS, .dmarc_eligible = false},
	};
	static const char *const want[] = {NULL, "testing-key",
					   "unsigned-body"};
	struct report r = {.dkim = dkim, .signatures = COUNT(dkim)};
	struct authres a;

	(void)state;
	r.from.status = AUTHOR_NO_FROM;
	for (size_t i = 0; i < COUNT(dkim); i++) {
		dkim[i].signature.identity = SPAN("");
		dkim[i].signature.selector = SPAN("");
		dkim[i].signature.signature = SPAN("");
	}
	report_authres_results(&r, SPAN("us"), &arena, &a);
	for (size_t i = 0; i < COUNT(dkim); i++) {
		assert_span(a.result[i].value, "pass");
		assert_int_equal(a.result[i].properties, want[i] != NULL);
		if (want[i] != NULL)
			assert_span(a.result[i].property[0].value, want[i]);
	}
}

/* All that a report may hold fits the arena that is asked for. */
static void
test_memory(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(REPORT_AUTHRES_ARENA);
	struct dkim_result dkim[DKIM_VERIFY_MAX] = {{.outcome = DKIM_FAIL}};
	struct report r = {.dkim = dkim,
			   .signatures = DKIM_VERIFY_MAX,
			   .has_spf = true,
			   .has_helo = true};
	struct authres a;

	(void)state;
	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++) {
		dkim[i].signature.identity = SPAN("a@b");
		dkim[i].signature.selector = SPAN("s");
		dkim[i].signature.signature = SPAN("0123456789");
	}
	r.transport.has_ip = true;
	r.arc.verdict = ARC_PASS;
	r.transport.mail_from = r.spf.domain = r.helo.domain = SPAN("a.b");
	report_authres_results(&r, SPAN("us"), &arena, &a);
	assert_false(arena_full(&arena));
	assert_int_equal(a.len, DKIM_VERIFY_MAX + 4);
}

/* Without the memory there are no results, and none are made up. */
static void
test_no_memory(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(16);
	struct report r = {.has_spf = true};
	struct authres a = {.len = 77};

	(void)state;
	report_authres_results(&r, SPAN("us"), &arena, &a);
	assert_int_equal(a.len, 0);
	assert_span(a.authserv_id, "us");
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_policy);
	UNIT(test_memory);
	UNIT(test_no_memory);
	return unit_run("mailauth/report_authres");
}

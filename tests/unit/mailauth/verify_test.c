/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/verify.h"

#include "base/buf.h"
#include "dns/fixture.h"
#include "unit.h"

/* Mail of an attacker who may send for attack.example, at 127.0.0.1. */
static const char zone[] =
	"{'attack.example':{'TXT':[['v=spf1 ip4:127.0.0.1 -all']]},"
	"'*.attack.example':{'TXT':[['v=spf1 ip4:127.0.0.1 -all']]},"
	"'victim.example':{'TXT':[['v=spf1 -all']]},"
	"'_dmarc.victim.example':{'TXT':[['v=DMARC1; p=reject']]},"
	"'_dmarc.attack.example':{'TXT':[['v=DMARC1; p=quarantine']]},"
	"'i.example':{'TXT':[['v=spf1 include:attack.example -all']]},"
	"'s._domainkey.attack.example':{'TXT':[['v=DKIM1; p=']]},"
	"'_dmarc.down.example':{'SERVFAIL':'*'}}";

static const struct row {
	const char *name;
	const char *header;
	const char *mail_from;
	enum author_status from;
	enum dmarc_verdict dmarc;
	enum report_verdict verdict;
	const char *address; /* of the author; "" if there is none */
} rows[] = {
	{"one author who may send", "From: A <a@attack.example>\r\n",
	 "x@m.attack.example", AUTHOR_OK, DMARC_VERDICT_PASS, REPORT_PARTLY,
	 "a@attack.example"},
	{"the author's domain in other letters", "fRoM: a@Attack.EXAMPLE\r\n",
	 "x@ATTACK.example", AUTHOR_OK, DMARC_VERDICT_PASS, REPORT_PARTLY,
	 "a@Attack.EXAMPLE"},
	{"somebody else's author", "From: <a@victim.example>\r\n",
	 "x@attack.example", AUTHOR_OK, DMARC_VERDICT_FAIL, REPORT_FAIL,
	 "a@victim.example"},
	{"no DMARC at all", "From: a@nobody.example\r\n", "x@nobody.example",
	 AUTHOR_OK, DMARC_VERDICT_NONE, REPORT_UNPROTECTED, "a@nobody.example"},
	{"DNS is down", "From: a@down.example\r\n", "x@attack.example",
	 AUTHOR_OK, DMARC_VERDICT_TEMPERROR, REPORT_UNKNOWN, "a@down.example"},
	{"A1: HELO passes, MAIL FROM does not exist",
	 "From: <a@victim.example>\r\n", "x@no.victim.example", AUTHOR_OK,
	 DMARC_VERDICT_FAIL, REPORT_FAIL, "a@victim.example"},
	{"A6: two From fields",
	 "From: a@attack.example\r\nFrom: a@victim.example\r\n",
	 "x@attack.example", AUTHOR_FIELDS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A7: a space before the first From",
	 " From: a@attack.example\r\nFrom: a@victim.example\r\n",
	 "x@attack.example", AUTHOR_HEADER, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A7: a space behind From",
	 "From: a@attack.example\r\nFrom : a@victim.example\r\n",
	 "x@attack.example", AUTHOR_FIELDS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A7: a fold before the colon",
	 "From\r\n : a@attack.example\r\nFrom: a@victim.example\r\n",
	 "x@attack.example", AUTHOR_FIELDS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A8: only a Sender", "Sender: a@attack.example\r\n",
	 "x@attack.example", AUTHOR_NO_FROM, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A8: a Resent-From", "Resent-From: a@attack.example\r\n",
	 "x@attack.example", AUTHOR_NO_FROM, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A9: two mailboxes", "From: a@attack.example, a@victim.example\r\n",
	 "x@attack.example", AUTHOR_DOMAINS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A10: an address in an encoded-word",
	 "From: =?utf-8?B?YUB2aWN0aW0uZXhhbXBsZQ==?=, a@attack.example\r\n",
	 "x@attack.example", AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A11: a source route is not the author",
	 "From: <@attack.example:a@victim.example>\r\n", "x@attack.example",
	 AUTHOR_OK, DMARC_VERDICT_FAIL, REPORT_FAIL, "a@victim.example"},
	{"A12: a backslash outside quotes",
	 "From: <a@attack.example>\\, <a@victim.example>\r\n",
	 "x@attack.example", AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"A13: an address before the angle",
	 "From: a@victim.example, <a@attack.example>\r\n", "x@attack.example",
	 AUTHOR_DOMAINS, DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"A13: text behind the angle",
	 "From: <a@attack.example> a@victim.example\r\n", "x@attack.example",
	 AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"B1: an invisible character in the domain",
	 "From: a@victim.example\xe2\x80\x80\r\n", "x@attack.example",
	 AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"a group of one", "From: us: a@attack.example;\r\n",
	 "x@attack.example", AUTHOR_OK, DMARC_VERDICT_PASS, REPORT_PARTLY,
	 "a@attack.example"},
	{"a group of nobody", "From: us:;\r\n", "x@attack.example",
	 AUTHOR_NOBODY, DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"an address literal", "From: a@[127.0.0.1]\r\n", "x@attack.example",
	 AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"a NUL is no end", "From: a@attack.example\x01\r\n",
	 "x@attack.example", AUTHOR_ADDRESS, DMARC_VERDICT_PERMERROR,
	 REPORT_FAIL, ""},
	{"no header at all", "", "x@attack.example", AUTHOR_NO_FROM,
	 DMARC_VERDICT_PERMERROR, REPORT_FAIL, ""},
	{"the null sender is its HELO", "From: a@attack.example\r\n", "",
	 AUTHOR_OK, DMARC_VERDICT_PASS, REPORT_PARTLY, "a@attack.example"},
};

static struct fixture *
zone_of(const char *text)
{
	struct buf json = BUF_INIT(FIXTURE_MAX);
	struct fixture *fixture;
	struct error error;

	for (; *text != '\0'; text++)
		buf_addc(&json, *text == '\'' ? '"' : *text);
	fixture = fixture_parse(buf_span(&json), &error);
	if (fixture == NULL)
		fail_msg("%s", error.text);
	buf_release(&json);
	return fixture;
}

/* Verifies `message`, fed in pieces of `piece` octets, and shows it. */
static const struct report *
run(struct verify *m, struct span message, size_t piece)
{
	struct fixture *fixture = zone_of(zone);
	struct dns_question question;

	while (message.len > 0) {
		verify_feed(m, span_head(message, piece));
		message = span_skip(message, piece);
	}
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

static struct verify *
start(const char *mail_from, struct arena *arena)
{
	struct report_transport transport = {
		.has_ip = true,
		.helo = SPAN("mx.attack.example"),
		.has_mail_from = true,
		.mail_from = span_of(mail_from),
		.receiver = SPAN(""),
		.tls = SPAN("TLSv1.3"),
		.received = 1700000000000,
	};

	assert_true(spf_ip_parse(SPAN("127.0.0.1"), &transport.ip));
	return verify_new(&transport, 1700000001000, arena);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct arena again = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf message = BUF_INIT(4096);
	struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct buf other = BUF_INIT(REPORT_TEXT_MAX);
	struct verify *m = start(row->mail_from, &arena);
	const struct report *got;

	buf_adds(&message, row->header);
	buf_adds(&message, "\r\nBody.\r\n\r\nFrom: a@attack.example\r\n");
	got = run(m, buf_span(&message), message.len);
	assert_int_equal(got->from.status, row->from);
	assert_string_equal(dmarc_verdict_name(got->dmarc.verdict),
			    dmarc_verdict_name(row->dmarc));
	assert_string_equal(report_verdict_name(got->verdict),
			    report_verdict_name(row->verdict));
	assert_span(got->from.address, row->address);
	report_text(got, &text);
	verify_free(m);
	/* a byte at a time it must agree with itself */
	m = start(row->mail_from, &again);
	report_text(run(m, buf_span(&message), 1), &other);
	assert_string_equal(other.ptr, text.ptr);
	verify_free(m);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.ptr[i] == '\n' ||
			    (text.ptr[i] >= ' ' && text.ptr[i] <= '~'));
	buf_release(&message);
	buf_release(&text);
	buf_release(&other);
	arena_release(&arena);
	arena_release(&again);
}

static void
test_text(void **state)
{
	static const char message[] = "From: Me <a@attack.example>\r\n"
				      "Subject: line\r\n one\x1b[2J\r\n"
				      "Message-ID: <1@attack.example>\r\n\r\n";
	static const char want[] =
		"DMARC passes by SPF alone: there is no DKIM signature of "
		"attack.example.\n"
		"Fact            dkim.missing\n"
		"Turn            the administrator of the sending service\n"
		"Evidence        0 signatures; SPF passes for "
		"m.attack.example\n"
		"Repair          Have the sending service sign with "
		"d=attack.example: publish the key or CNAME that it gives, "
		"under _domainkey.attack.example; DKIM is what survives "
		"forwarding.\n\n"
		"Verdict         partly                   authenticated, but "
		"not by both SPF and DKIM\n"
		"SPF pass        m.attack.example         aligned (relaxed) "
		"with attack.example   matched \"ip4:127.0.0.1\" of v=spf1 "
		"ip4:127.0.0.1 -all\n"
		"  look-ups      0 of 10, of them 0 void; questions to DNS: 1\n"
		"HELO pass       mx.attack.example        for information, not "
		"for DMARC   matched \"ip4:127.0.0.1\" of v=spf1 ip4:127.0.0.1 "
		"-all\n"
		"DKIM none       -                        there is no "
		"signature\n"
		"DMARC pass      attack.example           policy quarantine   "
		"an aligned identifier passed   by _dmarc.attack.example: "
		"v=DMARC1; p=quarantine\n"
		"  asked for     nothing in DMARC stands against "
		"it: p=quarantine of the author domain's record, "
		"_dmarc.attack.example, which is for the domain itself\n"
		"From            a@attack.example\n"
		"Subject         line one\\x1b[2J\n"
		"Message-ID      <1@attack.example>\n"
		"MAIL FROM       x@m.attack.example\n"
		"Client          127.0.0.1\n"
		"HELO            mx.attack.example\n"
		"TLS             TLSv1.3\n"
		"Received        2023-11-14T22:13:20Z\n"
		"Evaluated       2023-11-14T22:13:21Z\n";
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct verify *m = start("x@m.attack.example", &arena);

	(void)state;
	report_text(run(m, span_of(message), 7), &text);
	assert_string_equal(text.ptr, want);
	verify_free(m);
	buf_release(&text);
	arena_release(&arena);
}

/* Without an envelope DKIM and DMARC are evaluated and SPF is not. */
static void
test_no_envelope(void **state)
{
	struct report_transport transport = {
		.helo = SPAN(""),
		.mail_from = SPAN(""),
		.receiver = SPAN(""),
		.tls = SPAN(""),
	};
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct verify *m = verify_new(&transport, 1, &arena);
	const struct report *got =
		run(m, SPAN("From: a@attack.example\r\n\r\n"), 100);

	(void)state;
	assert_false(got->has_spf);
	assert_false(got->has_helo);
	assert_int_equal(got->dmarc.verdict, DMARC_VERDICT_FAIL);
	assert_int_equal(got->dmarc.reason, DMARC_REASON_NO_PASS);
	verify_free(m);
	arena_release(&arena);
}

/* A header that never ends is cut at its limit and trusted for nothing. */
static void
test_endless_header(void **state)
{
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf message = BUF_INIT((size_t)4 << 20);
	struct verify *m = start("x@attack.example", &arena);
	const struct report *got;

	(void)state;
	buf_adds(&message, "From: a@attack.example\r\n");
	while (message.len < (size_t)1 << 20)
		buf_adds(&message, "X: y\r\n");
	got = run(m, buf_span(&message), 1000);
	assert_int_equal(got->dmarc.verdict, DMARC_VERDICT_PERMERROR);
	assert_int_equal(got->from.status, AUTHOR_HEADER);
	assert_false(arena_full(&arena));
	verify_free(m);
	buf_release(&message);
	arena_release(&arena);
}

/* A message that ends in its header is verified as far as it goes. */
static void
test_no_body(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct verify *m = start("x@attack.example", &arena);
	const struct report *got =
		run(m, SPAN("From: a@attack.example\r\n"), 100);

	(void)state;
	assert_int_equal(got->dmarc.verdict, DMARC_VERDICT_PASS);
	assert_int_equal(verify_header(m)->len, 1);
	verify_free(m);
}

/* Of a path that was not traced the ends are told. */
static void
test_path(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct verify *m = start("x@i.example", &arena);

	(void)state;
	report_text(run(m, SPAN("From: a@i.example\r\n\r\n"), 100), &text);
	assert_non_null(strstr(text.ptr,
			       "\n  path          include:attack.example > ... "
			       "> ip4:127.0.0.1, of attack.example\n"));
	verify_free(m);
}

#define ARC                                                                    \
	"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=attack.example; s=s; "        \
	"b=eA==\r\n"                                                           \
	"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/simple; "         \
	"d=attack.example; s=s; h=from; "                                      \
	"bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=eA==\r\n"          \
	"ARC-Authentication-Results: i=1; mx.attack.example; spf=pass\r\n"

/* A chain whose body is right is asked the key of, and told of. */
static void
test_arc(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct verify *m = start("x@attack.example", &arena);
	const struct report *got =
		run(m, SPAN(ARC "From: a@attack.example\r\n\r\n"), 100);

	(void)state;
	assert_int_equal(got->arc.verdict, ARC_FAIL);
	assert_int_equal(got->arc.reason, ARC_REASON_KEY);
	report_text(got, &text);
	assert_non_null(strstr(text.ptr,
			       "\nARC fail        attack.example           1 "
			       "sets   a key is missing or not usable   for "
			       "information, not for DMARC\n"));
	verify_free(m);
}

/* With what a caller keeps the report is the same, first and again. */
static void
test_kept(void **state)
{
	static const char message[] =
		"DKIM-Signature: v=1; a=rsa-sha256; d=attack.example; s=s; "
		"h=from; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; "
		"b=eA==\r\nFrom: a@attack.example\r\n\r\n";
	CLEANUP(buf_release) struct buf want = BUF_INIT(REPORT_TEXT_MAX);
	struct dkim_keys *keys = dkim_keys_new(8);
	struct spf_cache *records = spf_cache_new(8, 1);

	(void)state;
	for (int i = 0; i < 3; i++) {
		CLEANUP(arena_release)
		struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
		CLEANUP(buf_release) struct buf got = BUF_INIT(REPORT_TEXT_MAX);
		struct verify *m = start("x@attack.example", &arena);

		if (i > 0) {
			verify_use_keys(m, keys);
			verify_use_records(m, records);
		}
		report_text(run(m, span_of(message), 100),
			    i > 0 ? &got : &want);
		if (i > 0)
			assert_string_equal(got.ptr, want.ptr);
		verify_free(m);
	}
	assert_int_equal(dkim_keys_hits(keys), 1);
	assert_int_equal(dkim_keys_misses(keys), 1);
	spf_cache_free(records);
	dkim_keys_free(keys);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_text);
	UNIT(test_no_envelope);
	UNIT(test_endless_header);
	UNIT(test_no_body);
	UNIT(test_path);
	UNIT(test_arc);
	UNIT(test_kept);
	return unit_run("mailauth/verify");
}

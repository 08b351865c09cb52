/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attacks of "Composition Kills" (Chen, Paxson, Jiang, USENIX Security
 * 2020) and of its tool espoofer, by the numbers of the tool, as a receiver
 * meets them.  attack.example is the attacker's and in order; victim.example
 * has SPF, a key and DMARC with p=reject.  Whatever the trick, nothing that
 * is the victim's may be presented as authenticated.  The same attacks as an
 * authenticated client makes them are in tests/unit/sending.
 */
#include "judge.h"
#include "smtp/path.h"

static const char zone[] =
	"{'attack.example':{'TXT':[['v=spf1 ip4:127.0.0.1 -all']]},"
	"'*.attack.example':{'TXT':[['v=spf1 ip4:127.0.0.1 -all']]},"
	"'s._domainkey.attack.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'s._domainkey.victim.example#a.attack.example':{'TXT':"
	"[['v=DKIM1; k=rsa; p=RSA']]},"
	"'s._domainkey.victim.example(.attack.example':{'TXT':"
	"[['v=DKIM1; k=rsa; p=RSA']]},"
	"'s._domainkey.victim.example':{'TXT':[['v=DKIM1; k=rsa; p=OTHER']]},"
	"'g._domainkey.victim.example':{'TXT':[['v=DKIM1; k=ed25519; p=ED']]},"
	"'victim.example':{'TXT':[['v=spf1 -all']]},"
	"'_dmarc.victim.example':{'TXT':[['v=DMARC1; p=reject; adkim=r; "
	"aspf=r']]},"
	"'_dmarc.attack.example':{'TXT':[['v=DMARC1; p=quarantine']]}}";

#define OURS  "From: <first@attack.example>\r\n"
#define ADMIN "From: <admin@victim.example>\r\n"
#define REST                                                                   \
	"To: <to@b.example>\r\nSubject: hello\r\n"                             \
	"Date: Mon, 23 Nov 2026 03:00:00 +0000\r\n"                            \
	"Content-Type: text/plain; charset=utf-8\r\nMIME-Version: 1.0\r\n"
#define SENDER "Sender: <s@sender.victim.example>\r\n"
#define BODY   "Some words.\r\n"
/* A signature that is the attacker's own, and good. */
#define MINE "a=rsa-sha256; c=simple/relaxed; d=attack.example; s=s; h=from; "
/* One that the victim made, of few fields. */
#define GENUINE "a=ed25519-sha256; c=relaxed/relaxed; d=victim.example; s=g; "

static const struct row {
	const char *name;
	const char *helo, *path; /* of the session */
	bool refused;            /* the path is no path, and refused */
	const char *sign;
	const char *header;     /* when signed */
	const char *header_now; /* or NULL */
	const char *body_now;   /* or NULL */
	enum author_status author;
	const char *domain; /* of the author; "" if there is none */
	enum dmarc_verdict dmarc;
	enum spf_verdict spf;
	enum dkim_outcome dkim;
} rows[] = {
	{"server_a1: HELO passes, MAIL FROM does not exist",
	 "helo.attack.example", "<any@m.notexist.victim.example>", false, NULL,
	 ADMIN REST, NULL, NULL, AUTHOR_OK, "victim.example",
	 DMARC_VERDICT_FAIL, SPF_NONE, DKIM_NONE},
	{"server_a2: a path that looks like a comment", "attack.example",
	 "<(any@victim.example>", true, NULL, ADMIN REST, NULL, NULL, AUTHOR_OK,
	 "victim.example", DMARC_VERDICT_FAIL, SPF_FAIL, DKIM_NONE},
	{"server_a3: a NUL in the selector", "33.attack.example",
	 "<any@33.attack.example>", false,
	 "a=rsa-sha256; c=simple/relaxed; d=victim.example; "
	 "s=s._domainkey.attack.example.\x01.any; h=from; ",
	 ADMIN REST, NULL, NULL, AUTHOR_OK, "victim.example",
	 DMARC_VERDICT_FAIL, SPF_PASS, DKIM_PERMERROR},
	{"server_a4: a quote in d=", "attack.example", "<any@attack.example>",
	 false,
	 "a=rsa-sha256; c=simple/relaxed; d=victim.example'a.attack.example; "
	 "s=s; h=from; ",
	 ADMIN REST, NULL, NULL, AUTHOR_OK, "victim.example",
	 DMARC_VERDICT_FAIL, SPF_PASS, DKIM_PERMERROR},
	{"paper A4: a bracket in d=", "attack.example", "<any@attack.example>",
	 false,
	 "a=rsa-sha256; c=simple/relaxed; d=victim.example(.attack.example; "
	 "s=s; h=from; ",
	 ADMIN REST, NULL, NULL, AUTHOR_OK, "victim.example",
	 DMARC_VERDICT_FAIL, SPF_PASS, DKIM_PERMERROR},
	{"server_a5: a bracket in MAIL FROM", "attack.example",
	 "<any@victim.example(a.attack.example>", true, NULL, ADMIN REST, NULL,
	 NULL, AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS,
	 DKIM_NONE},
	{"server_a6: two at signs in MAIL FROM", "attack.example",
	 "<any@victim.example'@any.attack.example>", true, NULL, ADMIN REST,
	 NULL, NULL, AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS,
	 DKIM_NONE},
	{"server_a7: a route in MAIL FROM", "attack.example",
	 "<@victim.example,@any.example:'any@attack.example>", false, NULL,
	 ADMIN REST, NULL, NULL, AUTHOR_OK, "victim.example",
	 DMARC_VERDICT_FAIL, SPF_PASS, DKIM_NONE},
	{"server_a8: two From", "attack.example", "<any@attack.example>", false,
	 MINE, OURS ADMIN REST, NULL, NULL, AUTHOR_FIELDS, "",
	 DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_PASS},
	{"server_a9: a space before the first From", "attack.example",
	 "<any@attack.example>", false, NULL, " " OURS ADMIN REST, NULL, NULL,
	 AUTHOR_HEADER, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"server_a10: a space behind From", "attack.example",
	 "<any@attack.example>", false, NULL,
	 OURS "From : <admin@victim.example>\r\n" REST, NULL, NULL,
	 AUTHOR_FIELDS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"server_a11: a fold before the colon", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From\r\n : <first@attack.example>\r\n" ADMIN REST, NULL, NULL,
	 AUTHOR_FIELDS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"server_a12: a malformed From, and Sender", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From\r\n : <first@attack.example>\r\nn" REST
	 "Sender: <admin@victim.example>\r\n",
	 NULL, NULL, AUTHOR_HEADER, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a12: the same with the field To whole", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From\r\n : <first@attack.example>\r\n" REST
	 "Sender: <admin@victim.example>\r\n",
	 NULL, NULL, AUTHOR_HEADER, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a13: a malformed From, and Resent-From", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From\r\n : <first@attack.example>\r\n" REST
	 "Resent-From: <admin@victim.example>\r\n",
	 NULL, NULL, AUTHOR_HEADER, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a14: two mailboxes", "attack.example", "<any@attack.example>",
	 false, MINE,
	 "From: <first@attack.example>, <admin@victim.example>\r\n" SENDER REST,
	 NULL, NULL, AUTHOR_DOMAINS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_PASS},
	{"server_a15: an address in an encoded-word", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From:=?utf-8?B?PGFkbWluQHZpY3RpbS5leGFtcGxlPg==?=,"
	 "<second@attack.example>\r\n" SENDER REST,
	 NULL, NULL, AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a16: a route in From", "attack.example",
	 "<any@attack.example>", false, MINE,
	 "From: <@attack.example,@any.example:admin@victim.example>\r\n" SENDER
		 REST,
	 NULL, NULL, AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS,
	 DKIM_PASS},
	{"server_a17: a backslash outside quotes", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From: <admin@victim.example>\\,<second@attack.example>\r\n" SENDER
		 REST,
	 NULL, NULL, AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a18: an address without brackets first", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From: admin@victim.example,<second@attack.example>\r\n" SENDER REST,
	 NULL, NULL, AUTHOR_DOMAINS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"server_a19: text behind the brackets", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From: <any@attack.example>admin@victim.example\r\n" SENDER REST, NULL,
	 NULL, AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"client_a1: two From of one domain", "client.attack.example",
	 "<first@attack.example>", false, MINE,
	 OURS "From: <admin@attack.example>\r\n" REST, NULL, NULL,
	 AUTHOR_FIELDS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_PASS},
	{"client_a2: two mailboxes, one foreign", "client.attack.example",
	 "<first@attack.example>", false, MINE,
	 "From: <first@attack.example>, <admin@victim.example>\r\n" REST, NULL,
	 NULL, AUTHOR_DOMAINS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_PASS},
	{"client_a3: a foreign From", "client.attack.example",
	 "<first@attack.example>", false, MINE, ADMIN REST, NULL, NULL,
	 AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS, DKIM_PASS},
	/* what the tool does not have */
	{"paper fig. 6e: two mailboxes and Sender", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From: <any@attack.example>, <any2@attack.example>\r\n"
	 "Sender: <admin@victim.example>\r\n" REST,
	 NULL, NULL, AUTHOR_OK, "attack.example", DMARC_VERDICT_PASS, SPF_PASS,
	 DKIM_NONE},
	{"paper fig. 6f: a space before the only From, and Resent-From",
	 "attack.example", "<>", false, NULL,
	 " " OURS "Resent-From: <admin@victim.example>\r\n" REST, NULL, NULL,
	 AUTHOR_HEADER, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper fig. 6f: the From glued to a field put before it",
	 "attack.example", "<>", false, NULL,
	 "Received: by mx.b.example\r\n " OURS
	 "Resent-From: <admin@victim.example>\r\n" REST,
	 NULL, NULL, AUTHOR_NO_FROM, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"paper A15: a second Subject", "attack.example",
	 "<any@attack.example>", false, GENUINE "h=from:subject:subject:to; ",
	 ADMIN REST, "Subject: another\r\n" ADMIN REST, NULL, AUTHOR_OK,
	 "victim.example", DMARC_VERDICT_FAIL, SPF_PASS, DKIM_FAIL},
	{"paper A16: a body behind l=", "attack.example",
	 "<any@attack.example>", false,
	 GENUINE "h=from:sender:to:subject; l=13; ", ADMIN REST, NULL,
	 BODY "--BAD\r\nContent-Type: text/plain\r\n\r\nPay now.\r\n",
	 AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS, DKIM_PASS},
	{"paper A16: l= is more than there is", "attack.example",
	 "<any@attack.example>", false,
	 GENUINE "h=from; l=18446744073709551616; ", ADMIN REST, NULL, NULL,
	 AUTHOR_OK, "victim.example", DMARC_VERDICT_FAIL, SPF_PASS,
	 DKIM_PERMERROR},
	{"paper A18: a From put on top", "attack.example",
	 "<any@attack.example>", false, MINE, OURS REST, ADMIN OURS REST, NULL,
	 AUTHOR_FIELDS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_PASS},
	{"paper A18: the same, From signed twice", "attack.example",
	 "<any@attack.example>", false,
	 "a=rsa-sha256; c=simple/relaxed; d=attack.example; s=s; "
	 "h=from:from; ",
	 OURS REST, ADMIN OURS REST, NULL, AUTHOR_FIELDS, "",
	 DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_FAIL},
	{"paper B1: U+2000", "attack.example", "<any@attack.example>", false,
	 NULL, "From: <admin@victim.example\xe2\x80\x80>\r\n" REST, NULL, NULL,
	 AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper B1: U+200B", "attack.example", "<any@attack.example>", false,
	 NULL, "From: <admin@victim.example\xe2\x80\x8b>\r\n" REST, NULL, NULL,
	 AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper B1: U+00AD", "attack.example", "<any@attack.example>", false,
	 NULL, "From: <admin@victim\xc2\xad.example>\r\n" REST, NULL, NULL,
	 AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper B1: U+FEFF", "attack.example", "<any@attack.example>", false,
	 NULL, "From: <admin@victim.example\xef\xbb\xbf>\r\n" REST, NULL, NULL,
	 AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper B1: U+3002", "attack.example", "<any@attack.example>", false,
	 NULL,
	 "From: <admin@victim\xe3\x80\x82"
	 "example>\r\n" REST,
	 NULL, NULL, AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"paper B1: U+FF0E", "attack.example", "<any@attack.example>", false,
	 NULL,
	 "From: <admin@victim\xef\xbc\x8e"
	 "example>\r\n" REST,
	 NULL, NULL, AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS,
	 DKIM_NONE},
	{"paper B2: an encoded-word alone", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "From: =?utf-8?B?YWRtaW5AdmljdGltLmV4YW1wbGU=?=\r\n" REST, NULL, NULL,
	 AUTHOR_ADDRESS, "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
	{"paper B3: no From, only Sender", "attack.example",
	 "<any@attack.example>", false, NULL,
	 "Sender: <admin@victim.example>\r\n" REST, NULL, NULL, AUTHOR_NO_FROM,
	 "", DMARC_VERDICT_PERMERROR, SPF_PASS, DKIM_NONE},
};

/* Whether `name` is the victim's or below it, byte by byte. */
static bool
is_victims(struct span name)
{
	return span_equal_nocase(name, SPAN("victim.example")) ||
	       span_ends(name, SPAN(".victim.example"));
}

/* Whatever the trick: nothing of the victim's is authenticated. */
static void
check_invariant(const struct report *r)
{
	assert_false(
		r->dmarc.verdict == DMARC_VERDICT_PASS &&
		(is_victims(domain_span(&r->from.domain)) ||
		 span_search(r->from.address, SPAN("victim")) != SPAN_NONE));
	assert_false(r->has_spf && r->spf.verdict == SPF_PASS &&
		     is_victims(r->spf.domain));
	if (r->fact.kind == REPORT_FACT_ALL_GOOD)
		fail_msg("all is said to be good");
	for (size_t i = 0; i < r->signatures; i++) {
		const struct dkim_result *d = &r->dkim[i];
		struct dname_text key;
		struct span name;

		/* what passes has the name that DNS was asked for */
		if (d->outcome != DKIM_PASS)
			continue;
		assert_true(r->key[i].asked);
		name = dname_print(&d->signature.key_name, &key);
		assert_true(span_ends(name, domain_span(&d->signature.domain)));
		/* the victim's own may pass, but not for all that is shown */
		if (is_victims(domain_span(&d->signature.domain)))
			assert_false(d->dmarc_eligible);
	}
	/* without an author none is shown */
	if (r->from.status != AUTHOR_OK) {
		assert_int_equal(r->from.address.len, 0);
		assert_int_equal(r->from.domain.len, 0);
	}
}

/* Each character of the report's text is plain, whatever was in the mail. */
static void
check_text(const struct report *r)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);

	report_text(r, &text);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.ptr[i] == '\n' ||
			    (text.ptr[i] >= ' ' && text.ptr[i] <= '~'));
}

static void
check_path(const struct row *row)
{
	struct span rest = span_of(row->path);
	struct path path;

	assert_int_equal(path_take(&rest, &path) != PATH_OK || rest.len > 0,
			 row->refused);
}

/* The address that the session gives to the evaluation: as it was taken, or,
 * were it not refused, what a receiver less strict would have taken. */
static const char *
sender_of(const struct row *row, struct path *path, struct buf *lax)
{
	struct span rest = span_of(row->path);

	if (path_take(&rest, path) == PATH_OK)
		return path->text;
	buf_add(lax, span_sub(rest, 1, rest.len - 1));
	return lax->ptr;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf lax = BUF_INIT(400);
	struct path path;
	struct judge_message j = {
		.sign = {row->sign},
		.header = span_of(row->header),
		.header_now =
			span_of(row->header_now != NULL ? row->header_now : ""),
		.body = SPAN(BODY),
		.body_now = span_of(row->body_now != NULL ? row->body_now : ""),
		.ip = "127.0.0.1",
		.helo = row->helo,
	};
	const struct report *r;
	struct judged d;
	struct author author;
	struct header_block header;
	size_t offset;

	check_path(row);
	j.mail_from = sender_of(row, &path, &lax);
	judge(&j, zone, &d);
	r = d.report;
	check_invariant(r);
	check_text(r);
	assert_int_equal(r->from.status, row->author);
	assert_string_equal(dmarc_verdict_name(r->dmarc.verdict),
			    dmarc_verdict_name(row->dmarc));
	assert_string_equal(spf_verdict_name(r->spf.verdict),
			    spf_verdict_name(row->spf));
	assert_string_equal(dkim_outcome_name(r->dkim_outcome),
			    dkim_outcome_name(row->dkim));
	if (row->author == AUTHOR_OK)
		assert_span(domain_span(&r->from.domain), row->domain);
	/* and the reading of From is the same for whoever reads it */
	author_read(
		&header,
		header_parse(buf_span(&d.message), &d.arena, &header, &offset),
		&d.arena, &author);
	assert_int_equal(author.status, row->author);
	judge_release(&d);
}

/* A14: a message of which only From is signed: it passes, and the report
 * says what of it anybody may have changed. */
static void
test_unsigned_fields(void **state)
{
	struct judge_message j = {
		.sign = {GENUINE "h=from; "},
		.header = SPAN(ADMIN REST),
		.header_now =
			SPAN("Content-Type: multipart/mixed; "
			     "boundary=BAD\r\nSubject: another\r\n" ADMIN),
		.body = SPAN(BODY),
		.ip = "127.0.0.1",
		.mail_from = "any@attack.example",
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	assert_span(d.report->not_signed[0], "Subject, Content-Type");
	report_text(d.report, &text);
	assert_non_null(
		strstr(text.ptr, "not signed    Subject, Content-Type"));
	assert_int_not_equal(d.report->fact.kind, REPORT_FACT_ALL_GOOD);
	judge_release(&d);
}

/* A15: of two fields one was signed: it passes, and the report says so. */
static void
test_second_field(void **state)
{
	struct judge_message j = {
		.sign = {GENUINE "h=from:to:subject:date:content-type:"
				 "mime-version; "},
		.header = SPAN(ADMIN REST),
		.header_now = SPAN("Subject: another\r\n" ADMIN REST),
		.body = SPAN(BODY),
	};
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	assert_int_equal(d.report->dkim_outcome, DKIM_PASS);
	assert_span(d.report->not_signed[0], "Subject");
	judge_release(&d);
}

/* A3 with the NUL itself, which no header may have. */
static void
test_nul(void **state)
{
	static const char header[] =
		"DKIM-Signature: v=1; a=rsa-sha256; d=victim.example; "
		"s=s._domainkey.attack.example.\0.any; h=from; bh=; "
		"b=\r\n" ADMIN REST;
	struct judge_message j = {
		.header = span_bytes(header, sizeof(header) - 1),
		.body = SPAN(BODY),
		.ip = "127.0.0.1",
		.mail_from = "any@attack.example",
	};
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	check_invariant(d.report);
	assert_int_equal(d.report->from.status, AUTHOR_HEADER);
	assert_int_equal(d.report->dkim_outcome, DKIM_PERMERROR);
	assert_false(d.report->key[0].asked);
	judge_release(&d);
}

int
main(void)
{
	int failed;

	judge_init();
	UNIT_ROWS(test_row, rows);
	UNIT(test_unsigned_fields);
	UNIT(test_second_field);
	UNIT(test_nul);
	failed = unit_run("mailauth/espoofer");
	judge_end();
	return failed;
}

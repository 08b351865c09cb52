/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_fact.h"

#include "judge.h"

/* An RSA key of 512 bits. */
#define WEAK                                                                   \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALmDPIpbTyFdi0NeDY/mKsEg7IDVIYgJ"     \
	"nbhX52+ynMdjVCERUuDvYM5HpWF8ODYZhRyRSc0XwbGbVZOYvScZ85MCAwEAAQ=="

/*
 * a.example is in order at 192.0.2.1; o.example is a service that sends for
 * others; each further domain has one thing wrong.
 */
static const char zone[] =
	"{'a.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'_dmarc.a.example':{'TXT':[['v=DMARC1; p=reject']]},"
	"'s._domainkey.a.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'e._domainkey.a.example':{'TXT':[['v=DKIM1; k=ed25519; p=ED']]},"
	"'other._domainkey.a.example':{'TXT':[['v=DKIM1; k=rsa; p=OTHER']]},"
	"'revoked._domainkey.a.example':{'TXT':[['v=DKIM1; p=']]},"
	"'type._domainkey.a.example':{'TXT':[['v=DKIM1; k=dsa; p=RSA']]},"
	"'bad._domainkey.a.example':{'TXT':[['v=DKIM1; p=rubbish!']]},"
	"'weak._domainkey.a.example':{'TXT':[['v=DKIM1; p=" WEAK "']]},"
	"'two._domainkey.a.example':{'TXT':[['v=DKIM1; p=RSA'],"
	"['v=DKIM1; p=OTHER']]},"
	"'strict._domainkey.a.example':{'TXT':[['v=DKIM1; t=s; p=RSA']]},"
	"'down._domainkey.a.example':{'SERVFAIL':'*'},"
	"'cname._domainkey.a.example':{'CNAME':['c.dkim.o.example']},"
	"'o.example':{'TXT':[['v=spf1 ip4:192.0.2.9 -all']]},"
	"'s._domainkey.o.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'nospf.a.example':{'MX':[[10,'mx.a.example']]},"
	"'twospf.a.example':{'TXT':[['v=spf1 -all'],['v=spf1 mx -all']]},"
	"'syntax.a.example':{'TXT':[['v=spf1 ipv4:192.0.2.1 -all']]},"
	"'inc.a.example':{'TXT':[['v=spf1 include:no.example -all']]},"
	"'many.a.example':{'TXT':[['v=spf1 a:1.e.example a:2.e.example "
	"a:3.e.example a:4.e.example a:5.e.example -all']]},"
	"'downspf.a.example':{'SERVFAIL':'*'},"
	"'none.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'_dmarc.none.example':{'TXT':[['v=DMARC1; p=none']]},"
	"'s._domainkey.none.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'test.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'_dmarc.test.example':{'TXT':[['v=DMARC1; p=reject; t=y']]},"
	"'s._domainkey.test.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'free.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'s._domainkey.free.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'_dmarc.inv.example':{'TXT':[['v=DMARC1; p=rubbish']]},"
	"'_dmarc.dark.example':{'SERVFAIL':'*'},"
	"'_dmarc.strict.example':{'TXT':[['v=DMARC1; p=quarantine; adkim=s; "
	"aspf=s']]},"
	"'s._domainkey.strict.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'t._domainkey.a.example':{'TXT':[['v=DKIM1; t=y; p=RSA']]},"
	"'mixed._domainkey.a.example':{'TXT':[['v=spf1 -all'],"
	"['v=DKIM1; p=']]},"
	"'exp.a.example':{'TXT':[['v=spf1 -all exp=why.a.example']]},"
	"'why.a.example':{'TXT':[['%{i} is none of ours']]},"
	"'_dmarc.tab.example':{'TXT':[['v=DMARC1;\\tp=reject']]},"
	"'m.strict.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'s._domainkey.m.strict.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]}}";

#define SIGN(d, s, rest)                                                       \
	"a=rsa-sha256; c=relaxed/relaxed; d=" d "; s=" s                       \
	"; h=from:subject:reply-to; " rest
#define GOOD SIGN("a.example", "s", "")
#define HEAD "From: Ann <ann@a.example>\r\nSubject: apples\r\n"
#define BODY "They are ripe.\r\n"
#define ARC                                                                    \
	"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=o.example; s=s; b=eA==\r\n"   \
	"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/simple; "         \
	"d=o.example; s=s; h=from; bh=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka"    \
	"GxwdHh8=; b=eA==\r\n"                                                 \
	"ARC-Authentication-Results: i=1; mx.o.example; spf=pass\r\n"
#define LIST "List-Id: Fruit <fruit.l.example>\r\n"

static const struct row {
	const char *name;
	const char *sign; /* tags of its signature, or NULL */
	const char *header;
	const char *header_now, *body_now; /* NULL: as they were */
	const char *ip;                    /* NULL: without SPF */
	const char *mail_from;
	const char *code;
	enum report_turn turn;
	const char *headline; /* is in the headline */
	const char *evidence; /* is in the evidence */
	const char *repair;   /* is in the repair */
} rows[] = {
	{"all good", GOOD, HEAD, NULL, NULL, "192.0.2.1", "ann@a.example",
	 "all.good", REPORT_TURN_NOBODY, "All good: SPF passes for a.example",
	 "_dmarc.a.example: v=DMARC1; p=reject", "Nothing"},
	{"all good without SPF", GOOD, HEAD, NULL, NULL, NULL, NULL, "all.good",
	 REPORT_TURN_NOBODY, "All good: DKIM passes for a.example", "", ""},
	/* From */
	{"two From", GOOD, HEAD, HEAD "From: x@o.example\r\n", NULL,
	 "192.0.2.1", "ann@a.example", "from.several_fields",
	 REPORT_TURN_SENDER, "DMARC fails: ", "2 From fields",
	 "one From field"},
	{"two authors", NULL, "From: a@a.example, o@o.example\r\n", NULL, NULL,
	 "192.0.2.1", "ann@a.example", "from.several_authors",
	 REPORT_TURN_SENDER, "DMARC fails: ", "a@a.example, o@o.example", ""},
	{"no From", NULL, "Subject: x\r\n", NULL, NULL, NULL, NULL,
	 "from.missing", REPORT_TURN_SENDER, "", "0 From fields", ""},
	{"rubbish in From", NULL, "From: Ann\r\n", NULL, NULL, NULL, NULL,
	 "from.malformed", REPORT_TURN_SENDER, "", "Ann", ""},
	{"a malformed header", NULL, "From: a@a.example\r\nX\r\n", NULL, NULL,
	 NULL, NULL, "from.header_malformed", REPORT_TURN_SENDER, "", "", ""},
	/* what was signed */
	{"a footer of a list", GOOD, HEAD, LIST HEAD, BODY "_____\r\nlist\r\n",
	 "192.0.2.9", "l@o.example", "dkim.body_changed", REPORT_TURN_FORWARDER,
	 "the policy is reject: the body was changed after a.example signed "
	 "it, by the mailing list fruit.l.example: 2 lines were added below "
	 "it, the first \"_____\"",
	 "the header is as it was signed", "From in a domain of its own"},
	{"a footer of a list without brackets", GOOD, HEAD,
	 "List-Id: fruit.l.example\r\n" HEAD, BODY "_____\r\nlist\r\n", NULL,
	 NULL, "dkim.body_changed", REPORT_TURN_FORWARDER,
	 "by the mailing list fruit.l.example: 2 lines", "", ""},
	{"a footer of a list by its address", GOOD, HEAD,
	 "List-Post: <mailto:fruit@l.example>\r\n" HEAD,
	 BODY "_____\r\nlist\r\n", NULL, NULL, "dkim.body_changed",
	 REPORT_TURN_FORWARDER, "by the mailing list fruit@l.example: 2 lines",
	 "", ""},
	{"a footer of a forwarder that sealed", GOOD, HEAD, ARC HEAD,
	 BODY "_____\r\nlist\r\n", NULL, NULL, "dkim.body_changed",
	 REPORT_TURN_FORWARDER, "by a forwarder such as o.example: 2 lines", "",
	 ""},
	{"another body of as many octets as l= says",
	 SIGN("a.example", "s", "l=16;"), HEAD, NULL,
	 "They are not.\r\nNo.\r\n", NULL, NULL, "dkim.body_changed",
	 REPORT_TURN_FORWARDER, "by somebody on the way.", "cannot be told",
	 ""},
	{"another body of parts without a boundary", GOOD,
	 HEAD "Content-Type: multipart/mixed; charset=x\r\n", NULL,
	 "They are not.\r\n", NULL, NULL, "dkim.body_changed",
	 REPORT_TURN_FORWARDER, "by somebody on the way.", "cannot be told",
	 ""},
	{"another body", GOOD, HEAD, NULL, "They are not.\r\n", NULL, NULL,
	 "dkim.body_changed", REPORT_TURN_FORWARDER, "by somebody on the way.",
	 "cannot be told", ""},
	{"a broken body, and SPF", GOOD, HEAD, NULL, "They are not.\r\n",
	 "192.0.2.1", "ann@a.example", "dkim.body_changed",
	 REPORT_TURN_FORWARDER, "DMARC passes by SPF alone: ", "", ""},
	{"a prefix", GOOD, HEAD,
	 "From: Ann <ann@a.example>\r\nSubject: [l] apples\r\n", NULL, NULL,
	 NULL, "dkim.header_changed", REPORT_TURN_FORWARDER,
	 "Subject was given a prefix; it was signed as \"apples\"",
	 "selector s", "leave it as it is"},
	{"a field that was signed as absent", GOOD, HEAD,
	 HEAD "Reply-To: l@l.example\r\n", NULL, NULL, NULL,
	 "dkim.header_changed", REPORT_TURN_FORWARDER, "Reply-To was added", "",
	 ""},
	{"another subject", GOOD, HEAD,
	 "From: Ann <ann@a.example>\r\nSubject: pears\r\n", NULL, NULL, NULL,
	 "dkim.header_changed", REPORT_TURN_FORWARDER,
	 "by somebody on the way.", "cannot be told", ""},
	/* keys */
	{"another key", SIGN("a.example", "other", ""), HEAD, NULL, NULL, NULL,
	 NULL, "dkim.key_other", REPORT_TURN_OPERATOR,
	 "the key at other._domainkey.a.example is not the one that signed", "",
	 "another selector"},
	{"no key", SIGN("a.example", "no", ""), HEAD, NULL, NULL, NULL, NULL,
	 "dkim.key_missing", REPORT_TURN_OPERATOR,
	 "there is no DKIM key at no._domainkey.a.example", "NXDOMAIN",
	 "Publish the key at no._domainkey.a.example"},
	{"no CNAME", SIGN("a.example", "5ly74bhaln5ahcf5hkiigoenjzigh23n", ""),
	 HEAD, NULL, NULL, NULL, NULL, "dkim.cname_missing",
	 REPORT_TURN_OPERATOR,
	 "the CNAME record at "
	 "5ly74bhaln5ahcf5hkiigoenjzigh23n._domainkey.a.example is missing",
	 "NXDOMAIN", "Publish the CNAME"},
	{"a CNAME to nothing", SIGN("a.example", "cname", ""), HEAD, NULL, NULL,
	 NULL, NULL, "dkim.cname_dangling", REPORT_TURN_SENDER,
	 "the CNAME at cname._domainkey.a.example leads to c.dkim.o.example",
	 "NXDOMAIN", "Who serves c.dkim.o.example"},
	{"a revoked key", SIGN("a.example", "revoked", ""), HEAD, NULL, NULL,
	 NULL, NULL, "dkim.key_revoked", REPORT_TURN_OPERATOR,
	 "revoked._domainkey.a.example cannot be used",
	 "v=DKIM1; p=", "withdrawn"},
	{"a revoked key beside another's record",
	 SIGN("a.example", "mixed", ""), HEAD, NULL, NULL, NULL, NULL,
	 "dkim.key_revoked", REPORT_TURN_OPERATOR, "mixed._domainkey.a.example",
	 "v=DKIM1; p=", "withdrawn"},
	{"a key of another type", SIGN("a.example", "type", ""), HEAD, NULL,
	 NULL, NULL, NULL, "dkim.key_type", REPORT_TURN_OPERATOR,
	 "type._domainkey.a.example", "k=dsa", ""},
	{"an Ed25519 key for RSA", SIGN("a.example", "e", ""), HEAD, NULL, NULL,
	 NULL, NULL, "dkim.key_type", REPORT_TURN_OPERATOR,
	 "the signature of a.example does not count", "k=ed25519",
	 "of the type that a= names"},
	{"a weak key", SIGN("a.example", "weak", ""), HEAD, NULL, NULL, NULL,
	 NULL, "dkim.key_weak", REPORT_TURN_OPERATOR, "1024 bits", "p=MFww",
	 "2048 bits"},
	{"rubbish for a key", SIGN("a.example", "bad", ""), HEAD, NULL, NULL,
	 NULL, NULL, "dkim.key_invalid", REPORT_TURN_OPERATOR, "", "rubbish!",
	 "one TXT record"},
	{"two keys", SIGN("a.example", "two", ""), HEAD, NULL, NULL, NULL, NULL,
	 "dkim.key_many", REPORT_TURN_OPERATOR, "", "", "Leave one key"},
	{"t=s", SIGN("a.example", "strict", "i=@m.a.example;"), HEAD, NULL,
	 NULL, NULL, NULL, "dkim.key_strict", REPORT_TURN_OPERATOR, "t=s",
	 "t=s", "t=s"},
	{"DNS is down", SIGN("a.example", "down", ""), HEAD, NULL, NULL, NULL,
	 NULL, "dkim.dns_error", REPORT_TURN_RECEIVER,
	 "DMARC cannot be evaluated now: ", "down._domainkey.a.example",
	 "again"},
	/* signatures */
	{"expired", SIGN("a.example", "s", "t=1600000000; x=1600000001;"), HEAD,
	 NULL, NULL, NULL, NULL, "dkim.expired", REPORT_TURN_SENDER,
	 "x= is past", "", "x="},
	{"of the future", SIGN("a.example", "s", "t=1800000000;"), HEAD, NULL,
	 NULL, NULL, NULL, "dkim.in_future", REPORT_TURN_SENDER, "t=", "",
	 "clock"},
	{"rsa-sha1",
	 "a=rsa-sha1; c=relaxed/relaxed; d=a.example; s=s; h=from; ", HEAD,
	 NULL, NULL, NULL, NULL, "dkim.sha1", REPORT_TURN_SENDER, "rsa-sha1",
	 "", "a=rsa-sha256"},
	{"l= leaves some unsigned", SIGN("a.example", "s", "l=4;"), HEAD, NULL,
	 NULL, NULL, NULL, "dkim.length", REPORT_TURN_SENDER, "l=", "",
	 "leave l= out"},
	{"l= is too much", SIGN("a.example", "s", "l=4000;"), HEAD, NULL, NULL,
	 NULL, NULL, "dkim.length", REPORT_TURN_SENDER, "l=", "", ""},
	{"a malformed signature", SIGN("a.example", "s", "t=x;"), HEAD, NULL,
	 NULL, NULL, NULL, "dkim.malformed", REPORT_TURN_SENDER, "a.example",
	 "", "RFC 6376"},
	{"no signature, and SPF", NULL, HEAD, NULL, NULL, "192.0.2.1",
	 "ann@a.example", "dkim.missing", REPORT_TURN_SENDER,
	 "DMARC passes by SPF alone: there is no DKIM signature of a.example",
	 "SPF passes for a.example", "d=a.example"},
	{"nothing at all", NULL, HEAD, NULL, NULL, NULL, NULL, "dkim.missing",
	 REPORT_TURN_SENDER, "DMARC fails, and the policy is reject",
	 "nothing passes", ""},
	{"only others signed, and SPF", SIGN("o.example", "s", ""), HEAD, NULL,
	 NULL, "192.0.2.1", "ann@a.example", "dkim.not_aligned",
	 REPORT_TURN_SENDER,
	 "of o.example, which is not aligned with a.example", "",
	 "Have o.example sign with d=a.example"},
	/* SPF beside a good signature */
	{"forwarded", GOOD, HEAD, NULL, NULL, "192.0.2.9", "ann@a.example",
	 "spf.forwarded", REPORT_TURN_OPERATOR,
	 "DMARC passes by DKIM alone: the host 192.0.2.9 may not send",
	 "v=spf1 ip4:192.0.2.1 -all", "ip4:192.0.2.9"},
	{"forwarded by a list", GOOD, HEAD, LIST HEAD, NULL, "2001:db8::9",
	 "ann@a.example", "spf.forwarded", REPORT_TURN_NOBODY, "",
	 "2001:db8::9", "ip6:2001:db8::9"},
	{"MAIL FROM of others", GOOD, HEAD, NULL, NULL, "192.0.2.9",
	 "x@o.example", "spf.not_aligned", REPORT_TURN_SENDER,
	 "MAIL FROM is of o.example", "SPF pass for o.example",
	 "bounce.a.example"},
	{"MAIL FROM below, and alignment is strict",
	 SIGN("strict.example", "s", ""),
	 "From: a@strict.example\r\nSubject: x\r\n", NULL, NULL, "192.0.2.1",
	 "x@m.strict.example", "spf.not_aligned", REPORT_TURN_SENDER,
	 "MAIL FROM is of m.strict.example", "",
	 "at strict.example itself, which aspf=s demands"},
	{"no SPF", GOOD, HEAD, NULL, NULL, "192.0.2.1", "a@nospf.a.example",
	 "spf.missing", REPORT_TURN_OPERATOR, "nospf.a.example has no SPF", "",
	 "one TXT record at nospf.a.example"},
	{"two SPF records", GOOD, HEAD, NULL, NULL, "192.0.2.1",
	 "a@twospf.a.example", "spf.several_records", REPORT_TURN_OPERATOR,
	 "twospf.a.example", "", "one record"},
	{"SPF syntax", GOOD, HEAD, NULL, NULL, "192.0.2.1",
	 "a@syntax.a.example", "spf.syntax", REPORT_TURN_OPERATOR,
	 "is malformed: \"ipv4:192.0.2.1\"", "v=spf1 ipv4:192.0.2.1 -all", ""},
	{"SPF look-ups", GOOD, HEAD, NULL, NULL, "192.0.2.1",
	 "a@many.a.example", "spf.lookups", REPORT_TURN_OPERATOR,
	 "many.a.example", "", "include:"},
	{"an include: without a record", GOOD, HEAD, NULL, NULL, "192.0.2.1",
	 "a@inc.a.example", "spf.include", REPORT_TURN_OPERATOR,
	 "\"include:no.example\"", "", "Take the term out"},
	{"SPF and DNS is down", GOOD, HEAD, NULL, NULL, "192.0.2.1",
	 "a@downspf.a.example", "spf.dns_error", REPORT_TURN_RECEIVER,
	 "downspf.a.example", "", ""},
	/* SPF alone */
	{"SPF fails alone", NULL, HEAD, NULL, NULL, "192.0.2.9",
	 "ann@a.example", "spf.fail", REPORT_TURN_OPERATOR,
	 "DMARC fails, and the policy is reject: the host 192.0.2.9", "-all",
	 "ip4:192.0.2.9"},
	{"DKIM comes before SPF", SIGN("a.example", "no", ""), HEAD, NULL, NULL,
	 "192.0.2.9", "ann@a.example", "dkim.key_missing", REPORT_TURN_OPERATOR,
	 "", "", ""},
	/* alignment */
	{"what passes is of others", SIGN("o.example", "s", ""), HEAD, NULL,
	 NULL, "192.0.2.9", "x@o.example", "dmarc.not_aligned",
	 REPORT_TURN_SENDER,
	 "SPF passes for o.example and DKIM passes for o.example, and neither "
	 "is aligned with the From domain a.example",
	 "MAIL FROM <x@o.example>", "_domainkey.a.example"},
	{"SPF of others alone", NULL, HEAD, NULL, NULL, "192.0.2.9",
	 "x@o.example", "dmarc.not_aligned", REPORT_TURN_SENDER,
	 "SPF passes for o.example, which is not aligned", "", "bounce."},
	{"strict alignment", SIGN("m.strict.example", "s", ""),
	 "From: a@strict.example\r\nSubject: x\r\n", NULL, NULL, "192.0.2.1",
	 "x@m.strict.example", "dmarc.not_aligned", REPORT_TURN_SENDER,
	 "neither is aligned with the From domain strict.example",
	 "SPF strict, DKIM strict", "d=strict.example"},
	/* DMARC records */
	{"policy none", SIGN("none.example", "s", ""),
	 "From: a@none.example\r\nSubject: x\r\n", NULL, NULL, "192.0.2.1",
	 "a@none.example", "dmarc.policy_none", REPORT_TURN_OPERATOR,
	 "DMARC passes: but the policy for none.example is none", "p=none",
	 "p=quarantine"},
	{"t=y", SIGN("test.example", "s", ""),
	 "From: a@test.example\r\nSubject: x\r\n", NULL, NULL, "192.0.2.1",
	 "a@test.example", "dmarc.testing", REPORT_TURN_OPERATOR, "t=y", "t=y",
	 "t=y"},
	{"no record", SIGN("free.example", "s", ""),
	 "From: a@free.example\r\nSubject: x\r\n", NULL, NULL, "192.0.2.1",
	 "a@free.example", "dmarc.missing", REPORT_TURN_OPERATOR,
	 "No DMARC policy applies: free.example has no DMARC record",
	 "no record at _dmarc.free.example", "v=DMARC1"},
	{"no record, and a broken body", SIGN("free.example", "s", ""),
	 "From: a@free.example\r\nSubject: x\r\n", NULL, "no\r\n", NULL, NULL,
	 "dkim.body_changed", REPORT_TURN_FORWARDER,
	 "No DMARC policy applies: ", "", ""},
	{"a record of rubbish", NULL, "From: a@inv.example\r\n", NULL, NULL,
	 NULL, NULL, "dmarc.invalid", REPORT_TURN_OPERATOR, "not usable",
	 "p=rubbish", "p="},
	{"DMARC and DNS is down", NULL, "From: a@dark.example\r\n", NULL, NULL,
	 NULL, NULL, "dmarc.dns_error", REPORT_TURN_RECEIVER, "dark.example",
	 "", "again"},
};

/* Fails unless `text` has `part` in it. */
static void
check_part(struct span text, const char *part)
{
	if (span_search(text, span_of(part)) == SPAN_NONE)
		fail_msg("\"%s\" is not in \"" SPAN_FMT "\"", part,
			 SPAN_ARG(text));
}

static void
judge_row(const struct row *row, struct judged *d)
{
	struct judge_message j = {
		.sign = {row->sign},
		.header = span_of(row->header),
		.header_now =
			span_of(row->header_now != NULL ? row->header_now : ""),
		.body = SPAN(BODY),
		.body_now = span_of(row->body_now != NULL ? row->body_now : ""),
		.ip = row->ip,
		.mail_from = row->mail_from,
		.helo = "mx.o.example",
	};

	judge(&j, zone, d);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct report_fact *f;
	struct judged d;

	judge_row(row, &d);
	f = &d.report->fact;
	if (strcmp(report_fact_code(f->kind), row->code) != 0)
		fail_msg("%s: " SPAN_FMT, report_fact_code(f->kind),
			 SPAN_ARG(f->headline));
	assert_string_equal(report_turn_name(f->turn),
			    report_turn_name(row->turn));
	check_part(f->headline, row->headline);
	check_part(f->evidence, row->evidence);
	check_part(f->repair, row->repair);
	assert_true(span_ends(f->headline, SPAN(".")));
	assert_true(f->repair.len > 0);
	judge_release(&d);
}

/* What of others is broken is not the author's matter. */
static void
test_foreign(void **state)
{
	struct judge_message j = {
		.sign = {SIGN("o.example", "no", ""), GOOD,
			 SIGN("o.example", "s", "t=x;"),
			 SIGN("o.example", "s", "")},
		.header = SPAN(HEAD),
		.body = SPAN(BODY),
		.ip = "192.0.2.1",
		.mail_from = "ann@a.example",
	};
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	assert_string_equal(report_fact_code(d.report->fact.kind), "all.good");
	/* and what of others passes is not said to be aligned */
	assert_int_equal(d.report->dkim[3].outcome, DKIM_PASS);
	assert_true(span_search(d.report->fact.headline, SPAN("o.example")) ==
		    SPAN_NONE);
	judge_release(&d);
}

/* The text begins with the fact, and JSON, mail and console show that text. */
static void
test_text(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct judged d;

	(void)state;
	judge_row(&rows[0], &d);
	report_text(d.report, &text);
	assert_true(span_starts(buf_span(&text), d.report->fact.headline));
	check_part(buf_span(&text), "\nFact            all.good\n");
	check_part(buf_span(&text), "\nTurn            nobody\n");
	check_part(buf_span(&text), "\n\nVerdict         pass");
	check_part(buf_span(&text),
		   "\n  key           s._domainkey.a.example: v=DKIM1; k=rsa; "
		   "p=MIIB");
	check_part(buf_span(&text), "(TTL 300 s, not authentic by DNSSEC)\n");
	check_part(buf_span(&text), "\n  body          as it was signed\n");
	judge_release(&d);
}

#define MANY                                                                   \
	"DKIM-Signature: v=2\r\nDKIM-Signature: v=2\r\n"                       \
	"DKIM-Signature: v=2\r\n"
#define X40  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X400 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40

/* What a message has a line or a word of, that others have not. */
static const struct line_row {
	const char *name;
	const char *sign;
	const char *header;
	const char *ip; /* NULL: without SPF */
	const char *mail_from;
	const char *line; /* is in the text */
} lines[] = {
	{"no client", GOOD, HEAD, NULL, NULL,
	 "\nSPF none        -                        not checked: how the "
	 "message came is not known\nDKIM "},
	{"a malformed record", GOOD, HEAD, "192.0.2.1", "a@syntax.a.example",
	 " (\"ipv4:192.0.2.1\")\n"},
	{"an explanation", GOOD, HEAD, "192.0.2.9", "a@exp.a.example",
	 "they say: 192.0.2.9 is none of ours\n"},
	{"a key behind a CNAME", SIGN("a.example", "cname", ""), HEAD, NULL,
	 NULL,
	 "\n  key           cname._domainkey.a.example, a CNAME to "
	 "c.dkim.o.example: NXDOMAIN   (TTL "},
	{"a key that is for testing", SIGN("a.example", "t", ""), HEAD, NULL,
	 NULL, "(the key says it is for testing)\n"},
	{"when it was signed, and for how long",
	 SIGN("a.example", "s", "t=1699999000; x=1800000000;"), HEAD, NULL,
	 NULL,
	 "\n  age           signed 2023-11-14T21:56:40Z, 1000 s ago   expires "
	 "2027-01-15T08:00:00Z\n"},
	{"only for how long", SIGN("a.example", "s", "x=1800000000;"), HEAD,
	 NULL, NULL,
	 "\n  age           no t=   expires 2027-01-15T08:00:00Z\n"},
	{"only when", SIGN("a.example", "s", "t=1700000000;"), HEAD, NULL, NULL,
	 "\n  age           signed 2023-11-14T22:13:20Z, 0 s ago\n"},
	{"a time beyond all calendars",
	 SIGN("a.example", "s", "x=999999999999;"), HEAD, NULL, NULL,
	 "   expires 9999-12-31T23:59:59.999Z\n"},
	{"signatures above the limit", GOOD, MANY MANY MANY HEAD, NULL, NULL,
	 "\nDKIM            -                        2 more signatures were "
	 "not "
	 "looked at\n"},
	{"a policy that is being tested", NULL,
	 "From: a@test.example\r\nSubject: x\r\n", NULL, NULL,
	 "policy reject   applied as quarantine for testing   "},
	{"a tab in a record", NULL, "From: a@tab.example\r\n", NULL, NULL,
	 ": v=DMARC1; p=reject\n"},
	{"a value that is cut", NULL,
	 HEAD "Message-ID: <" X400 X400 X400 ">\r\n", NULL, NULL, "xxxxx...\n"},
};

static void
test_line(void **state)
{
	const struct line_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct judge_message j = {
		.sign = {row->sign},
		.header = span_of(row->header),
		.body = SPAN(BODY),
		.ip = row->ip,
		.mail_from = row->mail_from,
	};
	struct judged d;

	judge(&j, zone, &d);
	report_text(d.report, &text);
	check_part(buf_span(&text), row->line);
	judge_release(&d);
}

/* By which include: SPF came to its result: not by those asked in vain. */
static void
test_path(void **state)
{
	static const char paths[] =
		"{'a.example':{'TXT':[['v=spf1 include:n.example "
		"include:i.example -all']]},"
		"'n.example':{'TXT':[['v=spf1 ip4:192.0.2.9 -all']]},"
		"'i.example':{'TXT':[['v=spf1 ip4:192.0.2.2 "
		"redirect=r.example']]},"
		"'r.example':{'TXT':[['v=spf1 mx ip4:192.0.2.0/24 -all']]}}";
	struct judge_message j = {
		.header = SPAN(HEAD),
		.body = SPAN(BODY),
		.ip = "192.0.2.1",
		.mail_from = "ann@a.example",
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	struct judged d;

	(void)state;
	judge(&j, paths, &d);
	report_text(d.report, &text);
	check_part(buf_span(&text),
		   "  path          include:i.example > redirect=r.example > "
		   "ip4:192.0.2.0/24, of r.example\n");
	judge_release(&d);
}

/* Each kind has a code of its own and is what some row above makes. */
static void
test_codes(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT_FACT_KINDS; i++) {
		const char *code = report_fact_code((enum report_fact_kind)i);
		bool made = false;

		assert_non_null(code);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				code,
				report_fact_code((enum report_fact_kind)k));
		for (size_t k = 0; k < COUNT(rows); k++)
			made |= strcmp(rows[k].code, code) == 0;
		if (!made)
			fail_msg("no row makes %s", code);
	}
}

int
main(void)
{
	int failed;

	judge_init();
	UNIT_ROWS(test_row, rows);
	UNIT(test_foreign);
	UNIT(test_text);
	UNIT_ROWS(test_line, lines);
	UNIT(test_path);
	UNIT(test_codes);
	failed = unit_run("mailauth/report_fact");
	judge_end();
	return failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/eligibility.h"

#include "ask.h"
#include "identity/mailbox.h"

static struct suffixes *suffixes;

static const struct refused_row {
	const char *name;
	const char *text;
	enum eligibility_reason want; /* without a look-up */
} refused[] = {
	{"a domain", "example.org", ELIGIBILITY_OK},
	{"a subdomain", "mail.example.co.uk", ELIGIBILITY_OK},
	{"nothing", "", ELIGIBILITY_SYNTAX},
	{"an address", "a@example.org", ELIGIBILITY_SYNTAX},
	{"an underscore", "_domainkey.example.org", ELIGIBILITY_SYNTAX},
	{"a wildcard", "*.example.org", ELIGIBILITY_SYNTAX},
	{"a space", "exa mple.org", ELIGIBILITY_SYNTAX},
	{"IPv4", "192.0.2.1", ELIGIBILITY_IP_ADDRESS},
	{"one label", "localhost", ELIGIBILITY_PUBLIC_SUFFIX},
	{"a top-level domain", "com", ELIGIBILITY_PUBLIC_SUFFIX},
	{"a public suffix", "co.uk", ELIGIBILITY_PUBLIC_SUFFIX},
	{"a public suffix in capitals", "CO.UK.", ELIGIBILITY_PUBLIC_SUFFIX},
	{"a private suffix", "github.io", ELIGIBILITY_PUBLIC_SUFFIX},
	{"below a private suffix", "sesame.github.io", ELIGIBILITY_OK},
	{"gmail", "gmail.com", ELIGIBILITY_MAILBOX},
	{"googlemail anywhere", "googlemail.co.uk", ELIGIBILITY_MAILBOX},
	{"below gmail", "mail.gmail.com", ELIGIBILITY_MAILBOX},
	{"not below gmail", "notgmail.com", ELIGIBILITY_OK},
	{"yahoo anywhere", "yahoo.co.jp", ELIGIBILITY_MAILBOX},
	{"not yahoo", "yahoo.example.org", ELIGIBILITY_OK},
	{"hotmail anywhere", "hotmail.fr", ELIGIBILITY_MAILBOX},
	{"outlook", "OutLook.com", ELIGIBILITY_MAILBOX},
	{"live", "live.nl", ELIGIBILITY_MAILBOX},
	{"the NHS", "nhs.net", ELIGIBILITY_MAILBOX},
	{"aol", "aol.com", ELIGIBILITY_MAILBOX},
	{"icloud", "icloud.com", ELIGIBILITY_MAILBOX},
	{"proton", "proton.me", ELIGIBILITY_MAILBOX},
	{"gmx anywhere", "gmx.at", ELIGIBILITY_MAILBOX},
	{"web.de", "web.de", ELIGIBILITY_MAILBOX},
	{"qq", "qq.com", ELIGIBILITY_MAILBOX},
	{"163", "163.com", ELIGIBILITY_MAILBOX},
	{"mail.ru", "mail.ru", ELIGIBILITY_MAILBOX},
	{"yandex anywhere", "yandex.com.tr", ELIGIBILITY_MAILBOX},
	{"localhost", "a.localhost", ELIGIBILITY_SPECIAL},
	{"local", "printer.local", ELIGIBILITY_SPECIAL},
	{"internal", "mail.internal", ELIGIBILITY_SPECIAL},
	{"invalid", "a.b.invalid", ELIGIBILITY_SPECIAL},
	{"onion", "x.onion", ELIGIBILITY_SPECIAL},
	{"home.arpa", "a.home.arpa", ELIGIBILITY_SPECIAL},
	{"reverse", "2.0.192.in-addr.arpa", ELIGIBILITY_REVERSE},
	{"reverse, IPv6", "8.b.d.0.1.0.0.2.ip6.arpa", ELIGIBILITY_REVERSE},
	{"the deployment's zone", "ses.example.net", ELIGIBILITY_OWN_ZONE},
	{"below it", "eu.SES.example.net", ELIGIBILITY_OWN_ZONE},
	{"above it", "example.net", ELIGIBILITY_OK},
	{"an internationalised domain",
	 "b\xc3\xbc"
	 "cher.example.org",
	 ELIGIBILITY_OK},
};

#define ZONE "'example.org': {'NS': ['ns-1-a.gandi.net', 'ns-2-a.gandi.net']}"

static const struct check_row {
	const char *name;
	const char *text;
	const char *fixture;
	enum eligibility_verdict verdict;
	enum eligibility_reason reason;
	const char *zone;
} checks[] = {
	{"the apex of a zone", "example.org", "{" ZONE "}", ELIGIBILITY_YES,
	 ELIGIBILITY_OK, "example.org"},
	{"a name of a zone", "mail.example.org",
	 "{" ZONE ", 'mail.example.org': {'A': ['192.0.2.1']}}",
	 ELIGIBILITY_YES, ELIGIBILITY_OK, "example.org"},
	{"a name that a zone does not have yet", "mail.example.org",
	 "{" ZONE "}", ELIGIBILITY_YES, ELIGIBILITY_OK, "example.org"},
	{"a zone of its own", "mail.example.org",
	 "{" ZONE ", 'mail.example.org': {'NS': ['ns.example.com']}}",
	 ELIGIBILITY_YES, ELIGIBILITY_OK, "mail.example.org"},
	{"nobody registered it", "example.org",
	 "{'org': {'NS': ['a0.org.example']}}", ELIGIBILITY_NO,
	 ELIGIBILITY_NOT_THERE, "org"},
	{"a name of a domain that nobody registered", "mail.example.org",
	 "{'org': {'NS': ['a0.org.example']}}", ELIGIBILITY_NO,
	 ELIGIBILITY_NOT_THERE, "org"},
	{"nothing at all", "mail.example.org", "{}", ELIGIBILITY_NO,
	 ELIGIBILITY_NOT_THERE, ""},
	{"there, in a DNS that does not tell the zone", "mail.example.org",
	 "{'mail.example.org': {'A': ['192.0.2.1']}}", ELIGIBILITY_YES,
	 ELIGIBILITY_OK, ""},
	{"a failure", "example.org", "{'example.org': {'SERVFAIL': '*'}}",
	 ELIGIBILITY_UNKNOWN, ELIGIBILITY_DNS_ERROR, ""},
	{"a time-out", "example.org", "{'example.org': {'TIMEOUT': '*'}}",
	 ELIGIBILITY_UNKNOWN, ELIGIBILITY_DNS_ERROR, ""},
	{"a reserved name that this DNS knows", "corp.test",
	 "{'corp.test': {'NS': ['ns.corp.test']}}", ELIGIBILITY_YES,
	 ELIGIBILITY_OK, "corp.test"},
	{"a reserved name that it does not", "corp.test", "{}", ELIGIBILITY_NO,
	 ELIGIBILITY_NOT_THERE, ""},
};

static const struct host_row {
	const char *name;
	const char *ns;
	const char *want; /* or NULL */
} hosts[] = {
	{"Route 53", "ns-421.awsdns-52.com", "route53"},
	{"Route 53 in Britain", "NS-2005.awsdns-58.co.UK", "route53"},
	{"Cloudflare", "amalia.ns.cloudflare.com", "cloudflare"},
	{"GoDaddy", "ns01.domaincontrol.com", "godaddy"},
	{"Gandi", "ns-1-a.gandi.net", "gandi"},
	{"Google", "ns-cloud-a1.googledomains.com", "google"},
	{"Azure", "ns1-05.azure-dns.com", "azure"},
	{"IONOS", "ns1035.ui-dns.de", "ionos"},
	{"OVH", "dns19.ovh.net", "ovh"},
	{"Hetzner", "helium.ns.hetzner.de", "hetzner"},
	{"Namecheap", "dns1.registrar-servers.com", "namecheap"},
	{"DNSimple", "ns1.dnsimple.com", "dnsimple"},
	{"NS1", "dns1.p01.nsone.net", "ns1"},
	{"DigitalOcean", "ns1.digitalocean.com", "digitalocean"},
	{"its own", "ns1.example.org", NULL},
	{"a name like it", "ns1.digitalocean.com.example.org", NULL},
	{"nothing", "", NULL},
};

static const struct match_row {
	const char *name;
	const char *pattern;
	const char *text;
	bool want;
} matches[] = {
	{"the same", "abc", "ABC", true},
	{"a star for nothing", "a*c", "ac", true},
	{"a star for much", "a*c", "abcabc", true},
	{"two stars", "*b*", "abc", true},
	{"a star at the end", "ab*", "abc", true},
	{"longer", "abc", "abcd", false},
	{"shorter", "abc", "ab", false},
	{"the star does not reach", "a*c", "abd", false},
	{"nothing and a star", "*", "", true},
};

static struct eligibility_want
want(const char *text)
{
	return (struct eligibility_want){
		.text = span_of(text),
		.suffixes = suffixes,
		.own_zone = SPAN("ses.example.net"),
		.mail_from = SPAN("sesmail"),
		.nonce = SPAN("zz0123456789"),
	};
}

/* Of the last check(). */
static struct eligibility_note notes[ELIGIBILITY_NOTES_MAX];
static size_t notes_len;

static const struct eligibility_result *
check(const char *text, const char *fixture_text, struct arena *arena)
{
	struct fixture *fixture = ask_fixture(fixture_text);
	struct eligibility_want w = want(text);
	struct eligibility m;
	size_t asked;

	eligibility_init(&m, &w, arena);
	ASK_ALL(eligibility, &m, fixture, &asked);
	fixture_free(fixture);
	notes_len = eligibility_notes(&m, notes);
	return eligibility_result(&m);
}

/* What is refused for its name alone asks nothing. */
static void
test_refused(void **state)
{
	const struct refused_row *row = *state;
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	struct eligibility_want w = want(row->text);
	struct eligibility m;
	struct dns_question question;

	eligibility_init(&m, &w, &arena);
	if (row->want == ELIGIBILITY_OK) {
		assert_true(eligibility_ask(&m, &question));
		arena_release(&arena);
		return;
	}
	assert_false(eligibility_ask(&m, &question));
	assert_int_equal(eligibility_result(&m)->reason, row->want);
	assert_int_equal(eligibility_result(&m)->verdict, ELIGIBILITY_NO);
	assert_false(eligibility_result(&m)->asked);
	assert_true(eligibility_result(&m)->message.len > 0);
	assert_true(eligibility_reason_name(row->want)[0] != '\0');
	arena_release(&arena);
}

static void
test_check(void **state)
{
	const struct check_row *row = *state;
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	const struct eligibility_result *r =
		check(row->text, row->fixture, &arena);

	assert_int_equal(r->reason, row->reason);
	assert_int_equal(r->verdict, row->verdict);
	assert_span(r->zone, row->zone);
	assert_true(r->asked);
	arena_release(&arena);
}

static void
test_notes(void **state)
{
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	const struct eligibility_result *r = check(
		"Example.ORG.",
		"{'example.org': {'NS': ['ns-1-a.gandi.net', 'ns.example.org'],"
		" 'MX': [[10, 'mx1.example.org'], [20, 'mx2.example.org']],"
		" 'TXT': [['v=spf1 -all'], ['hello']]},"
		" '_dmarc.example.org': {'TXT': [['v=DMARC1; p=none']]},"
		" '_domainkey.example.org': {'NS': ['ns.keys.example']},"
		" 'sesmail.example.org': {'MX': [[10, 'other.example']]}}",
		&arena);

	(void)state;
	assert_int_equal(r->verdict, ELIGIBILITY_YES);
	assert_string_equal(r->domain.s, "example.org");
	assert_span(r->registered, "example.org");
	assert_int_equal(r->ns.len, 2);
	assert_string_equal(r->host->id, "gandi");
	assert_int_equal(r->mx.len, 2);
	assert_span(r->mx.name[1], "mx2.example.org");
	assert_int_equal(r->spf_records, 1);
	assert_span(r->spf, "v=spf1 -all");
	assert_span(r->dmarc.policy, "none");
	assert_int_equal(r->domainkey.len, 1);
	assert_span(r->domainkey.name[0], "ns.keys.example");
	assert_false(r->wildcard);
	assert_true(r->mail_from_taken);
	assert_false(r->incomplete);
	arena_release(&arena);
}

static void
test_plain(void **state)
{
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	const struct eligibility_result *r =
		check("a.example.org",
		      "{'example.org': {'NS': ['ns.example.org']},"
		      " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}"
		      "}",
		      &arena);

	(void)state;
	assert_span(r->registered, "example.org");
	assert_null(r->host);
	assert_int_equal(r->mx.len, 0);
	assert_int_equal(r->spf_records, 0);
	assert_true(r->dmarc.inherited);
	assert_span(r->dmarc.policy, "reject");
	assert_int_equal(r->domainkey.len, 0);
	assert_false(r->mail_from_taken);
	arena_release(&arena);
}

/* A wildcard answers for every name: also for the one of MAIL FROM. */
static void
test_wildcard(void **state)
{
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	const struct eligibility_result *r =
		check("example.org",
		      "{" ZONE ", '*.example.org': {'MX': [[1, 'x.example']]}}",
		      &arena);

	(void)state;
	assert_true(r->wildcard);
	assert_false(r->mail_from_taken);
	assert_int_equal(r->verdict, ELIGIBILITY_YES);
	arena_release(&arena);
}

/* What is only noted does not refuse when DNS fails on it. */
static void
test_incomplete(void **state)
{
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	const struct eligibility_result *r = check(
		"example.org",
		"{" ZONE ", '_dmarc.example.org': {'TIMEOUT': '*'}}", &arena);

	(void)state;
	assert_true(r->incomplete);
	assert_int_equal(r->verdict, ELIGIBILITY_YES);
	assert_int_equal(r->dmarc.status, POLICY_ERROR);
	arena_release(&arena);
}

static const struct note_row {
	const char *name;
	const char *fixture;
	const char *want; /* codes */
} note_rows[] = {
	{"a domain to be proud of",
	 "{'example.org': {'NS': ['a.b'], 'MX': [[1, 'c.d']],"
	 " 'TXT': [['v=spf1 -all']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 ""},
	{"a bare one", "{" ZONE "}", "mx.none dmarc.missing "},
	{"everything at once",
	 "{'example.org': {'NS': ['a.b'],"
	 " 'TXT': [['v=spf1 -all'], ['v=spf1 ~all']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=none']]},"
	 " '_domainkey.example.org': {'NS': ['e.f']},"
	 " 'zz0123456789.example.org': {'SERVFAIL': '*'},"
	 " 'sesmail.example.org': {'CNAME': ['g.h']}}",
	 "mx.none spf.two_records dmarc.policy_none domainkey.delegated "
	 "mail_from.taken zone.unreachable "},
	{"a policy that is none",
	 "{'example.org': {'NS': ['a.b'], 'MX': [[1, 'c.d']]},"
	 " '*.example.org': {'A': ['192.0.2.1']},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=x']]}}",
	 "dmarc.policy_missing zone.wildcard "},
	{"refused", "{'org': {'NS': ['a.b']}}", ""},
};

static void
test_note(void **state)
{
	const struct note_row *row = *state;
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(500);

	check("example.org", row->fixture, &arena);
	for (size_t i = 0; i < notes_len; i++) {
		buf_addf(&got, "%s ", notes[i].code);
		assert_true(notes[i].text.len > 0);
		assert_true(eligibility_weight_name(notes[i].weight)[0] != 0);
	}
	assert_span(buf_span(&got), row->want);
	arena_release(&arena);
}

static void
test_host(void **state)
{
	const struct host_row *row = *state;
	const struct dnshost *host = dnshost_of(span_of(row->ns));

	if (row->want == NULL) {
		assert_null(host);
		return;
	}
	assert_non_null(host);
	assert_string_equal(host->id, row->want);
}

static void
test_match(void **state)
{
	const struct match_row *row = *state;

	assert_int_equal(
		dnshost_matches(span_of(row->pattern), span_of(row->text)),
		row->want);
}

int
main(void)
{
	int status;

	suffixes = suffixes_builtin();
	UNIT_ROWS(test_refused, refused);
	UNIT_ROWS(test_check, checks);
	UNIT(test_notes);
	UNIT(test_plain);
	UNIT(test_wildcard);
	UNIT(test_incomplete);
	UNIT_ROWS(test_note, note_rows);
	UNIT_ROWS(test_host, hosts);
	UNIT_ROWS(test_match, matches);
	status = unit_run("identity/eligibility");
	suffixes_free(suffixes);
	return status;
}

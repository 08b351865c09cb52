/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/observe.h"

#include "ask.h"

#define T1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define T2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define T3 "cccccccccccccccccccccccccccccccc"
#define D  "example.org"
#define M  "m.example.org"
#define S  "eu-west-2.mail.example"

/* Parts of fixtures. */
#define ZONE     "'" D "': {'NS': ['ns1.example.net']}"
#define CNAME(t) "'" t "._domainkey." D "': {'CNAME': ['" t ".dkim." S "']}"
#define KEY(t, p)                                                              \
	"'" t ".dkim." S "': {'TXT': [['v=DKIM1; k=rsa; ', 'p=" p "']]}"
#define CNAMES    CNAME(T1) "," CNAME(T2) "," CNAME(T3)
#define GOOD_MX   "'MX': [[10, 'feedback-smtp." S "']]"
#define GOOD_SPF  "'TXT': [['v=spf1 include:mail.example ~all']]"
#define MAIL_FROM "'" M "': {" GOOD_MX ", " GOOD_SPF "}"
#define DMARC                                                                  \
	"'_dmarc." D "': {'TXT': [['v=DMARC1; p=quarantine;']]},"              \
	"'_dmarc." M "': {'TXT': [['v=DMARC1; p=quarantine;']]}"

static const struct look_row {
	const char *name;
	const char *fixture;
	/* a letter for each record: Match, Absent, Different, Error */
	const char *records;
	const char *groups; /* the same, of control, dkim and mail_from */
	enum ses_verification_error error; /* of control */
} looks[] = {
	{"everything there",
	 "{" ZONE "," CNAMES "," KEY(T1, "MIIB") "," MAIL_FROM "," DMARC "}",
	 "MMMMMMM", "MMM", SES_ERROR_NONE},
	{"nothing there", "{" ZONE "}", "AAAAAAA", "AAA",
	 SES_ERROR_HOST_NOT_FOUND},
	{"no such domain", "{}", "AAAAAAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"another type at the name",
	 "{" ZONE ",'" T1 "._domainkey." D "': {'TXT': [['x']]}}", "AAAAAAA",
	 "AAA", SES_ERROR_TYPE_NOT_FOUND},
	{"one CNAME missing",
	 "{" ZONE "," CNAME(T1) "," CNAME(T3) "," KEY(T1, "MIIB") "}",
	 "MAMAAAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"one CNAME's name fails",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) "," KEY(
		 T1, "MIIB") ",'" T3 "._domainkey." D "': {'SERVFAIL': '*'}}",
	 "MMEAAAA", "EEA", SES_ERROR_DNS_SERVER},
	{"absence weighs more than an error",
	 "{" ZONE "," CNAME(T1) ",'" T3 "._domainkey." D
				"': {'SERVFAIL': '*'}}",
	 "MAEAAAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"a time-out is no absence",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) "," KEY(
		 T1, "MIIB") ",'" T3 "._domainkey." D "': {'TIMEOUT': '*'}}",
	 "MMEAAAA", "EEA", SES_ERROR_DNS_SERVER},
	{"a CNAME elsewhere",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) ",'" T3 "._domainkey." D
					      "': {'CNAME': ['" T3 "." S "']}}",
	 "MMDAAAA", "DDA", SES_ERROR_INVALID_VALUE},
	{"a target with the token of another",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) ",'" T3 "._domainkey." D
					      "': {'CNAME': ['" T1 ".dkim." S
					      "']}}",
	 "MMDAAAA", "DDA", SES_ERROR_INVALID_VALUE},
	{"letters in capitals",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) "," KEY(
		 T1, "MIIB") ",'" T3 "._DOMAINKEY.EXAMPLE.ORG': {'CNAME': "
			     "['CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
			     ".DKIM." S "']}}",
	 "MMMAAAA", "MMA", SES_ERROR_NONE},
	{"two CNAMEs at a name",
	 "{" ZONE "," CNAME(T1) "," CNAME(T2) ",'" T3 "._domainkey." D
					      "': {'CNAME': ['" T3 ".dkim." S
					      "', 'x.example']}}",
	 "MMDAAAA", "DDA", SES_ERROR_INVALID_VALUE},
	{"a chain that ends at the right key, but does not start there",
	 "{" ZONE "," CNAME(T2) "," CNAME(
		 T3) ",'" T1 "._domainkey." D
		     "': {'CNAME': ['x.example']}, 'x.example': {'CNAME': ['" T1
		     ".dkim." S "']}," KEY(T1, "MIIB") "}",
	 "DMMAAAA", "DDA", SES_ERROR_INVALID_VALUE},
	{"no key behind the token", "{" ZONE "," CNAMES "}", "MMMAAAA", "MAA",
	 SES_ERROR_NONE},
	{"an empty key behind the token",
	 "{" ZONE "," CNAMES "," KEY(T1, "") "}", "MMMAAAA", "MAA",
	 SES_ERROR_NONE},
	{"another key behind the token",
	 "{" ZONE "," CNAMES "," KEY(T1, "MIIC") "}", "MMMAAAA", "MDA",
	 SES_ERROR_NONE},
	{"the key begins alike", "{" ZONE "," CNAMES "," KEY(T1, "MIIBx") "}",
	 "MMMAAAA", "MDA", SES_ERROR_NONE},
	{"the key ends too soon", "{" ZONE "," CNAMES "," KEY(T1, "MII") "}",
	 "MMMAAAA", "MDA", SES_ERROR_NONE},
	{"white space in the key", "{" ZONE "," CNAMES "," KEY(T1, "MI IB") "}",
	 "MMMAAAA", "MMA", SES_ERROR_NONE},
	{"two keys behind the token",
	 "{" ZONE "," CNAMES ",'" T1 ".dkim." S
	 "': {'TXT': [['p=MIIB'], ['p=MIIC']]}}",
	 "MMMAAAA", "MDA", SES_ERROR_NONE},
	{"the key fails",
	 "{" ZONE "," CNAMES ",'" T1 ".dkim." S "': {'SERVFAIL': '*'}}",
	 "MMMAAAA", "MEA", SES_ERROR_NONE},
	{"a spare token's key fails: no matter",
	 "{" ZONE "," CNAMES "," KEY(T1, "MIIB") ",'" T2 ".dkim." S
						 "': {'SERVFAIL': '*'}}",
	 "MMMAAAA", "MMA", SES_ERROR_NONE},
	{"the key copied, without the CNAME",
	 "{" ZONE "," CNAME(T2) "," CNAME(T3) ",'" T1 "._domainkey." D
					      "': {'TXT': [['p=MIIB']]}}",
	 "AMMAAAA", "AAA", SES_ERROR_TYPE_NOT_FOUND},
	{"an MX of another preference",
	 "{'" M "': {'MX': [[0, 'Feedback-SMTP." S "']]}}", "AAAMAAA", "AAM",
	 SES_ERROR_HOST_NOT_FOUND},
	{"two MX",
	 "{'" M "': {'MX': [[10, 'feedback-smtp." S "'], [20, 'x.example']]}}",
	 "AAADAAA", "AAD", SES_ERROR_HOST_NOT_FOUND},
	{"an MX elsewhere", "{'" M "': {'MX': [[10, 'mx.example']]}}",
	 "AAADAAA", "AAD", SES_ERROR_HOST_NOT_FOUND},
	{"only the MX decides", "{'" M "': {" GOOD_MX "}}", "AAAMAAA", "AAM",
	 SES_ERROR_HOST_NOT_FOUND},
	{"only the SPF is there", "{'" M "': {" GOOD_SPF "}}", "AAAAMAA", "AAA",
	 SES_ERROR_HOST_NOT_FOUND},
	{"the MX fails", "{'" M "': {'SERVFAIL': ['MX'], " GOOD_SPF "}}",
	 "AAAEMAA", "AAE", SES_ERROR_HOST_NOT_FOUND},
	{"an SPF record with more",
	 "{'" M "': {'TXT': [['google=x'],"
	 " ['v=spf1 ip4:192.0.2.1 ', "
	 "'include:MAIL.example -all']]}}",
	 "AAAAMAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"an SPF record by redirect",
	 "{'" M "': {'TXT': [['v=spf1 redirect=mail.example']]}}", "AAAAMAA",
	 "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"an SPF record that redirects in vain",
	 "{'" M "': {'TXT': [['v=spf1 -all redirect=mail.example']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"an include behind all",
	 "{'" M "': {'TXT': [['v=spf1 -all include:mail.example']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"an include that fails the service",
	 "{'" M "': {'TXT': [['v=spf1 -include:mail.example ~all']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"another include",
	 "{'" M "': {'TXT': [['v=spf1 include:amazonses.com ~all']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"an SPF record with an error",
	 "{'" M "': {'TXT': [['v=spf1 include:mail.example, ~all']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"two SPF records",
	 "{'" M "': {'TXT': [['v=spf1 include:mail.example ~all'],"
	 " ['v=spf1 -all']]}}",
	 "AAAADAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"a TXT that is no SPF record", "{'" M "': {'TXT': [['v=spf2 x']]}}",
	 "AAAAAAA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"DMARC of another policy",
	 "{'_dmarc." D "': {'TXT': [['v=DMARC1;p=none;rua=mailto:a@b.example']]"
	 "}}",
	 "AAAAAMA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"DMARC without a policy", "{'_dmarc." D "': {'TXT': [['v=DMARC1;']]}}",
	 "AAAAADA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"two DMARC records",
	 "{'_dmarc." D
	 "': {'TXT': [['v=DMARC1; p=none'], ['v=DMARC1; p=none']]}}",
	 "AAAAADA", "AAA", SES_ERROR_HOST_NOT_FOUND},
	{"DMARC behind an alias",
	 "{'_dmarc." D "': {'CNAME': ['d.example']},"
	 " 'd.example': {'TXT': [['v=DMARC1; p=none']]}}",
	 "AAAAAMA", "AAA", SES_ERROR_HOST_NOT_FOUND},
};

/* The record set of example.org, with MAIL FROM. */
static struct record_set
make_set(void)
{
	static const struct service service = {SERVICE_SESAME, "mail.example",
					       "eu-west-2", ""};
	struct records_ask ask = {
		.service = &service,
		.domain = SPAN(D),
		.token = {SPAN(T1), SPAN(T2), SPAN(T3)},
		.selector = SPAN(""),
		.public_key = SPAN(""),
		.mail_from = SPAN(M),
		.rua = SPAN(""),
	};
	struct record_set set;
	struct error error;

	assert_true(records_make(&ask, &set, &error));
	return set;
}

/* Looks at `set` in the DNS of `text`. */
static const struct observation *
look(const struct record_set *set, const char *text, bool quick,
     struct arena *arena, size_t *ret_asked)
{
	struct fixture *fixture = ask_fixture(text);
	struct observe_want want = {
		.set = set,
		.signing_selector = SPAN(T1),
		.public_key = SPAN("MIIB"),
		.quick = quick,
	};
	struct observe m;

	observe_init(&m, &want, arena);
	ASK_ALL(observe, &m, fixture, ret_asked);
	fixture_free(fixture);
	return observe_result(&m);
}

static char
letter(enum observed_status status)
{
	return "-MADE"[status];
}

static void
test_look(void **state)
{
	const struct look_row *row = *state;
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	struct record_set set = make_set();
	const struct observation *seen;
	char got[RECORDS_MAX + 1] = "", groups[4] = "";
	size_t asked;

	seen = look(&set, row->fixture, false, &arena, &asked);
	for (size_t i = 0; i < seen->len; i++) {
		got[i] = letter(seen->record[i].status);
		assert_true(seen->record[i].reason.len > 0);
	}
	assert_string_equal(got, row->records);
	groups[0] = letter(seen->control.status);
	groups[1] = letter(seen->dkim.status);
	groups[2] = letter(seen->mail_from.status);
	assert_string_equal(groups, row->groups);
	assert_int_equal(seen->control.error, row->error);
	assert_true(seen->control.evidence.len > 0);

	/* A quick look comes to the same groups. */
	seen = look(&set, row->fixture, true, &arena, &asked);
	groups[0] = letter(seen->control.status);
	groups[1] = letter(seen->dkim.status);
	groups[2] = letter(seen->mail_from.status);
	assert_string_equal(groups, row->groups);
	assert_true(asked <= 6);
	arena_release(&arena);
}

static void
test_details(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	struct record_set set = make_set();
	const struct observation *seen;
	size_t asked;

	(void)state;
	seen = look(&set,
		    "{'" D "': {'NS': ['ns1.example.net'], 'SOA': "
		    "[['ns1.example.net', 'post.example.net', 7, 1, 2, 3, 4]]},"
		    "'" T1 "._domainkey." D "': {'TXT': [['p=\\u0001MIIB']]},"
		    "'" M "': {'MX': [[0, 'a.example'], [5, 'b.example']]},"
		    "'_dmarc.org': {'TXT': [['v=DMARC1; p=reject; psd=y']]}}",
		    false, &arena, &asked);
	assert_true(seen->has_soa);
	assert_span(seen->zone, D);
	assert_span(seen->soa_primary, "ns1.example.net");
	assert_span(seen->soa_admin, "post.example.net");
	assert_int_equal(seen->soa_serial, 7);
	assert_int_equal(seen->record[0].status, OBSERVED_ABSENT);
	assert_int_equal(seen->record[0].text.count, 1);
	assert_span(seen->record[0].text.value[0], "p=\001MIIB");
	assert_span(seen->record[3].found, "0 a.example, 5 b.example");
	assert_span(seen->record[3].main.target[1], "b.example");
	assert_int_equal(seen->dmarc.status, POLICY_FOUND);
	assert_span(seen->dmarc.name, "_dmarc.org");
	assert_span(seen->dmarc.policy, "reject");
	assert_span(seen->mail_from.evidence,
		    "MX " M ": there is more than one MX (found 0 a.example, 5 "
		    "b.example)");
	assert_span(seen->control.evidence,
		    "CNAME " T1 "._domainkey." D
		    ": the name has no record of this type");
	arena_release(&arena);
}

/* The zone of a subdomain that has none of its own. */
static void
test_zone_above(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	struct record_set set = make_set();
	const struct observation *seen;
	size_t asked;

	(void)state;
	seen = look(&set, "{'org': {'NS': ['ns.example']}}", false, &arena,
		    &asked);
	assert_span(seen->zone, "org");
	assert_int_equal(seen->soa_dns, DNS_NXDOMAIN);
	seen = look(&set, "{'" D "': {'SERVFAIL': '*'}}", false, &arena,
		    &asked);
	assert_false(seen->has_soa);
	assert_int_equal(seen->soa_dns, DNS_SERVFAIL);
	arena_release(&arena);
}

static const struct byo_row {
	const char *name;
	const char *text; /* in the fixture, ' for " */
	enum observed_status want;
} byos[] = {
	{"as asked", "[['v=DKIM1; k=rsa; p=MIIB']]", OBSERVED_MATCH},
	{"only p=", "[['p=MIIB']]", OBSERVED_MATCH},
	{"in two strings", "[['p=MI', 'IB']]", OBSERVED_MATCH},
	{"another key", "[['p=MIIC']]", OBSERVED_DIFFERENT},
	{"cut", "[['p=MII']]", OBSERVED_DIFFERENT},
	{"revoked", "[['p=']]", OBSERVED_DIFFERENT},
	{"another type of key", "[['k=ed25519; p=MIIB']]", OBSERVED_DIFFERENT},
	{"in two records", "[['p=MI'], ['IB']]", OBSERVED_DIFFERENT},
	{"something else", "[['hello']]", OBSERVED_DIFFERENT},
	{"nothing", "[]", OBSERVED_ABSENT},
};

static void
test_byodkim(void **state)
{
	const struct byo_row *row = *state;
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	CLEANUP(buf_release) struct buf fixture = BUF_INIT(1024);
	struct record_set set = {
		.domain = D,
		.record = {{.purpose = RECORD_DKIM,
			    .type = DNS_TXT,
			    .name = "s1._domainkey." D,
			    .value = "v=DKIM1; k=rsa; p=MIIB"}},
		.len = 1,
	};
	const struct observation *seen;
	size_t asked;

	buf_addf(&fixture, "{'s1._domainkey." D "': {'TXT': %s}}", row->text);
	seen = look(&set, fixture.ptr, true, &arena, &asked);
	assert_int_equal(seen->record[0].status, row->want);
	assert_int_equal(seen->control.status, row->want);
	assert_int_equal(seen->dkim.status, row->want);
	assert_int_equal(seen->mail_from.status, OBSERVED_NOT_ASKED);
	arena_release(&arena);
}

/* More than is kept is counted, and a long text is cut. */
static void
test_limits(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	CLEANUP(buf_release) struct buf fixture = BUF_INIT(1 << 17);
	struct record_set set = make_set();
	const struct observation *seen;
	size_t asked;

	(void)state;
	buf_adds(&fixture, "{'_dmarc." D "': {'TXT': [['x'");
	for (int i = 0; i < 30; i++) {
		buf_adds(&fixture, "],['");
		for (int j = 0; j < 250; j++)
			buf_addc(&fixture, 'y');
		for (int k = 0; k < 6; k++)
			buf_adds(&fixture,
				 "','zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
				 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
				 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
				 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
				 "z");
		buf_adds(&fixture, "'");
	}
	buf_adds(&fixture, "]]}}");
	assert_false(fixture.full);
	seen = look(&set, fixture.ptr, false, &arena, &asked);
	assert_int_equal(seen->record[5].main.count, 31);
	assert_int_equal(seen->record[5].main.len, OBSERVE_VALUES_MAX);
	assert_int_equal(seen->record[5].main.value[1].len, OBSERVE_TEXT_MAX);
	assert_int_equal(seen->record[5].status, OBSERVED_ABSENT);
	assert_false(arena_full(&arena));
	arena_release(&arena);
}

/* A name that no question can hold is an error, not an absence. */
static void
test_bad_name(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX);
	struct record_set set = make_set();
	const struct observation *seen;
	size_t asked;

	(void)state;
	memcpy(set.record[0].name, "a..b", 5);
	memcpy(set.domain, "..", 3);
	seen = look(&set, "{}", false, &arena, &asked);
	assert_int_equal(seen->record[0].status, OBSERVED_ERROR);
	assert_int_equal(seen->record[1].status, OBSERVED_ABSENT);
	assert_int_equal(seen->dmarc.status, POLICY_NOT_ASKED);
	arena_release(&arena);
}

int
main(void)
{
	UNIT_ROWS(test_look, looks);
	UNIT(test_details);
	UNIT(test_zone_above);
	UNIT_ROWS(test_byodkim, byos);
	UNIT(test_limits);
	UNIT(test_bad_name);
	return unit_run("identity/observe");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/diagnose.h"

#include "ask.h"

#define T1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define T2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define T3 "cccccccccccccccccccccccccccccccc"
#define T9 "dddddddddddddddddddddddddddddddd"
#define D  "example.org"
#define M  "m.example.org"
#define S  "eu-west-2.mail.example"

#define ZONE     "'" D "': {'NS': ['ns1.example.net']}"
#define CN(t)    "'" t "._domainkey." D "': {'CNAME': ['" t ".dkim." S "']}"
#define CN23     CN(T2) "," CN(T3)
#define CNAMES   CN(T1) "," CN23
#define KEYS     "'" T1 ".dkim." S "': {'TXT': [['p=MIIB']]}"
#define MX       "'MX': [[10, 'feedback-smtp." S "']]"
#define SPF      "'TXT': [['v=spf1 include:mail.example ~all']]"
#define FROM     "'" M "': {" MX "," SPF "}"
#define DMARC_D  "'_dmarc." D "': {'TXT': [['v=DMARC1; p=reject']]}"
#define DMARC_M  "'_dmarc." M "': {'TXT': [['v=DMARC1; p=reject']]}"
#define DMARC    DMARC_D "," DMARC_M
#define TXT(t)   "{'TXT': [['" t "']]}"
#define CNAME(t) "{'CNAME': ['" t "']}"

/* What is wrong is before or behind what is right. */
#define BUT_T1(x)    "{" ZONE "," CN23 "," KEYS "," FROM "," DMARC "," x "}"
#define BUT_M(x)     "{" ZONE "," CNAMES "," KEYS "," DMARC "," x "}"
#define BUT_MX(x)    BUT_M("'" M "': {" SPF "," x "}")
#define BUT_SPF(x)   BUT_M("'" M "': {" MX "," x "}")
#define BUT_DMARC(x) "{" ZONE "," CNAMES "," KEYS "," FROM "," DMARC_M "," x "}"
#define ALL_AND(x)   "{" ZONE "," CNAMES "," KEYS "," FROM "," DMARC x "}"

/* Records are told by their places in the set: 0-2 CNAMEs, 3 MX, 4 SPF, 5
 * DMARC of the domain, 6 DMARC of MAIL FROM; z is the zone. */
static const struct row {
	const char *name;
	const char *fixture;
	const char *want; /* "place code " ... */
	bool ok;
} rows[] = {
	{"everything is right", ALL_AND(""), "", true},
	{"a spare token has no key, or an empty one",
	 ALL_AND(",'" T2 ".dkim." S "': " TXT("p=")), "", true},
	{"nothing is there", "{" ZONE "}",
	 "0 record.missing 1 record.missing 2 record.missing 3 mx.missing "
	 "4 spf.missing 5 dmarc.missing 6 dmarc.missing ",
	 false},
	{"the domain is not there", "{'org': {'NS': ['a.b']}}",
	 "0 record.missing 1 record.missing 2 record.missing 3 mx.missing "
	 "4 spf.missing 5 dmarc.missing 6 dmarc.missing z zone.not_delegated ",
	 false},
	{"one of three", "{" ZONE "," CN(T1) "," KEYS "," FROM "," DMARC "}",
	 "1 dkim.some_missing 2 dkim.some_missing ", false},
	{"a question fails",
	 BUT_T1("'" T1 "._domainkey." D "': {'SERVFAIL': '*'}"),
	 "0 zone.unreachable ", false},

	{"A1 the zone twice",
	 BUT_T1("'" T1 "._domainkey." D "." D "': " CNAME(T1 ".dkim." S)),
	 "0 name.doubled ", false},
	{"A1 the zone twice, in the target too",
	 BUT_T1("'" T1 "._domainkey." D "." D "': " CNAME(T1 ".dkim." S "." D)),
	 "0 name.doubled ", false},
	{"A1 with another target is no proof",
	 BUT_T1("'" T1 "._domainkey." D "." D "': " CNAME("x.example")),
	 "0 dkim.some_missing ", false},
	{"A1 for DMARC",
	 BUT_DMARC("'_dmarc." D "." D "': " TXT("v=DMARC1; p=none")),
	 "5 name.doubled ", false},
	{"A1 for MAIL FROM", BUT_M("'" M "." D "': {" MX "," SPF "}"),
	 "3 name.doubled 4 name.doubled ", false},
	{"A3 no underscore",
	 BUT_T1("'" T1 ".domainkey." D "': " CNAME(T1 ".dkim." S)),
	 "0 name.underscore_missing ", false},
	{"A3 dmarc", BUT_DMARC("'dmarc." D "': " TXT("v=DMARC1; p=none")),
	 "5 name.underscore_missing ", false},
	{"A4 an underscore too many",
	 BUT_T1("'_" T1 "._domainkey." D "': " CNAME(T1 ".dkim." S)),
	 "0 name.underscore_extra ", false},
	{"A4 a dot is missing",
	 BUT_T1("'" T1 "_domainkey." D "': " CNAME(T1 ".dkim." S)),
	 "0 name.underscore_extra ", false},
	{"A5 exchanged",
	 BUT_T1("'" T1 ".dkim." S "." D "': " CNAME(T1 "._domainkey." D)),
	 "0 name.swapped_with_value ", false},
	{"A6 DMARC at the apex",
	 "{'" D "': {'NS': ['a.b'], 'TXT': [['v=DMARC1; p=none']]}," CNAMES
	 "," KEYS "," FROM "," DMARC_M "}",
	 "5 name.at_apex ", false},
	{"A7 a space",
	 BUT_DMARC("'_dmarc\\\\032." D "': " TXT("v=DMARC1; p=none")),
	 "5 name.odd_character ", false},
	{"A9 another token",
	 BUT_T1("'" T1 "._domainkey." D "': " CNAME(T9 ".dkim." S)),
	 "0 dkim.other_tokens ", false},
	{"B1 proxied",
	 BUT_T1("'" T1 "._domainkey." D "': {'A': ['104.21.3.4']}"),
	 "0 cname.proxied ", false},
	{"B1 another address",
	 BUT_T1("'" T1 "._domainkey." D "': {'A': ['192.0.2.1']}"),
	 "0 dkim.some_missing ", false},
	{"B3 the host in a TXT",
	 BUT_T1("'" T1 "._domainkey." D "': " TXT(T1 ".dkim." S)),
	 "0 cname.wrong_type ", false},
	{"B4 the zone behind the target",
	 BUT_T1("'" T1 "._domainkey." D "': " CNAME(T1 ".dkim." S "." D)),
	 "0 cname.target_doubled ", false},
	{"B5 elsewhere", BUT_T1("'" T1 "._domainkey." D "': " CNAME(T1 "." S)),
	 "0 cname.target_wrong ", false},
	{"B5 at another token of the same set",
	 BUT_T1("'" T1 "._domainkey." D "': " CNAME(T2 ".dkim." S)),
	 "0 cname.target_wrong ", false},
	{"B6 a URL",
	 BUT_T1("'" T1 "._domainkey." D "': " CNAME("http://" T1 ".dkim." S)),
	 "0 cname.target_malformed ", false},
	{"B7 a TXT beside it",
	 BUT_T1("'" T1 "._domainkey." D "': {'CNAME': ['" T1 ".dkim." S
		"'], 'TXT': [['p=MIIB']]}"),
	 "0 cname.other_data ", false},
	{"B8 two",
	 BUT_T1("'" T1 "._domainkey." D "': {'CNAME': ['" T1 ".dkim." S
		"', 'x.example']}"),
	 "0 cname.two ", false},
	{"B9 an alias", BUT_M("'" M "': " CNAME("x.example")),
	 "3 cname.on_mail_from 4 cname.on_mail_from ", false},
	{"B10 itself",
	 BUT_T1("'" T1 "._domainkey." D "': " CNAME(T1 "._domainkey." D)),
	 "0 cname.loop ", false},
	{"B11 the key copied",
	 BUT_T1("'" T1 "._domainkey." D "': " TXT("v=DKIM1; p=MIIB")),
	 "0 dkim.key_copied ", true},
	{"B11 another key copied",
	 BUT_T1("'" T1 "._domainkey." D "': " TXT("p=MIIC")),
	 "0 cname.wrong_type ", false},

	{"B12 TXT fails through the CNAME",
	 BUT_T1("'" T1 "._domainkey." D "': {'CNAME': ['" T1 ".dkim." S
		"'], 'SERVFAIL': '*'}"),
	 "0 dkim.txt_fails_through_cname ", false},
	{"B12 the service's own name fails",
	 "{" ZONE "," CNAMES "," FROM "," DMARC ",'" T1 ".dkim." S
	 "': {'SERVFAIL': '*'}}",
	 "0 zone.unreachable ", false},

	{"C1 the priority inside",
	 BUT_MX("'MX': [[0, '10\\\\032feedback-smtp." S "']]"),
	 "3 mx.priority_in_value ", false},
	{"C1 the priority alone", BUT_MX("'MX': [[0, '10']]"),
	 "3 mx.priority_in_value ", false},
	{"C2 several",
	 BUT_MX("'MX': [[10, 'feedback-smtp." S "'], [20, 'x.example']]"),
	 "3 mx.several ", false},
	{"C3 at the apex",
	 "{'" D "': {'NS': ['a.b'], " MX "},'" M "': {" SPF "}," CNAMES "," KEYS
	 "," DMARC "}",
	 "3 mx.at_apex ", false},
	{"C4 another host", BUT_MX("'MX': [[10, 'mx.example.com']]"),
	 "3 mx.other_host ", false},
	{"C5 another region",
	 BUT_MX("'MX': [[10, 'feedback-smtp.us-east-1.mail.example']]"),
	 "3 mx.wrong_region ", false},
	{"C5 no region", BUT_MX("'MX': [[10, 'feedback-smtp.mail.example']]"),
	 "3 mx.wrong_region ", false},
	{"C6 another service", BUT_MX("'MX': [[10, 'inbound-smtp." S "']]"),
	 "3 mx.wrong_service ", false},
	{"C6 as guides misspell it",
	 BUT_MX("'MX': [[10, 'feedback-smtp.eu-west-2.amazonaws.com']]"),
	 "3 mx.wrong_service ", false},
	{"C7 the zone behind",
	 BUT_MX("'MX': [[10, 'feedback-smtp." S "." D "']]"),
	 "3 mx.target_doubled ", false},
	{"C8 an address", BUT_MX("'MX': [[10, '192.0.2.1']]"),
	 "3 mx.unusable_target ", false},
	{"C8 null", BUT_MX("'MX': [[0, '.']]"), "3 mx.unusable_target ", false},
	{"C9 another preference is fine",
	 BUT_MX("'MX': [[0, 'feedback-smtp." S "']]"), "", true},

	{"D1 two",
	 BUT_SPF("'TXT': [['v=spf1 -all'],"
		 " ['v=spf1 include:mail.example ~all']]"),
	 "4 spf.two_records ", false},
	{"D2 at the domain",
	 "{'" D "': {'NS': ['a.b'], " SPF "},'" M "': {" MX "}," CNAMES "," KEYS
	 "," DMARC "}",
	 "4 spf.wrong_name ", false},
	{"D3 quotes",
	 BUT_SPF("'TXT': [['\\\"v=spf1 include:mail.example "
		 "~all\\\"']]"),
	 "4 spf.literal_quotes ", false},
	{"D4 a dash",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example "
		 "\\u2013all']]"),
	 "4 spf.odd_character ", false},
	{"D4 a space that is none",
	 BUT_SPF("'TXT': [['v=spf1\\u00a0include:mail.example ~all']]"),
	 "4 spf.odd_character ", false},
	{"D5 a version",
	 BUT_SPF("'TXT': [['v=spf2 include:mail.example "
		 "~all']]"),
	 "4 spf.bad_version ", false},
	{"D5 a space first",
	 BUT_SPF("'TXT': [[' v=spf1 "
		 "include:mail.example ~all']]"),
	 "4 spf.bad_version ", false},
	{"D6 Sender ID",
	 BUT_SPF("'TXT': [['spf2.0/pra include:mail.example ~all']]"),
	 "4 spf.sender_id ", false},
	{"D6 beside a good one",
	 BUT_SPF("'TXT': [['spf2.0/pra -all'],"
		 " ['v=spf1 include:mail.example ~all']]"),
	 "", true},
	{"D7 type 99", BUT_SPF("'SPF': [['v=spf1 include:mail.example ~all']]"),
	 "4 spf.type99 ", false},
	{"D8 no space",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example', '~all']]"),
	 "4 spf.split_badly ", false},
	{"D9 a comma",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example, ~all']]"),
	 "4 spf.syntax ", false},
	{"D11 another include",
	 BUT_SPF("'TXT': [['v=spf1 include:amazonses.com ~all']]"),
	 "4 spf.wrong_include ", false},
	{"D12 everybody",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example +all']]"),
	 "4 spf.weak ", true},
	{"D12 no end", BUT_SPF("'TXT': [['v=spf1 include:mail.example']]"),
	 "4 spf.weak ", true},
	{"D12 ptr",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example ptr "
		 "-all']]"),
	 "4 spf.weak ", true},
	{"D12 behind all",
	 BUT_SPF("'TXT': [['v=spf1 include:mail.example -all a']]"),
	 "4 spf.weak ", true},

	{"E1 two",
	 BUT_DMARC("'_dmarc." D "': {'TXT':"
		   " [['v=DMARC1; p=none'], ['v=DMARC1; p=none']]}"),
	 "5 dmarc.two_records ", false},
	{"E2 at www", BUT_DMARC("'_dmarc.www." D "': " TXT("v=DMARC1; p=none")),
	 "5 dmarc.wrong_name ", false},
	{"E3 small letters",
	 BUT_DMARC("'_dmarc." D "': " TXT("v=dmarc1; p=none")),
	 "5 dmarc.bad_version ", false},
	{"E4 misspelt",
	 BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1; p=quarentine")),
	 "5 dmarc.policy_missing ", false},
	{"E4 missing", BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1;")),
	 "5 dmarc.policy_missing ", false},
	{"E5 commas", BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1, p=none")),
	 "5 dmarc.separators ", false},
	{"E5 spaces",
	 BUT_DMARC("'_dmarc." D
		   "': " TXT("v=DMARC1; p=reject rua=mailto:a@example.org")),
	 "5 dmarc.separators ", false},
	{"E6 no mailto",
	 BUT_DMARC("'_dmarc." D
		   "': " TXT("v=DMARC1; p=reject; rua=a@example.org")),
	 "5 dmarc.rua_malformed ", true},
	{"E7 not wanted",
	 BUT_DMARC("'_dmarc." D "': " TXT(
		 "v=DMARC1; p=reject; rua=mailto:a@r.example") ",'r.example': "
							       "{'MX': [[1, "
							       "'x.example']]"
							       "}"),
	 "5 dmarc.rua_unauthorised ", true},
	{"E7 wanted",
	 BUT_DMARC("'_dmarc." D "': " TXT(
		 "v=DMARC1; p=reject; rua=mailto:a@r.example") ",'r.example': "
							       "{'MX': [[1, "
							       "'x.example']]},"
							       "'" D
							       "._report._"
							       "dmarc.r."
							       "example': " TXT(
								       "v="
								       "DMARC1"
								       ";")),
	 "", true},
	{"E7 within the house",
	 BUT_DMARC("'_dmarc." D
		   "': " TXT("v=DMARC1; p=reject; rua=mailto:a@r." D
			     "!10m") ",'r." D "': {'A': ['192.0.2.1']}"),
	 "", true},
	{"E8 no server",
	 BUT_DMARC("'_dmarc." D
		   "': " TXT("v=DMARC1; p=reject; rua=mailto:a@r." D)),
	 "5 dmarc.rua_no_mail_server ", true},
	{"E9 obsolete",
	 BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1; p=reject; pct=50")),
	 "5 dmarc.obsolete_tags ", true},
	{"E10 an alias",
	 BUT_DMARC("'_dmarc." D "': " CNAME("d.example") ",'d.example': " TXT(
		 "v=DMARC1; p=reject")),
	 "5 dmarc.alias ", true},
	{"E11 a wildcard", BUT_DMARC("'*." D "': " TXT("v=spf1 -all")),
	 "5 dmarc.wildcard_answers z zone.wildcard ", false},
	{"E12 strict",
	 BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1; p=reject; aspf=s")),
	 "5 dmarc.strict_alignment ", true},
	{"none", BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1; p=none")),
	 "5 dmarc.policy_none ", true},
	{"E16 written otherwise",
	 BUT_DMARC("'_dmarc." D "': " TXT("v=DMARC1;p=quarantine")), "", true},

	{"G5 the selectors are delegated",
	 "{" ZONE "," FROM "," DMARC ",'_domainkey." D
	 "': {'NS': ['ns.keys.example']}}",
	 "z zone.occluded_by_delegation ", false},
	{"G13 a wildcard", ALL_AND(",'*." D "': {'A': ['192.0.2.1']}"),
	 "z zone.wildcard ", true},
	{"G15 an empty non-terminal is denied",
	 ALL_AND(",'_domainkey." D "': {'NXDOMAIN': '*'}"),
	 "z zone.bad_nonterminal ", true},
};

/* The same of a domain below its zone's apex: A2. */
static const struct row below[] = {
	{"A2 too high",
	 "{'example.org': {'NS': ['a.b']},'" T1
	 "._domainkey.example.org': " CNAME(T1 ".dkim." S) "}",
	 "0 name.too_high ", false},
};

/* BYODKIM. */
static const struct row keys[] = {
	{"right", "{'s1._domainkey." D "': " TXT("k=rsa; p=MIIBIjANBg") "}", "",
	 true},
	{"nothing", "{" ZONE "}", "0 record.missing ", false},
	{"F1 cut", "{'s1._domainkey." D "': " TXT("p=MIIBIj") "}",
	 "0 key.truncated ", false},
	{"F2 two", "{'s1._domainkey." D "': {'TXT': [['p=MIIB'], ['IjANBg']]}}",
	 "0 key.two_records ", false},
	{"F3 escaped",
	 "{'s1._domainkey." D "': " TXT("k=rsa\\\\; p=MIIBIjANBg") "}",
	 "0 key.escaped ", false},
	{"F4 quotes",
	 "{'s1._domainkey." D "': " TXT("p=MIIB\\\" \\\"IjANBg") "}",
	 "0 key.quotes_inside ", false},
	{"F5 private",
	 "{'s1._domainkey." D
	 "': " TXT("-----BEGIN RSA PRIVATE KEY-----MIIE") "}",
	 "0 key.private_published ", false},
	{"F6 another type",
	 "{'s1._domainkey." D "': " TXT("k=dsa; p=MIICIjANBg") "}",
	 "0 key.unusable ", false},
	{"F6 revoked", "{'s1._domainkey." D "': " TXT("p=") "}",
	 "0 key.unusable ", false},
	{"B13 small letters",
	 "{'s1._domainkey." D "': " TXT("p=miibijanbg") "}",
	 "0 value.case_changed ", false},
	{"A1 the zone twice",
	 "{" ZONE ",'s1._domainkey." D "." D "': " TXT("p=MIIBIjANBg") "}",
	 "0 name.doubled ", false},
	{"A6 at the apex",
	 "{'" D "': {'NS': ['a.b'], 'TXT': [['p=MIIBIjANBg']]}}",
	 "0 name.at_apex ", false},
};

/* Codes that some row has seen. */
static bool seen_code[DIAGNOSE_CODE_COUNT];

static struct record_set
make_set(const char *domain, const char *mail_from)
{
	static const struct service service = {SERVICE_SESAME, "mail.example",
					       "eu-west-2", ""};
	struct records_ask ask = {
		.service = &service,
		.domain = span_of(domain),
		.token = {SPAN(T1), SPAN(T2), SPAN(T3)},
		.selector = SPAN(""),
		.public_key = SPAN(""),
		.mail_from = span_of(mail_from),
		.rua = SPAN(""),
	};
	struct record_set set;
	struct error error;

	assert_true(records_make(&ask, &set, &error));
	return set;
}

static const struct diagnosis *
look(const struct record_set *set, const char *text, struct arena *arena)
{
	struct fixture *fixture = ask_fixture(text);
	struct observe_want observe_want = {
		.set = set,
		.signing_selector = SPAN(T1),
		.public_key = SPAN("MIIB"),
	};
	struct diagnose_want want = {.nonce = SPAN("zz0123456789")};
	struct observe observe;
	struct diagnose diagnose;
	size_t asked;

	observe_init(&observe, &observe_want, arena);
	ASK_ALL(observe, &observe, fixture, &asked);
	want.seen = observe_result(&observe);
	diagnose_init(&diagnose, &want, arena);
	ASK_ALL(diagnose, &diagnose, fixture, &asked);
	fixture_free(fixture);
	return diagnose_result(&diagnose);
}

static void
check_finding(const struct finding *f, const struct record_set *set,
	      struct buf *got)
{
	seen_code[f->code] = true;
	if (f->record == NULL)
		buf_addf(got, "z %s ", diagnose_code_name(f->code));
	else
		buf_addf(got, "%zu %s ", (size_t)(f->record - set->record),
			 diagnose_code_name(f->code));
	assert_int_equal(f->severity, diagnose_code_severity(f->code));
	assert_int_equal(f->temporary, f->code == DIAGNOSE_ZONE_UNREACHABLE);
	assert_true(f->message.len > 0 && f->repair.len > 0);
	assert_int_equal(span_find(f->message, '{'), SPAN_NONE);
	assert_int_equal(span_find(f->repair, '{'), SPAN_NONE);
	assert_int_equal(f->record == NULL, f->zone.len > 0);
}

static void
check(const struct record_set *set, const struct row *row)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(4096);
	const struct diagnosis *d = look(set, row->fixture, &arena);

	for (size_t i = 0; i < d->len; i++)
		check_finding(&d->finding[i], set, &got);
	assert_span(buf_span(&got), row->want);
	assert_int_equal(d->ok, row->ok);
	assert_false(arena_full(&arena));
	arena_release(&arena);
}

static void
test_row(void **state)
{
	struct record_set set = make_set(D, M);

	check(&set, *state);
}

static void
test_below(void **state)
{
	struct record_set set = make_set("mail.example.org", "");

	set.len = 1;
	check(&set, *state);
}

static void
test_key(void **state)
{
	struct record_set set = {
		.domain = D,
		.service_zone = "mail.example",
		.record = {{.purpose = RECORD_DKIM,
			    .type = DNS_TXT,
			    .name = "s1._domainkey." D,
			    .value = "v=DKIM1; k=rsa; p=MIIBIjANBg"}},
		.len = 1,
	};

	check(&set, *state);
}

static void
test_texts(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX);
	struct record_set set = make_set(D, M);
	const struct diagnosis *d = look(&set,
					 BUT_T1("'" T1 "._domainkey." D "." D
						"': " CNAME(T1 ".dkim." S)),
					 &arena);

	(void)state;
	assert_int_equal(d->len, 1);
	assert_span(d->finding[0].expected, T1 ".dkim." S);
	assert_span(d->finding[0].found, T1 ".dkim." S);
	assert_span(d->finding[0].message,
		    "The record is at " T1 "._domainkey." D "." D
		    ": the zone's name was added once more.");
	assert_span(d->finding[0].repair,
		    "Enter only " T1 "._domainkey as the name; the console "
		    "adds the zone by itself.");
	arena_release(&arena);
}

/* DNS errors alone are not the operator's fault. */
static void
test_temporary(void **state)
{
	struct arena arena = ARENA_INIT(OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX);
	struct record_set set = make_set(D, M);
	const struct diagnosis *d;

	(void)state;
	d = look(&set, BUT_M("'" M "': {'TIMEOUT': '*'}"), &arena);
	assert_false(d->ok);
	assert_true(d->temporary);
	d = look(&set, "{'" M "': {'TIMEOUT': '*'}}", &arena);
	assert_false(d->ok);
	assert_false(d->temporary);
	arena_release(&arena);
}

/* Every code can happen.  Runs last. */
static void
test_all_codes(void **state)
{
	(void)state;
	for (int code = 1; code < DIAGNOSE_CODE_COUNT; code++)
		if (!seen_code[code])
			fail_msg("%s never happened",
				 diagnose_code_name((enum diagnose_code)code));
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT_ROWS(test_below, below);
	UNIT_ROWS(test_key, keys);
	UNIT(test_texts);
	UNIT(test_temporary);
	UNIT(test_all_codes);
	return unit_run("identity/diagnose");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_record.h"

#include <stdlib.h>

#include "corpus.h"

static const struct row {
	const char *name;
	const char *text;
	const char *want; /* as show() writes it; NULL: no DMARC record */
} rows[] = {
	{"RFC 9989 s4.8: all defaults", "v=DMARC1; p=none",
	 "p=none r r u n fo=0"},
	{"RFC 9989 s4.8: the version is case-sensitive", "v=dmarc1; p=none",
	 NULL},
	{"RFC 9989 s4.8: so is its name", "V=DMARC1; p=none", NULL},
	{"RFC 9989 s4.8: more behind the version", "v=DMARC12", NULL},
	{"RFC 9989 s4.8: the version must be first", "p=none; v=DMARC1", NULL},
	{"RFC 9989 s4.8: the version must end", "v=DMARC1 p=none", NULL},
	{"RFC 9989 s4.8: a space first", " v=DMARC1; p=none", NULL},
	{"RFC 9989 s4.8: spaces round the signs",
	 "v = DMARC1 ;\tp = reject ; adkim = s ;", "p=reject s r u n fo=0"},
	{"RFC 9989 s4.8: values in any case", "v=DMARC1; p=Reject; aspf=S",
	 "p=reject r s u n fo=0"},
	{"RFC 9989 s4.7: all policies",
	 "v=DMARC1;p=reject;sp=quarantine;"
	 "np=none",
	 "p=reject sp=quarantine np=none r r u n fo=0"},
	{"RFC 9989 s4.7: psd and t", "v=DMARC1;p=none;psd=y;t=y",
	 "p=none r r y y fo=0"},
	{"RFC 9989 s4.7: psd=n", "v=DMARC1;p=none;psd=n",
	 "p=none r r n n fo=0"},
	{"RFC 9989 s4.7: an unknown tag is ignored",
	 "v=DMARC1; p=none; foo=bar; pct=100; ri=x", "p=none r r u n fo=0"},
	{"RFC 9989 s4.7: what is malformed is ignored",
	 "v=DMARC1; p=reject; tagonly; fo:0; 0; x_y=1",
	 "p=reject r r u n fo=0 faults=4"},
	{"RFC 9989 s4.7: a bad value falls to the default",
	 "v=DMARC1; p=none; adkim=bob; psd=x; t=maybe",
	 "p=none r r u n fo=0 faults=3"},
	{"RFC 9989 s4.7: no p is none", "v=DMARC1; rua=mailto:a@b.c",
	 "r r u n fo=0 rua=mailto:a@b.c MONITOR"},
	{"RFC 9989 s4.10.1: a bad p with a rua is none",
	 "v=DMARC1; p=x; rua=mailto:a@b.c",
	 "r r u n fo=0 rua=mailto:a@b.c faults=1 MONITOR"},
	{"RFC 9989 s4.10.1: a bad p without is no DMARC", "v=DMARC1; p=x",
	 "r r u n fo=0 faults=1 NOTHING"},
	{"RFC 9989 s4.10.1: so is a bad sp", "v=DMARC1; p=none; sp=x",
	 "p=none r r u n fo=0 faults=1 NOTHING"},
	{"RFC 9989 s4.10.1: so is a bad np",
	 "v=DMARC1; p=none; np=", "p=none r r u n fo=0 faults=1 NOTHING"},
	{"the first of two counts", "v=DMARC1; p=none; p=reject",
	 "p=none r r u n fo=0 faults=1"},
	{"several URIs, and the sizes of RFC 7489",
	 "v=DMARC1;p=none;rua=mailto:a@b.c!10m , https://d.e/f!5",
	 "p=none r r u n fo=0 rua=mailto:a@b.c rua=https://d.e/f"},
	{"URIs that are none",
	 "v=DMARC1;p=none;rua=a@b.c,mailto:,mailto:x,mailto:a@b.c!,"
	 "mailto:a@b.c!10x,mailto:a b@c.d,mailto:@b.c,:x",
	 "p=none r r u n fo=0 faults=1"},
	{"a mailto with nothing before the at sign",
	 "v=DMARC1;p=none;rua=mailto:@b.c", "p=none r r u n fo=0 faults=1"},
	{"a mailto with nothing behind it", "v=DMARC1;p=none;rua=mailto:a@",
	 "p=none r r u n fo=0 faults=1"},
	{"a mailto without one", "v=DMARC1;p=none;rua=mailto:x",
	 "p=none r r u n fo=0 faults=1"},
	{"ruf", "v=DMARC1;p=none;ruf=mailto:a@b.c;fo=1:d",
	 "p=none r r u n fo=1:d ruf=mailto:a@b.c"},
	{"M5: an encoded control character is refused",
	 "v=DMARC1;p=none;rua=mailto:x%0d%0aBcc:y@b.c!10m,mailto:%7F@b.c,"
	 "mailto:%1f@b.c,mailto:x%00@b.c",
	 "p=none r r u n fo=0 faults=1"},
	{"RFC 3986 s2.1: a percent sign without two digits",
	 "v=DMARC1;p=none;rua=mailto:x%2@b.c,mailto:x%g0@b.c,mailto:x@b.c%",
	 "p=none r r u n fo=0 faults=1"},
	{"RFC 3986 s2.1: what is encoded and harmless stays as it is",
	 "v=DMARC1;p=none;rua=mailto:x%2Cy%21%20%7e@b.c",
	 "p=none r r u n fo=0 rua=mailto:x%2Cy%21%20%7e@b.c"},
	{"RFC 7489 s6.3: pct", "v=DMARC1;p=none;pct=50",
	 "p=none r r u n fo=0 pct=50"},
	{"RFC 7489 s6.3: pct=0 and 100 are its ends", "v=DMARC1;p=none;pct=0",
	 "p=none r r u n fo=0 pct=0"},
	{"RFC 7489 s6.3: pct above 100 is none", "v=DMARC1;p=none;pct=101",
	 "p=none r r u n fo=0"},
	{"RFC 7489 s6.3: nor is one with more digits",
	 "v=DMARC1;p=none;pct=00000000000000000000000000000000050",
	 "p=none r r u n fo=0"},
	{"RFC 7489 s6.3: nor one with a sign", "v=DMARC1;p=none;pct=-1",
	 "p=none r r u n fo=0"},
	{"a tag's name in capitals is another tag", "v=DMARC1;P=reject;p=none",
	 "p=none r r u n fo=0"},
	{"the first rua counts too",
	 "v=DMARC1;p=none;rua=mailto:a@b.c;rua=mailto:d@e.f",
	 "p=none r r u n fo=0 rua=mailto:a@b.c faults=1"},
	{"control characters", "v=DMARC1;p=none;rua=mailto:a@b.c\x1b",
	 "p=none r r u n fo=0 faults=1"},
};

static void
show_uris(const struct dmarc_uris *uris, const char *name, struct buf *to)
{
	for (size_t i = 0; i < uris->len; i++)
		buf_addf(to, " %s=" SPAN_FMT, name, SPAN_ARG(uris->uri[i]));
}

static void
show(const struct dmarc_record *r, struct buf *to)
{
	static const char *const effect[] = {"", " MONITOR", " NOTHING"};

	if (r->p != DMARC_POLICY_ABSENT)
		buf_addf(to, "p=%s ", dmarc_policy_name(r->p));
	if (r->sp != DMARC_POLICY_ABSENT)
		buf_addf(to, "sp=%s ", dmarc_policy_name(r->sp));
	if (r->np != DMARC_POLICY_ABSENT)
		buf_addf(to, "np=%s ", dmarc_policy_name(r->np));
	buf_addf(to, "%c %c %c %c fo=" SPAN_FMT, r->adkim_strict ? 's' : 'r',
		 r->aspf_strict ? 's' : 'r', "uyn"[r->psd],
		 r -> testing ? 'y' : 'n', SPAN_ARG(r->fo));
	show_uris(&r->rua, "rua", to);
	show_uris(&r->ruf, "ruf", to);
	if (r->pct != 100)
		buf_addf(to, " pct=%u", r->pct);
	if (r->faults > 0)
		buf_addf(to, " faults=%zu", r->faults);
	buf_adds(to, effect[dmarc_record_effect(r)]);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct buf text = BUF_INIT(4096);
	struct dmarc_record record;

	assert_int_equal(dmarc_record_parse(span_of(row->text), &record),
			 row->want != NULL);
	if (row->want != NULL) {
		show(&record, &text);
		assert_string_equal(text.ptr, row->want);
	}
	buf_release(&text);
}

static void
test_limits(void **state)
{
	struct buf text = BUF_INIT(65536);
	struct dmarc_record record;

	(void)state;
	buf_adds(&text, "v=DMARC1;p=none;rua=");
	for (int i = 0; i < DMARC_URIS_MAX + 4; i++)
		buf_addf(&text, "mailto:%d@b.c,", i);
	for (int i = 0; i < DMARC_FAULTS_MAX + 4; i++)
		buf_adds(&text, ";?");
	assert_true(dmarc_record_parse(buf_span(&text), &record));
	assert_int_equal(record.rua.len, DMARC_URIS_MAX);
	assert_int_equal(record.faults, DMARC_FAULTS_MAX + 4);
	while (text.len < DMARC_TEXT_MAX)
		buf_addc(&text, ';');
	assert_true(dmarc_record_parse(buf_span(&text), &record));
	buf_addc(&text, ';');
	assert_false(dmarc_record_parse(buf_span(&text), &record));
	buf_release(&text);
}

static void
test_prefixes(void **state)
{
	static const char text[] = "v=DMARC1; p=reject; rua=mailto:a@b.c!1m, "
				   "x:y; psd=n; fo=1:s ;";

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		char *copy = memcpy(malloc(n), text, n);
		struct dmarc_record record;

		assert_int_equal(
			dmarc_record_parse((struct span){copy, n}, &record),
			n >= strlen("v=DMARC1"));
		free(copy);
	}
}

static const struct effect_row {
	const char *name;
	const char *text;
	enum dmarc_effect want;      /* by RFC 9989 */
	enum dmarc_effect want_7489; /* by RFC 7489 */
} effect_rows[] = {
	{"all is there", "v=DMARC1; p=none; sp=reject; np=reject",
	 DMARC_EFFECT_NORMAL, DMARC_EFFECT_NORMAL},
	{"p is missing", "v=DMARC1; sp=reject", DMARC_EFFECT_MONITOR,
	 DMARC_EFFECT_NOTHING},
	{"p is missing, reports are wanted", "v=DMARC1; rua=mailto:a@b.c",
	 DMARC_EFFECT_MONITOR, DMARC_EFFECT_MONITOR},
	{"p is missing, the report address is none", "v=DMARC1; rua=a@b.c",
	 DMARC_EFFECT_MONITOR, DMARC_EFFECT_NOTHING},
	{"p is not valid", "v=DMARC1; p=x", DMARC_EFFECT_NOTHING,
	 DMARC_EFFECT_NOTHING},
	{"p is not valid, reports are wanted",
	 "v=DMARC1; p=x; rua=mailto:a@b.c", DMARC_EFFECT_MONITOR,
	 DMARC_EFFECT_MONITOR},
	{"sp is not valid", "v=DMARC1; p=reject; sp=x", DMARC_EFFECT_NOTHING,
	 DMARC_EFFECT_NOTHING},
	{"np is not valid, which is nothing to RFC 7489",
	 "v=DMARC1; p=reject; np=x", DMARC_EFFECT_NOTHING, DMARC_EFFECT_NORMAL},
};

static void
test_effect(void **state)
{
	const struct effect_row *row = *state;
	struct dmarc_record record;

	assert_true(dmarc_record_parse(span_of(row->text), &record));
	assert_int_equal(dmarc_record_effect(&record), row->want);
	assert_int_equal(dmarc_record_effect_7489(&record), row->want_7489);
}

static const struct host_row {
	const char *name;
	const char *uri;
	const char *want; /* NULL: none */
} host_rows[] = {
	{"mailto", "mailto:a@b.example", "b.example"},
	{"mailto in capitals", "MAILTO:a@B.example", "B.example"},
	{"mailto with header fields", "mailto:a@b.example?subject=x@y.example",
	 "b.example"},
	{"mailto of two", "mailto:a@b.example,c@d.example", NULL},
	{"mailto of two, encoded", "mailto:a@b.example%2cc@d.example", NULL},
	{"mailto with two @", "mailto:a@b@c.example", NULL},
	{"mailto without a local part", "mailto:@b.example", NULL},
	{"mailto without a domain", "mailto:a@", NULL},
	{"mailto without @", "mailto:a?b@c.example", NULL},
	{"https", "https://b.example/x@y.example", "b.example"},
	{"https without a path", "https://b.example", "b.example"},
	{"https with all", "https://u:p@b.example:443/x?y#z", "b.example"},
	{"https with a query only", "https://b.example?x", "b.example"},
	{"https with a fragment only", "https://b.example#x", "b.example"},
	{"an IPv6 address", "https://[2001:db8::1]/", NULL},
	{"no authority", "urn:b.example", NULL},
	{"nothing", "", NULL},
	{"an encoded host", "mailto:a@b%2eexample", NULL},
};

static void
test_host(void **state)
{
	const struct host_row *row = *state;
	struct span host;

	assert_int_equal(dmarc_uri_host(span_of(row->uri), &host),
			 row->want != NULL);
	if (row->want != NULL)
		assert_span(host, row->want);
}

static bool
uris_agree(const json_t *want, const struct dmarc_uris *uris)
{
	if (json_array_size(want) != uris->len)
		return false;
	for (size_t i = 0; i < uris->len; i++)
		if (!span_equal(json_text(json_array_get(want, i)),
				uris->uri[i]))
			return false;
	return true;
}

/* What the whole comes to, in the words of the suite. */
static bool
effect_agrees(const json_t *want, const struct dmarc_record *r)
{
	struct span effect = corpus_member(want, "effect");

	switch (dmarc_record_effect(r)) {
	case DMARC_EFFECT_NORMAL:
		return span_equal(effect, SPAN("normal"));
	case DMARC_EFFECT_NOTHING:
		return span_equal(effect, SPAN("no_processing"));
	case DMARC_EFFECT_MONITOR:
		break;
	}
	/* "p=none", perhaps as one of two readings of the text */
	return span_search(effect, SPAN("p=none")) != SPAN_NONE;
}

/* Whether each fault that the suite knows is one of ours. */
static bool
faults_agree(const json_t *want, const struct dmarc_record *r)
{
	const json_t *list = json_object_get(want, "syntax_errors");

	if (json_array_size(list) > r->faults)
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct span text = json_text(json_array_get(list, i));
		bool found = span_starts(text, SPAN("dup "));

		for (size_t k = 0; k < r->faults && k < DMARC_FAULTS_MAX; k++)
			found = found || span_equal(text, r->fault[k]);
		if (!found)
			return false;
	}
	return true;
}

static bool
record_agrees(const json_t *one)
{
	const json_t *want = json_object_get(one, "rfc9989");
	struct dmarc_record r;
	bool is = dmarc_record_parse(corpus_member(one, "txt"), &r);
	static const char *const psd[] = {"u", "y", "n"};

	if (is != json_is_true(json_object_get(want, "is_dmarc_record")))
		return false;
	if (!is)
		return true;
	return span_equal(corpus_member(want, "p"),
			  span_of(dmarc_policy_name(r.p))) &&
	       span_equal(corpus_member(want, "sp"),
			  span_of(dmarc_policy_name(r.sp))) &&
	       span_equal(corpus_member(want, "np"),
			  span_of(dmarc_policy_name(r.np))) &&
	       span_equal(corpus_member(want, "adkim"),
			  r.adkim_strict ? SPAN("s") : SPAN("r")) &&
	       span_equal(corpus_member(want, "aspf"),
			  r.aspf_strict ? SPAN("s") : SPAN("r")) &&
	       span_equal(corpus_member(want, "psd"), span_of(psd[r.psd])) &&
	       span_equal(corpus_member(want, "fo"), r.fo) &&
	       json_is_true(json_object_get(want, "t")) == r.testing &&
	       uris_agree(json_object_get(want, "rua"), &r.rua) &&
	       uris_agree(json_object_get(want, "ruf"), &r.ruf) &&
	       json_is_true(json_object_get(want, "policy_valid")) ==
		       (dmarc_record_effect(&r) == DMARC_EFFECT_NORMAL) &&
	       effect_agrees(want, &r) && faults_agree(want, &r);
}

/* The rows of dmarc/dmarc-record.json, field by field. */
static void
test_corpus(void **state)
{
	json_t *json = corpus_json("dmarc/dmarc-record.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one) bad +=
		corpus_row("dmarc-record.json", corpus_member(one, "id"),
			   record_agrees(one));
	print_message("dmarc-record.json: %zu rows\n", i);
	json_decref(json);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT_ROWS(test_effect, effect_rows);
	UNIT_ROWS(test_host, host_rows);
	UNIT(test_limits);
	UNIT(test_prefixes);
	UNIT(test_corpus);
	return unit_run("mailauth/dmarc_record");
}

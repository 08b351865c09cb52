/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_record.h"

#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

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
	 "v=DMARC1; p=none; foo=bar; pct=50; ri=x", "p=none r r u n fo=0"},
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
	 "mailto:a@b.c!10x,mailto:a b@c.d,:x",
	 "p=none r r u n fo=0 faults=1"},
	{"ruf", "v=DMARC1;p=none;ruf=mailto:a@b.c;fo=1:d",
	 "p=none r r u n fo=1:d ruf=mailto:a@b.c"},
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

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_limits);
	UNIT(test_prefixes);
	return unit_run("mailauth/dmarc_record");
}

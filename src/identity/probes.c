/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/probes.h"

#include <assert.h>

#include "identity/findings.h"
#include "identity/judge.h"
#include "identity/policy.h"

/* Which records a probe is for. */
enum kind {
	KIND_CNAME = 1, /* of DKIM */
	KIND_KEY = 2,   /* BYODKIM */
	KIND_MX = 4,
	KIND_SPF = 8,
	KIND_DMARC = 16,
	KIND_DKIM = KIND_CNAME | KIND_KEY,
	KIND_MAIL_FROM = KIND_MX | KIND_SPF,
	KIND_ALL = 31,
};

/* What a probe's answer is given to. */
struct proof {
	const struct probes *m;
	const struct observed *o;
	const struct dns_answer *answer;
	struct buf *found; /* for what proves it */
};

/*
 * A place where a record may be by mistake.  In the name, {p} is what stands
 * before the domain in the record's own, {t} its first label and {x} what is
 * behind that, {d} the domain, {u} what is above it, {v} the value, {z} the
 * zone and {n} a label that nobody publishes.
 */
struct probe {
	enum diagnose_code code; /* of what it proves */
	unsigned kinds;          /* of records it is for */
	const char *name;        /* to ask for */
	uint16_t type;           /* to ask for; 0: the record's own */
	bool (*proves)(const struct proof *p);
};

/* ---- what proves a cause ---- */

/* Whether one record of an answer is the one that was wanted. */
static bool
is_wanted(const struct proof *p, const struct dns_rr *rr)
{
	const struct record *r = p->o->want;
	struct span value = span_of(r->value);
	struct dname_text text;

	switch (rr->type) {
	case DNS_CNAME:
		buf_add(p->found, dname_print(&rr->target, &text));
		return span_equal_nocase(buf_span(p->found), value) ||
		       findings_is_doubled(buf_span(p->found), value,
					   p->m->seen);
	case DNS_MX:
		buf_add(p->found, dname_print(&rr->mx.exchange, &text));
		return span_equal_nocase(buf_span(p->found), value) ||
		       findings_is_doubled(buf_span(p->found), value,
					   p->m->seen);
	case DNS_TXT:
		buf_add(p->found, judge_clean(rr->txt.text, p->m->arena));
		if (r->purpose == RECORD_MAIL_FROM_SPF)
			return judge_spf(rr->txt.text,
					 span_of(p->m->seen->set->service_zone),
					 p->m->arena) == JUDGE_SPF_OK;
		if (r->purpose == RECORD_DMARC)
			return policy_is_dmarc(rr->txt.text);
		return judge_key(rr->txt.text, judge_tag(value, SPAN("p")));
	default:
		return false;
	}
}

/* The wanted record itself is there. */
static bool
proves_wanted(const struct proof *p)
{
	for (size_t i = 0; i < p->answer->len; i++) {
		buf_clear(p->found);
		if (is_wanted(p, &p->answer->rr[i]))
			return true;
	}
	return false;
}

/* A CNAME that leads to the name it should be at. */
static bool
proves_swapped(const struct proof *p)
{
	struct dname_text text;
	struct span target;

	if (p->answer->len == 0)
		return false;
	target = dname_print(&p->answer->rr[0].target, &text);
	buf_add(p->found, target);
	return span_starts_nocase(target, span_of(p->o->want->name));
}

/* Any record at all of the type asked. */
static bool
proves_any(const struct proof *p)
{
	struct dname_text text;

	if (p->answer->status != DNS_OK || p->answer->len == 0)
		return false;
	if (p->answer->rr[0].type == DNS_NS)
		buf_add(p->found, dname_print(&p->answer->rr[0].target, &text));
	return true;
}

static bool
is_cloudflare(const uint8_t a[4])
{
	return (a[0] == 104 && a[1] >= 16 && a[1] <= 31) ||
	       (a[0] == 172 && a[1] >= 64 && a[1] <= 71) ||
	       (a[0] == 188 && a[1] == 114 && a[2] >= 96 && a[2] <= 111);
}

/* An address out of Cloudflare's networks in place of a CNAME. */
static bool
proves_proxied(const struct proof *p)
{
	for (size_t i = 0; i < p->answer->len; i++) {
		const uint8_t *a = p->answer->rr[i].a;

		if (p->answer->rr[i].type != DNS_A || !is_cloudflare(a))
			continue;
		buf_addf(p->found, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
		return true;
	}
	return false;
}

/* A TXT with a key in place of a CNAME: the one behind the token? */
static bool
proves_copied(const struct proof *p)
{
	const struct observed_answer *there = &p->o->text;
	struct span key;

	if (there->count != 1 || there->alias.len > 0 ||
	    !judge_key(there->value[0], SPAN("")))
		return false;
	buf_add(p->found, judge_clean(there->value[0], p->m->arena));
	if (p->answer->status != DNS_OK || p->answer->len != 1)
		return true; /* it looks like it, and nothing else is known */
	key = judge_tag(p->answer->rr[0].txt.text, SPAN("p"));
	return key.len == 0 || judge_key(there->value[0], key);
}

/* A TXT that is neither a host's name nor that key. */
static bool
proves_other_text(const struct proof *p)
{
	if (p->o->text.count == 0 || p->o->text.alias.len > 0)
		return false;
	buf_add(p->found, judge_clean(p->o->text.value[0], p->m->arena));
	return true;
}

/* The target answers, while the same question through the CNAME failed. */
static bool
proves_txt_fails(const struct proof *p)
{
	return p->answer->status == DNS_OK;
}

/* A name that nobody publishes has the same text as the record's name. */
static bool
proves_wildcard_text(const struct proof *p)
{
	if (p->o->main.len == 0 || p->answer->len == 0 ||
	    !span_equal(p->answer->rr[0].txt.text, p->o->main.value[0]))
		return false;
	buf_add(p->found, judge_clean(p->o->main.value[0], p->m->arena));
	return true;
}

/* ---- where to look, the most specific cause first ---- */

static const struct probe table[] = {
	{DIAGNOSE_DKIM_TXT_FAILS, 0, "{v}", DNS_TXT, proves_txt_fails},
	{DIAGNOSE_DKIM_KEY_COPIED, KIND_CNAME, "{v}", DNS_TXT, proves_copied},
	{DIAGNOSE_CNAME_WRONG_TYPE, KIND_CNAME, "{v}", DNS_TXT,
	 proves_other_text},
	{DIAGNOSE_NAME_DOUBLED, KIND_ALL, "{p}.{d}.{z}", 0, proves_wanted},
	{DIAGNOSE_NAME_DOUBLED, KIND_ALL, "{p}.{d}.{d}", 0, proves_wanted},
	{DIAGNOSE_NAME_TOO_HIGH, KIND_ALL, "{p}.{u}", 0, proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DKIM, "{t}.domainkey.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DKIM, "{t}.-domainkey.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DKIM, "{t}._domainkeys.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DMARC, "dmarc.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DMARC, "__dmarc.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DMARC, "_dmarc_.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_MISSING, KIND_DMARC, "-dmarc.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_EXTRA, KIND_DKIM, "_{t}._domainkey.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_UNDERSCORE_EXTRA, KIND_DKIM, "{t}_domainkey.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_SWAPPED, KIND_CNAME, "{v}.{z}", DNS_CNAME,
	 proves_swapped},
	{DIAGNOSE_NAME_SWAPPED, KIND_CNAME, "{v}.{d}", DNS_CNAME,
	 proves_swapped},
	{DIAGNOSE_NAME_AT_APEX, KIND_KEY | KIND_DMARC, "{d}", DNS_TXT,
	 proves_wanted},
	{DIAGNOSE_NAME_ODD_CHARACTER, KIND_ALL, "{t}\\032.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_ODD_CHARACTER, KIND_ALL, "\\032{t}.{x}", 0,
	 proves_wanted},
	{DIAGNOSE_NAME_ODD_CHARACTER, KIND_DKIM, "{t}._domainkey\\032.{d}", 0,
	 proves_wanted},
	{DIAGNOSE_CNAME_PROXIED, KIND_CNAME, "{p}.{d}", DNS_A, proves_proxied},
	{DIAGNOSE_MX_AT_APEX, KIND_MX, "{d}", DNS_MX, proves_wanted},
	{DIAGNOSE_SPF_TYPE99, KIND_SPF, "{p}.{d}", DNS_SPF, proves_any},
	{DIAGNOSE_SPF_WRONG_NAME, KIND_SPF, "{d}", DNS_TXT, proves_wanted},
	{DIAGNOSE_DMARC_WILDCARD, KIND_DMARC, "_dmarc.{n}.{d}", DNS_TXT,
	 proves_wildcard_text},
	{DIAGNOSE_DMARC_WRONG_NAME, KIND_DMARC, "_dmarc.www.{x}", DNS_TXT,
	 proves_wanted},
	{DIAGNOSE_ZONE_OCCLUDED, KIND_DKIM, "_domainkey.{d}", DNS_NS,
	 proves_any},
	{DIAGNOSE_ZONE_OCCLUDED, KIND_MAIL_FROM, "{p}.{d}", DNS_NS, proves_any},
};

static unsigned
kind_of(const struct record *r)
{
	switch (r->purpose) {
	case RECORD_DKIM:
		return r->type == DNS_CNAME ? KIND_CNAME : KIND_KEY;
	case RECORD_MAIL_FROM_MX:
		return KIND_MX;
	case RECORD_MAIL_FROM_SPF:
		return KIND_SPF;
	case RECORD_DMARC:
		return KIND_DMARC;
	}
	return 0;
}

/* The record's name without its domain; "" if it is not below it. */
static struct span
prefix_of(const struct record *r, const struct record_set *set)
{
	struct span name = span_of(r->name), domain = span_of(set->domain);

	if (name.len <= domain.len + 1 ||
	    !span_equal_nocase(span_skip(name, name.len - domain.len), domain))
		return SPAN("");
	return span_sub(name, 0, name.len - domain.len - 1);
}

/*
 * The name above the domain that may be the zone's too; "" if there is none:
 * the domain is a zone's apex, or what is above it is nobody's.
 */
static struct span
above(const struct probes *m, struct span prefix)
{
	struct span domain = span_of(m->seen->set->domain);
	struct span zone = m->seen->zone;

	if (span_equal_nocase(zone, domain) ||
	    span_equal_nocase(prefix, SPAN("_dmarc")))
		return SPAN(""); /* that is the parent's own DMARC record */
	(void)span_cut(&domain, '.');
	if (span_find(domain, '.') == SPAN_NONE || domain.len < zone.len)
		return SPAN("");
	return domain;
}

/* Appends what the letter stands for; false if that is nothing. */
static bool
fill(const struct probes *m, const struct record *r, char letter,
     struct buf *to)
{
	struct span name = span_of(r->name);
	struct span prefix = prefix_of(r, m->seen->set);
	struct span label = span_cut(&name, '.'); /* name is what follows */
	struct span part = SPAN("");

	switch (letter) {
	case 'p':
		part = prefix;
		break;
	case 't':
		part = label;
		break;
	case 'x':
		part = name;
		break;
	case 'd':
		part = span_of(m->seen->set->domain);
		break;
	case 'u':
		part = above(m, prefix);
		break;
	case 'v':
		part = span_of(r->value);
		break;
	case 'z':
		part = m->seen->zone;
		break;
	case 'n':
		part = m->nonce;
		break;
	default:
		assert(false && "a letter of a probe's name");
	}
	return part.len > 0 && buf_add(to, part);
}

/* Appends the name of a probe; false if it does not apply. */
static bool
make_name(const struct probes *m, const struct record *r, const char *pattern,
	  struct buf *to)
{
	struct span rest = span_of(pattern);

	while (rest.len > 0) {
		buf_add(to, span_cut(&rest, '{'));
		if (rest.len > 0 &&
		    !fill(m, r, span_cut(&rest, '}').ptr[0], to))
			return false;
	}
	return !to->full;
}

bool
probes_txt_failed(const struct observed *o)
{
	return o->status == OBSERVED_MATCH && o->want->type == DNS_CNAME &&
	       o->text.asked && dns_is_error(o->text.dns);
}

static bool
applies(const struct probe *probe, const struct observed *o)
{
	if (probes_txt_failed(o))
		return probe->code == DIAGNOSE_DKIM_TXT_FAILS;
	if ((probe->kinds & kind_of(o->want)) == 0)
		return false;
	if (probe->proves == proves_copied ||
	    probe->proves == proves_other_text)
		return o->text.count > 0;
	if (probe->proves == proves_wildcard_text)
		return o->main.count > 0;
	return true;
}

bool
probes_question(const struct probes *m, const struct observed *o, size_t *at,
		struct dns_question *ret, struct span *ret_name)
{
	for (; *at < COUNT(table); (*at)++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT(DNAME_TEXT_MAX);
		const struct probe *probe = &table[*at];

		if (!applies(probe, o) ||
		    !make_name(m, o->want, probe->name, &name) ||
		    dname_parse(buf_span(&name), &ret->name) != DNAME_OK)
			continue;
		ret->type = probe->type != 0 ? probe->type
					     : (uint16_t)o->want->type;
		*ret_name = arena_copy(m->arena, buf_span(&name));
		return true;
	}
	return false;
}

enum diagnose_code
probes_prove(const struct probes *m, const struct observed *o, size_t at,
	     const struct dns_answer *answer, struct span *ret_found)
{
	CLEANUP(buf_release) struct buf found = BUF_INIT(4096);
	struct proof proof = {m, o, answer, &found};

	if (!table[at].proves(&proof))
		return DIAGNOSE_OK;
	*ret_found = arena_copy(m->arena, buf_span(&found));
	return table[at].code;
}

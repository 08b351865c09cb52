/* SPDX-License-Identifier: Apache-2.0 */
/* The list of findings, and what the text of one record has to find. */
#include <stdio.h>

#include "mailauth/spf_lint.h"
#include "mailauth/spf_macro.h"

/* Prefixes up to these are wide: an old class A; what a registry gives. */
#define WIDE4 8
#define WIDE6 20

static const struct lint {
	const char *name;
	enum spf_lint_severity severity;
	const char *what;
	const char *repair;
} lints[] = {
#define LINT(code, name, severity, what, repair)                               \
	[SPF_LINT_##code] = {name, SPF_LINT_##severity, what, repair},
#include "mailauth/spf_lint.def"
#undef LINT
};

void
spf_findings_init(struct spf_findings *f)
{
	f->len = f->more = 0;
	f->worst = SPF_LINT_NOTE;
	f->domain = SPAN("");
	f->foreign = false;
}

/* Appends a finding, if it is for this list. */
static void
add(struct spf_findings *f, const struct spf_finding *finding)
{
	enum spf_lint_severity severity = lints[finding->code].severity;

	if (f->foreign && severity != SPF_LINT_ERROR &&
	    finding->code != SPF_LINT_PTR && finding->code != SPF_LINT_VOID &&
	    finding->code != SPF_LINT_DNS && finding->code != SPF_LINT_TWICE)
		return;
	if (severity > f->worst)
		f->worst = severity;
	if (f->len == SPF_FINDINGS_MAX)
		f->more++;
	else
		f->finding[f->len++] = *finding;
}

void
spf_findings_add(struct spf_findings *f, enum spf_lint_code code,
		 struct span record, struct span term, size_t number)
{
	struct spf_finding finding = {
		.code = code,
		.domain = f->domain,
		.term = term,
		.number = number,
	};

	if (term.len > 0)
		finding.offset = (size_t)(term.ptr - record.ptr);
	add(f, &finding);
}

bool
spf_findings_has(const struct spf_findings *f, enum spf_lint_code code)
{
	for (size_t i = 0; i < f->len; i++)
		if (f->finding[i].code == code)
			return true;
	return false;
}

size_t
spf_findings_count(const struct spf_findings *f,
		   enum spf_lint_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < f->len; i++)
		n += lints[f->finding[i].code].severity == severity;
	return n;
}

const char *
spf_lint_name(enum spf_lint_code code)
{
	return lints[code].name;
}

enum spf_lint_severity
spf_lint_severity_of(enum spf_lint_code code)
{
	return lints[code].severity;
}

const char *
spf_lint_severity_name(enum spf_lint_severity severity)
{
	static const char *const text[] = {
		[SPF_LINT_NOTE] = "note",
		[SPF_LINT_WARNING] = "warning",
		[SPF_LINT_ERROR] = "error",
	};
	return text[severity];
}

struct spf_lint_text
spf_lint_what(const struct spf_finding *finding)
{
	struct span what = span_of(lints[finding->code].what);
	size_t hash = span_find(what, '#');
	struct spf_lint_text text;

	if (hash == SPAN_NONE)
		snprintf(text.s, sizeof(text.s), "%s", what.ptr);
	else
		snprintf(text.s, sizeof(text.s), SPAN_FMT "%zu%s",
			 SPAN_ARG(span_head(what, hash)), finding->number,
			 what.ptr + hash + 1);
	return text;
}

const char *
spf_lint_repair(const struct spf_finding *finding)
{
	return lints[finding->code].repair;
}

/* A record as it is looked at. */
struct reading {
	struct span text;
	struct spf_findings *f;
	struct spf_term term[SPF_TERMS_MAX]; /* those that are well formed */
	size_t len;                          /* of term */
	size_t lookups;                      /* that they need */
	bool all;                            /* there is an "all" */
	bool modifier;                       /* there is a modifier, */
	bool told;     /* and it was told that it stands too early */
	bool capitals; /* it was told that there are capital letters */
	bool redirect; /* there is a redirect= */
	bool exp;      /* and an exp= */
};

static void
find(struct reading *r, enum spf_lint_code code, struct span term, size_t n)
{
	spf_findings_add(r->f, code, r->text, term, n);
}

static bool
has_capital(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != span_lower(s.ptr[i]))
			return true;
	return false;
}

/* The name of the mechanism or modifier of a term. */
static struct span
name_of(struct span s)
{
	size_t n = 0;

	if (s.len > 0 && strchr("+-~?", s.ptr[0]) != NULL)
		s = span_skip(s, 1);
	while (n < s.len && strchr(":/=", s.ptr[n]) == NULL)
		n++;
	return span_head(s, n);
}

static void
check_modifier(struct reading *r, struct span s, const struct spf_term *t)
{
	bool *seen = t->kind == SPF_REDIRECT ? &r->redirect : &r->exp;
	struct span name = name_of(s);

	r->modifier = true;
	if (t->kind != SPF_UNKNOWN) {
		if (*seen)
			find(r, SPF_LINT_DUPLICATE_MODIFIER, s, 0);
		*seen = true;
		return;
	}
	for (enum spf_kind kind = SPF_ALL; kind < SPF_REDIRECT; kind++)
		if (span_equal_nocase(name, span_of(spf_kind_name(kind)))) {
			find(r, SPF_LINT_EQUALS_SIGN, s, 0);
			return;
		}
	find(r, SPF_LINT_UNKNOWN_MODIFIER, s, 0);
}

/* Networks that are not routed: RFC 1918, RFC 6598, loop back, link local. */
static bool
is_private(const struct spf_term *t)
{
	static const struct {
		uint32_t net, mask;
	} private[] = {
		{0x0a000000, 0xff000000}, {0x64400000, 0xffc00000},
		{0x7f000000, 0xff000000}, {0xa9fe0000, 0xffff0000},
		{0xac100000, 0xfff00000}, {0xc0a80000, 0xffff0000},
	};

	if (t->kind == SPF_IP6) /* RFC 4193, link local */
		return t->prefix6 >= 10 && ((t->net6[0] >> 57) == 0xfc >> 1 ||
					    (t->net6[0] >> 54) == 0xfe80 >> 6);
	for (size_t i = 0; i < COUNT(private); i++)
		if ((t->net4 & private[i].mask) == private[i].net &&
		    (t->mask4 & private[i].mask) == private[i].mask)
			return true;
	return false;
}

static bool
has_host_bits(const struct spf_term *t)
{
	if (t->kind == SPF_IP4)
		return (t->net4 & ~t->mask4) != 0;
	return (t->net6[0] & ~spf_ip_mask64(t->prefix6)) != 0 ||
	       (t->net6[1] &
		~spf_ip_mask64(t->prefix6 > 64 ? t->prefix6 - 64u : 0)) != 0;
}

/* The prefixes of ip4, ip6, a and mx. */
static void
check_network(struct reading *r, struct span s, const struct spf_term *t)
{
	bool v4 = t->kind != SPF_IP6 && t->prefix4 <= WIDE4;
	bool v6 = t->kind != SPF_IP4 && t->prefix6 <= WIDE6;
	bool address = t->kind == SPF_IP4 || t->kind == SPF_IP6;

	if ((v4 && t->prefix4 == 0) || (v6 && t->prefix6 == 0))
		find(r, SPF_LINT_EVERYBODY, s, 0);
	else if (address && is_private(t))
		find(r, SPF_LINT_PRIVATE, s, 0);
	else if (v4 || v6)
		find(r, SPF_LINT_WIDE, s, v4 ? t->prefix4 : t->prefix6);
	if (address && has_host_bits(t))
		find(r, SPF_LINT_HOST_BITS, s, 0);
}

/* Whether `text` uses a macro of `letters`. */
static bool
uses_any(struct span text, const char *letters)
{
	for (; *letters != '\0'; letters++)
		if (spf_macro_uses(text, *letters))
			return true;
	return false;
}

static void
check_macros(struct reading *r, struct span s, const struct spf_term *t)
{
	struct span spec = span_sub(r->text, t->domain_at,
				    t->domain_at + (size_t)t->domain_len);

	if (t->kind == SPF_EXISTS && (t->uses & SPF_USES_MACRO) == 0)
		find(r, SPF_LINT_EXISTS_FIXED, s, 0);
	if ((t->uses & SPF_USES_P) != 0)
		find(r, SPF_LINT_MACRO_P, s, 0);
	if (t->kind != SPF_EXISTS && t->kind != SPF_EXP &&
	    uses_any(spec, "slh"))
		find(r, SPF_LINT_MACRO_PLACE, s, 0);
}

/* Whether the network `a` holds all of `b`. */
static bool
holds(const struct spf_term *a, const struct spf_term *b)
{
	uint64_t low = spf_ip_mask64(a->prefix6 > 64 ? a->prefix6 - 64u : 0);

	if (a->kind != b->kind || a->prefix4 > b->prefix4 ||
	    a->prefix6 > b->prefix6)
		return false;
	if (a->kind == SPF_IP4)
		return ((a->net4 ^ b->net4) & a->mask4) == 0;
	return a->kind == SPF_IP6 &&
	       ((a->net6[0] ^ b->net6[0]) & spf_ip_mask64(a->prefix6)) == 0 &&
	       ((a->net6[1] ^ b->net6[1]) & low) == 0;
}

/* The term without the "+" that means nothing. */
static struct span
plain(const struct reading *r, const struct spf_term *t)
{
	struct span s = span_sub(r->text, t->at, t->at + (size_t)t->len);

	return s.ptr[0] == '+' ? span_skip(s, 1) : s;
}

/* Compares a term with those before it. */
static void
check_earlier(struct reading *r, struct span s, const struct spf_term *t)
{
	struct span mine = plain(r, t);

	if (t->kind >= SPF_REDIRECT)
		return;
	for (size_t i = 0; i < r->len; i++) {
		if (span_equal_nocase(plain(r, &r->term[i]), mine)) {
			find(r, SPF_LINT_DUPLICATE, s, 0);
			return;
		}
		if (holds(&r->term[i], t)) {
			find(r, SPF_LINT_COVERED, s, 0);
			return;
		}
	}
}

static void
check_kind(struct reading *r, struct span s, const struct spf_term *t)
{
	switch (t->kind) {
	case SPF_ALL:
		if (!r->all && t->qualifier == '+')
			find(r, SPF_LINT_PASS_ALL, s, 0);
		if (!r->all && t->qualifier == '?')
			find(r, SPF_LINT_NEUTRAL_ALL, s, 0);
		break;
	case SPF_PTR:
		find(r, SPF_LINT_PTR, s, 0);
		break;
	case SPF_A:
	case SPF_MX:
	case SPF_IP4:
	case SPF_IP6:
		check_network(r, s, t);
		break;
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		check_modifier(r, s, t);
		break;
	case SPF_INCLUDE:
	case SPF_EXISTS:
		break;
	}
	if (t->domain_len > 0)
		check_macros(r, s, t);
}

static bool
is_lookup(enum spf_kind kind)
{
	return kind == SPF_INCLUDE || kind == SPF_A || kind == SPF_MX ||
	       kind == SPF_PTR || kind == SPF_EXISTS;
}

/* What is said once of all terms: where it stands, and how it is written. */
static void
check_form(struct reading *r, struct span s, const struct spf_term *t)
{
	if (t->kind < SPF_REDIRECT && r->modifier && !r->told) {
		find(r, SPF_LINT_MODIFIER_PLACE, s, 0);
		r->told = true;
	}
	if (!r->capitals && has_capital(name_of(s))) {
		find(r, SPF_LINT_UPPERCASE, s, 0);
		r->capitals = true;
	}
}

/* Looks at one term, which is a well-formed one or is told not to be. */
static void
check_term(struct reading *r, struct span s)
{
	struct spf_term *t = &r->term[r->len];
	enum spf_record_status status = spf_term_parse(s, t);
	struct spf_finding fault = {
		.code = SPF_LINT_SYNTAX,
		.domain = r->f->domain,
		.term = s,
		.offset = (size_t)(s.ptr - r->text.ptr),
		.syntax = status,
	};

	t->at = (uint16_t)fault.offset;
	t->domain_at = (uint16_t)(t->domain_at + t->at);
	if (t->kind >= SPF_REDIRECT && status != SPF_RECORD_OK &&
	    span_find(s, '=') == SPAN_NONE)
		t->kind = SPF_ALL; /* no mechanism of that name: no modifier */
	check_form(r, s, t);
	if (status != SPF_RECORD_OK) {
		add(r->f, &fault);
		if (t->kind >= SPF_REDIRECT && t->kind != SPF_UNKNOWN)
			check_modifier(r, s, t);
		return;
	}
	if (r->all && t->kind < SPF_REDIRECT)
		find(r, SPF_LINT_BEHIND_ALL, s, 0);
	check_kind(r, s, t);
	check_earlier(r, s, t);
	r->lookups += is_lookup(t->kind) && !r->all;
	r->all = r->all || t->kind == SPF_ALL;
	r->len++;
}

/* What there is to say when all terms are known. */
static void
check_end(struct reading *r)
{
	struct span redirect = SPAN("");

	for (size_t i = 0; i < r->len; i++)
		if (r->term[i].kind == SPF_REDIRECT)
			redirect = plain(r, &r->term[i]);
	if (r->all && redirect.len > 0)
		find(r, SPF_LINT_REDIRECT_ALL, redirect, 0);
	if (!r->all && !r->redirect)
		find(r, SPF_LINT_NO_ALL, SPAN(""), 0);
	r->lookups += !r->all && r->redirect;
	/* with a domain it is counted over the tree */
	if (r->lookups > SPF_LOOKUPS_MAX && r->f->domain.len == 0)
		find(r, SPF_LINT_LOOKUPS, SPAN(""), r->lookups);
}

void
spf_lint_record(struct span text, struct spf_findings *f)
{
	UNINITIALIZED struct reading r;
	struct span rest = span_skip(text, strlen("v=spf1")), s;
	size_t terms = 0;

	memset(&r, 0, offsetof(struct reading, term));
	r.text = text;
	r.f = f;
	r.len = r.lookups = 0;
	r.all = r.modifier = r.told = r.redirect = r.exp = false;
	r.capitals = false;
	if (!spf_record_is(text)) {
		find(&r,
		     span_starts_nocase(text, SPAN("v=spf1")) && text.len > 6 &&
				     text.ptr[6] != '0'
			     ? SPF_LINT_NO_SPACE
			     : SPF_LINT_NOT_SPF,
		     SPAN(""), 0);
		return;
	}
	if (text.len > SPF_TEXT_MAX) {
		find(&r, SPF_LINT_TOO_LONG, SPAN(""), text.len);
		return;
	}
	if (text.len > SPF_LINT_LONG_MAX)
		find(&r, SPF_LINT_LONG, SPAN(""), text.len);
	else if (text.len > 255)
		find(&r, SPF_LINT_STRING, SPAN(""), text.len);
	if (has_capital(span_head(text, 6))) {
		find(&r, SPF_LINT_UPPERCASE, span_head(text, 6), 0);
		r.capitals = true;
	}
	while (rest.len > 0) {
		s = span_cut(&rest, ' ');
		if (s.len > 0 && ++terms <= SPF_TERMS_MAX)
			check_term(&r, s);
	}
	if (terms > SPF_TERMS_MAX)
		find(&r, SPF_LINT_TOO_MANY_TERMS, SPAN(""), terms);
	check_end(&r);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/findings.h"
#include "identity/judge.h"
#include "identity/policy.h"
#include "identity/token.h"
#include "mailauth/spf_record.h"

/* A record under examination. */
struct exam {
	struct diagnosis *to;
	const struct observation *seen;
	const struct observed *o;
	struct arena *arena;
};

/* Adds a finding about the record; it has found `found`. */
static enum diagnose_code
say(const struct exam *e, enum diagnose_code code, struct span found)
{
	struct finding_facts facts = {e->o, SPAN(""),
				      judge_clean(found, e->arena), SPAN("")};

	findings_add(e->to, e->seen, code, &facts, e->arena);
	return DIAGNOSE_OK;
}

/* As say(), of what was found as the observation puts it. */
static enum diagnose_code
say_found(const struct exam *e, enum diagnose_code code)
{
	struct finding_facts facts = {e->o, SPAN(""), e->o->found, SPAN("")};

	findings_add(e->to, e->seen, code, &facts, e->arena);
	return DIAGNOSE_OK;
}

static bool
has_odd_byte(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return true;
	return false;
}

/* Whether `part` is in `s`, whatever the case of its letters. */
static bool
has(struct span s, const char *part)
{
	struct span wanted = span_of(part);

	for (; s.len >= wanted.len; s = span_skip(s, 1))
		if (span_starts_nocase(s, wanted))
			return true;
	return false;
}

/* Whether a target is no host name: letters, digits, hyphens, "_" and dots. */
static bool
is_malformed(struct span target)
{
	for (size_t i = 0; i < target.len; i++) {
		char c = span_lower(target.ptr[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_' && c != '.')
			return true;
	}
	return false;
}

static bool
any_dkim_is_there(const struct observation *seen)
{
	for (size_t i = 0; i < seen->len; i++)
		if (seen->record[i].want->purpose == RECORD_DKIM &&
		    seen->record[i].main.count > 0)
			return true;
	return false;
}

/* Whether a target differs by its token alone, and that is none of ours. */
static bool
has_other_token(const struct exam *e, struct span target)
{
	struct span value = span_of(e->o->want->value);
	struct span token = span_cut(&target, '.');
	struct span own = span_cut(&value, '.');

	if (!token_is(token) || !token_is(own) ||
	    !span_equal_nocase(target, value))
		return false;
	for (size_t i = 0; i < e->seen->len; i++) {
		struct span other = span_of(e->seen->record[i].want->value);

		if (span_equal_nocase(span_cut(&other, '.'), token))
			return false;
	}
	return true;
}

static enum diagnose_code
examine_cname(const struct exam *e)
{
	const struct observed *o = e->o;
	struct span value = span_of(o->want->value), target;

	if (o->main.count > 0 && o->text.count > 0 && o->text.alias.len == 0)
		return say(e, DIAGNOSE_CNAME_OTHER_DATA, o->text.value[0]);
	if (o->status == OBSERVED_MATCH)
		return DIAGNOSE_OK;
	if (o->status == OBSERVED_ABSENT) {
		if (o->text.count > 0 && o->text.alias.len == 0 &&
		    !judge_key(o->text.value[0], SPAN("")))
			return say(e, DIAGNOSE_CNAME_WRONG_TYPE,
				   o->text.value[0]);
		return any_dkim_is_there(e->seen) ? DIAGNOSE_DKIM_SOME_MISSING
						  : DIAGNOSE_RECORD_MISSING;
	}
	if (o->main.count > 1)
		return say_found(e, DIAGNOSE_CNAME_TWO);
	target = o->main.value[0];
	if (span_equal_nocase(target, span_of(o->want->name)))
		return say(e, DIAGNOSE_CNAME_LOOP, target);
	if (is_malformed(target))
		return say(e, DIAGNOSE_CNAME_TARGET_MALFORMED, target);
	if (findings_is_doubled(target, value, e->seen))
		return say(e, DIAGNOSE_CNAME_TARGET_DOUBLED, target);
	if (has_other_token(e, target))
		return say(e, DIAGNOSE_DKIM_OTHER_TOKENS, target);
	return say(e, DIAGNOSE_CNAME_TARGET_WRONG, target);
}

/* A BYODKIM key that is there and not right. */
static enum diagnose_code
examine_key(const struct exam *e)
{
	const struct observed *o = e->o;
	struct span want = judge_tag(span_of(o->want->value), SPAN("p"));
	struct span text, p;

	if (o->status == OBSERVED_MATCH)
		return DIAGNOSE_OK;
	if (o->status == OBSERVED_ABSENT)
		return DIAGNOSE_RECORD_MISSING;
	if (o->main.count > 1)
		return say_found(e, DIAGNOSE_KEY_TWO);
	text = o->main.value[0];
	p = judge_tag(text, SPAN("p"));
	if (has(text, "PRIVATE KEY"))
		return say(e, DIAGNOSE_KEY_PRIVATE, SPAN(""));
	if (has(text, "\\;"))
		return say(e, DIAGNOSE_KEY_ESCAPED, text);
	if (has(text, "\""))
		return say(e, DIAGNOSE_KEY_QUOTES, text);
	if (p.len > 0 && span_equal_nocase(p, want))
		return say(e, DIAGNOSE_VALUE_CASE, text);
	if (p.len > 0 && p.len < want.len && span_starts(want, p))
		return say(e, DIAGNOSE_KEY_TRUNCATED, text);
	return say(e, DIAGNOSE_KEY_UNUSABLE, text);
}

/* "10\032feedback-smtp...", "10" or "10feedback-smtp..." */
static bool
has_priority_inside(struct span target)
{
	size_t digits = 0;

	while (digits < target.len && target.ptr[digits] >= '0' &&
	       target.ptr[digits] <= '9')
		digits++;
	target = span_skip(target, digits);
	return digits > 0 &&
	       (target.len == 0 || span_starts(target, SPAN("\\032")) ||
		span_starts(target, SPAN(".feedback-smtp")) ||
		span_starts(target, SPAN("feedback-smtp")));
}

/* Four numbers and dots. */
static bool
is_ip_address(struct span target)
{
	size_t dots = 0;

	for (size_t i = 0; i < target.len; i++) {
		if (target.ptr[i] == '.')
			dots++;
		else if (target.ptr[i] < '0' || target.ptr[i] > '9')
			return false;
	}
	return dots == 3;
}

/* Whether a host is the service's, or one that guides misspell so. */
static bool
is_service_host(struct span target, const struct record_set *set)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(STORE_DOMAIN_SIZE);

	buf_addf(&zone, ".%s", set->service_zone);
	return (target.len > zone.len &&
		span_equal_nocase(span_skip(target, target.len - zone.len),
				  buf_span(&zone))) ||
	       has(target, ".amazonaws.com") || has(target, ".amazones.com") ||
	       has(target, ".amazonses.com");
}

static enum diagnose_code
code_of_mx(const struct exam *e, struct span target)
{
	struct span value = span_of(e->o->want->value);
	struct span rest = target;
	struct span zone = span_of(e->seen->set->service_zone);

	if (has_priority_inside(target))
		return DIAGNOSE_MX_PRIORITY_IN_VALUE;
	if (span_equal(target, SPAN(".")) || is_ip_address(target) ||
	    is_malformed(target))
		return DIAGNOSE_MX_UNUSABLE;
	if (findings_is_doubled(target, value, e->seen))
		return DIAGNOSE_MX_TARGET_DOUBLED;
	if (!is_service_host(target, e->seen->set))
		return DIAGNOSE_MX_OTHER_HOST;
	/* feedback-smtp.<something else>.<the service's zone> */
	if (span_equal_nocase(span_cut(&rest, '.'), SPAN("feedback-smtp")) &&
	    rest.len >= zone.len &&
	    span_equal_nocase(span_skip(rest, rest.len - zone.len), zone))
		return DIAGNOSE_MX_WRONG_REGION;
	return DIAGNOSE_MX_WRONG_SERVICE;
}

static enum diagnose_code
examine_mx(const struct exam *e)
{
	const struct observed *o = e->o;

	if (o->status == OBSERVED_MATCH)
		return DIAGNOSE_OK;
	if (o->main.alias.len > 0)
		return say(e, DIAGNOSE_CNAME_ON_MAIL_FROM, o->main.alias);
	if (o->status == OBSERVED_ABSENT)
		return DIAGNOSE_MX_MISSING;
	if (o->main.count > 1)
		return say_found(e, DIAGNOSE_MX_SEVERAL);
	return say(e, code_of_mx(e, o->main.target[0]), o->main.value[0]);
}

/* What a text that is no SPF record was meant to be; DIAGNOSE_OK: nothing. */
static enum diagnose_code
code_of_near_spf(struct span text)
{
	if (span_starts_nocase(text, SPAN("spf2.0/")))
		return DIAGNOSE_SPF_SENDER_ID;
	if (!has(text, "spf"))
		return DIAGNOSE_OK;
	if (span_starts(text, SPAN("\"")) || span_starts(text, SPAN("'")))
		return DIAGNOSE_SPF_QUOTES;
	if (has_odd_byte(text))
		return DIAGNOSE_SPF_ODD;
	return DIAGNOSE_SPF_VERSION;
}

/* Two terms without a space between: two strings were joined as they are. */
static bool
is_split_badly(struct span text)
{
	static const char *const end[] = {"~all", "-all", "?all", "+all"};

	while (text.len > 0) {
		struct span term = span_cut(&text, ' ');

		if (has(span_skip(term, 2), "include:") ||
		    has(span_skip(term, 2), "redirect="))
			return true;
		for (size_t i = 0; i < COUNT(end); i++)
			if (term.len > 4 &&
			    span_equal_nocase(span_skip(term, term.len - 4),
					      span_of(end[i])))
				return true;
	}
	return false;
}

/* +all, ptr, terms behind all, or no end at all. */
static bool
is_weak(struct span text, struct arena *arena)
{
	struct spf_record record;
	struct span fault;
	bool all = false;

	if (spf_record_parse(text, arena, &record, &fault) != SPF_RECORD_OK)
		return false;
	for (size_t i = 0; i < record.len; i++) {
		const struct spf_term *term = &record.term[i];

		if (term->kind == SPF_REDIRECT || term->kind == SPF_EXP ||
		    term->kind == SPF_UNKNOWN)
			continue;
		if (all || term->kind == SPF_PTR ||
		    (term->kind == SPF_ALL &&
		     (term->qualifier == '+' || term->qualifier == '?')))
			return true;
		all = term->kind == SPF_ALL;
	}
	return !all && record.redirect < 0;
}

/* The SPF record among the values, or "". */
static struct span
find_spf(const struct observed *o)
{
	for (size_t i = 0; i < o->main.len; i++)
		if (spf_record_is(o->main.value[i]))
			return o->main.value[i];
	return SPAN("");
}

static size_t
count_spf(const struct observed *o)
{
	size_t count = 0;

	for (size_t i = 0; i < o->main.len; i++)
		count += spf_record_is(o->main.value[i]);
	return count;
}

static enum diagnose_code
examine_spf(const struct exam *e)
{
	const struct observed *o = e->o;
	struct span zone = span_of(e->seen->set->service_zone);
	struct span text = find_spf(o);

	if (o->status == OBSERVED_MATCH)
		return is_weak(text, e->arena) ? say(e, DIAGNOSE_SPF_WEAK, text)
					       : DIAGNOSE_OK;
	if (o->main.alias.len > 0)
		return say(e, DIAGNOSE_CNAME_ON_MAIL_FROM, o->main.alias);
	for (size_t i = 0; o->status == OBSERVED_ABSENT && i < o->main.len;
	     i++) {
		enum diagnose_code code = code_of_near_spf(o->main.value[i]);

		if (code != DIAGNOSE_OK)
			return say(e, code, o->main.value[i]);
	}
	if (o->status == OBSERVED_ABSENT)
		return DIAGNOSE_SPF_MISSING;
	if (count_spf(o) > 1)
		return say_found(e, DIAGNOSE_SPF_TWO);
	if (has_odd_byte(text))
		return say(e, DIAGNOSE_SPF_ODD, text);
	if (is_split_badly(text))
		return say(e, DIAGNOSE_SPF_SPLIT, text);
	if (judge_spf(text, zone, e->arena) == JUDGE_SPF_SYNTAX)
		return say(e, DIAGNOSE_SPF_SYNTAX, text);
	return say(e, DIAGNOSE_SPF_INCLUDE, text);
}

/* Whether a policy's value has swallowed what a ";" should have cut off. */
static bool
lacks_separator(struct span text)
{
	struct span p = judge_tag(text, SPAN("p"));

	return has_odd_byte(p) || has(p, ",") || has(p, " ") || has(p, ":");
}

static bool
is_good_rua(struct span uris)
{
	while (uris.len > 0) {
		struct span uri = span_trim(span_cut(&uris, ','));

		if (!span_starts_nocase(uri, SPAN("mailto:")) ||
		    span_find(uri, '@') == SPAN_NONE ||
		    span_find(uri, ' ') != SPAN_NONE ||
		    span_find(uri, '/') != SPAN_NONE)
			return false;
	}
	return true;
}

/* A DMARC record that counts: what could be better about it. */
static enum diagnose_code
examine_good_dmarc(const struct exam *e, struct span text)
{
	static const char *const obsolete[] = {"pct", "rf", "ri"};
	const struct record_set *set = e->seen->set;
	struct span rua = judge_tag(text, SPAN("rua"));

	if (has(text, "rua") && (rua.len == 0 || !is_good_rua(rua)))
		say(e, DIAGNOSE_DMARC_RUA, text);
	for (size_t i = 0; i < COUNT(obsolete); i++)
		if (judge_tag(text, span_of(obsolete[i])).len > 0) {
			say(e, DIAGNOSE_DMARC_OBSOLETE, text);
			break;
		}
	if (set->mail_from[0] != '\0' &&
	    span_equal_nocase(judge_tag(text, SPAN("aspf")), SPAN("s")))
		say(e, DIAGNOSE_DMARC_STRICT, text);
	if (e->o->main.alias.len > 0)
		say(e, DIAGNOSE_DMARC_ALIAS, e->o->main.alias);
	if (span_equal(policy_of(text), SPAN("none")))
		say(e, DIAGNOSE_DMARC_NONE, text);
	return DIAGNOSE_OK;
}

/* What a text that is no DMARC record was meant to be. */
static enum diagnose_code
code_of_near_dmarc(struct span text)
{
	if (!has(text, "dmarc"))
		return DIAGNOSE_OK;
	return span_starts(text, SPAN("v=DMARC1")) ? DIAGNOSE_DMARC_SEPARATORS
						   : DIAGNOSE_DMARC_VERSION;
}

static enum diagnose_code
examine_dmarc(const struct exam *e)
{
	const struct observed *o = e->o;
	struct span text = SPAN("");
	size_t count = 0;

	for (size_t i = 0; i < o->main.len; i++) {
		enum diagnose_code code = code_of_near_dmarc(o->main.value[i]);

		if (policy_is_dmarc(o->main.value[i])) {
			text = o->main.value[i];
			count++;
		} else if (o->status == OBSERVED_ABSENT &&
			   code != DIAGNOSE_OK) {
			return say(e, code, o->main.value[i]);
		}
	}
	if (o->status == OBSERVED_MATCH)
		return examine_good_dmarc(e, text);
	if (o->status == OBSERVED_ABSENT)
		return DIAGNOSE_DMARC_MISSING;
	if (count > 1)
		return say_found(e, DIAGNOSE_DMARC_TWO);
	return say(e,
		   lacks_separator(text) ? DIAGNOSE_DMARC_SEPARATORS
					 : DIAGNOSE_DMARC_POLICY,
		   text);
}

enum diagnose_code
findings_of_record(struct diagnosis *to, const struct observation *seen,
		   const struct observed *o, struct arena *arena)
{
	struct exam e = {to, seen, o, arena};

	if (o->status == OBSERVED_NOT_ASKED)
		return DIAGNOSE_OK;
	if (o->status == OBSERVED_ERROR)
		return say(&e, DIAGNOSE_ZONE_UNREACHABLE, o->reason);
	switch (o->want->purpose) {
	case RECORD_DKIM:
		return o->want->type == DNS_CNAME ? examine_cname(&e)
						  : examine_key(&e);
	case RECORD_MAIL_FROM_MX:
		return examine_mx(&e);
	case RECORD_MAIL_FROM_SPF:
		return examine_spf(&e);
	case RECORD_DMARC:
		return examine_dmarc(&e);
	}
	return DIAGNOSE_OK;
}

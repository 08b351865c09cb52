/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/judge.h"

#include "identity/policy.h"
#include "mailauth/spf_record.h"

#define CLEAN_MAX 300 /* characters of one remote text for a person */

struct span
judge_clean(struct span text, struct arena *arena)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(CLEAN_MAX + 8);

	for (size_t i = 0; i < text.len && to.len < CLEAN_MAX; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= ' ' && c <= '~')
			buf_addc(&to, (char)c);
		else
			buf_addf(&to, "\\%03u", c);
	}
	if (to.len >= CLEAN_MAX)
		buf_adds(&to, " ...");
	return arena_copy(arena, buf_span(&to));
}

/* What an answer holds, for a person: each value, TXT in quotes. */
static struct span
format_found(const struct observed_answer *a, bool quote, struct arena *arena)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(1024);

	for (size_t i = 0; i < a->len; i++)
		buf_addf(&to, quote ? "%s\"" SPAN_FMT "\"" : "%s" SPAN_FMT,
			 i > 0 ? ", " : "",
			 SPAN_ARG(judge_clean(a->value[i], arena)));
	if (a->count > a->len)
		buf_addf(&to, " and %zu more", a->count - a->len);
	return arena_copy(arena, buf_span(&to));
}

struct span
judge_tag(struct span text, struct span name)
{
	while (text.len > 0) {
		struct span value = span_cut(&text, ';');
		struct span tag = span_cut(&value, '=');

		if (span_equal(span_trim(tag), name))
			return span_trim(value);
	}
	return SPAN("");
}

bool
judge_key(struct span text, struct span p)
{
	struct span got = judge_tag(text, SPAN("p"));
	size_t at = 0;

	if (p.len == 0)
		return got.len > 0;
	for (size_t i = 0; i < got.len; i++) {
		if (strchr(" \t\r\n", got.ptr[i]) != NULL)
			continue;
		if (at == p.len || p.ptr[at] != got.ptr[i])
			return false;
		at++;
	}
	return at == p.len;
}

enum judge_spf
judge_spf(struct span text, struct span zone, struct arena *arena)
{
	const struct spf_term *redirect;
	struct spf_record record;
	struct span fault;
	bool all = false, behind = false;

	if (!spf_record_is(text))
		return JUDGE_SPF_NOT;
	if (spf_record_parse(text, arena, &record, &fault) != SPF_RECORD_OK)
		return JUDGE_SPF_SYNTAX;
	for (size_t i = 0; i < record.len; i++) {
		const struct spf_term *term = &record.term[i];
		bool ours = span_equal_nocase(spf_term_domain(&record, term),
					      zone) &&
			    term->qualifier == '+';

		if (term->kind == SPF_ALL)
			all = true;
		else if (term->kind == SPF_INCLUDE && ours && !all)
			return JUDGE_SPF_OK;
		else if (term->kind == SPF_INCLUDE && ours)
			behind = true;
	}
	redirect = spf_record_redirect(&record);
	if (redirect != NULL && !all &&
	    span_equal_nocase(spf_term_domain(&record, redirect), zone))
		return JUDGE_SPF_OK;
	return behind ? JUDGE_SPF_BEHIND : JUDGE_SPF_LACKS;
}

static void
set(struct observed *o, enum observed_status status, struct span reason)
{
	o->status = status;
	o->reason = reason;
}

/* Gives a record whose question brought nothing of its type its status. */
static void
judge_nothing(struct observed *o)
{
	switch (o->main.dns) {
	case DNS_NXDOMAIN:
		set(o, OBSERVED_ABSENT, SPAN("the name does not exist"));
		break;
	case DNS_NODATA:
	case DNS_OK:
		set(o, OBSERVED_ABSENT,
		    SPAN("the name has no record of this type"));
		break;
	case DNS_SERVFAIL:
		set(o, OBSERVED_ERROR,
		    SPAN("the DNS servers failed to answer (SERVFAIL)"));
		break;
	case DNS_TIMEOUT:
		set(o, OBSERVED_ERROR, SPAN("no DNS server answered in time"));
		break;
	case DNS_BAD:
		set(o, OBSERVED_ERROR,
		    SPAN("the answer from DNS could not be used"));
		break;
	}
}

static void
judge_token_key(struct observed *o, const struct observe_want *want)
{
	const struct observed_answer *a = &o->text;
	struct span p = o->signs ? want->public_key : SPAN("");

	if (!a->asked)
		o->key = OBSERVED_KEY_NOT_ASKED;
	else if (dns_is_error(a->dns))
		o->key = OBSERVED_KEY_ERROR;
	else if (a->count == 0)
		o->key = OBSERVED_KEY_NONE;
	else if (a->count == 1 && judge_key(a->value[0], p))
		o->key = OBSERVED_KEY_RIGHT;
	else if (a->count == 1 && !judge_key(a->value[0], SPAN("")))
		o->key = OBSERVED_KEY_NONE;
	else
		o->key = OBSERVED_KEY_OTHER;
}

/* RFC 1034 section 3.6.2: a CNAME is alone at its name. */
static void
judge_cname(struct observed *o, const struct observe_want *want)
{
	judge_token_key(o, want);
	if (o->main.count > 1)
		set(o, OBSERVED_DIFFERENT, SPAN("there are two CNAMEs"));
	else if (span_equal_nocase(o->main.value[0], span_of(o->want->value)))
		set(o, OBSERVED_MATCH, SPAN("it is right"));
	else
		set(o, OBSERVED_DIFFERENT,
		    SPAN("the CNAME leads to another name"));
}

/* "exactly one MX": any preference will do. */
static void
judge_mx(struct observed *o)
{
	if (o->main.count > 1)
		set(o, OBSERVED_DIFFERENT, SPAN("there is more than one MX"));
	else if (span_equal_nocase(o->main.target[0], span_of(o->want->value)))
		set(o, OBSERVED_MATCH, SPAN("it is right"));
	else
		set(o, OBSERVED_DIFFERENT, SPAN("the MX names another host"));
}

/* How many values of an answer `is` says yes to; the last of them in *ret. */
static size_t
count_values(const struct observed_answer *a, bool (*is)(struct span),
	     struct span *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < a->len; i++)
		if (is(a->value[i])) {
			*ret = a->value[i];
			count++;
		}
	return count;
}

static void
judge_spf_record(struct observed *o, const struct observe_want *want,
		 struct arena *arena)
{
	struct span text;
	size_t count = count_values(&o->main, spf_record_is, &text);

	if (count != 1) {
		set(o, count == 0 ? OBSERVED_ABSENT : OBSERVED_DIFFERENT,
		    count == 0 ? SPAN("no TXT there is an SPF record")
			       : SPAN("there are two SPF records"));
		return;
	}
	switch (judge_spf(text, span_of(want->set->service_zone), arena)) {
	case JUDGE_SPF_OK:
		set(o, OBSERVED_MATCH, SPAN("it is right"));
		return;
	case JUDGE_SPF_NOT:
	case JUDGE_SPF_SYNTAX:
		set(o, OBSERVED_DIFFERENT,
		    SPAN("the SPF record has a syntax error"));
		return;
	case JUDGE_SPF_LACKS:
		set(o, OBSERVED_DIFFERENT,
		    SPAN("the SPF record does not let the service send"));
		return;
	case JUDGE_SPF_BEHIND:
		set(o, OBSERVED_DIFFERENT,
		    SPAN("the include stands behind \"all\", where it is not "
			 "read"));
		return;
	}
}

static void
judge_dmarc_record(struct observed *o)
{
	struct span text;
	size_t count = count_values(&o->main, policy_is_dmarc, &text);

	if (count == 0)
		set(o, OBSERVED_ABSENT, SPAN("no TXT there is a DMARC record"));
	else if (count > 1)
		set(o, OBSERVED_DIFFERENT, SPAN("there are two DMARC records"));
	else if (policy_of(text).len == 0)
		set(o, OBSERVED_DIFFERENT,
		    SPAN("the DMARC record names no policy (p=)"));
	else
		set(o, OBSERVED_MATCH, SPAN("it is right"));
}

/* A BYODKIM key: by its p=, whatever tags stand beside it. */
static void
judge_key_record(struct observed *o)
{
	struct span p = judge_tag(span_of(o->want->value), SPAN("p"));
	struct span k;

	if (o->main.count > 1) {
		set(o, OBSERVED_DIFFERENT,
		    SPAN("there is more than one TXT record"));
		return;
	}
	k = judge_tag(o->main.value[0], SPAN("k"));
	if (p.len > 0 && judge_key(o->main.value[0], p) &&
	    (k.len == 0 || span_equal(k, SPAN("rsa"))))
		set(o, OBSERVED_MATCH, SPAN("it is right"));
	else
		set(o, OBSERVED_DIFFERENT, SPAN("the TXT shows another key"));
}

void
judge_record(struct observed *o, const struct observe_want *want,
	     struct arena *arena)
{
	o->found = format_found(&o->main, o->want->type == DNS_TXT, arena);
	if (o->main.len == 0) {
		judge_nothing(o);
		judge_token_key(o, want);
		return;
	}
	switch (o->want->purpose) {
	case RECORD_DKIM:
		if (o->want->type == DNS_CNAME)
			judge_cname(o, want);
		else
			judge_key_record(o);
		break;
	case RECORD_MAIL_FROM_MX:
		judge_mx(o);
		break;
	case RECORD_MAIL_FROM_SPF:
		judge_spf_record(o, want, arena);
		break;
	case RECORD_DMARC:
		judge_dmarc_record(o);
		break;
	}
}

static enum ses_verification_error
error_of(const struct observed *o)
{
	if (o->status == OBSERVED_DIFFERENT)
		return SES_ERROR_INVALID_VALUE;
	if (o->status == OBSERVED_ERROR)
		return SES_ERROR_DNS_SERVER;
	return o->main.dns == DNS_NXDOMAIN ? SES_ERROR_HOST_NOT_FOUND
					   : SES_ERROR_TYPE_NOT_FOUND;
}

/* "CNAME a.example.org: why (found ...)" */
static struct span
describe(const struct observed *o, struct arena *arena)
{
	return arena_printf(arena, "%s %s: " SPAN_FMT "%s" SPAN_FMT "%s",
			    dns_type_name((uint16_t)o->want->type),
			    o->want->name, SPAN_ARG(o->reason),
			    o->found.len > 0 ? " (found " : "",
			    SPAN_ARG(o->found), o->found.len > 0 ? ")" : "");
}

/* How much a status weighs among several: evidence of a fault the most. */
static int
weight(enum observed_status status)
{
	switch (status) {
	case OBSERVED_NOT_ASKED:
		return 0;
	case OBSERVED_MATCH:
		return 1;
	case OBSERVED_ERROR:
		return 2;
	case OBSERVED_ABSENT:
	case OBSERVED_DIFFERENT:
		return 3;
	}
	return 0;
}

/* Takes together the records of one purpose: the worst of them decides. */
static struct observed_group
take_together(const struct observation *seen, enum record_purpose purpose,
	      struct arena *arena)
{
	const struct observed *worst = NULL;
	size_t count = 0, right = 0;

	for (size_t i = 0; i < seen->len; i++) {
		const struct observed *o = &seen->record[i];

		if (o->want->purpose != purpose ||
		    o->status == OBSERVED_NOT_ASKED)
			continue;
		count++;
		right += o->status == OBSERVED_MATCH;
		if (worst == NULL || weight(o->status) > weight(worst->status))
			worst = o;
	}
	if (worst == NULL)
		return (struct observed_group){OBSERVED_NOT_ASKED,
					       SES_ERROR_NONE, SPAN("")};
	if (worst->status == OBSERVED_MATCH)
		return (struct observed_group){
			OBSERVED_MATCH, SES_ERROR_NONE,
			arena_printf(arena,
				     "%zu of %zu records are right: "
				     "%s " SPAN_FMT,
				     right, count, worst->want->name,
				     SPAN_ARG(worst->found))};
	return (struct observed_group){worst->status, error_of(worst),
				       describe(worst, arena)};
}

/* The DKIM records once more, with the key behind the signing selector. */
static struct observed_group
with_key(const struct observation *seen, const struct observe_want *want,
	 struct arena *arena)
{
	const struct observed *o = NULL;
	const char *name;

	for (size_t i = 0; i < seen->len; i++)
		if (seen->record[i].signs)
			o = &seen->record[i];
	if (seen->control.status != OBSERVED_MATCH)
		return seen->control;
	if (want->keyless)
		return (struct observed_group){
			OBSERVED_ABSENT, SES_ERROR_TYPE_NOT_FOUND,
			SPAN("the key that will sign is still being made")};
	if (o == NULL)
		return seen->control;
	name = o->want->value;
	switch (o->key) {
	case OBSERVED_KEY_NOT_ASKED:
	case OBSERVED_KEY_RIGHT:
		return seen->control;
	case OBSERVED_KEY_NONE:
		return (struct observed_group){
			OBSERVED_ABSENT, SES_ERROR_TYPE_NOT_FOUND,
			arena_printf(arena, "TXT %s: there is no key", name)};
	case OBSERVED_KEY_OTHER:
		return (struct observed_group){
			OBSERVED_DIFFERENT, SES_ERROR_INVALID_VALUE,
			arena_printf(
				arena,
				"TXT %s: not the key that signs "
				"(found " SPAN_FMT ")",
				name,
				SPAN_ARG(format_found(&o->text, true, arena)))};
	case OBSERVED_KEY_ERROR:
		return (struct observed_group){
			OBSERVED_ERROR, SES_ERROR_DNS_SERVER,
			arena_printf(arena, "TXT %s: %s", name,
				     dns_status_name(o->text.dns))};
	}
	return seen->control;
}

void
judge_groups(struct observation *seen, const struct observe_want *want,
	     struct arena *arena)
{
	seen->control = take_together(seen, RECORD_DKIM, arena);
	seen->dkim = with_key(seen, want, arena);
	seen->mail_from = take_together(seen, RECORD_MAIL_FROM_MX, arena);
}

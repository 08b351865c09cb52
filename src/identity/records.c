/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/records.h"

#include <assert.h>

/* Amazon's regions whose keys are not in dkim.amazonses.com. */
static const char *const regional_signing[] = {
	"af-south-1",     "ap-northeast-3", "ap-south-2",    "ap-southeast-3",
	"ap-southeast-5", "ca-west-1",      "eu-central-2",  "eu-south-1",
	"il-central-1",   "me-central-1",   "us-gov-east-1",
};

static const struct purpose_word {
	enum record_purpose purpose;
	const char *word;
} purpose_words[] = {
	{RECORD_DKIM, "dkim"},
	{RECORD_MAIL_FROM_MX, "mail_from_mx"},
	{RECORD_MAIL_FROM_SPF, "mail_from_spf"},
	{RECORD_DMARC, "dmarc"},
};

/* Copies `s` into the `room` bytes at `to`, if it fits with its NUL. */
static bool
put(char *to, size_t room, struct span s)
{
	if (s.len >= room)
		return false;
	memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
	return true;
}

/* A set in the making. */
struct maker {
	struct record_set *set;
	struct error *error;
};

/* Adds a record; `name` and `value` are released. */
static bool
add(struct maker *m, enum record_purpose purpose, enum dns_type type,
    struct buf *name, struct buf *value)
{
	struct record *r;
	bool fits;

	assert(m->set->len < RECORDS_MAX);
	r = &m->set->record[m->set->len++];
	r->purpose = purpose;
	r->type = type;
	r->priority = type == DNS_MX ? 10 : 0;
	fits = !name->full && !value->full &&
	       put(r->name, sizeof(r->name), buf_span(name)) &&
	       put(r->value, sizeof(r->value), buf_span(value));
	buf_release(name);
	buf_release(value);
	if (!fits)
		return error_set(m->error, ERROR_BAD_REQUEST,
				 "A record of this identity has a name longer "
				 "than 253 characters or too long a value");
	return true;
}

static bool
add_token(struct maker *m, const struct records_ask *ask, struct span token)
{
	struct buf name = BUF_INIT(STORE_DOMAIN_SIZE - 1);
	struct buf value = BUF_INIT(STORE_DOMAIN_SIZE - 1);

	buf_addf(&name, SPAN_FMT "._domainkey." SPAN_FMT, SPAN_ARG(token),
		 SPAN_ARG(ask->domain));
	buf_addf(&value, SPAN_FMT ".", SPAN_ARG(token));
	service_signing_zone(ask->service, &value);
	return add(m, RECORD_DKIM, DNS_CNAME, &name, &value);
}

static bool
add_selector(struct maker *m, const struct records_ask *ask)
{
	struct buf name = BUF_INIT(STORE_DOMAIN_SIZE - 1);
	struct buf value = BUF_INIT(RECORD_VALUE_SIZE - 1);

	buf_addf(&name, SPAN_FMT "._domainkey." SPAN_FMT,
		 SPAN_ARG(ask->selector), SPAN_ARG(ask->domain));
	if (ask->service->kind == SERVICE_SESAME)
		buf_adds(&value, "v=DKIM1; k=rsa; ");
	buf_addf(&value, "p=" SPAN_FMT, SPAN_ARG(ask->public_key));
	return add(m, RECORD_DKIM, DNS_TXT, &name, &value);
}

static bool
add_mail_from(struct maker *m, const struct records_ask *ask)
{
	struct buf name = BUF_INIT(STORE_DOMAIN_SIZE - 1);
	struct buf value = BUF_INIT(RECORD_VALUE_SIZE - 1);

	buf_add(&name, ask->mail_from);
	service_feedback_host(ask->service, &value);
	if (!add(m, RECORD_MAIL_FROM_MX, DNS_MX, &name, &value))
		return false;
	buf_add(&name, ask->mail_from);
	buf_addf(&value, "v=spf1 include:%s ~all", ask->service->zone);
	return add(m, RECORD_MAIL_FROM_SPF, DNS_TXT, &name, &value);
}

static bool
add_dmarc(struct maker *m, const struct records_ask *ask, struct span domain)
{
	static const char *const policy[] = {
		[RECORDS_QUARANTINE] = "quarantine",
		[RECORDS_NONE] = "none",
		[RECORDS_REJECT] = "reject",
	};
	struct buf name = BUF_INIT(STORE_DOMAIN_SIZE - 1);
	struct buf value = BUF_INIT(RECORD_VALUE_SIZE - 1);

	buf_addf(&name, "_dmarc." SPAN_FMT, SPAN_ARG(domain));
	buf_addf(&value, "v=DMARC1; p=%s;", policy[ask->policy]);
	if (ask->rua.len > 0)
		buf_addf(&value, " rua=mailto:" SPAN_FMT, SPAN_ARG(ask->rua));
	return add(m, RECORD_DMARC, DNS_TXT, &name, &value);
}

static bool
add_all(struct maker *m, const struct records_ask *ask, bool with_dmarc)
{
	for (size_t i = 0; i < STORE_TOKENS; i++)
		if (ask->token[i].len > 0 && !add_token(m, ask, ask->token[i]))
			return false;
	if (ask->selector.len > 0 && !add_selector(m, ask))
		return false;
	if (ask->mail_from.len > 0 && !add_mail_from(m, ask))
		return false;
	if (with_dmarc && !add_dmarc(m, ask, ask->domain))
		return false;
	return !with_dmarc || ask->mail_from.len == 0 ||
	       add_dmarc(m, ask, ask->mail_from);
}

static bool
make(const struct records_ask *ask, bool with_dmarc, struct record_set *ret,
     struct error *reterr)
{
	struct record_set set = {.len = 0};
	struct maker m = {&set, reterr};

	if (ask->rua.len > RECORD_RUA_MAX ||
	    !put(set.domain, sizeof(set.domain), ask->domain) ||
	    !put(set.mail_from, sizeof(set.mail_from), ask->mail_from))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A domain has at most 253 characters");
	memcpy(set.region, ask->service->region, sizeof(set.region));
	memcpy(set.service_zone, ask->service->zone, sizeof(set.service_zone));
	if (!add_all(&m, ask, with_dmarc))
		return false;
	*ret = set;
	return true;
}

bool
records_make(const struct records_ask *ask, struct record_set *ret,
	     struct error *reterr)
{
	return make(ask, true, ret, reterr);
}

bool
records_of(const struct identity *identity, const struct service *service,
	   struct span public_key, struct record_set *ret, struct error *reterr)
{
	struct records_ask ask = {
		.service = service,
		.domain = records_domain(identity),
		.token = {SPAN(""), SPAN(""), SPAN("")},
		.selector = SPAN(""),
		.public_key = public_key,
		.mail_from = span_of(identity->mail_from),
		.rua = SPAN(""),
	};

	if (identity->type == SES_DOMAIN &&
	    identity->origin == SES_ORIGIN_EXTERNAL)
		ask.selector = span_of(identity->token[0]);
	else if (identity->type == SES_DOMAIN)
		for (size_t i = 0; i < STORE_TOKENS; i++)
			ask.token[i] = span_of(identity->token[i]);
	return make(&ask, identity->type == SES_DOMAIN, ret, reterr);
}

struct span
records_domain(const struct identity *identity)
{
	struct span name = span_of(identity->name);
	size_t at = span_find_last(name, '@');

	return at == SPAN_NONE ? name : span_skip(name, at + 1);
}

void
record_relative(struct span name, struct span apex, struct buf *ret)
{
	size_t cut;

	if (apex.len > 0 && span_equal_nocase(name, apex)) {
		buf_adds(ret, "@");
		return;
	}
	cut = name.len > apex.len ? name.len - apex.len : 0;
	if (apex.len > 0 && cut > 1 && name.ptr[cut - 1] == '.' &&
	    span_equal_nocase(span_skip(name, cut), apex)) {
		buf_add(ret, span_sub(name, 0, cut - 1));
		return;
	}
	buf_add(ret, name);
	buf_addc(ret, '.');
}

const struct record *
records_get(const struct record_set *set, enum record_purpose purpose,
	    const struct record *after)
{
	size_t i = after == NULL ? 0 : (size_t)(after - set->record) + 1;

	for (; i < set->len; i++)
		if (set->record[i].purpose == purpose)
			return &set->record[i];
	return NULL;
}

const char *
record_purpose_name(enum record_purpose purpose)
{
	for (size_t i = 0; i < COUNT(purpose_words); i++)
		if (purpose_words[i].purpose == purpose)
			return purpose_words[i].word;
	return "";
}

bool
record_purpose_parse(struct span text, enum record_purpose *ret)
{
	for (size_t i = 0; i < COUNT(purpose_words); i++)
		if (span_equal(text, span_of(purpose_words[i].word))) {
			*ret = purpose_words[i].purpose;
			return true;
		}
	return false;
}

void
service_signing_zone(const struct service *service, struct buf *ret)
{
	bool regional = service->kind == SERVICE_SESAME;

	if (service->signing_zone[0] != '\0') {
		buf_adds(ret, service->signing_zone);
		return;
	}
	for (size_t i = 0; !regional && i < COUNT(regional_signing); i++)
		regional = strcmp(regional_signing[i], service->region) == 0;
	if (regional)
		buf_addf(ret, "dkim.%s.%s", service->region, service->zone);
	else
		buf_addf(ret, "dkim.%s", service->zone);
}

void
service_feedback_host(const struct service *service, struct buf *ret)
{
	buf_addf(ret, "feedback-smtp.%s.%s", service->region, service->zone);
}

void
service_default_mail_from(const struct service *service, struct buf *ret)
{
	if (service->kind == SERVICE_SESAME ||
	    strcmp(service->region, "us-east-1") != 0)
		buf_addf(ret, "%s.", service->region);
	buf_adds(ret, service->zone);
}

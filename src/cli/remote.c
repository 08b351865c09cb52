/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/remote.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define AMAZON_ZONE "amazonses.com"

/* Copies `text` to the `size` bytes at `ret`, if it fits. */
static bool
copy(struct span text, char *ret, size_t size)
{
	if (text.len >= size || memchr(text.ptr, '\0', text.len) != NULL)
		return false;
	memcpy(ret, text.ptr, text.len);
	ret[text.len] = '\0';
	return true;
}

static bool
take_dkim(const struct ses_dkim *dkim, struct remote *r)
{
	struct identity *i = &r->identity;

	i->dkim.status = dkim->status != 0 ? dkim->status : SES_NOT_STARTED;
	i->signing_enabled = dkim->signing_enabled;
	/* AWS_SES_EU_WEST_1 and its kin are Easy DKIM of another region. */
	i->origin = dkim->origin != 0 ? dkim->origin : SES_ORIGIN_AWS_SES;
	i->next_length = dkim->next_length;
	i->current_length = dkim->current_length;
	i->key_generated = dkim->key_generated;
	for (size_t n = 0; n < dkim->tokens; n++)
		if (!copy(dkim->token[n], i->token[n], sizeof(i->token[n])))
			return false;
	return copy(dkim->signing_zone, r->signing_zone,
		    sizeof(r->signing_zone));
}

static bool
take_mail_from(const struct ses_mail_from *mail_from, struct identity *i)
{
	i->mail_from_standing.status =
		mail_from->status != 0 ? mail_from->status : SES_NOT_STARTED;
	i->on_mx_failure = mail_from->behavior != 0 ? mail_from->behavior
						    : SES_USE_DEFAULT_VALUE;
	return copy(mail_from->domain, i->mail_from, sizeof(i->mail_from));
}

static bool
take_verification(const struct ses_identity *answer, struct identity *i)
{
	const struct ses_verification *v = &answer->verification;

	i->verification.status =
		answer->status != 0 ? answer->status : SES_NOT_STARTED;
	i->error = v->error;
	i->last_checked = v->last_checked;
	i->last_success = v->last_success;
	i->soa_serial = v->soa_serial;
	return copy(v->soa_primary, i->soa_primary, sizeof(i->soa_primary)) &&
	       copy(v->soa_admin, i->soa_admin, sizeof(i->soa_admin));
}

static bool
take_tags(const struct ses_tags *tags, struct remote *r)
{
	for (size_t n = 0; n < tags->len; n++) {
		struct tag_row *tag = &r->tag[r->tags++];

		if (!copy(tags->tag[n].key, tag->key, sizeof(tag->key)) ||
		    !copy(tags->tag[n].value, tag->value, sizeof(tag->value)))
			return false;
	}
	return true;
}

bool
remote_of(const struct ses_identity *answer, const char *name,
	  struct remote *ret, struct error *reterr)
{
	struct remote *r = mem_new(sizeof(*r));
	struct identity *i = &r->identity;
	bool ok;

	i->type = answer->type;
	i->feedback_forwarding = answer->feedback_forwarding;
	r->may_send = answer->verified;
	ok = answer->type != 0 &&
	     copy(span_of(name), i->name, sizeof(i->name)) &&
	     copy(answer->configuration_set, i->configuration_set,
		  sizeof(i->configuration_set)) &&
	     take_verification(answer, i) && take_dkim(&answer->dkim, r) &&
	     take_mail_from(&answer->mail_from, i) &&
	     take_tags(&answer->tags, r);
	if (ok)
		*ret = *r;
	else
		error_set(reterr, ERROR_NETWORK,
			  "the endpoint's answer about %s is not one of "
			  "GetEmailIdentity",
			  name);
	free(r);
	return ok;
}

bool
remote_get(struct client *c, const char *name, struct remote *ret,
	   struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *answer = NULL;
	struct ses_identity *identity = mem_new(sizeof(*identity));
	bool ok = client_call_named(c, "GET", "/v2/email/identities/",
				    span_of(name), "", NULL, &answer, reterr) &&
		  ses_identity_read(answer, identity, reterr) &&
		  remote_of(identity, name, ret, reterr);

	free(identity);
	return ok;
}

/* Whether the keys of `remote` are Amazon's to hold. */
static bool
is_amazon(const struct remote *remote, const struct target *target)
{
	struct span zone = span_of(remote->signing_zone);

	return target->amazon || span_equal_nocase(zone, SPAN(AMAZON_ZONE)) ||
	       (zone.len > strlen(AMAZON_ZONE) + 1 &&
		span_equal_nocase(
			span_skip(zone, zone.len - strlen(AMAZON_ZONE) - 1),
			SPAN("." AMAZON_ZONE)));
}

bool
remote_service(const struct remote *remote, const struct target *target,
	       struct service *ret, struct error *reterr)
{
	struct service s = {.kind = SERVICE_SESAME};
	struct span zone = span_of(remote->signing_zone);
	char prefix[SERVICE_REGION_SIZE + 8];

	if (strlen(target->region) >= sizeof(s.region))
		return error_set(reterr, ERROR_CONFIG,
				 "the region's name is too long");
	snprintf(s.region, sizeof(s.region), "%s", target->region);
	snprintf(s.signing_zone, sizeof(s.signing_zone), "%s",
		 remote->signing_zone);
	if (is_amazon(remote, target)) {
		s.kind = SERVICE_AMAZON;
		snprintf(s.zone, sizeof(s.zone), "%s", AMAZON_ZONE);
		*ret = s;
		return true;
	}
	/* The keys of sesame are at <token>.dkim.<region>.<zone>. */
	snprintf(prefix, sizeof(prefix), "dkim.%s.", s.region);
	if (!span_starts_nocase(zone, span_of(prefix)))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "the endpoint does not say in which zone its "
				 "names are");
	zone = span_skip(zone, strlen(prefix));
	snprintf(s.zone, sizeof(s.zone), SPAN_FMT, SPAN_ARG(zone));
	*ret = s;
	return true;
}

/* The API does not say the customer's own public key: leaves it out. */
static void
drop_key(struct record_set *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->len; i++)
		if (set->record[i].purpose != RECORD_DKIM)
			set->record[kept++] = set->record[i];
	set->len = kept;
}

bool
remote_records(const struct remote *remote, const struct target *target,
	       struct record_set *ret, struct error *reterr)
{
	struct service service;

	if (!remote_service(remote, target, &service, reterr) ||
	    !records_of(&remote->identity, &service, SPAN(""), ret, reterr))
		return false;
	if (remote->identity.origin == SES_ORIGIN_EXTERNAL)
		drop_key(ret);
	return true;
}

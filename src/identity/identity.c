/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"

#include "base/ascii.h"
#include "identity/records.h"
#include "text/address.h"
#include "text/domain.h"

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

/* The pattern of the model's shape Selector. */
static bool
is_selector(struct span s)
{
	if (s.len == 0 || s.len >= STORE_TOKEN_SIZE ||
	    !ascii_is_alnum(s.ptr[0]) || !ascii_is_alnum(s.ptr[s.len - 1]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.ptr[i]) && s.ptr[i] != '-')
			return false;
	return true;
}

/* Gives `identity` three tokens that nobody ever had. */
static void
put_tokens(struct identity *identity,
	   const uint8_t entropy[static IDENTITY_ENTROPY])
{
	for (size_t i = 0; i < STORE_TOKENS; i++)
		token_format(entropy + i * TOKEN_ENTROPY, identity->token[i]);
}

/* Gives `identity` the selector of its own key, in lower case, alone. */
static bool
put_selector(struct identity *identity, struct span selector, int bits,
	     struct error *reterr)
{
	char *to = identity->token[0];

	if (!is_selector(selector))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A selector has 1 to 63 letters, digits and "
				 "hyphens, with no hyphen at either end");
	memset(identity->token, 0, sizeof(identity->token));
	for (size_t i = 0; i < selector.len; i++)
		to[i] = span_lower(selector.ptr[i]);
	identity->origin = SES_ORIGIN_EXTERNAL;
	identity->current_length = bits;
	identity->key_generated = 0;
	return true;
}

static bool
refuse_address(const struct identity *identity, struct error *reterr)
{
	if (identity->type == SES_DOMAIN)
		return true;
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "The EmailIdentity value must be a valid domain.");
}

/* Has DNS asked at once, and the schedule begin anew. */
static void
look_now(struct identity *identity, int64_t now)
{
	identity->check_from = now;
	identity->next_check = now;
}

/* Restarts what is FAILED of the identity and its DKIM; false if nothing. */
static bool
restart_failed(struct identity *identity, int64_t now,
	       struct lifecycle_events *events)
{
	bool failed = false;

	if (identity->verification.status == SES_FAILED) {
		lifecycle_restart(identity, LIFECYCLE_VERIFICATION, now,
				  SPAN("restarted"), events);
		failed = true;
	}
	if (identity->dkim.status == SES_FAILED) {
		lifecycle_restart(identity, LIFECYCLE_DKIM, now,
				  SPAN("restarted"), events);
		failed = true;
	}
	if (failed)
		look_now(identity, now);
	return failed;
}

/* DKIM, and the identity if it had FAILED, start with other selectors. */
static void
restart_changed(struct identity *identity, int64_t now,
		struct lifecycle_events *events)
{
	restart_failed(identity, now, events);
	if (identity->dkim.status != SES_PENDING || identity->dkim.since != now)
		lifecycle_restart(identity, LIFECYCLE_DKIM, now,
				  SPAN("the selectors were changed"), events);
	look_now(identity, now);
}

/* The canonical form of an address: its domain's, behind the local part. */
static bool
name_of_address(struct span text, char ret[static STORE_NAME_SIZE],
		struct error *reterr)
{
	enum address_status status;
	enum domain_status domain_status;
	struct address address;
	struct domain domain;
	struct span local;

	status = address_parse(text, &address);
	if (status != ADDRESS_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Invalid email address: %s",
				 address_strerror(status));
	domain_status = domain_parse(address_domain(&address), &domain);
	if (domain_status != DOMAIN_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Invalid domain in an email address: %s",
				 domain_strerror(domain_status));
	local = address_local(&address);
	if (local.len + 1 + domain.len >= STORE_NAME_SIZE)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The email address is too long");
	memcpy(ret, local.ptr, local.len);
	ret[local.len] = '@';
	memcpy(ret + local.len + 1, domain.s, domain.len + 1U);
	return true;
}

bool
identity_name(struct span text, char ret[static STORE_NAME_SIZE],
	      struct error *reterr)
{
	enum domain_status status;
	struct domain domain;

	if (span_find(text, '@') != SPAN_NONE)
		return name_of_address(text, ret, reterr);
	status = domain_parse(text, &domain);
	if (status != DOMAIN_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Invalid domain name: %s",
				 domain_strerror(status));
	memcpy(ret, domain.s, domain.len + 1U);
	return true;
}

bool
identity_is_address(struct span name)
{
	return span_find(name, '@') != SPAN_NONE;
}

static bool
create_dkim(const struct identity_ask *ask, struct identity *identity,
	    struct error *reterr)
{
	bool given = ask->selector.len > 0 || ask->length != 0;

	identity->origin = SES_ORIGIN_AWS_SES;
	if (identity->type == SES_EMAIL_ADDRESS) {
		identity->next_length = SES_RSA_1024_BIT;
		return !given || refuse_address(identity, reterr);
	}
	identity->signing_enabled = true;
	identity->next_length =
		ask->length != 0 ? ask->length : SES_RSA_2048_BIT;
	if (ask->selector.len > 0)
		return put_selector(identity, ask->selector, ask->key_bits,
				    reterr);
	put_tokens(identity, ask->entropy);
	return true;
}

bool
identity_create(const struct identity_ask *ask, int64_t now,
		struct identity *ret, struct error *reterr)
{
	struct identity identity = {
		.created = now,
		.verification = {.status = SES_NOT_STARTED, .since = now},
		.dkim = {.status = SES_NOT_STARTED, .since = now},
		.mail_from_standing = {.status = SES_NOT_STARTED, .since = now},
		.on_mx_failure = SES_USE_DEFAULT_VALUE,
	};

	if (!put(identity.account, sizeof(identity.account), ask->account) ||
	    !put(identity.name, sizeof(identity.name), ask->name) ||
	    !put(identity.configuration_set, sizeof(identity.configuration_set),
		 ask->configuration_set))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The name of an identity or of its "
				 "configuration set is too long");
	identity.type =
		identity_is_address(ask->name) ? SES_EMAIL_ADDRESS : SES_DOMAIN;
	if (!create_dkim(ask, &identity, reterr))
		return false;
	look_now(&identity, now);
	*ret = identity;
	return true;
}

static bool
check_length(const struct identity *identity, enum ses_key_length length,
	     bool failed, int64_t now, struct error *reterr)
{
	if (length == 0)
		return error_set(
			reterr, ERROR_BAD_REQUEST,
			"Signing key length parameter is null or empty");
	if (length == identity->next_length)
		return failed ||
		       error_set(reterr, ERROR_BAD_REQUEST,
				 "The signing key length of %s is %s already",
				 identity->name, ses_key_length_name(length));
	if (length != SES_RSA_1024_BIT && identity->length_changed != 0 &&
	    now - identity->length_changed < IDENTITY_DAY)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The signing key length of %s can be changed "
				 "once in 24 hours",
				 identity->name);
	return true;
}

bool
identity_put_easy(struct identity *identity, enum ses_key_length length,
		  const uint8_t entropy[static IDENTITY_ENTROPY], int64_t now,
		  struct lifecycle_events *events, struct error *reterr)
{
	bool failed = identity->dkim.status == SES_FAILED ||
		      identity->verification.status == SES_FAILED;

	if (!refuse_address(identity, reterr))
		return false;
	if (identity->origin == SES_ORIGIN_EXTERNAL) {
		identity->origin = SES_ORIGIN_AWS_SES;
		identity->next_length = length != 0 ? length : SES_RSA_2048_BIT;
		identity->current_length = 0;
		identity->key_generated = 0;
		put_tokens(identity, entropy);
		restart_changed(identity, now, events);
		return true;
	}
	if (!check_length(identity, length, failed, now, reterr))
		return false;
	if (length != identity->next_length) {
		identity->next_length = length;
		identity->length_changed = now;
	}
	restart_failed(identity, now, events);
	return true;
}

bool
identity_put_byodkim(struct identity *identity, struct span selector, int bits,
		     int64_t now, struct lifecycle_events *events,
		     struct error *reterr)
{
	if (!refuse_address(identity, reterr) ||
	    !put_selector(identity, selector, bits, reterr))
		return false;
	restart_changed(identity, now, events);
	return true;
}

/* Whether `name` lies below `domain` and is not it. */
static bool
is_below(struct span name, struct span domain)
{
	return name.len > domain.len + 1 &&
	       name.ptr[name.len - domain.len - 1] == '.' &&
	       span_equal_nocase(span_skip(name, name.len - domain.len),
				 domain);
}

bool
identity_put_mail_from(struct identity *identity, struct span mail_from,
		       enum ses_mx_failure behavior, int64_t now,
		       struct lifecycle_events *events, struct error *reterr)
{
	struct span domain = records_domain(identity);
	bool same = span_equal(mail_from, span_of(identity->mail_from));

	if (mail_from.len == 0) {
		identity->mail_from[0] = '\0';
		identity->on_mx_failure = SES_USE_DEFAULT_VALUE;
		lifecycle_drop_mail_from(identity, now, events);
		return true;
	}
	if (!is_below(mail_from, domain) ||
	    !put(identity->mail_from, sizeof(identity->mail_from), mail_from))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Provided MAIL-FROM domain '" SPAN_FMT
				 "' is not subdomain of the domain of the "
				 "identity '" SPAN_FMT "'",
				 SPAN_ARG(mail_from), SPAN_ARG(domain));
	identity->on_mx_failure = behavior;
	if (!same || identity->mail_from_standing.status == SES_FAILED ||
	    identity->mail_from_standing.status == SES_NOT_STARTED)
		lifecycle_restart(identity, LIFECYCLE_MAIL_FROM, now,
				  same ? SPAN("restarted")
				       : SPAN("the MAIL FROM domain was set"),
				  events);
	look_now(identity, now);
	return true;
}

bool
identity_may_send(const struct identity *identity)
{
	return identity->verification.status == SES_SUCCESS ||
	       identity->verification.status == SES_TEMPORARY_FAILURE;
}

bool
identity_signs(const struct identity *identity)
{
	return identity->signing_enabled &&
	       (identity->dkim.status == SES_SUCCESS ||
		identity->dkim.status == SES_TEMPORARY_FAILURE);
}

size_t
identity_selectors(const struct identity *identity,
		   struct span ret[static STORE_TOKENS])
{
	size_t len = 0;

	for (size_t i = 0; i < STORE_TOKENS; i++)
		if (identity->token[i][0] != '\0')
			ret[len++] = span_of(identity->token[i]);
	return len;
}

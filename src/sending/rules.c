/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/rules.h"

#include <stdio.h>

#include "text/domain.h"

bool
rules_document(struct store *store, const char *account, const char *name,
	       json_t **ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(RULES_DOCUMENT_MAX);
	struct document document;
	struct error why;

	*ret = NULL;
	if (!store_document_get(store, account, DOCUMENT_ACCOUNT, "", name,
				&document, &text, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return true;
		*reterr = why;
		return false;
	}
	return json_parse(buf_span(&text), text.len, ret, NULL) == JSON_OK ||
	       error_set(reterr, ERROR_INTERNAL,
			 "The stored attributes of the account are damaged.");
}

static bool
read_account(struct store *store, const char *account, struct rules *ret,
	     struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *sending = NULL;
	CLEANUP(json_decrefp) json_t *suppression = NULL;
	bool enabled;

	if (!rules_document(store, account, RULES_SENDING, &sending, reterr) ||
	    !rules_document(store, account, RULES_SUPPRESSION, &suppression,
			    reterr))
		return false;
	ret->account_paused =
		json_get_bool(sending, "SendingEnabled", &enabled) && !enabled;
	ret->suppressing = SES_REASON_BOUNCE | SES_REASON_COMPLAINT;
	if (suppression != NULL)
		ret->suppressing = ses_reasons_read(
			json_get_array(suppression, "SuppressedReasons"));
	return true;
}

bool
rules_read(struct store *store, const char *account,
	   const struct configuration_set *set, struct rules *ret,
	   struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_rules says;

	*ret = (struct rules){0};
	if (!read_account(store, account, ret, reterr))
		return false;
	if (set == NULL || set->options[0] == '\0')
		return true;
	if (json_parse(span_of(set->options), sizeof(set->options), &options,
		       NULL) != JSON_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "The stored options of %s are damaged.",
				 set->name);
	ses_rules_read(options, &says);
	ret->set_paused = says.paused;
	ret->require_tls = says.require_tls;
	ret->max_age = says.max_seconds * 1000;
	if (says.has_reasons)
		ret->suppressing = says.suppressing;
	return true;
}

bool
rules_check(const struct rules *rules, const char *set, struct error *reterr)
{
	if (rules->account_paused)
		return error_set(reterr, ERROR_SENDING_PAUSED,
				 "Sending paused for this account.");
	if (rules->set_paused)
		return error_set(reterr, ERROR_SENDING_PAUSED,
				 "Sending paused for configuration set <%s>.",
				 set);
	return true;
}

bool
rules_address(const struct address *address, char ret[STORE_NAME_SIZE])
{
	struct domain domain;

	if (domain_parse(address_domain(address), &domain) != DOMAIN_OK)
		return false;
	snprintf(ret, STORE_NAME_SIZE, SPAN_FMT "@" SPAN_FMT,
		 SPAN_ARG(address_local(address)),
		 SPAN_ARG(domain_span(&domain)));
	for (char *at = ret; *at != '\0'; at++)
		*at = span_lower(*at);
	return true;
}

bool
rules_suppressed(const struct rules *rules, struct store *store,
		 const char *account, const struct address *address,
		 bool *ret_is, struct suppressed *ret, struct error *reterr)
{
	char name[STORE_NAME_SIZE];
	struct error why;
	unsigned reason;

	*ret_is = false;
	if (rules->suppressing == 0 || !rules_address(address, name))
		return true;
	if (!store_suppressed_get(store, account, name, ret, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return true;
		*reterr = why;
		return false;
	}
	reason = ret->reason == SUPPRESSED_COMPLAINT ? SES_REASON_COMPLAINT
						     : SES_REASON_BOUNCE;
	*ret_is = (rules->suppressing & reason) != 0;
	return true;
}

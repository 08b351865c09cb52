/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - what an account and a configuration set say about a message that
 * is to be sent: whether it may be, how, and to whom not.
 *
 * An account's attributes are documents of the store, each a JSON object; what
 * was never put is as SES has it: sending is on, and addresses that bounced or
 * complained are not sent to.  A configuration set that names reasons for
 * suppression, or says that there are none, is heard instead of the account.
 *
 * Impure: it reads the store, on the store's thread.  No logging, no clock.
 */
#pragma once

#include "ses/set_options.h"
#include "store/store.h"
#include "text/address.h"

/* Names of the documents of kind DOCUMENT_ACCOUNT. */
#define RULES_SENDING     "sending"     /* {"SendingEnabled": ...} */
#define RULES_SUPPRESSION "suppression" /* shape SuppressionAttributes */
#define RULES_DETAILS     "details"     /* shape AccountDetails */
/* Octets of such a document. */
#define RULES_DOCUMENT_MAX ((size_t)64 << 10)

/* What holds for a message. */
struct rules {
	bool account_paused;  /* the account sends nothing */
	bool set_paused;      /* the configuration set sends nothing */
	bool require_tls;     /* rather not at all than in clear */
	int64_t max_age;      /* ms that it is tried; 0: the usual */
	unsigned suppressing; /* bits of enum ses_reasons that count */
};

/*
 * Reads the document `name` of `account` to a new object; *ret is NULL if
 * there is none.  Fails as the store does.
 */
bool rules_document(struct store *store, const char *account, const char *name,
		    json_t **ret, struct error *reterr) MUST_CHECK;

/*
 * Reads what holds for messages of `account`, with the configuration set
 * `set`, or NULL for none.
 */
bool rules_read(struct store *store, const char *account,
		const struct configuration_set *set, struct rules *ret,
		struct error *reterr) MUST_CHECK;

/* Fails with SENDING_PAUSED if nothing may be sent; `set` is its name. */
bool rules_check(const struct rules *rules, const char *set,
		 struct error *reterr) MUST_CHECK;

/*
 * Writes `address` as it stands on suppression lists: in lower case, with the
 * domain in A-labels.  Returns false if the domain is none.
 */
bool rules_address(const struct address *address,
		   char ret[STORE_NAME_SIZE]) MUST_CHECK;

/*
 * Sets *ret_is to whether `address` of the list of `account` is not to be
 * sent to, and *ret to what the list has of it.
 */
bool rules_suppressed(const struct rules *rules, struct store *store,
		      const char *account, const struct address *address,
		      bool *ret_is, struct suppressed *ret,
		      struct error *reterr) MUST_CHECK;

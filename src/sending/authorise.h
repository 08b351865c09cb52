/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authorise - who may send as whom, and with which keys and envelope.
 *
 * An account sends as an address if one of its identities covers it: the
 * address itself, the address without "+label", its domain or a domain above;
 * the most specific first.  An identity lets send while its verification is
 * SUCCESS or TEMPORARY_FAILURE (DESIGN section 8).  Every mailbox of From,
 * Sender and Resent-* has to pass.
 *
 * The caller fetches: authorise_names() says which names to look up in the
 * account, authorise_find() and authorise_sender() judge what was found.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Ownership: a sender
 * borrows from the identities that it was decided of.
 */
#pragma once

#include "base/error.h"
#include "store/types.h"
#include "text/address.h"

/* Names that could cover an address: two addresses, and domains. */
#define AUTHORISE_NAMES_MAX 12

/* The names that could cover an address, most specific first. */
struct authorise_names {
	char name[AUTHORISE_NAMES_MAX][STORE_NAME_SIZE];
	size_t len; /* of name */
};

/* What an account's message from an address is sent with. */
struct sender {
	const struct identity *identity;  /* that lets it send: its settings
					     and configuration set count */
	const struct identity *dkim;      /* whose key signs; NULL: none may */
	const struct identity *mail_from; /* whose custom MAIL FROM is used;
					     NULL: the deployment's own */
	bool fell_back; /* a custom MAIL FROM is set, but is not usable */
	const struct identity *fallen; /* with fell_back: whose that is */
};

/* Returns whether mail may be sent as `identity`, as its status is. */
bool authorise_may_send(const struct identity *identity);

/* Returns whether mail is to be signed with the keys of `identity`. */
bool authorise_may_sign(const struct identity *identity);

/*
 * Sets *ret to the names that could cover `address`, as identities are
 * stored.  Returns false if its domain could not be one of an identity: then
 * nothing covers it.
 */
bool authorise_names(const struct address *address,
		     struct authorise_names *ret) MUST_CHECK;

/*
 * Returns the identity of `found` (`len` of them, all of one account, in any
 * order) that lets send as `address`: the most specific that may send.  NULL
 * if none does.
 */
const struct identity *authorise_find(const struct address *address,
				      const struct identity *found, size_t len);

/*
 * Decides what a message from `from` is sent with.  Fails with
 * ERROR_MESSAGE_REJECTED if nothing lets it send, in the words of SES with
 * `region` in them, and with ERROR_MAIL_FROM if its custom MAIL FROM is not
 * usable and it says REJECT_MESSAGE.
 */
bool authorise_sender(const struct address *from, const struct identity *found,
		      size_t len, struct span region, struct sender *ret,
		      struct error *reterr) MUST_CHECK;

/*
 * Fails with ERROR_MESSAGE_REJECTED, naming them, unless each mailbox of
 * `list` may be sent as: for Sender, Resent-From and Resent-Sender.
 */
bool authorise_list(const struct address_list *list,
		    const struct identity *found, size_t len,
		    struct span region, struct error *reterr) MUST_CHECK;

/*
 * Writes the envelope sender: `message_id` at the custom MAIL FROM domain, or
 * at `region_domain`, the deployment's own.
 */
void authorise_envelope(const struct sender *sender, struct span message_id,
			struct span region_domain, char ret[STORE_NAME_SIZE]);

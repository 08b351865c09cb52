/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/authorise.h"

#include <stdio.h>

#include "base/buf.h"
#include "text/domain.h"

static bool
is_alive(enum ses_status status)
{
	return status == SES_SUCCESS || status == SES_TEMPORARY_FAILURE;
}

bool
authorise_may_send(const struct identity *identity)
{
	return is_alive(identity->verification.status);
}

bool
authorise_may_sign(const struct identity *identity)
{
	return identity->type == SES_DOMAIN && identity->signing_enabled &&
	       is_alive(identity->dkim.status) && authorise_may_send(identity);
}

static void
add_address(struct authorise_names *names, struct span local,
	    const struct domain *domain)
{
	snprintf(names->name[names->len++], STORE_NAME_SIZE, SPAN_FMT "@%s",
		 SPAN_ARG(local), domain->s);
}

bool
authorise_names(const struct address *address, struct authorise_names *ret)
{
	struct span local = address_local(address);
	size_t plus = span_find(local, '+');
	struct domain domain;
	struct span rest;

	ret->len = 0;
	if (domain_parse(address_domain(address), &domain) != DOMAIN_OK)
		return false;
	add_address(ret, local, &domain);
	if (plus != SPAN_NONE && plus > 0 && local.ptr[0] != '"')
		add_address(ret, span_sub(local, 0, plus), &domain);
	/* The domain, and from it up as far as there is room: at the top what
	 * is left out is far above where identities are. */
	rest = domain_span(&domain);
	while (ret->len < AUTHORISE_NAMES_MAX &&
	       span_find(rest, '.') != SPAN_NONE) {
		snprintf(ret->name[ret->len++], STORE_NAME_SIZE, SPAN_FMT,
			 SPAN_ARG(rest));
		(void)span_cut(&rest, '.');
	}
	return true;
}

/* The identity called `name`, if it was found. */
static const struct identity *
named(const char *name, const struct identity *found, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(found[i].name, name) == 0)
			return &found[i];
	return NULL;
}

const struct identity *
authorise_find(const struct address *address, const struct identity *found,
	       size_t len)
{
	struct authorise_names names;

	if (!authorise_names(address, &names))
		return NULL;
	for (size_t i = 0; i < names.len; i++) {
		const struct identity *identity =
			named(names.name[i], found, len);

		if (identity != NULL && authorise_may_send(identity))
			return identity;
	}
	return NULL;
}

/* The most specific domain identity over `address` for which `is` holds. */
static const struct identity *
domain_over(const struct address *address, const struct identity *found,
	    size_t len, bool (*is)(const struct identity *))
{
	struct authorise_names names;

	if (!authorise_names(address, &names))
		return NULL;
	for (size_t i = 0; i < names.len; i++) {
		const struct identity *identity =
			named(names.name[i], found, len);

		if (identity != NULL && identity->type == SES_DOMAIN &&
		    is(identity))
			return identity;
	}
	return NULL;
}

/* Puts the start of SES's refusal; the addresses are to follow. */
static void
put_refusal(struct buf *to, struct span region)
{
	buf_adds(to, "Email address is not verified. The following identities "
		     "failed the check in region ");
	for (size_t i = 0; i < region.len; i++) {
		char c = region.ptr[i];

		buf_addc(to, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	buf_adds(to, ":");
}

/*
 * Chooses the MAIL FROM: the identity's own; an address without one has that
 * of its domain.
 */
static bool
choose_mail_from(const struct address *from, const struct identity *found,
		 size_t len, struct sender *ret, struct error *reterr)
{
	const struct identity *owner = ret->identity;

	if (owner->type == SES_EMAIL_ADDRESS && owner->mail_from[0] == '\0')
		owner = domain_over(from, found, len, authorise_may_send);
	if (owner == NULL || owner->mail_from[0] == '\0')
		return true;
	if (owner->mail_from_standing.status == SES_SUCCESS) {
		ret->mail_from = owner;
		return true;
	}
	if (owner->on_mx_failure == SES_REJECT_MESSAGE)
		return error_set(reterr, ERROR_MAIL_FROM,
				 "The MAIL FROM domain %s of the identity %s "
				 "is not verified, and its behavior on MX "
				 "failure is to reject messages.",
				 owner->mail_from, owner->name);
	ret->fell_back = true;
	ret->fallen = owner;
	return true;
}

bool
authorise_sender(const struct address *from, const struct identity *found,
		 size_t len, struct span region, struct sender *ret,
		 struct error *reterr)
{
	struct sender sender = {
		.identity = authorise_find(from, found, len),
	};

	if (sender.identity == NULL) {
		CLEANUP(buf_release) struct buf b = BUF_INIT(ERROR_TEXT_MAX);

		put_refusal(&b, region);
		buf_addf(&b, " %s", from->text);
		return error_set(reterr, ERROR_MESSAGE_REJECTED, "%s", b.ptr);
	}
	sender.dkim = domain_over(from, found, len, authorise_may_sign);
	if (!choose_mail_from(from, found, len, &sender, reterr))
		return false;
	*ret = sender;
	return true;
}

bool
authorise_list(const struct address_list *list, const struct identity *found,
	       size_t len, struct span region, struct error *reterr)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(ERROR_TEXT_MAX);
	size_t failed = 0;

	put_refusal(&b, region);
	for (size_t i = 0; i < list->len; i++) {
		const struct address *address = &list->mailbox[i].address;

		if (authorise_find(address, found, len) == NULL)
			buf_addf(&b, "%s %s", failed++ > 0 ? "," : "",
				 address->text);
	}
	if (failed > 0)
		return error_set(reterr, ERROR_MESSAGE_REJECTED, "%s", b.ptr);
	return true;
}

void
authorise_envelope(const struct sender *sender, struct span message_id,
		   struct span region_domain, char ret[STORE_NAME_SIZE])
{
	struct span domain = sender->mail_from != NULL
				     ? span_of(sender->mail_from->mail_from)
				     : region_domain;

	snprintf(ret, STORE_NAME_SIZE, SPAN_FMT "@" SPAN_FMT,
		 SPAN_ARG(message_id), SPAN_ARG(domain));
}

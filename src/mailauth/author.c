/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/author.h"

/* The value without its folds and outer white space. */
static struct span
unfolded(struct span value, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(HEADER_SIZE_MAX);

	header_unfold(value, &text);
	return arena_copy(arena, buf_span(&text));
}

/* Compares the domain of each mailbox with that of the first. */
static enum author_status
one_domain(const struct address_list *list, struct author *a)
{
	struct domain first = {.len = 0};
	struct span before = SPAN("");

	for (size_t i = 0; i < list->len; i++) {
		const struct mailbox *box = &list->mailbox[i];
		struct span text = address_domain(&box->address);
		struct domain domain;

		a->route |= box->route;
		if (span_equal(text, before))
			continue;
		before = text;
		a->domain_status = domain_parse(text, &domain);
		if (a->domain_status != DOMAIN_OK) {
			a->other = text;
			return AUTHOR_DOMAIN;
		}
		if (i == 0) {
			first = domain;
		} else if (!span_equal(domain_span(&domain),
				       domain_span(&first))) {
			a->other = text;
			return AUTHOR_DOMAINS;
		}
	}
	a->domain = first;
	a->address = address_text(&list->mailbox[0].address);
	a->display = list->mailbox[0].display;
	return AUTHOR_OK;
}

static enum author_status
read_value(struct span value, struct arena *arena, struct author *a)
{
	struct address_list list;

	a->raw = unfolded(value, arena);
	a->address_status = address_list_parse(value, arena, &list, &a->offset);
	if (arena_full(arena))
		return AUTHOR_NO_MEMORY;
	if (a->address_status != ADDRESS_OK)
		return AUTHOR_ADDRESS;
	a->mailboxes = list.len;
	a->groups = list.groups;
	if (list.len == 0)
		return AUTHOR_NOBODY;
	return one_domain(&list, a);
}

static const struct author nobody = {
	.raw = {"", 0},
	.address = {"", 0},
	.display = {"", 0},
	.other = {"", 0},
};

void
author_read_value(struct span value, struct arena *arena, struct author *ret)
{
	*ret = nobody;
	ret->fields = 1;
	ret->status = read_value(value, arena, ret);
}

void
author_read(const struct header_block *block, enum header_status status,
	    struct arena *arena, struct author *ret)
{
	const struct header_field *from = header_get(block, SPAN("From"));

	*ret = nobody;
	ret->header = status;
	ret->fields = header_count(block, SPAN("From"));
	if (ret->fields == 1 && status == HEADER_OK) {
		ret->status = read_value(from->value, arena, ret);
		return;
	}
	if (from != NULL)
		ret->raw = unfolded(from->value, arena);
	ret->status = ret->fields > 1       ? AUTHOR_FIELDS
		      : status != HEADER_OK ? AUTHOR_HEADER
					    : AUTHOR_NO_FROM;
}

const char *
author_fault(const struct author *author)
{
	switch (author->status) {
	case AUTHOR_OK:
		return "there is one author domain";
	case AUTHOR_FIELDS:
		return "there is more than one From field";
	case AUTHOR_HEADER:
		return header_strerror(author->header);
	case AUTHOR_NO_FROM:
		return "there is no From field";
	case AUTHOR_ADDRESS:
		return address_strerror(author->address_status);
	case AUTHOR_NOBODY:
		return "From names no mailbox";
	case AUTHOR_DOMAIN:
		return domain_strerror(author->domain_status);
	case AUTHOR_DOMAINS:
		return "From has mailboxes of different domains";
	case AUTHOR_NO_MEMORY:
		break;
	}
	return "From is too big to be read";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_walk.h"

/* Labels left after the jump of a walk that begins deeper (section 4.10). */
#define JUMP_TO 7

void
dmarc_walk_init(struct dmarc_walk *w, const struct dname *start)
{
	*w = (struct dmarc_walk){.start = *start};
}

struct dmarc_name *
dmarc_names_get(const struct dmarc_names *names, const struct dname *name)
{
	struct dmarc_name *n = names->newest;

	while (n != NULL && !dname_equal(&n->name, name))
		n = n->next;
	return n;
}

bool
dmarc_names_question(const struct dname *name, struct dns_question *ret)
{
	ret->type = DNS_TXT;
	return dname_under(SPAN("_dmarc"), name, &ret->name);
}

/* The DMARC records of an answer; the first is kept. */
static void
take_records(struct dmarc_name *n, const struct dns_answer *a,
	     struct arena *arena)
{
	struct dmarc_record record;

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		struct span text = a->rr[i].txt.text;

		if (a->rr[i].type != DNS_TXT ||
		    !dmarc_record_parse(text, &record))
			continue;
		if (n->records++ > 0)
			continue;
		n->text = arena_copy(arena, text);
		/* again, so that it borrows from the copy */
		n->found = dmarc_record_parse(n->text, &n->record);
	}
	/* section 4.10: several "are all discarded" */
	n->found = n->found && n->records == 1;
}

struct dmarc_name *
dmarc_names_take(struct dmarc_names *names, const struct dname *name,
		 const struct dns_answer *a)
{
	struct dmarc_name *n = arena_get(names->arena, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->name = *name;
	n->text = SPAN("");
	n->record.fo = SPAN("0");
	n->status = a != NULL ? a->status : DNS_NXDOMAIN;
	n->failed = dns_is_error(n->status);
	if (a != NULL)
		take_records(n, a, names->arena);
	n->next = names->newest;
	names->newest = n;
	return n;
}

/* Where a walk goes next: the name, or false if the last was the last. */
static bool
next_name(const struct dmarc_walk *w, struct dname *ret)
{
	const struct dmarc_name *last;
	size_t labels;

	if (w->len == 0) {
		*ret = w->start;
		return true;
	}
	last = w->at[w->len - 1];
	labels = dname_labels(&last->name);
	if (labels <= 1 || w->len == DMARC_WALK_MAX || last->failed)
		return false;
	if (last->found && last->record.psd != DMARC_PSD_UNKNOWN)
		return false;
	*ret = dname_skip(&last->name, labels > JUMP_TO ? labels - JUMP_TO : 1);
	return true;
}

enum dmarc_walked
dmarc_walk_on(struct dmarc_walk *w, struct dmarc_names *names,
	      struct dname *ret_name, struct dns_question *ret)
{
	struct dname name;

	while (!w->done) {
		const struct dmarc_name *known;

		if (!next_name(w, &name)) {
			w->done = true;
			break;
		}
		known = dmarc_names_get(names, &name);
		if (known == NULL) {
			*ret_name = name;
			if (dmarc_names_question(&name, ret))
				return DMARC_WALK_ASKS;
			known = dmarc_names_take(names, &name, NULL);
			if (known == NULL)
				return DMARC_WALK_MEMORY;
		}
		w->at[w->len++] = known;
	}
	return DMARC_WALKED;
}

bool
dmarc_walk_failed(const struct dmarc_walk *w)
{
	return w->len > 0 && w->at[w->len - 1]->failed;
}

struct dname
dmarc_walk_org(const struct dmarc_walk *w)
{
	const struct dname *fewest = &w->start;
	size_t labels = dname_labels(&w->start);

	for (size_t i = 0; i < w->len; i++) {
		const struct dmarc_name *n = w->at[i];

		if (!n->found)
			continue;
		if (n->record.psd == DMARC_PSD_NO)
			return n->name;
		if (n->record.psd == DMARC_PSD_YES && i > 0)
			return dname_skip(&w->start,
					  labels - dname_labels(&n->name) - 1);
		fewest = &n->name;
	}
	return *fewest;
}

const struct dmarc_name *
dmarc_walk_at(const struct dmarc_walk *w, const struct dname *name)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->at[i]->found && dname_equal(&w->at[i]->name, name))
			return w->at[i];
	return NULL;
}

const struct dmarc_name *
dmarc_walk_psd(const struct dmarc_walk *w)
{
	const struct dmarc_name *last;

	if (w->len == 0)
		return NULL;
	last = w->at[w->len - 1];
	return last->found && last->record.psd == DMARC_PSD_YES ? last : NULL;
}

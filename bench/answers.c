/* SPDX-License-Identifier: Apache-2.0 */
#include "answers.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define SLOTS   (2 * ANSWERS_MAX) /* a power of two */
#define RECORDS 8                 /* at a name, of a type */

struct slot {
	struct dns_question key; /* with type 0: free */
	struct dns_answer answer;
	struct dns_rr rr[RECORDS];
};

static struct slot *slots; /* SLOTS of them */
static size_t used;

/* Any case of the letters gives the same. */
static size_t
slot_of(const struct dns_question *q)
{
	uint64_t hash = q->type, word;
	size_t i, n;

	for (i = 0; i < q->name.len; i += n) {
		n = q->name.len - i < 8 ? q->name.len - i : 8;
		word = 0;
		if (n == 8)
			memcpy(&word, q->name.wire + i, 8);
		else
			memcpy(&word, q->name.wire + i, n);
		word |= 0x2020202020202020U;
		hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
		hash ^= hash >> 32;
	}
	return hash % SLOTS;
}

static struct slot *
find(const struct dns_question *q)
{
	size_t at = slot_of(q);

	while (slots[at].key.type != 0 &&
	       (slots[at].key.type != q->type ||
		!dname_equal(&slots[at].key.name, &q->name)))
		at = (at + 1) % SLOTS;
	return &slots[at];
}

static void
set_data(struct dns_rr *rr, struct span data)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(256);
	struct span word;
	uint64_t number;

	switch (rr->type) {
	case DNS_TXT:
		rr->txt.text = data;
		return;
	case DNS_A:
		buf_add(&text, data);
		if (inet_pton(AF_INET, text.ptr, rr->a) != 1)
			bench_die("the zone has a bad address");
		return;
	case DNS_MX:
		word = span_cut(&data, ' ');
		if (!span_to_u64(word, UINT16_MAX, &number) ||
		    dname_parse(data, &rr->mx.exchange) != DNAME_OK)
			bench_die("the zone has a bad MX");
		rr->mx.preference = (uint16_t)number;
		return;
	default:
		bench_die("the zone has a type that is not known");
	}
}

void
answers_add(struct span name, struct span type, struct span data)
{
	struct dns_question key;
	struct dns_rr *rr;
	struct slot *slot;

	if (slots == NULL)
		slots = calloc(SLOTS, sizeof(*slots));
	if (slots == NULL || used == ANSWERS_MAX ||
	    dname_parse(name, &key.name) != DNAME_OK ||
	    !dns_type_parse(type, &key.type))
		bench_die("the zone cannot be read");
	slot = find(&key);
	if (slot->key.type == 0) {
		slot->key = key;
		slot->answer.rr = slot->rr;
		used++;
	}
	if (slot->answer.len == RECORDS)
		bench_die("the zone has too many records at a name");
	rr = &slot->rr[slot->answer.len++];
	rr->name = key.name;
	rr->type = key.type;
	set_data(rr, data);
}

void
answers_zone(const char *folder, const char *file)
{
	struct span rest = bench_file(folder, file), part[3];

	while (bench_fields(&rest, '|', 3, part))
		if (!span_starts(part[0], SPAN("#")))
			answers_add(part[0], part[1], part[2]);
}

void
answers_keys(const char *folder, const char *file)
{
	struct span rest = bench_file(folder, file), part[2];

	while (bench_fields(&rest, '\t', 2, part))
		answers_add(part[0], SPAN("TXT"), part[1]);
}

void
answers_clear(void)
{
	free(slots);
	slots = NULL;
	used = 0;
}

const struct dns_answer *
answers_get(const struct dns_question *question)
{
	static const struct dns_answer none = {.status = DNS_NXDOMAIN};
	const struct slot *slot = find(question);

	return slot->key.type != 0 ? &slot->answer : &none;
}

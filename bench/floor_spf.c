/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_spf - the least that SPF can cost: compiled records, compared.
 *
 * The records are parsed once.  An evaluation takes the domain of MAIL FROM,
 * finds its record in a hash table by its name, compares the client's address
 * with the networks one after the other, and for an include: or redirect=
 * finds the next record, by its name again (whoever has DNS in a cache has to
 * look there).  No name is checked, nothing is counted or limited, and there
 * is no reason, only a result.  It knows all, ip4, ip6, include and redirect:
 * the case with macros is not for it.  Usage: floor_spf FOLDER
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "spf_cases.h"

#define SLOTS 256 /* of the table; the zone has far fewer names */
#define TERMS 32  /* of a record */

enum kind {
	ALL,
	IP4,
	IP6,
	INCLUDE,
	REDIRECT,
	OTHER,
};

struct term {
	enum kind kind;
	char qualifier;
	uint32_t address, mask; /* IP4, in the host's order */
	struct span domain;     /* INCLUDE, REDIRECT */
};

struct record {
	struct span name;
	struct term term[TERMS];
	size_t len;
	bool other; /* it has a term of another kind */
};

static const struct record *table[SLOTS];

static size_t
slot_of(struct span name)
{
	uint64_t hash = 14695981039346656037U;
	size_t i;

	for (i = 0; i < name.len; i++)
		hash = (hash ^ (uint8_t)span_lower(name.ptr[i])) *
		       1099511628211U;
	return (hash ^ hash >> 32) % SLOTS;
}

static const struct record *
find(struct span name)
{
	size_t at = slot_of(name);

	while (table[at] != NULL && !span_equal_nocase(table[at]->name, name))
		at = (at + 1) % SLOTS;
	return table[at];
}

static uint32_t
host_order(const uint8_t octet[4])
{
	return (uint32_t)octet[0] << 24 | (uint32_t)octet[1] << 16 |
	       (uint32_t)octet[2] << 8 | octet[3];
}

/* Reads "192.0.2.0/24". */
static void
set_network(struct term *t, struct span text)
{
	struct span address = span_cut(&text, '/');
	uint64_t bits = 32;
	char copy[64] = "";
	uint8_t octet[4];

	if (address.len >= sizeof(copy))
		bench_die("the zone has a bad network");
	memcpy(copy, address.ptr, address.len);
	if (inet_pton(AF_INET, copy, octet) != 1 ||
	    (text.len > 0 && !span_to_u64(text, 32, &bits)))
		bench_die("the zone has a bad network");
	t->mask = bits == 0 ? 0 : UINT32_MAX << (32 - bits);
	t->address = host_order(octet) & t->mask;
}

static void
set_term(struct term *t, struct span text)
{
	t->qualifier = '+';
	if (strchr("+-~?", text.ptr[0]) != NULL) {
		t->qualifier = text.ptr[0];
		text = span_skip(text, 1);
	}
	t->kind = OTHER;
	if (span_equal(text, SPAN("all")))
		t->kind = ALL;
	else if (span_starts(text, SPAN("ip6:")))
		t->kind = IP6;
	else if (span_starts(text, SPAN("ip4:"))) {
		t->kind = IP4;
		set_network(t, span_skip(text, 4));
	} else if (span_starts(text, SPAN("include:"))) {
		t->kind = INCLUDE;
		t->domain = span_skip(text, 8);
	} else if (span_starts(text, SPAN("redirect="))) {
		t->kind = REDIRECT;
		t->domain = span_skip(text, 9);
	}
}

static void
add_record(struct span name, struct span text)
{
	struct record *r = calloc(1, sizeof(*r));
	struct span word;
	size_t at;

	if (r == NULL)
		bench_die("no memory");
	r->name = name;
	span_cut(&text, ' ');
	while (text.len > 0) {
		word = span_cut(&text, ' ');
		if (r->len == TERMS)
			bench_die("the zone has a record of many terms");
		set_term(&r->term[r->len], word);
		r->other |= r->term[r->len++].kind == OTHER;
	}
	for (at = slot_of(name); table[at] != NULL; at = (at + 1) % SLOTS)
		;
	table[at] = r;
}

static void
read_zone(const char *folder)
{
	struct span rest = bench_file(folder, "spf.zone"), part[3];

	while (bench_fields(&rest, '|', 3, part))
		if (!span_starts(part[0], SPAN("#")) &&
		    span_equal(part[1], SPAN("TXT")) &&
		    span_starts(part[2], SPAN("v=spf1 ")))
			add_record(part[0], part[2]);
}

/* Returns the qualifier of what matches in the record at `name`. */
static char
match(struct span name, uint32_t ip)
{
	const struct record *r = find(name);
	const struct term *t;
	size_t i;

	if (r == NULL)
		return '!';
	for (i = 0; i < r->len; i++) {
		t = &r->term[i];
		if (t->kind == ALL ||
		    (t->kind == IP4 && (ip & t->mask) == t->address) ||
		    (t->kind == INCLUDE && match(t->domain, ip) == '+'))
			return t->qualifier;
		if (t->kind == REDIRECT)
			return match(t->domain, ip);
	}
	return '?';
}

static size_t
evaluate_round(const struct bench_case *c)
{
	const struct spf_case *q = c->context;
	const char *result;
	size_t i, at;
	char found;

	for (i = 0; i < SPF_ROUND; i++) {
		at = span_find_last(q->mail_from, '@');
		found = match(span_skip(q->mail_from, at + 1),
			      host_order(q->ip));
		result = found == '+'   ? "pass"
			 : found == '-' ? "fail"
			 : found == '~' ? "softfail"
			 : found == '?' ? "neutral"
					: "none";
		if (strcmp(result, q->result) != 0)
			return 0;
	}
	return SPF_ROUND;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};
	const struct spf_case *q;
	const struct record *r;
	size_t i, n, kept = 0;

	if (argc != 2)
		bench_die("usage: floor_spf FOLDER");
	read_zone(argv[1]);
	n = spf_cases(argv[1], evaluate_round, c);
	for (i = 0; i < n; i++) {
		q = c[i].context;
		r = find(span_skip(q->mail_from,
				   span_find_last(q->mail_from, '@') + 1));
		if (r != NULL && !r->other)
			c[kept++] = c[i];
	}
	return bench_serve(c, kept);
}

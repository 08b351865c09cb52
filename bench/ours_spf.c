/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ours_spf - SPF by sesame's own engine.
 *
 * Each question is answered from a hash table under name and type.  All that
 * an evaluation needs, memory included, is taken and given back each time.
 *
 * Usage: ours_spf text FOLDER.  "text": each record is parsed each time.
 */
#include <stdlib.h>

#include "base/map.h"
#include "harness.h"
#include "mailauth/spf.h"
#include "spf_cases.h"

#define KEY_MAX (DNAME_MAX + 2)

static struct map zone; /* dns_answer by type and name */

/* Sets `key` to what `name` and `type` are found by. */
static struct span
key_of(const struct dname *name, uint16_t type, char key[KEY_MAX])
{
	size_t i;

	key[0] = (char)(type >> 8);
	key[1] = (char)(type & 255);
	for (i = 0; i < name->len; i++)
		key[2 + i] = span_lower((char)name->wire[i]);
	return span_bytes(key, 2 + (size_t)name->len);
}

static void
set_data(struct dns_rr *rr, struct span data)
{
	struct spf_ip ip;
	uint64_t number;
	struct span word;

	switch (rr->type) {
	case DNS_TXT:
		rr->txt.text = data;
		return;
	case DNS_A:
		if (!spf_ip_parse_v4(data, &ip))
			bench_die("the zone has a bad address");
		memcpy(rr->a, ip.octet, 4);
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

static void
read_zone(const char *folder)
{
	struct span rest = bench_file(folder, "spf.zone"), part[3];
	struct dns_answer *answer;
	char text[KEY_MAX];
	struct dns_rr *rr;
	struct dname name;
	struct span key;
	uint16_t type;

	map_init(&zone, 1);
	while (bench_fields(&rest, '|', 3, part)) {
		if (span_starts(part[0], SPAN("#")))
			continue;
		if (dname_parse(part[0], &name) != DNAME_OK ||
		    !dns_type_parse(part[1], &type))
			bench_die("the zone has a bad line");
		key = key_of(&name, type, text);
		answer = map_get(&zone, key);
		if (answer == NULL) {
			answer = calloc(1, sizeof(*answer));
			rr = calloc(8, sizeof(*rr));
			if (answer == NULL || rr == NULL)
				bench_die("no memory");
			answer->rr = rr;
			map_put(&zone, key, answer);
		}
		if (answer->len == 8)
			bench_die("the zone has too many records at a name");
		rr = (struct dns_rr *)(uintptr_t)&answer->rr[answer->len++];
		rr->name = name;
		rr->type = type;
		set_data(rr, part[2]);
	}
}

static const struct dns_answer *
look_up(const struct dns_question *question)
{
	static const struct dns_answer none = {.status = DNS_NXDOMAIN};
	const struct dns_answer *found;
	char text[KEY_MAX];

	found = map_get(&zone, key_of(&question->name, question->type, text));
	return found != NULL ? found : &none;
}

static size_t
evaluate(const struct bench_case *c)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	const struct spf_case *q = c->context;
	struct spf_input input = {
		.ip.octet = {q->ip[0], q->ip[1], q->ip[2], q->ip[3]},
		.helo = q->helo,
		.mail_from = q->mail_from};
	struct dns_question question;
	struct spf m;

	spf_init(&m, &input, &arena);
	while (spf_ask(&m, &question))
		spf_answer(&m, look_up(&question));
	return strcmp(spf_verdict_name(spf_result(&m)->verdict), q->result) ==
	       0;
}

static size_t
evaluate_round(const struct bench_case *c)
{
	size_t i;

	for (i = 0; i < SPF_ROUND; i++)
		if (!evaluate(c))
			return 0;
	return SPF_ROUND;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};

	if (argc != 3 || strcmp(argv[1], "text") != 0)
		bench_die("usage: ours_spf text FOLDER");
	read_zone(argv[2]);
	return bench_serve(c, spf_cases(argv[2], evaluate_round, c));
}

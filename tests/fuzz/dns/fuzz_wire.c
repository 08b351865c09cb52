/* SPDX-License-Identifier: Apache-2.0 */
/* Any octets are read without harm; what was read can be written and read. */
#include <assert.h>
#include <stdint.h>

#include "dns/wire.h"

#define ARENA_MAX ((size_t)32 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(const struct dns_rr *a, const struct dns_rr *b)
{
	return dname_equal(&a->name, &b->name) && a->type == b->type &&
	       a->ttl == b->ttl && span_equal(a->data, b->data);
}

/* Writes `m` anew, reads that and compares. */
static void
again(const struct wire_message *m, struct arena *arena)
{
	static uint8_t bytes[WIRE_MESSAGE_MAX];
	struct wire_out out = wire_begin(bytes, sizeof(bytes), &m->header);
	struct wire_message back;

	if (m->header.questions == 1)
		wire_put_question(&out, &m->question);
	for (size_t s = 0; s < WIRE_SECTIONS; s++)
		for (size_t i = 0; i < m->len[s]; i++)
			if (!wire_put_rr(&out, (enum wire_section)s,
					 &m->section[s][i]))
				return; /* was longer, uncompressed */
	if (m->opt.present && !wire_put_opt(&out, &m->opt))
		return;
	assert(wire_parse(wire_end(&out), arena, &back) == WIRE_OK);
	assert(back.header.id == m->header.id &&
	       back.header.rcode == m->header.rcode);
	assert(dname_equal(&back.question.name, &m->question.name));
	assert(back.opt.present == m->opt.present &&
	       back.opt.size == m->opt.size);
	for (size_t s = 0; s < WIRE_SECTIONS; s++) {
		assert(back.len[s] == m->len[s]);
		for (size_t i = 0; i < m->len[s]; i++)
			assert(same(&back.section[s][i], &m->section[s][i]));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(ARENA_MAX);
	struct span message = span_bytes(data, size);
	struct wire_query query;
	struct wire_message m;

	if (wire_parse_query(message, &query) == WIRE_OK)
		assert(query.question.name.len >= 1);
	if (wire_parse(message, &arena, &m) != WIRE_OK)
		return 0;
	for (size_t s = 0; s < WIRE_SECTIONS; s++)
		for (size_t i = 0; i < m.len[s]; i++)
			dns_rr_format(&m.section[s][i], &text);
	again(&m, &arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/arc.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/cache.h"
#include "lib/convert.h"
#include "lib/dns.h"
#include "lib/message.h"

struct sesame_arc {
	struct arena arena; /* of all that follows */
	struct message message;
	int64_t now;            /* ms since 1970 */
	struct dkim_keys *keys; /* or NULL */
	struct arc *arc;        /* once the header is there */
	struct sesame_dns dns;
	struct sesame_arc_result result;
};

static enum sesame_arc_code
code_of(enum arc_verdict verdict)
{
	switch (verdict) {
	case ARC_NONE:
		return SESAME_ARC_NONE;
	case ARC_PASS:
		return SESAME_ARC_PASS;
	case ARC_FAIL:
		break;
	}
	return SESAME_ARC_FAIL;
}

static enum sesame_arc_reason
reason_of(enum arc_reason reason)
{
	switch (reason) {
	case ARC_REASON_OK:
		return SESAME_ARC_GOOD;
	case ARC_REASON_STRUCTURE:
		return SESAME_ARC_STRUCTURE;
	case ARC_REASON_CHAIN:
		return SESAME_ARC_CHAIN;
	case ARC_REASON_SAID:
		return SESAME_ARC_SAID;
	case ARC_REASON_BODY:
		return SESAME_ARC_BODY;
	case ARC_REASON_MESSAGE:
		return SESAME_ARC_MESSAGE;
	case ARC_REASON_SEAL:
		return SESAME_ARC_SEAL;
	case ARC_REASON_KEY:
		return SESAME_ARC_KEY;
	case ARC_REASON_DNS:
		return SESAME_ARC_DNS;
	case ARC_REASON_EXPIRED:
		return SESAME_ARC_EXPIRED;
	case ARC_REASON_FUTURE:
		return SESAME_ARC_FUTURE;
	case ARC_REASON_RESULTS:
	case ARC_REASON_SIGNATURE:
	case ARC_REASON_LENGTH:
		break;
	}
	return SESAME_ARC_MALFORMED;
}

void
result_of_arc(const struct arc_result *arc, struct arena *arena,
	      struct sesame_arc_result *ret)
{
	*ret = (struct sesame_arc_result){
		.code = code_of(arc->verdict),
		.reason = reason_of(arc->reason),
		.reason_text = arc_reason_text(arc->reason),
		.instance = arc->instance,
		.sets = arc->len,
		.domain = text_copy(arena, arc->domain),
	};
}

static void
finish(void *object)
{
	struct sesame_arc *m = object;

	result_of_arc(arc_result(m->arc), &m->arena, &m->result);
}

DNS_MACHINE(machine, arc, struct arc, finish);

static void
take_header(void *context)
{
	struct sesame_arc *m = context;

	m->arc = arc_new(&m->message.header, m->now, m->keys, &m->arena);
}

static void
take_body(void *context, struct span bytes)
{
	struct sesame_arc *m = context;

	arc_feed(m->arc, bytes);
}

enum sesame_status
sesame_arc_new(const struct sesame_arc_input *in, struct sesame_arc **ret)
{
	struct sesame_arc_input given = {.size = 0};
	struct sesame_arc *m;

	if (!input_take(in, &given, sizeof(given)) ||
	    (given.flags & ~(unsigned)SESAME_UNIX_LINES) != 0)
		return SESAME_ERR_ARGUMENT;
	m = mem_new(sizeof(*m));
	m->now = given.time_ms;
	m->keys = given.cache != NULL ? given.cache->keys : NULL;
	arena_init(&m->arena,
		   MESSAGE_ARENA_MAX + ARC_ARENA_MAX + RESULTS_ARENA_MAX);
	message_init(&m->message, (given.flags & SESAME_UNIX_LINES) != 0,
		     (struct message_to){take_header, take_body, m}, &m->arena);
	dns_init(&m->dns);
	*ret = m;
	return SESAME_OK;
}

void
sesame_arc_free(struct sesame_arc *arc)
{
	if (arc == NULL)
		return;
	arc_free(arc->arc);
	message_release(&arc->message);
	dns_release(&arc->dns);
	arena_release(&arc->arena);
	free(arc);
}

enum sesame_status
sesame_arc_feed(struct sesame_arc *arc, const void *bytes, size_t len)
{
	return message_feed(&arc->message, span_bytes(bytes, len))
		       ? SESAME_OK
		       : SESAME_ERR_ORDER;
}

enum sesame_status
sesame_arc_end(struct sesame_arc *arc)
{
	if (!message_end(&arc->message))
		return SESAME_ERR_ORDER;
	arc_end(arc->arc);
	dns_start(&arc->dns, &machine, arc->arc, arc);
	return SESAME_OK;
}

struct sesame_dns *
sesame_arc_dns(struct sesame_arc *arc)
{
	return &arc->dns;
}

const struct sesame_arc_result *
sesame_arc_result(const struct sesame_arc *arc)
{
	return arc->dns.done ? &arc->result : NULL;
}

const char *
sesame_arc_name(enum sesame_arc_code code)
{
	static const char *const name[] = {
		[SESAME_ARC_NONE] = "none",
		[SESAME_ARC_PASS] = "pass",
		[SESAME_ARC_FAIL] = "fail",
	};

	return (unsigned)code < COUNT(name) ? name[code] : "fail";
}

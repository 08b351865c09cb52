/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/responder.h"

#include <assert.h>

/* Types of questions that are no data (RFC 6895 section 3.1). */
#define TYPE_META_FIRST 249 /* TKEY, TSIG, IXFR, AXFR, MAILB, MAILA */
#define TYPE_META_LAST  254
#define TYPE_HINFO      13

/* An answer in the making. */
struct answer {
	const struct zone *zone;
	struct wire_query query;
	struct wire_header header; /* of the answer */
	uint8_t extended;          /* the RCODE's upper eight bits */
	bool tcp;
	uint8_t *to;
	size_t room;
};

/* The header that all answers to `query` begin with. */
static struct wire_header
header_of(const struct wire_query *query)
{
	return (struct wire_header){
		.id = query->header.id,
		.qr = true,
		.opcode = query->header.opcode,
		.rd = query->header.rd,
	};
}

/* Returns how many octets the answer may have. */
static size_t
limit_of(const struct answer *a)
{
	size_t limit = RESPONDER_UDP_MIN;

	if (a->tcp)
		limit = WIRE_MESSAGE_MAX;
	else if (a->query.opt.present && a->query.opt.size > limit)
		limit = a->query.opt.size < WIRE_UDP_MAX ? a->query.opt.size
							 : WIRE_UDP_MAX;
	return limit < a->room ? limit : a->room;
}

/* Puts the OPT in that answers the query's, and ends the message. */
static struct span
end(const struct answer *a, struct wire_out *out)
{
	struct wire_opt opt = {.present = true,
			       .size = WIRE_UDP_MAX,
			       .rcode = a->extended,
			       .dnssec_ok = a->query.opt.dnssec_ok};

	if (a->query.opt.present) {
		out->w.room += WIRE_OPT_SIZE;
		wire_put_opt(out, &opt);
	}
	return wire_end(out);
}

/* Begins the message, keeping room for the OPT. */
static struct wire_out
begin(const struct answer *a)
{
	size_t kept = a->query.opt.present ? WIRE_OPT_SIZE : 0;
	struct wire_out out = wire_begin(a->to, limit_of(a) - kept, &a->header);

	if (a->query.header.questions == 1)
		wire_put_question(&out, &a->query.question);
	return out;
}

/* Answers with an RCODE and no records. */
static struct span
answer_rcode(struct answer *a, unsigned rcode)
{
	struct wire_out out;

	a->header.rcode = rcode & 15;
	a->extended = (uint8_t)(rcode >> 4);
	out = begin(a);
	return end(a, &out);
}

/* Answers a message that could not be read, with its ID and opcode only. */
static struct span
answer_malformed(struct answer *a)
{
	a->query.header.questions = 0;
	a->query.opt = (struct wire_opt){.present = false};
	return answer_rcode(a, WIRE_FORMERR);
}

/* Puts a set in; false if it does not fit as a whole. */
static bool
put_set(struct wire_out *out, enum wire_section section,
	const struct dname *name, const struct zone_set *set)
{
	for (const struct zone_data *data = set->data; data != NULL;
	     data = data->next)
		if (!wire_put_record(out, section, name, set->type,
				     WIRE_CLASS_IN, set->ttl,
				     span_bytes(data->bytes, data->len)))
			return false;
	return true;
}

/* Answers from the zone: records, or the SOA of their absence. */
static struct span
answer_zone(struct answer *a, enum zone_found found, const struct zone_set *set)
{
	const struct wire_question *q = &a->query.question;
	struct wire_out out;
	bool fits;

	a->header.aa = true;
	a->header.rcode = found == ZONE_NXDOMAIN ? WIRE_NXDOMAIN : WIRE_NOERROR;
	out = begin(a);
	if (found != ZONE_FOUND)
		fits = put_set(&out, WIRE_AUTHORITY, zone_apex(a->zone),
			       zone_soa(a->zone));
	else if (q->type == DNS_ANY) /* RFC 8482 section 4.2 */
		fits = wire_put_record(&out, WIRE_ANSWER, &q->name, TYPE_HINFO,
				       WIRE_CLASS_IN, RESPONDER_ANY_TTL,
				       SPAN("\7RFC8482\0"));
	else
		fits = put_set(&out, WIRE_ANSWER, &q->name, set);
	if (!fits) {
		a->header.tc = true;
		out = begin(a);
	}
	return end(a, &out);
}

/* Whether a question of this class and type is one for data. */
static bool
is_plain(const struct wire_question *q)
{
	return q->class == WIRE_CLASS_IN && q->type != DNS_OPT &&
	       (q->type < TYPE_META_FIRST || q->type > TYPE_META_LAST);
}

struct span
responder_answer(const struct zone *zone, struct span query, bool tcp, void *to,
		 size_t room)
{
	struct answer a = {.zone = zone, .tcp = tcp, .to = to, .room = room};
	const struct zone_set *set = NULL;
	enum wire_status status = wire_parse_query(query, &a.query);
	enum zone_found found;

	assert(room >= WIRE_UDP_MAX);
	if (query.len < WIRE_HEADER_SIZE || a.query.header.qr)
		return SPAN("");
	a.header = header_of(&a.query);
	if (a.query.header.opcode != WIRE_QUERY) {
		a.query.header.questions = 0;
		a.query.opt = (struct wire_opt){.present = false};
		return answer_rcode(&a, WIRE_NOTIMP);
	}
	if (status != WIRE_OK)
		return answer_malformed(&a);
	if (a.query.opt.version > 0)
		return answer_rcode(&a, WIRE_BADVERS);
	if (!is_plain(&a.query.question))
		return answer_rcode(&a, WIRE_REFUSED);
	found = zone_find(zone, &a.query.question.name, a.query.question.type,
			  &set);
	if (found == ZONE_OUTSIDE)
		return answer_rcode(&a, WIRE_REFUSED);
	return answer_zone(&a, found, set);
}

struct span
responder_slip(struct span query, void *to, size_t room)
{
	struct answer a = {.to = to, .room = room};

	assert(room >= WIRE_UDP_MAX);
	if (wire_parse_query(query, &a.query) != WIRE_OK || a.query.header.qr ||
	    a.query.header.opcode != WIRE_QUERY)
		return SPAN("");
	a.header = header_of(&a.query);
	a.header.tc = true;
	return answer_rcode(&a, WIRE_NOERROR);
}

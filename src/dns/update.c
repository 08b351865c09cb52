/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/update.h"

/* The sections have other names in an update (RFC 2136 section 2). */
#define PREREQUISITE WIRE_ANSWER
#define UPDATE       WIRE_AUTHORITY

struct wire_out
update_begin(void *ptr, size_t room, uint16_t id, const struct dname *zone)
{
	struct wire_header header = {.id = id, .opcode = WIRE_UPDATE};
	struct wire_question section = {*zone, DNS_SOA, WIRE_CLASS_IN};
	struct wire_out out = wire_begin(ptr, room, &header);

	wire_put_question(&out, &section);
	return out;
}

bool
update_require(struct wire_out *out, const struct dname *name, uint16_t type)
{
	return wire_put_record(out, PREREQUISITE, name, type, WIRE_CLASS_ANY, 0,
			       SPAN(""));
}

bool
update_require_absent(struct wire_out *out, const struct dname *name,
		      uint16_t type)
{
	return wire_put_record(out, PREREQUISITE, name, type, WIRE_CLASS_NONE,
			       0, SPAN(""));
}

bool
update_add(struct wire_out *out, const struct dns_rr *rr)
{
	return wire_put_rr(out, UPDATE, rr);
}

bool
update_delete(struct wire_out *out, const struct dns_rr *rr)
{
	return wire_put_record(out, UPDATE, &rr->name, rr->type,
			       WIRE_CLASS_NONE, 0, rr->data);
}

bool
update_delete_set(struct wire_out *out, const struct dname *name, uint16_t type)
{
	return wire_put_record(out, UPDATE, name, type, WIRE_CLASS_ANY, 0,
			       SPAN(""));
}

bool
update_read_answer(struct span message, uint16_t id, unsigned *ret)
{
	struct reader r = reader_of(message);
	struct wire_header header;

	if (!wire_read_header(&r, &header) || !header.qr ||
	    header.opcode != WIRE_UPDATE || header.id != id)
		return false;
	*ret = header.rcode;
	return true;
}

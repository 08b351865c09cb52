/* SPDX-License-Identifier: Apache-2.0 */
/*
 * update - messages that change a zone at its server (RFC 2136).
 *
 *	struct wire_out out = update_begin(bytes, sizeof(bytes), id, &zone);
 *	update_require_absent(&out, &name);	prerequisites first,
 *	update_delete_set(&out, &name, DNS_TXT);
 *	update_add(&out, &rr);			then the changes, in order
 *	message = wire_end(&out);
 *
 * The server does all of it or nothing.  Sign it with dns/tsig.h.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "dns/wire.h"

/* Begins an update of `zone` in the `room` octets at `ptr`. */
struct wire_out update_begin(void *ptr, size_t room, uint16_t id,
			     const struct dname *zone);

/*
 * The following return false, leaving the message as it was, if there is no
 * room.
 */

/* Demands that there be records of `type` at `name`; DNS_ANY: of any. */
bool update_require(struct wire_out *out, const struct dname *name,
		    uint16_t type) MUST_CHECK;

/* Demands that there be no records of `type` at `name`; DNS_ANY: of none. */
bool update_require_absent(struct wire_out *out, const struct dname *name,
			   uint16_t type) MUST_CHECK;

/* Adds a record, with the data it has (see dns_rr_pack()). */
bool update_add(struct wire_out *out, const struct dns_rr *rr) MUST_CHECK;

/* Removes the record of this name, type and data. */
bool update_delete(struct wire_out *out, const struct dns_rr *rr) MUST_CHECK;

/* Removes all records of `type` at `name`; DNS_ANY: of every type. */
bool update_delete_set(struct wire_out *out, const struct dname *name,
		       uint16_t type) MUST_CHECK;

/*
 * Sets *ret to the RCODE (an enum wire_rcode) of the answer to update `id`.
 * Returns false if `message` is not that.
 */
bool update_read_answer(struct span message, uint16_t id,
			unsigned *ret) MUST_CHECK;

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * responder - the answer of an authoritative server to a query.
 *
 * Octets in, octets out, and nothing remembered: a query for the zone is
 * answered with AA, all else is refused in as few octets as that takes.  What
 * is no query at all, or is itself an answer, is dropped, so that two servers
 * can never talk to each other without end.
 *
 * ANY is answered with one small record (RFC 8482); there are no transfers,
 * no updates, no recursion, and nobody learns what software this is.  Over
 * UDP an answer is at most WIRE_UDP_MAX octets, else TC says to come back.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * RFC 1034, 1035, 2308, 6891, 8020, 8482.
 */
#pragma once

#include "dns/wire.h"
#include "dns/zone.h"

/* Octets of UDP that a client without EDNS takes. */
#define RESPONDER_UDP_MIN 512
/* TTL of the record that answers ANY, seconds. */
#define RESPONDER_ANY_TTL 3600

/*
 * Writes the answer to `query` to the `room` octets at `to`, at least
 * WIRE_UDP_MAX, or WIRE_MESSAGE_MAX over TCP.
 * Returns it; empty if there shall be none.
 */
struct span responder_answer(const struct zone *zone, struct span query,
			     bool tcp, void *to, size_t room);

/*
 * As responder_answer() for UDP, but the answer is only that it was cut
 * short (TC): for a client that asks too much, and may be forged.
 */
struct span responder_slip(struct span query, void *to, size_t room);

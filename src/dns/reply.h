/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply - a resolver's response message, as the answer to a question.
 *
 * For whoever lets a resolver library ask, and has its response in hand: that
 * library saw to the ID, the server and the transport, and what is left is to
 * believe only what was asked for.  Who asks by himself uses dns/resolve.h.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: the answer lives in the arena; the message may go.
 * RFC 1035 section 4, RFC 2308.
 */
#pragma once

#include "dns/wire.h"

/* What a message is. */
enum reply_status {
	REPLY_OK = 0,
	REPLY_NOT_OURS,  /* no response, or one to another question */
	REPLY_TRUNCATED, /* it was cut short (TC) */
	REPLY_MALFORMED, /* it cannot be read, or is too big for the arena */
};

/*
 * Reads `message` as the answer to `question`, its name followed over at most
 * DNS_ALIASES_MAX CNAMEs; above that, and with an RCODE but NOERROR and
 * NXDOMAIN, or from a server that is neither a resolver nor the zone's own,
 * the answer is DNS_SERVFAIL.  Whether AD is believed, `trust_ad` says.
 *
 * REPLY_OK sets *ret; any other status leaves it alone.
 */
enum reply_status reply_read(struct span message,
			     const struct dns_question *question, bool trust_ad,
			     struct arena *arena,
			     struct dns_answer *ret) MUST_CHECK;

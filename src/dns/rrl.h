/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rrl - response rate limiting: how many answers a network gets over UDP.
 *
 * Whoever forges the source of queries makes us send answers to a victim.
 * So each /24 (IPv6: /64) gets RRL_ANSWERS_MAX answers a second; of the
 * queries beyond that every RRL_SLIP-th is told to come over TCP, which
 * cannot be forged, and the rest hears nothing.
 *
 * The table has a fixed size: a flood from everywhere makes it forget, and
 * costs neither memory nor more time.
 *
 * No I/O, no logging, no clock.  Ownership: the struct is the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RRL_ANSWERS_MAX 200   /* to a network, in a second */
#define RRL_SLIP        2     /* every which of the rest is sent over to TCP */
#define RRL_NETWORKS    65536 /* that are remembered */
#define RRL_WAYS        4     /* places where a network may stand */

struct rrl_slot;

struct rrl {
	struct rrl_slot *slot; /* RRL_NETWORKS of them */
	uint64_t seed;         /* of the hash */
};

enum rrl_verdict {
	RRL_ANSWER = 0, /* answer */
	RRL_TRUNCATE,   /* say only that the answer was cut short */
	RRL_DROP,       /* say nothing */
};

/* Makes `rrl` empty.  `seed` should be random. */
void rrl_init(struct rrl *rrl, uint64_t seed);

/* Frees what `rrl` holds. */
void rrl_release(struct rrl *rrl);

/*
 * Counts a query over UDP from `ip` (16 octets if `v6`, else 4) at `now`
 * (monotonic, milliseconds), and says what to do with it.
 */
enum rrl_verdict rrl_count(struct rrl *rrl, bool v6, const uint8_t *ip,
			   int64_t now);

/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrl.h"

#include <stdlib.h>

#include "base/mem.h"

#define WINDOW 1000 /* milliseconds in which answers are counted */

/* A network and what it got in its window. */
struct rrl_slot {
	uint64_t network; /* its prefix, marked as IPv4 or IPv6; 0: free */
	int64_t since;    /* when the window began */
	uint32_t queries; /* in the window */
};

void
rrl_init(struct rrl *rrl, uint64_t seed)
{
	rrl->slot = mem_array(RRL_NETWORKS, sizeof(*rrl->slot));
	rrl->seed = seed;
}

void
rrl_release(struct rrl *rrl)
{
	free(rrl->slot);
	*rrl = (struct rrl){.slot = NULL};
}

/* The /24 or /64 as a number that is not 0 and tells the two apart. */
static uint64_t
network_of(bool v6, const uint8_t *ip)
{
	uint64_t network = 0;

	for (size_t i = 0; i < (v6 ? 8 : 3); i++)
		network = network << 8 | ip[i];
	if (!v6)
		return network | (uint64_t)0xff << 56; /* multicast in IPv6 */
	return network != 0 ? network : 1;
}

/* Mixes well enough that a stranger without the seed meets no one on purpose
 * (the finaliser of splitmix64, over seed and network twice). */
static uint64_t
hash_of(uint64_t seed, uint64_t network)
{
	uint64_t x = seed ^ network;

	for (int i = 0; i < 2; i++) {
		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
		x = (x ^ x >> 27) * 0x94d049bb133111eb;
		x ^= (x >> 31) ^ seed;
	}
	return x;
}

/* Returns the slot of `network`, taken from the one that is oldest if new. */
static struct rrl_slot *
slot_of(struct rrl *rrl, uint64_t network, int64_t now)
{
	size_t set = hash_of(rrl->seed, network) % (RRL_NETWORKS / RRL_WAYS);
	struct rrl_slot *way = rrl->slot + set * RRL_WAYS;
	struct rrl_slot *oldest = way;

	for (size_t i = 0; i < RRL_WAYS; i++) {
		if (way[i].network == network)
			return &way[i];
		if (way[i].network == 0 || way[i].since < oldest->since)
			oldest = &way[i];
		if (way[i].network == 0)
			break;
	}
	*oldest = (struct rrl_slot){.network = network, .since = now};
	return oldest;
}

enum rrl_verdict
rrl_count(struct rrl *rrl, bool v6, const uint8_t *ip, int64_t now)
{
	struct rrl_slot *slot = slot_of(rrl, network_of(v6, ip), now);

	if (now - slot->since >= WINDOW) {
		slot->since = now;
		slot->queries = 0;
	}
	if (slot->queries < UINT32_MAX)
		slot->queries++;
	if (slot->queries <= RRL_ANSWERS_MAX)
		return RRL_ANSWER;
	return (slot->queries - RRL_ANSWERS_MAX) % RRL_SLIP == 0 ? RRL_TRUNCATE
								 : RRL_DROP;
}

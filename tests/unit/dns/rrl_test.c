/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrl.h"

#include "unit.h"

/* Of `queries` from one address in one second: how many were answered. */
struct tally {
	size_t answered, truncated, dropped;
};

static struct tally
flood(struct rrl *rrl, bool v6, const uint8_t *ip, size_t queries, int64_t now)
{
	struct tally tally = {0};

	for (size_t i = 0; i < queries; i++) {
		int64_t at = now + (int64_t)(i * 1000 / queries);
		enum rrl_verdict verdict = rrl_count(rrl, v6, ip, at);

		tally.answered += verdict == RRL_ANSWER;
		tally.truncated += verdict == RRL_TRUNCATE;
		tally.dropped += verdict == RRL_DROP;
	}
	return tally;
}

static void
test_flood(void **state)
{
	static const uint8_t ip[4] = {192, 0, 2, 1};
	CLEANUP(rrl_release) struct rrl rrl;

	(void)state;
	rrl_init(&rrl, 1);
	for (int64_t s = 0; s < 5; s++) {
		struct tally t = flood(&rrl, false, ip, 5000, s * 1000);

		assert_int_equal(t.answered, 200);
		assert_int_equal(t.truncated, 2400);
		assert_int_equal(t.dropped, 2400);
	}
}

static void
test_slow(void **state)
{
	static const uint8_t ip[4] = {192, 0, 2, 1};
	CLEANUP(rrl_release) struct rrl rrl;

	(void)state;
	rrl_init(&rrl, 1);
	for (int64_t s = 0; s < 5; s++)
		assert_int_equal(flood(&rrl, false, ip, 200, s * 1000).answered,
				 200);
}

/* What counts together: a /24, a /64, and never IPv4 with IPv6. */
static void
test_networks(void **state)
{
	static const uint8_t a[4] = {192, 0, 2, 1}, b[4] = {192, 0, 2, 99};
	static const uint8_t c[4] = {192, 0, 3, 1};
	static const uint8_t p[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	static const uint8_t q[16] = {0x20, 1, 0xd, 0xb8, [8] = 9};
	static const uint8_t r[16] = {0x20, 1, 0xd, 0xb8, [7] = 1};
	static const uint8_t zero[16] = {0};
	CLEANUP(rrl_release) struct rrl rrl;

	(void)state;
	rrl_init(&rrl, 1);
	assert_int_equal(flood(&rrl, false, a, 200, 0).answered, 200);
	assert_int_equal(flood(&rrl, false, b, 200, 0).answered, 0);
	assert_int_equal(flood(&rrl, false, c, 200, 0).answered, 200);
	assert_int_equal(flood(&rrl, true, p, 200, 0).answered, 200);
	assert_int_equal(flood(&rrl, true, q, 200, 0).answered, 0);
	assert_int_equal(flood(&rrl, true, r, 200, 0).answered, 200);
	assert_int_equal(flood(&rrl, true, zero, 300, 0).answered, 200);
	assert_int_equal(flood(&rrl, false, zero, 300, 0).answered, 200);
}

/* More networks than there is room for: the table forgets, and no more. */
static void
test_many(void **state)
{
	CLEANUP(rrl_release) struct rrl rrl;

	(void)state;
	rrl_init(&rrl, 7);
	for (uint32_t i = 0; i < 4 * RRL_NETWORKS; i++) {
		uint8_t ip[4] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8),
				 (uint8_t)i, 1};

		assert_int_equal(rrl_count(&rrl, false, ip, 0), RRL_ANSWER);
	}
}

/* A thousand networks at once are counted apart, whatever the seed. */
static void
test_apart(void **state)
{
	CLEANUP(rrl_release) struct rrl rrl;

	(void)state;
	rrl_init(&rrl, 0);
	for (uint32_t round = 0; round <= RRL_ANSWERS_MAX; round++)
		for (uint32_t i = 0; i < 1000; i++) {
			uint8_t ip[4] = {10, (uint8_t)(i >> 8), (uint8_t)i, 1};

			assert_int_equal(rrl_count(&rrl, false, ip, round) ==
						 RRL_ANSWER,
					 round < RRL_ANSWERS_MAX);
		}
}

int
main(void)
{
	UNIT(test_flood);
	UNIT(test_slow);
	UNIT(test_networks);
	UNIT(test_many);
	UNIT(test_apart);
	return unit_run("dns/rrl");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/seal.h"

#include <stdlib.h>

#include "unit.h"

#define MASTER_A SPAN("0123456789abcdef0123456789abcdef")
#define MASTER_B SPAN("fedcba9876543210fedcba9876543210")
#define AAD      SPAN("v1|000000000001|7|1|abcdefgh|rsa")
#define PLAIN    SPAN("a secret worth sealing")

static struct seal_ring *
ring_of(struct span master)
{
	struct seal_ring *ring = seal_ring_new();

	assert_true(seal_ring_add(ring, master));
	return ring;
}

static void
test_round(void **state)
{
	CLEANUP(seal_ring_freep) struct seal_ring *ring = ring_of(MASTER_A);
	CLEANUP(buf_release) struct buf one = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(buf_release) struct buf two = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(secret_release) struct secret plain = {.ptr = NULL};

	(void)state;
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &one));
	assert_int_equal(one.len, PLAIN.len + SEAL_OVERHEAD);
	assert_int_equal(one.ptr[0], 1);
	assert_true(span_search(buf_span(&one), SPAN("secret")) == SPAN_NONE);
	assert_int_equal(
		unseal(ring, SEAL_DKIM_KEY, AAD, buf_span(&one), &plain),
		SEAL_OK);
	assert_true(span_equal(secret_span(&plain), PLAIN));

	/* Another nonce each time, so another ciphertext. */
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &two));
	assert_memory_not_equal(one.ptr + 2, two.ptr + 2, 12);
	assert_memory_not_equal(one.ptr + 14, two.ptr + 14, PLAIN.len);
}

static void
test_empty(void **state)
{
	CLEANUP(seal_ring_freep) struct seal_ring *ring = ring_of(MASTER_A);
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(secret_release) struct secret plain = {.ptr = NULL};

	(void)state;
	assert_true(seal(ring, SEAL_DKIM_KEY, SPAN(""), SPAN(""), &sealed));
	assert_int_equal(sealed.len, SEAL_OVERHEAD);
	assert_int_equal(unseal(ring, SEAL_DKIM_KEY, SPAN(""),
				buf_span(&sealed), &plain),
			 SEAL_OK);
	assert_int_equal(plain.len, 0);
}

/* A changed bit anywhere, head and tag included, is found. */
static void
test_flips(void **state)
{
	CLEANUP(seal_ring_freep) struct seal_ring *ring = ring_of(MASTER_A);
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(SEAL_PLAIN_MAX);
	struct secret plain;

	(void)state;
	assert_true(seal(ring, SEAL_API_SECRET, AAD, PLAIN, &sealed));
	for (size_t i = 0; i < sealed.len * 8; i++) {
		sealed.ptr[i / 8] ^= (char)(1 << i % 8);
		assert_int_not_equal(unseal(ring, SEAL_API_SECRET, AAD,
					    buf_span(&sealed), &plain),
				     SEAL_OK);
		sealed.ptr[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t n = 0; n < sealed.len; n++)
		assert_int_not_equal(unseal(ring, SEAL_API_SECRET, AAD,
					    span_sub(buf_span(&sealed), 0, n),
					    &plain),
				     SEAL_OK);
}

/* Two rows of the store: parts of one put into the other open neither. */
static void
test_swaps(void **state)
{
	static const struct {
		size_t from, to;
	} part[] = {{2, 14}, {14, 36}, {36, 52}, {2, 36}, {14, 52}};
	CLEANUP(seal_ring_freep) struct seal_ring *ring = ring_of(MASTER_A);
	CLEANUP(buf_release) struct buf one = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(buf_release) struct buf two = BUF_INIT(SEAL_PLAIN_MAX);
	struct secret plain;

	(void)state;
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &one));
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &two));
	assert_int_equal(one.len, 52);
	for (size_t i = 0; i < COUNT(part); i++) {
		char mixed[52];

		memcpy(mixed, one.ptr, sizeof(mixed));
		memcpy(mixed + part[i].from, two.ptr + part[i].from,
		       part[i].to - part[i].from);
		assert_int_equal(unseal(ring, SEAL_DKIM_KEY, AAD,
					span_bytes(mixed, sizeof(mixed)),
					&plain),
				 SEAL_REFUSED);
	}
}

static void
test_aad(void **state)
{
	static const char *const other[] = {
		"",
		"v1|000000000001|7|1|abcdefgh|rs",
		"v1|000000000002|7|1|abcdefgh|rsa",
		"v1|000000000001|8|1|abcdefgh|rsa",
		"v1|000000000001|7|2|abcdefgh|rsa",
		"v1|000000000001|7|1|abcdefgi|rsa",
		"v1|000000000001|7|1|abcdefgh|rsa|"};
	CLEANUP(seal_ring_freep) struct seal_ring *ring = ring_of(MASTER_A);
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(SEAL_PLAIN_MAX);
	struct secret plain;

	(void)state;
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &sealed));
	for (size_t i = 0; i < COUNT(other); i++)
		assert_int_equal(unseal(ring, SEAL_DKIM_KEY, span_of(other[i]),
					buf_span(&sealed), &plain),
				 SEAL_REFUSED);
	assert_int_equal(
		unseal(ring, SEAL_API_SECRET, AAD, buf_span(&sealed), &plain),
		SEAL_REFUSED);
}

/* After a change of the master key, the new one seals and both open. */
static void
test_rotation(void **state)
{
	CLEANUP(seal_ring_freep) struct seal_ring *old = ring_of(MASTER_A);
	CLEANUP(seal_ring_freep) struct seal_ring *both = ring_of(MASTER_B);
	CLEANUP(buf_release) struct buf first = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(buf_release) struct buf second = BUF_INIT(SEAL_PLAIN_MAX);
	CLEANUP(secret_release) struct secret plain = {.ptr = NULL};

	(void)state;
	assert_true(seal(old, SEAL_DKIM_KEY, AAD, PLAIN, &first));
	assert_true(seal_ring_add(both, MASTER_A));
	assert_int_equal(
		unseal(both, SEAL_DKIM_KEY, AAD, buf_span(&first), &plain),
		SEAL_OK);
	secret_release(&plain);
	assert_true(seal(both, SEAL_DKIM_KEY, AAD, PLAIN, &second));
	assert_int_equal(
		unseal(old, SEAL_DKIM_KEY, AAD, buf_span(&second), &plain),
		SEAL_NO_MASTER);
	assert_int_equal(
		unseal(both, SEAL_DKIM_KEY, AAD, buf_span(&second), &plain),
		SEAL_OK);
}

static void
test_limits(void **state)
{
	static char big[SEAL_PLAIN_MAX + SEAL_OVERHEAD + 1] = {1};
	CLEANUP(seal_ring_freep) struct seal_ring *ring = seal_ring_new();
	CLEANUP(buf_release)
	struct buf sealed = BUF_INIT(SEAL_PLAIN_MAX + SEAL_OVERHEAD);
	CLEANUP(buf_release) struct buf small = BUF_INIT(SEAL_OVERHEAD);
	struct secret plain;

	(void)state;
	assert_false(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &sealed));
	assert_false(seal_ring_add(ring, SPAN("too short")));
	for (int i = 0; i < SEAL_MASTERS_MAX; i++)
		assert_true(seal_ring_add(ring, MASTER_A));
	assert_false(seal_ring_add(ring, MASTER_A));
	assert_true(seal(ring, SEAL_DKIM_KEY, AAD,
			 span_bytes(big, SEAL_PLAIN_MAX), &sealed));
	assert_false(seal(ring, SEAL_DKIM_KEY, AAD,
			  span_bytes(big, SEAL_PLAIN_MAX + 1), &sealed));
	assert_false(seal(ring, SEAL_DKIM_KEY,
			  span_bytes(big, SEAL_AAD_MAX + 1), PLAIN, &sealed));
	assert_false(seal(ring, SEAL_DKIM_KEY, AAD, PLAIN, &small));
	assert_int_equal(small.len, 0);
	assert_int_equal(unseal(ring, SEAL_DKIM_KEY, AAD,
				span_bytes(big, sizeof(big)), &plain),
			 SEAL_MALFORMED);
}

int
main(void)
{
	UNIT(test_round);
	UNIT(test_empty);
	UNIT(test_flips);
	UNIT(test_swaps);
	UNIT(test_aad);
	UNIT(test_rotation);
	UNIT(test_limits);
	return unit_run("crypt/seal");
}

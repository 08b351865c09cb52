/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/client.h"

#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

/* What callbacks saw, in order: the context's letter and the status. */
static struct buf seen = BUF_INIT(65536);

static void
note(void *context, const struct keyd_reply *reply)
{
	buf_addf(&seen, "%s%d ", (const char *)context, (int)reply->status);
}

static const struct keyd_request sign_request = {
	.op = KEYD_SIGN,
	.sealed = SPAN("sealed"),
	.aad = SPAN("aad"),
	.digest = SPAN("0123456789abcdef0123456789abcdef"),
};

/* Reads a request from the output, as keyd would; false if there is none. */
static bool
read_request(struct keyd_client *c, uint64_t *ret_id, struct keyd_request *ret)
{
	struct span rest = keyd_client_output(c);
	struct span frame;

	if (keyd_frame_cut(&rest, &frame) != KEYD_FRAME_OK)
		return false;
	assert_true(keyd_request_unpack(frame, ret_id, ret));
	return true;
}

static size_t
reply_of(uint64_t id, enum keyd_op op, enum keyd_status status, uint8_t *room)
{
	struct keyd_reply reply = {.op = op, .status = status};
	struct writer w = writer_over(room, KEYD_FRAME_MAX);

	assert_true(keyd_reply_pack(id, &reply, &w));
	return w.len;
}

static void
ask(struct keyd_client *c, const char *name)
{
	assert_true(keyd_client_ask(c, &sign_request, note,
				    (void *)(uintptr_t)name));
}

static void
test_round(void **state)
{
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	struct keyd_request got;
	uint8_t room[KEYD_FRAME_MAX];
	uint64_t id;
	size_t len;

	(void)state;
	buf_clear(&seen);
	assert_int_equal(keyd_client_output(c).len, 0);
	ask(c, "a");
	assert_int_equal(keyd_client_pending(c), 1);
	assert_true(read_request(c, &id, &got));
	assert_int_equal(got.op, KEYD_SIGN);
	assert_span(got.sealed, "sealed");
	keyd_client_sent(c, 5);
	keyd_client_sent(c, keyd_client_output(c).len);
	assert_int_equal(keyd_client_output(c).len, 0);

	/* byte by byte */
	len = reply_of(id, KEYD_SIGN, KEYD_BAD_SEAL, room);
	for (size_t i = 0; i < len; i++) {
		assert_string_equal(seen.ptr, "");
		assert_true(keyd_client_feed(c, span_bytes(room + i, 1)));
	}
	assert_string_equal(seen.ptr, "a3 ");
	assert_int_equal(keyd_client_pending(c), 0);
}

/* Replies are matched by their id, in whatever order they come. */
static void
test_order(void **state)
{
	static const char *const name[] = {"a", "b", "c", "d"};
	static const size_t order[] = {2, 0, 3, 1};
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	CLEANUP(buf_release) struct buf all = BUF_INIT(1 << 20);
	uint8_t room[KEYD_FRAME_MAX];
	struct keyd_request got;
	uint64_t id[4];

	(void)state;
	buf_clear(&seen);
	for (size_t i = 0; i < COUNT(name); i++) {
		ask(c, name[i]);
		assert_true(read_request(c, &id[i], &got));
		keyd_client_sent(c, keyd_client_output(c).len);
	}
	for (size_t i = 0; i < COUNT(order); i++)
		buf_add(&all, span_bytes(room, reply_of(id[order[i]], KEYD_SIGN,
							KEYD_OK, room)));
	assert_true(keyd_client_feed(c, buf_span(&all)));
	assert_string_equal(seen.ptr, "c0 a0 d0 b0 ");
	/* The chain is whole: what is asked next is answered. */
	ask(c, "e");
	assert_true(read_request(c, &id[0], &got));
	assert_true(keyd_client_feed(
		c,
		span_bytes(room, reply_of(id[0], KEYD_SIGN, KEYD_NO, room))));
	assert_string_equal(seen.ptr, "c0 a0 d0 b0 e1 ");
}

struct again {
	struct keyd_client *c;
	int times;
};

static void
ask_again(void *context, const struct keyd_reply *reply)
{
	struct again *again = context;

	(void)reply;
	buf_addf(&seen, "%zu ", keyd_client_pending(again->c));
	if (again->times-- > 0)
		assert_true(keyd_client_ask(again->c, &sign_request, ask_again,
					    again));
}

/* A callback may ask again; when the process is lost that is for the next. */
static void
test_lost(void **state)
{
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	struct again again = {c, 1};
	struct keyd_request got;
	uint8_t room[KEYD_FRAME_MAX];
	uint64_t id;

	(void)state;
	buf_clear(&seen);
	ask(c, "a");
	assert_true(keyd_client_ask(c, &sign_request, ask_again, &again));
	ask(c, "b");
	keyd_client_sent(c, 3); /* half sent: forgotten nevertheless */
	assert_true(keyd_client_feed(c, SPAN("\0\0\0\x40half")));
	keyd_client_lost(c);
	assert_string_equal(seen.ptr, "a7 0 b7 ");
	assert_int_equal(keyd_client_pending(c), 1);
	assert_true(read_request(c, &id, &got));
	assert_true(keyd_client_feed(
		c, span_bytes(room, reply_of(id, KEYD_SIGN, KEYD_OK, room))));
	assert_string_equal(seen.ptr, "a7 0 b7 0 ");
	keyd_client_lost(c);
	assert_string_equal(seen.ptr, "a7 0 b7 0 ");
}

static void
test_nonsense(void **state)
{
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	uint8_t room[KEYD_FRAME_MAX];
	struct keyd_request got;
	uint64_t id;

	(void)state;
	buf_clear(&seen);
	assert_false(keyd_client_feed(c, SPAN("\xff\xff\xff\xff")));
	keyd_client_lost(c);
	assert_false(keyd_client_feed(c, SPAN("\0\0\0\3abc")));
	keyd_client_lost(c);
	/* a reply that nobody waits for */
	assert_false(keyd_client_feed(
		c, span_bytes(room, reply_of(9, KEYD_SIGN, KEYD_OK, room))));
	keyd_client_lost(c);
	/* a reply to something else: it is still told of the loss */
	ask(c, "a");
	assert_true(read_request(c, &id, &got));
	assert_false(keyd_client_feed(
		c, span_bytes(room, reply_of(id, KEYD_VERIFY, KEYD_OK, room))));
	assert_string_equal(seen.ptr, "");
	keyd_client_lost(c);
	assert_string_equal(seen.ptr, "a7 ");
}

static void
test_limits(void **state)
{
	static char big[KEYD_BYTES_MAX + 1];
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	struct keyd_request import = {.op = KEYD_IMPORT};
	size_t count = 0;

	(void)state;
	buf_clear(&seen);
	import.bytes = span_bytes(big, sizeof(big));
	assert_false(keyd_client_ask(c, &import, note, NULL));
	import.bytes.len--;
	while (keyd_client_ask(c, &import, note, (void *)(uintptr_t) "i"))
		count++;
	assert_int_equal(count, KEYD_OUT_MAX / (KEYD_BYTES_MAX + 75));
	assert_int_equal(keyd_client_pending(c), count);
	keyd_client_sent(c, keyd_client_output(c).len);
	while (count < KEYD_PENDING_MAX) {
		ask(c, "s");
		keyd_client_sent(c, keyd_client_output(c).len);
		count++;
	}
	assert_false(keyd_client_ask(c, &sign_request, note, NULL));
	keyd_client_lost(c);
	assert_int_equal(keyd_client_pending(c), 0);
	assert_int_equal(seen.len, KEYD_PENDING_MAX * 3);
}

static void
test_patience(void **state)
{
	CLEANUP(keyd_client_freep) struct keyd_client *c = keyd_client_new();
	uint8_t room[KEYD_FRAME_MAX];
	struct keyd_request got;
	uint64_t id;

	(void)state;
	assert_true(keyd_client_tick(c, 1000));
	assert_true(keyd_client_tick(c, 9000000)); /* nothing waits */
	ask(c, "a");
	ask(c, "b");
	assert_true(read_request(c, &id, &got));
	assert_true(keyd_client_tick(c, 10000000));
	assert_true(keyd_client_tick(c, 10000000 + KEYD_PATIENCE - 1));
	/* one reply, and it is waited as long for the other */
	assert_true(keyd_client_feed(
		c, span_bytes(room, reply_of(id, KEYD_SIGN, KEYD_OK, room))));
	assert_true(keyd_client_tick(c, 10000000 + KEYD_PATIENCE));
	assert_true(keyd_client_tick(c, 10000000 + 2 * KEYD_PATIENCE - 1));
	assert_false(keyd_client_tick(c, 10000000 + 2 * KEYD_PATIENCE));
	keyd_client_lost(c);
	assert_true(keyd_client_tick(c, 10000000 + 3 * KEYD_PATIENCE));
}

int
main(void)
{
	int rc;

	UNIT(test_round);
	UNIT(test_order);
	UNIT(test_lost);
	UNIT(test_nonsense);
	UNIT(test_limits);
	UNIT(test_patience);
	rc = unit_run("keyd/client");
	buf_release(&seen);
	return rc;
}

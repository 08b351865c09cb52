/* SPDX-License-Identifier: Apache-2.0 */
/* The cleaner on a store in memory, with a clock and a loop that obey. */
#include "serve/cleaner.h"

/* These stand in for src/sys. */
#include "../../fake/clock.c"
#include "../../fake/loop.c"
#include "../../fake/worker.c"

#include "store/temp.h"

#define DAY   (INT64_C(86400) * 1000)
#define START (T0 + 1000 * DAY)

static struct loop *loop;
static struct storage *storage;
static struct store *db;
static struct cleaner *cleaner;

static void
on_broken(void *context)
{
	(void)context;
	fail_msg("the store is broken");
}

static void
setup(void)
{
	fake_now = START;
	loop = loop_new();
	OK(storage_new(loop, ":memory:", on_broken, NULL, &storage, &err));
	db = storage_store(storage);
	temp_account(db, A);
	cleaner = cleaner_new(loop, storage);
}

static void
teardown(void)
{
	cleaner_free(cleaner);
	storage_free(storage);
	loop_free(loop);
}

/* Adds a message that was finished at `finished`, or is not if that is 0. */
static uint64_t
add(const char *message_id, int64_t finished)
{
	struct message m = temp_message(message_id);
	struct recipient r = temp_recipient("a", "d.test", T0);

	OK(store_message_add(db, &m, SPAN("hi"), &r, 1, &err));
	if (finished > 0) {
		r.state = RECIPIENT_DELIVERED;
		r.updated = finished;
		OK(store_recipient_update(db, &r, &err));
	}
	return m.id;
}

/* "gone", "row" without data, or "all" of the message is there. */
static const char *
what_is_left(uint64_t id)
{
	struct message m;
	struct buf data = BUF_INIT(100);
	struct error error;
	bool there = store_message_data(db, id, &data, &error);

	buf_release(&data);
	if (there)
		return "all";
	return store_message_get(db, id, &m, &error) ? "row" : "gone";
}

static void
test_messages(void **state)
{
	uint64_t open, fresh, old, oldest;

	(void)state;
	setup();
	open = add("open", 0);
	fresh = add("fresh", START - DAY + 120000);
	old = add("old", START - DAY - 1);
	oldest = add("oldest", START - 30 * DAY - 1);
	fake_run(loop, START + CLEANER_FIRST + 1);
	assert_string_equal(what_is_left(open), "all");
	assert_string_equal(what_is_left(fresh), "all");
	assert_string_equal(what_is_left(old), "row");
	assert_string_equal(what_is_left(oldest), "gone");
	fake_run(loop, START + CLEANER_FIRST + CLEANER_EVERY + 1);
	assert_string_equal(what_is_left(fresh), "row");
	fake_run(loop, START + 40 * DAY);
	assert_string_equal(what_is_left(open), "all");
	assert_string_equal(what_is_left(fresh), "gone");
	teardown();
}

static size_t
count_events(void)
{
	struct event *e = mem_array(2000, sizeof(*e));
	size_t len = 0;

	OK(store_event_list(db, A, "", 0, e, 2000, &len, &err));
	free(e);
	return len;
}

/* More than one piece is deleted soon, but not at once. */
static void
test_pieces(void **state)
{
	struct event e = {.time = START - 91 * DAY, .account = A};

	(void)state;
	setup();
	for (int i = 0; i < 2 * CLEANER_PIECE + 7; i++)
		OK(store_event_add(db, &e, &err));
	e.time = START - 89 * DAY;
	OK(store_event_add(db, &e, &err));
	fake_run(loop, START + CLEANER_FIRST + 1);
	assert_int_equal(count_events(), CLEANER_PIECE + 8);
	fake_run(loop, START + CLEANER_FIRST + 3 * CLEANER_PAUSE);
	assert_int_equal(count_events(), 1);
	fake_run(loop, START + 2 * DAY);
	assert_int_equal(count_events(), 0);
	teardown();
}

static void
test_reports(void **state)
{
	struct report_row *r = mem_new(sizeof(*r));
	struct error error;

	(void)state;
	setup();
	COPY(r->token, "old");
	r->received = START - 30 * DAY - 1;
	OK(store_report_put(db, r, &err));
	COPY(r->token, "new");
	r->received = START - 29 * DAY;
	OK(store_report_put(db, r, &err));
	fake_run(loop, START + CLEANER_FIRST + 1);
	assert_false(store_report_get(db, "old", r, &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
	OK(store_report_get(db, "new", r, &err));
	free(r);
	teardown();
}

static void
test_stop(void **state)
{
	uint64_t id;

	(void)state;
	setup();
	id = add("old", START - 2 * DAY);
	cleaner_stop(cleaner);
	fake_run(loop, START + 2 * DAY);
	assert_int_equal(cleaner_busy(cleaner), 0);
	assert_string_equal(what_is_left(id), "all");
	teardown();
}

int
main(void)
{
	UNIT(test_messages);
	UNIT(test_pieces);
	UNIT(test_reports);
	UNIT(test_stop);
	return unit_run("serve/cleaner");
}

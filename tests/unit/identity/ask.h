/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask - answers a machine's questions from a fixture, until it has no more.
 */
#pragma once

#include "dns/fixture.h"

#include "unit.h"

/* The most questions that any machine of a test asks. */
#define ASK_MAX 200

/*
 * Runs the machine `m` whose functions are x_ask and x_answer; sets *ret to
 * how many questions it asked.  Each is asked twice: it must be the same.
 */
#define ASK_ALL(x, m, fixture, ret)                                            \
	do {                                                                   \
		struct dns_question ask_q_, ask_again_;                        \
		size_t ask_count_ = 0;                                         \
                                                                               \
		while (x##_ask((m), &ask_q_)) {                                \
			struct arena ask_arena_ = ARENA_INIT(1 << 20);         \
			struct dns_answer ask_answer_;                         \
                                                                               \
			assert_true(x##_ask((m), &ask_again_));                \
			assert_int_equal(ask_q_.type, ask_again_.type);        \
			assert_true(                                           \
				dname_equal(&ask_q_.name, &ask_again_.name));  \
			assert_true(++ask_count_ < ASK_MAX);                   \
			fixture_answer((fixture), &ask_q_, &ask_arena_,        \
				       &ask_answer_);                          \
			x##_answer((m), &ask_answer_);                         \
			arena_release(&ask_arena_);                            \
		}                                                              \
		assert_false(x##_ask((m), &ask_q_));                           \
		*(ret) = ask_count_;                                           \
	} while (0)

/* Reads the fixture of a row, in which ' stands for ". */
static inline struct fixture *
ask_fixture(const char *text)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(1 << 20);
	struct error error;
	struct fixture *fixture;

	for (; *text != '\0'; text++)
		buf_addc(&json, *text == '\'' ? '"' : *text);
	fixture = fixture_parse(buf_span(&json), &error);
	if (fixture == NULL)
		fail_msg("fixture: %s", error.text);
	return fixture;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit - cmocka, with a table's row as a case.
 *
 * A test program adds its tests and the rows of its tables, then ends with
 * `return unit_run("folder/module");`.  A row's first member is its name:
 *
 *	static void test_good(void **state)
 *	{
 *		const struct good_row *row = *state;
 *		...
 *	}
 *	UNIT_ROWS(test_good, good);
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/span.h"

/* Most tests and rows in one program. */
#define UNIT_MAX 4096

static struct CMUnitTest unit_test_[UNIT_MAX];
static size_t unit_tests_;

/* Adds the test `run`, called `name`, which is given `state`. */
static inline void
unit_add(const char *name, CMUnitTestFunction run, const void *state)
{
	assert_true(unit_tests_ < UNIT_MAX);
	unit_test_[unit_tests_++] = (struct CMUnitTest){
		.name = name,
		.test_func = run,
		.initial_state = (void *)(uintptr_t)state,
	};
}

#define UNIT(run) unit_add(#run, run, NULL)

#define UNIT_ROWS(run, rows)                                                   \
	for (size_t unit_i_ = 0; unit_i_ < COUNT(rows); unit_i_++)             \
	unit_add((rows)[unit_i_].name, run, &(rows)[unit_i_])

/*
 * Whether this run is under valgrind, some thirty times slower: a test that
 * only repeats itself may do so less often.
 */
static inline bool
unit_slow(void)
{
	return getenv("SESAME_SLOW") != NULL;
}

/* Runs everything that was added; returns the exit status. */
static inline int
unit_run(const char *group)
{
	return _cmocka_run_group_tests(group, unit_test_, unit_tests_, NULL,
				       NULL);
}

/* Returns whether `text` is `want`, in which "*" is anything. */
static inline bool
looks_like(const char *text, const char *want)
{
	for (; *want != '*'; want++, text++)
		if (*want != *text || *want == '\0')
			return *want == *text;
	do {
		if (looks_like(text, want + 1))
			return true;
	} while (*text++ != '\0');
	return false;
}

/* Fails unless `got` holds the bytes of the C string `want`. */
#define assert_span(got, want)                                                 \
	do {                                                                   \
		struct span unit_got_ = (got);                                 \
		const char *unit_want_ = (want);                               \
		if (!span_equal(unit_got_, span_of(unit_want_)))               \
			fail_msg("%s is \"" SPAN_FMT "\", want \"%s\"", #got,  \
				 SPAN_ARG(unit_got_), unit_want_);             \
	} while (0)

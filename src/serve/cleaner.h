/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleaner - deletes from the store what nobody will ask for any more.
 *
 * Once an hour, and in small pieces, so that nobody else waits long for the
 * store.  What is not finished is never deleted.
 */
#pragma once

#include "serve/storage.h"

/* How long things are kept, in ms. */
#define CLEANER_DATA                                                           \
	(INT64_C(86400) * 1000) /* a message's bytes, once                     \
				   it is finished */
#define CLEANER_MESSAGE (INT64_C(30) * 86400 * 1000) /* the rest of it */
#define CLEANER_EVENT   (INT64_C(90) * 86400 * 1000)
#define CLEANER_REPORT  (INT64_C(30) * 86400 * 1000)
#define CLEANER_SENT    (INT64_C(2) * 86400 * 1000) /* counts for quotas */

#define CLEANER_EVERY 3600000 /* ms from one time to the next */
#define CLEANER_FIRST 60000   /* ms until the first */
#define CLEANER_PIECE 500     /* rows of a kind that are deleted at once */
#define CLEANER_PAUSE 1000    /* ms until the next piece, if there is more */

struct cleaner;

/* Starts it. */
struct cleaner *cleaner_new(struct loop *loop,
			    struct storage *storage) MUST_CHECK;

/* Deletes no more; what is under way is finished. */
void cleaner_stop(struct cleaner *cleaner);

/* Returns how many jobs are under way. */
size_t cleaner_busy(const struct cleaner *cleaner);

/* Frees it, which may be NULL; no job may be under way. */
void cleaner_free(struct cleaner *cleaner);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * temp - a store in a folder of its own, and rows to put into it.
 */
#pragma once

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

#include "unit.h"

#define T0 INT64_C(1700000000000) /* a time of day */

/* Fails the test, with the text, unless the call was a success. */
#define OK(call)                                                               \
	do {                                                                   \
		struct error err = {0};                                        \
		if (!(call))                                                   \
			fail_msg("%s: %s (%d)", #call, err.text, err.code);    \
	} while (0)

/* Fails the test unless the call failed with that code. */
#define FAILS(call, want)                                                      \
	do {                                                                   \
		struct error err = {0};                                        \
		if (call)                                                      \
			fail_msg("%s is no failure", #call);                   \
		if (err.code != (want))                                        \
			fail_msg("%s: %s (%d)", #call, err.text, err.code);    \
		assert_true(err.text[0] != '\0');                              \
	} while (0)

struct temp {
	char folder[64];
	char path[80]; /* of the database */
};

static inline void
temp_init(struct temp *t)
{
	/* In memory where that is, or fsync is what a test waits for. */
	snprintf(t->folder, sizeof(t->folder), "%s/store-test-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(t->folder));
	snprintf(t->path, sizeof(t->path), "%s/db", t->folder);
}

static inline void
temp_release(struct temp *t)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < COUNT(tails); i++) {
		char path[96];

		snprintf(path, sizeof(path), "%s%s", t->path, tails[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(t->folder), 0);
}

/* Opens the database of `t`; NULL `t`: one in memory. */
static inline struct store *
temp_open(const struct temp *t)
{
	struct store *s = NULL;

	OK(store_open(t != NULL ? t->path : ":memory:", NULL, &s, &err));
	return s;
}

#define COPY(to, text)                                                         \
	do {                                                                   \
		assert_true(strlen(text) < sizeof(to));                        \
		memcpy((to), (text), strlen(text) + 1);                        \
	} while (0)

/* Adds the account `id`. */
static inline void
temp_account(struct store *s, const char *id)
{
	struct account a = {.created = T0};

	COPY(a.id, id);
	OK(store_account_add(s, &a, &err));
}

#define A "111122223333"
#define B "444455556666"

/* A domain of account A as CreateEmailIdentity makes it. */
static inline struct identity
temp_identity(const char *name)
{
	struct identity i = {
		.type = SES_DOMAIN,
		.created = T0,
		.feedback_forwarding = true,
		.verification = {SES_PENDING, T0, 0},
		.dkim = {SES_PENDING, T0, 0},
		.signing_enabled = true,
		.origin = SES_ORIGIN_AWS_SES,
		.next_length = SES_RSA_2048_BIT,
		.on_mx_failure = SES_USE_DEFAULT_VALUE,
		.next_check = T0 + 1000,
		.check_from = T0,
	};

	COPY(i.account, A);
	COPY(i.name, name);
	return i;
}

/* A message of account A. */
static inline struct message
temp_message(const char *message_id)
{
	struct message m = {.identity = 1, .created = T0};

	COPY(m.account, A);
	COPY(m.message_id, message_id);
	COPY(m.mail_from, "bounce@sesmail.example.org");
	return m;
}

/* A recipient that is due at `due`. */
static inline struct recipient
temp_recipient(const char *local, const char *domain, int64_t due)
{
	struct recipient r = {
		.state = RECIPIENT_QUEUED,
		.next_attempt = due,
		.updated = T0,
	};

	snprintf(r.address, sizeof(r.address), "%s@%s", local, domain);
	COPY(r.domain, domain);
	return r;
}

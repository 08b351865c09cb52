/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/checker.h"

#include <stdlib.h>

#include "api/seen.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "identity/diagnose.h"
#include "identity/lifecycle.h"
#include "identity/observe.h"
#include "identity/schedule.h"
#include "identity/show.h"
#include "identity/token.h"
#include "sys/clock.h"

/* Most memory that one check's record set and observation take. */
#define CHECK_ARENA_MAX (OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX)
/* When an identity that cannot be looked at is due again, in ms. */
#define POSTPONE 3600000
/* DKIM keys of an identity that are looked at. */
#define KEYS_MAX (2 * STORE_TOKENS)

struct check {
	const struct checker *checker;
	uint64_t id;
	uint64_t entropy;
	check_done *done;
	void *context;
	struct storage_job job; /* load, then save */
	struct identity identity;
	char selector[STORE_TOKEN_SIZE];    /* of the key that signs, or "" */
	char public_key[STORE_PUBLIC_SIZE]; /* its p=, or "" */
	struct arena arena;
	struct record_set set;
	struct observe observe;
	struct observe_want want;
	struct diagnose diagnose;
	char nonce[TOKEN_LEN + 1]; /* a label that nobody publishes */
	int64_t now;               /* when all answers were there */
	struct buf seen;           /* the document of what was seen */
};

ASKING_MACHINE(observe, struct observe);
ASKING_MACHINE(diagnose, struct diagnose);

static void
finish(struct check *check, bool kept)
{
	check_done *done = check->done;
	void *context = check->context;

	arena_release(&check->arena);
	buf_release(&check->seen);
	free(check);
	done(context, kept);
}

static bool
load_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct check *check = container_of(job, struct check, job);
	struct dkim_key *key = mem_array(KEYS_MAX, sizeof(*key));
	size_t len = 0;
	bool ok = store_identity_get_by_id(store, check->id, &check->identity,
					   reterr) &&
		  store_dkim_key_list(store, check->id, key, KEYS_MAX, &len,
				      reterr);

	for (size_t i = 0; ok && i < len; i++) {
		if (key[i].state != DKIM_KEY_ACTIVE)
			continue;
		memcpy(check->selector, key[i].selector,
		       sizeof(check->selector));
		memcpy(check->public_key, key[i].public,
		       sizeof(check->public_key));
	}
	free(key);
	return ok;
}

static bool
add_events(struct store *store, const struct identity *identity,
	   const struct lifecycle_events *events, int64_t now,
	   struct error *reterr)
{
	for (size_t i = 0; i < events->len; i++) {
		struct event row;

		lifecycle_event_row(&events->event[i], identity, now, &row);
		if (!store_event_add(store, &row, reterr))
			return false;
	}
	return true;
}

/*
 * The identity may have been changed while DNS was asked: what was seen
 * counts only if the record set and its key are still the same.
 */
static bool
still_the_same(const struct check *check, const struct identity *identity)
{
	return strcmp(identity->mail_from, check->identity.mail_from) == 0 &&
	       memcmp(identity->token, check->identity.token,
		      sizeof(identity->token)) == 0 &&
	       identity->current_length == check->identity.current_length &&
	       identity->check_from == check->identity.check_from;
}

static bool
save_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct check *check = container_of(job, struct check, job);
	struct lifecycle_events events = {.len = 0};
	char setting[SEEN_SETTING_SIZE];
	struct identity identity;

	if (!store_identity_get_by_id(store, check->id, &identity, reterr))
		return false;
	if (!still_the_same(check, &identity))
		return true;
	lifecycle_step(&identity, observe_result(&check->observe), check->now,
		       check->checker->confirm, &events);
	identity.next_check = schedule_next(
		&identity, check->now, check->checker->confirm, check->entropy);
	seen_setting(check->id, setting);
	return store_identity_update(store, &identity, reterr) &&
	       add_events(store, &identity, &events, check->now, reterr) &&
	       store_setting_put(store, setting, buf_span(&check->seen),
				 reterr);
}

static void
save_done(struct storage_job *job, const struct error *failure)
{
	finish(container_of(job, struct check, job), failure == NULL);
}

/* Makes the document that the API shows. */
static void
write_seen(struct check *check)
{
	const struct observation *seen = observe_result(&check->observe);
	json_t *diagnosis =
		show_diagnosis(seen, diagnose_result(&check->diagnose));
	json_t *findings = json_get(diagnosis, "findings");
	json_t *document = seen_write(seen, check->now, json_incref(findings));

	json_format(document, &check->seen);
	json_decref(document);
	json_decref(diagnosis);
}

static void
diagnosed(void *context)
{
	struct check *check = context;

	check->now = clock_now();
	write_seen(check);
	check->job.run = save_run;
	check->job.done = save_done;
	storage_do(check->checker->storage, &check->job);
}

static void
observed(void *context)
{
	struct check *check = context;
	uint8_t entropy[TOKEN_ENTROPY];
	struct diagnose_want want = {
		.seen = observe_result(&check->observe),
		.suffixes = check->checker->suffixes,
	};

	random_fill(entropy, sizeof(entropy));
	token_format(entropy, check->nonce);
	want.nonce = span_of(check->nonce);
	diagnose_init(&check->diagnose, &want, &check->arena);
	asking_start(check->checker->loop, check->checker->lookup,
		     &diagnose_machine, &check->diagnose, true, diagnosed,
		     check);
}

static bool
postpone_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct check *check = container_of(job, struct check, job);
	struct identity identity;

	if (!store_identity_get_by_id(store, check->id, &identity, reterr))
		return false;
	identity.next_check = check->now + POSTPONE;
	return store_identity_update(store, &identity, reterr);
}

/* It has no records (a zone's new name may be too long for them): were it
 * due on, it would stand before all others for ever. */
static void
postpone(struct check *check)
{
	check->now = clock_now();
	check->job.run = postpone_run;
	check->job.done = save_done;
	storage_do(check->checker->storage, &check->job);
}

static void
load_done(struct storage_job *job, const struct error *failure)
{
	struct check *check = container_of(job, struct check, job);
	struct error why;

	if (failure != NULL) {
		finish(check, false);
		return;
	}
	if (!records_of(&check->identity, &check->checker->service,
			span_of(check->public_key), &check->set, &why)) {
		postpone(check);
		return;
	}
	check->want = (struct observe_want){
		.set = &check->set,
		.signing_selector = span_of(check->selector),
		.public_key = span_of(check->public_key),
		.keyless = check->selector[0] == '\0',
	};
	observe_init(&check->observe, &check->want, &check->arena);
	asking_start(check->checker->loop, check->checker->lookup,
		     &observe_machine, &check->observe, true, observed, check);
}

void
check_start(const struct checker *checker, uint64_t id, uint64_t entropy,
	    check_done *done, void *context)
{
	struct check *check = mem_new(sizeof(*check));

	check->checker = checker;
	check->id = id;
	check->entropy = entropy;
	check->done = done;
	check->context = context;
	arena_init(&check->arena, CHECK_ARENA_MAX);
	buf_init(&check->seen, SEEN_MAX);
	check->job.run = load_run;
	check->job.done = load_done;
	storage_do(checker->storage, &check->job);
}

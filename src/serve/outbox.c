/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/outbox.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "serve/cleaner.h"
#include "serve/parcel.h"
#include "sys/clock.h"

/* Rest before the store is asked again after it failed, in ms. */
#define AFTER_FAILURE 1000
/* Rest before what the mailer had no room for is due again, in ms. */
#define AFTER_REFUSAL 1000
/* Rest while all that is due is for domains with enough under way, in ms. */
#define AFTER_BUSY 1000

/* How many mails are under way to a domain; there while there are any. */
struct lane {
	size_t mails;
};

struct outbox {
	struct outbox_parts parts;
	struct cleaner *cleaner;
	struct loop_timer *timer;
	struct storage_job job;  /* the load */
	struct parcel_load load; /* the same */
	bool loading;            /* it is under way */
	bool again;              /* and is to be run once more */
	bool recovered;          /* what was being sent before is queued */
	bool taken;              /* something was, since the last round began */
	bool starved;            /* a mail that is done makes room */
	bool stopped;
	struct parcel *first; /* under way */
	size_t mails;         /* as many */
	size_t held;          /* octets of their messages */
	struct map lanes;     /* by domain */
	uint64_t entropy;
	struct parcel *unkept; /* that the store did not take */
	struct loop_timer *retry;
};

static uint64_t
draw(struct outbox *outbox)
{
	outbox->entropy =
		outbox->entropy * 6364136223846793005u + 1442695040888963407u;
	return outbox->entropy;
}

/* ---- what is under way ---- */

static struct span
domain_of(const struct parcel *parcel)
{
	return span_of(parcel->recipient[0].domain);
}

static void
enter(struct outbox *outbox, struct parcel *parcel)
{
	struct lane *lane = map_get(&outbox->lanes, domain_of(parcel));

	if (lane == NULL) {
		lane = mem_new(sizeof(*lane));
		map_put(&outbox->lanes, domain_of(parcel), lane);
	}
	lane->mails++;
	parcel->owner = outbox;
	parcel->next = outbox->first;
	parcel->link = &outbox->first;
	if (parcel->next != NULL)
		parcel->next->link = &parcel->next;
	outbox->first = parcel;
	outbox->mails++;
}

/* There is room again: those who wait for it have their turn. */
static void
feed(struct outbox *outbox)
{
	if (!outbox->starved || outbox->stopped)
		return;
	outbox->starved = false;
	loop_timer_set(outbox->timer, 0);
}

static void
unlink_parcel(struct parcel *parcel)
{
	*parcel->link = parcel->next;
	if (parcel->next != NULL)
		parcel->next->link = parcel->link;
}

static void
leave(struct outbox *outbox, struct parcel *parcel)
{
	struct lane *lane = map_get(&outbox->lanes, domain_of(parcel));

	if (--lane->mails == 0)
		free(map_take(&outbox->lanes, domain_of(parcel)));
	unlink_parcel(parcel);
	outbox->mails--;
	parcel_free(parcel);
	feed(outbox);
}

/* ---- keeping ---- */

static bool
keep_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	return parcel_keep(container_of(job, struct parcel, job), store,
			   reterr);
}

static void
keep_done(struct storage_job *job, const struct error *failure)
{
	struct parcel *parcel = container_of(job, struct parcel, job);
	struct outbox *outbox = parcel->owner;

	if (failure == NULL) {
		leave(outbox, parcel);
		return;
	}
	unlink_parcel(parcel);
	parcel->next = outbox->unkept;
	parcel->link = &outbox->unkept;
	if (parcel->next != NULL)
		parcel->next->link = &parcel->next;
	outbox->unkept = parcel;
	loop_timer_set(outbox->retry, AFTER_FAILURE);
}

/* Stores what became of a parcel, which the mailer does not have. */
static void
keep(struct outbox *outbox, struct parcel *parcel)
{
	outbox->held -= parcel_drop(parcel);
	feed(outbox);
	parcel->job.run = keep_run;
	parcel->job.done = keep_done;
	storage_do(outbox->parts.storage, &parcel->job);
}

static void
keep_again(void *context)
{
	struct outbox *outbox = context;

	while (outbox->unkept != NULL) {
		struct parcel *parcel = outbox->unkept;

		unlink_parcel(parcel);
		parcel->next = outbox->first;
		parcel->link = &outbox->first;
		if (parcel->next != NULL)
			parcel->next->link = &parcel->next;
		outbox->first = parcel;
		keep(outbox, parcel);
	}
}

/* ---- sending ---- */

static struct parcel *
parcel_of(struct mail *mail)
{
	return container_of(mail, struct parcel, mail);
}

static void
mail_result(struct mail *mail, size_t i, const struct smtp_result *result,
	    const char *host)
{
	struct parcel *parcel = parcel_of(mail);

	parcel_result(parcel, i, result, host, clock_now(),
		      draw(parcel->owner));
}

static void
mail_done(struct mail *mail)
{
	struct parcel *parcel = parcel_of(mail);

	keep(parcel->owner, parcel);
}

/* The mailer was stopped before the mail had its turn. */
static void
mail_back(struct mail *mail)
{
	struct parcel *parcel = parcel_of(mail);

	parcel_requeue(parcel, clock_now(), 0);
	keep(parcel->owner, parcel);
}

static void
dispatch(struct outbox *outbox, struct parcel *parcel)
{
	int64_t now = clock_now();

	if (outbox->stopped) {
		parcel_requeue(parcel, now, 0);
	} else if (parcel->fault != NULL) {
		parcel_fail(parcel, now);
	} else {
		parcel->mail.result = mail_result;
		parcel->mail.done = mail_done;
		if (mailer_send(outbox->parts.mailer, &parcel->mail))
			return;
		parcel_requeue(parcel, now, now + AFTER_REFUSAL);
	}
	keep(outbox, parcel);
}

/* ---- looking what is due ---- */

static bool
load_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct outbox *outbox = container_of(job, struct outbox, job);

	return parcel_load(&outbox->load, store, reterr);
}

/* Gives up what was loaded: the store did not keep that it was taken. */
static void
unload(struct parcel_load *load)
{
	while (load->first != NULL) {
		struct parcel *parcel = load->first;

		load->first = parcel->next;
		parcel_drop(parcel);
		parcel_free(parcel);
	}
}

/* Sets the timer by what the load has found. */
static void
plan(struct outbox *outbox)
{
	const struct parcel_load *load = &outbox->load;
	bool round_ends = load->cursor[0] == '\0';
	int64_t after = load->next > load->now ? load->next - load->now : 0;

	if (load->mails > 0)
		outbox->taken = true;
	if (outbox->again) {
		after = 0;
	} else if (load->cut) {
		outbox->starved = load->lacking;
		after = load->lacking ? AFTER_BUSY : 0;
	} else if (after == 0 && round_ends && !outbox->taken) {
		outbox->starved = true;
		after = AFTER_BUSY;
	}
	if (round_ends)
		outbox->taken = false;
	outbox->again = false;
	loop_timer_set(outbox->timer,
		       after < OUTBOX_SLEEP_MAX ? after : OUTBOX_SLEEP_MAX);
}

static void
load_done(struct storage_job *job, const struct error *failure)
{
	struct outbox *outbox = container_of(job, struct outbox, job);
	struct parcel_load *load = &outbox->load;

	outbox->loading = false;
	if (failure != NULL) {
		unload(load);
		if (!outbox->stopped)
			loop_timer_set(outbox->timer, AFTER_FAILURE);
		return;
	}
	outbox->recovered = true;
	outbox->held += load->octets;
	while (load->first != NULL) {
		struct parcel *parcel = load->first;

		load->first = parcel->next;
		enter(outbox, parcel);
		dispatch(outbox, parcel);
	}
	if (!outbox->stopped)
		plan(outbox);
}

/* Notes the domains that are to get no more for now. */
static void
note_busy(struct outbox *outbox)
{
	struct parcel_load *load = &outbox->load;
	const struct lane *lane;
	struct span domain;
	size_t at = 0;

	load->busy_len = 0;
	while ((lane = map_each(&outbox->lanes, &at, &domain)) != NULL) {
		if (lane->mails < OUTBOX_DOMAIN_MAX)
			continue;
		if (load->busy_len == PARCEL_BUSY_MAX)
			break;
		snprintf(load->busy[load->busy_len++], STORE_DOMAIN_SIZE,
			 SPAN_FMT, SPAN_ARG(domain));
	}
}

static void
look(void *context)
{
	struct outbox *outbox = context;
	struct parcel_load *load = &outbox->load;

	if (outbox->stopped)
		return;
	if (outbox->loading) {
		outbox->again = true;
		return;
	}
	if (outbox->mails >= outbox->parts.mails_max ||
	    outbox->held >= outbox->parts.held_max) {
		outbox->starved = true;
		return;
	}
	note_busy(outbox);
	load->now = clock_now();
	load->requeue = !outbox->recovered;
	load->mails_max = outbox->parts.mails_max - outbox->mails;
	load->octets_max = outbox->parts.held_max - outbox->held;
	load->first = NULL;
	load->mails = load->octets = 0;
	load->cut = load->lacking = false;
	load->alone = outbox->held == 0;
	outbox->loading = true;
	storage_do(outbox->parts.storage, &outbox->job);
}

struct outbox *
outbox_new(const struct outbox_parts *parts)
{
	struct outbox *outbox = mem_new(sizeof(*outbox));

	assert(parts->mails_max > 0);
	outbox->parts = *parts;
	outbox->entropy = parts->seed;
	map_init(&outbox->lanes, parts->seed);
	outbox->job.run = load_run;
	outbox->job.done = load_done;
	outbox->cleaner = cleaner_new(parts->loop, parts->storage);
	outbox->retry = loop_timer_new(parts->loop, keep_again, outbox);
	outbox->timer = loop_timer_new(parts->loop, look, outbox);
	loop_timer_set(outbox->timer, 0);
	return outbox;
}

void
outbox_wake(struct outbox *outbox)
{
	if (!outbox->stopped)
		loop_timer_set(outbox->timer, 0);
}

void
outbox_stop(struct outbox *outbox)
{
	outbox->stopped = true;
	loop_timer_clear(outbox->timer);
	cleaner_stop(outbox->cleaner);
	mailer_stop(outbox->parts.mailer, mail_back);
}

size_t
outbox_busy(const struct outbox *outbox)
{
	return outbox->mails + outbox->loading + cleaner_busy(outbox->cleaner);
}

static void
free_parcels(struct parcel *parcel)
{
	while (parcel != NULL) {
		struct parcel *next = parcel->next;

		parcel_drop(parcel);
		parcel_free(parcel);
		parcel = next;
	}
}

void
outbox_free(struct outbox *outbox)
{
	struct lane *lane;
	size_t at = 0;

	if (outbox == NULL)
		return;
	if (outbox->loading)
		unload(&outbox->load);
	free_parcels(outbox->first);
	free_parcels(outbox->unkept);
	while ((lane = map_each(&outbox->lanes, &at, NULL)) != NULL)
		free(lane);
	map_release(&outbox->lanes);
	cleaner_free(outbox->cleaner);
	loop_timer_free(outbox->retry);
	loop_timer_free(outbox->timer);
	free(outbox);
}

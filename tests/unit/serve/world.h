/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - a loop with a store on a disk, a mailer, and a DNS that is a table:
 * the functions of serve/lookup.h are here.
 *
 * The store is opened twice: `storage` is what is tested, and `db` is the
 * test's own, to put rows there and to look at them.
 */
#pragma once

#include <arpa/inet.h>

#include "base/mem.h"
#include "serve/mailer.h"
#include "serve/smtp_listener.h"
#include "serve/storage.h"
#include "store/temp.h"
#include "sys/clock.h"

static struct loop *loop;
static struct temp temp;
static struct store *db;
static struct storage *storage;
static struct mailer *mailer;
static struct smtp_listener *listener;
static int door;
static unsigned questions;
static bool dns_is_slow; /* to TXT questions */
static bool (*condition)(void);
static struct loop_timer *ticker;
static int64_t deadline;

/* ---- DNS ---- */

struct lookup_wait {
	struct loop_timer *timer;
	struct dns_question question;
	lookup_done *done;
	void *context;
};

/* Texts of names; every name that has "." in it has the address 127.0.0.1. */
static const struct text_row {
	const char *name;
	const char *text;
} texts[] = {
	{"good.test", "v=spf1 ip4:127.0.0.1 -all"},
	{"_dmarc.good.test", "v=DMARC1; p=reject"},
};

static void
lookup_fire(void *context)
{
	struct lookup_wait *w = context;
	struct dns_rr rr = {.type = w->question.type};
	struct dns_answer a = {.status = DNS_NODATA, .rr = &rr};

	if (w->question.type == DNS_A) {
		a.status = DNS_OK;
		a.len = 1;
		inet_pton(AF_INET, "127.0.0.1", rr.a);
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (w->question.type != DNS_TXT ||
		    strcmp(dname_format(&w->question.name).s, texts[i].name) !=
			    0)
			continue;
		a.status = DNS_OK;
		a.len = 1;
		rr.txt.text = span_of(texts[i].text);
		rr.txt.strings = 1;
	}
	loop_timer_free(w->timer);
	w->done(w->context, &a);
	free(w);
}

struct lookup_wait *
lookup_ask(struct lookup *lookup, const struct dns_question *question,
	   bool fresh, lookup_done *done, void *context)
{
	struct lookup_wait *w = mem_new(sizeof(*w));

	(void)lookup;
	(void)fresh;
	w->question = *question;
	w->done = done;
	w->context = context;
	w->timer = loop_timer_new(loop, lookup_fire, w);
	questions += question->type == DNS_TXT;
	loop_timer_set(w->timer,
		       dns_is_slow && question->type == DNS_TXT ? 1500 : 0);
	return w;
}

void
lookup_cancel(struct lookup_wait *w)
{
	if (w != NULL)
		loop_timer_free(w->timer);
	free(w);
}

/* ---- time ---- */

static void
tick(void *context)
{
	(void)context;
	if (clock_mono() > deadline)
		fail_msg("nothing happened for ten seconds");
	if (condition())
		loop_stop(loop);
	else
		loop_timer_set(ticker, 2);
}

/* Runs the loop until `is_so` returns true. */
static void
wait_until(bool (*is_so)(void))
{
	condition = is_so;
	deadline = clock_mono() + 10000;
	loop_timer_set(ticker, 0);
	loop_run(loop);
}

static int64_t patience; /* of has_waited(), in clock_mono() */

static bool
has_waited(void)
{
	return clock_mono() > patience;
}

/* ---- the whole ---- */

static void
on_broken(void *context)
{
	(void)context;
	fail_msg("the store is broken");
}

/* Makes the store and the loop: rows may be put there before the rest. */
static void
world_store(void)
{
	temp_init(&temp);
	db = temp_open(&temp);
	temp_account(db, A);
	loop = loop_new();
	OK(storage_new(loop, temp.path, on_broken, NULL, &storage, &err));
}

/* Starts the rest: mail for every domain goes to `handler`. */
static void
world_start(struct mailer_config config,
	    const struct smtp_listener_handler *handler, void *context)
{
	struct smtp_listener_config lc = SMTP_LISTENER_CONFIG;
	struct net_address address;

	lc.smtpd.name = SPAN("mx.test");
	lc.smtpd.greet_delay = 0;
	ticker = loop_timer_new(loop, tick, NULL);
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &address));
	OK((door = net_listen(&address, &err)) >= 0);
	config.name = SPAN("out.good.test");
	config.route.allow_loopback = true;
	config.port = net_bound(door).port;
	config.seed = 5;
	listener = smtp_listener_new(loop, door, &lc, handler, context);
	mailer = mailer_new(loop, NULL, &config);
	questions = 0;
	dns_is_slow = false;
}

static bool
is_silent(void)
{
	return smtp_listener_busy(listener) == 0;
}

/* Frees all; the owners of `mailer` and `storage` are freed before. */
static void
world_end(void)
{
	mailer_free(take_ptr(&mailer));
	wait_until(is_silent);
	patience = clock_mono() + 10; /* the last words of streams */
	wait_until(has_waited);
	storage_free(take_ptr(&storage));
	smtp_listener_free(listener);
	close(door);
	loop_timer_free(ticker);
	loop_free(loop);
	store_free(db);
	temp_release(&temp);
}

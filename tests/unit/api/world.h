/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - a deployment in memory that can be asked, as clients ask it.
 *
 * The store is a SQLite database in memory; keyd and the queue are a few
 * lines here.  A scenario is a list of steps, each a request and what the
 * answer must look like, "*" in it standing for anything.
 */
#pragma once

#include "api/answer.h"
#include "api/route.h"
#include "api/seen.h"
#include "unit.h"

#define A  "111111111111"         /* an account */
#define B  "222222222222"         /* another */
#define T0 INT64_C(1795455102000) /* 2026-11-23T17:31:42Z */

/* What a step expects of an answer's body, besides its status. */
struct step_row {
	const char *account;
	const char *request; /* "GET /v2/email/account" */
	const char *body;    /* NULL: none */
	int status;
	const char *want; /* "TypeOfError: message", or JSON */
};

static struct {
	struct store *store;
	struct api_deployment deployment;
	int64_t now;
	unsigned calls;   /* so far: makes the entropy */
	unsigned wake;    /* of all calls */
	int key_bits;     /* of the key that keyd imports; 0: it refuses */
	char sent[4096];  /* of the last message: "from|to|subject" */
	char texts[4096]; /* of the last one: "text|html" */
} world;

static void
world_open(void)
{
	struct account account = {.created = T0};
	struct error error;

	memset(&world, 0, sizeof(world));
	world.now = T0;
	world.key_bits = 2048;
	world.deployment.service.kind = SERVICE_SESAME;
	strcpy(world.deployment.service.zone, "mail.example");
	strcpy(world.deployment.service.region, "eu-west-2");
	world.deployment.suffixes = suffixes_builtin();
	world.deployment.max_24_hours = -1;
	world.deployment.max_rate = -1;
	memset(world.deployment.token_key, 7, API_TOKEN_KEY_SIZE);
	if (!store_open(":memory:", NULL, &world.store, &error))
		fail_msg("%s", error.text);
	strcpy(account.id, A);
	assert_true(store_account_add(world.store, &account, &error));
	strcpy(account.id, B);
	assert_true(store_account_add(world.store, &account, &error));
}

static void
world_close(void)
{
	store_free(world.store);
	suffixes_free((struct suffixes *)(uintptr_t)world.deployment.suffixes);
}

/* Does what the call needs, as keyd and sending would. */
static bool
world_need(struct api_call *call, struct error *reterr)
{
	switch (call->need) {
	case API_NEED_IMPORT:
		if (world.key_bits == 0)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "keyd cannot read the key");
		call->key.bits = world.key_bits;
		strcpy(call->key.public, "PUBLIC");
		call->key.sealed_len = (size_t)snprintf(
			(char *)call->key.sealed, sizeof(call->key.sealed),
			"%s|%llu|%u|%s", call->account,
			(unsigned long long)call->key.identity,
			call->key.generation, call->key.selector);
		return true;
	case API_NEED_REBIND:
		assert_int_equal(call->key_was.identity, 0);
		assert_true(call->key.identity > 0);
		call->key.sealed_len = (size_t)snprintf(
			(char *)call->key.sealed, sizeof(call->key.sealed),
			"%s|%llu|%u|%s", call->account,
			(unsigned long long)call->key.identity,
			call->key.generation, call->key.selector);
		return true;
	case API_NEED_SEND:
		snprintf(world.sent, sizeof(world.sent), "%s|%.*s|" SPAN_FMT,
			 call->send->from ? call->send->from->address.text : "",
			 call->send->to.len > 0 ? 400 : 0,
			 call->send->to.len > 0
				 ? call->send->to.mailbox[0].address.text
				 : "",
			 SPAN_ARG(call->send->subject));
		snprintf(world.texts, sizeof(world.texts),
			 SPAN_FMT "|" SPAN_FMT, SPAN_ARG(call->send->text),
			 SPAN_ARG(call->send->html));
		if (span_starts(span_of(world.sent), SPAN("nobody@")))
			return error_set(reterr, ERROR_MESSAGE_REJECTED,
					 "Email address is not verified.");
		strcpy(call->message_id, "the-message-id");
		return true;
	case API_NEED_WORK:
		return call->work(call, reterr);
	case API_NEED_NOTHING:
		break;
	}
	return true;
}

/* Runs a phase as the storage does: in a job that is kept or undone. */
static bool
world_phase(struct api_call *call, api_run *run, struct error *reterr)
{
	struct error error;
	bool good;

	assert_true(store_begin(world.store, &error));
	assert_true(store_job_begin(world.store, &error));
	call->store = world.store;
	good = run(call, reterr);
	if (good)
		assert_true(store_job_keep(world.store, &error));
	else
		store_job_undo(world.store);
	assert_true(store_commit(world.store, &error));
	return good;
}

static bool
world_run(struct api_call *call, struct span method, struct span target,
	  struct span body, struct error *reterr)
{
	const struct api_operation *op = NULL;
	struct uri_param *query;
	struct span path = span_cut(&target, '?');
	enum route_status status;

	for (size_t i = 0; i < API_ENTROPY; i++)
		call->entropy[i] = (uint8_t)(i * 7 + world.calls * 13);
	status = route_find(method, path, &call->arena, &op, call->param);
	if (status != ROUTE_OK)
		return route_refuse(status, method, op, reterr);
	assert_true(
		uri_query_parse(target, &call->arena, &query, &call->queries));
	call->query = query;
	if (!api_body_read(body, op->body_max, &call->body, reterr) ||
	    !route_input(op, method, call, reterr))
		return false;
	for (;; call->phase++) {
		struct error *why = reterr;

		call->need = API_NEED_NOTHING;
		if (!world_phase(call, op->run, reterr))
			return false;
		if (call->need == API_NEED_NOTHING)
			return true;
		assert_true(call->phase < 200);
		if (call->need == API_NEED_SEND) {
			call->failure.code = ERROR_NONE;
			why = call->keeps_on ? &call->failure : reterr;
		}
		if (!world_need(call, why) && why == reterr)
			return false;
	}
}

/* Asks, and writes the answer to `ret`; returns its status. */
static int
world_ask(const char *account, const char *request, const char *body,
	  struct buf *ret)
{
	struct span target = span_of(request);
	struct span method = span_cut(&target, ' ');
	struct error error = {0};
	struct api_call call;
	struct answer answer;
	int status;

	world.calls++;
	api_call_init(&call, &world.deployment, account, world.now);
	if (world_run(&call, method, target, body ? span_of(body) : SPAN(""),
		      &error)) {
		answer_of_call(&answer, "id", &call);
		buf_add(ret, buf_span(&answer.body));
	} else {
		answer_of_error(&answer, "id", &error);
		buf_addf(ret, "%s: %s", error_slug(error.code), error.text);
	}
	status = answer.response.status;
	world.wake |= call.wake;
	answer_release(&answer);
	api_call_release(&call);
	return status;
}

/* Runs the steps of a scenario in a new world. */
static inline void
world_steps(const struct step_row *steps, size_t len)
{
	world_open();
	for (size_t i = 0; i < len; i++) {
		CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);
		int status = world_ask(steps[i].account, steps[i].request,
				       steps[i].body, &got);

		if (status != steps[i].status ||
		    !looks_like(got.ptr, steps[i].want))
			fprintf(stderr, "step %zu, %s: %d %s\nwant %d %s\n", i,
				steps[i].request, status, got.ptr,
				steps[i].status, steps[i].want),
				fail();
	}
	world_close();
}

#define WORLD_STEPS(steps) world_steps(steps, COUNT(steps))

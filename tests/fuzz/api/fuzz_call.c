/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A first line "METHOD target" and a body, to any operation, on a store that
 * has a domain, an address and a configuration set; all of it is undone.
 * Whatever comes in, there is one answer: a document, or an error with a name
 * of the API and a text.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "api/answer.h"
#include "api/route.h"
#include "base/mem.h"

#define ACCOUNT "111111111111"
#define NOW     INT64_C(1795455102000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct api_deployment deployment = {
	.service = {.kind = SERVICE_SESAME,
		    .zone = "mail.example",
		    .region = "eu-west-2"},
	.max_24_hours = -1,
	.max_rate = -1,
};

/* What keyd and the queue would do. */
static void
satisfy(struct api_call *call)
{
	if (call->need == API_NEED_IMPORT) {
		call->key.bits = 2048;
		memcpy(call->key.public, "AAAA", 5);
	}
	memcpy(call->message_id, "id", 3);
	call->phase++;
}

static bool
phases(struct store *store, struct api_call *call, api_run *run,
       struct error *reterr)
{
	struct error error;
	bool good;

	assert(store_begin(store, &error));
	call->store = store;
	while ((good = run(call, reterr)) && call->need != API_NEED_NOTHING) {
		assert(call->phase < 4);
		satisfy(call);
	}
	store_rollback(store);
	return good;
}

/* Makes what the operations find. */
static struct store *
stock(void)
{
	static const char *const names[] = {"example.com", "a@example.com"};
	struct account account = {.id = ACCOUNT, .created = NOW};
	struct configuration_set *set = mem_new(sizeof(*set));
	struct store *store;
	struct error error;

	deployment.suffixes = suffixes_builtin();
	assert(store_open(":memory:", NULL, &store, &error));
	assert(store_account_add(store, &account, &error));
	for (size_t i = 0; i < COUNT(names); i++) {
		uint8_t entropy[IDENTITY_ENTROPY] = {1};
		struct identity_ask ask = {
			.account = SPAN(ACCOUNT),
			.name = span_of(names[i]),
			.configuration_set = SPAN(""),
			.selector = SPAN(""),
			.entropy = entropy,
		};
		struct identity identity;

		assert(identity_create(&ask, NOW, &identity, &error));
		assert(store_identity_add(store, &identity, &error));
	}
	memcpy(set->account, ACCOUNT, sizeof(set->account));
	memcpy(set->name, "cs", 3);
	assert(store_set_add(store, set, &error));
	free(set);
	return store;
}

static void
check(struct api_call *call, bool good, const struct error *error)
{
	CLEANUP(answer_release) struct answer answer;
	CLEANUP(buf_release) struct buf out = BUF_INIT(HTTP_RESPONSE_MAX);

	if (good) {
		assert(call->answer != NULL);
		answer_of_call(&answer, "id", call);
	} else {
		assert(error->code != ERROR_NONE && error->text[0] != '\0');
		assert(error->code != ERROR_IO &&
		       error->code != ERROR_INTERNAL);
		answer_of_error(&answer, "id", error);
	}
	assert(answer.response.body.len > 0);
	assert(http_response_write(&answer.response, NOW, false, false, &out));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store *store;
	struct span body = span_bytes(data, size);
	struct span target = span_cut(&body, '\n');
	struct span method = span_cut(&target, ' ');
	struct span path = span_cut(&target, '?');
	CLEANUP(api_call_release) struct api_call call;
	const struct api_operation *op;
	struct uri_param *query;
	struct error error = {0};
	bool good;

	if (store == NULL)
		store = stock();
	api_call_init(&call, &deployment, ACCOUNT, NOW);
	for (size_t i = 0; i < API_ENTROPY; i++)
		call.entropy[i] = (uint8_t)i;
	if (route_find(method, path, &call.arena, &op, call.param) !=
		    ROUTE_OK ||
	    !uri_query_parse(target, &call.arena, &query, &call.queries))
		return 0;
	call.query = query;
	good = api_body_read(body, op->body_max, &call.body, &error) &&
	       route_input(op, method, &call, &error) &&
	       phases(store, &call, op->run, &error);
	check(&call, good, &error);
	return 0;
}

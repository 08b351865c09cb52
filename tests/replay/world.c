/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <unistd.h>

#include "../fake/fake.h"
#include "dns/fixture.h"
#include "identity/identity.h"
#include "unit.h"

/* The key behind the token that signs. */
#define PUBLIC_KEY "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"

#define must(call)                                                             \
	do {                                                                   \
		if (!(call))                                                   \
			fail_msg("%s: %s", #call, error.text);                 \
	} while (0)

/* How a question for `name` fails, or NULL. */
static const char *
failure_of(struct world *w, const struct dname *name)
{
	if (w->all_fail[0] != '\0')
		return w->all_fail;
	return json_string_value(
		json_object_get(w->failing, dname_format(name).s));
}

static void
answer_dns(void *context, const struct dns_question *question,
	   struct arena *arena, struct dns_answer *ret)
{
	struct world *w = context;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct dname name = dname_lower(&question->name);
	const char *failure = failure_of(w, &name);
	struct fixture *fixture;
	struct error error;

	if (failure != NULL) {
		ret->status = strcmp(failure, "TIMEOUT") == 0 ? DNS_TIMEOUT
							      : DNS_SERVFAIL;
		return;
	}
	assert_true(json_format(w->dns, &text));
	fixture = fixture_parse(buf_span(&text), &error);
	assert_non_null(fixture);
	fixture_answer(fixture, question, arena, ret);
	/* What the answer borrows must live as long as it does. */
	for (size_t i = 0; i < ret->len; i++)
		if (ret->rr[i].type == DNS_TXT) {
			struct dns_rr *rr =
				(struct dns_rr *)(uintptr_t)&ret->rr[i];

			rr->txt.text = arena_copy(arena, rr->txt.text);
		}
	fixture_free(fixture);
}

static void
broken(void *context)
{
	(void)context;
	fail_msg("the store is broken");
}

static void
start(struct world *w)
{
	struct error error;

	w->loop = loop_new();
	must(storage_new(w->loop, w->path, broken, NULL, &w->storage, &error));
	w->checker.loop = w->loop;
	w->checker.storage = w->storage;
	w->checker.lookup = lookup_new(w->loop, NULL, 0);
	w->scheduler = scheduler_new(&w->checker, 12345);
}

static void
stop(struct world *w)
{
	scheduler_stop(w->scheduler);
	while (scheduler_busy(w->scheduler) > 0)
		fake_run(w->loop, fake_now);
	scheduler_free(w->scheduler);
	storage_free(w->storage);
	lookup_free(w->checker.lookup);
	loop_free(w->loop);
}

void
world_init(struct world *w)
{
	struct account account = {.id = WORLD_ACCOUNT, .created = WORLD_START};
	struct error error;
	const char *folder = "/tmp"; /* or where an fsync costs nothing */
	int fd;

	if (access("/dev/shm", W_OK) == 0)
		folder = "/dev/shm";
	*w = (struct world){
		.checker = {.service = {.kind = SERVICE_SESAME,
					.zone = WORLD_ZONE,
					.region = WORLD_REGION},
			    .confirm = 60000},
		.dns = json_object_new(),
		.failing = json_object_new(),
	};
	(void)snprintf(w->path, sizeof(w->path), "%s/sesame-replay-XXXXXX",
		       folder);
	fd = mkstemp(w->path);
	assert_true(fd >= 0);
	(void)close(fd);
	(void)unlink(w->path);
	fake_now = WORLD_START;
	fake_set_dns(answer_dns, w);
	start(w);
	must(store_account_add(storage_store(w->storage), &account, &error));
}

void
world_release(struct world *w)
{
	static const char *const suffix[] = {"", "-wal", "-shm"};

	stop(w);
	for (size_t i = 0; i < COUNT(suffix); i++) {
		CLEANUP(buf_release) struct buf path = BUF_INIT(100);

		buf_addf(&path, "%s%s", w->path, suffix[i]);
		(void)unlink(path.ptr);
	}
	json_decref(w->dns);
	json_decref(w->failing);
}

void
world_restart(struct world *w)
{
	stop(w);
	start(w);
}

struct identity
world_identity(struct world *w)
{
	struct identity identity;
	struct error error;

	must(store_identity_get_by_id(storage_store(w->storage), w->id,
				      &identity, &error));
	return identity;
}

static void
add_events(struct world *w, const struct identity *identity,
	   const struct lifecycle_events *events)
{
	struct error error;

	for (size_t i = 0; i < events->len; i++) {
		struct event row;

		lifecycle_event_row(&events->event[i], identity, fake_now,
				    &row);
		must(store_event_add(storage_store(w->storage), &row, &error));
	}
}

void
world_update(struct world *w, struct identity *identity,
	     const struct lifecycle_events *events)
{
	struct error error;

	must(store_identity_update(storage_store(w->storage), identity,
				   &error));
	add_events(w, identity, events);
	scheduler_wake(w->scheduler);
}

/* The service's own responder shows the key behind the first token. */
void
world_add_key(struct world *w)
{
	struct identity identity = world_identity(w);
	struct lifecycle_events none = {.len = 0};
	struct dkim_key key = {
		.identity = identity.id,
		.generation = 1,
		.type = DKIM_KEY_RSA,
		.bits = 2048,
		.state = DKIM_KEY_ACTIVE,
		.public = PUBLIC_KEY,
		.sealed = {1},
		.sealed_len = 1,
		.created = fake_now,
	};
	struct record shown = {.type = DNS_TXT,
			       .value = "v=DKIM1; k=rsa; p=" PUBLIC_KEY};
	struct error error;

	memcpy(key.selector, identity.token[0], sizeof(key.selector));
	must(store_dkim_key_put(storage_store(w->storage), &key, &error));
	(void)snprintf(shown.name, sizeof(shown.name),
		       "%s.dkim." WORLD_REGION "." WORLD_ZONE,
		       identity.token[0]);
	world_publish(w, &shown);
	identity.current_length = key.bits;
	identity.key_generated = key.created;
	identity.next_check = fake_now;
	world_update(w, &identity, &none);
}

void
world_create(struct world *w, struct span name)
{
	uint8_t entropy[IDENTITY_ENTROPY];
	struct lifecycle_events events = {.len = 0};
	struct identity_ask ask = {
		.account = SPAN(WORLD_ACCOUNT),
		.configuration_set = SPAN(""),
		.selector = SPAN(""),
		.entropy = entropy,
	};
	char canonical[STORE_NAME_SIZE];
	struct identity identity;
	struct error error;

	for (size_t i = 0; i < sizeof(entropy); i++)
		entropy[i] = (uint8_t)(++w->tokens);
	must(identity_name(name, canonical, &error));
	ask.name = span_of(canonical);
	must(identity_create(&ask, fake_now, &identity, &error));
	lifecycle_begin(&identity, fake_now, &events);
	must(store_identity_add(storage_store(w->storage), &identity, &error));
	w->id = identity.id;
	add_events(w, &identity, &events);
	scheduler_wake(w->scheduler);
}

struct record_set
world_records(struct world *w)
{
	struct identity identity = world_identity(w);
	struct record_set set;
	struct error error;

	must(records_of(&identity, &w->checker.service, SPAN(""), &set,
			&error));
	return set;
}

void
world_publish(struct world *w, const struct record *r)
{
	json_t *entry = json_get_object(w->dns, r->name);
	json_t *rows = json_array_new();
	json_t *row = NULL;

	if (entry == NULL) {
		entry = json_object_new();
		json_put(w->dns, r->name, entry);
	}
	if (r->type == DNS_MX) {
		row = json_array_new();
		json_add(row, json_integer(r->priority));
		json_add_text(row, span_of(r->value));
	} else if (r->type == DNS_TXT) {
		row = json_array_new();
		json_add_text(row, span_of(r->value));
	} else {
		row = json_text_new(span_of(r->value));
	}
	json_add(rows, row);
	json_put(entry, dns_type_name((uint16_t)r->type), rows);
}

void
world_unpublish(struct world *w, const struct record *r)
{
	json_t *entry = json_get_object(w->dns, r->name);

	if (entry == NULL)
		return;
	(void)json_object_del(entry, dns_type_name((uint16_t)r->type));
	if (json_object_size(entry) == 0)
		(void)json_object_del(w->dns, r->name);
}

void
world_pass(struct world *w, int64_t ms)
{
	fake_run(w->loop, fake_now + ms);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/publisher.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sys/clock.h"

/* Tokens looked at in one job. */
#define PAGE 256
/*
 * How far back a look goes beyond the last one, in ms: a change has the time
 * at which it was asked for, and may have waited long for keyd and the store.
 */
#define SLACK 60000
/* Rest before the store is asked again after it failed, in ms. */
#define AFTER_FAILURE 1000
/* Keys of the deployment itself. */
#define OWN_KEYS_MAX 8

struct publisher {
	struct storage *storage;
	struct zone *zone;
	struct storage_job job;
	struct loop_timer *retry;
	bool busy;
	bool again;    /* asked for while busy */
	int64_t mark;  /* what changed before this was seen */
	int64_t began; /* when this look began */
	int64_t since; /* what this look asks for */
	char after[STORE_TOKEN_SIZE];
	struct published_token row[PAGE];
	size_t len;
};

static const char *
key_type(enum dkim_key_type type)
{
	return type == DKIM_KEY_ED25519 ? "ed25519" : "rsa";
}

/* Appends the key record (RFC 6376 section 3.6.1). */
static void
key_text(enum dkim_key_type type, const char *public, struct buf *ret)
{
	if (type != 0)
		buf_addf(ret, "v=DKIM1; k=%s; h=sha256; p=%s", key_type(type),
			 public);
}

static void
show(struct publisher *publisher, const struct published_token *row)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(STORE_PUBLIC_SIZE + 64);

	if (row->retired) {
		zone_key_remove(publisher->zone, span_of(row->token));
		return;
	}
	key_text(row->type, row->public, &text);
	zone_key_put(publisher->zone, span_of(row->token), buf_span(&text));
}

void
publisher_key(struct publisher *publisher, const struct dkim_key *key)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(STORE_PUBLIC_SIZE + 64);

	key_text(key->type, key->public, &text);
	zone_key_put(publisher->zone, span_of(key->selector), buf_span(&text));
}

/* ---- the zone's own names ---- */

static size_t
copy_addresses(const struct config_addresses *from, struct zone_address *to,
	       size_t room)
{
	size_t len = from->len < room ? from->len : room;

	for (size_t i = 0; i < len; i++) {
		to[i].v6 = from->at[i].v6;
		memcpy(to[i].ip, from->at[i].ip, sizeof(to[i].ip));
	}
	return len;
}

static bool
set_host(const char *name, const struct config_addresses *addresses,
	 struct zone_host *ret)
{
	ret->len = copy_addresses(addresses, ret->address, ZONE_ADDRESSES_MAX);
	return dname_parse(span_of(name), &ret->name) == DNAME_OK;
}

/* Fills in what follows from the configuration alone. */
static bool
set_names(const struct config *config, struct zone_config *ret)
{
	bool ok = dname_parse(span_of(config->zone), &ret->apex) == DNAME_OK &&
		  dname_parse(span_of(config->hostmaster), &ret->contact) ==
			  DNAME_OK &&
		  set_host(config->ehlo_name, &config->outbound_ip,
			   &ret->host[0]);

	ret->hosts = 1;
	ret->servers = config->nameservers;
	for (size_t i = 0; ok && i < config->nameservers; i++)
		ok = set_host(config->nameserver[i].name,
			      &config->nameserver[i].addresses,
			      &ret->server[i]);
	ret->region = span_of(config->region);
	ret->dmarc = SPAN("v=DMARC1; p=reject;");
	ret->ttl = PUBLISHER_TTL;
	ret->negative_ttl = PUBLISHER_NEGATIVE_TTL;
	ret->mxs = copy_addresses(&config->mx_ip, ret->mx, ZONE_ADDRESSES_MAX);
	ret->senders = copy_addresses(&config->outbound_ip, ret->sender,
				      ZONE_SENDERS_MAX);
	return ok;
}

/* Makes the zone with the deployment's own key, if there is one. */
static bool
make_zone(struct publisher *publisher, const struct config *config,
	  uint32_t serial, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(STORE_PUBLIC_SIZE + 64);
	struct zone_config *zone = mem_new(sizeof(*zone));
	struct dkim_key *key = mem_array(OWN_KEYS_MAX, sizeof(*key));
	size_t len = 0;
	bool ok = store_dkim_key_list(storage_store(publisher->storage), 0, key,
				      OWN_KEYS_MAX, &len, reterr);

	zone->serial = serial;
	zone->selector = zone->key = SPAN("");
	for (size_t i = 0; ok && i < len; i++) {
		if (key[i].state != DKIM_KEY_ACTIVE)
			continue;
		key_text(key[i].type, key[i].public, &text);
		zone->selector = span_of(key[i].selector);
		zone->key = buf_span(&text);
	}
	if (ok) {
		if (set_names(config, zone))
			publisher->zone = zone_new(zone);
		ok = publisher->zone != NULL;
		if (!ok)
			error_set(reterr, ERROR_CONFIG,
				  "the deployment's zone cannot be made of "
				  "these names: zone %s, region %s",
				  config->zone, config->region);
	}
	free(key);
	free(zone);
	return ok;
}

static void
retry(void *context)
{
	publisher_sync(context);
}

static bool
load(struct publisher *publisher, struct error *reterr)
{
	struct store *store = storage_store(publisher->storage);

	do {
		if (!store_token_published(store, publisher->after,
					   publisher->row, PAGE,
					   &publisher->len, reterr))
			return false;
		for (size_t i = 0; i < publisher->len; i++)
			show(publisher, &publisher->row[i]);
		if (publisher->len > 0)
			memcpy(publisher->after,
			       publisher->row[publisher->len - 1].token,
			       sizeof(publisher->after));
	} while (publisher->len == PAGE);
	return true;
}

struct publisher *
publisher_new(struct loop *loop, const struct config *config,
	      struct storage *storage, uint32_t serial, struct error *reterr)
{
	struct publisher *publisher = mem_new(sizeof(*publisher));

	publisher->storage = storage;
	publisher->retry = loop_timer_new(loop, retry, publisher);
	publisher->mark = clock_now();
	if (make_zone(publisher, config, serial, reterr) &&
	    load(publisher, reterr))
		return publisher;
	publisher_free(publisher);
	return NULL;
}

const struct zone *
publisher_zone(const struct publisher *publisher)
{
	return publisher->zone;
}

/* ---- changes ---- */

static void look(struct publisher *publisher);

static bool
changed_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct publisher *publisher = container_of(job, struct publisher, job);

	return store_token_changed(store, publisher->since, publisher->after,
				   publisher->row, PAGE, &publisher->len,
				   reterr);
}

static void
changed_done(struct storage_job *job, const struct error *failure)
{
	struct publisher *publisher = container_of(job, struct publisher, job);
	bool more = failure == NULL && publisher->len == PAGE;

	publisher->busy = false;
	for (size_t i = 0; failure == NULL && i < publisher->len; i++)
		show(publisher, &publisher->row[i]);
	if (more) {
		memcpy(publisher->after, publisher->row[PAGE - 1].token,
		       sizeof(publisher->after));
		look(publisher);
		return;
	}
	if (failure == NULL)
		publisher->mark = publisher->began;
	else
		loop_timer_set(publisher->retry, AFTER_FAILURE);
	if (publisher->again) {
		publisher->again = false;
		publisher_sync(publisher);
	}
}

static void
look(struct publisher *publisher)
{
	publisher->busy = true;
	publisher->job.run = changed_run;
	publisher->job.done = changed_done;
	storage_do(publisher->storage, &publisher->job);
}

void
publisher_sync(struct publisher *publisher)
{
	if (publisher->busy) {
		publisher->again = true;
		return;
	}
	publisher->began = clock_now();
	/* The clock may have been set back since. */
	if (publisher->mark > publisher->began)
		publisher->mark = publisher->began;
	publisher->since = publisher->mark - SLACK;
	publisher->after[0] = '\0';
	look(publisher);
}

bool
publisher_busy(const struct publisher *publisher)
{
	return publisher->busy;
}

void
publisher_free(struct publisher *publisher)
{
	if (publisher == NULL)
		return;
	zone_free(publisher->zone);
	loop_timer_free(publisher->retry);
	free(publisher);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zone.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/writer.h"

/* What the SOA says to secondaries, seconds. */
#define REFRESH 3600
#define RETRY   600
#define EXPIRE  1209600

#define MX_PREFERENCE 10

/* A name that exists. */
struct node {
	struct dname name;     /* in lower case */
	struct node *parent;   /* NULL at the apex */
	size_t children;       /* names one label below it */
	struct zone_set *sets; /* its records */
	bool kept;             /* exists without records, too */
};

struct zone {
	struct map nodes; /* by the wire form of their names */
	struct node *apex;
	struct dname keys;     /* dkim.<region>.<zone> */
	struct zone_set *soa;  /* of the apex; its data has the serial last */
	struct zone_set *none; /* the same with the TTL of an absence */
	uint32_t serial;
	uint32_t ttl;
};

/* ---- the tree ---- */

static struct node *
find(const struct zone *zone, const struct dname *name)
{
	struct dname lower = dname_lower(name);

	return map_get(&zone->nodes, dname_wire(&lower));
}

/* Returns the node of `name`, which is in the zone, made if need be. */
static struct node *
node_at(struct zone *zone, const struct dname *name)
{
	struct dname at = dname_lower(name);
	struct node *first = NULL, *below = NULL;

	for (;;) {
		struct node *node = map_get(&zone->nodes, dname_wire(&at));
		bool known = node != NULL;

		if (!known) {
			node = mem_new(sizeof(*node));
			node->name = at;
			map_put(&zone->nodes, dname_wire(&at), node);
		}
		if (first == NULL)
			first = node;
		if (below != NULL) {
			below->parent = node;
			node->children++;
		}
		if (known)
			return first;
		below = node;
		at = dname_skip(&at, 1);
	}
}

/* Lets nodes go that have no more reason to be, from `node` upwards. */
static void
prune(struct zone *zone, struct node *node)
{
	while (node->parent != NULL && node->children == 0 &&
	       node->sets == NULL && !node->kept) {
		struct node *parent = node->parent;

		map_take(&zone->nodes, dname_wire(&node->name));
		free(node);
		parent->children--;
		node = parent;
	}
}

static struct zone_set *
set_of(const struct node *node, uint16_t type)
{
	for (struct zone_set *set = node->sets; set != NULL; set = set->next)
		if (set->type == type)
			return set;
	return NULL;
}

static void
set_free(struct zone_set *set)
{
	while (set->data != NULL) {
		struct zone_data *next = set->data->next;

		free(set->data);
		set->data = next;
	}
	free(set);
}

/* Unlinks and frees the records of `type`; false if there are none. */
static bool
drop_set(struct node *node, uint16_t type)
{
	for (struct zone_set **at = &node->sets; *at != NULL; at = &(*at)->next)
		if ((*at)->type == type) {
			struct zone_set *set = *at;

			*at = set->next;
			set_free(set);
			return true;
		}
	return false;
}

/* Appends `bytes` to the records of `type`; false if they are there. */
static bool
add_data(struct node *node, uint16_t type, uint32_t ttl, struct span bytes)
{
	struct zone_set *set = set_of(node, type);
	struct zone_data **at;

	if (set == NULL) {
		set = mem_new(sizeof(*set));
		set->type = type;
		set->ttl = ttl;
		set->next = node->sets;
		node->sets = set;
	}
	for (at = &set->data; *at != NULL; at = &(*at)->next)
		if (span_equal(span_bytes((*at)->bytes, (*at)->len), bytes))
			return false;
	*at = mem_new(sizeof(**at) + bytes.len);
	(*at)->len = bytes.len;
	memcpy((*at)->bytes, bytes.ptr, bytes.len);
	return true;
}

/* ---- the SOA ---- */

/* The offset in the SOA's data where the serial is, from its end. */
#define SERIAL_FROM_END 20

static void
write_serial(struct zone_set *soa, uint32_t serial)
{
	struct writer w = writer_over(
		soa->data->bytes + soa->data->len - SERIAL_FROM_END, 4);

	writer_u32(&w, serial);
}

/* Every change comes here: the serial moves on (RFC 1982 arithmetic). */
static void
changed(struct zone *zone)
{
	zone->serial++;
	write_serial(zone->soa, zone->serial);
	write_serial(zone->none, zone->serial);
}

static void
make_soa(struct zone *zone, const struct zone_config *config)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ZONE_DATA_MAX);
	uint32_t ttl = config->negative_ttl;
	struct dns_rr rr = {.type = DNS_SOA,
			    .soa = {.mname = config->server[0].name,
				    .rname = config->contact,
				    .serial = config->serial,
				    .refresh = REFRESH,
				    .retry = RETRY,
				    .expire = EXPIRE,
				    .minimum = ttl}};
	struct node none = {.sets = NULL};
	bool packed = dns_rr_pack(&rr, &arena);

	assert(packed);
	add_data(zone->apex, DNS_SOA, config->ttl, rr.data);
	add_data(&none, DNS_SOA, ttl < config->ttl ? ttl : config->ttl,
		 rr.data);
	zone->soa = set_of(zone->apex, DNS_SOA);
	zone->none = none.sets;
}

/* ---- the deployment's names ---- */

static bool
put_text(struct zone *zone, const struct dname *name, struct span text)
{
	struct dns_rr rr = {.name = *name,
			    .type = DNS_TXT,
			    .ttl = zone->ttl,
			    .txt = {.text = text}};

	return zone_put(zone, &rr);
}

/* As put_text(), at the name `prefix` below `name`; nothing for "". */
static bool
put_text_under(struct zone *zone, struct span prefix, const struct dname *name,
	       struct span text)
{
	struct dname at;

	return text.len == 0 ||
	       (dname_under(prefix, name, &at) && put_text(zone, &at, text));
}

static bool
put_mx(struct zone *zone, const struct dname *name,
       const struct dname *exchange)
{
	struct dns_rr rr = {
		.name = *name,
		.type = DNS_MX,
		.ttl = zone->ttl,
		.mx = {.preference = MX_PREFERENCE, .exchange = *exchange}};

	return zone_put(zone, &rr);
}

static bool
put_addresses(struct zone *zone, const struct dname *name,
	      const struct zone_address *address, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct dns_rr rr = {.name = *name,
				    .type = address[i].v6 ? DNS_AAAA : DNS_A,
				    .ttl = zone->ttl};

		if (address[i].v6)
			memcpy(rr.aaaa, address[i].ip, sizeof(rr.aaaa));
		else
			memcpy(rr.a, address[i].ip, sizeof(rr.a));
		if (!zone_put(zone, &rr))
			return false;
	}
	return true;
}

/* Writes the SPF record that allows these addresses and nothing else. */
static void
write_spf(const struct zone_address *address, size_t len, struct buf *to)
{
	buf_adds(to, "v=spf1");
	for (size_t i = 0; i < len; i++) {
		char text[INET6_ADDRSTRLEN];

		inet_ntop(address[i].v6 ? AF_INET6 : AF_INET, address[i].ip,
			  text, sizeof(text));
		buf_addf(to, " ip%c:%s", address[i].v6 ? '6' : '4', text);
	}
	buf_adds(to, " -all");
}

static bool
put_spf(struct zone *zone, const struct dname *name,
	const struct zone_address *address, size_t len)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(ZONE_TEXT_MAX);

	write_spf(address, len, &text);
	return !text.full && put_text(zone, name, buf_span(&text));
}

static bool
put_server(struct zone *zone, const struct zone_host *server)
{
	struct dns_rr rr = {.name = zone->apex->name,
			    .type = DNS_NS,
			    .ttl = zone->ttl,
			    .target = server->name};

	return zone_put(zone, &rr) &&
	       (!dname_is_under(&server->name, &zone->apex->name) ||
		put_addresses(zone, &server->name, server->address,
			      server->len));
}

static bool
put_host(struct zone *zone, const struct zone_host *host)
{
	return !dname_is_under(&host->name, &zone->apex->name) ||
	       (put_addresses(zone, &host->name, host->address, host->len) &&
		/* a host at the apex sends under the apex's record */
		(dname_equal(&host->name, &zone->apex->name) ||
		 put_spf(zone, &host->name, host->address, host->len)));
}

/* <region>.<zone>, the default MAIL FROM, and where its mail goes. */
static bool
put_region(struct zone *zone, const struct zone_config *config)
{
	const struct dname *apex = &zone->apex->name;
	struct dname region, mx, report;

	if (span_find(config->region, '.') != SPAN_NONE ||
	    !dname_under(config->region, apex, &region) ||
	    !dname_under(SPAN("feedback-smtp"), &region, &mx) ||
	    !dname_under(SPAN("report"), apex, &report) ||
	    !dname_under(SPAN("dkim"), &region, &zone->keys))
		return false;
	zone->keys = dname_lower(&zone->keys);
	node_at(zone, &zone->keys)->kept = true;
	return put_addresses(zone, &mx, config->mx, config->mxs) &&
	       put_mx(zone, &region, &mx) &&
	       put_spf(zone, &region, config->sender, config->senders) &&
	       put_text_under(zone, SPAN("_dmarc"), &region, config->dmarc) &&
	       put_mx(zone, &report, &mx) &&
	       /* RFC 9990 section 4: whoever asks that reports about another
		* domain go there must be allowed to by that domain */
	       put_text_under(zone, SPAN("*._report._dmarc"), &report,
			      SPAN("v=DMARC1;"));
}

static bool
put_apex(struct zone *zone, const struct zone_config *config)
{
	const struct dname *apex = &zone->apex->name;
	struct dname keys;

	for (size_t i = 0; i < config->servers; i++)
		if (!put_server(zone, &config->server[i]))
			return false;
	for (size_t i = 0; i < config->hosts; i++)
		if (!put_host(zone, &config->host[i]))
			return false;
	if (!put_spf(zone, apex, config->sender, config->senders) ||
	    !put_text_under(zone, SPAN("_dmarc"), apex, config->dmarc))
		return false;
	return config->selector.len == 0 ||
	       (dname_under(SPAN("_domainkey"), apex, &keys) &&
		put_text_under(zone, config->selector, &keys, config->key));
}

struct zone *
zone_new(const struct zone_config *config)
{
	CLEANUP(zone_freep) struct zone *zone = mem_new(sizeof(*zone));

	assert(config->servers > 0);
	map_init(&zone->nodes, config->serial);
	zone->apex = mem_new(sizeof(*zone->apex));
	zone->apex->name = dname_lower(&config->apex);
	map_put(&zone->nodes, dname_wire(&zone->apex->name), zone->apex);
	zone->ttl = config->ttl;
	zone->serial = config->serial;
	make_soa(zone, config);
	if (!put_apex(zone, config) || !put_region(zone, config))
		return NULL;
	zone->serial = config->serial - 1;
	changed(zone);
	return take_ptr(&zone);
}

void
zone_free(struct zone *zone)
{
	struct node *node;
	size_t at = 0;

	if (zone == NULL)
		return;
	while ((node = map_each(&zone->nodes, &at, NULL)) != NULL) {
		while (node->sets != NULL)
			drop_set(node, node->sets->type);
		free(node);
	}
	map_release(&zone->nodes);
	if (zone->none != NULL)
		set_free(zone->none);
	free(zone);
}

/* ---- keys and other records ---- */

/* Sets *ret to the name of a token, which is one label. */
static bool
key_name(const struct zone *zone, struct span token, struct dname *ret)
{
	struct dname label;

	return dname_parse(token, &label) == DNAME_OK &&
	       dname_labels(&label) == 1 &&
	       dname_join(&label, &zone->keys, ret);
}

bool
zone_key_put(struct zone *zone, struct span token, struct span text)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT((size_t)2 * ZONE_DATA_MAX);
	struct dns_rr rr = {.type = DNS_TXT, .txt = {.text = text}};
	const struct zone_set *set;
	struct node *node;
	struct dname name;

	if (text.len > ZONE_TEXT_MAX || !key_name(zone, token, &name) ||
	    !dns_rr_pack(&rr, &arena))
		return false;
	node = node_at(zone, &name);
	set = set_of(node, DNS_TXT);
	if (node->kept &&
	    (text.len == 0 ? set == NULL
			   : set != NULL && set->data->next == NULL &&
				     span_equal(span_bytes(set->data->bytes,
							   set->data->len),
						rr.data)))
		return true; /* as it is */
	node->kept = true;
	drop_set(node, DNS_TXT);
	if (text.len > 0)
		add_data(node, DNS_TXT, zone->ttl, rr.data);
	changed(zone);
	return true;
}

bool
zone_key_remove(struct zone *zone, struct span token)
{
	struct dname name;
	struct node *node;

	if (!key_name(zone, token, &name))
		return false;
	node = find(zone, &name);
	if (node == NULL || !node->kept)
		return false;
	node->kept = false;
	drop_set(node, DNS_TXT);
	prune(zone, node);
	changed(zone);
	return true;
}

/* Whether records of this type may stand at `name`. */
static bool
is_allowed(const struct zone *zone, const struct dname *name, uint16_t type)
{
	switch (type) {
	case DNS_A:
	case DNS_AAAA:
	case DNS_MX:
	case DNS_TXT:
	case DNS_PTR:
		return dname_is_under(name, &zone->apex->name);
	case DNS_NS:
		return dname_equal(name, &zone->apex->name);
	default:
		return false;
	}
}

bool
zone_put(struct zone *zone, const struct dns_rr *rr)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT((size_t)2 * ZONE_DATA_MAX);
	struct dns_rr copy = *rr;

	if (!is_allowed(zone, &rr->name, rr->type) ||
	    (rr->type == DNS_TXT && rr->txt.text.len > ZONE_TEXT_MAX) ||
	    !dns_rr_pack(&copy, &arena))
		return false;
	if (add_data(node_at(zone, &rr->name), rr->type, rr->ttl, copy.data))
		changed(zone);
	return true;
}

bool
zone_remove(struct zone *zone, const struct dname *name, uint16_t type)
{
	struct node *node = find(zone, name);

	if (node == NULL || type == DNS_SOA || !drop_set(node, type))
		return false;
	prune(zone, node);
	changed(zone);
	return true;
}

/* ---- finding ---- */

const struct dname *
zone_apex(const struct zone *zone)
{
	return &zone->apex->name;
}

uint32_t
zone_serial(const struct zone *zone)
{
	return zone->serial;
}

const struct zone_set *
zone_soa(const struct zone *zone)
{
	return zone->none;
}

/* Returns what answers for `name`: itself, a wildcard, or NULL. */
static const struct node *
source_of(const struct zone *zone, const struct dname *name)
{
	const struct node *node = find(zone, name);
	struct dname at = *name, wild;

	while (node == NULL) {
		at = dname_skip(&at, 1);
		if (find(zone, &at) == NULL)
			continue; /* the apex is there, at the latest */
		return dname_under(SPAN("*"), &at, &wild) ? find(zone, &wild)
							  : NULL;
	}
	return node;
}

enum zone_found
zone_find(const struct zone *zone, const struct dname *name, uint16_t type,
	  const struct zone_set **ret)
{
	const struct node *node;
	const struct zone_set *set;

	if (!dname_is_under(name, &zone->apex->name))
		return ZONE_OUTSIDE;
	node = source_of(zone, name);
	if (node == NULL)
		return ZONE_NXDOMAIN;
	set = type == DNS_ANY ? node->sets : set_of(node, type);
	if (set == NULL)
		return ZONE_NODATA;
	*ret = set;
	return ZONE_FOUND;
}

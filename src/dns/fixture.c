/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/fixture.h"

#include <arpa/inet.h>
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"

/* The records of one type at one name. */
struct rrset {
	struct rrset *next;
	uint16_t type;
	size_t len;        /* of rr; 0 says that there are none */
	struct dns_rr *rr; /* with their TTL and data */
};

/* A name that is listed, or that has a listed name below it. */
struct node {
	struct dname name;
	struct rrset *sets;
	bool absent;             /* "NXDOMAIN" */
	bool fails;              /* `failure` holds */
	enum dns_status failure; /* of a question for what is not listed */
};

struct fixture {
	struct map nodes; /* by dname_wire() of the name in lower case */
	struct arena arena;
};

/* ---- reading ---- */

static struct node *
find(const struct fixture *fixture, const struct dname *name)
{
	struct dname lower = dname_lower(name);

	return map_get(&fixture->nodes, dname_wire(&lower));
}

/* Returns the node of `name`, made if need be; NULL if memory is used up. */
static struct node *
node_at(struct fixture *fixture, const struct dname *name)
{
	struct node *node = find(fixture, name);
	struct dname lower;

	if (node != NULL)
		return node;
	node = arena_get(&fixture->arena, sizeof(*node));
	if (node == NULL)
		return NULL;
	node->name = *name;
	lower = dname_lower(name);
	map_put(&fixture->nodes, dname_wire(&lower), node);
	return node;
}

/* As dname_parse(), of a JSON string; "" is the root, as in MX [0, ""]. */
static bool
read_name(const json_t *json, struct dname *ret)
{
	struct span text;

	if (!json_is_string(json))
		return false;
	text = span_bytes(json_string_value(json), json_string_length(json));
	if (text.len > 0)
		return dname_parse(text, ret) == DNAME_OK;
	*ret = DNAME_ROOT;
	return true;
}

static bool
read_number(const json_t *json, uint32_t max, uint32_t *ret)
{
	json_int_t n = json_integer_value(json);

	if (!json_is_integer(json) || n < 0 || n > max)
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool
read_mx(const json_t *row, struct dns_rr *rr)
{
	uint32_t preference;

	if (json_array_size(row) != 2 ||
	    !read_number(json_array_get(row, 0), UINT16_MAX, &preference) ||
	    !read_name(json_array_get(row, 1), &rr->mx.exchange))
		return false;
	rr->mx.preference = (uint16_t)preference;
	return true;
}

static bool
read_soa(const json_t *row, struct dns_rr *rr)
{
	uint32_t *const number[] = {&rr->soa.serial, &rr->soa.refresh,
				    &rr->soa.retry, &rr->soa.expire,
				    &rr->soa.minimum};

	if (json_array_size(row) != 2 + COUNT(number) ||
	    !read_name(json_array_get(row, 0), &rr->soa.mname) ||
	    !read_name(json_array_get(row, 1), &rr->soa.rname))
		return false;
	for (size_t i = 0; i < COUNT(number); i++)
		if (!read_number(json_array_get(row, 2 + i), UINT32_MAX,
				 number[i]))
			return false;
	return true;
}

/* Reads ["string", ...], or "string" alone, keeping where it was cut. */
static bool
read_txt(struct fixture *fixture, const json_t *row, struct dns_rr *rr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(UINT16_MAX);
	size_t strings = json_is_string(row) ? 1 : json_array_size(row);

	for (size_t i = 0; i < strings; i++) {
		const json_t *s =
			json_is_string(row) ? row : json_array_get(row, i);

		if (!json_is_string(s) ||
		    !buf_add(&text, span_bytes(json_string_value(s),
					       json_string_length(s))))
			return false;
	}
	rr->txt.text = arena_copy(&fixture->arena, buf_span(&text));
	return strings > 0;
}

/* Reads one record of rr->type; false if DNS could not hold it. */
static bool
read_record(struct fixture *fixture, const json_t *row, struct dns_rr *rr)
{
	switch (rr->type) {
	case DNS_A:
		return json_is_string(row) &&
		       inet_pton(AF_INET, json_string_value(row), rr->a) == 1;
	case DNS_AAAA:
		return json_is_string(row) &&
		       inet_pton(AF_INET6, json_string_value(row), rr->aaaa) ==
			       1;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_DNAME:
		return read_name(row, &rr->target);
	case DNS_MX:
		return read_mx(row, rr);
	case DNS_TXT:
	case DNS_SPF:
		return read_txt(fixture, row, rr);
	case DNS_SOA:
		return read_soa(row, rr);
	default:
		return false;
	}
}

/* Adds the records of `type` to `node`; false if memory is used up. */
static bool
read_rrset(struct fixture *fixture, struct node *node, uint16_t type,
	   const json_t *rows)
{
	struct rrset *set = arena_get(&fixture->arena, sizeof(*set));
	size_t count = json_array_size(rows);

	if (set == NULL)
		return false;
	set->type = type;
	set->rr = arena_array(&fixture->arena, count, sizeof(*set->rr));
	if (set->rr == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct dns_rr rr = {
			.name = node->name, .type = type, .ttl = FIXTURE_TTL};

		if (read_record(fixture, json_array_get(rows, i), &rr) &&
		    dns_rr_pack(&rr, &fixture->arena))
			set->rr[set->len++] = rr;
		if (arena_full(&fixture->arena))
			return false;
	}
	set->next = node->sets;
	node->sets = set;
	return true;
}

/* Reads what stands under one name; false if memory is used up. */
static bool
read_node(struct fixture *fixture, struct node *node, const json_t *members)
{
	const char *key;
	json_t *rows;

	json_object_foreach((json_t *)(uintptr_t)members, key, rows)
	{
		struct span member = span_of(key);
		uint16_t type;

		if (span_equal(member, SPAN("NXDOMAIN")))
			node->absent = true;
		else if (span_equal(member, SPAN("TIMEOUT"))) {
			node->fails = true;
			node->failure = DNS_TIMEOUT;
		} else if (span_equal(member, SPAN("SERVFAIL"))) {
			node->fails = true;
			node->failure = DNS_SERVFAIL;
		} else if (dns_type_parse(member, &type) &&
			   json_is_array(rows) &&
			   !read_rrset(fixture, node, type, rows))
			return false;
	}
	return true;
}

/* Makes the nodes above `name`, so that empty non-terminals exist. */
static bool
make_ancestors(struct fixture *fixture, const struct dname *name)
{
	struct dname at = *name;

	while (at.len > 1) {
		at = dname_skip(&at, 1);
		if (find(fixture, &at) != NULL)
			return true; /* and so have all above it */
		if (node_at(fixture, &at) == NULL)
			return false;
	}
	return true;
}

static bool
read_all(struct fixture *fixture, const json_t *root, struct error *reterr)
{
	const char *key;
	json_t *members;

	json_object_foreach((json_t *)(uintptr_t)root, key, members)
	{
		struct dname name = DNAME_ROOT;
		struct node *node;

		if (!json_is_object(members))
			return error_set(reterr, ERROR_USAGE,
					 "the DNS fixture has no object under "
					 "\"%.200s\"",
					 key);
		if (key[0] != '\0' &&
		    dname_parse(span_of(key), &name) != DNAME_OK)
			continue; /* nobody can ask for it */
		node = node_at(fixture, &name);
		if (node == NULL || !make_ancestors(fixture, &name) ||
		    !read_node(fixture, node, members))
			return error_set(reterr, ERROR_USAGE,
					 "the DNS fixture is too large");
	}
	return true;
}

struct fixture *
fixture_parse(struct span json, struct error *reterr)
{
	CLEANUP(fixture_freep) struct fixture *fixture = NULL;
	json_auto_t *root = NULL;
	json_error_t why;

	if (json.len > FIXTURE_MAX) {
		error_set(reterr, ERROR_USAGE, "the DNS fixture is too large");
		return NULL;
	}
	root = json_loadb(json.ptr, json.len,
			  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
	if (!json_is_object(root)) {
		error_set(reterr, ERROR_USAGE,
			  "the DNS fixture is no JSON object: line %d: %s",
			  why.line, root != NULL ? "not an object" : why.text);
		return NULL;
	}
	fixture = mem_new(sizeof(*fixture));
	map_init(&fixture->nodes, 0);
	arena_init(&fixture->arena, FIXTURE_MEMORY_MAX);
	if (!read_all(fixture, root, reterr))
		return NULL;
	return take_ptr(&fixture);
}

void
fixture_free(struct fixture *fixture)
{
	if (fixture == NULL)
		return;
	map_release(&fixture->nodes);
	arena_release(&fixture->arena);
	free(fixture);
}

/* ---- answering ---- */

static const struct rrset *
set_of(const struct node *node, uint16_t type)
{
	for (const struct rrset *set = node->sets; set != NULL; set = set->next)
		if (set->type == type)
			return set;
	return NULL;
}

/* Returns what answers for `name`: itself or a wildcard; NULL if nothing. */
static const struct node *
source_of(const struct fixture *fixture, const struct dname *name)
{
	const struct node *node = find(fixture, name);
	struct dname at = *name, wild;

	while (node == NULL && at.len > 1) {
		at = dname_skip(&at, 1);
		if (find(fixture, &at) == NULL)
			continue;
		/* RFC 4592 section 3.3.1: the closest encloser, and no other */
		return dname_under(SPAN("*"), &at, &wild) ? find(fixture, &wild)
							  : NULL;
	}
	return node;
}

bool
fixture_zone(const struct fixture *fixture, const struct dname *name,
	     struct dname *ret)
{
	struct dname at = *name;

	for (;;) {
		const struct node *node = find(fixture, &at);
		const struct rrset *ns = node ? set_of(node, DNS_NS) : NULL;

		if (ns != NULL && ns->len > 0) {
			*ret = at;
			return true;
		}
		if (at.len == 1)
			return false;
		at = dname_skip(&at, 1);
	}
}

/* Sets *ret to the SOA of the zone at `apex`, made up if none is listed. */
static bool
soa_at(const struct fixture *fixture, const struct dname *apex,
       struct arena *arena, struct dns_rr *ret)
{
	const struct node *node = find(fixture, apex);
	const struct rrset *soa = set_of(node, DNS_SOA);

	if (soa != NULL && soa->len > 0) {
		*ret = soa->rr[0];
		return true;
	}
	*ret = (struct dns_rr){
		.name = *apex, .type = DNS_SOA, .ttl = FIXTURE_TTL};
	ret->soa.mname = set_of(node, DNS_NS)->rr[0].target;
	if (!dname_under(SPAN("hostmaster"), apex, &ret->soa.rname))
		ret->soa.rname = *apex;
	ret->soa.serial = 1;
	ret->soa.refresh = 7200;
	ret->soa.retry = 900;
	ret->soa.expire = 1209600;
	ret->soa.minimum = FIXTURE_TTL;
	return dns_rr_pack(ret, arena);
}

/* Puts `len` records at `name` into *ret, which is not DNS_OK for none. */
static void
answer_with(const struct dns_rr *rr, size_t len, const struct dname *name,
	    struct arena *arena, struct dns_answer *ret)
{
	struct dns_rr *copy = arena_array(arena, len, sizeof(*copy));

	if (copy == NULL) {
		ret->status = DNS_BAD;
		return;
	}
	memcpy(copy, rr, len * sizeof(*copy));
	for (size_t i = 0; i < len; i++)
		copy[i].name = *name; /* not the wildcard's */
	ret->status = DNS_OK;
	ret->rr = copy;
	ret->len = len;
}

/* Answers at the end of the alias chain, where `node` (or NULL) answers. */
static void
answer_here(const struct fixture *fixture, const struct node *node,
	    const struct dns_question *at, struct arena *arena,
	    struct dns_answer *ret)
{
	const struct rrset *set = node ? set_of(node, at->type) : NULL;
	struct dns_rr soa;
	struct dname apex;
	bool zone = fixture_zone(fixture, &at->name, &apex);

	if (zone && !soa_at(fixture, &apex, arena, &soa)) {
		ret->status = DNS_BAD;
		return;
	}
	if (set != NULL && set->len > 0)
		answer_with(set->rr, set->len, &at->name, arena, ret);
	else if (set == NULL && node != NULL && node->fails)
		ret->status = node->failure;
	else if (zone && at->type == DNS_SOA && dname_equal(&apex, &at->name))
		answer_with(&soa, 1, &at->name, arena, ret);
	else {
		ret->status = node == NULL || node->absent ? DNS_NXDOMAIN
							   : DNS_NODATA;
		ret->has_soa = zone;
		if (zone)
			ret->soa = soa;
	}
}

/* Returns the CNAME to follow at `node`, or NULL; one that fails fails. */
static const struct dns_rr *
alias_at(const struct node *node, uint16_t type)
{
	const struct rrset *set;

	if (node == NULL || node->fails || type == DNS_CNAME)
		return NULL;
	set = set_of(node, type);
	if (set != NULL && set->len > 0)
		return NULL;
	set = set_of(node, DNS_CNAME);
	return set != NULL && set->len > 0 ? &set->rr[0] : NULL;
}

void
fixture_answer(const struct fixture *fixture,
	       const struct dns_question *question, struct arena *arena,
	       struct dns_answer *ret)
{
	struct dns_question at = *question;
	struct dname *alias =
		arena_array(arena, DNS_ALIASES_MAX, sizeof(*alias));
	const struct node *node = source_of(fixture, &at.name);
	const struct dns_rr *cname;

	*ret = (struct dns_answer){.status = DNS_BAD, .ttl = FIXTURE_TTL};
	if (alias == NULL)
		return;
	ret->alias = alias;
	while ((cname = alias_at(node, at.type)) != NULL) {
		if (ret->aliases == DNS_ALIASES_MAX) {
			ret->status = DNS_SERVFAIL;
			return;
		}
		at.name = cname->target;
		alias[ret->aliases++] = at.name;
		node = source_of(fixture, &at.name);
	}
	answer_here(fixture, node, &at, arena, ret);
}

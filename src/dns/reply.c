/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/reply.h"

/* Whether `rr` is of `type` and at `name`. */
static bool
is_at(const struct dns_rr *rr, const struct dname *name, uint16_t type)
{
	return rr->type == type && dname_equal(&rr->name, name);
}

/* Returns how many records of `type` the answer section has at `name`. */
static size_t
count_at(const struct wire_message *msg, const struct dname *name,
	 uint16_t type)
{
	size_t count = 0;

	for (size_t i = 0; i < msg->len[WIRE_ANSWER]; i++)
		count += is_at(&msg->section[WIRE_ANSWER][i], name, type);
	return count;
}

/* Returns the CNAME at `name`, or NULL. */
static const struct dns_rr *
alias_at(const struct wire_message *msg, const struct dname *name)
{
	for (size_t i = 0; i < msg->len[WIRE_ANSWER]; i++)
		if (is_at(&msg->section[WIRE_ANSWER][i], name, DNS_CNAME))
			return &msg->section[WIRE_ANSWER][i];
	return NULL;
}

/* Lowers the time that `a` may be kept; RFC 2181 section 8: a TTL with its
 * highest bit set is none. */
static void
lower_ttl(struct dns_answer *a, uint32_t ttl)
{
	if (ttl > INT32_MAX)
		ttl = 0;
	if (ttl < a->ttl)
		a->ttl = ttl;
}

/*
 * Follows CNAMEs from *at on, into `alias`; returns how many there were, or
 * one more than DNS_ALIASES_MAX.
 */
static size_t
follow(const struct wire_message *msg, uint16_t type, struct dname *at,
       struct dname *alias, struct dns_answer *a)
{
	const struct dns_rr *cname;
	size_t n = 0;

	while (type != DNS_CNAME && count_at(msg, at, type) == 0 &&
	       (cname = alias_at(msg, at)) != NULL) {
		if (n == DNS_ALIASES_MAX)
			return n + 1;
		lower_ttl(a, cname->ttl);
		*at = dname_lower(&cname->target);
		alias[n++] = *at;
	}
	return n;
}

/* Takes the records of `type` at `at`, of which there are `count`. */
static bool
take_records(const struct wire_message *msg, const struct dname *at,
	     uint16_t type, size_t count, struct arena *arena,
	     struct dns_answer *a)
{
	struct dns_rr *rr = arena_array(arena, count, sizeof(*rr));

	if (rr == NULL)
		return false;
	for (size_t i = 0; i < msg->len[WIRE_ANSWER]; i++) {
		const struct dns_rr *one = &msg->section[WIRE_ANSWER][i];

		if (!is_at(one, at, type))
			continue;
		lower_ttl(a, one->ttl);
		rr[a->len] = *one;
		/* the case of names is of whoever asked first: see resolve */
		dns_rr_lower(&rr[a->len++]);
	}
	a->rr = rr;
	return true;
}

/* Takes the SOA that says how long it is true that there is nothing. */
static void
take_soa(const struct wire_message *msg, const struct dname *at,
	 struct dns_answer *a)
{
	for (size_t i = 0; i < msg->len[WIRE_AUTHORITY] && !a->has_soa; i++) {
		const struct dns_rr *rr = &msg->section[WIRE_AUTHORITY][i];

		if (rr->type != DNS_SOA || !dname_is_under(at, &rr->name))
			continue;
		a->has_soa = true;
		a->soa = *rr;
		lower_ttl(a, rr->ttl);
		lower_ttl(a, rr->soa.minimum);
	}
	if (!a->has_soa)
		a->ttl = 0; /* RFC 2308 section 5: not to be kept */
}

/* Reads what the answer section says of the question. */
static enum reply_status
read_answer(const struct wire_message *msg, const struct dns_question *question,
	    struct arena *arena, struct dns_answer *a)
{
	struct dname *alias =
		arena_array(arena, DNS_ALIASES_MAX, sizeof(*alias));
	struct dname at = question->name;
	size_t count;

	if (alias == NULL)
		return REPLY_MALFORMED;
	a->alias = alias;
	a->aliases = follow(msg, question->type, &at, alias, a);
	if (a->aliases > DNS_ALIASES_MAX) {
		*a = (struct dns_answer){.status = DNS_SERVFAIL};
		return REPLY_OK;
	}
	count = count_at(msg, &at, question->type);
	if (count > 0)
		return take_records(msg, &at, question->type, count, arena, a)
			       ? REPLY_OK
			       : REPLY_MALFORMED;
	a->status =
		msg->header.rcode == WIRE_NXDOMAIN ? DNS_NXDOMAIN : DNS_NODATA;
	take_soa(msg, &at, a);
	return REPLY_OK;
}

/* Whether what is said may be believed: the RCODE, and who says it. */
static bool
is_good(const struct wire_message *msg)
{
	unsigned rcode = (unsigned)msg->header.rcode | (unsigned)msg->opt.rcode
							       << 4;

	return (rcode == WIRE_NOERROR || rcode == WIRE_NXDOMAIN) &&
	       (msg->header.aa || msg->header.ra);
}

/* Whether `q` is a response to `question`. */
static bool
answers(const struct wire_query *q, const struct dns_question *question)
{
	return q->header.qr && q->header.opcode == WIRE_QUERY &&
	       q->header.questions == 1 && q->question.type == question->type &&
	       q->question.class == WIRE_CLASS_IN &&
	       dname_equal(&q->question.name, &question->name);
}

enum reply_status
reply_read(struct span message, const struct dns_question *question,
	   bool trust_ad, struct arena *arena, struct dns_answer *ret)
{
	struct dns_answer answer = {.status = DNS_OK, .ttl = INT32_MAX};
	enum reply_status status = REPLY_OK;
	struct wire_message msg;
	struct wire_query q;
	bool whole;

	whole = wire_parse_query(message, &q) == WIRE_OK;
	if (message.len < WIRE_HEADER_SIZE)
		return REPLY_MALFORMED;
	if (q.header.qr && q.header.tc)
		return REPLY_TRUNCATED; /* nothing of it is used */
	if (!whole)
		return REPLY_MALFORMED;
	if (!answers(&q, question))
		return REPLY_NOT_OURS;
	if (wire_parse(message, arena, &msg) != WIRE_OK)
		return REPLY_MALFORMED;
	if (is_good(&msg))
		status = read_answer(&msg, question, arena, &answer);
	else
		answer = (struct dns_answer){.status = DNS_SERVFAIL};
	answer.authentic =
		trust_ad && msg.header.ad && !dns_is_error(answer.status);
	if (status == REPLY_OK)
		*ret = answer;
	return status;
}

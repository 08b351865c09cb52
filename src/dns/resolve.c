/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/resolve.h"

#include <assert.h>

#include "crypt/hmac.h"

/* Records of one message, decoded; see WIRE_RECORDS_MAX. */
#define SCRATCH_MAX ((size_t)16 << 20)

/* ---- sending ---- */

/* Draws octets that nobody can guess and that were never drawn before. */
static void
draw(struct resolve *m, uint8_t ret[HMAC_SIZE])
{
	uint8_t count[4];
	struct writer w = writer_over(count, sizeof(count));

	writer_u32(&w, m->drawn++);
	hmac_of(span_bytes(m->entropy, sizeof(m->entropy)), writer_span(&w),
		ret);
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Turns letters of `name` into the other case where a bit says so. */
static void
mix_case(struct dname *name, const uint8_t bits[HMAC_SIZE])
{
	for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1u)
		for (size_t i = at + 1; i <= at + name->wire[at]; i++)
			if (is_letter(name->wire[i]) &&
			    (bits[i / 8] >> (i % 8) & 1) != 0)
				name->wire[i] ^= 0x20;
}

/* Writes the query for the next try. */
static void
compose(struct resolve *m)
{
	struct wire_header header = {.rd = m->options.recurse,
				     .ad = m->options.trust_ad};
	struct wire_opt opt = {.present = true, .size = m->options.edns};
	uint8_t random[HMAC_SIZE];
	struct wire_out out;

	draw(m, random);
	m->id = (uint16_t)(random[0] << 8 | random[1]);
	header.id = m->id;
	m->sent = (struct wire_question){m->asked.name, m->asked.type,
					 WIRE_CLASS_IN};
	draw(m, random);
	if (m->options.mix_case)
		mix_case(&m->sent.name, random);
	out = wire_begin(m->bytes, sizeof(m->bytes), &header);
	wire_put_question(&out, &m->sent);
	if (m->options.edns > 0 && !m->plain) {
		bool fits = wire_put_opt(&out, &opt);

		assert(fits);
	}
	m->len = wire_end(&out).len;
}

/* Makes the next SEND: to `server`, over UDP or TCP. */
static void
send_to(struct resolve *m, size_t server, bool tcp)
{
	m->server = server;
	m->tcp = tcp;
	m->mismatches = 0;
	m->pending = true;
	m->due = m->now + m->options.timeout;
	compose(m);
}

/* ---- ending ---- */

static void
finish(struct resolve *m, enum dns_status status)
{
	m->answer.status = status;
	m->answer.alias = m->alias;
	if (dns_is_error(status)) {
		m->answer.rr = NULL;
		m->answer.len = 0;
		m->answer.ttl = RESOLVE_TTL_MIN;
		m->answer.authentic = false;
		m->answer.no_tcp = m->truncated;
	}
	m->pending = false;
	m->done = true;
}

/* Goes on to the next server, or ends if there were enough of them. */
static void
try_next(struct resolve *m)
{
	if (m->tried >= m->options.tries || m->refusals >= m->options.servers ||
	    m->now >= m->end) {
		finish(m, m->failure);
		return;
	}
	m->tried++;
	m->plain = false;
	send_to(m, (m->server + 1) % m->options.servers, false);
}

/* The server is of no use, for this reason. */
static void
refuse(struct resolve *m, enum dns_status why)
{
	m->failure = why;
	m->refusals++;
	try_next(m);
}

static uint32_t
clamp_ttl(uint32_t ttl, uint32_t max)
{
	if (ttl > INT32_MAX) /* RFC 2181 section 8: "as if ... zero" */
		ttl = 0;
	if (ttl < RESOLVE_TTL_MIN)
		return RESOLVE_TTL_MIN;
	return ttl < max ? ttl : max;
}

static void
lower_ttl(struct resolve *m, uint32_t ttl)
{
	ttl = clamp_ttl(ttl, RESOLVE_TTL_MAX);
	if (ttl < m->answer.ttl)
		m->answer.ttl = ttl;
}

/* ---- reading an answer ---- */

/* Whether `r` is of `type` and at `name`. */
static bool
is_at(const struct dns_rr *rr, const struct dname *name, uint16_t type)
{
	return rr->type == type && dname_equal(&rr->name, name);
}

/* Returns the first record of `type` at `name`, or NULL. */
static const struct dns_rr *
first_at(const struct wire_message *msg, const struct dname *name,
	 uint16_t type)
{
	for (size_t i = 0; i < msg->len[WIRE_ANSWER]; i++)
		if (is_at(&msg->section[WIRE_ANSWER][i], name, type))
			return &msg->section[WIRE_ANSWER][i];
	return NULL;
}

/* Follows the CNAMEs from m->asked.name on; false past DNS_ALIASES_MAX. */
static bool
follow_aliases(struct resolve *m, const struct wire_message *msg)
{
	const struct dns_rr *cname;

	while (m->asked.type != DNS_CNAME &&
	       first_at(msg, &m->asked.name, m->asked.type) == NULL &&
	       (cname = first_at(msg, &m->asked.name, DNS_CNAME)) != NULL) {
		if (m->answer.aliases == DNS_ALIASES_MAX)
			return false;
		lower_ttl(m, cname->ttl);
		m->asked.name = dname_lower(&cname->target);
		m->alias[m->answer.aliases++] = m->asked.name;
	}
	return true;
}

/*
 * Takes the records at the end of the chain, if there are any.  Their names
 * are in lower case then: with 0x20 servers repeat the case of our question
 * wherever they compress, so that the case of a name in an answer says
 * nothing.
 */
static bool
take_records(struct resolve *m, const struct wire_message *msg)
{
	struct dns_rr *rr = NULL;
	size_t count = 0;

	for (size_t i = 0; i < msg->len[WIRE_ANSWER]; i++)
		count += is_at(&msg->section[WIRE_ANSWER][i], &m->asked.name,
			       m->asked.type);
	if (count == 0)
		return false;
	rr = arena_array(m->arena, count, sizeof(*rr));
	for (size_t i = 0; i < msg->len[WIRE_ANSWER] && rr != NULL; i++) {
		const struct dns_rr *one = &msg->section[WIRE_ANSWER][i];

		if (!is_at(one, &m->asked.name, m->asked.type))
			continue;
		lower_ttl(m, one->ttl);
		if (!dns_rr_copy(one, m->arena, &rr[m->answer.len]))
			rr = NULL;
		else
			dns_rr_lower(&rr[m->answer.len++]);
	}
	m->answer.rr = rr;
	finish(m, rr != NULL ? DNS_OK : DNS_BAD);
	return true;
}

/* Returns the SOA of a zone that the name is in, or NULL. */
static const struct dns_rr *
find_soa(const struct resolve *m, const struct wire_message *msg)
{
	for (size_t i = 0; i < msg->len[WIRE_AUTHORITY]; i++) {
		const struct dns_rr *rr = &msg->section[WIRE_AUTHORITY][i];

		if (rr->type == DNS_SOA &&
		    dname_is_under(&m->asked.name, &rr->name))
			return rr;
	}
	return NULL;
}

/* Ends with what is not there. */
static void
finish_negative(struct resolve *m, enum dns_status status,
		const struct dns_rr *soa)
{
	uint32_t ttl = RESOLVE_TTL_MIN; /* RFC 2308: without SOA not kept */

	if (soa != NULL) {
		ttl = soa->ttl < soa->soa.minimum ? soa->ttl : soa->soa.minimum;
		m->answer.has_soa = dns_rr_copy(soa, m->arena, &m->answer.soa);
		if (m->answer.has_soa)
			dns_rr_lower(&m->answer.soa);
	}
	ttl = clamp_ttl(ttl, RESOLVE_NEGATIVE_MAX);
	if (ttl < m->answer.ttl)
		m->answer.ttl = ttl;
	finish(m, status);
}

/* Whether the server is not one to ask: neither the zone's nor a resolver. */
static bool
is_lame(const struct resolve *m, const struct wire_message *msg)
{
	return !msg->header.aa && !(m->options.recurse && msg->header.ra);
}

/* Asks on for the target of an alias that the message does not have. */
static void
ask_on(struct resolve *m)
{
	if (!m->options.recurse) {
		finish(m, DNS_BAD);
		return;
	}
	m->tried = 1;
	m->refusals = 0;
	m->plain = false;
	send_to(m, m->server, false);
}

/* Takes in a message that is an answer to what was sent. */
static void
take_answer(struct resolve *m, const struct wire_message *msg)
{
	size_t aliases = m->answer.aliases;
	const struct dns_rr *soa;
	bool absent = msg->header.rcode == WIRE_NXDOMAIN;

	if (is_lame(m, msg)) {
		refuse(m, DNS_SERVFAIL);
		return;
	}
	m->answer.authentic = m->answer.authentic && msg->header.ad;
	if (!follow_aliases(m, msg)) {
		finish(m, DNS_SERVFAIL);
		return;
	}
	if (take_records(m, msg))
		return;
	soa = find_soa(m, msg);
	if (absent)
		finish_negative(m, DNS_NXDOMAIN, soa);
	else if (soa == NULL && m->answer.aliases > aliases)
		ask_on(m);
	else
		finish_negative(m, DNS_NODATA, soa);
}

/* Whether the header and question of `q` are those that were sent. */
static bool
is_ours(const struct resolve *m, const struct wire_query *q)
{
	if (q->header.questions != 1 || q->question.type != m->sent.type ||
	    q->question.class != m->sent.class)
		return false;
	if (!m->options.mix_case || m->tcp)
		return dname_equal(&q->question.name, &m->sent.name);
	return q->question.name.len == m->sent.name.len &&
	       memcmp(q->question.name.wire, m->sent.name.wire,
		      m->sent.name.len) == 0;
}

/* Takes note of an answer that is not ours: a forgery, or a late one. */
static void
mismatch(struct resolve *m)
{
	if (++m->mismatches < RESOLVE_MISMATCHES_MAX)
		return;
	if (m->tcp)
		refuse(m, DNS_BAD);
	else
		send_to(m, m->server, true);
}

/* Acts on the RCODE of an answer that is ours. */
static void
take_message(struct resolve *m, struct span message)
{
	CLEANUP(arena_release) struct arena scratch = ARENA_INIT(SCRATCH_MAX);
	struct wire_message msg;

	if (wire_parse(message, &scratch, &msg) != WIRE_OK) {
		refuse(m, DNS_BAD);
		return;
	}
	switch (msg.header.rcode | msg.opt.rcode << 4) {
	case WIRE_NOERROR:
	case WIRE_NXDOMAIN:
		take_answer(m, &msg);
		break;
	default:
		refuse(m, DNS_SERVFAIL);
	}
}

/* Whether a message is an answer with our ID, from where we asked. */
static bool
is_reply(const struct resolve *m, size_t server, bool tcp,
	 const struct wire_header *header)
{
	return server == m->server && tcp == m->tcp && header->qr &&
	       header->opcode == WIRE_QUERY && header->id == m->id;
}

/* Whether a server says that it is from before EDNS (RFC 6891 section 7);
 * such an answer may come without the question. */
static bool
lacks_edns(const struct resolve *m, const struct wire_header *header)
{
	return (header->rcode == WIRE_FORMERR ||
		header->rcode == WIRE_NOTIMP) &&
	       m->options.edns > 0 && !m->plain;
}

void
resolve_feed(struct resolve *m, size_t server, bool tcp, struct span message,
	     int64_t now)
{
	struct wire_query q;
	bool whole;

	m->now = now;
	if (m->done || m->pending)
		return;
	whole = wire_parse_query(message, &q) == WIRE_OK;
	if (message.len < WIRE_HEADER_SIZE ||
	    !is_reply(m, server, tcp, &q.header))
		mismatch(m);
	else if (lacks_edns(m, &q.header)) {
		m->plain = true;
		send_to(m, m->server, m->tcp);
	} else if (!is_ours(m, &q))
		mismatch(m);
	else if (q.header.tc && !m->tcp) {
		m->truncated = true;
		send_to(m, m->server, true);
	} else if (q.header.tc || !whole)
		refuse(m, DNS_BAD);
	else
		take_message(m, message);
}

void
resolve_unreachable(struct resolve *m, size_t server, bool tcp, int64_t now)
{
	m->now = now;
	if (!m->done && !m->pending && server == m->server && tcp == m->tcp)
		refuse(m, DNS_TIMEOUT);
}

void
resolve_init(struct resolve *m, const struct dns_question *question,
	     const struct resolve_options *options,
	     const uint8_t entropy[RESOLVE_ENTROPY_SIZE], struct arena *arena,
	     int64_t now)
{
	assert(options->servers > 0 && options->tries > 0);
	*m = (struct resolve){
		.options = *options,
		.arena = arena,
		.asked = *question,
		.tried = 1,
		.end = now + options->deadline,
		.now = now,
		.failure = DNS_TIMEOUT,
		.answer = {.ttl = RESOLVE_TTL_MAX,
			   .authentic = options->trust_ad},
	};
	memcpy(m->entropy, entropy, sizeof(m->entropy));
	send_to(m, 0, false);
}

enum resolve_event
resolve_next(struct resolve *m, struct resolve_send *ret)
{
	if (m->done)
		return RESOLVE_DONE;
	if (!m->pending)
		return RESOLVE_WAIT;
	m->pending = false;
	*ret = (struct resolve_send){m->server, span_bytes(m->bytes, m->len)};
	return m->tcp ? RESOLVE_SEND_TCP : RESOLVE_SEND_UDP;
}

int64_t
resolve_due(const struct resolve *m)
{
	if (m->done)
		return INT64_MAX;
	return m->due < m->end ? m->due : m->end;
}

void
resolve_tick(struct resolve *m, int64_t now)
{
	m->now = now;
	if (m->done || now < resolve_due(m))
		return;
	if (now < m->end && !m->tcp && m->mismatches > 0) {
		/* perhaps something on the way changes our questions */
		send_to(m, m->server, true);
		return;
	}
	m->failure = dns_is_error(m->failure) && m->refusals > 0 ? m->failure
								 : DNS_TIMEOUT;
	try_next(m);
}

const struct dns_answer *
resolve_answer(const struct resolve *m)
{
	assert(m->done);
	return &m->answer;
}

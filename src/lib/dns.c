/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/dns.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dns/reply.h"
#include "lib/convert.h"

#define TXT_MAX 65535 /* octets of RDATA */

void
dns_init(struct sesame_dns *dns)
{
	*dns = (struct sesame_dns){
		.arena = ARENA_INIT(DNS_ANSWER_ARENA_MAX),
	};
}

/* Forgets the records that were added. */
static void
drop_records(struct sesame_dns *dns)
{
	arena_release(&dns->arena);
	dns->len = 0;
}

void
dns_release(struct sesame_dns *dns)
{
	drop_records(dns);
	free(dns->rr);
	dns->rr = NULL;
	dns->room = 0;
}

/* Fetches the next question; without one, the machine is done. */
static void
next_question(struct sesame_dns *dns)
{
	dns->waiting = dns->type->ask(dns->machine, &dns->question);
	if (!dns->waiting) {
		dns->done = true;
		dns->type->done(dns->object);
		return;
	}
	dns->shown.name =
		text_of_span(dname_print(&dns->question.name, &dns->name));
	dns->shown.type = dns->question.type;
}

void
dns_start(struct sesame_dns *dns, const struct dns_machine *type, void *machine,
	  void *object)
{
	dns->type = type;
	dns->machine = machine;
	dns->object = object;
	next_question(dns);
}

const struct sesame_question *
sesame_dns_ask(const struct sesame_dns *dns)
{
	return dns->waiting ? &dns->shown : NULL;
}

/* Hands over an answer, and forgets what it was made of. */
static void
give(struct sesame_dns *dns, const struct dns_answer *answer)
{
	dns->type->answer(dns->machine, answer);
	next_question(dns);
	drop_records(dns);
}

enum sesame_status
sesame_dns_answer_wire(struct sesame_dns *dns, const void *message, size_t len,
		       unsigned flags)
{
	struct dns_answer answer;

	if (!dns->waiting)
		return SESAME_ERR_ORDER;
	if ((flags & ~(unsigned)SESAME_DNS_TRUSTED) != 0)
		return SESAME_ERR_ARGUMENT;
	drop_records(dns);
	switch (reply_read(span_bytes(message, len), &dns->question,
			   (flags & SESAME_DNS_TRUSTED) != 0, &dns->arena,
			   &answer)) {
	case REPLY_OK:
		give(dns, &answer);
		return SESAME_OK;
	case REPLY_TRUNCATED:
		return SESAME_ERR_TRUNCATED;
	case REPLY_NOT_OURS:
	case REPLY_MALFORMED:
		break;
	}
	drop_records(dns);
	return SESAME_ERR_DNS;
}

/* Whether a record of `type` may be added now, and there is room for it. */
static enum sesame_status
may_add(struct sesame_dns *dns, uint16_t type)
{
	if (!dns->waiting)
		return SESAME_ERR_ORDER;
	if (dns->question.type != type)
		return SESAME_ERR_ARGUMENT;
	if (dns->len == SESAME_DNS_RECORDS_MAX)
		return SESAME_ERR_TOO_BIG;
	if (dns->len == dns->room) {
		dns->room = dns->room > 0 ? 2 * dns->room : 8;
		dns->rr = mem_resize(dns->rr, dns->room * sizeof(*dns->rr));
	}
	return SESAME_OK;
}

/* Begins the next record; counted once `len` is raised. */
static struct dns_rr *
next_record(struct sesame_dns *dns, uint32_t ttl)
{
	struct dns_rr *rr = &dns->rr[dns->len];

	*rr = (struct dns_rr){
		.name = dns->question.name,
		.type = dns->question.type,
		.ttl = ttl,
		.data = SPAN(""),
	};
	return rr;
}

enum sesame_status
sesame_dns_add_txt(struct sesame_dns *dns, struct sesame_text text,
		   uint32_t ttl)
{
	enum sesame_status status = may_add(dns, DNS_TXT);
	struct span s = span_of_text(text);
	struct dns_rr *rr;

	if (status != SESAME_OK)
		return status;
	if (s.len > TXT_MAX)
		return SESAME_ERR_TOO_BIG;
	rr = next_record(dns, ttl);
	rr->txt.text = arena_copy(&dns->arena, s);
	rr->txt.strings = s.len > 255 ? (s.len + 254) / 255 : 1;
	if (arena_full(&dns->arena))
		return SESAME_ERR_TOO_BIG;
	dns->len++;
	return SESAME_OK;
}

enum sesame_status
sesame_dns_add_address(struct sesame_dns *dns, const void *octets, size_t len,
		       uint32_t ttl)
{
	enum sesame_status status = may_add(dns, len == 4 ? DNS_A : DNS_AAAA);
	struct dns_rr *rr;

	if (status != SESAME_OK)
		return status;
	if (len != 4 && len != 16)
		return SESAME_ERR_ARGUMENT;
	rr = next_record(dns, ttl);
	memcpy(len == 4 ? rr->a : rr->aaaa, octets, len);
	dns->len++;
	return SESAME_OK;
}

enum sesame_status
sesame_dns_add_mx(struct sesame_dns *dns, unsigned preference,
		  struct sesame_text name, uint32_t ttl)
{
	enum sesame_status status = may_add(dns, DNS_MX);
	struct dname exchange;
	struct dns_rr *rr;

	if (status != SESAME_OK)
		return status;
	if (preference > UINT16_MAX)
		return SESAME_ERR_ARGUMENT;
	if (dname_parse(span_of_text(name), &exchange) != DNAME_OK)
		return SESAME_ERR_DOMAIN;
	rr = next_record(dns, ttl);
	rr->mx.preference = (uint16_t)preference;
	rr->mx.exchange = dname_lower(&exchange);
	dns->len++;
	return SESAME_OK;
}

enum sesame_status
sesame_dns_add_ptr(struct sesame_dns *dns, struct sesame_text name,
		   uint32_t ttl)
{
	enum sesame_status status = may_add(dns, DNS_PTR);
	struct dname target;
	struct dns_rr *rr;

	if (status != SESAME_OK)
		return status;
	if (dname_parse(span_of_text(name), &target) != DNAME_OK)
		return SESAME_ERR_DOMAIN;
	rr = next_record(dns, ttl);
	rr->target = dname_lower(&target);
	dns->len++;
	return SESAME_OK;
}

/* Sets *ret to the engine's word for `status`. */
static bool
status_of(const struct sesame_dns *dns, enum sesame_dns_status status,
	  enum dns_status *ret)
{
	switch (status) {
	case SESAME_DNS_OK:
		*ret = dns->len > 0 ? DNS_OK : DNS_NODATA;
		return true;
	case SESAME_DNS_NODATA:
		*ret = DNS_NODATA;
		return true;
	case SESAME_DNS_NXDOMAIN:
		*ret = DNS_NXDOMAIN;
		return true;
	case SESAME_DNS_SERVFAIL:
		*ret = DNS_SERVFAIL;
		return true;
	case SESAME_DNS_TIMEOUT:
		*ret = DNS_TIMEOUT;
		return true;
	}
	return false;
}

enum sesame_status
sesame_dns_answer(struct sesame_dns *dns, enum sesame_dns_status status,
		  unsigned flags)
{
	struct dns_answer answer = {.rr = NULL};

	if (!dns->waiting)
		return SESAME_ERR_ORDER;
	if ((flags & ~(unsigned)SESAME_DNS_TRUSTED) != 0 ||
	    !status_of(dns, status, &answer.status))
		return SESAME_ERR_ARGUMENT;
	if (answer.status == DNS_OK) {
		answer.rr = dns->rr;
		answer.len = dns->len;
		answer.ttl = UINT32_MAX;
		for (size_t i = 0; i < dns->len; i++)
			if (dns->rr[i].ttl < answer.ttl)
				answer.ttl = dns->rr[i].ttl;
	}
	answer.authentic = (flags & SESAME_DNS_TRUSTED) != 0 &&
			   !dns_is_error(answer.status);
	give(dns, &answer);
	return SESAME_OK;
}

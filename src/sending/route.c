/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/route.h"

/* The next number drawn from the entropy given (splitmix64). */
static uint64_t
draw(struct route *r)
{
	uint64_t z = r->entropy += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void
end(struct route *r, enum route_status status, const char *enhanced,
    const char *text)
{
	r->state = ROUTE_DONE;
	r->status = status;
	r->enhanced = enhanced;
	r->text = text;
}

void
route_init(struct route *r, const struct route_config *config,
	   const struct dname *domain, uint64_t entropy)
{
	*r = (struct route){.config = *config,
			    .status = ROUTE_WAITING,
			    .domain = dname_lower(domain),
			    .entropy = entropy};
}

bool
route_ask(struct route *r, struct dns_question *ret)
{
	switch (r->state) {
	case ROUTE_ASK_MX:
		*ret = (struct dns_question){r->domain, DNS_MX};
		return true;
	case ROUTE_ASK_A:
		*ret = (struct dns_question){r->host[r->i].name, DNS_A};
		return true;
	case ROUTE_ASK_AAAA:
		*ret = (struct dns_question){r->host[r->i].name, DNS_AAAA};
		return true;
	case ROUTE_DONE:
		break;
	}
	return false;
}

static bool
is_own(const struct route *r, const struct dname *name)
{
	for (size_t i = 0; i < r->config.owns; i++)
		if (dname_equal(name, &r->config.own[i]))
			return true;
	return false;
}

static bool
is_localhost(const struct dname *name)
{
	size_t labels = dname_labels(name);

	return labels > 0 && span_equal_nocase(dname_label(name, labels - 1),
					       SPAN("localhost"));
}

static bool
is_before(const struct route_host *a, const struct route_host *b)
{
	if (a->preference != b->preference)
		return a->preference < b->preference;
	return a->ticket < b->ticket;
}

/* Puts `host` in its place, if it is among the best. */
static void
add_host(struct route *r, const struct route_host *host)
{
	size_t at = r->hosts;

	while (at > 0 && is_before(host, &r->host[at - 1]))
		at--;
	if (at == ROUTE_HOSTS_MAX)
		return;
	if (r->hosts < ROUTE_HOSTS_MAX)
		r->hosts++;
	memmove(&r->host[at + 1], &r->host[at],
		(r->hosts - at - 1) * sizeof(r->host[0]));
	r->host[at] = *host;
}

/* Begins to ask for the addresses of the hosts found. */
static void
ask_hosts(struct route *r)
{
	r->i = 0;
	r->state = ROUTE_ASK_A;
}

/*
 * RFC 5321 section 5.1: where we are a mail exchanger ourselves, only those
 * that are better than us may be tried.
 */
static uint32_t
own_preference(struct route *r, const struct dns_answer *a)
{
	uint32_t best = UINT32_MAX;

	for (size_t i = 0; i < a->len; i++)
		if (is_own(r, &a->rr[i].mx.exchange) &&
		    a->rr[i].mx.preference < best) {
			best = a->rr[i].mx.preference;
			r->own = true;
		}
	return best;
}

static void
take_exchangers(struct route *r, const struct dns_answer *a)
{
	uint32_t below = own_preference(r, a);

	for (size_t i = 0; i < a->len; i++) {
		const struct dname *exchange = &a->rr[i].mx.exchange;
		struct route_host host = {
			.preference = a->rr[i].mx.preference,
			.ticket = draw(r),
			.name = *exchange,
		};

		if (dname_labels(exchange) == 0 || host.preference >= below)
			continue;
		if (is_localhost(exchange) && !r->config.allow_loopback)
			r->refused = true;
		else
			add_host(r, &host);
	}
}

/* There is no host to ask for, or no address was found. */
static void
end_without(struct route *r)
{
	if (r->dns_error)
		end(r, ROUTE_DEFERRED, "4.4.3",
		    "DNS did not say where the domain's mail goes");
	else if (r->own)
		end(r, ROUTE_FAILED, "5.4.6",
		    "the domain's mail would come back to this server");
	else if (r->refused)
		end(r, ROUTE_FAILED, "5.4.4",
		    "the domain's mail servers have no public address");
	else
		end(r, ROUTE_FAILED, "5.4.4",
		    "the domain's mail servers have no address");
}

static void
on_mx(struct route *r, const struct dns_answer *a)
{
	if (a->status == DNS_NXDOMAIN) {
		end(r, ROUTE_FAILED, "5.1.2", "the domain does not exist");
		return;
	}
	if (dns_is_error(a->status)) {
		r->dns_error = true;
		end_without(r);
		return;
	}
	if (a->status == DNS_OK && a->len == 1 &&
	    dname_labels(&a->rr[0].mx.exchange) == 0) {
		/* RFC 7505 section 3: "." alone */
		end(r, ROUTE_FAILED, "5.1.10",
		    "the domain does not accept mail (null MX)");
		return;
	}
	if (a->status == DNS_OK && a->len > 0) {
		take_exchangers(r, a);
	} else if (is_own(r, &r->domain)) {
		r->own = true;
	} else {
		r->host[0] = (struct route_host){.name = r->domain};
		r->hosts = 1;
	}
	if (r->hosts == 0)
		end_without(r);
	else
		ask_hosts(r);
}

static bool
is_own_ip(const struct route *r, const struct route_ip *ip)
{
	for (size_t i = 0; i < r->config.own_ips; i++) {
		const struct route_ip *own = &r->config.own_ip[i];

		if (own->v6 == ip->v6 &&
		    memcmp(own->ip, ip->ip, own->v6 ? 16 : 4) == 0)
			return true;
	}
	return false;
}

/* Adds an address at a place that is drawn, from `first` on. */
static void
add_address(struct route *r, size_t first, const struct dns_rr *rr)
{
	struct route_address address = {.host = r->host[r->i].name};
	size_t at;

	address.at.v6 = rr->type == DNS_AAAA;
	if (address.at.v6)
		memcpy(address.at.ip, rr->aaaa, 16);
	else
		memcpy(address.at.ip, rr->a, 4);
	if (!route_ip_allowed(&address.at, r->config.allow_loopback)) {
		r->refused = true;
	} else if (is_own_ip(r, &address.at)) {
		r->own = true;
	} else if (r->len < ROUTE_ADDRESSES_MAX) {
		at = first + draw(r) % (r->len - first + 1);
		r->address[r->len++] = r->address[at];
		r->address[at] = address;
	}
}

static void
on_addresses(struct route *r, const struct dns_answer *a)
{
	size_t first = r->len;

	if (dns_is_error(a->status))
		r->dns_error = true;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		add_address(r, first, &a->rr[i]);
	if (r->state == ROUTE_ASK_A && !r->config.no_v6) {
		r->state = ROUTE_ASK_AAAA;
		return;
	}
	r->state = ROUTE_ASK_A;
	if (++r->i < r->hosts && r->len < ROUTE_ADDRESSES_MAX)
		return;
	if (r->len > 0)
		end(r, ROUTE_OK, "", "");
	else
		end_without(r);
}

void
route_answer(struct route *r, const struct dns_answer *a)
{
	switch (r->state) {
	case ROUTE_ASK_MX:
		on_mx(r, a);
		break;
	case ROUTE_ASK_A:
	case ROUTE_ASK_AAAA:
		on_addresses(r, a);
		break;
	case ROUTE_DONE:
		break;
	}
}

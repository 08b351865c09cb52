/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - to which addresses the mail for a domain goes, in which order.
 *
 * A machine that asks DNS (docs/adr/0002): MX, or the domain itself if there
 * is none (RFC 5321 section 5.1), then the addresses of each host.  Hosts of
 * equal preference are shuffled.  A null MX (RFC 7505) is a refusal.
 *
 * What DNS says is a stranger's: nobody sends our connections to loopback,
 * private or otherwise not public addresses, nor back to ourselves.
 *
 * Pure: no allocation, no I/O, no logging, no clock, and the randomness is
 * given.  Ownership: the struct is the caller's; it borrows config.own and
 * config.own_ip.
 */
#pragma once

#include "dns/record.h"

#define ROUTE_HOSTS_MAX     10 /* MX hosts that are looked at */
#define ROUTE_ADDRESSES_MAX 20 /* addresses that are tried, in all */

/* An address to connect to. */
struct route_ip {
	bool v6;        /* ip has 16 octets, else 4 */
	uint8_t ip[16]; /* in network order */
};

/* An address and the host that it is of. */
struct route_address {
	struct route_ip at;
	struct dname host; /* the MX, or the domain */
};

struct route_config {
	bool allow_loopback;     /* loopback and private addresses are fine */
	bool no_v6;              /* do not look for IPv6 addresses */
	const struct dname *own; /* our names: mail to them would go round */
	size_t owns;             /* of own */
	const struct route_ip *own_ip; /* our addresses, likewise */
	size_t own_ips;                /* of own_ip */
};

enum route_status {
	ROUTE_OK = 0,
	ROUTE_WAITING,  /* it still asks */
	ROUTE_DEFERRED, /* DNS failed: no evidence of anything, try again */
	ROUTE_FAILED,   /* there is no way to this domain */
};

/* Where the machine is. */
enum route_state {
	ROUTE_ASK_MX,   /* for the domain's MX */
	ROUTE_ASK_A,    /* for a host's IPv4 addresses */
	ROUTE_ASK_AAAA, /* for its IPv6 addresses */
	ROUTE_DONE,     /* it asks no more */
};

/* A host to look at; the best come first. */
struct route_host {
	uint16_t preference;
	uint64_t ticket; /* drawn: orders those of equal preference */
	struct dname name;
};

struct route {
	struct route_config config;
	enum route_state state;
	enum route_status status;
	const char *enhanced; /* unless OK: RFC 3463 code, static */
	const char *text;     /* unless OK: the reason, static */
	struct route_address address[ROUTE_ADDRESSES_MAX]; /* in order */
	size_t len;                                        /* of address */
	struct dname domain;
	uint64_t entropy;
	struct route_host host[ROUTE_HOSTS_MAX];
	size_t hosts;   /* of host */
	size_t i;       /* the one being asked for */
	bool dns_error; /* an answer was none */
	bool refused;   /* an address was, for what it is */
	bool own;       /* one was, for being ours */
};

/* Begins the way to `domain`; copies *config.  `entropy` is for shuffling. */
void route_init(struct route *r, const struct route_config *config,
		const struct dname *domain, uint64_t entropy);

/*
 * Returns whether it waits for the answer to *ret; false: it is done, and
 * r->status, r->address, r->enhanced and r->text hold.
 */
bool route_ask(struct route *r, struct dns_question *ret);

/* Answers the question of route_ask(). */
void route_answer(struct route *r, const struct dns_answer *a);

/*
 * Returns whether strangers may send us to `ip`: false for loopback, private,
 * link-local, shared, reserved and multicast addresses, and for IPv6 that
 * wraps such an IPv4 one.  `private_too`: only for those that nobody can be
 * reached at (multicast, unspecified, reserved).
 */
bool route_ip_allowed(const struct route_ip *ip, bool private_too);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nameserver - serves the deployment's zone over UDP and TCP, from the loop.
 *
 * The driver of dns/responder.h.  UDP is limited for each network (dns/rrl.h);
 * TCP for each address and in all: when there are too many connections, the
 * one that was quiet for the longest goes.
 *
 * RFC 1035, 7766.
 */
#pragma once

#include "dns/zone.h"
#include "sys/loop.h"
#include "sys/net.h"

#define NAMESERVER_TCP_MAX      256 /* connections */
#define NAMESERVER_TCP_EACH_MAX 8   /* connections from one address */
/* Milliseconds in which a connection must bring a whole query. */
#define NAMESERVER_IDLE_MS 5000
/* Octets of answers that wait for a peer; then it is not read any more. */
#define NAMESERVER_UNSENT_MAX (128 * 1024)

struct nameserver;

/* What was done since the start. */
struct nameserver_counts {
	uint64_t queries;   /* datagrams and messages that came */
	uint64_t answers;   /* that were sent */
	uint64_t truncated; /* told to come over TCP, for coming too often */
	uint64_t limited;   /* not answered, for coming too often */
	uint64_t refused;   /* TCP connections closed at once, or early */
};

/*
 * Serves `zone` on the bound UDP socket `udp` and the listening TCP socket
 * `tcp`.  Borrows all of them: they must outlive it; the zone may change
 * whenever the loop's thread changes it.
 */
struct nameserver *nameserver_new(struct loop *loop, const struct zone *zone,
				  int udp, int tcp) MUST_CHECK;

/* Frees `server`, which may be NULL; connections are closed. */
void nameserver_free(struct nameserver *server);

DEFINE_FREEP(nameserver)

/* Returns what `server` did so far. */
struct nameserver_counts nameserver_counts(const struct nameserver *server);

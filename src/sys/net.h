/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net - addresses and sockets.
 *
 * Sockets made here do not block and are closed on exec.  A descriptor that
 * is returned is the caller's to close.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/span.h"
#include "sys/loop.h"

#define NET_TEXT_SIZE 64    /* of net_format(), with its NUL */
#define NET_UDP_MAX   65535 /* octets of a datagram */

/* An IP address and a port. */
struct net_address {
	bool v6;        /* ip has 16 octets, else 4 */
	uint8_t ip[16]; /* in network order */
	uint16_t port;
};

/* The text of an address, so that a format needs no buffer. */
struct net_text {
	char s[NET_TEXT_SIZE];
};

/*
 * Parses "127.0.0.1:25", "[::1]:25", "127.0.0.1#53" or a bare address, which
 * gets `port`.  Returns false, leaving *ret alone, if it is none of these.
 */
bool net_parse(struct span text, uint16_t port,
	       struct net_address *ret) MUST_CHECK;

/* Returns "127.0.0.1:25" or "[::1]:25". */
struct net_text net_format(const struct net_address *address);

/* Returns the address without its port: "127.0.0.1" or "::1". */
struct net_text net_format_ip(const struct net_address *address);

/* Returns whether address is 127/8 or ::1. */
bool net_is_loopback(const struct net_address *address);

/*
 * Returns a socket that listens for TCP at `address` (port 0: any free one),
 * or -1 with *reterr.
 */
int net_listen(const struct net_address *address,
	       struct error *reterr) MUST_CHECK;

/* As net_listen(), of a bound UDP socket. */
int net_udp(const struct net_address *address, struct error *reterr) MUST_CHECK;

/*
 * Opens a UDP socket and a listening TCP socket at the same address, with
 * the same free port if `address` has port 0.
 */
bool net_both(const struct net_address *address, int *ret_udp, int *ret_tcp,
	      struct error *reterr) MUST_CHECK;

/*
 * Returns a UDP socket on a source port that the kernel draws at random and
 * that hears only from `server`; -1 with *reterr.
 */
int net_udp_to(const struct net_address *server,
	       struct error *reterr) MUST_CHECK;

/* Returns the address that socket `fd` is bound to. */
struct net_address net_bound(int fd);

/*
 * Takes a waiting datagram into the `room` bytes at `to`.  Returns its
 * length, or -1 if none waits (or the socket failed).
 */
ssize_t net_receive(int fd, void *to, size_t room, struct net_address *ret);

/* Sends a datagram; to NULL if the socket has a peer.  False if it cannot. */
bool net_send(int fd, struct span bytes, const struct net_address *to);

struct net_listener;

/*
 * Called with each accepted connection, whose descriptor it takes; it must
 * not free the listener.
 */
typedef void net_accept(void *context, int fd, const struct net_address *peer);

/*
 * Accepts on the listening socket `fd`, which it borrows.  When descriptors
 * run out it rests for a moment instead of spinning.
 */
struct net_listener *net_listener_new(struct loop *loop, int fd,
				      net_accept *accepted,
				      void *context) MUST_CHECK;

/* Frees `listener`, which may be NULL. */
void net_listener_free(struct net_listener *listener);

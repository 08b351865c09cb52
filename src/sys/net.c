/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

/* Free UDP ports that are tried for one that TCP has free too. */
#define BOTH_TRIES 50
/* How long to rest, in ms, when no descriptor is left to accept with. */
#define ACCEPT_REST 100
#define BACKLOG     512
/* Most connections accepted before the loop is given back. */
#define ACCEPT_BURST 64

/* Splits "[ip]:port", "ip:port", "ip#port" or "ip"; port is "" if none. */
static void
split(struct span text, struct span *ip, struct span *port)
{
	size_t at = span_find(text, '#');

	*port = SPAN("");
	if (at == SPAN_NONE && text.len > 0 && text.ptr[0] == '[') {
		size_t end = span_find(text, ']');

		*ip = text;
		if (end == SPAN_NONE)
			return;
		*ip = span_sub(text, 1, end);
		text = span_skip(text, end + 1);
		if (text.len > 0 && text.ptr[0] == ':')
			*port = text.len > 1 ? span_skip(text, 1) : SPAN("?");
		else if (text.len > 0)
			*port = SPAN("?");
		return;
	}
	if (at == SPAN_NONE &&
	    span_find(text, ':') == span_find_last(text, ':'))
		at = span_find(text, ':');
	*ip = at == SPAN_NONE ? text : span_sub(text, 0, at);
	if (at != SPAN_NONE)
		*port = at + 1 < text.len ? span_skip(text, at + 1) : SPAN("?");
}

bool
net_parse(struct span text, uint16_t port, struct net_address *ret)
{
	struct net_address address = {.port = port};
	struct span ip, digits;
	char copy[NET_TEXT_SIZE];
	uint64_t number;

	split(text, &ip, &digits);
	if (digits.len > 0) {
		if (!span_to_u64(digits, UINT16_MAX, &number))
			return false;
		address.port = (uint16_t)number;
	}
	if (ip.len >= sizeof(copy) || span_find(ip, '\0') != SPAN_NONE)
		return false;
	memcpy(copy, ip.ptr, ip.len);
	copy[ip.len] = '\0';
	address.v6 = span_find(ip, ':') != SPAN_NONE;
	if (inet_pton(address.v6 ? AF_INET6 : AF_INET, copy, address.ip) != 1)
		return false;
	*ret = address;
	return true;
}

struct net_text
net_format_ip(const struct net_address *address)
{
	struct net_text text = {""};

	inet_ntop(address->v6 ? AF_INET6 : AF_INET, address->ip, text.s,
		  sizeof(text.s));
	return text;
}

struct net_text
net_format(const struct net_address *address)
{
	struct net_text ip = net_format_ip(address);
	struct net_text text;

	snprintf(text.s, sizeof(text.s),
		 address->v6 ? "[%.46s]:%u" : "%.46s:%u", ip.s, address->port);
	return text;
}

bool
net_is_loopback(const struct net_address *address)
{
	static const uint8_t one[16] = {[15] = 1};

	if (address->v6)
		return memcmp(address->ip, one, 16) == 0;
	return address->ip[0] == 127;
}

union any_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

static socklen_t
to_system(const struct net_address *address, union any_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (address->v6) {
		ret->v6.sin6_family = AF_INET6;
		ret->v6.sin6_port = htons(address->port);
		memcpy(&ret->v6.sin6_addr, address->ip, 16);
		return sizeof(ret->v6);
	}
	ret->v4.sin_family = AF_INET;
	ret->v4.sin_port = htons(address->port);
	memcpy(&ret->v4.sin_addr, address->ip, 4);
	return sizeof(ret->v4);
}

static struct net_address
from_system(const union any_address *address)
{
	struct net_address ret = {0};

	if (address->any.sa_family == AF_INET6) {
		ret.v6 = true;
		ret.port = ntohs(address->v6.sin6_port);
		memcpy(ret.ip, &address->v6.sin6_addr, 16);
	} else {
		ret.port = ntohs(address->v4.sin_port);
		memcpy(ret.ip, &address->v4.sin_addr, 4);
	}
	return ret;
}

/* Opens a socket of `type`; -1 with *reterr. */
static int
open_socket(const struct net_address *address, int type, struct error *reterr)
{
	int fd = socket(address->v6 ? AF_INET6 : AF_INET,
			type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		error_set(reterr, ERROR_NETWORK, "cannot open a socket: %s",
			  strerror(errno));
	return fd;
}

/* Opens and binds; -1 with *reterr. */
static int
open_bound(const struct net_address *address, int type, struct error *reterr)
{
	union any_address system;
	socklen_t len = to_system(address, &system);
	int one = 1;
	int fd = open_socket(address, type, reterr);

	if (fd < 0)
		return -1;
	if (address->v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &system.any, len) == 0)
		return fd;
	error_set(reterr, ERROR_NETWORK, "cannot bind %s (%s): %s",
		  net_format(address).s, type == SOCK_STREAM ? "TCP" : "UDP",
		  strerror(errno));
	close(fd);
	return -1;
}

int
net_listen(const struct net_address *address, struct error *reterr)
{
	int fd = open_bound(address, SOCK_STREAM, reterr);

	if (fd < 0 || listen(fd, BACKLOG) == 0)
		return fd;
	error_set(reterr, ERROR_NETWORK, "cannot listen at %s: %s",
		  net_format(address).s, strerror(errno));
	close(fd);
	return -1;
}

int
net_udp(const struct net_address *address, struct error *reterr)
{
	return open_bound(address, SOCK_DGRAM, reterr);
}

bool
net_both(const struct net_address *address, int *ret_udp, int *ret_tcp,
	 struct error *reterr)
{
	struct net_address at = *address;

	for (int tries = 0; tries < BOTH_TRIES; tries++) {
		*ret_udp = net_udp(address, reterr);
		if (*ret_udp < 0)
			return false;
		at.port = net_bound(*ret_udp).port;
		*ret_tcp = net_listen(&at, reterr);
		if (*ret_tcp >= 0)
			return true;
		close(*ret_udp);
		if (address->port != 0)
			return false;
	}
	return false;
}

int
net_udp_to(const struct net_address *server, struct error *reterr)
{
	union any_address system;
	socklen_t len = to_system(server, &system);
	int fd = open_socket(server, SOCK_DGRAM, reterr);

	if (fd < 0 || connect(fd, &system.any, len) == 0)
		return fd;
	error_set(reterr, ERROR_NETWORK, "cannot reach %s: %s",
		  net_format(server).s, strerror(errno));
	close(fd);
	return -1;
}

struct net_address
net_bound(int fd)
{
	union any_address system;
	socklen_t len = sizeof(system);

	memset(&system, 0, sizeof(system));
	if (getsockname(fd, &system.any, &len) != 0)
		return (struct net_address){0};
	return from_system(&system);
}

ssize_t
net_receive(int fd, void *to, size_t room, struct net_address *ret)
{
	union any_address system;
	socklen_t len = sizeof(system);
	ssize_t n;

	memset(&system, 0, sizeof(system));
	do
		n = recvfrom(fd, to, room, 0, &system.any, &len);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		*ret = from_system(&system);
	return n;
}

bool
net_send(int fd, struct span bytes, const struct net_address *to)
{
	union any_address system;
	ssize_t n;

	if (to == NULL)
		n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
	else
		n = sendto(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL, &system.any,
			   to_system(to, &system));
	return n == (ssize_t)bytes.len;
}

struct net_listener {
	struct loop *loop;
	int fd;
	struct loop_watch *watch; /* NULL while resting */
	struct loop_timer *rest;
	net_accept *accepted;
	void *context;
};

static void
listener_ready(void *context)
{
	struct net_listener *listener = context;

	for (int i = 0; i < ACCEPT_BURST; i++) {
		union any_address system;
		socklen_t len = sizeof(system);
		struct net_address peer;
		int one = 1;
		int fd = accept4(listener->fd, &system.any, &len,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE ||
			    errno == ENOBUFS || errno == ENOMEM) {
				loop_watch_free(take_ptr(&listener->watch));
				loop_timer_set(listener->rest, ACCEPT_REST);
			}
			break;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		peer = from_system(&system);
		listener->accepted(listener->context, fd, &peer);
	}
}

static void
listener_rested(void *context)
{
	struct net_listener *listener = context;

	listener->watch = loop_watch_new(listener->loop, listener->fd,
					 listener_ready, listener);
}

struct net_listener *
net_listener_new(struct loop *loop, int fd, net_accept *accepted, void *context)
{
	struct net_listener *listener = mem_new(sizeof(*listener));

	listener->loop = loop;
	listener->fd = fd;
	listener->accepted = accepted;
	listener->context = context;
	listener->rest = loop_timer_new(loop, listener_rested, listener);
	listener->watch = loop_watch_new(loop, fd, listener_ready, listener);
	return listener;
}

void
net_listener_free(struct net_listener *listener)
{
	if (listener == NULL)
		return;
	loop_watch_free(listener->watch);
	loop_timer_free(listener->rest);
	free(listener);
}

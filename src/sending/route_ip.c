/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/route.h"

/* What a net is, as far as connections there go. */
enum kind {
	NOWHERE, /* nobody can be there */
	LOCAL,   /* ours or our network's */
	WRAPS,   /* the IPv4 address in it decides; `at` says where it is */
};

/* A net of the IANA special-purpose registries (RFC 6890). */
struct net {
	uint8_t ip[16];
	uint8_t bits;
	enum kind kind;
	uint8_t at;
};

static const struct net nets4[] = {
	{{0}, 8, NOWHERE, 0},          /* this network */
	{{10}, 8, LOCAL, 0},           /* private */
	{{100, 64}, 10, LOCAL, 0},     /* shared (CGNAT) */
	{{127}, 8, LOCAL, 0},          /* loopback */
	{{169, 254}, 16, LOCAL, 0},    /* link-local */
	{{172, 16}, 12, LOCAL, 0},     /* private */
	{{192, 0, 0}, 24, NOWHERE, 0}, /* protocol assignments */
	{{192, 168}, 16, LOCAL, 0},    /* private */
	{{198, 18}, 15, LOCAL, 0},     /* benchmarking */
	{{224}, 4, NOWHERE, 0},        /* multicast */
	{{240}, 4, NOWHERE, 0},        /* reserved, and broadcast */
};

static const struct net nets6[] = {
	{{0}, 128, NOWHERE, 0},                               /* unspecified */
	{{[15] = 1}, 128, LOCAL, 0},                          /* loopback */
	{{[10] = 0xff, 0xff}, 96, WRAPS, 12},                 /* mapped */
	{{0}, 96, NOWHERE, 0},                                /* compatible */
	{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, LOCAL, 0}, /* own NAT64 */
	{{0x00, 0x64, 0xff, 0x9b}, 96, WRAPS, 12},            /* NAT64 */
	{{0x01, 0x00}, 64, NOWHERE, 0},                       /* discard */
	{{0x20, 0x01, 0x00, 0x00}, 32, NOWHERE, 0},           /* Teredo */
	{{0x20, 0x02}, 16, WRAPS, 2},                         /* 6to4 */
	{{0xfc}, 7, LOCAL, 0},                                /* private */
	{{0xfe, 0x80}, 10, LOCAL, 0},                         /* link-local */
	{{0xfe, 0xc0}, 10, LOCAL, 0},                         /* site-local */
	{{0xff}, 8, NOWHERE, 0},                              /* multicast */
};

static bool
is_in(const uint8_t *ip, const struct net *net)
{
	size_t whole = net->bits / 8;
	int rest = net->bits % 8;

	if (memcmp(ip, net->ip, whole) != 0)
		return false;
	return rest == 0 || (ip[whole] ^ net->ip[whole]) >> (8 - rest) == 0;
}

/* The first net that `ip` is in, or NULL: it is public. */
static const struct net *
find(const uint8_t *ip, const struct net *nets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_in(ip, &nets[i]))
			return &nets[i];
	return NULL;
}

bool
route_ip_allowed(const struct route_ip *ip, bool private_too)
{
	const uint8_t *v4 = ip->ip;
	const struct net *net;

	if (ip->v6) {
		net = find(ip->ip, nets6, COUNT(nets6));
		if (net == NULL || net->kind != WRAPS)
			return net == NULL ||
			       (private_too && net->kind == LOCAL);
		v4 = ip->ip + net->at;
	}
	net = find(v4, nets4, COUNT(nets4));
	return net == NULL || (private_too && net->kind == LOCAL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_ip - the address of an SMTP client, and networks it may be in.
 *
 * An IPv6 address that maps an IPv4 one (::ffff:192.0.2.1) is the IPv4
 * address, RFC 7208 section 5: "even if the SMTP connection uses IPv6, an
 * IPv4-mapped IPv6 IP address ... MUST still be considered an IPv4 address".
 *
 * Pure: no allocation, no I/O, no logging, no clock.  An spf_ip is a value.
 */
#pragma once

#include <endian.h>

#include "base/macros.h"
#include "base/span.h"
#include "dns/name.h"

/* Longest text of an address, with its NUL. */
#define SPF_IP_TEXT_MAX 46

struct spf_ip {
	uint8_t octet[16]; /* network order; the rest is zero */
	bool v6;           /* 16 octets, else 4 */
};

/* The text of an address, so that a format needs no buffer of the caller's. */
struct spf_ip_text {
	char s[SPF_IP_TEXT_MAX];
};

/*
 * Parses dotted decimal or RFC 4291 text; a mapped address becomes IPv4.
 * Returns false, leaving *ret alone, if it is neither.
 */
bool spf_ip_parse(struct span text, struct spf_ip *ret) MUST_CHECK;

/* As spf_ip_parse(), for dotted decimal only. */
bool spf_ip_parse_v4(struct span text, struct spf_ip *ret) MUST_CHECK;

/* As spf_ip_parse(), for RFC 4291 text only; a mapped one stays IPv6. */
bool spf_ip_parse_v6(struct span text, struct spf_ip *ret) MUST_CHECK;

/* Returns the text of `ip`: "192.0.2.1" or "2001:db8::1". */
struct spf_ip_text spf_ip_format(const struct spf_ip *ip);

/* Returns an IPv4 address as a number. */
static inline uint32_t
spf_ip_v4(const struct spf_ip *ip)
{
	uint32_t n;

	memcpy(&n, ip->octet, sizeof(n));
	return be32toh(n);
}

/* Returns the first 64 bits of an IPv6 address as a number. */
static inline uint64_t
spf_ip_high(const struct spf_ip *ip)
{
	uint64_t n;

	memcpy(&n, ip->octet, sizeof(n));
	return be64toh(n);
}

/* Returns the last 64 bits of an IPv6 address as a number. */
static inline uint64_t
spf_ip_low(const struct spf_ip *ip)
{
	uint64_t n;

	memcpy(&n, ip->octet + sizeof(n), sizeof(n));
	return be64toh(n);
}

/* Returns the bits that a prefix of 0..32 compares. */
static inline uint32_t
spf_ip_mask4(unsigned prefix)
{
	return prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
}

/* Returns the bits that a prefix compares of 64; one above 64 is 64. */
static inline uint64_t
spf_ip_mask64(unsigned prefix)
{
	if (prefix >= 64)
		return UINT64_MAX;
	return prefix == 0 ? 0 : UINT64_MAX << (64 - prefix);
}

/* Returns whether `a` and `b`, of one family, share the first `bits` bits. */
bool spf_ip_match(const struct spf_ip *a, const struct spf_ip *b,
		  unsigned bits);

/* Returns the name that PTR records of `ip` stand at (in-addr.arpa ...). */
struct dname spf_ip_reverse(const struct spf_ip *ip);

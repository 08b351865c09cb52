/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_ip.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>

/* inet_pton() of `text` into `octet`, which has room for the family. */
static bool
parse(int family, struct span text, uint8_t *octet)
{
	char copy[SPF_IP_TEXT_MAX];

	if (text.len >= sizeof(copy) || span_find(text, '\0') != SPAN_NONE)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return inet_pton(family, copy, octet) == 1;
}

bool
spf_ip_parse_v4(struct span text, struct spf_ip *ret)
{
	struct spf_ip ip = {.v6 = false};

	if (!parse(AF_INET, text, ip.octet))
		return false;
	*ret = ip;
	return true;
}

bool
spf_ip_parse_v6(struct span text, struct spf_ip *ret)
{
	struct spf_ip ip = {.v6 = true};

	if (!parse(AF_INET6, text, ip.octet))
		return false;
	*ret = ip;
	return true;
}

bool
spf_ip_parse(struct span text, struct spf_ip *ret)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct spf_ip ip;

	if (spf_ip_parse_v4(text, ret))
		return true;
	if (!spf_ip_parse_v6(text, &ip))
		return false;
	if (memcmp(ip.octet, mapped, sizeof(mapped)) == 0) {
		struct spf_ip v4 = {.v6 = false};

		memcpy(v4.octet, ip.octet + sizeof(mapped), 4);
		ip = v4;
	}
	*ret = ip;
	return true;
}

struct spf_ip_text
spf_ip_format(const struct spf_ip *ip)
{
	struct spf_ip_text text;

	if (inet_ntop(ip->v6 ? AF_INET6 : AF_INET, ip->octet, text.s,
		      sizeof(text.s)) == NULL)
		text.s[0] = '\0';
	return text;
}

bool
spf_ip_match(const struct spf_ip *a, const struct spf_ip *b, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned mask = 0xff00u >> (bits % 8) & 0xff;

	assert(bits <= (a->v6 ? 128 : 32));
	if (a->v6 != b->v6 || memcmp(a->octet, b->octet, whole) != 0)
		return false;
	return mask == 0 || ((a->octet[whole] ^ b->octet[whole]) & mask) == 0;
}

struct dname
spf_ip_reverse(const struct spf_ip *ip)
{
	static const char hex[] = "0123456789abcdef";
	char text[DNAME_TEXT_MAX];
	struct dname name = DNAME_ROOT;
	int len = 0;

	if (!ip->v6)
		len = snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa",
			       ip->octet[3], ip->octet[2], ip->octet[1],
			       ip->octet[0]);
	for (size_t i = 16; ip->v6 && i-- > 0;)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
				"%c.%c.%s", hex[ip->octet[i] & 15],
				hex[ip->octet[i] >> 4],
				i == 0 ? "ip6.arpa" : "");
	enum dname_status status =
		dname_parse((struct span){text, (size_t)len}, &name);
	assert(status == DNAME_OK);
	return name;
}

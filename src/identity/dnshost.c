/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/dnshost.h"

#include "base/macros.h"

#define PATTERNS_MAX 5 /* of one host */

#define APPENDS                                                                \
	"The console adds the domain to a name by itself: enter the name "     \
	"relative to the zone."

static const struct row {
	struct dnshost host;
	const char *pattern[PATTERNS_MAX];
} rows[] = {
	{{"akamai", "Akamai", ""}, {"*.akam.net"}},
	{{"alibaba", "Alibaba Cloud", ""}, {"*.hichina.com", "*.alidns.com"}},
	{{"azure", "Azure DNS", APPENDS},
	 {"*.azure-dns.com", "*.azure-dns.net", "*.azure-dns.org",
	  "*.azure-dns.info"}},
	{{"bluehost", "Bluehost", ""}, {"*.bluehost.com"}},
	{{"bunny", "Bunny DNS", ""}, {"*.bunny.net"}},
	{{"cloudflare", "Cloudflare",
	  "A CNAME must say \"DNS only\": the orange cloud must be grey."},
	 {"*.ns.cloudflare.com"}},
	{{"cloudns", "ClouDNS", ""}, {"*.cloudns.net"}},
	{{"constellix", "Constellix", ""},
	 {"*.constellix.com", "*.constellix.net"}},
	{{"desec", "deSEC", ""}, {"*.desec.io", "*.desec.org"}},
	{{"digitalocean", "DigitalOcean", ""}, {"*.digitalocean.com"}},
	{{"dnsimple", "DNSimple", ""},
	 {"*.dnsimple.com", "*.dnsimple-edge.net"}},
	{{"dnsmadeeasy", "DNS Made Easy", ""}, {"*.dnsmadeeasy.com"}},
	{{"dnspod", "Tencent DNSPod", ""}, {"*.dnspod.net"}},
	{{"dreamhost", "DreamHost", ""}, {"*.dreamhost.com"}},
	{{"gandi", "Gandi", ""}, {"*.gandi.net"}},
	{{"godaddy", "GoDaddy", APPENDS}, {"*.domaincontrol.com"}},
	{{"google", "Google Cloud DNS", ""}, {"ns-cloud-*.googledomains.com"}},
	{{"he", "Hurricane Electric", ""}, {"ns*.he.net"}},
	{{"hetzner", "Hetzner", ""},
	 {"*.ns.hetzner.com", "*.ns.hetzner.de", "*.first-ns.de",
	  "*.second-ns.de", "*.second-ns.com"}},
	{{"hostgator", "HostGator", ""}, {"*.hostgator.com"}},
	{{"hostinger", "Hostinger", ""}, {"*.dns-parking.com"}},
	{{"infomaniak", "Infomaniak", ""}, {"*.infomaniak.ch"}},
	{{"inwx", "INWX", ""}, {"*.inwx.de", "*.inwx.eu", "*.inwx.com"}},
	{{"ionos", "IONOS", ""},
	 {"*.ui-dns.com", "*.ui-dns.de", "*.ui-dns.org", "*.ui-dns.biz"}},
	{{"linode", "Akamai (Linode)", ""}, {"*.linode.com"}},
	{{"loopia", "Loopia", ""}, {"*.loopia.se"}},
	{{"namecheap", "Namecheap",
	  APPENDS " An MX is under \"Mail settings\", \"Custom MX\"."},
	 {"*.registrar-servers.com"}},
	{{"namedotcom", "Name.com", ""}, {"*.name.com"}},
	{{"networksolutions", "Network Solutions", ""}, {"*.worldnic.com"}},
	{{"ns1", "IBM NS1", ""}, {"*.nsone.net"}},
	{{"one", "one.com", ""}, {"*.one.com", "*.one-dns.net"}},
	{{"ovh", "OVHcloud", ""}, {"*.ovh.net", "*.ovh.ca", "*.anycast.me"}},
	{{"porkbun", "Porkbun", ""}, {"*.porkbun.com"}},
	{{"route53", "Amazon Route 53",
	  "The value of a TXT is entered in quotes, the priority of an MX "
	  "before its host."},
	 {"*.awsdns-*"}},
	{{"squarespace", "Squarespace", ""}, {"*.squarespacedns.com"}},
	{{"strato", "STRATO", ""}, {"*.rzone.de", "*.strato.de"}},
	{{"transip", "TransIP", ""}, {"*.transip.net", "*.transip.nl"}},
	{{"ultradns", "Vercara UltraDNS", ""},
	 {"*.ultradns.com", "*.ultradns.net", "*.ultradns.org",
	  "*.ultradns.biz", "*.ultradns.info"}},
	{{"vercel", "Vercel", ""}, {"*.vercel-dns.com"}},
	{{"vultr", "Vultr", ""}, {"*.vultr.com"}},
	{{"wix", "Wix", ""}, {"*.wixdns.net"}},
	{{"wordpress", "WordPress.com", ""}, {"*.wordpress.com"}},
};

/* The classic two-finger match: on a mismatch the last "*" takes one more. */
bool
dnshost_matches(struct span pattern, struct span text)
{
	size_t p = 0, t = 0, star = SPAN_NONE, from = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.len && span_lower(pattern.ptr[p]) ==
						      span_lower(text.ptr[t])) {
			p++;
			t++;
		} else if (star != SPAN_NONE) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

const struct dnshost *
dnshost_of(struct span ns)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0;
		     j < PATTERNS_MAX && rows[i].pattern[j] != NULL; j++)
			if (dnshost_matches(span_of(rows[i].pattern[j]), ns))
				return &rows[i].host;
	return NULL;
}

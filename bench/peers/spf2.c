/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf2 - SPF by libspf2, with DNS from its own in-memory zone.
 *
 * One server object for all; for each evaluation a request is made, asked
 * and given back, as a mail server does.  Usage: spf2 FOLDER
 */
#include <sys/types.h>

#include <netinet/in.h>

#include <arpa/nameser.h>
#include <netdb.h>
#include <spf2/spf.h>
#include <spf2/spf_dns_zone.h>
#include <stdlib.h>

#include "spf_cases.h"

static SPF_server_t *server;

static size_t
evaluate_round(const struct bench_case *c)
{
	const struct spf_case *q = c->context;
	SPF_response_t *response;
	SPF_request_t *request;
	struct in_addr ip;
	size_t i;
	bool good;

	memcpy(&ip, q->ip, sizeof(ip));
	for (i = 0; i < SPF_ROUND; i++) {
		request = SPF_request_new(server);
		response = NULL;
		if (request == NULL)
			return 0;
		SPF_request_set_ipv4(request, ip);
		SPF_request_set_helo_dom(request, q->helo.ptr);
		SPF_request_set_env_from(request, q->mail_from.ptr);
		SPF_request_query_mailfrom(request, &response);
		good = response != NULL &&
		       strcmp(SPF_strresult(SPF_response_result(response)),
			      q->result) == 0;
		SPF_response_free(response);
		SPF_request_free(request);
		if (!good)
			return 0;
	}
	return SPF_ROUND;
}

static ns_type
type_of(struct span name)
{
	if (span_equal(name, SPAN("TXT")))
		return ns_t_txt;
	if (span_equal(name, SPAN("MX")))
		return ns_t_mx;
	if (!span_equal(name, SPAN("A")))
		bench_die("the zone has a type that is not known");
	return ns_t_a;
}

static char *
copy(struct span s)
{
	char *text = strndup(s.ptr, s.len);

	if (text == NULL)
		bench_die("no memory");
	return text;
}

static SPF_dns_server_t *
read_zone(const char *folder)
{
	struct span rest = bench_file(folder, "spf.zone"), part[3];
	SPF_dns_server_t *dns = SPF_dns_zone_new(NULL, "bench", 0);

	if (dns == NULL)
		bench_die("libspf2 does not start");
	while (bench_fields(&rest, '|', 3, part)) {
		if (span_starts(part[0], SPAN("#")))
			continue;
		/* Its zone wants an MX without the preference. */
		if (span_equal(part[1], SPAN("MX")))
			span_cut(&part[2], ' ');
		if (SPF_dns_zone_add_str(dns, copy(part[0]), type_of(part[1]),
					 NETDB_SUCCESS,
					 copy(part[2])) != SPF_E_SUCCESS)
			bench_die("libspf2 does not take the zone");
	}
	return dns;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};

	if (argc != 2)
		bench_die("usage: spf2 FOLDER");
	server = SPF_server_new_dns(read_zone(argv[1]), 0);
	if (server == NULL)
		bench_die("libspf2 does not start");
	return bench_serve(c, spf_cases(argv[1], evaluate_round, c));
}

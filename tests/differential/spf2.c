/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libspf2 behind JSON lines, as peer.py is for its own: SPF only.
 * Its resolver is the fixture of the request, in dns/fixture's reading.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <spf2/spf.h>

#include "base/arena.h"
#include "dns/fixture.h"
#include "text/json.h"

#define REQUEST_MAX ((size_t)1 << 20)

static struct fixture *zone;

/* What libspf2 calls the end of a question. */
static SPF_dns_stat_t
herrno_of(enum dns_status status)
{
	switch (status) {
	case DNS_OK:
		return NETDB_SUCCESS;
	case DNS_NODATA:
		return NO_DATA;
	case DNS_NXDOMAIN:
		return HOST_NOT_FOUND;
	case DNS_SERVFAIL:
	case DNS_TIMEOUT:
	case DNS_BAD:
		break;
	}
	return TRY_AGAIN;
}

static void
put(SPF_dns_rr_t *to, const struct dns_rr *rr)
{
	struct dname_text name = {.s = ""};
	const void *data = name.s;
	size_t len;
	int i = to->num_rr;

	if (rr->type == DNS_MX)
		name = dname_format(&rr->mx.exchange);
	else if (rr->type == DNS_PTR)
		name = dname_format(&rr->target);
	len = strlen(name.s) + 1;
	if (rr->type == DNS_A)
		data = rr->a, len = sizeof(rr->a);
	else if (rr->type == DNS_AAAA)
		data = rr->aaaa, len = sizeof(rr->aaaa);
	else if (rr->type == DNS_TXT)
		data = rr->txt.text.ptr, len = rr->txt.text.len;
	if (SPF_dns_rr_buf_realloc(to, i, len + 1) != SPF_E_SUCCESS)
		abort();
	memset(to->rr[i], 0, len + 1);
	if (len > 0)
		memcpy(to->rr[i], data, len);
	to->num_rr++;
}

static SPF_dns_rr_t *
look(SPF_dns_server_t *server, const char *domain, ns_type type, int cache)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct dns_question question = {.type = (uint16_t)type};
	struct dns_answer answer = {.status = DNS_NXDOMAIN};
	SPF_dns_rr_t *ret;

	(void)cache;
	if (dname_parse(span_of(domain), &question.name) == DNAME_OK)
		fixture_answer(zone, &question, &arena, &answer);
	ret = SPF_dns_rr_new_init(server, domain, type, 300,
				  herrno_of(answer.status));
	for (size_t i = 0; i < answer.len; i++)
		put(ret, &answer.rr[i]);
	return ret;
}

static const char *
evaluate(const json_t *ask, SPF_server_t *server)
{
	const char *from = json_string_value(json_get(ask, "mail_from"));
	const char *helo = json_string_value(json_get(ask, "helo"));
	const char *ip = json_string_value(json_get(ask, "ip"));
	SPF_request_t *request = SPF_request_new(server);
	SPF_response_t *response = NULL;
	const char *result = "error";

	/* a mapped address is IPv4: whoever calls libspf2 has to know */
	if (strncmp(ip, "::ffff:", 7) == 0)
		ip += 7;
	if (strchr(ip, ':') == NULL)
		SPF_request_set_ipv4_str(request, ip);
	else
		SPF_request_set_ipv6_str(request, ip);
	SPF_request_set_helo_dom(request, helo);
	if (*from != '\0')
		SPF_request_set_env_from(request, from);
	SPF_request_query_mailfrom(request, &response);
	/* a record that it does not compile has no result: our permerror */
	if (response != NULL && SPF_response_result(response) == 0)
		result = "permerror";
	else if (response != NULL)
		result = SPF_strresult(SPF_response_result(response));
	if (response != NULL)
		SPF_response_free(response);
	SPF_request_free(request);
	return result;
}

int
main(void)
{
	SPF_dns_server_t dns = {.lookup = look, .name = "fixture"};
	SPF_server_t *server = SPF_server_new_dns(&dns, 0);
	static char line[REQUEST_MAX];

	SPF_server_set_rec_dom(server, "receiver.example");
	while (fgets(line, sizeof(line), stdin) != NULL) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(REQUEST_MAX);
		CLEANUP(json_decrefp) json_t *ask = NULL;
		struct error error;

		if (json_parse(span_of(line), REQUEST_MAX, &ask, NULL) !=
			    JSON_OK ||
		    !json_format(json_get(ask, "dns"), &text))
			return 1;
		zone = fixture_parse(buf_span(&text), &error);
		if (zone == NULL)
			return 1;
		printf("{\"result\": \"%s\"}\n", evaluate(ask, server));
		fflush(stdout);
		fixture_free(zone);
	}
	return 0;
}

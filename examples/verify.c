/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - checks a message on stdin with SPF, DKIM, DMARC and ARC, asking
 * DNS through the C library's resolver, and prints the report.
 *
 *	cc -o verify verify.c \
 *		$(pkg-config --cflags --libs sesame-mailauth)
 *
 *	./verify -i 192.0.2.1 -e mx.example.org -f bounce@example.org <mail.eml
 *
 *	-i ADDRESS       of the host that sent it
 *	-e NAME          what that host called itself (EHLO)
 *	-f ADDRESS       its envelope sender; "" is the null sender
 *	-r ADDRESS#PORT  ask this resolver (IPv4), not that of resolv.conf
 *
 * SPF needs -i and -f.  Exit status: 0 DMARC passes, 1 it does not or no
 * policy applies, 2 DNS did not answer, 3 the options or the input are bad.
 */
#include <arpa/inet.h>
#include <resolv.h>
#include <sesame/mailauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Makes `state` ask the resolver at `where`, "127.0.0.1#53". */
static int
use_resolver(struct __res_state *state, char *where)
{
	char *port = strchr(where, '#');
	struct sockaddr_in *to = &state->nsaddr_list[0];

	if (port != NULL)
		*port++ = '\0';
	memset(to, 0, sizeof(*to));
	to->sin_family = AF_INET;
	to->sin_port = htons((uint16_t)(port != NULL ? strtoul(port, 0, 10)
						     : NS_DEFAULTPORT));
	state->nscount = 1;
	return inet_pton(AF_INET, where, &to->sin_addr) == 1;
}

/* Answers all that a machine asks: the loop that every program has. */
static void
answer_all(struct sesame_dns *dns, struct __res_state *state)
{
	static unsigned char query[512], answer[65536];
	const struct sesame_question *q;

	while ((q = sesame_dns_ask(dns)) != NULL) {
		int len = res_nmkquery(state, ns_o_query, q->name.ptr, ns_c_in,
				       q->type, NULL, 0, NULL, query,
				       sizeof(query));

		if (len > 0)
			len = res_nsend(state, query, len, answer,
					sizeof(answer));
		if (len <= 0 || sesame_dns_answer_wire(dns, answer, (size_t)len,
						       0) != SESAME_OK)
			sesame_dns_answer(dns, SESAME_DNS_SERVFAIL, 0);
	}
}

/* Feeds all of stdin; a file's lines may end in LF alone. */
static int
feed_stdin(struct sesame_verify *verify)
{
	static char bytes[65536];
	size_t len;

	while ((len = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		sesame_verify_feed(verify, bytes, len);
	sesame_verify_end(verify);
	return !ferror(stdin);
}

int
main(int argc, char **argv)
{
	struct sesame_verify_input in = {
		.size = sizeof(in),
		.time_ms = (int64_t)time(NULL) * 1000,
		.flags = SESAME_UNIX_LINES,
	};
	struct __res_state state = {0};
	struct sesame_verify *verify;
	enum sesame_status status;
	int option, code;

	if (res_ninit(&state) != 0)
		return 3;
	while ((option = getopt(argc, argv, "i:e:f:r:")) != -1) {
		if (option == 'i')
			in.client_ip = sesame_text_of(optarg);
		else if (option == 'e')
			in.helo = sesame_text_of(optarg);
		else if (option == 'f')
			in.mail_from = sesame_text_of(optarg);
		else if (option != 'r' || !use_resolver(&state, optarg))
			return 3;
	}
	status = sesame_verify_new(&in, &verify);
	if (status != SESAME_OK) {
		fprintf(stderr, "verify: %s\n", sesame_strerror(status));
		return 3;
	}
	if (!feed_stdin(verify)) {
		perror("verify: stdin");
		return 3;
	}
	answer_all(sesame_verify_dns(verify), &state);

	fputs(sesame_verify_report(verify).ptr, stdout);
	switch (sesame_verify_result(verify)->verdict) {
	case SESAME_VERDICT_PASS:
	case SESAME_VERDICT_PARTLY:
		code = 0;
		break;
	case SESAME_VERDICT_UNKNOWN:
		code = 2;
		break;
	default:
		code = 1;
	}
	sesame_verify_free(verify);
	res_nclose(&state);
	return fflush(stdout) == 0 ? code : 3;
}

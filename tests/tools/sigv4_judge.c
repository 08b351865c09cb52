/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigv4_judge - says what the API's gate and keyd make of signed requests:
 * for the test that lets Debian's botocore sign them.
 *
 * Usage: sigv4_judge REGION.  Its first line is the access key's id and its
 * secret, made for this run.  Then it reads requests from stdin, each as
 * "NOW LENGTH\n" (NOW in ms since 1970) and LENGTH octets, and answers each
 * by a line: "OK OPERATION PARAMETER..." with its parameters in hexadecimal
 * ("-" for an operation that there is not), or the name of the error, ": " and
 * its text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/gate.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "identity/aad.h"
#include "keyd/keyd.h"

#define REQUEST_MAX ((size_t)4 << 20)
#define KEY         "AKIAJUDGE"
#define ACCOUNT     "111111111111"

/* Who judges. */
struct judge {
	struct api_deployment deployment;
	struct keyd *keyd;
	struct buf sealed; /* the secret of KEY */
};

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "sigv4_judge: %s\n", what);
	exit(1);
}

static void
judge_init(struct judge *j, const char *region)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	struct keyd_request request = {.op = KEYD_NEW_SECRET};
	struct seal_ring *ring = seal_ring_new();
	uint8_t master[SEAL_MASTER_SIZE];
	struct keyd_reply reply;

	random_fill(master, sizeof(master));
	if (!seal_ring_add(ring, span_bytes(master, sizeof(master))))
		fail("no master key");
	j->keyd = keyd_new(ring);
	snprintf(j->deployment.service.region,
		 sizeof(j->deployment.service.region), "%s", region);
	aad_of_secret(ACCOUNT, KEY, &aad);
	request.aad = buf_span(&aad);
	keyd_answer(j->keyd, &request, &reply);
	if (reply.status != KEYD_OK)
		fail(keyd_strerror(reply.status));
	buf_init(&j->sealed, KEYD_SEALED_MAX);
	buf_add(&j->sealed, reply.sealed);
	printf(KEY " " SPAN_FMT "\n", SPAN_ARG(reply.secret));
	fflush(stdout);
}

/* As serve/api_server.c does it. */
static bool
verify(struct judge *j, const struct gate *gate, struct span body, int64_t now,
       struct error *reterr)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	const struct sigv4 *sig = &gate->sig;
	struct keyd_reply reply;
	bool known = span_equal(sig->access_key, SPAN(KEY));

	if (!gate_string(gate, body, &string, reterr))
		return false;
	aad_of_secret(ACCOUNT, known ? KEY : "", &aad);
	keyd_answer(j->keyd,
		    &(struct keyd_request){
			    .op = KEYD_VERIFY,
			    .aad = buf_span(&aad),
			    .sealed = buf_span(&j->sealed),
			    .date = sig->date,
			    .region = sig->region,
			    .service = sig->service,
			    .string_to_sign = buf_span(&string),
			    .signature = span_bytes(sig->signature,
						    sizeof(sig->signature))},
		    &reply);
	if (known && reply.status == KEYD_OK)
		return true;
	return sigv4_refuse(known ? SIGV4_WRONG : SIGV4_UNKNOWN, sig,
			    span_of(j->deployment.service.region), now, reterr);
}

static void
answer(struct judge *j, struct span text, int64_t now)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	size_t end = span_search(text, SPAN("\r\n\r\n"));
	struct http_request http;
	enum http_verdict verdict;
	struct error error;
	struct gate gate;
	struct span body;
	bool open;

	end = end == SPAN_NONE ? text.len : end + 4;
	body = span_skip(text, end);
	verdict = http_request_parse(span_sub(text, 0, end), &http);
	if (verdict != HTTP_OK || http.length != body.len) {
		printf("HTTP: %s\n", verdict != HTTP_OK
					     ? http_verdict_text(verdict)
					     : "another length");
		return;
	}
	gate.operation = NULL;
	open = gate_open(&http, &j->deployment, now, &arena, &gate, &error);
	if ((!open && error.code != ERROR_UNKNOWN_OPERATION) ||
	    !verify(j, &gate, body, now, &error)) {
		printf("%s: %s\n", error_slug(error.code), error.text);
		return;
	}
	printf("OK %s", open ? gate.operation->name : "-");
	for (size_t i = 0; i < API_PARAMS_MAX; i++) {
		if (gate.param[i].len > 0)
			putchar(' ');
		for (size_t k = 0; k < gate.param[i].len; k++)
			printf("%02x", (unsigned char)gate.param[i].ptr[k]);
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	struct judge judge = {.sealed = {0}};
	char *text = mem_array(REQUEST_MAX, 1);
	int64_t now;
	size_t len;

	if (argc != 2)
		fail("give the region");
	judge_init(&judge, argv[1]);
	while (scanf("%" SCNd64 " %zu", &now, &len) == 2) {
		if (getchar() != '\n' || len > REQUEST_MAX ||
		    fread(text, 1, len, stdin) != len)
			fail("no request");
		answer(&judge, span_bytes(text, len), now);
		fflush(stdout);
	}
	buf_release(&judge.sealed);
	keyd_free(judge.keyd);
	free(text);
	return 0;
}

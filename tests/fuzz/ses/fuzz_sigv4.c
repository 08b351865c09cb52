/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines: the path, the query, then fields as "name:value".  What is taken
 * must keep what sigv4.h promises, and never verify by accident.
 */
#include <assert.h>
#include <stdint.h>

#include "ses/sigv4.h"

#define FIELDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct sigv4_request *request, const struct sigv4 *sig)
{
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	uint8_t hash[DIGEST_SIZE], made[SIGV4_SIGNATURE_SIZE];
	struct span list = sig->signed_headers;
	struct span before = SPAN("");
	bool host = false;

	assert(sig->access_key.len >= 1 &&
	       sig->access_key.len <= SIGV4_KEY_MAX);
	assert(sig->date.len == 8 && sig->time.len == SIGV4_TIME_SIZE - 1);
	while (list.len > 0) {
		struct span name = span_cut(&list, ';');

		assert(span_compare(before, name) < 0);
		host = host || span_equal(name, SPAN("host"));
		before = name;
	}
	assert(host);
	digest_of(SPAN(""), hash);
	if (sigv4_string_to_sign(request, sig, hash, &string) != SIGV4_OK)
		return;
	assert(span_starts(buf_span(&string), SPAN("AWS4-HMAC-SHA256\n")));
	sigv4_signature(SPAN("nobody knows"), sig->date, sig->region,
			sig->service, buf_span(&string), made);
	assert(memcmp(made, sig->signature, sizeof(made)) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sigv4_header header[FIELDS_MAX];
	struct span text = span_bytes(data, size);
	struct sigv4_request request = {.method = SPAN("GET"),
					.header = header};
	struct sigv4 sig = {.at = -1};
	struct error error;

	request.path = span_cut(&text, '\n');
	request.query = span_cut(&text, '\n');
	while (text.len > 0 && request.headers < FIELDS_MAX) {
		struct span line = span_cut(&text, '\n');
		struct span name = span_cut(&line, ':');

		header[request.headers++] =
			(struct sigv4_header){name, span_trim(line)};
	}
	enum sigv4_status status = sigv4_parse(&request, &sig);
	if (status == SIGV4_OK) {
		check(&request, &sig);
		status = sigv4_check(&sig, SPAN("eu-west-2"), SPAN("ses"),
				     1795455102000);
	} else {
		assert(sig.at == -1);
	}
	if (status != SIGV4_OK)
		assert(!sigv4_refuse(status, &sig, SPAN("eu-west-2"),
				     1795455102000, &error));
	return 0;
}

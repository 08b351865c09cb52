/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library as a program of others drives it: the first half of the bytes
 * is a message, the second is what DNS answers, taken in turns as a response
 * message, as records and as errors.  It must end, and keep its promises: a
 * text has a NUL, nothing is there before its time, and a verdict of pass
 * needs one author.
 */
#include <assert.h>
#include <sesame/mailauth.h>
#include <stdlib.h>

/* More questions than any message may cause. */
#define QUESTIONS 400

/* Takes up to `max` bytes off the front. */
static struct sesame_text
take(struct sesame_text *rest, size_t max)
{
	struct sesame_text part = {rest->ptr,
				   rest->len < max ? rest->len : max};

	rest->ptr += part.len;
	rest->len -= part.len;
	return part;
}

static void
check(struct sesame_text text)
{
	assert(text.ptr != NULL && text.ptr[text.len] == '\0');
}

/* Answers as the bytes say; an answer that is refused becomes an error. */
static void
answer(struct sesame_dns *dns, struct sesame_text *bytes)
{
	int type = sesame_dns_ask(dns)->type;
	struct sesame_text how = take(bytes, 2), data;
	unsigned kind = how.len > 0 ? (unsigned char)how.ptr[0] : 255;

	data = take(bytes, how.len > 1 ? (unsigned char)how.ptr[1] * 4u : 0);
	if (kind < 96) {
		if (sesame_dns_answer_wire(dns, data.ptr, data.len, kind & 1) ==
		    SESAME_OK)
			return;
	} else if (kind < 224) {
		if (type == SESAME_DNS_TXT)
			sesame_dns_add_txt(dns, data, 60);
		else if (type == SESAME_DNS_MX)
			sesame_dns_add_mx(dns, kind, data, 60);
		else if (type == SESAME_DNS_PTR)
			sesame_dns_add_ptr(dns, data, 60);
		else
			sesame_dns_add_address(dns, data.ptr, data.len, 60);
		if (sesame_dns_answer(dns, SESAME_DNS_OK, kind & 1) ==
		    SESAME_OK)
			return;
	}
	assert(sesame_dns_answer(dns, (enum sesame_dns_status)(1 + kind % 4),
				 0) == SESAME_OK);
}

static void
look(struct sesame_verify *verify)
{
	const struct sesame_verify_result *r = sesame_verify_result(verify);
	const struct sesame_dkim_result *dkim;

	check(r->author);
	check(r->headline);
	check(sesame_verify_report(verify));
	check(sesame_verify_authres(verify, sesame_text_of("mx.example")));
	for (size_t i = 0; (dkim = sesame_verify_dkim(verify, i)) != NULL;
	     i++) {
		assert(i < r->dkim_count);
		check(dkim->domain);
		check(dkim->record);
	}
	assert(sesame_verify_dmarc(verify)->code != SESAME_DMARC_PASS ||
	       r->author_domain.len > 0);
	assert(r->verdict != SESAME_VERDICT_PASS ||
	       sesame_verify_dmarc(verify)->code == SESAME_DMARC_PASS);
	check(sesame_verify_arc(verify)->domain);
}

static void
forged(struct sesame_verify *verify, size_t len)
{
	const struct sesame_field *field;

	for (size_t i = 0;
	     (field = sesame_verify_forged(verify, sesame_text_of("a"), i)) !=
	     NULL;
	     i++)
		assert(field->len <= 2 * len && field->index > i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sesame_text message = {(const char *)data, size / 2};
	struct sesame_text bytes = {(const char *)data + size / 2,
				    size - size / 2};
	struct sesame_verify_input in = {
		.size = sizeof(in),
		.client_ip = sesame_text_of("192.0.2.1"),
		.helo = sesame_text_of("mx.a.example"),
		.mail_from = sesame_text_of("x@a.example"),
		.time_ms = 1,
		.flags = size % 2 ? SESAME_UNIX_LINES : 0,
	};
	struct sesame_text rest = message;
	struct sesame_verify *verify;
	size_t questions = 0;

	assert(sesame_verify_new(&in, &verify) == SESAME_OK);
	while (rest.len > 0) {
		struct sesame_text part = take(&rest, 1 + size % 61);

		assert(sesame_verify_feed(verify, part.ptr, part.len) ==
		       SESAME_OK);
	}
	assert(sesame_verify_end(verify) == SESAME_OK);
	while (sesame_dns_ask(sesame_verify_dns(verify)) != NULL) {
		assert(questions++ < QUESTIONS);
		assert(sesame_verify_result(verify) == NULL);
		answer(sesame_verify_dns(verify), &bytes);
	}
	look(verify);
	forged(verify, message.len);
	assert(sesame_verify_explain(verify, message.ptr, message.len) ==
	       SESAME_OK);
	look(verify);
	sesame_verify_free(verify);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is what a client calls itself, the rest is its message: in
 * what is kept, nobody but us says what authenticated it, no field is made
 * up, and the verdict is JSON whatever place there is for it.
 */
#include "serve/received.h"

#include <assert.h>

#include "mailauth/authres.h"
#include "mailauth/verify.h"
#include "text/json.h"

#define RECEIVER  SPAN("mx.test")
#define CLEAN_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct verify *
verify(struct span helo, struct span message, struct arena *arena)
{
	struct report_transport transport = {
		.has_ip = true,
		.ip = {.octet = {192, 0, 2, 1}},
		.helo = helo,
		.has_mail_from = true,
		.mail_from = SPAN("a@b.test"),
		.receiver = RECEIVER,
		.tls = SPAN(""),
		.received = 1,
	};
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct dns_question question;
	struct verify *m = verify_new(&transport, 1, arena);

	verify_feed(m, message);
	verify_end(m);
	while (verify_ask(m, &question))
		verify_answer(m, &nothing);
	return m;
}

/* How many fields say in our name what authenticated the message. */
static size_t
count_ours(const struct header_block *header, struct arena *arena)
{
	size_t count = 0;

	for (size_t i = 0; i < header->len; i++) {
		struct authres a;

		if (header_is(&header->field[i],
			      SPAN("Authentication-Results")) &&
		    authres_parse(header->field[i].value, false, arena, &a) ==
			    AUTHRES_OK)
			count += span_equal_nocase(a.authserv_id, RECEIVER);
	}
	return count;
}

static void
message(const struct report *report, struct span text)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	CLEANUP(buf_release)
	struct buf kept = BUF_INIT(text.len + RECEIVED_FIELDS_MAX);
	struct header_block header, again;
	struct received r = {.receiver = RECEIVER,
			     .extended = true,
			     .report = report,
			     .header = &header,
			     .text = text};
	size_t offset;

	if (header_parse(text, &arena, &header, &offset) != HEADER_OK)
		return;
	assert(path_parse(SPAN("a@b.test"), &r.sender) == PATH_OK);
	assert(received_message(&r, &kept));
	if (header_parse(buf_span(&kept), &arena, &again, &offset) !=
	    HEADER_OK) {
		/* ours came on top of as many as there may be */
		assert(header.len + 3 > HEADER_FIELDS_MAX ||
		       header.size + RECEIVED_FIELDS_MAX > HEADER_SIZE_MAX);
		return;
	}
	assert(again.len >= 3 && again.len <= header.len + 3);
	assert(header_is(&again.field[0], SPAN("Return-Path")));
	assert(header_is(&again.field[1], SPAN("Authentication-Results")));
	assert(header_is(&again.field[2], SPAN("Received")));
	assert(count_ours(&again, &arena) == 1);
	assert(span_equal(again.body, header.body));
}

static void
json(const struct report *report, size_t limit)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(limit);
	CLEANUP(json_decrefp) json_t *read = NULL;

	if (!received_json(report, &text))
		return;
	assert(json_parse(buf_span(&text), limit, &read, NULL) == JSON_OK);
	assert(json_get(read, "dmarc") != NULL);
}

static void
clean(struct span text)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(CLEAN_MAX);

	received_clean(text, CLEAN_MAX, &to);
	assert(!to.full);
	for (size_t i = 0; i < to.len; i++)
		assert((unsigned char)to.ptr[i] >= ' ' && to.ptr[i] != 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct span text = span_bytes(data, size);
	struct span helo = span_cut(&text, '\n');
	CLEANUP(verify_freep) struct verify *m = NULL;

	clean(helo);
	m = verify(span_head(helo, 255), text, &arena);
	message(verify_report(m), text);
	json(verify_report(m), 1 << 22);
	json(verify_report(m), 4000);
	json(verify_report(m), 1000);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any header, sealed: what comes of it validates if the chain before it was
 * unbroken, says cv=fail if it was broken, and never takes a 51st set.  The
 * first line of the input are the results.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/macros.h"
#include "crypt/privkey.h"
#include "mailauth/arc_seal.h"
#include "mailauth/dkim_sign.h"

/* When chains are looked at: ms since 1970. */
#define NOW INT64_C(1794300000000)

static struct privkey *key;
static char record[256];

static void
prepare(void)
{
	struct buf b = BUF_INIT(sizeof(record) - 1);

	key = privkey_generate(KEY_ED25519, 0);
	buf_adds(&b, "v=DKIM1; k=ed25519; p=");
	privkey_public(key, &b);
	memcpy(record, b.ptr, b.len + 1);
	buf_release(&b);
}

static struct arc_result
validate(const struct header_block *header)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARC_ARENA_MAX);
	CLEANUP(arc_freep) struct arc *m = arc_new(header, NOW, NULL, &arena);
	struct dns_rr rr = {.type = DNS_TXT};
	struct dns_answer a = {.status = DNS_OK, .rr = &rr, .len = 1};
	struct dns_question question;
	struct arc_result result;

	rr.txt.text = span_of(record);
	arc_feed(m, header->body);
	arc_end(m);
	while (arc_ask(m, &question))
		arc_answer(m, &a);
	result = *arc_result(m);
	result.domain = SPAN("");
	assert(!arena_full(&arena));
	return result;
}

/* Seals; returns whether there is a set in `to`. */
static bool
seal(const struct header_block *header, struct span results,
     const struct arc_result *chain, struct arena *arena, struct buf *to)
{
	CLEANUP(buf_release) struct buf signature = BUF_INIT(512);
	struct arc_seal how = {
		.selector = SPAN("s"),
		.type = KEY_ED25519,
		.time = 1700000000,
		.authserv_id = SPAN("mx.example"),
		.results = results,
	};
	uint8_t hash[DIGEST_SIZE], digest[DIGEST_SIZE];
	enum arc_seal_status status;
	struct arc_sealing s;

	if (domain_parse(SPAN("b.example"), &how.domain) != DOMAIN_OK)
		abort();
	dkim_sign_body(header->body, hash);
	status = arc_seal_begin(&how, header, hash, chain, arena, &s, digest);
	if (status == ARC_SEAL_OK) {
		if (!privkey_sign(key, digest, &signature) ||
		    !arc_seal_next(&s, buf_span(&signature), digest))
			abort();
		buf_clear(&signature);
		if (!privkey_sign(key, digest, &signature) ||
		    !arc_seal_finish(&s, buf_span(&signature), to))
			abort();
	}
	arc_seal_release(&s);
	return status == ARC_SEAL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(2 * ARC_ARENA_MAX);
	CLEANUP(arena_release)
	struct arena again = ARENA_INIT(2 * ARC_ARENA_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 22);
	struct span message = span_bytes(data, size), results;
	struct arc_result chain, sealed;
	struct header_block header;
	size_t offset;

	if (key == NULL)
		prepare();
	results = span_cut(&message, '\n');
	if (header_parse(message, &arena, &header, &offset) != HEADER_OK)
		return 0;
	chain = validate(&header);
	if (!seal(&header, results, &chain, &arena, &text))
		return 0;
	assert(chain.len < ARC_INSTANCE_MAX);
	buf_add(&text, message);
	if (header_parse(buf_span(&text), &again, &header, &offset) !=
	    HEADER_OK)
		return 0; /* too large now */
	sealed = validate(&header);
	assert(sealed.len == chain.len + 1);
	if (chain.verdict == ARC_FAIL)
		assert(sealed.reason == ARC_REASON_SAID);
	else
		assert(sealed.verdict == ARC_PASS);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worst - the dearest message that a DKIM verifier here still looks at.
 *
 * A header full to its limits, with as many fields as may be, all in one list
 * of names; DKIM_VERIFY_MAX signatures in both canonical forms, each with
 * DKIM_HEADERS_MAX names, its own l= and its own key of PUBKEY_BITS_MAX bits
 * with an exponent of PUBKEY_EXPONENT_BITS_MAX.  The body hashes are right,
 * or nobody would look at the keys; the signatures are not, which takes as
 * long.
 */
#pragma once

#include <stdlib.h>

#include "crypt/der.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_verify.h"
#include "text/base64.h"

/* Octets of the fields that are signed, but for the first. */
#define WORST_FIELD 600

/* Appends the key record of signature `i`. */
static inline void
worst_record(size_t i, struct buf *to)
{
	uint8_t n[PUBKEY_BITS_MAX / 8], room[1024];
	struct der_writer w = der_writer_over(room, sizeof(room));

	memset(n, 0xff, sizeof(n));
	n[1] = (uint8_t)i;
	der_put_unsigned(&w, SPAN("\x01\xff\xff\xff\xff"));
	der_put_unsigned(&w, span_bytes(n, sizeof(n)));
	der_wrap(&w, DER_SEQUENCE, 0);
	buf_adds(to, "v=DKIM1; p=");
	base64_encode(der_span(&w), to);
}

/* Appends signature `i`, of `body`. */
static inline void
worst_signature(size_t i, struct span body, struct buf *to)
{
	enum canon form = i % 2 == 0 ? CANON_RELAXED : CANON_SIMPLE;
	uint8_t octets[PUBKEY_BITS_MAX / 8];
	struct dkim_body *hash = calloc(1, sizeof(*hash));
	uint64_t limit;

	if (hash == NULL)
		abort();
	/* all of the body but some octets: first its length, then its hash */
	dkim_body_init(hash);
	dkim_body_want(hash, form, 0);
	dkim_body_feed(hash, body);
	dkim_body_end(hash);
	limit = dkim_body_total(hash, 0);
	limit -= limit > i ? i : 0;
	dkim_body_release(hash);
	dkim_body_init(hash);
	dkim_body_want(hash, form, limit);
	dkim_body_feed(hash, body);
	dkim_body_end(hash);
	buf_addf(to,
		 "DKIM-Signature: v=1; a=rsa-sha256; c=%s/%s; d=d%zu.example; "
		 "s=s; l=%llu; bh=",
		 canon_name(form), canon_name(form), i,
		 (unsigned long long)limit);
	base64_encode(span_bytes(hash->hash[0].value, DIGEST_SIZE), to);
	dkim_body_release(hash);
	free(hash);
	buf_adds(to, "; h=From");
	for (size_t k = 0; k < DKIM_HEADERS_MAX - 1; k++)
		buf_addf(to, ":a%03zua", k);
	buf_adds(to, "; b=");
	memset(octets, 0x7e, sizeof(octets));
	base64_encode(span_bytes(octets, sizeof(octets)), to);
	buf_adds(to, "\r\n");
}

/* Appends the header of such a message with `body`, and its empty line. */
static inline void
worst_header(struct span body, struct buf *to)
{
	size_t fields = DKIM_VERIFY_MAX + 1;

	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++)
		worst_signature(i, body, to);
	buf_adds(to, "From: a@b.example\r\n");
	/* those that are signed stand above, those that are passed over on the
	 * way to them below */
	for (size_t k = 0; k < DKIM_HEADERS_MAX - 1; k++, fields++) {
		buf_addf(to, "a%03zua:", k);
		for (size_t n = 0; n < WORST_FIELD; n += 4)
			buf_adds(to, " x y");
		buf_adds(to, "\r\n");
	}
	for (; fields < HEADER_FIELDS_MAX; fields++)
		buf_addf(to, "a%03zua:\r\n", fields);
	buf_adds(to, "\r\n");
}

/* Verifies it to the end; `keys` may be NULL. */
static inline struct dkim_verify *
worst_verify(struct span header_text, struct span body, struct dkim_keys *keys,
	     struct span record[DKIM_VERIFY_MAX], struct arena *arena)
{
	struct dkim_verify_input input = {
		.now = INT64_C(1700000000000),
		.keys = keys,
	};
	struct header_block *header = arena_get(arena, sizeof(*header));
	struct dns_question question;
	struct dkim_verify *m;
	size_t offset, i = 0;

	if (header == NULL ||
	    header_parse(header_text, arena, header, &offset) != HEADER_OK)
		return NULL;
	m = dkim_verify_new(header, &input, arena);
	dkim_verify_feed(m, body);
	dkim_verify_end(m);
	while (dkim_verify_ask(m, &question)) {
		struct dns_rr rr = {.type = DNS_TXT};
		struct dns_answer a = {.rr = &rr, .len = 1};

		rr.txt.text = record[i++ % DKIM_VERIFY_MAX];
		dkim_verify_answer(m, &a);
	}
	return m;
}

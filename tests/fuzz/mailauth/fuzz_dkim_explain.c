/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message of any bytes, with a signature that is good but not of it: the
 * search must keep its limits and say only what is so.  The first two octets
 * say how many lines of the body were signed, so that a footer of any bytes
 * is always found; the third, in which form.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "mailauth/dkim_explain.h"
#include "mailauth/dkim_hash.h"
#include "text/base64.h"

/* An RSA key of 1024 bits, and what it signed: "abc". */
static const char record[] =
	"v=DKIM1; k=rsa; p="
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCohivXJIiSA6yihmno1kOD"
	"K8tebLUiQKCAjmrcUoegn/AaZmKTZiDHY3YGxdyn3VM4eKeykeGsLTm2uxSo"
	"+19U6M3vMajuqLFNPfjAiiIw8PBsG92bHiLyuWgkUvLg6qxT+LcST8agB6kN"
	"LVtansmeyAdScpX1n23P641zJY6jVwIDAQAB";
static const char signature[] =
	"mL8qT8OxsbRyY3cD6f3efrXe0qMoJI65H3v9zkg3X8CvFxKCDcRGQHXpLPnC"
	"lLLRCzLgfqUYUCHgRFhzWRW/U295TE8Z9NV/ZstYs0kAGVL5N3biwkR+JYlu"
	"Db1iG7ImyCWvksSE2uHKjPRdWJfE2tsSxCgR0PBNBySPejLPx+w=";

/* The offset behind the first `lines` lines of `body`; *ret_all has them. */
static size_t
lines_of(struct span body, size_t lines, size_t *ret_all)
{
	size_t at = 0, end = 0, all = 0;

	while (at < body.len) {
		size_t n = span_search(span_skip(body, at), SPAN("\r\n"));

		at = n == SPAN_NONE ? body.len : at + n + 2;
		if (++all == lines)
			end = at;
	}
	*ret_all = all;
	return lines == 0 || all == 0 ? 0 : lines > all ? body.len : end;
}

/* The body of a message that begins with one field and then `rest`. */
static struct span
body_of(struct span rest)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct buf message = BUF_INIT(1 << 17);
	struct header_block header;
	size_t offset, len;

	buf_adds(&message, "A: b\r\n");
	buf_add(&message, rest);
	(void)!header_parse(buf_span(&message), &arena, &header, &offset);
	len = header.body.len;
	buf_release(&message);
	arena_release(&arena);
	return span_skip(rest, rest.len - len);
}

/* Appends the signature of the first octets of `body`, in a form. */
static void
write_field(struct span signed_, bool simple, struct buf *to)
{
	struct dkim_body hash;

	dkim_body_init(&hash);
	dkim_body_want(&hash, simple ? CANON_SIMPLE : CANON_RELAXED,
		       UINT64_MAX);
	dkim_body_feed(&hash, signed_);
	dkim_body_end(&hash);
	buf_addf(to,
		 "DKIM-Signature: v=1; a=rsa-sha256; c=%s; d=a.example; s=s; "
		 "h=from:subject:subject:to:date:reply-to:list-id; bh=",
		 simple ? "simple/simple" : "relaxed/relaxed");
	base64_encode(span_bytes(hash.hash[0].value, DIGEST_SIZE), to);
	buf_addf(to, "; b=%s\r\n", signature);
	dkim_body_release(&hash);
}

static void
check_words(void (*say)(const struct dkim_explained *e, struct buf *to),
	    const struct dkim_explained *e)
{
	struct buf text = BUF_INIT(1 << 16);

	say(e, &text);
	assert(!text.full);
	for (size_t i = 0; i < text.len; i++)
		assert(text.ptr[i] >= ' ' && text.ptr[i] <= '~');
	buf_release(&text);
}

/* Explains the one signature of a message that is not what was signed. */
static void
explain(struct span message, struct dkim_explained *e)
{
	struct arena arena = ARENA_INIT(4 << 20), own;
	struct dkim_verify_input input = {.now = 1};
	struct header_block header;
	struct dkim_verify *m;
	const struct dkim_result *d;
	struct dns_question question;
	size_t offset, len;

	(void)!header_parse(message, &arena, &header, &offset);
	m = dkim_verify_new(&header, &input, &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	while (dkim_verify_ask(m, &question)) {
		struct dns_rr rr = {.name = question.name, .type = DNS_TXT};
		struct dns_answer a = {.rr = &rr, .len = 1};

		rr.txt.text = span_of(record);
		rr.txt.strings = 1;
		dkim_verify_answer(m, &a);
	}
	d = dkim_verify_results(m, &len);
	*e = (struct dkim_explained){.has_body = false};
	if (len > 0) {
		arena_init(&own, DKIM_EXPLAIN_ARENA_MAX);
		dkim_explain(&d[0], &header, header.body, &own, e);
		assert(!arena_full(&own));
		assert(e->guesses <= DKIM_EXPLAIN_GUESSES_MAX);
		assert(e->octets <= DKIM_EXPLAIN_OCTETS_MAX);
		check_words(dkim_explained_body, e);
		check_words(dkim_explained_header, e);
		arena_release(&own);
	}
	dkim_verify_free(m);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf message = BUF_INIT(1 << 20);
	struct dkim_explained e;
	struct span rest, body;
	size_t cut, all;

	if (size < 3 || size > 1 << 16)
		return 0;
	rest = span_bytes(data + 3, size - 3);
	body = body_of(rest);
	cut = lines_of(body, (size_t)(data[0] * 256 + data[1]) % 700, &all);
	write_field(span_head(body, cut), data[2] & 1, &message);
	buf_add(&message, rest);
	explain(buf_span(&message), &e);
	if (e.has_body && all <= DKIM_EXPLAIN_FOOTER_MAX && !e.limited)
		assert(e.body == DKIM_BODY_APPENDED ||
		       e.body == DKIM_BODY_FROM_NOTHING);
	if (e.has_body)
		assert(e.below <= all);
	buf_release(&message);
	return 0;
}

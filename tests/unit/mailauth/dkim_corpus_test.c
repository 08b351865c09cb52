/* SPDX-License-Identifier: Apache-2.0 */
/* DKIM's files of the conformance suites, row by row. */
#include "corpus.h"
#include "mailauth/canon.h"
#include "mailauth/dkim_verify.h"
#include "text/base64.h"

static void
add(void *context, struct span bytes)
{
	buf_add(context, bytes);
}

/* The canonical form of `body` fed in two pieces, the first of `n`. */
static void
canon_split(enum canon form, struct span body, size_t n, struct buf *to)
{
	struct canon_body b;

	buf_clear(to);
	canon_body_init(&b, form, (struct canon_sink){add, to});
	canon_body_feed(&b, span_head(body, n));
	canon_body_feed(&b, span_skip(body, n));
	canon_body_end(&b);
}

static bool
body_agrees(const json_t *one, enum canon form)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf hash = BUF_INIT(64);
	struct span body = corpus_member(one, "input");
	uint8_t digest[DIGEST_SIZE];

	for (size_t n = 0; n <= body.len; n++) {
		canon_split(form, body, n, &got);
		if (!span_equal(buf_span(&got), corpus_member(one, "expect")))
			return false;
	}
	digest_of(buf_span(&got), digest);
	base64_encode(span_bytes(digest, sizeof(digest)), &hash);
	return corpus_member(one, "bh_sha256").len == 0 ||
	       span_equal(buf_span(&hash), corpus_member(one, "bh_sha256"));
}

static bool
header_agrees(const json_t *one, enum canon form)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);
	struct header_block block;
	size_t offset;

	if (header_parse(corpus_member(one, "input"), &arena, &block,
			 &offset) != HEADER_OK)
		return false;
	for (size_t i = 0; i < block.len; i++)
		canon_header(form, block.field[i].raw, &got);
	return span_equal(buf_span(&got), corpus_member(one, "expect"));
}

static void
test_canon(void **state)
{
	json_t *json = corpus_json("dkim/dkim-canon.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_object_get(json, "cases"), i, one)
	{
		enum canon form =
			span_equal(corpus_member(one, "algo"), SPAN("simple"))
				? CANON_SIMPLE
				: CANON_RELAXED;
		bool agrees =
			span_equal(corpus_member(one, "part"), SPAN("body"))
				? body_agrees(one, form)
				: header_agrees(one, form);

		bad += corpus_row("dkim-canon.json", corpus_member(one, "id"),
				  agrees);
	}
	assert_true(i > 0);
	json_decref(json);
	assert_int_equal(bad, 0);
}

/* The words that the rows have for what may become of a record. */
static bool
is_expected(struct span expect, enum dkim_key_status status)
{
	static const struct {
		const char *word;
		enum dkim_key_status status;
	} word[] = {
		{"valid", DKIM_KEY_OK},
		{"revoked", DKIM_KEY_REVOKED},
		{"not_dkim", DKIM_KEY_NOT_DKIM},
		{"unsupported", DKIM_KEY_BAD_TYPE},
		{"unsupported_or_revoked", DKIM_KEY_BAD_TYPE},
		{"unsupported_or_revoked", DKIM_KEY_REVOKED},
		{"wrong_service", DKIM_KEY_BAD_SERVICE},
		{"hash_not_allowed", DKIM_KEY_BAD_HASH},
		{"error", DKIM_KEY_TOO_LONG},
		{"error", DKIM_KEY_BAD_LIST},
		{"error", DKIM_KEY_BAD_VERSION},
		{"error", DKIM_KEY_NO_KEY},
		{"error", DKIM_KEY_BAD_BASE64},
		{"error", DKIM_KEY_BAD_KEY},
	};

	for (size_t i = 0; i < COUNT(word); i++)
		if (span_equal(expect, span_of(word[i].word)) &&
		    status == word[i].status)
			return true;
	return false;
}

static bool
key_agrees(const json_t *one)
{
	const json_t *fields = json_object_get(one, "fields");
	const json_t *bits = json_object_get(fields, "keybits");
	struct dkim_key_record record;
	enum dkim_key_status status =
		dkim_key_parse(corpus_member(one, "txt"), &record);

	pubkey_free(record.key);
	return is_expected(corpus_member(one, "expect"), status) &&
	       (bits == NULL || json_integer_value(bits) == record.bits);
}

static void
test_key(void **state)
{
	json_t *json = corpus_json("dkim/dkim-key-records.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_object_get(json, "cases"), i, one)
	{
		/* a row whose expectation its own authors dispute */
		if (json_is_true(json_object_get(one, "disputed")))
			continue;
		bad += corpus_row("dkim-key-records.json",
				  corpus_member(one, "id"), key_agrees(one));
	}
	assert_true(i > 0);
	json_decref(json);
	assert_int_equal(bad, 0);
}

/* Whether what a row says of a good signature is what was read. */
static bool
fields_agree(const json_t *fields, const struct dkim_signature *s)
{
	const json_t *t = json_object_get(fields, "t");
	const json_t *h = json_object_get(fields, "h");

	if (fields == NULL)
		return true;
	if (!span_equal(corpus_member(fields, "d"), domain_span(&s->domain)) ||
	    !span_equal(corpus_member(fields, "s"), s->selector) ||
	    json_integer_value(t) != (s->time < 0 ? 0 : s->time) ||
	    json_array_size(h) != s->headers)
		return false;
	for (size_t i = 0; i < s->headers; i++)
		if (!span_equal(json_text(json_array_get(h, i)), s->header[i]))
			return false;
	return true;
}

static bool
signature_agrees(const json_t *one)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	bool valid = span_equal(corpus_member(one, "expect"), SPAN("valid"));
	struct dkim_signature s;
	struct header_block block;
	size_t offset;

	if (header_parse(corpus_member(one, "header"), &arena, &block,
			 &offset) != HEADER_OK ||
	    block.len != 1)
		return !valid;
	if (dkim_signature_parse(&block.field[0], &arena, &s) !=
	    DKIM_SIGNATURE_OK)
		return !valid;
	return valid && fields_agree(json_object_get(one, "fields"), &s);
}

static void
test_signature(void **state)
{
	json_t *json = corpus_json("dkim/dkim-sighdr.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_object_get(json, "cases"), i, one) bad +=
		corpus_row("dkim-sighdr.json", corpus_member(one, "id"),
			   signature_agrees(one));
	assert_true(i > 0);
	json_decref(json);
	assert_int_equal(bad, 0);
}

/* Verifies `message`, its body in pieces of `size`, up to the keys. */
static struct dkim_verify *
hash_body(struct span message, size_t size, struct arena *arena)
{
	struct dkim_verify_input input = {.now = INT64_C(1700000000000)};
	struct header_block *header = arena_get(arena, sizeof(*header));
	struct dkim_verify *m;
	struct span rest;
	size_t offset;

	assert_non_null(header);
	/* a malformed header is verified as far as it goes */
	(void)!header_parse(message, arena, header, &offset);
	m = dkim_verify_new(header, &input, arena);
	for (rest = header->body; rest.len > 0; rest = span_skip(rest, size))
		dkim_verify_feed(m, span_head(rest, size));
	dkim_verify_end(m);
	return m;
}

/* Returns how many signatures differ for the size of the pieces. */
static size_t
feed_differs(struct span message)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(4 << 20);
	CLEANUP(dkim_verify_freep)
	struct dkim_verify *whole = hash_body(message, SIZE_MAX, &arena);
	CLEANUP(dkim_verify_freep)
	struct dkim_verify *octets = hash_body(message, 1, &arena);
	const struct dkim_result *a, *b;
	size_t len, again, differ = 0;

	a = dkim_verify_results(whole, &len);
	b = dkim_verify_results(octets, &again);
	assert_int_equal(len, again);
	for (size_t i = 0; i < len; i++)
		differ += a[i].body_checked != b[i].body_checked ||
			  a[i].body_good != b[i].body_good ||
			  a[i].body_rest != b[i].body_rest ||
			  a[i].reason != b[i].reason;
	return differ;
}

static const struct suite_row {
	const char *name;
} suite[] = {
	{"derived-modern"},   {"dkimpy"},   {"go-msgauth"}, {"mail-auth"},
	{"mail-dkim-corpus"}, {"mailauth"}, {"opendkim"},   {"rspamd"},
};

/* Every message of the suites, octet by octet. */
static void
test_octets(void **state)
{
	const struct suite_row *row = *state;
	char path[256];
	json_t *json, *one;
	size_t i, differ = 0;

	snprintf(path, sizeof(path), "dkim/%s/index.json", row->name);
	json = corpus_json(path);
	json_array_foreach(json_object_get(json, "cases"), i, one)
	{
		CLEANUP(buf_release)
		struct buf message = BUF_INIT(CORPUS_FILE_MAX);

		snprintf(path, sizeof(path), "dkim/%s/" SPAN_FMT, row->name,
			 SPAN_ARG(corpus_member(one, "file")));
		corpus_read(path, &message);
		differ += feed_differs(buf_span(&message));
	}
	assert_true(i > 0);
	json_decref(json);
	assert_int_equal(differ, 0);
}

int
main(void)
{
	UNIT(test_canon);
	UNIT(test_key);
	UNIT(test_signature);
	UNIT_ROWS(test_octets, suite);
	return unit_run("mailauth/dkim_corpus");
}

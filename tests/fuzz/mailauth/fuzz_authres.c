/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read, written and read again is the same, and so is what was never
 * read: the input as a value.  A header that was stripped claims nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "mailauth/authres.h"
#include "text/utf8.h"

#define US SPAN("mx.example")

/* Whether the writer could keep `a`, and `b` is it; else `b` is near it. */
static bool
kept(struct span a, struct span b)
{
	bool plain = utf8_is_valid(a) && a.len <= AUTHRES_VALUE_MAX;

	for (size_t i = 0; i < a.len; i++)
		plain &= (uint8_t)a.ptr[i] >= ' ' && a.ptr[i] != '\x7f';
	return plain ? span_equal(a, b) : b.len <= AUTHRES_VALUE_MAX;
}

static bool
same(const struct authres *a, const struct authres *b)
{
	if (a->len != b->len || !kept(a->authserv_id, b->authserv_id))
		return false;
	for (size_t i = 0; i < a->len; i++) {
		const struct authres_result *x = &a->result[i];
		const struct authres_result *y = &b->result[i];

		if (!span_equal(x->method, y->method) ||
		    x->version != y->version ||
		    !span_equal(x->value, y->value) ||
		    !kept(x->reason, y->reason) ||
		    x->properties != y->properties)
			return false;
		for (size_t k = 0; k < x->properties; k++)
			if (!span_equal(x->property[k].type,
					y->property[k].type) ||
			    !span_equal(x->property[k].name,
					y->property[k].name) ||
			    !kept(x->property[k].value, y->property[k].value))
				return false;
	}
	return true;
}

/* Writes `a` and reads it; the text is one field with short lines. */
static void
round_trip(const struct authres *a)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 22);
	struct span rest;
	struct authres b;

	authres_format(a, &text);
	assert(authres_parse(buf_span(&text), false, &arena, &b) == AUTHRES_OK);
	assert(same(a, &b));
	for (rest = buf_span(&text); rest.len > 0;) {
		struct span line = span_cut(&rest, '\n');

		assert(rest.len == 0 || rest.ptr[0] == '\t');
		assert(a->len == 0 || line.len <= 3 * AUTHRES_VALUE_MAX);
	}
}

static void
write_any(struct span value)
{
	struct authres_property property = {SPAN("smtp"), SPAN("mailfrom"),
					    value};
	struct authres_result result = {.method = SPAN("spf"),
					.version = 1,
					.value = SPAN("pass"),
					.reason = value,
					.property = &property,
					.properties = 1};
	struct authres a = {
		.authserv_id = US, .version = 1, .result = &result, .len = 1};

	round_trip(&a);
}

static void
strip_any(struct span text)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf rest = BUF_INIT(HEADER_SIZE_MAX);
	struct header_block header;
	size_t offset, kept_ = 0;

	if (header_parse(text, &arena, &header, &offset) != HEADER_OK)
		return;
	for (size_t i = 0; i < header.len; i++)
		kept_ += !authres_claims(&header.field[i], US);
	if (!authres_strip(&header, US, &rest) ||
	    header_parse(buf_span(&rest), &arena, &header, &offset) !=
		    HEADER_OK)
		abort();
	assert(header.len == kept_);
	for (size_t i = 0; i < header.len; i++) {
		assert(!authres_claims(&header.field[i], US));
		assert(authres_results(&header.field[i], US).len == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	struct span value = span_bytes(data, size);
	struct header_field field = {SPAN("Authentication-Results"), value,
				     value};
	struct authres a;

	if (size > HEADER_SIZE_MAX)
		return 0;
	write_any(value);
	strip_any(value);
	(void)authres_claims(&field, US);
	(void)authres_instance(value);
	if (authres_parse(value, false, &arena, &a) != AUTHRES_OK) {
		assert(authres_results(&field, US).len == 0);
		return 0;
	}
	assert(a.len <= AUTHRES_RESULTS_MAX && !arena_full(&arena));
	assert(authres_claims(&field, a.authserv_id));
	if (a.authserv_id.len > 0)
		round_trip(&a);
	return 0;
}

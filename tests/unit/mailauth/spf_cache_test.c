/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_cache.h"

#include "base/buf.h"
#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

/* Parses `text` and keeps it. */
static const struct spf_record *
keep(struct spf_cache *cache, const char *text)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct spf_record record;
	struct span fault;

	assert_int_equal(
		spf_record_parse(span_of(text), &arena, &record, &fault),
		SPF_RECORD_OK);
	return spf_cache_put(cache, &record);
}

static void
test_get(void **state)
{
	CLEANUP(spf_cache_freep) struct spf_cache *cache = spf_cache_new(16, 1);
	const struct spf_record *r;
	char text[] = "v=spf1 include:b.example a:%{d} ip4:192.0.2.0/24 "
		      "redirect=c.example.";

	(void)state;
	assert_null(spf_cache_get(cache, span_of(text)));
	r = keep(cache, text);
	assert_non_null(r);
	assert_ptr_equal(spf_cache_get(cache, span_of(text)), r);
	/* a copy: the text may go, and another text is another record */
	text[sizeof(text) - 3]++;
	assert_null(spf_cache_get(cache, span_of(text)));
	text[sizeof(text) - 3]--;
	assert_ptr_equal(spf_cache_get(cache, span_of(text)), r);
	assert_true(r->text.ptr != text);
	assert_int_equal(r->len, 4);
	assert_span(spf_term_text(r, &r->term[2]), "ip4:192.0.2.0/24");
	assert_int_equal(r->term[2].net4, 0xc0000200);
	/* names are made of what has no macro */
	assert_int_not_equal(r->term[0].name, SPF_NAME_NONE);
	assert_memory_equal(r->names + r->term[0].name, "\x0b\1b\7example\0",
			    12);
	assert_int_equal(r->term[1].name, SPF_NAME_NONE);
	assert_int_equal(r->term[2].name, SPF_NAME_NONE);
	assert_memory_equal(r->names + r->term[3].name, "\x0b\1c\7example\0",
			    12);
	assert_int_equal(r->redirect, 3);
}

/* A cache is no larger than there may be. */
static void
test_largest(void **state)
{
	CLEANUP(spf_cache_freep)
	struct spf_cache *cache = spf_cache_new(SIZE_MAX, 1);

	(void)state;
	assert_non_null(keep(cache, "v=spf1 -all"));
	assert_non_null(spf_cache_get(cache, SPAN("v=spf1 -all")));
}

/* However many are put, no more than there is room for are kept. */
static void
test_full(void **state)
{
	struct spf_cache *cache = spf_cache_new(64, 7);
	size_t kept = 0;
	char text[64];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "v=spf1 include:%d.example", i);
		assert_non_null(keep(cache, text));
		assert_non_null(spf_cache_get(cache, span_of(text)));
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "v=spf1 include:%d.example", i);
		kept += spf_cache_get(cache, span_of(text)) != NULL;
	}
	assert_int_equal(kept, 64);
	spf_cache_free(cache);
	spf_cache_free(NULL);
}

/* What is asked for stays, what is not makes room. */
static void
test_oldest(void **state)
{
	CLEANUP(spf_cache_freep) struct spf_cache *cache = spf_cache_new(1, 3);
	char text[64];

	(void)state;
	keep(cache, "v=spf1 -all");
	for (int i = 0; i < 100; i++) {
		assert_non_null(spf_cache_get(cache, SPAN("v=spf1 -all")));
		snprintf(text, sizeof(text), "v=spf1 a:%d.example -all", i);
		keep(cache, text);
	}
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "v=spf1 a:x%d.example -all", i);
		keep(cache, text);
	}
	assert_null(spf_cache_get(cache, SPAN("v=spf1 -all")));
}

/* Records as large as can be kept: octets are what bounds them. */
static void
test_octets(void **state)
{
	CLEANUP(spf_cache_freep)
	struct spf_cache *cache = spf_cache_new(SPF_CACHE_RECORDS_MAX, 5);
	struct buf text = BUF_INIT(2 * SPF_CACHE_TEXT_MAX);
	size_t kept = 0, each = 0;
	int many = 9000;

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < many; i++) {
			buf_clear(&text);
			buf_addf(&text, "v=spf1 a:%06d.example", i);
			while (text.len < SPF_CACHE_TEXT_MAX - 64)
				buf_adds(&text, " ip6:2001:db8::/32");
			each = text.len + 12 * sizeof(struct spf_term);
			if (round == 0)
				assert_non_null(keep(cache, text.ptr));
			else
				kept += spf_cache_get(cache, buf_span(&text)) !=
					NULL;
		}
	assert_true(kept > 1000 && kept * each <= SPF_CACHE_OCTETS_MAX);
	/* one that is too long is not kept, and is not found */
	while (text.len <= SPF_CACHE_TEXT_MAX)
		buf_addc(&text, ' ');
	assert_null(keep(cache, text.ptr));
	assert_null(spf_cache_get(cache, buf_span(&text)));
	buf_release(&text);
}

int
main(void)
{
	UNIT(test_get);
	UNIT(test_largest);
	UNIT(test_full);
	UNIT(test_oldest);
	UNIT(test_octets);
	return unit_run("mailauth/spf_cache");
}

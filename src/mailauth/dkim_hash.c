/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_hash.h"

#include <assert.h>

void
dkim_body_init(struct dkim_body *b)
{
	b->len = 0;
	b->needed[CANON_SIMPLE] = b->needed[CANON_RELAXED] = false;
}

void
dkim_body_release(struct dkim_body *b)
{
	for (size_t i = 0; i < b->len; i++) {
		digest_free(b->hash[i].digest);
		b->hash[i].digest = NULL;
	}
}

/* Hashes what a canonical form gives, for each hash as far as it goes. */
static void
hash_form(struct dkim_body *b, enum canon form, struct span bytes)
{
	for (size_t i = 0; i < b->len; i++) {
		struct dkim_body_hash *hash = &b->hash[i];
		size_t n = bytes.len;

		if (hash->form != form)
			continue;
		if (n > hash->limit - hash->seen)
			n = (size_t)(hash->limit - hash->seen);
		digest_add(hash->digest, span_sub(bytes, 0, n));
		hash->seen += n;
	}
}

static void
put_simple(void *context, struct span bytes)
{
	hash_form(context, CANON_SIMPLE, bytes);
}

static void
put_relaxed(void *context, struct span bytes)
{
	hash_form(context, CANON_RELAXED, bytes);
}

size_t
dkim_body_want(struct dkim_body *b, enum canon form, uint64_t limit)
{
	struct canon_sink sink = {
		form == CANON_SIMPLE ? put_simple : put_relaxed, b};

	for (size_t i = 0; i < b->len; i++)
		if (b->hash[i].form == form && b->hash[i].limit == limit)
			return i;
	assert(b->len < DKIM_BODY_MAX);
	if (!b->needed[form])
		canon_body_init(&b->canon[form], form, sink);
	b->needed[form] = true;
	b->hash[b->len] = (struct dkim_body_hash){
		.form = form,
		.limit = limit,
		.digest = digest_new(),
	};
	return b->len++;
}

void
dkim_body_feed(struct dkim_body *b, struct span bytes)
{
	for (enum canon form = CANON_SIMPLE; form <= CANON_RELAXED; form++)
		if (b->needed[form])
			canon_body_feed(&b->canon[form], bytes);
}

void
dkim_body_end(struct dkim_body *b)
{
	for (enum canon form = CANON_SIMPLE; form <= CANON_RELAXED; form++)
		if (b->needed[form])
			canon_body_end(&b->canon[form]);
	for (size_t i = 0; i < b->len; i++) {
		digest_end(b->hash[i].digest, b->hash[i].value);
		digest_free(b->hash[i].digest);
		b->hash[i].digest = NULL;
	}
}

uint64_t
dkim_body_total(const struct dkim_body *b, size_t i)
{
	return b->canon[b->hash[i].form].total;
}

/* The lowest field called `name` that was not taken yet, or NULL. */
static const struct header_field *
take_lowest(const struct header_block *header, struct span name, bool *taken)
{
	for (size_t i = header->len; i-- > 0;)
		if (!taken[i] && header_is(&header->field[i], name)) {
			taken[i] = true;
			return &header->field[i];
		}
	return NULL;
}

void
dkim_header_hash(const struct header_block *header, enum canon form,
		 const struct span *names, size_t count,
		 const struct header_field *own, struct span before_b,
		 struct span after_b, uint8_t ret[DIGEST_SIZE])
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * HEADER_SIZE_MAX);
	CLEANUP(buf_release) struct buf signature = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	bool taken[HEADER_FIELDS_MAX] = {false};

	assert(header->len <= HEADER_FIELDS_MAX);
	if (own != NULL)
		taken[own - header->field] = true;
	for (size_t i = 0; i < count; i++) {
		const struct header_field *field =
			take_lowest(header, names[i], taken);

		/* RFC 6376 s5.4: a name without a field is the null string */
		if (field == NULL)
			continue;
		buf_clear(&b);
		canon_header(form, field->raw, &b);
		digest_add(digest, buf_span(&b));
	}
	buf_add(&signature, before_b);
	buf_add(&signature, after_b);
	buf_clear(&b);
	canon_header(form, buf_span(&signature), &b);
	/* RFC 6376 s3.7: the last one "without a trailing CRLF" */
	digest_add(digest, span_sub(buf_span(&b), 0, b.len - 2));
	digest_end(digest, ret);
}

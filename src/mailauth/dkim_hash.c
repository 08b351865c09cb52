/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_hash.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/* Octets of canonical fields gathered before they are hashed. */
#define GATHERED 2048

/* What the text may ever hold: a field, what is made of it, and more. */
#define TEXT_MAX (3 * HEADER_SIZE_MAX + GATHERED)

void
dkim_body_init(struct dkim_body *b)
{
	b->len = 0;
	for (size_t i = 0; i < COUNT(b->form); i++) {
		b->form[i].needed = false;
		b->form[i].digest = NULL;
	}
}

void
dkim_body_release(struct dkim_body *b)
{
	for (size_t i = 0; i < COUNT(b->form); i++) {
		digest_free(b->form[i].digest);
		b->form[i].digest = NULL;
	}
}

/* Finds the least limit of `form` that is not done. */
static void
find_next(struct dkim_body *b, enum canon form)
{
	struct dkim_body_form *f = &b->form[form];

	f->next = UINT64_MAX;
	for (size_t i = 0; i < b->len; i++)
		if (b->hash[i].form == form && !b->hash[i].done &&
		    b->hash[i].limit < f->next)
			f->next = b->hash[i].limit;
}

/* Gives the hash of what came so far to those who want no more of it. */
static void
reach(struct dkim_body *b, enum canon form)
{
	struct dkim_body_form *f = &b->form[form];

	for (size_t i = 0; i < b->len; i++) {
		struct dkim_body_hash *hash = &b->hash[i];

		if (hash->form != form || hash->limit != f->seen)
			continue;
		digest_peek(f->digest, hash->value);
		hash->done = true;
	}
	find_next(b, form);
}

/* Hashes what a canonical form gives, with a stop at each limit. */
static void
hash_form(struct dkim_body *b, enum canon form, struct span bytes)
{
	struct dkim_body_form *f = &b->form[form];

	if (bytes.len > f->stop - f->seen)
		bytes.len = (size_t)(f->stop - f->seen);
	while (bytes.len >= f->next - f->seen && f->next != UINT64_MAX) {
		size_t n = (size_t)(f->next - f->seen);

		digest_add(f->digest, span_head(bytes, n));
		f->seen += n;
		bytes = span_skip(bytes, n);
		reach(b, form);
	}
	if (bytes.len > 0)
		digest_add(f->digest, bytes);
	f->seen += bytes.len;
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

/* Makes the form of `b` ready for its first hash. */
static void
start_form(struct dkim_body *b, enum canon form)
{
	struct canon_sink sink = {
		form == CANON_SIMPLE ? put_simple : put_relaxed, b};
	struct dkim_body_form *f = &b->form[form];

	f->needed = true;
	f->digest = digest_new();
	f->seen = f->stop = 0;
	f->next = UINT64_MAX;
	canon_body_init(&f->canon, form, sink);
}

size_t
dkim_body_want(struct dkim_body *b, enum canon form, uint64_t limit)
{
	struct dkim_body_form *f = &b->form[form];

	for (size_t i = 0; i < b->len; i++)
		if (b->hash[i].form == form && b->hash[i].limit == limit)
			return i;
	assert(b->len < DKIM_BODY_MAX);
	if (!f->needed)
		start_form(b, form);
	b->hash[b->len] = (struct dkim_body_hash){
		.form = form,
		.limit = limit,
	};
	if (f->stop < limit)
		f->stop = limit;
	if (f->next > limit)
		f->next = limit;
	return b->len++;
}

void
dkim_body_feed(struct dkim_body *b, struct span bytes)
{
	for (size_t i = 0; i < COUNT(b->form); i++)
		if (b->form[i].needed)
			canon_body_feed(&b->form[i].canon, bytes);
}

void
dkim_body_end(struct dkim_body *b)
{
	for (enum canon form = CANON_SIMPLE; form <= CANON_RELAXED; form++) {
		struct dkim_body_form *f = &b->form[form];
		uint8_t value[DIGEST_SIZE];

		if (!f->needed)
			continue;
		canon_body_end(&f->canon);
		digest_end(f->digest, value);
		for (size_t i = 0; i < b->len; i++)
			if (b->hash[i].form == form && !b->hash[i].done)
				memcpy(b->hash[i].value, value, DIGEST_SIZE);
	}
}

struct digest *
dkim_body_take_digest(struct dkim_body *b)
{
	struct digest **first = &b->form[CANON_SIMPLE].digest;

	return take_ptr(*first != NULL ? first
				       : &b->form[CANON_RELAXED].digest);
}

uint64_t
dkim_body_total(const struct dkim_body *b, size_t i)
{
	return b->form[b->hash[i].form].canon.total;
}

static inline uint64_t
mix(uint64_t hash, uint64_t word)
{
	word |= UINT64_C(0x2020202020202020); /* whatever the case */
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static inline uint64_t
load(const char octet[8])
{
	uint64_t word;

	memcpy(&word, octet, sizeof(word));
	return word;
}

/* The same for names that are the same; its lowest bits are the list. */
static uint32_t
tag_of(struct span name)
{
	uint64_t hash = name.len, word = 0;

	if (name.len < 8) {
		for (size_t i = 0; i < name.len; i++)
			word = word << 8 | (unsigned char)name.ptr[i];
		return (uint32_t)mix(hash, word);
	}
	for (size_t i = 0; name.len - i > 8; i += 8)
		hash = mix(hash, load(name.ptr + i));
	return (uint32_t)mix(hash, load(name.ptr + name.len - 8));
}

static bool
is_named(const struct header_field *field, struct span name)
{
	return field->name.len == name.len &&
	       (memcmp(field->name.ptr, name.ptr, name.len) == 0 ||
		header_is(field, name));
}

void
dkim_fields_init(struct dkim_fields *f, const struct header_block *header)
{
	assert(header->len <= HEADER_FIELDS_MAX);
	*f = (struct dkim_fields){.header = header};
	f->tag =
		mem_array(header->len + 1, sizeof(*f->tag) + sizeof(*f->above));
	f->above = (uint16_t *)(void *)(f->tag + header->len + 1);
	buf_init(&f->text, TEXT_MAX);
	for (size_t i = 0; i < header->len; i++) {
		uint32_t tag = tag_of(header->field[i].name);
		size_t list = tag % DKIM_FIELDS_LISTS;

		f->tag[i] = tag;
		f->above[i] = f->lowest[list];
		f->lowest[list] = (uint16_t)(i + 1);
	}
}

void
dkim_fields_release(struct dkim_fields *f)
{
	free(f->tag);
	f->tag = NULL;
	f->above = NULL;
	buf_release(&f->text);
	digest_free(f->digest);
	f->digest = NULL;
}

size_t
dkim_fields_count(const struct dkim_fields *f, struct span name)
{
	uint32_t tag = tag_of(name);
	size_t n = 0;

	for (size_t at = f->lowest[tag % DKIM_FIELDS_LISTS]; at > 0;
	     at = f->above[at - 1])
		n += f->tag[at - 1] == tag &&
		     is_named(&f->header->field[at - 1], name);
	return n;
}

/* The choice of one signature. */
struct choice {
	uint16_t lowest[DKIM_FIELDS_LISTS];         /* not yet taken; from 1 */
	uint64_t taken[HEADER_FIELDS_MAX / 64 + 1]; /* a bit for each field */
};

static bool
is_taken(const struct choice *c, size_t i)
{
	return (c->taken[i / 64] >> i % 64 & 1) != 0;
}

/* The lowest field called `name` that was not taken yet, or NULL. */
static const struct header_field *
take_lowest(const struct dkim_fields *f, struct choice *c, struct span name)
{
	uint32_t tag = tag_of(name);
	size_t list = tag % DKIM_FIELDS_LISTS;

	for (size_t at = c->lowest[list]; at > 0; at = f->above[at - 1]) {
		const struct header_field *field = &f->header->field[at - 1];

		if (f->tag[at - 1] != tag || is_taken(c, at - 1) ||
		    !is_named(field, name))
			continue;
		c->taken[(at - 1) / 64] |= UINT64_C(1) << (at - 1) % 64;
		while (c->lowest[list] > 0 &&
		       is_taken(c, (size_t)c->lowest[list] - 1))
			c->lowest[list] = f->above[c->lowest[list] - 1];
		return field;
	}
	return NULL;
}

static void
hash_gathered(struct dkim_fields *f)
{
	digest_add(f->digest, buf_span(&f->text));
	buf_clear(&f->text);
}

/* Hashes the signature's own field, RFC 6376 s3.7: "without a trailing
 * CRLF", and ends. */
static void
hash_own(struct dkim_fields *f, const struct dkim_hashed *of,
	 uint8_t ret[DIGEST_SIZE])
{
	size_t n = of->before_b.len + of->after_b.len;
	/* the field, and behind it what is made of it */
	char *own = buf_reserve(&f->text, 2 * n + GATHERED);

	if (own == NULL)
		mem_exhausted();
	memcpy(own, of->before_b.ptr, of->before_b.len);
	memcpy(own + of->before_b.len, of->after_b.ptr, of->after_b.len);
	buf_grew(&f->text, n);
	canon_header(of->form, span_bytes(own, n), &f->text);
	digest_add(f->digest, span_sub(buf_span(&f->text), n, f->text.len - 2));
	digest_end(f->digest, ret);
	buf_clear(&f->text);
}

void
dkim_fields_hash(struct dkim_fields *f, const struct dkim_hashed *of,
		 uint8_t ret[DIGEST_SIZE])
{
	struct choice c = {.taken = {0}};

	memcpy(c.lowest, f->lowest, sizeof(c.lowest));
	if (f->digest == NULL)
		f->digest = digest_new();
	(void)!buf_reserve(&f->text, 2 * GATHERED);
	if (of->own != NULL) {
		size_t own = (size_t)(of->own - f->header->field);

		c.taken[own / 64] |= UINT64_C(1) << own % 64;
	}
	for (size_t i = 0; i < of->names; i++) {
		const struct header_field *field =
			take_lowest(f, &c, of->name[i]);

		/* RFC 6376 s5.4: a name without a field is the null string */
		if (field == NULL)
			continue;
		if (f->text.len + field->raw.len > GATHERED)
			hash_gathered(f);
		canon_header(of->form, field->raw, &f->text);
	}
	hash_gathered(f);
	hash_own(f, of, ret);
}

void
dkim_header_hash(const struct header_block *header, enum canon form,
		 const struct span *names, size_t count,
		 const struct header_field *own, struct span before_b,
		 struct span after_b, uint8_t ret[DIGEST_SIZE])
{
	struct dkim_hashed of = {
		.form = form,
		.name = names,
		.names = count,
		.own = own,
		.before_b = before_b,
		.after_b = after_b,
	};
	struct dkim_fields f;

	dkim_fields_init(&f, header);
	dkim_fields_hash(&f, &of, ret);
	dkim_fields_release(&f);
}

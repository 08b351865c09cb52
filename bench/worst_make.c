/* SPDX-License-Identifier: Apache-2.0 */
#include "worst.h"

#include <openssl/rand.h>

#include "crypt/privkey.h"
#include "mailauth/dkim_hash.h"
#include "text/base64.h"

#define MIB      ((size_t)1 << 20)
#define HUGE_LEN (50 * MIB)
#define EIGHT    ((size_t)DKIM_VERIFY_MAX)

/* What add_signature() makes. */
struct recipe {
	size_t selector;           /* "s<n>" */
	const char *domain;        /* d= */
	enum canon form;           /* c=, both halves */
	const char *names;         /* h= */
	const char *tags;          /* more of them, each with its ";" */
	uint64_t length;           /* l= of the body; UINT64_MAX: no l= */
	const struct privkey *key; /* NULL: b= is noise as long as RSA 4096 */
};

/* A header and a body that are being put together. */
struct draft {
	struct buf fields; /* the signatures */
	struct buf header; /* what they sign, without the empty line */
	struct buf body;
};

static struct draft
draft_new(const char *header)
{
	struct draft d = {.fields = BUF_INIT(4 * MIB),
			  .header = BUF_INIT(4 * MIB),
			  .body = BUF_INIT(WORST_MESSAGE_MAX)};

	buf_adds(&d.header, header);
	return d;
}

/* Appends `count` times `what`. */
static void
fill(struct buf *to, size_t count, const char *what)
{
	size_t i, len = strlen(what);
	char *at = buf_reserve(to, count * len);

	if (at == NULL)
		bench_die("a message is too large");
	if (len == 1)
		memset(at, what[0], count);
	for (i = 0; len > 1 && i < count; i++)
		memcpy(at + i * len, what, len);
	buf_grew(to, count * len);
}

static struct privkey *
new_key(enum key_type type, int bits)
{
	struct privkey *key = privkey_generate(type, bits);

	if (key == NULL)
		bench_die("no key could be made");
	return key;
}

/* Publishes `record` for selector "s<n>" of `domain`. */
static void
publish(size_t n, const char *domain, const struct buf *record)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(512);

	buf_addf(&name, "s%zu._domainkey.%s", n, domain);
	answers_add(buf_span(&name), SPAN("TXT"), buf_span(record));
}

static void
publish_key(size_t n, const char *domain, const struct privkey *key)
{
	struct buf record = BUF_INIT(DKIM_RECORD_MAX); /* for ever */

	buf_addf(&record, "v=DKIM1; k=%s; p=",
		 privkey_type(key) == KEY_RSA ? "rsa" : "ed25519");
	privkey_public(key, &record);
	publish(n, domain, &record);
}

static void
noise(struct buf *to, size_t len)
{
	char *at = buf_reserve(to, len);

	if (at == NULL || RAND_bytes((unsigned char *)at, (int)len) != 1)
		bench_die("no noise");
	buf_grew(to, len);
}

static void
tlv(struct buf *to, int tag, const struct buf *content)
{
	buf_addc(to, (char)tag);
	if (content->len >= 256) {
		buf_addc(to, (char)0x82);
		buf_addc(to, (char)(content->len >> 8));
	} else if (content->len >= 128)
		buf_addc(to, (char)0x81);
	buf_addc(to, (char)(content->len & 255));
	buf_add(to, buf_span(content));
}

/* A number of `bits` bits: noise, with the last bit set if `odd`. */
static void
number(struct buf *to, size_t bits, bool odd)
{
	CLEANUP(buf_release) struct buf n = BUF_INIT(4096);

	buf_addc(&n, 0);
	noise(&n, (bits + 7) / 8);
	n.ptr[1] = (char)(bits % 8 == 0 ? n.ptr[1] | 0x80
					: (n.ptr[1] & ((1 << bits % 8) - 1)) |
						  1 << (bits % 8 - 1));
	n.ptr[n.len - 1] =
		(char)(odd ? n.ptr[n.len - 1] | 1 : n.ptr[n.len - 1] & ~1);
	if (bits % 8 != 0)
		buf_consume(&n, 1);
	tlv(to, 2, &n);
}

/*
 * Publishes an RSA key of noise: `bits` of modulus, odd or not, and the
 * exponent `e`, an INTEGER.  `behind` is put behind its DER.
 */
static void
publish_noise(size_t n, const char *domain, size_t bits, bool odd,
	      const struct buf *e, struct span behind)
{
	CLEANUP(buf_release) struct buf numbers = BUF_INIT(8192);
	CLEANUP(buf_release) struct buf der = BUF_INIT(8192);
	struct buf record = BUF_INIT(DKIM_RECORD_MAX); /* for ever */

	number(&numbers, bits, odd);
	buf_add(&numbers, buf_span(e));
	tlv(&der, 0x30, &numbers); /* RSAPublicKey, as some publish it */
	buf_add(&der, behind);
	buf_adds(&record, "v=DKIM1; p=");
	base64_encode(buf_span(&der), &record);
	if (record.full)
		bench_die("a key record is too long");
	publish(n, domain, &record);
}

/* Publishes the dearest key that is accepted. */
static void
publish_dearest(size_t n, const char *domain)
{
	CLEANUP(buf_release) struct buf e = BUF_INIT(64);
	CLEANUP(buf_release) struct buf ones = BUF_INIT(64);

	buf_addc(&ones, 0);
	fill(&ones, PUBKEY_EXPONENT_BITS_MAX / 8, "\xff");
	tlv(&e, 2, &ones);
	publish_noise(n, domain, PUBKEY_BITS_MAX, true, &e, SPAN(""));
}

static void
add_signature(struct draft *d, const struct recipe *r)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(4 * MIB);
	CLEANUP(buf_release) struct buf value = BUF_INIT(1024);
	CLEANUP(buf_release) struct buf own = BUF_INIT(65536);
	uint8_t digest[DIGEST_SIZE];
	struct span names[DKIM_HEADERS_MAX + 1], rest;
	struct header_block header;
	struct dkim_body body;
	size_t count = 0, at;

	dkim_body_init(&body);
	dkim_body_want(&body, r->form, r->length);
	dkim_body_feed(&body, buf_span(&d->body));
	dkim_body_end(&body);
	buf_addf(&own, "DKIM-Signature:v=1;a=%s-sha256;c=%s/%s;d=%s;s=s%zu;%s",
		 r->key == NULL || privkey_type(r->key) == KEY_RSA ? "rsa"
								   : "ed25519",
		 canon_name(r->form), canon_name(r->form), r->domain,
		 r->selector, r->tags);
	if (r->length != UINT64_MAX)
		buf_addf(&own, "l=%llu;", (unsigned long long)r->length);
	buf_addf(&own, "h=%s;bh=", r->names);
	base64_encode(span_bytes(body.hash[0].value, DIGEST_SIZE), &own);
	dkim_body_release(&body);
	buf_adds(&own, ";b=");
	if (r->key != NULL) {
		if (header_parse(buf_span(&d->header), &arena, &header, &at) !=
		    HEADER_OK)
			bench_die("a header is not good");
		rest = span_of(r->names);
		while (rest.len > 0)
			names[count++] = span_cut(&rest, ':');
		dkim_header_hash(&header, r->form, names, count, NULL,
				 buf_span(&own), SPAN("\r\n"), digest);
		if (!privkey_sign(r->key, digest, &value))
			bench_die("a key does not sign");
	} else {
		noise(&value, PUBKEY_BITS_MAX / 8);
		value.ptr[0] = 0; /* less than the modulus */
	}
	base64_encode(buf_span(&value), &own);
	buf_adds(&own, "\r\n");
	buf_add(&d->fields, buf_span(&own));
}

/* Puts the parts together and frees them. */
static void
finish(struct draft *d, struct worst *w)
{
	buf_release(&w->text);
	buf_init(&w->text, WORST_MESSAGE_MAX);
	buf_add(&w->text, buf_span(&d->fields));
	buf_add(&w->text, buf_span(&d->header));
	buf_adds(&w->text, "\r\n");
	buf_add(&w->text, buf_span(&d->body));
	if (w->text.full || d->fields.full || d->header.full)
		bench_die("a message is too large");
	buf_release(&d->fields);
	buf_release(&d->header);
	buf_release(&d->body);
}

#define FROM "From: a@worst.example\r\nSubject: s\r\n"

/* Eight signatures by keys that `put` publishes; all of the same form. */
static void
eight(struct worst *w, void (*put)(size_t n, const char *domain),
      const struct privkey *key)
{
	struct draft d = draft_new(FROM);
	size_t i;

	fill(&d.body, 16, "One line of text, as any other.\r\n");
	for (i = 0; i < EIGHT; i++) {
		put(i, "worst.example");
		add_signature(&d, &(struct recipe){.selector = i,
						   .domain = "worst.example",
						   .names = "from:subject",
						   .tags = "",
						   .length = UINT64_MAX,
						   .key = key});
	}
	finish(&d, w);
}

static void
make_dearest(struct worst *w)
{
	eight(w, publish_dearest, NULL);
	w->failed = EIGHT;
}

static const struct privkey *shared_key; /* of the message being made */

static void
publish_shared(size_t n, const char *domain)
{
	publish_key(n, domain, shared_key);
}

static void
make_good(struct worst *w, enum key_type type)
{
	struct privkey *key = new_key(type, PUBKEY_BITS_MAX);

	shared_key = key;
	eight(w, publish_shared, key);
	privkey_free(key);
	w->passed = EIGHT;
}

static void
make_rsa4096(struct worst *w)
{
	make_good(w, KEY_RSA);
}

static void
make_ed25519(struct worst *w)
{
	make_good(w, KEY_ED25519);
}

static void
publish_exponent(size_t n, const char *domain)
{
	CLEANUP(buf_release) struct buf e = BUF_INIT(4096);

	number(&e, 3071, true);
	publish_noise(n, domain, 3072, true, &e, SPAN(""));
}

static void
make_exponent(struct worst *w)
{
	eight(w, publish_exponent, NULL);
	w->permerror = EIGHT;
}

static void
publish_16384(size_t n, const char *domain)
{
	publish_noise(n, domain, 16384, true,
		      &(struct buf){.ptr = (char[]){2, 3, 1, 0, 1}, .len = 5},
		      SPAN(""));
}

static void
make_16384(struct worst *w)
{
	eight(w, publish_16384, NULL);
	w->permerror = EIGHT;
}

/* The hostile keys of D6, one after the other. */
static void
publish_hostile(size_t n, const char *domain)
{
	static const struct {
		size_t bits;
		bool odd;
		struct span e, behind;
	} row[] = {
		{4096, false, {"\2\3\1\0\1", 5}, {"", 0}},  /* even modulus */
		{4096, true, {"\2\1\1", 3}, {"", 0}},       /* e = 1 */
		{4096, true, {"\2\3\1\0\2", 5}, {"", 0}},   /* e is even */
		{4096, true, {"\2\3\1\0\1", 5}, {"xy", 2}}, /* more behind */
		{4096, true, {"\2\3\x81\0\1", 5}, {"", 0}}, /* e is negative */
		{4096, true, {"\2\1\0", 3}, {"", 0}},       /* e = 0 */
		{4104, true, {"\2\3\1\0\1", 5}, {"", 0}},   /* too long */
		{4096, true, {"\2\x7f\1", 3}, {"", 0}},     /* cut short */
	};
	CLEANUP(buf_release) struct buf e = BUF_INIT(16);

	buf_add(&e, row[n].e);
	publish_noise(n, domain, row[n].bits, row[n].odd, &e, row[n].behind);
}

static void
make_hostile(struct worst *w)
{
	eight(w, publish_hostile, NULL);
	w->permerror = EIGHT;
}

/* 500 signatures: eight as dear as can be, and as many as a header holds. */
static void
make_500(struct worst *w, bool same)
{
	struct draft d = draft_new(FROM);
	char domain[64];
	size_t i;

	fill(&d.body, 16, "One line of text, as any other.\r\n");
	for (i = 0; i < 500; i++) {
		snprintf(domain, sizeof(domain), "d%zu.example", same ? 0 : i);
		if (i < EIGHT) {
			publish_dearest(i, domain);
			add_signature(&d,
				      &(struct recipe){.selector = i,
						       .domain = domain,
						       .names = "from",
						       .tags = "",
						       .length = UINT64_MAX});
		} else
			buf_addf(&d.fields,
				 "DKIM-Signature:v=1;a=rsa-sha256;d=%s;s=s%zu;"
				 "h=from;bh=%.43s=;b=%s\r\n",
				 domain, i,
				 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
				 "AAAAAAAA");
	}
	finish(&d, w);
	w->failed = EIGHT;
	w->skipped = 500 - EIGHT;
}

static void
make_500_domains(struct worst *w)
{
	make_500(w, false);
}

static void
make_500_same(struct worst *w)
{
	make_500(w, true);
}

/* Fills the header with 950 fields, and names 100 others, all alike. */
static void
name_all(struct worst *w, const char *alike)
{
	CLEANUP(buf_release) struct buf names = BUF_INIT(8192);
	struct draft d = draft_new(FROM);
	size_t i;

	for (i = 0; i < 950; i++)
		buf_addf(&d.header, "%s-a%03zu:\r\n", alike, i);
	buf_adds(&names, "from");
	for (i = 1; i < DKIM_HEADERS_MAX; i++)
		buf_addf(&names, ":%s-b%03zu", alike, i);
	fill(&d.body, 16, "One line of text, as any other.\r\n");
	for (i = 0; i < EIGHT; i++) {
		publish_dearest(i, "worst.example");
		add_signature(&d, &(struct recipe){.selector = i,
						   .domain = "worst.example",
						   .form = CANON_RELAXED,
						   .names = names.ptr,
						   .tags = "",
						   .length = UINT64_MAX});
	}
	finish(&d, w);
	w->failed = EIGHT;
}

static void
make_names(struct worst *w)
{
	name_all(w, "x");
}

/* As long as they can be within a header's limit. */
static void
make_names_long(struct worst *w)
{
	name_all(w, "x-field-whose-name-is-long-and-alike-till");
}

/* Eight signatures over one field as large as a header may be. */
static void
make_field(struct worst *w)
{
	struct draft d = draft_new(FROM "X-Long:");
	size_t i;

	fill(&d.header, 30000, "\r\n ");
	buf_adds(&d.header, "x\r\n");
	fill(&d.body, 16, "One line of text, as any other.\r\n");
	for (i = 0; i < EIGHT; i++) {
		publish_dearest(i, "worst.example");
		add_signature(
			&d, &(struct recipe){.selector = i,
					     .domain = "worst.example",
					     .form = i % 2 == 0 ? CANON_RELAXED
								: CANON_SIMPLE,
					     .names = "from:x-long",
					     .tags = "",
					     .length = UINT64_MAX});
	}
	finish(&d, w);
	w->failed = EIGHT;
}

/* One signature over `count` times `what` and `end`. */
static void
make_body(struct worst *w, enum canon form, size_t count, const char *what,
	  const char *end)
{
	struct privkey *key = new_key(KEY_RSA, 2048);
	struct draft d = draft_new(FROM);

	fill(&d.body, count, what);
	buf_adds(&d.body, end);
	publish_key(0, "worst.example", key);
	add_signature(&d, &(struct recipe){.domain = "worst.example",
					   .form = form,
					   .names = "from:subject",
					   .tags = "",
					   .length = UINT64_MAX,
					   .key = key});
	privkey_free(key);
	finish(&d, w);
	w->passed = 1;
}

static void
make_spaces_relaxed(struct worst *w)
{
	make_body(w, CANON_RELAXED, HUGE_LEN, " ", "\r\n");
}

static void
make_spaces_simple(struct worst *w)
{
	make_body(w, CANON_SIMPLE, HUGE_LEN, " ", "\r\n");
}

static void
make_line_relaxed(struct worst *w)
{
	make_body(w, CANON_RELAXED, HUGE_LEN, "a", "\r\n");
}

static void
make_line_simple(struct worst *w)
{
	make_body(w, CANON_SIMPLE, HUGE_LEN, "a", "\r\n");
}

static void
make_words_relaxed(struct worst *w)
{
	make_body(w, CANON_RELAXED, HUGE_LEN / 2, "a ", "\r\n");
}

static void
make_empty_relaxed(struct worst *w)
{
	make_body(w, CANON_RELAXED, 1000000, "\r\n", "");
}

static void
make_empty_simple(struct worst *w)
{
	make_body(w, CANON_SIMPLE, 1000000, "\r\n", "");
}

static void
make_empty_kept_relaxed(struct worst *w)
{
	make_body(w, CANON_RELAXED, 1000000, "\r\n", "x\r\n");
}

static void
make_empty_kept_simple(struct worst *w)
{
	make_body(w, CANON_SIMPLE, 1000000, "\r\n", "x\r\n");
}

/* More than the catalogue asks: a message full of empty lines that count. */
static void
make_empty_huge(struct worst *w)
{
	make_body(w, CANON_RELAXED, HUGE_LEN / 2, "\r\n", "x\r\n");
}

/* A header of 1 MiB of folding white space: more than is taken. */
static void
make_folds(struct worst *w, enum canon form)
{
	struct privkey *key = new_key(KEY_RSA, 2048);
	struct draft d = draft_new(FROM);

	fill(&d.body, 16, "One line of text, as any other.\r\n");
	publish_key(0, "worst.example", key);
	add_signature(&d, &(struct recipe){.domain = "worst.example",
					   .form = form,
					   .names = "from:x-long",
					   .tags = "",
					   .length = UINT64_MAX,
					   .key = key});
	privkey_free(key);
	buf_adds(&d.header, "X-Long:");
	fill(&d.header, MIB / 3, "\r\n ");
	buf_adds(&d.header, "x\r\n");
	finish(&d, w);
	w->failed = 1; /* what is over the limit is not there */
}

static void
make_folds_relaxed(struct worst *w)
{
	make_folds(w, CANON_RELAXED);
}

static void
make_folds_simple(struct worst *w)
{
	make_folds(w, CANON_SIMPLE);
}

/* Eight signatures, each of another length of the body: eight hashes. */
static void
make_lengths(struct worst *w)
{
	struct draft d = draft_new(FROM);
	size_t i;

	fill(&d.body, 10 * MIB / 34, "One line of text, as any other. \r\n");
	for (i = 0; i < EIGHT; i++) {
		publish_dearest(i, "worst.example");
		add_signature(
			&d, &(struct recipe){.selector = i,
					     .domain = "worst.example",
					     .form = i % 2 == 0 ? CANON_RELAXED
								: CANON_SIMPLE,
					     .names = "from",
					     .tags = "",
					     .length = 9 * MIB + i});
	}
	finish(&d, w);
	w->failed = EIGHT;
}

const struct worst_recipe worst_recipes[] = {
	{"D6-dearest", make_dearest},
	{"D6-rsa4096", make_rsa4096},
	{"D6-ed25519", make_ed25519},
	{"D6-3072-e3071", make_exponent},
	{"D6-n16384", make_16384},
	{"D6-hostile", make_hostile},
	{"D9-500-domains", make_500_domains},
	{"D9-500-same", make_500_same},
	{"D9-names", make_names},
	{"D9-names-long", make_names_long},
	{"D9-field", make_field},
	{"D10-spaces-relaxed", make_spaces_relaxed},
	{"D10-spaces-simple", make_spaces_simple},
	{"D10-line-relaxed", make_line_relaxed},
	{"D10-line-simple", make_line_simple},
	{"D10-words-relaxed", make_words_relaxed},
	{"D10-empty-relaxed", make_empty_relaxed},
	{"D10-empty-simple", make_empty_simple},
	{"D10-empty-kept-relaxed", make_empty_kept_relaxed},
	{"D10-empty-kept-simple", make_empty_kept_simple},
	{"D10-folds-relaxed", make_folds_relaxed},
	{"D10-folds-simple", make_folds_simple},
	{"extra-50M-empty-kept", make_empty_huge},
	{"extra-8-lengths-10M", make_lengths},
};
const size_t worst_recipes_len = COUNT(worst_recipes);

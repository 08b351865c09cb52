/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_signature.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <stdio.h>

#include "text/base64.h"
#include "text/taglist.h"

/* Characters of bh= with all its folds: 44 are enough. */
#define BODY_HASH_TEXT 1024

/* Room for a selector, "._domainkey." and a domain, which may be too long. */
#define KEY_NAME_TEXT (2 * DOMAIN_MAX + sizeof("._domainkey."))

/* What the readers of tags work on. */
struct work {
	const struct taglist *tags;
	struct arena *arena;
	struct dkim_signature *ret;
	bool arc;          /* From need not be signed */
	unsigned instance; /* ARC: i= */
	enum arc_cv cv;    /* ARC: cv= */
};

typedef enum dkim_signature_status reader(struct work *w);

static const struct span *
tag(const struct work *w, const char *name)
{
	return taglist_get(w->tags, span_of(name));
}

static bool
is_ldh(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Whether `s` is ASCII labels with dots between; says if it has 8-bit. */
static bool
is_labels(struct span s, bool *ret_8bit)
{
	bool dot = true;

	*ret_8bit = false;
	for (size_t i = 0; i < s.len; i++) {
		bool high = ((unsigned char)s.ptr[i] & 128) != 0;

		if (s.ptr[i] == '.' ? dot : !is_ldh(s.ptr[i]) && !high)
			return false;
		*ret_8bit |= high;
		dot = s.ptr[i] == '.';
	}
	return !dot;
}

/* v=: RFC 6376 s3.5: "This tag defines the version ... MUST be "1"". */
static enum dkim_signature_status
read_version(struct work *w)
{
	static const char *const required[] = {"a", "b", "bh", "d", "h", "s"};
	const struct span *v = tag(w, "v");

	if (v == NULL)
		return DKIM_SIGNATURE_NO_VERSION;
	if (!span_equal(*v, SPAN("1")))
		return DKIM_SIGNATURE_BAD_VERSION;
	for (size_t i = 0; i < COUNT(required); i++)
		if (tag(w, required[i]) == NULL)
			return DKIM_SIGNATURE_MISSING;
	return DKIM_SIGNATURE_OK;
}

/* Puts three things side by side at `to`; returns how many octets. */
static size_t
join(struct span a, struct span b, struct span c, char to[KEY_NAME_TEXT])
{
	memcpy(to, a.ptr, a.len);
	memcpy(to + a.len, b.ptr, b.len);
	memcpy(to + a.len + b.len, c.ptr, c.len);
	return a.len + b.len + c.len;
}

/*
 * The name of the key: <s>._domainkey.<d>.  RFC 8616 s4: U-labels are asked
 * for as A-labels.
 */
static enum dkim_signature_status
make_key_name(struct work *w, bool high)
{
	const struct domain *d = &w->ret->domain;
	UNINITIALIZED char name[KEY_NAME_TEXT];
	struct span selector = w->ret->selector;
	struct domain whole;
	size_t len;

	if (high) {
		len = join(selector, SPAN("."), domain_span(d), name);
		if (domain_parse(span_bytes(name, len), &whole) != DOMAIN_OK)
			return DKIM_SIGNATURE_BAD_SELECTOR;
		selector = span_head(domain_span(&whole),
				     (size_t)(whole.len - d->len - 1));
	}
	len = join(selector, SPAN("._domainkey."), domain_span(d), name);
	if (dname_parse(span_bytes(name, len), &w->ret->key_name) != DNAME_OK)
		return DKIM_SIGNATURE_BAD_SELECTOR;
	return DKIM_SIGNATURE_OK;
}

/* d= and s=, first of all, so that a report can say whose it is. */
static enum dkim_signature_status
read_names(struct work *w)
{
	const struct span *d = tag(w, "d");
	const struct span *s = tag(w, "s");
	bool high = false;

	if (d != NULL && !span_ends(*d, SPAN(".")) &&
	    domain_parse(*d, &w->ret->domain) != DOMAIN_OK)
		w->ret->domain.len = 0;
	if (s != NULL && s->len <= DKIM_SELECTOR_MAX && is_labels(*s, &high))
		w->ret->selector = *s;
	if (d != NULL && w->ret->domain.len == 0)
		return DKIM_SIGNATURE_BAD_DOMAIN;
	if (d == NULL || s == NULL)
		return DKIM_SIGNATURE_OK; /* read_version() says it */
	if (w->ret->selector.len == 0)
		return DKIM_SIGNATURE_BAD_SELECTOR;
	return make_key_name(w, high);
}

static enum dkim_signature_status
read_algorithm(struct work *w)
{
	const struct span *a = tag(w, "a");

	for (enum dkim_algorithm i = DKIM_RSA_SHA256; i <= DKIM_RSA_SHA1; i++)
		if (span_equal_nocase(*a, span_of(dkim_algorithm_name(i)))) {
			w->ret->algorithm = i;
			return DKIM_SIGNATURE_OK;
		}
	return DKIM_SIGNATURE_BAD_ALGORITHM;
}

static bool
read_form(struct span text, enum canon *ret)
{
	for (enum canon i = CANON_SIMPLE; i <= CANON_RELAXED; i++)
		if (span_equal_nocase(text, span_of(canon_name(i)))) {
			*ret = i;
			return true;
		}
	return false;
}

/* c= header[/body], each simple if it is left out */
static enum dkim_signature_status
read_canon(struct work *w)
{
	const struct span *c = tag(w, "c");
	struct span body;
	size_t slash;

	if (c == NULL) {
		w->ret->header_canon = w->ret->body_canon =
			w->arc ? CANON_RELAXED : CANON_SIMPLE;
		return DKIM_SIGNATURE_OK;
	}
	slash = span_find(*c, '/');
	body = slash == SPAN_NONE ? SPAN("simple") : span_skip(*c, slash + 1);
	if (!read_form(span_sub(*c, 0, slash == SPAN_NONE ? c->len : slash),
		       &w->ret->header_canon) ||
	    !read_form(body, &w->ret->body_canon))
		return DKIM_SIGNATURE_BAD_CANON;
	return DKIM_SIGNATURE_OK;
}

/* q=: RFC 6376 s3.5: unknown methods are ignored; dns/txt must be there */
static enum dkim_signature_status
read_query(struct work *w)
{
	const struct span *q = tag(w, "q");
	struct span rest;

	if (q == NULL)
		return DKIM_SIGNATURE_OK;
	for (rest = *q; rest.len > 0;)
		if (span_equal_nocase(span_trim(span_cut(&rest, ':')),
				      SPAN("dns/txt")))
			return DKIM_SIGNATURE_OK;
	return DKIM_SIGNATURE_BAD_QUERY;
}

/* The end of what may be in a field's name, from `p` on. */
static const char *
name_end(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		/* as signed numbers, what is above 127 is below " " too */
		__m128i v = _mm_loadu_si128((const void *)p);
		__m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8('!'));
		__m128i colon = _mm_cmpeq_epi8(v, _mm_set1_epi8(':'));
		__m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f));
		int stop = _mm_movemask_epi8(
			_mm_or_si128(_mm_or_si128(low, colon), del));

		if (stop != 0)
			return p + __builtin_ctz((unsigned)stop);
	}
#endif
	for (; p < end; p++)
		if (*p <= ' ' || *p > '~' || *p == ':')
			break;
	return p;
}

/* Cuts the name before the next ":" off *rest; false if it is none.  *more is
 * whether a ":" stood behind it. */
static bool
take_field_name(struct span *rest, struct span *ret, bool *more)
{
	const char *p = rest->ptr, *end = p + rest->len;
	const char *from, *to;

	while (p < end && (unsigned char)*p <= ' ')
		p++;
	from = p;
	p = name_end(p, end);
	for (to = p; p < end && (unsigned char)*p <= ' ';)
		p++;
	*ret = (struct span){from, (size_t)(to - from)};
	*more = p < end;
	if (*more && *p != ':')
		return false;
	*rest = span_skip(*rest, (size_t)(p - rest->ptr) + 1);
	return true;
}

static enum dkim_signature_status
read_headers(struct work *w)
{
	struct span rest = *tag(w, "h");
	UNINITIALIZED struct span name[DKIM_HEADERS_MAX];
	struct span *header;
	bool from = false, more = true;
	size_t n = 0;

	while (more) {
		if (n == DKIM_HEADERS_MAX)
			return DKIM_SIGNATURE_TOO_MANY;
		if (!take_field_name(&rest, &name[n], &more))
			return DKIM_SIGNATURE_BAD_HEADERS;
		/* of ARC an empty name stands for no field at all */
		if (name[n].len == 0 && !w->arc)
			return DKIM_SIGNATURE_BAD_HEADERS;
		from |= span_equal_nocase(name[n], SPAN("From"));
		n++;
	}
	header = arena_array(w->arena, n, sizeof(*header));
	if (header == NULL)
		return DKIM_SIGNATURE_TOO_MANY;
	memcpy(header, name, n * sizeof(*header));
	w->ret->header = header;
	w->ret->headers = n;
	/* RFC 6376 s5.4: "The From header field MUST be signed" */
	return from || w->arc ? DKIM_SIGNATURE_OK : DKIM_SIGNATURE_NO_FROM;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* dkim-quoted-printable (RFC 6376 s2.11), white space dropped */
static bool
decode_qp(struct span text, struct arena *arena, struct span *ret)
{
	char *out = arena_get(arena, text.len + 1);
	size_t n = 0;

	if (out == NULL)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c == '=') {
			if (text.len - i < 3 || hex(text.ptr[i + 1]) < 0 ||
			    hex(text.ptr[i + 2]) < 0)
				return false;
			c = (char)(hex(text.ptr[i + 1]) * 16 +
				   hex(text.ptr[i + 2]));
			i += 2;
		}
		out[n++] = c;
	}
	*ret = span_bytes(out, n);
	return true;
}

/* "@" and d= */
static struct span
at_domain(struct work *w)
{
	const struct domain *d = &w->ret->domain;
	char text[DOMAIN_MAX + 2];

	text[0] = '@';
	memcpy(text + 1, d->s, d->len);
	return arena_copy(w->arena, span_bytes(text, (size_t)d->len + 1));
}

/* i= [local part] "@" domain, at or under d= */
static enum dkim_signature_status
read_identity(struct work *w)
{
	const struct span *i = tag(w, "i");
	struct domain domain;
	size_t at;

	if (i == NULL) {
		w->ret->identity = at_domain(w);
		w->ret->identity_is_domain = true;
		return DKIM_SIGNATURE_OK;
	}
	if (!decode_qp(*i, w->arena, &w->ret->identity))
		return DKIM_SIGNATURE_BAD_IDENTITY;
	at = span_find_last(w->ret->identity, '@');
	if (at == SPAN_NONE ||
	    domain_parse(span_skip(w->ret->identity, at + 1), &domain) !=
		    DOMAIN_OK ||
	    span_find(w->ret->identity, '\0') != SPAN_NONE)
		return DKIM_SIGNATURE_BAD_IDENTITY;
	if (!domain_is_under(&domain, &w->ret->domain))
		return DKIM_SIGNATURE_FOREIGN_IDENTITY;
	w->ret->identity_is_domain = domain.len == w->ret->domain.len;
	return DKIM_SIGNATURE_OK;
}

static bool
read_time(const struct span *text, int64_t *ret)
{
	uint64_t n = 0;

	if (text == NULL)
		return true;
	if (!span_to_u64(*text, UINT64_C(999999999999), &n) || text->len > 12)
		return false;
	*ret = (int64_t)n;
	return true;
}

static enum dkim_signature_status
read_times(struct work *w)
{
	struct dkim_signature *ret = w->ret;

	if (!read_time(tag(w, "t"), &ret->time) ||
	    !read_time(tag(w, "x"), &ret->expiry))
		return DKIM_SIGNATURE_BAD_TIME;
	/* RFC 6376 s3.5: "The value of the "x=" tag MUST be greater than the
	 * value of the "t=" tag if both are present." */
	if (ret->time >= 0 && ret->expiry >= 0 && ret->expiry <= ret->time)
		return DKIM_SIGNATURE_BAD_EXPIRY;
	return DKIM_SIGNATURE_OK;
}

static enum dkim_signature_status
read_length(struct work *w)
{
	const struct span *l = tag(w, "l");

	if (l == NULL)
		return DKIM_SIGNATURE_OK;
	if (l->len == 0 || l->len > 76)
		return DKIM_SIGNATURE_BAD_LENGTH;
	for (size_t i = 0; i < l->len; i++)
		if (l->ptr[i] < '0' || l->ptr[i] > '9')
			return DKIM_SIGNATURE_BAD_LENGTH;
	w->ret->has_length = true;
	if (!span_to_u64(*l, UINT64_MAX, &w->ret->length))
		w->ret->length = UINT64_MAX;
	return DKIM_SIGNATURE_OK;
}

static enum dkim_signature_status
read_b(struct work *w)
{
	struct span b = *tag(w, "b");
	char *octets = arena_get(w->arena, BASE64_OCTETS(b.len));
	size_t len;

	if (octets == NULL || !base64_decode_into(b, octets, &len) ||
	    len == 0 || len > DKIM_SIGNATURE_MAX)
		return DKIM_SIGNATURE_BAD_BASE64;
	w->ret->signature = (struct span){octets, len};
	return DKIM_SIGNATURE_OK;
}

/* bh= and b= */
static enum dkim_signature_status
read_hashes(struct work *w)
{
	struct span bh = *tag(w, "bh");
	bool sha1 = w->ret->algorithm == DKIM_RSA_SHA1;
	UNINITIALIZED char octets[BASE64_OCTETS(BODY_HASH_TEXT)];
	size_t len;

	if (bh.len > BODY_HASH_TEXT || !base64_decode_into(bh, octets, &len) ||
	    (len != DIGEST_SIZE && !(sha1 && len == 20)))
		return DKIM_SIGNATURE_BAD_HASH;
	memcpy(w->ret->body_hash, octets, len);
	return read_b(w);
}

/* Which tags ARC asks for, and i= (RFC 8617 sections 4.1.2 and 4.2.1). */
static enum dkim_signature_status
read_instance(struct work *w)
{
	static const char *const required[] = {"a", "b", "d", "i", "s"};
	const struct span *i = tag(w, "i");
	uint64_t n = 0;

	/* RFC 8617 s4.2.1: one or two digits */
	if (i != NULL && i->len <= 2 && span_to_u64(*i, ARC_INSTANCE_MAX, &n))
		w->instance = (unsigned)n;
	for (size_t k = 0; k < COUNT(required); k++)
		if (tag(w, required[k]) == NULL)
			return DKIM_SIGNATURE_MISSING;
	return n > 0 ? DKIM_SIGNATURE_OK : DKIM_SIGNATURE_BAD_INSTANCE;
}

static enum dkim_signature_status
read_ams_tags(struct work *w)
{
	return tag(w, "bh") == NULL || tag(w, "h") == NULL
		       ? DKIM_SIGNATURE_MISSING
		       : DKIM_SIGNATURE_OK;
}

/* cv=, and the tags that a seal must not have (RFC 8617 section 4.1.3) */
static enum dkim_signature_status
read_seal_tags(struct work *w)
{
	static const char *const name[] = {"none", "pass", "fail"};
	const struct span *cv = tag(w, "cv");

	if (tag(w, "h") != NULL || tag(w, "bh") != NULL)
		return DKIM_SIGNATURE_BAD_SEAL;
	if (cv == NULL)
		return DKIM_SIGNATURE_MISSING;
	for (size_t i = 0; i < COUNT(name); i++)
		if (span_equal(*cv, span_of(name[i]))) {
			w->cv = (enum arc_cv)i;
			return DKIM_SIGNATURE_OK;
		}
	return DKIM_SIGNATURE_BAD_CHAIN;
}

/*
 * Finds the field without the value of b= (RFC 6376 s3.7: "with the value
 * of the "b=" tag (including all surrounding whitespace) deleted").
 */
static void
cut_b(struct work *w, struct span raw)
{
	struct span b = *tag(w, "b");
	size_t from = (size_t)(b.ptr - raw.ptr);
	size_t to = from + b.len;

	while (raw.ptr[from - 1] != '=')
		from--;
	while (to < raw.len && raw.ptr[to] != ';')
		to++;
	w->ret->before_b = span_sub(raw, 0, from);
	w->ret->after_b = span_skip(raw, to);
}

/* Parses `field` by the readers of its kind. */
static enum dkim_signature_status
parse(const struct header_field *field, struct work *w, reader *const *readers,
      size_t count)
{
	UNINITIALIZED struct taglist tags;
	size_t offset;

	*w->ret = (struct dkim_signature){
		.selector = SPAN(""),
		.identity = SPAN(""),
		.signature = SPAN(""),
		.time = -1,
		.expiry = -1,
		.before_b = SPAN(""),
		.after_b = SPAN(""),
	};
	if (field->value.len > DKIM_VALUE_MAX)
		return DKIM_SIGNATURE_TOO_LONG;
	if (taglist_parse_utf8(field->value, &tags, &offset) != TAGLIST_OK)
		return DKIM_SIGNATURE_BAD_LIST;
	w->tags = &tags;
	for (size_t i = 0; i < count; i++) {
		enum dkim_signature_status status = readers[i](w);

		if (status != DKIM_SIGNATURE_OK)
			return status;
	}
	cut_b(w, field->raw);
	return DKIM_SIGNATURE_OK;
}

enum dkim_signature_status
dkim_signature_parse(const struct header_field *field, struct arena *arena,
		     struct dkim_signature *ret)
{
	static reader *const readers[] = {
		read_names,  read_version, read_algorithm, read_canon,
		read_query,  read_headers, read_identity,  read_times,
		read_length, read_hashes,
	};
	struct work w = {.arena = arena, .ret = ret};

	return parse(field, &w, readers, COUNT(readers));
}

enum dkim_signature_status
dkim_signature_parse_ams(const struct header_field *field, struct arena *arena,
			 struct dkim_signature *ret, unsigned *ret_instance)
{
	static reader *const readers[] = {
		read_instance, read_names,  read_ams_tags, read_algorithm,
		read_canon,    read_query,  read_headers,  read_times,
		read_length,   read_hashes,
	};
	struct work w = {.arena = arena, .ret = ret, .arc = true};
	enum dkim_signature_status status =
		parse(field, &w, readers, COUNT(readers));

	*ret_instance = w.instance;
	return status;
}

enum dkim_signature_status
dkim_signature_parse_seal(const struct header_field *field, struct arena *arena,
			  struct dkim_signature *ret, unsigned *ret_instance,
			  enum arc_cv *ret_cv)
{
	static reader *const readers[] = {
		read_instance,  read_names, read_seal_tags,
		read_algorithm, read_times, read_b,
	};
	struct work w = {.arena = arena, .ret = ret, .arc = true};
	enum dkim_signature_status status =
		parse(field, &w, readers, COUNT(readers));

	*ret_instance = w.instance;
	*ret_cv = w.cv;
	return status;
}

const char *
dkim_signature_strerror(enum dkim_signature_status status)
{
	static const char *const text[] = {
		[DKIM_SIGNATURE_OK] = "the signature is well formed",
		[DKIM_SIGNATURE_BAD_LIST] = "the field is no list of tags",
		[DKIM_SIGNATURE_TOO_LONG] = "the field is too long",
		[DKIM_SIGNATURE_NO_VERSION] = "v= is missing",
		[DKIM_SIGNATURE_BAD_VERSION] = "v= is not 1",
		[DKIM_SIGNATURE_MISSING] = "a required tag is missing",
		[DKIM_SIGNATURE_BAD_DOMAIN] = "d= is no domain name",
		[DKIM_SIGNATURE_BAD_SELECTOR] = "s= is no selector",
		[DKIM_SIGNATURE_BAD_ALGORITHM] = "a= is not known",
		[DKIM_SIGNATURE_BAD_CANON] = "c= is not known",
		[DKIM_SIGNATURE_BAD_QUERY] = "q= does not offer dns/txt",
		[DKIM_SIGNATURE_BAD_HEADERS] = "h= is no list of field names",
		[DKIM_SIGNATURE_TOO_MANY] = "h= has too many names",
		[DKIM_SIGNATURE_NO_FROM] = "h= does not name From",
		[DKIM_SIGNATURE_BAD_IDENTITY] = "i= is malformed",
		[DKIM_SIGNATURE_FOREIGN_IDENTITY] = "i= is not under d=",
		[DKIM_SIGNATURE_BAD_TIME] = "t= or x= is no time",
		[DKIM_SIGNATURE_BAD_EXPIRY] = "x= is not after t=",
		[DKIM_SIGNATURE_BAD_LENGTH] = "l= is no length",
		[DKIM_SIGNATURE_BAD_HASH] = "bh= is no digest",
		[DKIM_SIGNATURE_BAD_BASE64] = "b= is no signature",
		[DKIM_SIGNATURE_BAD_INSTANCE] = "i= is no instance",
		[DKIM_SIGNATURE_BAD_CHAIN] = "cv= is not none, pass or fail",
		[DKIM_SIGNATURE_BAD_SEAL] = "a seal has h= or bh=",
	};
	return text[status];
}

const char *
dkim_algorithm_name(enum dkim_algorithm algorithm)
{
	switch (algorithm) {
	case DKIM_RSA_SHA256:
		return "rsa-sha256";
	case DKIM_ED25519_SHA256:
		return "ed25519-sha256";
	case DKIM_RSA_SHA1:
		return "rsa-sha1";
	}
	return "";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_key.h"

#define ANSWERS_MAX 16 /* TXT records looked at under one name */

/* The three fields of an instance. */
struct set {
	const struct header_field *results;
	const struct header_field *message;
	const struct header_field *seal;
	struct dkim_signature message_signature;
	struct dkim_signature seal_signature;
	enum arc_cv cv;
};

struct arc {
	const struct header_block *header;
	struct arena *arena;
	struct set *set; /* by instance, from 1: ARC_INSTANCE_MAX + 1 */
	struct dkim_body body;
	size_t hash; /* of the newest signature's body */
	bool done;   /* the result stands */
	unsigned at; /* the seal under examination; len + 1: the message */
	struct arc_result result;
};

static void
fail(struct arc *m, enum arc_reason reason, unsigned instance)
{
	if (m->done)
		return;
	m->done = true;
	m->result.verdict = ARC_FAIL;
	m->result.reason = reason;
	m->result.instance = instance;
}

/* "i=" [FWS] number [FWS] ";" at the start of a value; 0 if it is not so. */
static unsigned
results_instance(struct span value)
{
	struct span rest = value, name;
	uint64_t n;

	if (span_find(value, ';') == SPAN_NONE)
		return 0;
	rest = span_cut(&rest, ';');
	name = span_trim(span_cut(&rest, '='));
	if (!span_equal(name, SPAN("i")) ||
	    !span_to_u64(span_trim(rest), ARC_INSTANCE_MAX, &n))
		return 0;
	return (unsigned)n;
}

/* Puts `field` in its place; false if there is none, or it is taken. */
static bool
place(const struct header_field **at, const struct header_field *field,
      unsigned instance)
{
	if (instance == 0 || *at != NULL)
		return false;
	*at = field;
	return true;
}

static void
take_field(struct arc *m, const struct header_field *field)
{
	enum dkim_signature_status status = DKIM_SIGNATURE_OK;
	struct dkim_signature signature;
	enum arc_cv cv = ARC_CV_NONE;
	unsigned i = 0;
	bool placed = true;

	if (header_is(field, SPAN("ARC-Authentication-Results"))) {
		i = results_instance(field->value);
		if (i == 0)
			fail(m, ARC_REASON_RESULTS, 0);
		placed = place(&m->set[i].results, field, i);
	} else if (header_is(field, SPAN("ARC-Message-Signature"))) {
		status = dkim_signature_parse_ams(field, m->arena, &signature,
						  &i);
		placed = place(&m->set[i].message, field, i);
		m->set[i].message_signature = signature;
	} else if (header_is(field, SPAN("ARC-Seal"))) {
		status = dkim_signature_parse_seal(field, m->arena, &signature,
						   &i, &cv);
		placed = place(&m->set[i].seal, field, i);
		m->set[i].seal_signature = signature;
		m->set[i].cv = cv;
	}
	if (status != DKIM_SIGNATURE_OK)
		fail(m, ARC_REASON_SIGNATURE, i);
	else if (!placed)
		fail(m, ARC_REASON_STRUCTURE, i);
	m->result.len = i > m->result.len ? i : m->result.len;
}

/* RFC 8617 section 5.2, steps 2 and 3: structure, and what the seals say. */
static void
check_sets(struct arc *m)
{
	unsigned len = m->result.len;

	if (len > 0 && m->set[len].seal != NULL &&
	    m->set[len].cv == ARC_CV_FAIL)
		fail(m, ARC_REASON_SAID, len);
	for (unsigned i = 1; i <= len; i++) {
		const struct set *set = &m->set[i];

		if (set->results == NULL || set->message == NULL ||
		    set->seal == NULL)
			fail(m, ARC_REASON_STRUCTURE, i);
		else if (set->cv != (i == 1 ? ARC_CV_NONE : ARC_CV_PASS))
			fail(m, ARC_REASON_CHAIN, i);
	}
}

static bool
is_arc(const struct header_field *field)
{
	return header_is(field, SPAN("ARC-Authentication-Results")) ||
	       header_is(field, SPAN("ARC-Message-Signature")) ||
	       header_is(field, SPAN("ARC-Seal"));
}

struct arc *
arc_new(const struct header_block *header, struct arena *arena)
{
	struct arc *m = mem_new(sizeof(*m));
	const struct dkim_signature *s;
	size_t found = 0;

	m->header = header;
	m->arena = arena;
	m->result.domain = SPAN("");
	dkim_body_init(&m->body);
	m->set = mem_array(ARC_INSTANCE_MAX + 1, sizeof(*m->set));
	for (size_t i = 0; i < header->len && !m->done; i++)
		if (is_arc(&header->field[i])) {
			found++;
			take_field(m, &header->field[i]);
		}
	check_sets(m);
	if (found == 0)
		m->done = true; /* ARC_NONE */
	if (m->done)
		return m;
	m->at = m->result.len + 1;
	s = &m->set[m->result.len].message_signature;
	m->result.domain =
		domain_span(&m->set[m->result.len].seal_signature.domain);
	m->hash = dkim_body_want(&m->body, s->body_canon,
				 s->has_length ? s->length : UINT64_MAX);
	return m;
}

void
arc_free(struct arc *m)
{
	if (m == NULL)
		return;
	dkim_body_release(&m->body);
	free(m->set);
	free(m);
}

void
arc_feed(struct arc *m, struct span bytes)
{
	dkim_body_feed(&m->body, bytes);
}

void
arc_end(struct arc *m)
{
	const struct dkim_signature *s;

	dkim_body_end(&m->body);
	if (m->done)
		return;
	s = &m->set[m->result.len].message_signature;
	if (memcmp(m->body.hash[m->hash].value, s->body_hash, DIGEST_SIZE) != 0)
		fail(m, ARC_REASON_BODY, m->result.len);
}

/* The instance and the signature under examination. */
static unsigned
current(const struct arc *m, const struct dkim_signature **ret)
{
	bool message = m->at > m->result.len;
	unsigned i = message ? m->result.len : m->at;

	*ret = message ? &m->set[i].message_signature
		       : &m->set[i].seal_signature;
	return i;
}

bool
arc_ask(struct arc *m, struct dns_question *ret)
{
	const struct dkim_signature *s;

	if (m->done)
		return false;
	current(m, &s);
	*ret = (struct dns_question){s->key_name, DNS_TXT};
	return true;
}

static void
add_field(struct digest *digest, const struct header_field *field)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * HEADER_SIZE_MAX);

	canon_header(CANON_RELAXED, field->raw, &b);
	digest_add(digest, buf_span(&b));
}

/*
 * RFC 8617 section 5.1.1: what a seal signs are all sets up to its own, in
 * the order of their instances, relaxed, the seal itself without b=.
 */
static void
seal_hash(const struct arc *m, unsigned instance, uint8_t ret[DIGEST_SIZE])
{
	const struct set *own = &m->set[instance];
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	CLEANUP(buf_release) struct buf seal = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * HEADER_SIZE_MAX);

	for (unsigned i = 1; i <= instance; i++) {
		add_field(digest, m->set[i].results);
		add_field(digest, m->set[i].message);
		if (i < instance)
			add_field(digest, m->set[i].seal);
	}
	buf_add(&seal, own->seal_signature.before_b);
	buf_add(&seal, own->seal_signature.after_b);
	canon_header(CANON_RELAXED, buf_span(&seal), &b);
	digest_add(digest, span_head(buf_span(&b), b.len - 2));
	digest_end(digest, ret);
}

/* The one good key of an answer, or NULL. */
static struct pubkey *
key_of(const struct dns_answer *a, enum dkim_algorithm algorithm)
{
	enum key_type need =
		algorithm == DKIM_ED25519_SHA256 ? KEY_ED25519 : KEY_RSA;
	struct pubkey *key = NULL;
	size_t good = 0;

	for (size_t i = 0; i < a->len && i < ANSWERS_MAX; i++) {
		struct dkim_key_record record;

		if (dkim_key_parse(a->rr[i].txt.text, &record) != DKIM_KEY_OK)
			continue;
		good++;
		pubkey_free(key);
		key = record.key;
		if (record.type != need)
			good = ANSWERS_MAX; /* not for this signature */
	}
	if (good == 1)
		return key;
	pubkey_free(key);
	return NULL;
}

void
arc_answer(struct arc *m, const struct dns_answer *a)
{
	const struct dkim_signature *s;
	unsigned i = current(m, &s);
	bool message = m->at > m->result.len;
	struct pubkey *key = NULL;
	uint8_t digest[DIGEST_SIZE];

	assert(!m->done);
	if (dns_is_error(a->status)) {
		fail(m, ARC_REASON_DNS, i);
		return;
	}
	/* RFC 8301 section 3.1 holds here too */
	if (a->status == DNS_OK && s->algorithm != DKIM_RSA_SHA1)
		key = key_of(a, s->algorithm);
	if (key == NULL) {
		fail(m, ARC_REASON_KEY, i);
		return;
	}
	if (message)
		dkim_header_hash(m->header, s->header_canon, s->header,
				 s->headers, m->set[i].message, s->before_b,
				 s->after_b, digest);
	else
		seal_hash(m, i, digest);
	if (!pubkey_verify(key, digest, s->signature))
		fail(m, message ? ARC_REASON_MESSAGE : ARC_REASON_SEAL, i);
	pubkey_free(key);
	m->at--;
	if (m->at == 0 && !m->done) {
		m->done = true;
		m->result.verdict = ARC_PASS;
	}
}

const struct arc_result *
arc_result(const struct arc *m)
{
	assert(m->done);
	return &m->result;
}

const char *
arc_verdict_name(enum arc_verdict verdict)
{
	static const char *const name[] = {
		[ARC_NONE] = "none",
		[ARC_PASS] = "pass",
		[ARC_FAIL] = "fail",
	};
	return name[verdict];
}

const char *
arc_reason_text(enum arc_reason reason)
{
	static const char *const text[] = {
		[ARC_REASON_OK] = "the chain is unbroken",
		[ARC_REASON_STRUCTURE] =
			"an instance has not one field of each kind",
		[ARC_REASON_RESULTS] =
			"an ARC-Authentication-Results has no instance",
		[ARC_REASON_SIGNATURE] = "a signature or seal is malformed",
		[ARC_REASON_CHAIN] = "cv= is not what its instance must say",
		[ARC_REASON_SAID] =
			"the newest seal says that the chain failed",
		[ARC_REASON_BODY] = "the body is not what was signed last",
		[ARC_REASON_MESSAGE] = "the header is not what was signed last",
		[ARC_REASON_SEAL] = "a seal is wrong",
		[ARC_REASON_KEY] = "a key is missing or not usable",
		[ARC_REASON_DNS] = "DNS gave an error for a key",
	};
	return text[reason];
}

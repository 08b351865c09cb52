/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mailauth/arc_set.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_verify.h"

struct arc {
	const struct header_block *header;
	struct dkim_keys *keys;
	struct arc_sets sets;
	struct buf text; /* the sets, canonical, once a seal is looked at */
	size_t end[ARC_INSTANCE_MAX + 1]; /* what of it each seal signs */
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

/* RFC 6376 s3.5 lets a verifier ignore what is expired, or not signed yet. */
static void
check_times(struct arc *m, const struct dkim_signature *s, int64_t now)
{
	if (s->expiry >= 0 && now > s->expiry)
		fail(m, ARC_REASON_EXPIRED, m->result.len);
	else if (s->time > now + DKIM_SKEW_MAX)
		fail(m, ARC_REASON_FUTURE, m->result.len);
}

struct arc *
arc_new(const struct header_block *header, int64_t now, struct dkim_keys *keys,
	struct arena *arena)
{
	struct arc *m = mem_new(sizeof(*m));
	const struct arc_set *newest;

	m->header = header;
	m->keys = keys;
	m->result.domain = SPAN("");
	m->text = BUF_INIT(ARC_TEXT_MAX);
	dkim_body_init(&m->body);
	arc_sets_read(&m->sets, header, arena);
	m->result.len = m->sets.len;
	if (m->sets.fields == 0)
		m->done = true; /* ARC_NONE */
	if (m->sets.reason != ARC_REASON_OK)
		fail(m, m->sets.reason, m->sets.instance);
	if (m->done)
		return m;
	m->at = m->result.len + 1;
	newest = &m->sets.set[m->result.len];
	m->result.domain = domain_span(&newest->seal_signature.domain);
	check_times(m, &newest->message_signature, now / 1000);
	if (m->done)
		return m;
	m->hash = dkim_body_want(&m->body, newest->message_signature.body_canon,
				 newest->message_signature.has_length
					 ? newest->message_signature.length
					 : UINT64_MAX);
	return m;
}

void
arc_free(struct arc *m)
{
	if (m == NULL)
		return;
	dkim_body_release(&m->body);
	buf_release(&m->text);
	arc_sets_release(&m->sets);
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
	s = &m->sets.set[m->result.len].message_signature;
	/* RFC 6376 s3.5: l= must not be more than the body has */
	if (s->has_length && s->length > dkim_body_total(&m->body, m->hash))
		fail(m, ARC_REASON_LENGTH, m->result.len);
	else if (memcmp(m->body.hash[m->hash].value, s->body_hash,
			DIGEST_SIZE) != 0)
		fail(m, ARC_REASON_BODY, m->result.len);
}

/* The instance and the signature under examination. */
static unsigned
current(const struct arc *m, const struct dkim_signature **ret)
{
	bool message = m->at > m->result.len;
	unsigned i = message ? m->result.len : m->at;

	*ret = message ? &m->sets.set[i].message_signature
		       : &m->sets.set[i].seal_signature;
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

/* RFC 8617 section 5.1.1: what the seal of `instance` signs. */
static void
seal_hash(struct arc *m, unsigned instance, uint8_t ret[DIGEST_SIZE])
{
	const struct dkim_signature *s = &m->sets.set[instance].seal_signature;

	if (m->text.len == 0)
		arc_sets_text(&m->sets, &m->text, m->end);
	arc_seal_hash(span_head(buf_span(&m->text), m->end[instance]),
		      s->before_b, s->after_b, ret);
}

/* The one good key of an answer, or NULL. */
static struct pubkey *
key_of(struct arc *m, const struct dns_answer *a, enum dkim_algorithm algorithm)
{
	enum key_type need =
		algorithm == DKIM_ED25519_SHA256 ? KEY_ED25519 : KEY_RSA;
	struct dkim_choice choice;

	dkim_keys_choose(m->keys, a, &choice);
	if (choice.good == 1 && choice.record.type == need)
		return choice.record.key;
	pubkey_free(choice.record.key);
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
		key = key_of(m, a, s->algorithm);
	if (key == NULL) {
		fail(m, ARC_REASON_KEY, i);
		return;
	}
	if (message)
		dkim_header_hash(m->header, s->header_canon, s->header,
				 s->headers, m->sets.set[i].message,
				 s->before_b, s->after_b, digest);
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
		[ARC_REASON_EXPIRED] =
			"the newest signature has expired: x= is past",
		[ARC_REASON_FUTURE] =
			"t= of the newest signature lies in the future",
		[ARC_REASON_LENGTH] = "l= is more than the body has",
		[ARC_REASON_BODY] = "the body is not what was signed last",
		[ARC_REASON_MESSAGE] = "the header is not what was signed last",
		[ARC_REASON_SEAL] = "a seal is wrong",
		[ARC_REASON_KEY] = "a key is missing or not usable",
		[ARC_REASON_DNS] = "DNS gave an error for a key",
	};
	return text[reason];
}

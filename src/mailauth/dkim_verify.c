/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_verify.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mailauth/dkim_hash.h"

struct dkim_verify {
	const struct header_block *header;
	struct arena *arena;
	int64_t now; /* seconds since 1970 */
	struct dkim_keys *keys;
	struct dkim_body body;
	struct dkim_fields fields;
	bool ended; /* the body */
	size_t len; /* of those below */
	size_t skipped;
	size_t at; /* the one that waits for its key, or len */
	struct dkim_result *result;
	bool waits[DKIM_VERIFY_MAX];
	size_t hash[DKIM_VERIFY_MAX]; /* its index in body */
};

/* Decides about signature `i` for good. */
static void
decide(struct dkim_verify *m, size_t i, enum dkim_outcome outcome,
       enum dkim_reason reason)
{
	struct dkim_result *r = &m->result[i];
	bool all = !r->signature.has_length || r->body_rest == 0;

	m->waits[i] = false;
	r->outcome = outcome;
	r->reason = reason;
	r->dmarc_eligible = outcome == DKIM_PASS && all;
}

/* Looks at the signature in `field`, the next one of those that are. */
static void
pick(struct dkim_verify *m, const struct header_field *field)
{
	size_t i = m->len++;
	struct dkim_result *r = &m->result[i];
	struct dkim_signature *s = &r->signature;

	r->field = field;
	r->record = SPAN("");
	r->age = -1;
	r->signature_status = dkim_signature_parse(field, m->arena, s);
	if (s->time >= 0 && s->time <= m->now)
		r->age = m->now - s->time;
	if (r->signature_status != DKIM_SIGNATURE_OK)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_SIGNATURE);
	else if (s->expiry >= 0 && m->now > s->expiry)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_EXPIRED);
	else if (s->time > m->now + DKIM_SKEW_MAX)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_FUTURE);
	else
		m->waits[i] = true;
	/* of rsa-sha1 only the key is looked at: nothing is hashed for it */
	if (m->waits[i] && s->algorithm != DKIM_RSA_SHA1)
		m->hash[i] =
			dkim_body_want(&m->body, s->body_canon,
				       s->has_length ? s->length : UINT64_MAX);
}

/* How soon a signature is looked at; the lower the sooner. */
enum rank { RANK_ALIGNED, RANK_OTHER, RANK_MALFORMED, RANKS };

static enum rank
rank_of(const struct header_field *field, const struct domain *from)
{
	CLEANUP(arena_release)
	struct arena scratch = ARENA_INIT(2 * DKIM_VALUE_MAX);
	struct dkim_signature s;

	if (dkim_signature_parse(field, &scratch, &s) != DKIM_SIGNATURE_OK)
		return RANK_MALFORMED;
	if (from != NULL && (domain_is_under(from, &s.domain) ||
			     domain_is_under(&s.domain, from)))
		return RANK_ALIGNED;
	return RANK_OTHER;
}

/* Leaves in `field`, which has `len` signatures, those to be looked at. */
static size_t
choose(const struct header_field **field, size_t len, const struct domain *from)
{
	enum rank *rank = mem_array(len, sizeof(*rank));
	size_t count[RANKS] = {0};
	size_t room = DKIM_VERIFY_MAX, kept = 0;

	for (size_t i = 0; i < len; i++) {
		rank[i] = rank_of(field[i], from);
		count[rank[i]]++;
	}
	for (enum rank r = RANK_ALIGNED; r < RANKS; r++) {
		count[r] = count[r] < room ? count[r] : room;
		room -= count[r];
	}
	for (size_t i = 0; i < len; i++)
		if (count[rank[i]] > 0) {
			count[rank[i]]--;
			field[kept++] = field[i];
		}
	free(rank);
	return kept;
}

struct dkim_verify *
dkim_verify_new(const struct header_block *header,
		const struct dkim_verify_input *input, struct arena *arena)
{
	UNINITIALIZED const struct header_field *field[HEADER_FIELDS_MAX];
	struct dkim_verify *m = mem_new(sizeof(*m));
	size_t len = 0, picked;

	m->header = header;
	m->arena = arena;
	m->now = input->now / 1000;
	m->keys = input->keys;
	dkim_body_init(&m->body);
	for (size_t i = 0; i < header->len && len < COUNT(field); i++)
		if (header_is(&header->field[i], SPAN("DKIM-Signature")))
			field[len++] = &header->field[i];
	picked = len > DKIM_VERIFY_MAX ? choose(field, len, input->from) : len;
	m->skipped = len - picked;
	m->result = arena_array(arena, picked, sizeof(*m->result));
	for (size_t i = 0; i < picked && m->result != NULL; i++)
		pick(m, field[i]);
	if (m->len > 0)
		dkim_fields_init(&m->fields, header);
	return m;
}

void
dkim_verify_free(struct dkim_verify *m)
{
	if (m == NULL)
		return;
	dkim_body_release(&m->body);
	dkim_fields_release(&m->fields);
	free(m);
}

void
dkim_verify_feed(struct dkim_verify *m, struct span bytes)
{
	assert(!m->ended);
	dkim_body_feed(&m->body, bytes);
}

void
dkim_verify_end(struct dkim_verify *m)
{
	assert(!m->ended);
	m->ended = true;
	dkim_body_end(&m->body);
	m->fields.digest = dkim_body_take_digest(&m->body);
	for (size_t i = 0; i < m->len; i++) {
		struct dkim_result *r = &m->result[i];
		uint64_t total;

		if (!m->waits[i] || r->signature.algorithm == DKIM_RSA_SHA1)
			continue;
		total = dkim_body_total(&m->body, m->hash[i]);
		/* RFC 6376 s3.5: "The value ... MUST NOT be larger than the
		 * actual number of octets in the canonicalized message body" */
		if (r->signature.has_length && r->signature.length > total) {
			decide(m, i, DKIM_PERMERROR, DKIM_REASON_LENGTH);
			continue;
		}
		r->body_checked = true;
		r->body_good = memcmp(m->body.hash[m->hash[i]].value,
				      r->signature.body_hash, DIGEST_SIZE) == 0;
		if (r->signature.has_length)
			r->body_rest = total - r->signature.length;
	}
}

bool
dkim_verify_ask(struct dkim_verify *m, struct dns_question *ret)
{
	assert(m->ended);
	while (m->at < m->len && !m->waits[m->at])
		m->at++;
	if (m->at == m->len)
		return false;
	*ret = (struct dns_question){m->result[m->at].signature.key_name,
				     DNS_TXT};
	return true;
}

/* Judges a signature by a key record that is good. */
static void
judge(struct dkim_verify *m, size_t i, const struct dkim_key_record *record)
{
	struct dkim_result *r = &m->result[i];
	const struct dkim_signature *s = &r->signature;
	uint8_t digest[DIGEST_SIZE];
	enum key_type need =
		s->algorithm == DKIM_ED25519_SHA256 ? KEY_ED25519 : KEY_RSA;

	if (record->type != need) {
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_KEY_TYPE);
		return;
	}
	/* RFC 8301 s3.1: "rsa-sha1 MUST NOT be used for signing or verifying"
	 */
	if (s->algorithm == DKIM_RSA_SHA1) {
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_SHA1);
		return;
	}
	if (record->strict && !s->identity_is_domain) {
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_KEY_STRICT);
		return;
	}
	dkim_fields_hash(&m->fields,
			 &(struct dkim_hashed){
				 .form = s->header_canon,
				 .name = s->header,
				 .names = s->headers,
				 .own = r->field,
				 .before_b = s->before_b,
				 .after_b = s->after_b,
			 },
			 digest);
	if (!r->body_good)
		decide(m, i, DKIM_FAIL, DKIM_REASON_BODY);
	else if (!pubkey_verify(record->key, digest, s->signature))
		decide(m, i, DKIM_FAIL, DKIM_REASON_HEADER);
	else
		decide(m, i, DKIM_PASS, DKIM_REASON_OK);
}

/* Takes what is under a key's name. */
static void
read_records(struct dkim_verify *m, size_t i, const struct dns_answer *a)
{
	struct dkim_result *r = &m->result[i];
	struct dkim_choice choice;

	dkim_keys_choose(m->keys, a, &choice);
	r->has_record = choice.found;
	r->key_status = choice.status;
	r->record =
		arena_copy(m->arena, span_head(choice.text, DKIM_RECORD_MAX));
	r->pubkey_status = choice.record.key_status;
	r->bits = choice.record.bits;
	r->testing = choice.record.testing;
	if (choice.good > 1)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_MANY_KEYS);
	else if (choice.good == 0)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_KEY_RECORD);
	else
		judge(m, i, &choice.record);
	pubkey_free(choice.record.key);
}

void
dkim_verify_answer(struct dkim_verify *m, const struct dns_answer *a)
{
	struct dkim_result *r;
	size_t i = m->at;

	assert(i < m->len && m->waits[i]);
	r = &m->result[i];
	r->authentic = a->authentic;
	r->ttl = a->ttl;
	if (dns_is_error(a->status))
		decide(m, i, DKIM_TEMPERROR, DKIM_REASON_DNS);
	else if (a->status != DNS_OK || a->len == 0)
		decide(m, i, DKIM_PERMERROR, DKIM_REASON_NO_KEY);
	else
		read_records(m, i, a);
}

const struct dkim_result *
dkim_verify_results(const struct dkim_verify *m, size_t *ret_len)
{
	*ret_len = m->len;
	return m->result;
}

size_t
dkim_verify_skipped(const struct dkim_verify *m)
{
	return m->skipped;
}

enum dkim_outcome
dkim_verify_outcome(const struct dkim_verify *m)
{
	for (size_t i = 0; i < m->len; i++)
		if (m->result[i].outcome == DKIM_PASS)
			return DKIM_PASS;
	return m->len > 0 ? m->result[0].outcome : DKIM_NONE;
}

const char *
dkim_outcome_name(enum dkim_outcome outcome)
{
	static const char *const name[] = {
		[DKIM_NONE] = "none",           [DKIM_PASS] = "pass",
		[DKIM_FAIL] = "fail",           [DKIM_PERMERROR] = "permerror",
		[DKIM_TEMPERROR] = "temperror",
	};
	return name[outcome];
}

const char *
dkim_result_text(const struct dkim_result *result)
{
	switch (result->reason) {
	case DKIM_REASON_OK:
		return result->dmarc_eligible
			       ? "the signature is good"
			       : "the signature is good, but l= leaves part "
				 "of the body unsigned";
	case DKIM_REASON_SIGNATURE:
		return dkim_signature_strerror(result->signature_status);
	case DKIM_REASON_SHA1:
		return "rsa-sha1 is no longer to be verified (RFC 8301)";
	case DKIM_REASON_EXPIRED:
		return "the signature has expired: x= is past";
	case DKIM_REASON_FUTURE:
		return "t= lies in the future";
	case DKIM_REASON_DNS:
		return "DNS gave an error for the key";
	case DKIM_REASON_NO_KEY:
		return "there is no key at the selector's name";
	case DKIM_REASON_KEY_RECORD:
		return result->key_status == DKIM_KEY_BAD_KEY
			       ? pubkey_strerror(result->pubkey_status)
			       : dkim_key_strerror(result->key_status);
	case DKIM_REASON_MANY_KEYS:
		return "there are several key records at one name";
	case DKIM_REASON_KEY_TYPE:
		return "the key is not of the type that a= needs";
	case DKIM_REASON_KEY_STRICT:
		return "the key has t=s, but i= is under d=";
	case DKIM_REASON_LENGTH:
		return "l= is more than the body has";
	case DKIM_REASON_BODY:
		return "the body is not what was signed";
	case DKIM_REASON_HEADER:
		return "the header is not what was signed";
	}
	return "";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/seal.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/convert.h"
#include "lib/dns.h"
#include "lib/key.h"
#include "lib/message.h"
#include "mailauth/arc_seal.h"
#include "mailauth/dkim_hash.h"

/* How far it is. */
enum step {
	STEP_MESSAGE,   /* the message, or an answer of DNS, is not there */
	STEP_CHAIN,     /* the chain is known */
	STEP_SIGNATURE, /* it waits for the message's signature */
	STEP_SEAL,      /* it waits for the seal's */
	STEP_DONE,      /* the fields are made */
	STEP_FAILED,    /* there will be none */
};

struct sesame_seal {
	struct arena arena; /* of the header, the chain, and `how` */
	struct message message;
	struct dkim_body body;
	size_t hash;     /* of body: the one that is wanted */
	struct arc *arc; /* once the header is there */
	struct sesame_dns dns;
	struct sesame_arc_result result;
	enum step step;
	const struct sesame_key *key; /* NULL: the program has it */
	struct arc_seal how;
	bool collect;       /* the results are those in the header */
	struct buf results; /* these */
	struct arc_sealing sealing;
	bool began; /* `sealing` holds something */
	struct buf fields;
	uint8_t digest[DIGEST_SIZE]; /* to be signed */
};

static void
finish(void *object)
{
	struct sesame_seal *m = object;

	result_of_arc(arc_result(m->arc), &m->arena, &m->result);
	m->step = STEP_CHAIN;
}

DNS_MACHINE(machine, arc, struct arc, finish);

static void
take_header(void *context)
{
	struct sesame_seal *m = context;

	m->arc = arc_new(&m->message.header, m->how.time * 1000, NULL,
			 &m->arena);
}

static void
take_body(void *context, struct span bytes)
{
	struct sesame_seal *m = context;

	arc_feed(m->arc, bytes);
	dkim_body_feed(&m->body, bytes);
}

/* Reads how to seal. */
static enum sesame_status
read_input(const struct sesame_seal_input *in, struct arc_seal *how)
{
	enum sesame_key_type type =
		in->key != NULL ? sesame_key_type(in->key) : in->key_type;

	if ((in->flags & ~(unsigned)SESAME_UNIX_LINES) != 0 ||
	    (type != SESAME_KEY_RSA && type != SESAME_KEY_ED25519) ||
	    in->time_s < 0)
		return SESAME_ERR_ARGUMENT;
	how->type = type == SESAME_KEY_RSA ? KEY_RSA : KEY_ED25519;
	how->time = in->time_s;
	how->selector = span_of_text(in->selector);
	how->authserv_id = span_of_text(in->authserv_id);
	how->results = span_of_text(in->results);
	if (domain_parse(span_of_text(in->domain), &how->domain) != DOMAIN_OK)
		return SESAME_ERR_DOMAIN;
	if (!is_selector(how->selector, &how->domain))
		return SESAME_ERR_SELECTOR;
	if (!is_authserv_id(how->authserv_id))
		return SESAME_ERR_RESULTS;
	return how->results.len > ARC_RESULTS_MAX ? SESAME_ERR_TOO_BIG
						  : SESAME_OK;
}

enum sesame_status
sesame_seal_new(const struct sesame_seal_input *in, struct sesame_seal **ret)
{
	struct sesame_seal_input given = {.size = 0};
	struct arc_seal how = {.time = 0};
	enum sesame_status status;
	struct sesame_seal *m;

	if (!input_take(in, &given, sizeof(given)))
		return SESAME_ERR_ARGUMENT;
	status = read_input(&given, &how);
	if (status != SESAME_OK)
		return status;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena,
		   MESSAGE_ARENA_MAX + 2 * ARC_ARENA_MAX + RESULTS_ARENA_MAX);
	message_init(&m->message, (given.flags & SESAME_UNIX_LINES) != 0,
		     (struct message_to){take_header, take_body, m}, &m->arena);
	dkim_body_init(&m->body);
	m->hash = dkim_body_want(&m->body, CANON_RELAXED, UINT64_MAX);
	dns_init(&m->dns);
	buf_init(&m->results, ARC_RESULTS_MAX);
	buf_init(&m->fields, ARC_FIELDS_MAX);
	m->key = given.key;
	m->how = how;
	m->how.selector = arena_copy(&m->arena, how.selector);
	m->how.authserv_id = arena_copy(&m->arena, how.authserv_id);
	m->how.results = arena_copy(&m->arena, how.results);
	m->collect = given.results.ptr == NULL;
	*ret = m;
	return SESAME_OK;
}

void
sesame_seal_free(struct sesame_seal *seal)
{
	if (seal == NULL)
		return;
	if (seal->began)
		arc_seal_release(&seal->sealing);
	arc_free(seal->arc);
	dkim_body_release(&seal->body);
	message_release(&seal->message);
	dns_release(&seal->dns);
	buf_release(&seal->results);
	buf_release(&seal->fields);
	arena_release(&seal->arena);
	free(seal);
}

enum sesame_status
sesame_seal_feed(struct sesame_seal *seal, const void *bytes, size_t len)
{
	return message_feed(&seal->message, span_bytes(bytes, len))
		       ? SESAME_OK
		       : SESAME_ERR_ORDER;
}

enum sesame_status
sesame_seal_end(struct sesame_seal *seal)
{
	if (!message_end(&seal->message))
		return SESAME_ERR_ORDER;
	dkim_body_end(&seal->body);
	arc_end(seal->arc);
	dns_start(&seal->dns, &machine, seal->arc, seal);
	return SESAME_OK;
}

struct sesame_dns *
sesame_seal_dns(struct sesame_seal *seal)
{
	return &seal->dns;
}

const struct sesame_arc_result *
sesame_seal_chain(const struct sesame_seal *seal)
{
	return seal->dns.done ? &seal->result : NULL;
}

/* Says why there will be no seal. */
static enum sesame_status
status_of(enum arc_seal_status status)
{
	switch (status) {
	case ARC_SEAL_OK:
		return SESAME_OK;
	case ARC_SEAL_ENDED:
	case ARC_SEAL_FULL:
	case ARC_SEAL_UNKNOWN:
		return SESAME_ERR_CHAIN;
	case ARC_SEAL_NO_FROM:
	case ARC_SEAL_BAD_NAME:
		return SESAME_ERR_MESSAGE;
	case ARC_SEAL_BAD_RESULTS:
		return SESAME_ERR_RESULTS;
	case ARC_SEAL_TOO_MANY:
	case ARC_SEAL_TOO_LONG:
		break;
	}
	return SESAME_ERR_TOO_BIG;
}

/* Signs what waits, with the key at hand, until all is made. */
static enum sesame_status
sign_here(struct sesame_seal *m)
{
	while (m->step == STEP_SIGNATURE || m->step == STEP_SEAL) {
		CLEANUP(buf_release)
		struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
		enum sesame_status status;

		if (!privkey_sign(m->key->privkey, m->digest, &signature)) {
			m->step = STEP_FAILED;
			return SESAME_ERR_CRYPTO;
		}
		status = sesame_seal_signature(m, signature.ptr, signature.len);
		if (status != SESAME_OK)
			return status;
	}
	return SESAME_OK;
}

enum sesame_status
sesame_seal_make(struct sesame_seal *seal, const char **reterr_why)
{
	const struct header_block *header = &seal->message.header;
	enum arc_seal_status status;
	const char *unused;

	if (reterr_why == NULL)
		reterr_why = &unused;
	if (seal->step != STEP_CHAIN) {
		*reterr_why = sesame_strerror(SESAME_ERR_ORDER);
		return SESAME_ERR_ORDER;
	}
	seal->step = STEP_FAILED;
	if (seal->message.status != HEADER_OK) {
		*reterr_why = header_strerror(seal->message.status);
		return SESAME_ERR_MESSAGE;
	}
	if (seal->collect) {
		if (!arc_seal_collect(header, seal->how.authserv_id,
				      &seal->results)) {
			*reterr_why = sesame_strerror(SESAME_ERR_TOO_BIG);
			return SESAME_ERR_TOO_BIG;
		}
		seal->how.results = buf_span(&seal->results);
	}
	status = arc_seal_begin(&seal->how, header,
				seal->body.hash[seal->hash].value,
				arc_result(seal->arc), &seal->arena,
				&seal->sealing, seal->digest);
	seal->began = true;
	if (status != ARC_SEAL_OK) {
		*reterr_why = arc_seal_strerror(status);
		return status_of(status);
	}
	seal->step = STEP_SIGNATURE;
	return seal->key != NULL ? sign_here(seal) : SESAME_OK;
}

enum sesame_status
sesame_seal_digest(const struct sesame_seal *seal,
		   unsigned char ret[SESAME_DIGEST_SIZE])
{
	if (seal->step != STEP_SIGNATURE && seal->step != STEP_SEAL)
		return SESAME_ERR_ORDER;
	memcpy(ret, seal->digest, SESAME_DIGEST_SIZE);
	return SESAME_OK;
}

enum sesame_status
sesame_seal_signature(struct sesame_seal *seal, const void *signature,
		      size_t len)
{
	struct span s = span_bytes(signature, len);
	bool first = seal->step == STEP_SIGNATURE;

	if (!first && seal->step != STEP_SEAL)
		return SESAME_ERR_ORDER;
	if (len == 0)
		return SESAME_ERR_ARGUMENT;
	if (len > SESAME_SIGNATURE_MAX)
		return SESAME_ERR_TOO_BIG;
	if (first ? !arc_seal_next(&seal->sealing, s, seal->digest)
		  : !arc_seal_finish(&seal->sealing, s, &seal->fields)) {
		seal->step = STEP_FAILED;
		return SESAME_ERR_TOO_BIG;
	}
	seal->step = first ? STEP_SEAL : STEP_DONE;
	return SESAME_OK;
}

struct sesame_text
sesame_seal_fields(const struct sesame_seal *seal)
{
	if (seal->step != STEP_DONE)
		return text_of_span(SPAN(""));
	return text_of_span(buf_span(&seal->fields));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/sign.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/convert.h"
#include "lib/key.h"
#include "lib/message.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_sign.h"
#include "mailauth/dkim_signature.h"

/* How far it is. */
enum step {
	STEP_MESSAGE,   /* the message is not all there */
	STEP_SIGNATURE, /* it waits for the signature of `digest` */
	STEP_DONE,      /* the field is made */
	STEP_FAILED,    /* there will be none */
};

struct sesame_sign {
	struct arena arena; /* of the header, and what `how` points at */
	struct message message;
	struct dkim_body body;
	size_t hash; /* of body: the one that is wanted */
	bool cr;     /* the newest octet of the body was a CR */
	bool bare;   /* it has a CR or LF without the other */
	enum step step;
	const struct sesame_key *key; /* NULL: the program has it */
	struct dkim_sign how;
	struct buf field;
	uint8_t digest[DIGEST_SIZE];
};

static void
take_header(void *context)
{
	(void)context; /* it is looked at when all is there */
}

/* Takes note of line ends that will not survive. */
static void
look_at_ends(struct sesame_sign *m, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		m->bare |= m->cr != (bytes.ptr[i] == '\n');
		m->cr = bytes.ptr[i] == '\r';
	}
}

static void
take_body(void *context, struct span bytes)
{
	struct sesame_sign *m = context;

	look_at_ends(m, bytes);
	dkim_body_feed(&m->body, bytes);
}

/* Reads how to sign. */
static enum sesame_status
read_input(const struct sesame_sign_input *in, struct dkim_sign *how)
{
	enum sesame_key_type type =
		in->key != NULL ? sesame_key_type(in->key) : in->key_type;

	if ((in->flags & ~(unsigned)SESAME_UNIX_LINES) != 0 ||
	    (type != SESAME_KEY_RSA && type != SESAME_KEY_ED25519) ||
	    in->time_s < 0 || in->expiry_s < 0 ||
	    (in->expiry_s > 0 && in->expiry_s <= in->time_s))
		return SESAME_ERR_ARGUMENT;
	how->type = type == SESAME_KEY_RSA ? KEY_RSA : KEY_ED25519;
	how->time = in->time_s;
	how->expiry = in->expiry_s;
	how->selector = span_of_text(in->selector);
	if (domain_parse(span_of_text(in->domain), &how->domain) != DOMAIN_OK)
		return SESAME_ERR_DOMAIN;
	if (!is_selector(how->selector, &how->domain))
		return SESAME_ERR_SELECTOR;
	return SESAME_OK;
}

enum sesame_status
sesame_sign_new(const struct sesame_sign_input *in, struct sesame_sign **ret)
{
	struct sesame_sign_input given = {.size = 0};
	struct dkim_sign how = {.time = 0};
	enum sesame_status status;
	struct sesame_sign *m;

	if (!input_take(in, &given, sizeof(given)))
		return SESAME_ERR_ARGUMENT;
	status = read_input(&given, &how);
	if (status != SESAME_OK)
		return status;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena, MESSAGE_ARENA_MAX + DKIM_SELECTOR_MAX + 64);
	message_init(&m->message, (given.flags & SESAME_UNIX_LINES) != 0,
		     (struct message_to){take_header, take_body, m}, &m->arena);
	dkim_body_init(&m->body);
	m->hash = dkim_body_want(&m->body, CANON_RELAXED, UINT64_MAX);
	buf_init(&m->field, DKIM_FIELD_MAX);
	m->key = given.key;
	m->how = how;
	m->how.selector = arena_copy(&m->arena, how.selector);
	*ret = m;
	return SESAME_OK;
}

void
sesame_sign_free(struct sesame_sign *sign)
{
	if (sign == NULL)
		return;
	dkim_body_release(&sign->body);
	message_release(&sign->message);
	buf_release(&sign->field);
	arena_release(&sign->arena);
	free(sign);
}

enum sesame_status
sesame_sign_feed(struct sesame_sign *sign, const void *bytes, size_t len)
{
	return message_feed(&sign->message, span_bytes(bytes, len))
		       ? SESAME_OK
		       : SESAME_ERR_ORDER;
}

/* Puts the signature into the field. */
static enum sesame_status
finish(struct sesame_sign *m, struct span signature)
{
	if (!dkim_sign_finish(&m->field, signature)) {
		m->step = STEP_FAILED;
		return SESAME_ERR_TOO_BIG;
	}
	m->step = STEP_DONE;
	return SESAME_OK;
}

/* Signs with the key at hand. */
static enum sesame_status
sign_here(struct sesame_sign *m)
{
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);

	if (!privkey_sign(m->key->privkey, m->digest, &signature)) {
		m->step = STEP_FAILED;
		return SESAME_ERR_CRYPTO;
	}
	return finish(m, buf_span(&signature));
}

enum sesame_status
sesame_sign_end(struct sesame_sign *sign)
{
	const struct header_block *header = &sign->message.header;

	if (!message_end(&sign->message))
		return SESAME_ERR_ORDER;
	dkim_body_end(&sign->body);
	sign->step = STEP_FAILED;
	if (sign->message.status == HEADER_TOO_BIG ||
	    sign->message.status == HEADER_TOO_MANY)
		return SESAME_ERR_TOO_BIG;
	if (sign->message.status != HEADER_OK || sign->bare || sign->cr ||
	    header_get(header, SPAN("From")) == NULL)
		return SESAME_ERR_MESSAGE;
	if (!dkim_sign_begin(&sign->how, header,
			     sign->body.hash[sign->hash].value, &sign->field,
			     sign->digest))
		return SESAME_ERR_TOO_BIG;
	sign->step = STEP_SIGNATURE;
	return sign->key != NULL ? sign_here(sign) : SESAME_OK;
}

enum sesame_status
sesame_sign_digest(const struct sesame_sign *sign,
		   unsigned char ret[SESAME_DIGEST_SIZE])
{
	if (sign->step != STEP_SIGNATURE)
		return SESAME_ERR_ORDER;
	memcpy(ret, sign->digest, SESAME_DIGEST_SIZE);
	return SESAME_OK;
}

enum sesame_status
sesame_sign_signature(struct sesame_sign *sign, const void *signature,
		      size_t len)
{
	if (sign->step != STEP_SIGNATURE)
		return SESAME_ERR_ORDER;
	if (len == 0)
		return SESAME_ERR_ARGUMENT;
	if (len > SESAME_SIGNATURE_MAX)
		return SESAME_ERR_TOO_BIG;
	return finish(sign, span_bytes(signature, len));
}

struct sesame_text
sesame_sign_field(const struct sesame_sign *sign)
{
	if (sign->step != STEP_DONE)
		return text_of_span(SPAN(""));
	return text_of_span(buf_span(&sign->field));
}

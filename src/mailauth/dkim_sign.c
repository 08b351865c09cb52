/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_sign.h"

#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_names.h"
#include "mailauth/dkim_signature.h"
#include "text/base64.h"

#define LINE_OCTETS 48   /* of the signature, on a line */
#define FIELD_USUAL 2048 /* octets that most fields have not */

/*
 * The fields that are always named, present or not, in this order.  RFC 6376
 * s5.4.1 recommends most of them; List-Unsubscribe and its Post are asked
 * for by RFC 8058, Feedback-ID by the large receivers.
 */
static const char *const guarded[] = {
	"From",
	"To",
	"Cc",
	"Subject",
	"Reply-To",
	"Date",
	"Message-ID",
	"MIME-Version",
	"Content-Type",
	"Content-Transfer-Encoding",
	"Content-Disposition",
	"Content-ID",
	"Content-Description",
	"Content-Language",
	"List-Unsubscribe",
	"List-Unsubscribe-Post",
	"Feedback-ID",
};

/* Those that are named as often as they are there. */
static const char *const present[] = {
	"Sender",
	"In-Reply-To",
	"References",
};

static bool
choose_names(const struct dkim_fields *fields, struct dkim_names *ret)
{
	ret->len = 0;
	for (size_t i = 0; i < COUNT(guarded); i++) {
		size_t there = dkim_fields_count(fields, span_of(guarded[i]));

		if (!dkim_names_add(ret, span_of(guarded[i]), there + 1))
			return false;
	}
	for (size_t i = 0; i < COUNT(present); i++)
		if (!dkim_names_add(
			    ret, span_of(present[i]),
			    dkim_fields_count(fields, span_of(present[i]))))
			return false;
	return true;
}

/* Puts i= in dkim-quoted-printable (RFC 6376 s2.11; RFC 8616: UTF-8 as is). */
static void
put_identity(struct buf *to, struct span identity)
{
	buf_adds(to, "\r\n\ti=");
	for (size_t i = 0; i < identity.len; i++) {
		unsigned char c = (unsigned char)identity.ptr[i];

		if (c <= ' ' || c == ';' || c == '=' || c == 0x7f)
			buf_addf(to, "=%02X", c);
		else
			buf_addc(to, (char)c);
	}
	buf_addc(to, ';');
}

static void
put_digest(void *context, struct span bytes)
{
	digest_add(context, bytes);
}

void
dkim_sign_body(struct span body, uint8_t ret[DIGEST_SIZE])
{
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	struct canon_body canon;

	canon_body_init(&canon, CANON_RELAXED,
			(struct canon_sink){put_digest, digest});
	canon_body_feed(&canon, body);
	canon_body_end(&canon);
	digest_end(digest, ret);
}

/* Puts the field, up to and with "b=". */
static void
put_field(const struct dkim_sign *how, const struct dkim_names *names,
	  const uint8_t body_hash[DIGEST_SIZE], struct buf *field)
{
	enum dkim_algorithm algorithm = how->type == KEY_ED25519
						? DKIM_ED25519_SHA256
						: DKIM_RSA_SHA256;

	buf_addf(field,
		 "DKIM-Signature: v=1; a=%s; c=%s/%s;\r\n"
		 "\td=%s;\r\n\ts=" SPAN_FMT ";",
		 dkim_algorithm_name(algorithm),
		 canon_name(how->header_simple ? CANON_SIMPLE : CANON_RELAXED),
		 canon_name(how->body_simple ? CANON_SIMPLE : CANON_RELAXED),
		 how->domain.s, SPAN_ARG(how->selector));
	if (how->identity.len > 0)
		put_identity(field, how->identity);
	buf_addf(field, "\r\n\tt=%lld;", (long long)how->time);
	if (how->expiry > 0)
		buf_addf(field, " x=%lld;", (long long)how->expiry);
	dkim_names_put(names, field);
	buf_adds(field, "\r\n\tbh=");
	base64_encode(span_bytes(body_hash, DIGEST_SIZE), field);
	buf_adds(field, ";\r\n\tb=");
}

bool
dkim_sign_begin(const struct dkim_sign *how, const struct header_block *header,
		const uint8_t body_hash[DIGEST_SIZE], struct buf *field,
		uint8_t ret_digest[DIGEST_SIZE])
{
	CLEANUP(dkim_fields_release) struct dkim_fields fields;
	size_t start = field->len;
	struct dkim_names names;

	dkim_fields_init(&fields, header);
	if (!choose_names(&fields, &names))
		return false;
	/* at once, for what most fields need; else as it grows */
	if (FIELD_USUAL <= field->limit - field->len)
		(void)!buf_reserve(field, FIELD_USUAL);
	put_field(how, &names, body_hash, field);
	if (field->full)
		return false;
	dkim_fields_hash(&fields,
			 &(struct dkim_hashed){
				 .form = how->header_simple ? CANON_SIMPLE
							    : CANON_RELAXED,
				 .name = names.name,
				 .names = names.len,
				 .before_b = span_skip(buf_span(field), start),
				 .after_b = SPAN(""),
			 },
			 ret_digest);
	return true;
}

bool
dkim_sign_finish(struct buf *field, struct span signature)
{
	if (signature.len > DKIM_SIGNATURE_MAX)
		return false;
	for (size_t i = 0; i < signature.len; i += LINE_OCTETS) {
		if (i > 0)
			buf_adds(field, "\r\n\t ");
		base64_encode(span_head(span_skip(signature, i), LINE_OCTETS),
			      field);
	}
	buf_adds(field, "\r\n");
	return !field->full;
}

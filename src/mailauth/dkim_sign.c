/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_sign.h"

#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_signature.h"
#include "text/base64.h"

#define COLUMNS 76 /* of a line of the field */

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
	"List-Unsubscribe",
	"List-Unsubscribe-Post",
	"Feedback-ID",
};

/* Those that are named as often as they are there. */
static const char *const present[] = {
	"Sender",     "In-Reply-To",         "References",
	"Content-ID", "Content-Description", "Content-Language",
};

/* The names of h=, as they are chosen. */
struct names {
	struct span name[DKIM_HEADERS_MAX];
	size_t len;
};

static bool
add_names(struct names *names, const char *name, size_t times)
{
	if (times > DKIM_HEADERS_MAX - names->len)
		return false;
	while (times-- > 0)
		names->name[names->len++] = span_of(name);
	return true;
}

static bool
choose_names(const struct header_block *header, struct names *ret)
{
	ret->len = 0;
	for (size_t i = 0; i < COUNT(guarded); i++) {
		size_t there = header_count(header, span_of(guarded[i]));

		if (!add_names(ret, guarded[i], there + 1))
			return false;
	}
	for (size_t i = 0; i < COUNT(present); i++)
		if (!add_names(ret, present[i],
			       header_count(header, span_of(present[i]))))
			return false;
	return true;
}

/* Puts h=, folded between names. */
static void
put_names(struct buf *to, const struct names *names)
{
	size_t column = 3;

	buf_adds(to, "\r\n\th=");
	for (size_t i = 0; i < names->len; i++) {
		struct span name = names->name[i];

		if (i > 0)
			buf_addc(to, ':');
		if (column + name.len + 2 > COLUMNS - 8) {
			buf_adds(to, "\r\n\t ");
			column = 2;
		}
		buf_add(to, name);
		column += name.len + 1;
	}
	buf_addc(to, ';');
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

bool
dkim_sign_begin(const struct dkim_sign *how, const struct header_block *header,
		const uint8_t body_hash[DIGEST_SIZE], struct buf *field,
		uint8_t ret_digest[DIGEST_SIZE])
{
	size_t start = field->len;
	enum dkim_algorithm algorithm = how->type == KEY_ED25519
						? DKIM_ED25519_SHA256
						: DKIM_RSA_SHA256;
	enum canon form = how->header_simple ? CANON_SIMPLE : CANON_RELAXED;
	struct names names;

	if (!choose_names(header, &names))
		return false;
	buf_addf(field,
		 "DKIM-Signature: v=1; a=%s; c=%s/%s;\r\n"
		 "\td=%s;\r\n\ts=" SPAN_FMT ";",
		 dkim_algorithm_name(algorithm), canon_name(form),
		 canon_name(how->body_simple ? CANON_SIMPLE : CANON_RELAXED),
		 how->domain.s, SPAN_ARG(how->selector));
	if (how->identity.len > 0)
		put_identity(field, how->identity);
	buf_addf(field, "\r\n\tt=%lld;", (long long)how->time);
	if (how->expiry > 0)
		buf_addf(field, " x=%lld;", (long long)how->expiry);
	put_names(field, &names);
	buf_adds(field, "\r\n\tbh=");
	base64_encode(span_bytes(body_hash, DIGEST_SIZE), field);
	buf_adds(field, ";\r\n\tb=");
	if (field->full)
		return false;
	dkim_header_hash(header, form, names.name, names.len, NULL,
			 span_skip(buf_span(field), start), SPAN(""),
			 ret_digest);
	return true;
}

bool
dkim_sign_finish(struct buf *field, struct span signature)
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(BASE64_LEN(DKIM_SIGNATURE_MAX));
	struct span rest;

	base64_encode(signature, &text);
	if (text.full)
		return false;
	for (rest = buf_span(&text); rest.len > 0;) {
		size_t n = rest.len < 64 ? rest.len : 64;

		if (rest.ptr != text.ptr)
			buf_adds(field, "\r\n\t ");
		buf_add(field, span_sub(rest, 0, n));
		rest = span_skip(rest, n);
	}
	buf_adds(field, "\r\n");
	return !field->full;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/armor.h"

#include <openssl/evp.h>

#include "base/writer.h"

#define BEGIN  SPAN("-----BEGIN ")
#define END    SPAN("-----END ")
#define DASHES SPAN("-----")

/* Octets in a line of PEM, before they are base64. */
#define LINE_OCTETS 48

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Decodes `text`, base64 with white space anywhere and padding at its end or
 * none at all, into a new *ret.  Returns false, leaving it alone, if it is
 * not that.
 */
static bool
decode(struct span text, struct secret *ret)
{
	struct secret out;
	struct writer w;
	uint32_t bits = 0;
	size_t sextets = 0, pads = 0;
	bool bad = false;

	secret_init(&out, text.len / 4 * 3 + 3);
	w = writer_over(out.ptr, out.len);
	for (size_t i = 0; i < text.len && !bad; i++) {
		int six = sextet(text.ptr[i]);

		if (is_space(text.ptr[i]))
			continue;
		if (text.ptr[i] == '=') {
			pads++;
			continue;
		}
		bad = six < 0 || pads > 0;
		bits = bits << 6 | ((uint32_t)six & 63);
		sextets++;
		/* The 2nd, 3rd and 4th of four each complete an octet. */
		if (sextets % 4 != 1)
			writer_u8(&w,
				  (uint8_t)(bits >> (8 - sextets % 4 * 2) % 8));
	}
	bad = bad || w.bad || sextets == 0 || sextets % 4 == 1 ||
	      (pads > 0 && (sextets + pads) % 4 != 0) || pads > 2;
	if (bad) {
		secret_release(&out);
		return false;
	}
	secret_truncate(&out, w.len);
	*ret = out;
	return true;
}

static enum armor_label
label_of(struct span label, struct span body)
{
	if (span_equal(label, SPAN("ENCRYPTED PRIVATE KEY")))
		return ARMOR_ENCRYPTED;
	/* RFC 1421: "Proc-Type: 4,ENCRYPTED" */
	if (span_search(body, SPAN(",ENCRYPTED")) != SPAN_NONE)
		return ARMOR_ENCRYPTED;
	if (span_equal(label, SPAN("PRIVATE KEY")))
		return ARMOR_PRIVATE;
	if (span_equal(label, SPAN("RSA PRIVATE KEY")))
		return ARMOR_RSA_PRIVATE;
	if (span_ends(label, SPAN("PUBLIC KEY")) ||
	    span_ends(label, SPAN("CERTIFICATE")))
		return ARMOR_PUBLIC;
	return ARMOR_OTHER;
}

/* Opens the first PEM of `text`, whose BEGIN is at its front. */
static enum armor_status
open_pem(struct span text, struct secret *ret, enum armor_label *ret_label)
{
	struct span rest = span_skip(text, BEGIN.len);
	size_t at = span_search(rest, DASHES);
	struct span label, body;
	enum armor_label kind;

	if (at == SPAN_NONE)
		return ARMOR_NO_END;
	label = span_sub(rest, 0, at);
	rest = span_skip(rest, at + DASHES.len);
	at = span_search(rest, END);
	if (at == SPAN_NONE)
		return ARMOR_NO_END;
	body = span_sub(rest, 0, at);
	rest = span_skip(rest, at + END.len);
	if (!span_starts(rest, label) ||
	    !span_starts(span_skip(rest, label.len), DASHES))
		return ARMOR_NO_END;
	kind = label_of(label, body);
	if (kind == ARMOR_PRIVATE || kind == ARMOR_RSA_PRIVATE) {
		if (!decode(body, ret))
			return ARMOR_NOT_BASE64;
	} else {
		*ret = (struct secret){.ptr = NULL};
	}
	*ret_label = kind;
	return ARMOR_OK;
}

/* Returns whether `text` has a byte that base64 has not. */
static bool
is_binary(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (sextet(text.ptr[i]) < 0 && text.ptr[i] != '=' &&
		    !is_space(text.ptr[i]))
			return true;
	return false;
}

enum armor_status
armor_open(struct span text, struct secret *ret, enum armor_label *ret_label)
{
	enum armor_status status;
	struct secret inner;
	size_t at;

	if (text.len > ARMOR_TEXT_MAX)
		return ARMOR_TOO_LONG;
	/* DER begins with a SEQUENCE, whose tag is the digit 0 as well. */
	if (text.len > 0 && text.ptr[0] == '0' && is_binary(text)) {
		secret_copy(ret, text);
		*ret_label = ARMOR_UNLABELLED;
		return ARMOR_OK;
	}
	if (span_trim(text).len == 0)
		return ARMOR_EMPTY;
	at = span_search(text, BEGIN);
	if (at != SPAN_NONE)
		return open_pem(span_skip(text, at), ret, ret_label);
	if (!decode(text, &inner))
		return ARMOR_NOT_BASE64;
	at = span_search(secret_span(&inner), BEGIN);
	if (at == SPAN_NONE) {
		*ret = inner;
		*ret_label = ARMOR_UNLABELLED;
		return ARMOR_OK;
	}
	status = open_pem(span_skip(secret_span(&inner), at), ret, ret_label);
	secret_release(&inner);
	return status;
}

void
armor_close(struct span der, const char *label, struct secret *ret)
{
	struct span name = span_of(label);
	size_t lines = der.len / LINE_OCTETS + 1;
	struct writer w;

	/* A line is four characters for three octets and a line feed; two
	 * lines of frame; EVP_EncodeBlock() puts a NUL behind each. */
	secret_init(ret, lines * (LINE_OCTETS / 3 * 4 + 1) + 2 * name.len +
				 BEGIN.len + END.len + 2 * DASHES.len + 3);
	w = writer_over(ret->ptr, ret->len);
	writer_put(&w, BEGIN);
	writer_put(&w, name);
	writer_put(&w, SPAN("-----\n"));
	for (; der.len > 0; der = span_skip(der, LINE_OCTETS)) {
		struct span line = span_sub(
			der, 0, der.len < LINE_OCTETS ? der.len : LINE_OCTETS);

		w.len += (size_t)EVP_EncodeBlock(
			w.ptr + w.len, (const unsigned char *)line.ptr,
			(int)line.len);
		writer_u8(&w, '\n');
	}
	writer_put(&w, END);
	writer_put(&w, name);
	writer_put(&w, SPAN("-----\n"));
	secret_truncate(ret, w.len);
}

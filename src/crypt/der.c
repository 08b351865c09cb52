/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/der.h"

/* Octets that a length may be written in: 16 MiB is more than any key. */
#define LENGTH_OCTETS_MAX 3

static uint8_t
octet(struct span s, size_t i)
{
	return (uint8_t)s.ptr[i];
}

/*
 * Cuts a length off *rest.  X.690 s10.1: "The definite form of length
 * encoding shall be used, encoded in the minimum number of octets."
 */
static bool
take_length(struct span *rest, size_t *ret)
{
	size_t count;
	size_t length = 0;

	if (rest->len == 0)
		return false;
	if (octet(*rest, 0) < 0x80) {
		*ret = octet(*rest, 0);
		*rest = span_skip(*rest, 1);
		return true;
	}
	count = octet(*rest, 0) & 0x7f;
	if (count == 0 || count > LENGTH_OCTETS_MAX || rest->len < 1 + count)
		return false;
	for (size_t i = 1; i <= count; i++)
		length = length << 8 | octet(*rest, i);
	if (length < 0x80 || length >> (8 * (count - 1)) == 0)
		return false;
	*ret = length;
	*rest = span_skip(*rest, 1 + count);
	return true;
}

int
der_peek(struct span rest)
{
	return rest.len > 0 ? octet(rest, 0) : DER_NONE;
}

bool
der_take(struct span *rest, enum der_tag tag, struct span *ret)
{
	struct span r = *rest;
	size_t length;

	if (der_peek(r) != (int)tag)
		return false;
	r = span_skip(r, 1);
	if (!take_length(&r, &length) || length > r.len)
		return false;
	*ret = span_sub(r, 0, length);
	*rest = span_skip(r, length);
	return true;
}

bool
der_open(struct span whole, struct span *ret)
{
	struct span rest = whole;
	struct span content;

	if (!der_take(&rest, DER_SEQUENCE, &content) || rest.len > 0)
		return false;
	*ret = content;
	return true;
}

bool
der_take_unsigned(struct span *rest, struct span *ret)
{
	struct span r = *rest;
	struct span n;

	if (!der_take(&r, DER_INTEGER, &n) || n.len == 0 || octet(n, 0) >= 0x80)
		return false;
	if (n.len > 1 && octet(n, 0) == 0) {
		/* X.690 s8.3.2: the first nine bits are not all zero. */
		if (octet(n, 1) < 0x80)
			return false;
		n = span_skip(n, 1);
	}
	*ret = n;
	*rest = r;
	return true;
}

bool
der_take_algorithm(struct span *rest, struct span *ret)
{
	struct span algorithm, oid, parameters;

	if (!der_take(rest, DER_SEQUENCE, &algorithm) ||
	    !der_take(&algorithm, DER_OID, &oid))
		return false;
	if (algorithm.len > 0 &&
	    (!der_take(&algorithm, (enum der_tag)der_peek(algorithm),
		       &parameters) ||
	     algorithm.len > 0))
		return false;
	*ret = oid;
	return true;
}

void
der_put(struct der_writer *w, struct span bytes)
{
	if (w->bad || bytes.len > w->at) {
		w->bad = true;
		return;
	}
	w->at -= bytes.len;
	memcpy(w->ptr + w->at, bytes.ptr, bytes.len);
}

static void
put_octet(struct der_writer *w, size_t n)
{
	uint8_t one = (uint8_t)(n & 0xff);

	der_put(w, span_bytes(&one, 1));
}

void
der_wrap(struct der_writer *w, enum der_tag tag, size_t since)
{
	size_t length = der_written(w) - since;
	size_t count = 0;

	if (length < 0x80) {
		put_octet(w, length);
	} else {
		for (size_t n = length; n > 0; n >>= 8, count++)
			put_octet(w, n);
		put_octet(w, 0x80 | count);
	}
	put_octet(w, (size_t)tag);
}

void
der_put_unsigned(struct der_writer *w, struct span octets)
{
	size_t since = der_written(w);

	while (octets.len > 1 && octet(octets, 0) == 0)
		octets = span_skip(octets, 1);
	der_put(w, octets);
	if (octets.len == 0 || octet(octets, 0) >= 0x80)
		put_octet(w, 0);
	der_wrap(w, DER_INTEGER, since);
}

void
der_put_algorithm(struct der_writer *w, struct span oid)
{
	size_t since = der_written(w);

	/* RFC 3279 s2.3.1: "The parameters field MUST have ASN.1 type NULL";
	 * RFC 8410 s3: "the parameters MUST be absent". */
	if (span_equal(oid, DER_OID_RSA))
		der_wrap(w, DER_NULL, since);
	size_t at = der_written(w);
	der_put(w, oid);
	der_wrap(w, DER_OID, at);
	der_wrap(w, DER_SEQUENCE, since);
}

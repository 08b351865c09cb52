/* SPDX-License-Identifier: Apache-2.0 */
/*
 * der - the few forms of ASN.1 that keys are written in.
 *
 * A reader that takes one element after another from a span, and a writer
 * that puts them back to front, so that each length is known when it is
 * written.  It knows tags and lengths, no schema: what must follow what is
 * said in pubkey.c and privkey.c.  Strict DER: definite and shortest lengths,
 * tags of one octet, shortest integers.
 *
 * Pure: no allocation, no I/O, no logging, no clock, no recursion.
 * Ownership: spans borrow from the bytes read.  ITU-T X.690.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* What kind of element stands there: its tag octet. */
enum der_tag {
	DER_INTEGER = 0x02,      /* a number in two's complement */
	DER_BIT_STRING = 0x03,   /* its first octet says how many bits are
				    not used */
	DER_OCTET_STRING = 0x04, /* bytes */
	DER_NULL = 0x05,         /* nothing */
	DER_OID = 0x06,          /* an object identifier */
	DER_SEQUENCE = 0x30,     /* elements */
	DER_CONTEXT_0 = 0xa0,    /* [0], constructed */
	DER_CONTEXT_1 = 0x81,    /* [1], primitive */
	DER_NONE = 0x100,        /* nothing is left */
};

/* rsaEncryption, 1.2.840.113549.1.1.1, without tag and length */
#define DER_OID_RSA SPAN("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")

/* id-Ed25519, 1.3.101.112 (RFC 8410) */
#define DER_OID_ED25519 SPAN("\x2b\x65\x70")

/* Returns the tag of the next element of `rest`, or DER_NONE at its end. */
int der_peek(struct span rest);

/*
 * Cuts the next element off *rest, which must be a `tag`, and sets *ret to
 * its content.  Returns false, leaving both alone, if it is another, ends too
 * late or has a length that is not written in the shortest form.
 */
bool der_take(struct span *rest, enum der_tag tag, struct span *ret) MUST_CHECK;

/* As der_take(), of a SEQUENCE that must be the whole of `whole`. */
bool der_open(struct span whole, struct span *ret) MUST_CHECK;

/*
 * Cuts an INTEGER that is not negative off *rest; *ret is its octets, most
 * significant first, without a leading zero (0 itself is one zero octet).
 * Returns false, leaving both alone, if it is another element, negative or
 * longer than need be.
 */
bool der_take_unsigned(struct span *rest, struct span *ret) MUST_CHECK;

/*
 * Cuts an AlgorithmIdentifier off *rest and sets *ret to its OID.  Returns
 * false, leaving *ret alone, if it is none or is followed by more than one
 * element of parameters.
 */
bool der_take_algorithm(struct span *rest, struct span *ret) MUST_CHECK;

/* Writes elements from the end of a room towards its front. */
struct der_writer {
	uint8_t *ptr; /* the room's first octet */
	size_t room;  /* octets in all */
	size_t at;    /* offset of the first octet written */
	bool bad;     /* something did not fit */
};

/* Starts at the end of `room` octets at `ptr`. */
static inline struct der_writer
der_writer_over(void *ptr, size_t room)
{
	return (struct der_writer){ptr, room, room, false};
}

/* Returns how many octets are written. */
static inline size_t
der_written(const struct der_writer *w)
{
	return w->room - w->at;
}

/* Borrows what is written. */
static inline struct span
der_span(const struct der_writer *w)
{
	return span_bytes(w->ptr + w->at, der_written(w));
}

/* Puts `bytes` in front of what is written. */
void der_put(struct der_writer *w, struct span bytes);

/*
 * Puts `tag` and a length in front, making one element of all that was
 * written since der_written() was `since`.
 */
void der_wrap(struct der_writer *w, enum der_tag tag, size_t since);

/* Puts an INTEGER in front: `octets`, most significant first, not negative. */
void der_put_unsigned(struct der_writer *w, struct span octets);

/* Puts an AlgorithmIdentifier in front; rsaEncryption with its NULL. */
void der_put_algorithm(struct der_writer *w, struct span oid);

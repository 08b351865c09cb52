/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - what the server asks of keyd, and what keyd answers.
 *
 * A message is a frame: its length in 32 bits, then its octets.  Both kinds
 * have one layout with every field; those that an operation does not use are
 * empty, and a message where they are not is refused.  What the fields mean
 * is keyd's business (keyd/keyd.h); here only sizes are looked at.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: an unpacked message borrows from the frame.
 */
#pragma once

#include "base/macros.h"
#include "base/reader.h"
#include "base/writer.h"
#include "crypt/privkey.h"
#include "crypt/seal.h"

#define KEYD_BYTES_MAX  24576        /* a key that a person hands over */
#define KEYD_SEALED_MAX 4096         /* a sealed thing */
#define KEYD_AAD_MAX    SEAL_AAD_MAX /* octets of associated data */
#define KEYD_SCOPE_MAX  64           /* date, region and service, each */
#define KEYD_STRING_MAX 1024         /* a string to sign */
#define KEYD_SECRET_MAX 128          /* an API secret */
/* Longest frame, its length included. */
#define KEYD_FRAME_MAX 32768
/* Octets of the length in front. */
#define KEYD_HEAD_SIZE 4

/* Octets of an API secret that keyd makes: letters, digits, "+" and "/". */
#define KEYD_NEW_SECRET_SIZE 40

/* What is asked. */
enum keyd_op {
	KEYD_GENERATE = 1,   /* make a DKIM key: type, bits, aad -> sealed,
				public, type, bits */
	KEYD_IMPORT = 2,     /* take a DKIM key: bytes, aad -> as GENERATE */
	KEYD_REBIND = 3,     /* seal anew: purpose, sealed, aad, aad_new ->
				sealed */
	KEYD_SIGN = 4,       /* sealed, aad, digest -> signature, type */
	KEYD_NEW_SECRET = 5, /* make an API secret: aad -> sealed, secret */
	KEYD_VERIFY = 6,     /* sealed, aad, date, region, service,
				string_to_sign, signature -> status */
	KEYD_OP_COUNT        /* one more than the last of them */
};

/* How it went. */
enum keyd_status {
	KEYD_OK = 0,
	KEYD_NO = 1,          /* VERIFY: the signature is another */
	KEYD_BAD_REQUEST = 2, /* it cannot be meant: a digest or signature of
				 another length, a key of strange size */
	KEYD_BAD_SEAL = 3,    /* changed, or sealed for another aad */
	KEYD_NO_MASTER = 4,   /* sealed under a master key we were not given */
	KEYD_BAD_KEY = 5,     /* IMPORT: see `fault` */
	KEYD_FAILED = 6,      /* libcrypto failed */
	KEYD_LOST = 7,        /* the process died; said by the client alone */
	KEYD_STATUS_COUNT     /* how many there are */
};

/* A request.  Members an operation does not use are left zero. */
struct keyd_request {
	enum keyd_op op;
	enum key_type type;         /* GENERATE */
	uint32_t bits;              /* GENERATE RSA: as privkey_generate() */
	enum seal_purpose purpose;  /* REBIND: what is sealed */
	struct span bytes;          /* IMPORT: as privkey_import() */
	struct span sealed;         /* as a reply gave it */
	struct span aad;            /* whose it is; REBIND: until now */
	struct span aad_new;        /* REBIND: from now on */
	struct span digest;         /* SIGN: DIGEST_SIZE octets */
	struct span date;           /* VERIFY: such as "20150830" */
	struct span region;         /* VERIFY: such as "eu-west-2" */
	struct span service;        /* VERIFY: such as "ses" */
	struct span string_to_sign; /* VERIFY */
	struct span signature;      /* VERIFY: HMAC_SIZE octets, not hex */
};

/* A reply.  Members that do not apply are zero or empty. */
struct keyd_reply {
	enum keyd_op op;           /* of the request */
	enum keyd_status status;   /* KEYD_OK: the others are set */
	enum privkey_status fault; /* KEYD_BAD_KEY: what is wrong with it */
	enum key_type type;        /* of the key; 0 for none */
	uint32_t bits;             /* of the key */
	struct span sealed;        /* to be stored */
	struct span public;        /* what stands behind "p=" */
	struct span signature;     /* of the digest */
	struct span secret;        /* an API secret, to be shown once */
};

/* Returns a reply that says only how it went. */
struct keyd_reply keyd_reply_of(enum keyd_op op, enum keyd_status status);

/* What keyd_frame_cut() found. */
enum keyd_frame {
	KEYD_FRAME_OK = 0,
	KEYD_FRAME_MORE, /* the frame is not complete yet */
	KEYD_FRAME_BAD,  /* its length cannot be */
};

/*
 * Cuts the first frame off *rest and sets *ret to its octets, without the
 * length.  Any other status than KEYD_FRAME_OK leaves both alone.
 */
enum keyd_frame keyd_frame_cut(struct span *rest, struct span *ret) MUST_CHECK;

/*
 * Writes the frame of request `id`.  Returns false, having written nothing
 * that counts, if a member is too long, one is set that the operation does
 * not use, or it does not fit.
 */
bool keyd_request_pack(uint64_t id, const struct keyd_request *request,
		       struct writer *w) MUST_CHECK;

/*
 * Reads the octets of a frame.  Returns false, leaving both alone, if they
 * are not what keyd_request_pack() writes.
 */
bool keyd_request_unpack(struct span frame, uint64_t *ret_id,
			 struct keyd_request *ret) MUST_CHECK;

/* As keyd_request_pack(), of the reply to request `id`. */
bool keyd_reply_pack(uint64_t id, const struct keyd_reply *reply,
		     struct writer *w) MUST_CHECK;

/* As keyd_request_unpack(), of a reply. */
bool keyd_reply_unpack(struct span frame, uint64_t *ret_id,
		       struct keyd_reply *ret) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *keyd_strerror(enum keyd_status status);

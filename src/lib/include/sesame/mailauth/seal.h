/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - adds a set to a message's Authenticated Received Chain.
 *
 * RFC 8617 section 5.1, for who forwards a message: after all changes to it,
 *
 *	sesame_seal_new(&in, &seal);
 *	sesame_seal_feed(seal, bytes, len);    as often as need be
 *	sesame_seal_end(seal);
 *	answer_all(sesame_seal_dns(seal));     the chain so far is validated
 *	if (sesame_seal_make(seal, &why) == SESAME_OK)
 *		put_on_top(sesame_seal_fields(seal));
 *
 * With the key elsewhere, in.key is NULL; between make and fields the program
 * then twice takes sesame_seal_digest() there, and gives
 * sesame_seal_signature() what comes back: for the message, and for the seal.
 *
 * Memory: at most 7 MiB and a DNS answer; it does not grow with the body.
 */
#ifndef SESAME_MAILAUTH_SEAL_H
#define SESAME_MAILAUTH_SEAL_H

#include <sesame/mailauth/arc.h>
#include <sesame/mailauth/sign.h>

SESAME_BEGIN

struct sesame_seal;

/* How to seal.  Zero it, then set what is needed. */
struct sesame_seal_input {
	size_t size;                   /* sizeof(struct sesame_seal_input) */
	struct sesame_text domain;     /* d=; U-labels become A-labels */
	struct sesame_text selector;   /* s= */
	const struct sesame_key *key;  /* that signs; it must outlive this.
					  NULL: the program has it */
	enum sesame_key_type key_type; /* if `key` is NULL */
	int64_t time_s;                /* t=: now */
	struct sesame_text
		authserv_id; /* who found out what is in the results */
	struct sesame_text
		results; /* "spf=pass smtp.mailfrom=...; dkim=...", as RFC
			    8601 section 2.2 writes them; unset: those of
			    the message's Authentication-Results fields of
			    authserv_id, from which forged ones must have
			    been removed */
	unsigned flags;  /* of enum sesame_message_flag */
};

/*
 * Starts on a message.  Fails with SESAME_ERR_ARGUMENT, SESAME_ERR_DOMAIN,
 * SESAME_ERR_SELECTOR, SESAME_ERR_RESULTS (authserv_id is none) or
 * SESAME_ERR_TOO_BIG.
 */
SESAME_API enum sesame_status
sesame_seal_new(const struct sesame_seal_input *in, struct sesame_seal **ret);

/* Frees `seal`, which may be NULL, and its fields. */
SESAME_API void sesame_seal_free(struct sesame_seal *seal);

/* Goes on with `len` bytes of the message, header first. */
SESAME_API enum sesame_status sesame_seal_feed(struct sesame_seal *seal,
					       const void *bytes, size_t len);

/* Ends the message: then its DNS side asks. */
SESAME_API enum sesame_status sesame_seal_end(struct sesame_seal *seal);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_seal_dns(struct sesame_seal *seal);

/* Borrows what the chain is so far; NULL while a question waits. */
SESAME_API const struct sesame_arc_result *
sesame_seal_chain(const struct sesame_seal *seal);

/*
 * Makes the set and, if there is a key, signs it.  Once only.
 *
 * SESAME_ERR_ORDER: a question waits.  SESAME_ERR_CHAIN: it had failed
 * before, has 50 sets, or DNS did not answer, so that what it is is not
 * known.  SESAME_ERR_MESSAGE: the header is malformed or has no From.
 * SESAME_ERR_RESULTS: they are none.  SESAME_ERR_TOO_BIG, SESAME_ERR_CRYPTO.
 * With any but SESAME_ERR_CRYPTO *reterr_why, which may be NULL, is set to a
 * clause that says more; static.
 */
SESAME_API enum sesame_status sesame_seal_make(struct sesame_seal *seal,
					       const char **reterr_why);

/* As sesame_sign_digest(): what is to be signed next. */
SESAME_API enum sesame_status
sesame_seal_digest(const struct sesame_seal *seal,
		   unsigned char ret[SESAME_DIGEST_SIZE]);

/* As sesame_sign_signature(): takes the signature of that digest. */
SESAME_API enum sesame_status sesame_seal_signature(struct sesame_seal *seal,
						    const void *signature,
						    size_t len);

/*
 * Borrows the three fields, the seal first, each with the CRLF at its end:
 * they stand as they are on top of the message.  "" while they are not made.
 */
SESAME_API struct sesame_text
sesame_seal_fields(const struct sesame_seal *seal);

SESAME_END

#endif

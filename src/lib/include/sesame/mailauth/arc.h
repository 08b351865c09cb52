/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arc - the Authenticated Received Chain of a message (RFC 8617).
 *
 * sesame_arc validates a chain (section 5.2).  What a chain says of SPF, DKIM
 * and DMARC is its sealers' word, and counts for nothing in DMARC here.
 *
 * Memory: at most 3.5 MiB and a DNS answer; it does not grow with the body.
 */
#ifndef SESAME_MAILAUTH_ARC_H
#define SESAME_MAILAUTH_ARC_H

#include <sesame/mailauth/dkim.h>

SESAME_BEGIN

struct sesame_arc;

/* RFC 8617 section 4.4. */
enum sesame_arc_code {
	SESAME_ARC_NONE = 0, /* there is no chain */
	SESAME_ARC_PASS = 1, /* it is unbroken */
	SESAME_ARC_FAIL = 2, /* it is not */
};

/* Why a chain fails. */
enum sesame_arc_reason {
	SESAME_ARC_GOOD = 0,      /* it does not */
	SESAME_ARC_STRUCTURE = 1, /* not one field of each kind for each
				     instance */
	SESAME_ARC_MALFORMED = 2, /* a field is */
	SESAME_ARC_CHAIN = 3,     /* cv= is not what its instance must say */
	SESAME_ARC_SAID = 4,      /* the newest seal says that it had failed */
	SESAME_ARC_BODY = 5,      /* the body is not what was signed */
	SESAME_ARC_MESSAGE = 6,   /* the header is not what was signed */
	SESAME_ARC_SEAL = 7,      /* a seal is wrong */
	SESAME_ARC_KEY = 8,       /* a key is missing or not usable */
	SESAME_ARC_DNS = 9,       /* DNS gave an error for a key */
	SESAME_ARC_EXPIRED = 10,  /* x= of the newest signature is past */
	SESAME_ARC_FUTURE = 11,   /* its t= lies in the future */
};

/* What a validation goes by.  Zero it, then set what you know. */
struct sesame_arc_input {
	size_t size;                /* sizeof(struct sesame_arc_input) */
	unsigned flags;             /* of enum sesame_message_flag */
	int64_t time_ms;            /* now */
	struct sesame_cache *cache; /* may be NULL */
};

struct sesame_arc_result {
	enum sesame_arc_code code;     /* the result */
	enum sesame_arc_reason reason; /* why it fails */
	const char *reason_text;       /* the same, for a person */
	unsigned instance;             /* at fault; 0: the chain as such */
	unsigned sets;                 /* how many there are */
	struct sesame_text domain;     /* d= of the newest seal; "" */
};

/* Starts on a message.  Fails with SESAME_ERR_ARGUMENT. */
SESAME_API enum sesame_status sesame_arc_new(const struct sesame_arc_input *in,
					     struct sesame_arc **ret);

/* Frees `arc`, which may be NULL, and its result. */
SESAME_API void sesame_arc_free(struct sesame_arc *arc);

/* Goes on with `len` bytes of the message, header first. */
SESAME_API enum sesame_status sesame_arc_feed(struct sesame_arc *arc,
					      const void *bytes, size_t len);

/* Ends the message: then its DNS side asks. */
SESAME_API enum sesame_status sesame_arc_end(struct sesame_arc *arc);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_arc_dns(struct sesame_arc *arc);

/* Borrows the result; NULL while a question waits. */
SESAME_API const struct sesame_arc_result *
sesame_arc_result(const struct sesame_arc *arc);

/* Returns "none", "pass" or "fail"; static. */
SESAME_API const char *sesame_arc_name(enum sesame_arc_code code);

SESAME_END

#endif

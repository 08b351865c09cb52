/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - runs of bytes, and how a call can fail.
 *
 * See <sesame/mailauth.h> for the rules that hold for the whole library.
 */
#ifndef SESAME_MAILAUTH_TEXT_H
#define SESAME_MAILAUTH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define SESAME_API __attribute__((visibility("default")))
#else
#define SESAME_API
#endif

#ifdef __cplusplus
#define SESAME_BEGIN extern "C" {
#define SESAME_END   }
#else
#define SESAME_BEGIN
#define SESAME_END
#endif

/* The version these headers are of. */
#define SESAME_MAILAUTH_VERSION_MAJOR 0
#define SESAME_MAILAUTH_VERSION_MINOR 1
#define SESAME_MAILAUTH_VERSION_PATCH 0

SESAME_BEGIN

/*
 * A run of bytes.  In what a program gives, `ptr` NULL means "not known", and
 * nothing need end it.  In what the library gives, `ptr` is never NULL, and a
 * NUL that `len` does not count stands behind it.  What strangers wrote may
 * hold any byte.
 */
struct sesame_text {
	const char *ptr; /* the first byte */
	size_t len;      /* how many there are */
};

/* Borrows the C string `s`; NULL gives a text that is not known. */
static inline struct sesame_text
sesame_text_of(const char *s)
{
	struct sesame_text text;

	text.ptr = s;
	text.len = s != NULL ? strlen(s) : 0;
	return text;
}

/* How a call ended.  Nothing has changed if it was not SESAME_OK. */
enum sesame_status {
	SESAME_OK = 0,            /* done */
	SESAME_ERR_ORDER = 1,     /* not now: another call has to come first */
	SESAME_ERR_ARGUMENT = 2,  /* `size` or an enum value is not known, or
				     what must be given is not there */
	SESAME_ERR_ADDRESS = 3,   /* no IPv4 or IPv6 address */
	SESAME_ERR_DOMAIN = 4,    /* no domain name */
	SESAME_ERR_SELECTOR = 5,  /* no DKIM selector */
	SESAME_ERR_TOO_BIG = 6,   /* above a limit */
	SESAME_ERR_MESSAGE = 7,   /* the message's header is malformed, and so
				     not to be signed */
	SESAME_ERR_DNS = 8,       /* no DNS response to the question */
	SESAME_ERR_TRUNCATED = 9, /* a DNS response cut short: ask over TCP */
	SESAME_ERR_KEY = 10,      /* no private key that may sign */
	SESAME_ERR_CRYPTO = 11,   /* libcrypto failed */
	SESAME_ERR_CHAIN = 12,    /* an ARC chain that cannot be continued */
	SESAME_ERR_RESULTS = 13,  /* no results as RFC 8601 writes them */
	SESAME_ERR_RECORD = 14,   /* no record of the kind */
};

/* Returns a clause for `status`, fit to show to a person; static. */
SESAME_API const char *sesame_strerror(enum sesame_status status);

/* Returns the version of the library that runs, such as "0.1.0"; static. */
SESAME_API const char *sesame_version(void);

SESAME_END

#endif

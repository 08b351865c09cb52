/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error - why a piece of work failed, for a program and for a person.
 *
 * The last parameter of a function that can fail.  Success never touches it;
 * failure sets both members.  Made without allocation, so that making one
 * cannot fail.  What a parser says of its input is not an error but a
 * verdict, and has an enum of its own.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

#include "base/macros.h"

/* Longest text, with its NUL; what is longer is cut. */
#define ERROR_TEXT_MAX 1000

/* Each kind of failure, listed with its statuses in base/error.def. */
enum error_code {
	ERROR_NONE = 0, /* nothing failed yet */
#define X(name, http, smtp, enhanced, slug) ERROR_##name,
#include "base/error.def"
#undef X
	ERROR_CODE_COUNT /* how many there are, ERROR_NONE included */
};

struct error {
	enum error_code code;      /* for a program */
	char text[ERROR_TEXT_MAX]; /* for a person: what, why, what to do */
};

/*
 * Sets *err to `code` and the text that printf() would print.
 * Returns false, so that a function can end `return error_set(...)`.
 */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
	PRINTF(3, 4);

/* As error_set(), with the arguments of vprintf(). */
bool error_setv(struct error *err, enum error_code code, const char *format,
		va_list args) PRINTF(3, 0);

/* Puts the text printf() would print before the text *err has; false. */
bool error_prefix(struct error *err, const char *format, ...) PRINTF(2, 3);

/* Returns the HTTP status that says `code`. */
int error_http_status(enum error_code code);

/* Returns the SMTP reply code that says `code`. */
int error_smtp_reply(enum error_code code);

/* Returns the RFC 3463 enhanced status, such as "5.7.1"; static. */
const char *error_smtp_enhanced(enum error_code code);

/* Returns the API's name for `code`, such as "NotFoundException"; static. */
const char *error_slug(enum error_code code);

/* Returns the code whose API name is `slug`, or ERROR_NONE. */
enum error_code error_from_slug(const char *slug);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile - how the commands reach a deployment: what `sesame init` wrote.
 *
 * One file, $XDG_CONFIG_HOME/sesame/profile or ~/.config/sesame/profile, of
 * mode 0600, since it holds an API secret:
 *
 *	[default]
 *	endpoint_url=https://api.mail.example
 *	region=eu-west-2
 *	account_id=111122223333
 *	aws_access_key_id=AKIA...
 *	aws_secret_access_key=...
 *
 * "amazon=yes" instead of an endpoint says that Amazon SES is meant.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"

#define PROFILE_URL_SIZE    512
#define PROFILE_WORD_SIZE   256
#define PROFILE_SECRET_SIZE 256
#define PROFILE_TOKEN_SIZE  4096        /* session tokens are long */
#define PROFILE_FILE_MAX    (64 * 1024) /* octets of the file */

/* One section of the file. */
struct profile {
	char endpoint[PROFILE_URL_SIZE];    /* "" if `amazon` */
	char region[PROFILE_WORD_SIZE];     /* "eu-west-2" */
	char account[PROFILE_WORD_SIZE];    /* twelve digits, or "" */
	char access_key[PROFILE_WORD_SIZE]; /* its id, or "" */
	char secret[PROFILE_SECRET_SIZE];   /* its secret, or "" */
	bool amazon;                        /* Amazon SES itself */
};

/* Appends the path of the file to *ret; false if no home is known. */
bool profile_path(struct buf *ret) MUST_CHECK;

/*
 * Reads the section [default] of the text of a file into *ret.
 * Fails with ERROR_CONFIG if there is none or a value is too long.
 */
bool profile_parse(struct span text, struct profile *ret,
		   struct error *reterr) MUST_CHECK;

/* Appends the text of a file that says *profile: profile_parse()'s inverse. */
void profile_format(const struct profile *profile, struct buf *to);

/* Reads the file; ERROR_NOT_FOUND: there is none. */
bool profile_load(struct profile *ret, struct error *reterr) MUST_CHECK;

/* Writes the file, in place of one that was there. */
bool profile_save(const struct profile *profile,
		  struct error *reterr) MUST_CHECK;

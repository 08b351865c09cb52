/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target - which SES v2 endpoint a command talks to, and as whom.
 *
 * The endpoint: --endpoint-url, else AWS_ENDPOINT_URL_SESV2, else
 * AWS_ENDPOINT_URL, else endpoint_url of the AWS profile that --profile or
 * AWS_PROFILE names, else the profile that `sesame init` wrote.  Amazon's own
 * only with --aws, or when sesame's profile says so; never by default.
 *
 * Region and credentials are those of sesame's profile if the endpoint is
 * the one it names and the environment has none (or the endpoint came from
 * it); else --region, the AWS_ variables and the shared AWS files mean what
 * they mean to the AWS CLI.  The certificates to trust are those of the file
 * in AWS_CA_BUNDLE, else of ca_bundle in the AWS profile, else of the file in
 * SSL_CERT_FILE, else the machine's.
 *
 * Reads the environment and files; no network.
 */
#pragma once

#include "cli/options.h"
#include "cli/profile.h"

/* A place to send requests to, and who signs them. */
struct target {
	char endpoint[PROFILE_URL_SIZE];        /* without a final slash */
	char region[PROFILE_WORD_SIZE];         /* that is signed for */
	char account[PROFILE_WORD_SIZE];        /* if it is known, else "" */
	char access_key[PROFILE_WORD_SIZE];     /* its id */
	char secret[PROFILE_SECRET_SIZE];       /* its secret */
	char session_token[PROFILE_TOKEN_SIZE]; /* or "" */
	char ca_bundle[PROFILE_URL_SIZE];       /* file to trust, or "" */
	bool amazon;                            /* Amazon SES itself */
};

/* The options that choose a target, ended by a NULL name. */
const struct option_spec *target_options(void);

/*
 * Finds the target that options, environment and files say.
 * Fails with ERROR_CONFIG, ERROR_USAGE or ERROR_NO_CREDENTIALS, and says what
 * to do about it.
 */
bool target_find(const struct options *options, struct target *ret,
		 struct error *reterr) MUST_CHECK;

/*
 * Says on stderr which endpoint and account a command is about to change,
 * and what it does: "creating the identity example.org".
 */
void target_announce(const struct target *target, const char *format, ...)
	PRINTF(2, 3);

/* Overwrites the secrets of `target`. */
void target_release(struct target *target);

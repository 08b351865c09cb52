/* SPDX-License-Identifier: Apache-2.0 */
/*
 * configuration_sets - what goes over the wire about configuration sets.
 *
 * The options are those of ses/set_options.h.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans borrow the JSON they were read from.
 */
#pragma once

#include "ses/identities.h"
#include "ses/set_options.h"

/* Octets of a configuration set's name. */
#define SES_SET_NAME_MAX 64

/* CreateConfigurationSet. */
struct ses_create_set {
	struct span name;
	struct ses_tags tags;
};

/*
 * Reads the body of CreateConfigurationSet, NULL if there is none, and sets
 * *ret_options to a new object with its options.
 * Fails with SERIALIZATION, BAD_REQUEST or NOT_FOUND.
 */
bool ses_create_set_read(const json_t *body, struct ses_create_set *ret,
			 json_t **ret_options, struct error *reterr) MUST_CHECK;

/*
 * Reads the input of ListConfigurationSets: page and token, and in `contains`
 * the filter CONFIGURATION_SET_NAME_CONTAINS, at most SES_SET_NAME_MAX octets.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool ses_list_sets_read(const json_t *input, struct ses_list_identities *ret,
			struct error *reterr) MUST_CHECK;

/* Writes the body of CreateConfigurationSet, without options. */
json_t *ses_create_set_write(const struct ses_create_set *request) MUST_CHECK;

/*
 * Writes the answer of GetConfigurationSet; `options` as they were read, or
 * NULL.
 */
json_t *ses_set_write(struct span name, const json_t *options,
		      const struct ses_tags *tags) MUST_CHECK;

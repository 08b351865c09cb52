/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - the SES v2 API as tables: its operations, and their shapes.
 *
 * What the API's model says of each operation: method and path, the shape of
 * what it is given and what it answers, and the errors that it has.  The
 * tables in model_table.c are made by script/model; servers and clients read
 * the same ones.  A request is found by method and path, and what it asks is
 * gathered from path, query and body into one object that has the shape of
 * the operation's input.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: everything of the tables is static.
 */
#pragma once

#include "ses/shape.h"
#include "text/uri.h"

/* Parameters in the path of an operation. */
#define SES_MODEL_PARAMS_MAX 2
/* Ways to ask for the same operation. */
#define SES_MODEL_FORMS_MAX 2

/* A way to ask for an operation. */
struct ses_form {
	const char *method; /* "GET"; NULL: there is no such way */
	const char *path;   /* "/v2/email/identities/{EmailIdentity}" */
};

/* An operation of the API. */
struct ses_operation {
	const char *name; /* "GetEmailIdentity" */
	/* the newest first; an older one that some clients still use */
	struct ses_form form[SES_MODEL_FORMS_MAX];
	const struct shape *input;  /* or NULL: it is given nothing */
	const struct shape *output; /* or NULL: it answers nothing */
	uint32_t errors; /* that it may fail with: a bit 1 << ERROR_X each */
};

/* Returns operation `i`, in the order of their names; NULL past the end. */
const struct ses_operation *ses_model_at(size_t i);

/* Returns the operation called `name`, or NULL. */
const struct ses_operation *ses_model_operation(struct span name);

/*
 * Returns the operation that `method` and `path` ask for, or NULL.  Sets its
 * parameters, as they stand in the path, and how many they are.
 */
const struct ses_operation *
ses_model_find(struct span method, struct span path,
	       struct span ret_param[SES_MODEL_PARAMS_MAX], size_t *ret_len);

/*
 * Returns whether `path` has the form of `pattern`, which has "{NAME}" for a
 * segment that is a parameter, and sets these as ses_model_find() does.
 */
bool ses_model_matches(const char *pattern, struct span path,
		       struct span ret_param[SES_MODEL_PARAMS_MAX],
		       size_t *ret_len) MUST_CHECK;

/* A request of an operation, by its parts, decoded. */
struct ses_request {
	struct span method;
	const struct span *param;      /* of the path, in their order */
	size_t params;                 /* of param */
	const struct uri_param *query; /* all of it */
	size_t queries;                /* of query */
	json_t *body;                  /* or NULL: none */
};

/*
 * Gathers what `request` asks `operation`, by the names of the members of its
 * input, and checks it.  *ret is a new reference to an object: the body
 * itself, changed, if there is one that counts.
 * Fails with SERIALIZATION or BAD_REQUEST, as shape_check() does.
 */
bool ses_model_input(const struct ses_operation *operation,
		     const struct ses_request *request, json_t **ret,
		     struct error *reterr) MUST_CHECK;

/*
 * Checks the body of a request of the operation called `name`, or all of its
 * input.  Fails as shape_check() does.
 */
bool ses_model_body(const char *name, const json_t *body,
		    struct error *reterr) MUST_CHECK;

/*
 * Returns the member `member` of the input of the operation called `name`;
 * both must be there.
 */
const struct shape_member *ses_model_member(const char *name,
					    const char *member);

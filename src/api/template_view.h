/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template_view - a template, as the operations that use one see it.
 *
 * No I/O but through the call's store, no logging, no clock.
 * Ownership: what is got is in the call's arena, what is rendered in its
 * buffer `rendered`.
 */
#pragma once

#include "api/call.h"
#include "ses/templates.h"

/* A template, stored or given with the message, and what it is to render. */
struct api_template {
	struct span stored;    /* the JSON of its content, or "" */
	const json_t *content; /* its content, if it is not stored */
	struct span data;      /* TemplateData */
};

/*
 * Sets *ret to the JSON of the account's template `name`, in the call's
 * arena.  Fails with NOT_FOUND, in SES's words.
 */
bool api_template_get(struct api_call *call, struct span name, struct span *ret,
		      struct error *reterr) MUST_CHECK;

/* Fails with NOT_FOUND, in SES's words: there is no template `name`. */
bool api_template_missing(struct span name, struct error *reterr);

/*
 * Sets *ret to the template that a message names by name or ARN, or has with
 * it.  Fails with NOT_FOUND.
 */
bool api_template_of(struct api_call *call, const struct ses_by_template *by,
		     struct api_template *ret, struct error *reterr) MUST_CHECK;

/*
 * Renders a template into `call`->rendered.  For a worker: it needs no store.
 * Fails with BAD_REQUEST.
 */
bool api_template_render(struct api_call *call,
			 const struct api_template *template,
			 struct ses_template *ret,
			 struct error *reterr) MUST_CHECK;

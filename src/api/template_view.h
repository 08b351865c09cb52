/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template_view - a stored template, as the operations that use one see it.
 *
 * No I/O but through the call's store, no logging, no clock.
 * Ownership: what is got is in the call's arena, what is rendered in its
 * buffer `rendered`.
 */
#pragma once

#include "api/call.h"
#include "ses/templates.h"

/*
 * Sets *ret to the JSON of the account's template `name`, in the call's
 * arena.  Fails with NOT_FOUND, in SES's words.
 */
bool api_template(struct api_call *call, struct span name, struct span *ret,
		  struct error *reterr) MUST_CHECK;

/* Fails with NOT_FOUND, in SES's words: there is no template `name`. */
bool api_no_template(struct span name, struct error *reterr);

/*
 * Renders the template that `content` is the JSON of with the JSON `data`
 * into `call`->rendered.  For a worker: it needs no store.
 */
bool api_template_render(struct api_call *call, struct span content,
			 struct span data, struct ses_template *ret,
			 struct error *reterr) MUST_CHECK;

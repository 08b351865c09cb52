/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept - what of a JSON body is kept, for a later answer to show.
 *
 * Bodies may have members that the API does not have yet, or nulls; what is
 * stored is only what its shape knows, so that nothing can be smuggled into
 * an answer.  A boolean is kept as SES takes it.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 */
#pragma once

#include "ses/shape.h"

/*
 * Returns a new object: a copy of what `shape` has of `from`, an object that
 * shape_check() found good, or NULL for none at all.
 */
json_t *kept_members(const json_t *from, const struct shape *shape) MUST_CHECK;

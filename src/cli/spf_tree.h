/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_tree - the steps of an SPF evaluation, for a person and as JSON.
 *
 * Names that were asked are shown as they were asked (a record can make them
 * of the sender's address, reference RFC 7208 section 11.5.2), cleaned as
 * everything that comes from outside.
 */
#pragma once

#include "cli/output.h"
#include "mailauth/spf.h"

/* Prints the records, their terms and the questions, indented as a tree. */
void spf_tree_print(struct output *o, const struct spf_result *r);

/* Returns the steps as an array of objects. */
json_t *spf_tree_json(const struct spf_result *r) MUST_CHECK;

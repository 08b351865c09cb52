/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers - DNS from memory for sesame's own programs: a small hash table,
 * as the cache of a resolver in the same process would be.
 *
 * Ownership: what is added lives for ever.
 */
#pragma once

#include "dns/record.h"
#include "harness.h"

#define ANSWERS_MAX 512 /* names, with their types */

/* Adds the record `data` as spf.zone writes it: TXT, A or MX. */
void answers_add(struct span name, struct span type, struct span data);

/* As answers_add(), of each line of folder/file: name, type, data. */
void answers_zone(const char *folder, const char *file);

/* The same of a file of TXT records: name, a tab, text. */
void answers_keys(const char *folder, const char *file);

/* Forgets all of them. */
void answers_clear(void);

/* Returns the answer to `question`; NXDOMAIN if there is none. */
const struct dns_answer *answers_get(const struct dns_question *question);

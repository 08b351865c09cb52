/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dnshost - who runs a zone's DNS, told from the names of its servers.
 *
 * So that an operator can be told where the records have to be entered, and
 * in what form.  A guess, if a good one: names of servers may be anybody's.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/span.h"

/* A company, or a programme, that serves zones. */
struct dnshost {
	const char *id;   /* stable: "cloudflare" */
	const char *name; /* for people: "Cloudflare" */
	const char *hint; /* how its console takes records, or "" */
};

/* Returns the host that a server called `ns` belongs to, or NULL. */
const struct dnshost *dnshost_of(struct span ns);

/* Returns whether `text` has the form `pattern`, in which "*" is any run of
 * characters; case does not matter. */
bool dnshost_matches(struct span pattern, struct span text);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture - DNS as a JSON text says it is, in place of the network.
 *
 *	{"name": {"TXT": [["string", ...], ...], "A": ["192.0.2.1"],
 *	          "MX": [[10, "host"]], "CNAME": ["target"], "NS": [...]}}
 *
 * Names have no final dot and compare without regard to case; the octets of
 * a string are its UTF-8 encoding.  A name that is not there does not exist,
 * unless a name below it does; one that begins `*.` is a wildcard (RFC 4592);
 * one with NS is the apex of a zone, whose SOA is made up unless it is given.
 * "TIMEOUT": "*" and "SERVFAIL": "*" are how a question for a type that is
 * not listed at that name ends; "NXDOMAIN": "*" is absence said aloud.  A
 * type that is not known, and a record that DNS could not hold, is left out.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: a fixture is the caller's;
 * answers live in the arena given and borrow from the fixture.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "dns/record.h"

#define FIXTURE_MAX        ((size_t)16 << 20)  /* octets of JSON */
#define FIXTURE_MEMORY_MAX ((size_t)512 << 20) /* octets that it may become */
#define FIXTURE_TTL        300                 /* seconds, of every record */

struct fixture;

/*
 * Reads the fixture in `json`, which need not outlive the call.
 * Returns NULL and sets *reterr if that is no JSON of this form.
 */
struct fixture *fixture_parse(struct span json,
			      struct error *reterr) MUST_CHECK;

/* Frees `fixture`, which may be NULL. */
void fixture_free(struct fixture *fixture);

DEFINE_FREEP(fixture)

/* Answers `question`; DNS_BAD if the arena is full. */
void fixture_answer(const struct fixture *fixture,
		    const struct dns_question *question, struct arena *arena,
		    struct dns_answer *ret);

/*
 * Sets *ret to the apex of the zone that `name` is in: the nearest name at
 * or above it that has NS.  Returns false if there is none.
 */
bool fixture_zone(const struct fixture *fixture, const struct dname *name,
		  struct dname *ret) MUST_CHECK;

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_authres - a report as an Authentication-Results field.
 *
 * RFC 8601 section 2.7 with RFC 6008 (header.b), RFC 8617 section 10.2 (arc)
 * and RFC 9989.  One result for each identity of SPF, each signature, DMARC,
 * and ARC if there is a chain.
 *
 * Pure: no allocation but in the buf given, no I/O, no logging, no clock.
 */
#pragma once

#include "mailauth/authres.h"
#include "mailauth/report.h"

/* Octets of the value that report_authres() writes at most. */
#define REPORT_AUTHRES_MAX ((size_t)64 << 10)

/*
 * Appends the value of the field, as `authserv_id` says it: see
 * authres_format().
 */
void report_authres(const struct report *r, struct span authserv_id,
		    struct buf *to);

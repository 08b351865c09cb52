/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_authres - a report as an Authentication-Results field.
 *
 * RFC 8601 section 2.7: a result for each identity of SPF (smtp.mailfrom or
 * smtp.helo), each signature (header.d, .i, .s, .a and, by RFC 6008, .b),
 * DMARC (header.from), and ARC if there is a chain (RFC 8617 section 10.2:
 * smtp.remote-ip).  What local policy says besides stands under policy (RFC
 * 8601 section 2.4): policy.dkim-rules tells of a signature that passes and
 * yet earns nothing, policy.dmarc of the policy that applies.
 *
 * Pure: no I/O, no logging, no clock; no allocation that outlives the call
 * but in what is given.
 */
#pragma once

#include "mailauth/authres.h"
#include "mailauth/report.h"

/* Octets of the value that report_authres() writes at most. */
#define REPORT_AUTHRES_MAX ((size_t)64 << 10)
/* Octets that the results take from an arena at most. */
#define REPORT_AUTHRES_ARENA ((size_t)32 << 10)

/*
 * Sets *ret to the results of `report`, found out by the host `authserv_id`:
 * in the arena, which must allow REPORT_AUTHRES_ARENA, and borrowing from the
 * report.
 */
void report_authres_results(const struct report *report,
			    struct span authserv_id, struct arena *arena,
			    struct authres *ret);

/*
 * Appends the value of the field, as `authserv_id` says it: see
 * authres_format().  It goes on top of the message once authres_strip() has
 * removed the fields that claim to be of `authserv_id`.
 */
void report_authres(const struct report *report, struct span authserv_id,
		    struct buf *to);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * received - what is kept of a message that came to the report inbox: the
 * message with the fields that its receiver puts before it, and the verdict
 * as JSON.
 *
 * Fields that claim to be Authentication-Results of ours are removed, since
 * only the one put here is (RFC 8601 section 5).
 *
 * Pure: no I/O, no logging, no clock.  Appends to the caller's buffers.
 */
#pragma once

#include "mailauth/report.h"
#include "smtp/path.h"
#include "text/header.h"

/* Most octets that received_message() adds to a message. */
#define RECEIVED_FIELDS_MAX (64 * 1024)

/* How a message came, and what it is. */
struct received {
	struct span receiver;              /* our name, in A-labels */
	struct path sender;                /* of the envelope */
	bool extended;                     /* the client said EHLO */
	bool tls;                          /* under TLS */
	const struct report *report;       /* the rest is in its transport */
	const struct header_block *header; /* of text, but for its body */
	struct span text;                  /* the message as it came */
};

/*
 * Appends Return-Path, Authentication-Results and Received, then the
 * message.  Returns false if it does not fit.
 */
bool received_message(const struct received *r, struct buf *to) MUST_CHECK;

/*
 * Appends the report as JSON, as sending/report_json.h makes it.  What does
 * not fit into the limit of *to is shortened: first the longest texts, and
 * "truncated" then says so.  Returns false if even that does not fit.
 */
bool received_json(const struct report *report, struct buf *to) MUST_CHECK;

/*
 * Appends the octets of `text` that may be shown: each run of white space and
 * control characters is one space, and at most `max` octets are taken, never
 * a part of a UTF-8 character.
 */
void received_clean(struct span text, size_t max, struct buf *to);

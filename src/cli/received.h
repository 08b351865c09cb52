/* SPDX-License-Identifier: Apache-2.0 */
/*
 * received - how a message came, as the host that took it wrote on top of it.
 *
 * Reads the topmost Received and Return-Path fields (RFC 5321 section 4.4).
 * Anybody may write such fields: only who knows that the topmost ones are of
 * a host of his own may believe them, and must say so (--trust-received).
 *
 * Pure: no I/O; allocates in the arena given, where the result lives.
 */
#pragma once

#include "mailauth/report.h"

/*
 * Adds to *t what the header says of client, HELO and MAIL FROM, where *t
 * does not say it already.
 */
void received_read(const struct header_block *header, struct arena *arena,
		   struct report_transport *t);

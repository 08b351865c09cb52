/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - a record set as lines of a zone file (RFC 1035 section 5.1).
 *
 * Pure: no I/O, no logging, no clock.
 */
#pragma once

#include "publish/export.h"

/* Appends `set` to `to`: a line for each record, after $ORIGIN if names are
 * relative. */
void publish_zone(const struct record_set *set,
		  const struct export_options *options, struct buf *to);

/*
 * Appends `text` as the strings of a TXT record: in quotes, escaped, and cut
 * into as many strings of at most 255 octets as it takes.
 */
void publish_zone_text(struct span text, struct buf *to);

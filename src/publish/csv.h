/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv - a record set as a table: "Type","Name","Value","Priority".
 *
 * RFC 4180, every field in quotes.  A field that a spreadsheet would take for
 * a formula gets an apostrophe before it.
 *
 * Pure: no I/O, no logging, no clock.
 */
#pragma once

#include "publish/export.h"

/* Appends `set` to `to`: the header, and a line for each record. */
void publish_csv(const struct record_set *set,
		 const struct export_options *options, struct buf *to);

/* Appends one field: quoted, and no formula. */
void publish_csv_field(struct span text, struct buf *to);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export - a record set as a text that an operator's tools can read.
 *
 * One interface: a format has a name, a media type and a function.  To add
 * one is to write a function and its line in export.c.
 *
 * Pure: no I/O, no logging, no clock; allocation only in the given buffer.
 */
#pragma once

#include "identity/records.h"

#define EXPORT_MAX (256 * 1024) /* octets of any export of a set */
#define EXPORT_TTL 3600         /* seconds, where a format wants one */

/* How names are written. */
struct export_options {
	struct span zone; /* apex of the zone that holds the domain, or "" */
	bool relative;    /* names relative to `zone`, if that is known */
};

/* A format. */
struct export_format {
	const char *name;      /* "csv", for -o */
	const char *media;     /* its media type */
	const char *extension; /* of a file's name, without the dot */
	const char *title;     /* for people: "CSV table" */
	/* Appends `set` to `to`. */
	void (*write)(const struct record_set *set,
		      const struct export_options *options, struct buf *to);
};

/* Returns the `i`th format, or NULL: there are no more. */
const struct export_format *export_at(size_t i);

/* Returns the format called `name`, or NULL. */
const struct export_format *export_get(struct span name);

/*
 * Appends the name of `record` as `options` want it: relative, or absolute
 * with a final dot if `dot`.
 */
void export_name(const struct record *record,
		 const struct export_options *options, bool dot,
		 struct buf *to);

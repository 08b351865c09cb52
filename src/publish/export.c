/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/export.h"

#include "publish/csv.h"
#include "publish/json.h"
#include "publish/zone.h"

static const struct export_format formats[] = {
	{"csv", "text/csv; charset=utf-8; header=present", "csv", "CSV table",
	 publish_csv},
	{"zone", "text/dns", "zone", "Zone file (BIND)", publish_zone},
	{"json", "application/json", "json", "JSON", publish_json_write},
};

const struct export_format *
export_at(size_t i)
{
	return i < COUNT(formats) ? &formats[i] : NULL;
}

const struct export_format *
export_get(struct span name)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (span_equal(name, span_of(formats[i].name)))
			return &formats[i];
	return NULL;
}

void
export_name(const struct record *record, const struct export_options *options,
	    bool dot, struct buf *to)
{
	if (options->relative && options->zone.len > 0) {
		record_relative(span_of(record->name), options->zone, to);
		return;
	}
	buf_adds(to, record->name);
	if (dot)
		buf_addc(to, '.');
}

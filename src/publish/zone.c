/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/zone.h"

#define STRING_MAX 255 /* octets of a <character-string> */

static void
write_string(struct span s, struct buf *to)
{
	buf_addc(to, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '\\')
			buf_addf(to, "\\%c", c);
		else if (c < ' ' || c > '~')
			buf_addf(to, "\\%03u", c);
		else
			buf_addc(to, (char)c);
	}
	buf_addc(to, '"');
}

void
publish_zone_text(struct span text, struct buf *to)
{
	do {
		size_t n = text.len < STRING_MAX ? text.len : STRING_MAX;

		write_string(span_sub(text, 0, n), to);
		text = span_skip(text, n);
		if (text.len > 0)
			buf_addc(to, ' ');
	} while (text.len > 0);
}

static void
write_record(const struct record *r, const struct export_options *options,
	     struct buf *to)
{
	export_name(r, options, true, to);
	buf_addf(to, "\t%d\tIN\t%s\t", EXPORT_TTL,
		 dns_type_name((uint16_t)r->type));
	if (r->type == DNS_MX)
		buf_addf(to, "%u %s.", r->priority, r->value);
	else if (r->type == DNS_TXT)
		publish_zone_text(span_of(r->value), to);
	else
		buf_addf(to, "%s.", r->value);
	buf_addc(to, '\n');
}

void
publish_zone(const struct record_set *set, const struct export_options *options,
	     struct buf *to)
{
	if (options->relative && options->zone.len > 0)
		buf_addf(to, "$ORIGIN " SPAN_FMT ".\n",
			 SPAN_ARG(options->zone));
	for (size_t i = 0; i < set->len; i++)
		write_record(&set->record[i], options, to);
}

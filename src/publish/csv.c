/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/csv.h"

void
publish_csv_field(struct span text, struct buf *to)
{
	buf_addc(to, '"');
	if (text.len > 0 && memchr("=+-@\t\r", text.ptr[0], 6) != NULL)
		buf_addc(to, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_addc(to, '"');
		buf_addc(to, text.ptr[i]);
	}
	buf_addc(to, '"');
}

static void
write_record(const struct record *r, const struct export_options *options,
	     struct buf *to)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(STORE_DOMAIN_SIZE);

	export_name(r, options, false, &name);
	publish_csv_field(span_of(dns_type_name((uint16_t)r->type)), to);
	buf_addc(to, ',');
	publish_csv_field(buf_span(&name), to);
	buf_addc(to, ',');
	publish_csv_field(span_of(r->value), to);
	if (r->type == DNS_MX)
		buf_addf(to, ",\"%u\"\r\n", r->priority);
	else
		buf_adds(to, ",\"\"\r\n");
}

void
publish_csv(const struct record_set *set, const struct export_options *options,
	    struct buf *to)
{
	buf_adds(to, "\"Type\",\"Name\",\"Value\",\"Priority\"\r\n");
	for (size_t i = 0; i < set->len; i++)
		write_record(&set->record[i], options, to);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/export.h"

#include "publish/csv.h"
#include "publish/json.h"
#include "publish/zone.h"
#include "unit.h"

static const struct record_set set = {
	.domain = "a.example.org",
	.mail_from = "m.a.example.org",
	.region = "eu-west-2",
	.service_zone = "mail.example",
	.record = {{.purpose = RECORD_DKIM,
		    .type = DNS_CNAME,
		    .name = "t._domainkey.a.example.org",
		    .value = "t.dkim.eu-west-2.mail.example"},
		   {.purpose = RECORD_MAIL_FROM_MX,
		    .type = DNS_MX,
		    .name = "m.a.example.org",
		    .value = "feedback-smtp.eu-west-2.mail.example",
		    .priority = 10},
		   {.purpose = RECORD_MAIL_FROM_SPF,
		    .type = DNS_TXT,
		    .name = "m.a.example.org",
		    .value = "v=spf1 include:mail.example ~all"}},
	.len = 3,
};

static const struct write_row {
	const char *name;
	const char *format;
	const char *zone;
	bool relative;
	const char *want;
} writes[] = {
	{"CSV", "csv", "example.org", false,
	 "\"Type\",\"Name\",\"Value\",\"Priority\"\r\n"
	 "\"CNAME\",\"t._domainkey.a.example.org\","
	 "\"t.dkim.eu-west-2.mail.example\",\"\"\r\n"
	 "\"MX\",\"m.a.example.org\","
	 "\"feedback-smtp.eu-west-2.mail.example\",\"10\"\r\n"
	 "\"TXT\",\"m.a.example.org\","
	 "\"v=spf1 include:mail.example ~all\",\"\"\r\n"},
	{"CSV, relative", "csv", "example.org", true,
	 "\"Type\",\"Name\",\"Value\",\"Priority\"\r\n"
	 "\"CNAME\",\"t._domainkey.a\","
	 "\"t.dkim.eu-west-2.mail.example\",\"\"\r\n"
	 "\"MX\",\"m.a\","
	 "\"feedback-smtp.eu-west-2.mail.example\",\"10\"\r\n"
	 "\"TXT\",\"m.a\","
	 "\"v=spf1 include:mail.example ~all\",\"\"\r\n"},
	{"zone", "zone", "", true,
	 "t._domainkey.a.example.org.\t3600\tIN\tCNAME\t"
	 "t.dkim.eu-west-2.mail.example.\n"
	 "m.a.example.org.\t3600\tIN\tMX\t"
	 "10 feedback-smtp.eu-west-2.mail.example.\n"
	 "m.a.example.org.\t3600\tIN\tTXT\t"
	 "\"v=spf1 include:mail.example ~all\"\n"},
	{"zone, relative", "zone", "a.example.org", true,
	 "$ORIGIN a.example.org.\n"
	 "t._domainkey\t3600\tIN\tCNAME\tt.dkim.eu-west-2.mail.example.\n"
	 "m\t3600\tIN\tMX\t10 feedback-smtp.eu-west-2.mail.example.\n"
	 "m\t3600\tIN\tTXT\t\"v=spf1 include:mail.example ~all\"\n"},
};

static const struct field_row {
	const char *name;
	const char *text;
	const char *want;
} fields[] = {
	{"plain", "a b", "\"a b\""},
	{"nothing", "", "\"\""},
	{"quotes", "say \"a\"", "\"say \"\"a\"\"\""},
	{"a comma and a line end", "a,b\nc", "\"a,b\nc\""},
	{"a formula", "=cmd()", "\"'=cmd()\""},
	{"a plus", "+1", "\"'+1\""},
	{"a minus", "-1", "\"'-1\""},
	{"an at sign", "@", "\"'@\""},
	{"a tab", "\t=1", "\"'\t=1\""},
	{"an equals sign inside", "v=spf1", "\"v=spf1\""},
};

static void
test_write(void **state)
{
	const struct write_row *row = *state;
	CLEANUP(buf_release) struct buf got = BUF_INIT(EXPORT_MAX);
	struct export_options options = {span_of(row->zone), row->relative};

	export_get(span_of(row->format))->write(&set, &options, &got);
	assert_span(buf_span(&got), row->want);
}

static void
test_field(void **state)
{
	const struct field_row *row = *state;
	CLEANUP(buf_release) struct buf got = BUF_INIT(100);

	publish_csv_field(span_of(row->text), &got);
	assert_span(buf_span(&got), row->want);
}

/* A key of 2048 bits has more than 255 octets. */
static void
test_long_text(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	CLEANUP(buf_release) struct buf got = BUF_INIT(2000);

	(void)state;
	for (int i = 0; i < 600; i++)
		buf_addc(&text, "ab"[i % 2]);
	publish_zone_text(buf_span(&text), &got);
	assert_int_equal(got.len, 600 + 3 * 2 + 2);
	assert_int_equal(got.ptr[256], '"');
	assert_memory_equal(got.ptr + 256, "\" \"b", 4);

	buf_clear(&got);
	publish_zone_text(span_sub(buf_span(&text), 0, 255), &got);
	assert_int_equal(got.len, 257);
	buf_clear(&got);
	publish_zone_text(SPAN("\"\\\n\xff"), &got);
	assert_span(buf_span(&got), "\"\\\"\\\\\\010\\255\"");
	buf_clear(&got);
	publish_zone_text(SPAN(""), &got);
	assert_span(buf_span(&got), "\"\"");
}

static void
test_json(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(EXPORT_MAX);
	struct export_options options = {SPAN("example.org"), false};
	struct record_set got;
	struct error error;

	(void)state;
	publish_json_write(&set, &options, &text);
	assert_true(
		span_search(buf_span(&text),
			    SPAN("\"relative_name\": \"t._domainkey.a\"")) !=
		SPAN_NONE);
	assert_true(publish_json_parse(buf_span(&text), &got, &error));
	assert_string_equal(got.domain, set.domain);
	assert_string_equal(got.mail_from, set.mail_from);
	assert_string_equal(got.region, set.region);
	assert_string_equal(got.service_zone, set.service_zone);
	assert_int_equal(got.len, set.len);
	for (size_t i = 0; i < set.len; i++) {
		assert_int_equal(got.record[i].purpose, set.record[i].purpose);
		assert_int_equal(got.record[i].type, set.record[i].type);
		assert_int_equal(got.record[i].priority,
				 set.record[i].priority);
		assert_string_equal(got.record[i].name, set.record[i].name);
		assert_string_equal(got.record[i].value, set.record[i].value);
	}
}

static const struct parse_row {
	const char *name;
	const char *text;
	bool want;
} parses[] = {
	{"the least", "{\"domain\":\"a.b\",\"records\":[]}", true},
	{"a final dot and members besides",
	 "{\"domain\":\"a.b.\",\"x\":1,\"records\":[{\"purpose\":\"dkim\","
	 "\"name\":\"c.a.b.\",\"type\":\"cname\",\"value\":\"d.\",\"y\":[]}]}",
	 true},
	{"no JSON", "domain", false},
	{"no domain", "{\"records\":[]}", false},
	{"no records", "{\"domain\":\"a.b\"}", false},
	{"an unknown purpose",
	 "{\"domain\":\"a.b\",\"records\":[{\"purpose\":\"x\","
	 "\"name\":\"c\",\"type\":\"MX\",\"value\":\"d\"}]}",
	 false},
	{"a type that its purpose has not",
	 "{\"domain\":\"a.b\",\"records\":[{\"purpose\":\"dkim\","
	 "\"name\":\"c\",\"type\":\"MX\",\"value\":\"d\"}]}",
	 false},
	{"a name that is none",
	 "{\"domain\":\"a.b\",\"records\":[{\"purpose\":\"dkim\","
	 "\"name\":\"c..b\",\"type\":\"TXT\",\"value\":\"d\"}]}",
	 false},
	{"an unknown type",
	 "{\"domain\":\"a.b\",\"records\":[{\"purpose\":\"dkim\","
	 "\"name\":\"c\",\"type\":\"A\",\"value\":\"d\"}]}",
	 false},
	{"no value",
	 "{\"domain\":\"a.b\",\"records\":[{\"purpose\":\"dkim\","
	 "\"name\":\"c\",\"type\":\"MX\",\"value\":\"\"}]}",
	 false},
	{"a record that is no object", "{\"domain\":\"a.b\",\"records\":[[]]}",
	 false},
};

static void
test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct record_set got = {.len = 77};
	struct error error;

	assert_int_equal(publish_json_parse(span_of(row->text), &got, &error),
			 row->want);
	if (!row->want) {
		assert_int_equal(error.code, ERROR_BAD_REQUEST);
		assert_int_equal(got.len, 77);
		return;
	}
	assert_string_equal(got.domain, "a.b");
	if (got.len > 0) {
		assert_string_equal(got.record[0].name, "c.a.b");
		assert_string_equal(got.record[0].value, "d");
	}
}

static void
test_too_many(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(8192);
	struct record_set got;
	struct error error;

	(void)state;
	buf_adds(&text, "{\"domain\":\"a.b\",\"records\":[");
	for (int i = 0; i <= RECORDS_MAX; i++)
		buf_addf(&text,
			 "%s{\"purpose\":\"dkim\",\"name\":\"c\","
			 "\"type\":\"TXT\",\"value\":\"d\"}",
			 i > 0 ? "," : "");
	buf_adds(&text, "]}");
	assert_false(publish_json_parse(buf_span(&text), &got, &error));
}

static void
test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; export_at(i) != NULL; i++)
		assert_ptr_equal(export_get(span_of(export_at(i)->name)),
				 export_at(i));
	assert_null(export_get(SPAN("xml")));
}

int
main(void)
{
	UNIT_ROWS(test_write, writes);
	UNIT_ROWS(test_field, fields);
	UNIT(test_long_text);
	UNIT(test_json);
	UNIT_ROWS(test_parse, parses);
	UNIT(test_too_many);
	UNIT(test_formats);
	return unit_run("publish/export");
}

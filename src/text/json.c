/* SPDX-License-Identifier: Apache-2.0 */
#include "text/json.h"

#include <assert.h>
#include <stdio.h>

#include "base/mem.h"

/* Fifteen digits hold a time in milliseconds, and print as it was given. */
#define FORMAT (JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

static enum json_status
fault_set(struct json_fault *fault, enum json_status status, size_t offset,
	  const char *text)
{
	if (fault != NULL) {
		fault->offset = offset;
		snprintf(fault->text, sizeof(fault->text), "%s", text);
	}
	return status;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Returns the place of the quote that ends the string begun before `at`. */
static size_t
string_end(struct span text, size_t at)
{
	while (at < text.len && text.ptr[at] != '"')
		at += text.ptr[at] == '\\' ? 2 : 1;
	return at;
}

/*
 * Bounds depth and number of values without recursion.  It knows of strings
 * only where they end, and nothing of the rest: jansson judges that.
 */
static enum json_status
scan(struct span text, struct json_fault *reterr)
{
	size_t depth = 0, values = 0, at = 0;
	bool any = false;

	for (at = 0; at < text.len; at++) {
		char c = text.ptr[at];

		any = any || !is_space(c);
		if (c == '"') {
			at = string_end(text, at + 1);
		} else if (c == '[' || c == '{') {
			if (++depth > JSON_DEPTH_MAX)
				return fault_set(reterr, JSON_TOO_DEEP, at,
						 "nested too deep");
			values++;
		} else if (c == ']' || c == '}') {
			depth -= depth > 0;
		} else if (c == ',') {
			values++;
		}
		if (values > JSON_VALUES_MAX)
			return fault_set(reterr, JSON_TOO_MANY, at,
					 "too many values");
	}
	if (!any)
		return fault_set(reterr, JSON_EMPTY, 0, "there is no JSON");
	return JSON_OK;
}

enum json_status
json_parse(struct span text, size_t max, json_t **ret,
	   struct json_fault *reterr)
{
	enum json_status status;
	json_error_t error;
	json_t *json;

	if (text.len > max)
		return fault_set(reterr, JSON_TOO_BIG, max, "too long");
	status = scan(text, reterr);
	if (status != JSON_OK)
		return status;
	json = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL) {
		size_t at = error.position > 0 ? (size_t)error.position : 0;

		return fault_set(reterr, JSON_BAD,
				 at > text.len ? text.len : at, error.text);
	}
	*ret = json;
	return JSON_OK;
}

static int
append(const char *bytes, size_t len, void *to)
{
	return buf_add(to, span_bytes(bytes, len)) ? 0 : -1;
}

bool
json_format(const json_t *json, struct buf *to)
{
	return json_dump_callback(json, append, to, JSON_COMPACT | FORMAT) == 0;
}

bool
json_format_pretty(const json_t *json, struct buf *to)
{
	return json_dump_callback(json, append, to, JSON_INDENT(2) | FORMAT) ==
	       0;
}

json_t *
json_get(const json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	return json_is_null(member) ? NULL : member;
}

struct span
json_text(const json_t *string)
{
	if (!json_is_string(string))
		return SPAN("");
	return span_bytes(json_string_value(string),
			  json_string_length(string));
}

bool
json_get_text(const json_t *object, const char *name, struct span *ret)
{
	const json_t *member = json_object_get(object, name);

	if (!json_is_string(member))
		return false;
	*ret = json_text(member);
	return true;
}

bool
json_get_int(const json_t *object, const char *name, int64_t *ret)
{
	const json_t *member = json_object_get(object, name);

	if (!json_is_integer(member))
		return false;
	*ret = json_integer_value(member);
	return true;
}

bool
json_get_bool(const json_t *object, const char *name, bool *ret)
{
	const json_t *member = json_object_get(object, name);

	if (!json_is_boolean(member))
		return false;
	*ret = json_is_true(member);
	return true;
}

json_t *
json_get_array(const json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	return json_is_array(member) ? member : NULL;
}

json_t *
json_get_object(const json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	return json_is_object(member) ? member : NULL;
}

static json_t *
exhausting(json_t *json)
{
	if (json == NULL)
		mem_exhausted();
	return json;
}

json_t *
json_object_new(void)
{
	return exhausting(json_object());
}

json_t *
json_array_new(void)
{
	return exhausting(json_array());
}

/*
 * Returns how many octets the well-formed UTF-8 character at the start of
 * `s` has (Unicode table 3-7), 0 if there is none or it is NUL.
 */
static size_t
utf8_length(struct span s)
{
	uint8_t first = (uint8_t)s.ptr[0];
	uint8_t low = 0x80, high = 0xbf;
	size_t len;

	if (first < 0x80)
		return first > 0;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	if (s.len < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		uint8_t c = (uint8_t)s.ptr[i];

		if (c < low || c > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return len;
}

json_t *
json_text_new(struct span s)
{
	CLEANUP(buf_release) struct buf clean = BUF_INIT(s.len * 3 + 1);

	while (s.len > 0) {
		size_t len = utf8_length(s);

		if (len > 0)
			buf_add(&clean, span_sub(s, 0, len));
		else
			buf_adds(&clean, "\xef\xbf\xbd");
		s = span_skip(s, len > 0 ? len : 1);
	}
	return exhausting(json_stringn_nocheck(clean.ptr, clean.len));
}

void
json_put(json_t *object, const char *name, json_t *value)
{
	assert(json_is_object(object) && value != NULL);
	if (json_object_set_new_nocheck(object, name, value) != 0)
		mem_exhausted();
}

void
json_put_text(json_t *object, const char *name, struct span text)
{
	json_put(object, name, json_text_new(text));
}

void
json_puts(json_t *object, const char *name, const char *text)
{
	json_put(object, name, json_text_new(span_of(text)));
}

void
json_put_int(json_t *object, const char *name, int64_t number)
{
	json_put(object, name, exhausting(json_integer(number)));
}

void
json_put_bool(json_t *object, const char *name, bool truth)
{
	json_put(object, name, json_boolean(truth));
}

void
json_put_time(json_t *object, const char *name, int64_t time)
{
	if (time % 1000 == 0)
		json_put_int(object, name, time / 1000);
	else
		json_put(object, name,
			 exhausting(json_real((double)time / 1000)));
}

void
json_add(json_t *array, json_t *value)
{
	assert(json_is_array(array) && value != NULL);
	if (json_array_append_new(array, value) != 0)
		mem_exhausted();
}

void
json_add_text(json_t *array, struct span text)
{
	json_add(array, json_text_new(text));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int http;
	int smtp;
	const char *enhanced;
	const char *slug;
} codes[ERROR_CODE_COUNT] = {
	[ERROR_NONE] = {200, 250, "2.0.0", "None"},
#define X(name, http, smtp, enhanced, slug)                                    \
	[ERROR_##name] = {http, smtp, enhanced, slug},
#include "base/error.def"
#undef X
};

bool
error_setv(struct error *err, enum error_code code, const char *format,
	   va_list args)
{
	char text[ERROR_TEXT_MAX];

	assert(code != ERROR_NONE);
	vsnprintf(text, sizeof(text), format, args);
	err->code = code;
	memcpy(err->text, text, sizeof(text));
	return false;
}

bool
error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	error_setv(err, code, format, args);
	va_end(args);
	return false;
}

bool
error_prefix(struct error *err, const char *format, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list args;
	size_t len, rest;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	len = strlen(text);
	rest = strnlen(err->text, sizeof(err->text));
	if (rest > sizeof(text) - 1 - len)
		rest = sizeof(text) - 1 - len;
	memcpy(text + len, err->text, rest);
	text[len + rest] = '\0';
	memcpy(err->text, text, len + rest + 1);
	return false;
}

int
error_http_status(enum error_code code)
{
	return codes[code].http;
}

int
error_smtp_reply(enum error_code code)
{
	return codes[code].smtp;
}

const char *
error_smtp_enhanced(enum error_code code)
{
	return codes[code].enhanced;
}

const char *
error_slug(enum error_code code)
{
	return codes[code].slug;
}

enum error_code
error_from_slug(const char *slug)
{
	for (int i = ERROR_NONE + 1; i < ERROR_CODE_COUNT; i++)
		if (strcmp(codes[i].slug, slug) == 0)
			return (enum error_code)i;
	return ERROR_NONE;
}

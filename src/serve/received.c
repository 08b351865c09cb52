/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/received.h"

#include "mailauth/report_authres.h"
#include "sending/report_json.h"
#include "text/date.h"

/* Octets of one text of a report that does not fit, in each try. */
static const size_t text_max[] = {2048, 512, 128, 48};

/* ---- Authentication-Results ---- */

static void
put_results(const struct received *r, struct buf *to)
{
	buf_adds(to, "Authentication-Results: ");
	report_authres(r->report, r->receiver, to);
	buf_adds(to, "\r\n");
}

/* ---- Received ---- */

/* Puts a name that a stranger gave, without what has a meaning there. */
static void
put_name(struct span name, struct buf *to)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = span_lower(name.ptr[i]);
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			     c == '.' || c == '-' || c == ':' || c == '[' ||
			     c == ']' || c == '_';

		buf_addc(to, plain ? name.ptr[i] : '?');
	}
	if (name.len == 0)
		buf_adds(to, "unknown");
}

/* RFC 5321 section 4.4; the protocol's names are of RFC 3848. */
static void
put_received(const struct received *r, struct buf *to)
{
	const struct report_transport *t = &r->report->transport;
	struct spf_ip_text ip = spf_ip_format(&t->ip);
	const char *with = "SMTP";

	if (r->extended)
		with = r->tls ? "ESMTPS" : "ESMTP";
	buf_adds(to, "Received: from ");
	put_name(t->helo, to);
	buf_addf(to, " ([%s%s])\r\n\tby " SPAN_FMT " with %s;\r\n\t%s\r\n",
		 t->ip.v6 ? "IPv6:" : "", ip.s, SPAN_ARG(r->receiver), with,
		 date_mail_format(t->received).s);
}

bool
received_message(const struct received *r, struct buf *to)
{
	struct span rest = span_skip(r->text, r->header->size);

	buf_addf(to, "Return-Path: <" SPAN_FMT ">\r\n",
		 SPAN_ARG(path_text(&r->sender)));
	put_results(r, to);
	put_received(r, to);
	authres_strip(r->header, r->receiver, to);
	/* size counts the empty line too, if there is one */
	if (span_ends(span_head(r->text, r->header->size), SPAN("\r\n\r\n")) ||
	    span_equal(span_head(r->text, r->header->size), SPAN("\r\n")))
		buf_adds(to, "\r\n");
	return buf_add(to, rest) && !to->full;
}

/* ---- the verdict ---- */

static json_t *shorten(const json_t *json, size_t max);

static json_t *
shorten_text(const json_t *json, size_t max)
{
	struct span text = json_text(json);

	if (text.len <= max)
		return json_text_new(text);
	while (max > 0 && ((unsigned char)text.ptr[max] & 0xc0) == 0x80)
		max--;
	return json_text_new(span_head(text, max));
}

static json_t *
shorten_object(const json_t *json, size_t max)
{
	json_t *made = json_object_new();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, name, value)
		json_put(made, name, shorten(value, max));
	return made;
}

static json_t *
shorten_array(const json_t *json, size_t max)
{
	json_t *made = json_array_new();

	for (size_t i = 0; i < json_array_size(json); i++)
		json_add(made, shorten(json_array_get(json, i), max));
	return made;
}

/* Returns a copy of `json` whose texts have at most `max` octets. */
static json_t *
shorten(const json_t *json, size_t max)
{
	if (json_is_string(json))
		return shorten_text(json, max);
	if (json_is_object(json))
		return shorten_object(json, max);
	if (json_is_array(json))
		return shorten_array(json, max);
	return json_deep_copy(json);
}

/* As json_format(), but a text that does not fit leaves nothing. */
static bool
put_json(const json_t *json, struct buf *to)
{
	size_t before = to->len;

	if (json_format(json, to) && !to->full)
		return true;
	buf_truncate(to, before);
	to->full = false;
	return false;
}

bool
received_json(const struct report *report, struct buf *to)
{
	CLEANUP(json_decrefp) json_t *json = report_json(report);

	if (put_json(json, to))
		return true;
	json_put_bool(json, "truncated", true);
	for (size_t i = 0; i < COUNT(text_max); i++) {
		CLEANUP(json_decrefp)
		json_t *less = shorten(json, text_max[i]);

		if (put_json(less, to))
			return true;
	}
	return false;
}

/* ---- texts of strangers ---- */

/* How many octets the UTF-8 character has that begins with `c`. */
static size_t
octets_of(unsigned char c)
{
	if (c < 0xc0)
		return 1;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

void
received_clean(struct span text, size_t max, struct buf *to)
{
	size_t from = to->len;
	bool space = false;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c <= ' ' || c == 0x7f) {
			space = to->len > from;
			continue;
		}
		if (to->len - from + space + octets_of(c) > max)
			break;
		if (space)
			buf_addc(to, ' ');
		space = false;
		buf_addc(to, (char)c);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/compose_mime.h"

#include <pthread.h>
#include <stdlib.h>

#include <gmime/gmime.h>

#include "base/mem.h"
#include "text/crlf.h"

#define PLAIN_LINE_MAX 998 /* octets of a line that needs no encoding */

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* GMime's tables, made once in a process. */
static void
start(void)
{
	pthread_once(&once, g_mime_init);
}

static void
object_unref(GMimeObject **object)
{
	if (*object != NULL)
		g_object_unref(*object);
}

static void
string_free(char **s)
{
	free(*s);
}

/* How a text is encoded: as little as it allows. */
static GMimeContentEncoding
encoding_of(struct span text)
{
	size_t high = 0, line = 0, longest = 0;

	for (size_t i = 0; i < text.len; i++) {
		high += (text.ptr[i] & 0x80) != 0;
		line = text.ptr[i] == '\n' ? 0 : line + 1;
		if (line > longest)
			longest = line;
	}
	if (high == 0 && longest <= PLAIN_LINE_MAX)
		return GMIME_CONTENT_ENCODING_7BIT;
	/* Quoted-printable makes three octets of one, base64 four of three. */
	return high > text.len / 6 ? GMIME_CONTENT_ENCODING_BASE64
				   : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

/* Gives `part` the content `bytes`, which are copied. */
static void
set_content(GMimePart *part, struct span bytes, GMimeContentEncoding encoding)
{
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
	GMimeDataWrapper *wrapper = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, wrapper);
	g_mime_part_set_content_encoding(part, encoding);
	g_object_unref(wrapper);
	g_object_unref(stream);
}

/* Appends `text` with LF for whatever line ends it has. */
static void
put_lines(struct span text, struct buf *to)
{
	while (text.len > 0) {
		size_t run = span_find(text, '\r');

		if (run == SPAN_NONE)
			run = text.len;
		buf_add(to, span_sub(text, 0, run));
		if (run < text.len &&
		    (run + 1 == text.len || text.ptr[run + 1] != '\n'))
			buf_addc(to, '\n');
		text = span_skip(text, run + 1);
	}
}

/* Makes the part of a text; NULL if it is not legal. */
static GMimeObject *
text_part(const char *subtype, struct span text, struct error *reterr)
{
	CLEANUP(buf_release) struct buf lines = BUF_INIT(COMPOSE_SIZE_MAX);
	CLEANUP(buf_release) struct buf whole = BUF_INIT(COMPOSE_SIZE_MAX);
	GMimeContentEncoding encoding;
	GMimeTextPart *part;

	if (!g_utf8_validate(text.ptr, (gssize)text.len, NULL)) {
		error_set(reterr, ERROR_BAD_REQUEST,
			  "The %s body is not UTF-8, or has a NUL.", subtype);
		return NULL;
	}
	put_lines(text, &lines);
	encoding = encoding_of(buf_span(&lines));
	/* The writer makes CRLF of LF; what is in base64 it does not see
	 * (RFC 2045 s6.8: line breaks are CRLF before the encoding). */
	if (lines.full || (encoding == GMIME_CONTENT_ENCODING_BASE64 &&
			   !crlf_normalise(buf_span(&lines), &whole))) {
		error_set(reterr, ERROR_TOO_LARGE, "The %s body is too long.",
			  subtype);
		return NULL;
	}
	part = g_mime_text_part_new_with_subtype(subtype);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset",
						 "utf-8");
	set_content(GMIME_PART(part), buf_span(whole.len > 0 ? &whole : &lines),
		    encoding);
	return GMIME_OBJECT(part);
}

/* Whether `text` is printable ASCII. */
static bool
is_printable(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return false;
	return true;
}

/* Whether `text` is UTF-8 without control characters, C1 included. */
static bool
is_clean(struct span text)
{
	const char *p = text.ptr;

	if (!g_utf8_validate(p, (gssize)text.len, NULL))
		return false;
	for (; p < text.ptr + text.len; p += g_utf8_skip[(uint8_t)*p])
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return false;
	return true;
}

/* Whether `text` may stand between "<" and ">" of Content-ID; or is "". */
static bool
is_content_id(struct span text)
{
	return text.len <= 78 && is_printable(text) &&
	       span_find(text, ' ') == SPAN_NONE &&
	       span_find(text, '<') == SPAN_NONE &&
	       span_find(text, '>') == SPAN_NONE;
}

/* Whether `text` is the type of a leaf, not of more MIME; or is "". */
static bool
is_leaf_type(struct span text)
{
	if (text.len == 0)
		return true;
	return text.len <= 78 && is_printable(text) &&
	       span_find(text, '/') != SPAN_NONE &&
	       !span_starts_nocase(text, SPAN("multipart/")) &&
	       !span_starts_nocase(text, SPAN("message/"));
}

static bool
check_attachment(const struct compose_attachment *a, struct error *reterr)
{
	if (a->file_name.len == 0 || a->file_name.len > 255 ||
	    !is_clean(a->file_name))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "An attachment's FileName is not legal.");
	if (a->description.len > 1000 || !is_clean(a->description))
		return error_set(
			reterr, ERROR_BAD_REQUEST,
			"An attachment's ContentDescription is not legal.");
	if (!is_content_id(a->content_id))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "An attachment's ContentId is not legal.");
	if (!is_leaf_type(a->content_type))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "An attachment's ContentType is not legal.");
	return true;
}

static GMimeObject *
attachment_part(const struct compose_attachment *a, struct error *reterr)
{
	CLEANUP(string_free)
	char *type = mem_string(a->content_type.len > 0
					? a->content_type
					: SPAN("application/octet-stream"));
	CLEANUP(string_free) char *name = mem_string(a->file_name);
	CLEANUP(string_free) char *id = mem_string(a->content_id);
	CLEANUP(string_free) char *description = mem_string(a->description);
	GMimeContentType *content_type;
	GMimePart *part;

	if (!check_attachment(a, reterr))
		return NULL;
	part = g_mime_part_new();
	content_type = g_mime_content_type_parse(NULL, type);
	g_mime_object_set_content_type(GMIME_OBJECT(part), content_type);
	g_object_unref(content_type);
	g_mime_object_set_disposition(GMIME_OBJECT(part),
				      a->is_inline ? "inline" : "attachment");
	g_mime_part_set_filename(part, name);
	if (a->content_id.len > 0)
		g_mime_object_set_content_id(GMIME_OBJECT(part), id);
	if (a->description.len > 0)
		g_mime_part_set_content_description(part, description);
	set_content(part, a->bytes, GMIME_CONTENT_ENCODING_BASE64);
	return GMIME_OBJECT(part);
}

/* A multipart with the boundary `boundary` and `suffix`. */
static GMimeObject *
multipart(const char *subtype, struct span boundary, const char *suffix)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(70);
	GMimeMultipart *m = g_mime_multipart_new_with_subtype(subtype);

	buf_add(&b, boundary);
	buf_adds(&b, suffix);
	g_mime_multipart_set_boundary(m, b.ptr);
	return GMIME_OBJECT(m);
}

/* Adds *part to `to`; false if there is none. */
static bool
add_part(GMimeObject *to, GMimeObject *part)
{
	if (part == NULL)
		return false;
	g_mime_multipart_add(GMIME_MULTIPART(to), part);
	g_object_unref(part);
	return true;
}

/* The text or texts; NULL if one is not legal. */
static GMimeObject *
texts(const struct compose_simple *content, struct span boundary,
      struct error *reterr)
{
	CLEANUP(object_unref) GMimeObject *both = NULL;

	if (!content->has_html)
		return text_part("plain", content->text, reterr);
	if (!content->has_text)
		return text_part("html", content->html, reterr);
	both = multipart("alternative", boundary, "-a");
	if (!add_part(both, text_part("plain", content->text, reterr)) ||
	    !add_part(both, text_part("html", content->html, reterr)))
		return NULL;
	return take_ptr(&both);
}

static GMimeObject *
everything(const struct compose_simple *content, struct span boundary,
	   struct error *reterr)
{
	CLEANUP(object_unref) GMimeObject *all = NULL;

	if (content->attachments == 0)
		return texts(content, boundary, reterr);
	all = multipart("mixed", boundary, "-m");
	if (!add_part(all, texts(content, boundary, reterr)))
		return NULL;
	for (size_t i = 0; i < content->attachments; i++)
		if (!add_part(all,
			      attachment_part(&content->attachment[i], reterr)))
			return NULL;
	return take_ptr(&all);
}

/* Appends what GMime writes of `object`, lines ended by CRLF. */
static void
put_object(GMimeObject *object, struct buf *to)
{
	GMimeFormatOptions *options = g_mime_format_options_new();
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;

	g_mime_format_options_set_newline_format(options,
						 GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(object, options, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	buf_add(to, span_bytes(bytes->data, bytes->len));
	g_object_unref(stream);
	g_mime_format_options_free(options);
}

bool
compose_mime(const struct compose_simple *content, struct span boundary,
	     struct buf *to, struct error *reterr)
{
	CLEANUP(object_unref) GMimeObject *object = NULL;

	if (!content->has_text && !content->has_html)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The message has neither a Text nor an Html "
				 "body.");
	if (content->attachments > COMPOSE_ATTACHMENTS_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The message has more than %d attachments.",
				 COMPOSE_ATTACHMENTS_MAX);
	start();
	object = everything(content, boundary, reterr);
	if (object == NULL)
		return false;
	buf_adds(to, "MIME-Version: 1.0\r\n");
	put_object(object, to);
	if (to->full)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The message is longer than %zu octets.",
				 COMPOSE_SIZE_MAX);
	return true;
}

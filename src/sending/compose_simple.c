/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "sending/compose.h"
#include "sending/compose_mime.h"
#include "text/base64.h"
#include "text/date.h"
#include "text/header.h"

#define COLUMNS  76  /* after which a line is folded, where it may be */
#define WORD_MAX 900 /* octets without a space in a field */
/*
 * Octets in an encoded-word: with the longest name of a field that has them
 * it fits a line of 76 characters (RFC 2047 section 2).
 */
#define ENCODED_MAX 39

/* Fields that are ours to write, or nobody's to add (SES has such a list). */
static const char *const reserved[] = {
	"From",
	"To",
	"Cc",
	"Bcc",
	"Reply-To",
	"Subject",
	"Date",
	"Message-ID",
	"MIME-Version",
	"Return-Path",
	"Sender",
	"Received",
	"Feedback-ID",
	"DKIM-Signature",
	"DKIM2-Signature",
	"Authentication-Results",
};

/* Beginnings of such fields. */
static const char *const reserved_prefix[] = {
	"Content-",
	"Resent-",
	"X-SES-",
	"ARC-",
};

static bool
is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

/* Whether there is a control character in `text`, C1 of UTF-8 included. */
static bool
has_control(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_control((unsigned char)text.ptr[i]))
			return true;
		if (text.ptr[i] == '\xc2' && i + 1 < text.len &&
		    (unsigned char)text.ptr[i + 1] >= 0x80 &&
		    (unsigned char)text.ptr[i + 1] < 0xa0)
			return true;
	}
	return false;
}

static bool
is_ascii(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.ptr[i] & 0x80) != 0)
			return false;
	return true;
}

/*
 * Puts `text`, UTF-8, in encoded-words (RFC 2047), cut between characters
 * and a space apart: white space between them does not count.
 */
static void
put_encoded(struct buf *to, struct span text)
{
	while (text.len > 0) {
		size_t n = text.len < ENCODED_MAX ? text.len : ENCODED_MAX;

		while (n < text.len && n > ENCODED_MAX - 4 &&
		       (text.ptr[n] & 0xc0) == 0x80)
			n--;
		buf_adds(to, "=?utf-8?B?");
		base64_encode(span_sub(text, 0, n), to);
		text = span_skip(text, n);
		buf_adds(to, text.len > 0 ? "?= " : "?=");
	}
}

bool
compose_mailbox(struct span text, const char *what, struct arena *arena,
		struct mailbox *ret, struct error *reterr)
{
	struct address_list list;
	size_t offset;
	enum address_status status;

	if (text.len > COMPOSE_ADDRESS_TEXT_MAX || has_control(text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s is too long or has a control character.",
				 what);
	status = address_list_parse(text, arena, &list, &offset);
	if (status != ADDRESS_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s is no address: %s.", what,
				 address_strerror(status));
	if (list.len != 1 || list.groups > 0 || list.mailbox[0].route)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s must be exactly one address.", what);
	if (list.mailbox[0].address.utf8)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s is not ASCII: write its domain in "
				 "Punycode.",
				 what);
	*ret = list.mailbox[0];
	return true;
}

/*
 * Puts a field, folded before spaces.  The value is ASCII without control
 * characters, so nothing in it can end the field.
 */
static bool
put_field(struct buf *to, const char *name, struct span value,
	  struct error *reterr)
{
	size_t column = strlen(name) + 2;
	size_t at = 0;

	buf_addf(to, "%s: ", name);
	while (at < value.len) {
		size_t end = at;

		while (end < value.len && value.ptr[end] == ' ')
			end++;
		while (end < value.len && value.ptr[end] != ' ')
			end++;
		if (end - at > WORD_MAX)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The header field %s has a word of "
					 "more than %d octets.",
					 name, WORD_MAX);
		if (at > 0 && column + (end - at) > COLUMNS &&
		    value.ptr[end - 1] != ' ') {
			buf_adds(to, "\r\n");
			column = 0;
		}
		buf_add(to, span_sub(value, at, end));
		column += end - at;
		at = end;
	}
	buf_adds(to, "\r\n");
	return true;
}

/* The text of a mailbox as it stands in a field. */
static void
put_mailbox(struct buf *to, struct span text, const struct mailbox *box)
{
	if (is_ascii(text)) {
		/* As it was given: an encoded-word in it stays one. */
		buf_add(to, span_trim(text));
		return;
	}
	put_encoded(to, box->display);
	buf_addf(to, " <%s>", box->address.text);
}

/* Puts a field of mailboxes, and them into *ret if that is not NULL. */
static bool
put_mailboxes(struct buf *to, const char *name, const struct span *text,
	      size_t count, struct arena *arena, struct mailbox *ret,
	      struct error *reterr)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);

	for (size_t i = 0; i < count; i++) {
		struct mailbox box;

		if (!compose_mailbox(text[i], name, arena, &box, reterr))
			return false;
		if (i > 0)
			buf_adds(&b, ", ");
		put_mailbox(&b, text[i], &box);
		if (ret != NULL)
			ret[i] = box;
	}
	if (b.full)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s has too many addresses.", name);
	return count == 0 || put_field(to, name, buf_span(&b), reterr);
}

static bool
is_token(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] < '!' || name.ptr[i] > '~' ||
		    name.ptr[i] == ':')
			return false;
	return name.len > 0;
}

static bool
is_reserved(struct span name)
{
	for (size_t i = 0; i < COUNT(reserved); i++)
		if (span_equal_nocase(name, span_of(reserved[i])))
			return true;
	for (size_t i = 0; i < COUNT(reserved_prefix); i++)
		if (span_starts_nocase(name, span_of(reserved_prefix[i])))
			return true;
	return false;
}

/* Puts the fields that the caller adds. */
static bool
put_headers(struct buf *to, const struct compose_simple *content,
	    struct error *reterr)
{
	if (content->headers > COMPOSE_HEADERS_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There are more than %d Headers.",
				 COMPOSE_HEADERS_MAX);
	for (size_t i = 0; i < content->headers; i++) {
		const struct compose_header *h = &content->header[i];
		char name[COMPOSE_NAME_MAX + 1];

		if (h->name.len > COMPOSE_NAME_MAX || !is_token(h->name))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The name of header %zu is not legal.",
					 i + 1);
		memcpy(name, h->name.ptr, h->name.len);
		name[h->name.len] = '\0';
		if (is_reserved(h->name))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The header '%s' cannot be set.",
					 name);
		if (h->value.len == 0 || h->value.len > COMPOSE_VALUE_MAX ||
		    !is_ascii(h->value) || has_control(h->value))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The value of the header '%s' is not "
					 "legal.",
					 name);
		for (size_t k = 0; k < i; k++)
			if (span_equal_nocase(content->header[k].name, h->name))
				return error_set(reterr, ERROR_BAD_REQUEST,
						 "Duplicate header '%s'.",
						 name);
		if (!put_field(to, name, h->value, reterr))
			return false;
	}
	return true;
}

static bool
put_subject(struct buf *to, struct span subject, struct error *reterr)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(16 * COMPOSE_SUBJECT_MAX);
	struct span plain = span_trim(subject);

	if (subject.len > COMPOSE_SUBJECT_MAX || has_control(subject))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The Subject is too long or has a control "
				 "character.");
	if (is_ascii(plain))
		buf_add(&b, plain);
	else
		put_encoded(&b, plain);
	return put_field(to, "Subject", buf_span(&b), reterr);
}

/* Puts From, To, Cc and Reply-To, and learns who they are. */
static bool
put_people(struct buf *to, const struct compose_simple *content,
	   struct arena *arena, struct composed *ret, struct error *reterr)
{
	size_t count = content->tos + content->ccs;
	struct mailbox from;
	struct mailbox *box = NULL;

	if (count > ADDRESS_LIST_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There are too many recipients.");
	box = arena_array(arena, count + 1, sizeof(*box));
	if (box == NULL)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There are too many recipients.");
	if (!put_mailboxes(to, "From", &content->from, 1, arena, &from,
			   reterr) ||
	    !put_mailboxes(to, "To", content->to, content->tos, arena, box,
			   reterr) ||
	    !put_mailboxes(to, "Cc", content->cc, content->ccs, arena,
			   box + content->tos, reterr) ||
	    !put_mailboxes(to, "Reply-To", content->reply_to,
			   content->reply_tos, arena, NULL, reterr))
		return false;
	/* RFC 5322 s3.6.3 does not ask for it; a signature that covers a To
	 * is worth less to whoever would send it to others again. */
	if (count == 0)
		buf_adds(to, "To: undisclosed-recipients:;\r\n");
	ret->from = from.address;
	ret->recipients = (struct address_list){box, count, 0};
	return true;
}

bool
compose_simple(const struct compose_simple *content,
	       const struct compose_stamp *stamp, struct arena *arena,
	       struct buf *to, struct composed *ret, struct error *reterr)
{
	struct composed composed = {
		.configuration_set = SPAN(""),
		.tags = SPAN(""),
		.subject = content->subject,
	};

	assert(stamp->boundary.len > 0 && stamp->boundary.len <= 60);
	if (!put_people(to, content, arena, &composed, reterr) ||
	    !put_subject(to, content->subject, reterr) ||
	    !put_headers(to, content, reterr))
		return false;
	buf_addf(to, "Message-ID: <" SPAN_FMT ">\r\n",
		 SPAN_ARG(stamp->message_id));
	buf_addf(to, "Date: %s\r\n", date_mail_format(stamp->now).s);
	if (stamp->feedback_id.len > 0)
		buf_addf(to, "Feedback-ID: " SPAN_FMT "\r\n",
			 SPAN_ARG(stamp->feedback_id));
	if (!compose_mime(content, stamp->boundary, to, reterr))
		return false;
	if (to->len > COMPOSE_SIZE_MAX)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The message is longer than %zu octets.",
				 COMPOSE_SIZE_MAX);
	*ret = composed;
	return true;
}

bool
compose_preview(const struct compose_simple *content, int64_t now,
		struct span boundary, struct buf *to, struct error *reterr)
{
	buf_addf(to, "Date: %s\r\n", date_mail_format(now).s);
	if (!put_subject(to, content->subject, reterr) ||
	    !compose_mime(content, boundary, to, reterr))
		return false;
	return !to->full ||
	       error_set(reterr, ERROR_TOO_LARGE,
			 "The message is longer than %zu octets.", to->limit);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/compose.h"

#include "text/crlf.h"
#include "text/date.h"
#include "text/header.h"

/* Fields that a message may have once only (RFC 5322 s3.6, RFC 2045). */
static const char *const single[] = {
	"From",
	"Sender",
	"Reply-To",
	"To",
	"Cc",
	"Bcc",
	"Subject",
	"Date",
	"Message-ID",
	"In-Reply-To",
	"References",
	"MIME-Version",
	"Content-Type",
	"Content-Transfer-Encoding",
	"Content-Disposition",
	"Content-ID",
	"Content-Description",
	"Return-Path",
	"List-Unsubscribe",
	"List-Unsubscribe-Post",
	"Feedback-ID",
	"X-SES-CONFIGURATION-SET",
};

/* Fields that hold addresses, and what they are for. */
enum use {
	USE_NONE,
	USE_SENDER,    /* must be authorised */
	USE_RECIPIENT, /* is sent to, if the call does not say to whom */
};

static const struct {
	const char *name;
	enum use use;
} addressed[] = {
	{"From", USE_NONE},          {"Sender", USE_SENDER},
	{"Resent-From", USE_SENDER}, {"Resent-Sender", USE_SENDER},
	{"Reply-To", USE_NONE},      {"To", USE_RECIPIENT},
	{"Cc", USE_RECIPIENT},       {"Bcc", USE_RECIPIENT},
	{"Resent-To", USE_NONE},     {"Resent-Cc", USE_NONE},
	{"Resent-Bcc", USE_NONE},
};

/* Fields that are not passed on: ours, private ones, those we make anew. */
static const char *const dropped[] = {
	"Bcc", "Resent-Bcc", "Return-Path", "Date", "Message-ID",
};

/* A raw message being examined. */
struct work {
	struct header_block header;
	struct arena *arena;
	struct composed *ret;
	struct error *reterr;
};

PRINTF(2, 3)
static bool
refuse(struct work *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	error_setv(w->reterr, ERROR_BAD_REQUEST, format, args);
	va_end(args);
	return false;
}

/* Whether a NUL or an endless line is in the message. */
static bool
check_octets(struct work *w, struct span message)
{
	size_t nul = span_find(message, '\0');
	struct span rest = message;

	if (nul != SPAN_NONE)
		return refuse(w, "The message has a NUL at octet %zu.", nul);
	while (rest.len > 0)
		if (span_cut(&rest, '\n').len > COMPOSE_LINE_MAX + 1)
			return refuse(w,
				      "The message has a line of more than %d "
				      "octets.",
				      COMPOSE_LINE_MAX);
	return true;
}

static bool
check_fields(struct work *w)
{
	const struct header_block *h = &w->header;

	for (size_t i = 0; i < h->len; i++) {
		const struct header_field *field = &h->field[i];

		/* RFC 5322 s4.5.8 allows white space there, in old mail: two
		 * readers may take it for two names (espoofer A10). */
		if (field->raw.ptr[field->name.len] != ':')
			return refuse(w,
				      "There is white space behind the header "
				      "field name '" SPAN_FMT "'.",
				      SPAN_ARG(field->name));
	}
	if (header_count(h, SPAN("From")) == 0)
		return refuse(w, "Missing required header 'From'.");
	for (size_t i = 0; i < COUNT(single); i++)
		if (header_count(h, span_of(single[i])) > 1)
			return refuse(w, "Duplicate header '%s'.", single[i]);
	if (header_count(h, SPAN("Received")) > COMPOSE_RECEIVED_MAX)
		return refuse(w,
			      "The message has more than %d Received "
			      "fields: it goes round.",
			      COMPOSE_RECEIVED_MAX);
	return true;
}

/* Adds the mailboxes of `more` to *list, in the arena. */
static bool
append(struct work *w, struct address_list *list,
       const struct address_list *more)
{
	size_t len = list->len + more->len;
	struct mailbox *all;

	if (more->len == 0)
		return true;
	all = arena_array(w->arena, len, sizeof(*all));
	if (all == NULL)
		return refuse(w, "The message has too many addresses.");
	for (size_t i = 0; i < list->len; i++)
		all[i] = list->mailbox[i];
	for (size_t i = 0; i < more->len; i++)
		all[list->len + i] = more->mailbox[i];
	list->mailbox = all;
	list->len = len;
	return true;
}

/* Reads one field of addresses, of whatever use. */
static bool
read_addresses(struct work *w, const struct header_field *field, enum use use)
{
	struct address_list list;
	size_t offset;
	enum address_status status =
		address_list_parse(field->value, w->arena, &list, &offset);

	/* An empty Bcc is legal (RFC 5322 s3.6.3) and says nothing. */
	if (status == ADDRESS_EMPTY && header_is(field, SPAN("Bcc")))
		return true;
	if (status != ADDRESS_OK)
		return refuse(w, "Header '" SPAN_FMT "' is malformed: %s.",
			      SPAN_ARG(field->name), address_strerror(status));
	for (size_t i = 0; i < list.len; i++) {
		if (list.mailbox[i].route)
			return refuse(w,
				      "Header '" SPAN_FMT "' has a source "
				      "route.",
				      SPAN_ARG(field->name));
		if (list.mailbox[i].address.utf8)
			return refuse(w,
				      "Header '" SPAN_FMT "' has an address "
				      "that is not ASCII.",
				      SPAN_ARG(field->name));
	}
	if (use == USE_SENDER)
		return append(w, &w->ret->senders, &list);
	if (use == USE_RECIPIENT)
		return append(w, &w->ret->recipients, &list);
	if (!header_is(field, SPAN("From")))
		return true;
	if (list.len != 1 || list.groups > 0)
		return refuse(w, "Header 'From' must have exactly one "
				 "address.");
	w->ret->from = list.mailbox[0].address;
	return true;
}

static bool
read_all_addresses(struct work *w)
{
	for (size_t i = 0; i < w->header.len; i++)
		for (size_t k = 0; k < COUNT(addressed); k++)
			if (header_is(&w->header.field[i],
				      span_of(addressed[k].name)) &&
			    !read_addresses(w, &w->header.field[i],
					    addressed[k].use))
				return false;
	return true;
}

/* The value of a field, unfolded, in the arena; "" without one. */
static struct span
value_of(struct work *w, const char *name)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(HEADER_SIZE_MAX);
	const struct header_field *field =
		header_get(&w->header, span_of(name));

	if (field == NULL || !header_unfold(field->value, &b))
		return SPAN("");
	return arena_copy(w->arena, buf_span(&b));
}

static bool
is_dropped(const struct header_field *field, const struct compose_stamp *stamp)
{
	for (size_t i = 0; i < COUNT(dropped); i++)
		if (header_is(field, span_of(dropped[i])))
			return true;
	return span_starts_nocase(field->name, SPAN("X-SES-")) ||
	       (stamp->feedback_id.len > 0 &&
		header_is(field, SPAN("Feedback-ID")));
}

/* Writes the message: our fields, theirs, the body. */
static bool
write_message(struct work *w, const struct compose_stamp *stamp, struct buf *to)
{
	for (size_t i = 0; i < w->header.len; i++)
		if (!is_dropped(&w->header.field[i], stamp))
			buf_add(to, w->header.field[i].raw);
	buf_addf(to, "Message-ID: <" SPAN_FMT ">\r\n",
		 SPAN_ARG(stamp->message_id));
	buf_addf(to, "Date: %s\r\n", date_mail_format(stamp->now).s);
	if (stamp->feedback_id.len > 0)
		buf_addf(to, "Feedback-ID: " SPAN_FMT "\r\n",
			 SPAN_ARG(stamp->feedback_id));
	buf_adds(to, "\r\n");
	buf_add(to, w->header.body);
	if (to->full || to->len > COMPOSE_SIZE_MAX)
		return error_set(w->reterr, ERROR_TOO_LARGE,
				 "The message is longer than %zu octets.",
				 COMPOSE_SIZE_MAX);
	return true;
}

bool
compose_raw(struct span data, const struct compose_stamp *stamp,
	    struct arena *arena, struct buf *to, struct composed *ret,
	    struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf lines = BUF_INIT(COMPOSE_SIZE_MAX + 2);
	struct composed composed = {.subject = SPAN("")};
	struct work w = {.arena = arena, .ret = &composed, .reterr = reterr};
	enum header_status status;
	struct span message = data;
	size_t offset;

	if (!crlf_is_clean(data) || !span_ends(data, SPAN("\r\n"))) {
		if (!crlf_normalise(data, &lines))
			return error_set(reterr, ERROR_TOO_LARGE,
					 "The message is longer than %zu "
					 "octets.",
					 COMPOSE_SIZE_MAX);
		message = buf_span(&lines);
	}
	if (!check_octets(&w, message))
		return false;
	status = header_parse(message, arena, &w.header, &offset);
	if (status != HEADER_OK)
		return refuse(&w, "The message is malformed at octet %zu: %s.",
			      offset, header_strerror(status));
	if (!check_fields(&w) || !read_all_addresses(&w))
		return false;
	composed.configuration_set = value_of(&w, "X-SES-CONFIGURATION-SET");
	composed.tags = value_of(&w, "X-SES-MESSAGE-TAGS");
	composed.subject = value_of(&w, "Subject");
	if (!write_message(&w, stamp, to))
		return false;
	*ret = composed;
	return true;
}

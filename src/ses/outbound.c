/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/outbound.h"

#include "base/buf.h"
#include "ses/model.h"
#include "text/base64.h"

/* Longest text of a subject, and of a name in an address, in octets. */
#define SUBJECT_MAX 998

bool
ses_has_control(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = (uint8_t)text.ptr[i];
		uint8_t next = i + 1 < text.len ? (uint8_t)text.ptr[i + 1] : 0;
		uint8_t third = i + 2 < text.len ? (uint8_t)text.ptr[i + 2] : 0;

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
		if (c == 0xc2 && next >= 0x80 && next <= 0x9f)
			return true;
		if (c == 0xe2 && next == 0x80 &&
		    (third == 0xa8 || third == 0xa9))
			return true;
	}
	return false;
}

static bool
clean(struct span text, const char *what, struct error *reterr)
{
	return !ses_has_control(text) ||
	       error_set(reterr, ERROR_BAD_REQUEST,
			 "Control characters are not allowed in %s.", what);
}

/* In the words of SES where they are known. */
static bool
refuse_address(enum address_status status, struct error *reterr)
{
	if (status == ADDRESS_NO_AT)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Missing final '@domain'");
	if (status == ADDRESS_BAD_DOMAIN)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Domain contains illegal character");
	return error_set(reterr, ERROR_BAD_REQUEST, "Illegal address: %s",
			 address_strerror(status));
}

/* Reads one mailbox, of which nothing else may be beside. */
static bool
mailbox_read(struct span text, struct arena *arena, const struct mailbox **ret,
	     struct error *reterr)
{
	enum address_status status;
	struct address_list list;
	size_t offset;

	if (ses_has_control(text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Local address contains control or "
				 "whitespace");
	status = address_list_parse(text, arena, &list, &offset);
	if (status != ADDRESS_OK)
		return refuse_address(status, reterr);
	if (list.len != 1 || list.groups != 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There must be one address in each address "
				 "member.");
	*ret = &list.mailbox[0];
	return true;
}

static bool
list_read(const json_t *array, struct arena *arena, struct address_list *ret,
	  struct error *reterr)
{
	size_t len = json_array_size(array);
	struct mailbox *mailbox;

	*ret = (struct address_list){.len = 0};
	if (len == 0)
		return true;
	if (len > SES_RECIPIENTS_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Recipient count exceeds %d.",
				 SES_RECIPIENTS_MAX);
	mailbox = arena_array(arena, len, sizeof(*mailbox));
	if (mailbox == NULL)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "There are too many addresses.");
	for (size_t i = 0; i < len; i++) {
		const struct mailbox *one;

		if (!mailbox_read(json_text(json_array_get(array, i)), arena,
				  &one, reterr))
			return false;
		mailbox[i] = *one;
	}
	ret->mailbox = mailbox;
	ret->len = len;
	return true;
}

static bool
destination_read(const json_t *body, struct arena *arena, struct ses_send *ret,
		 struct error *reterr)
{
	const json_t *json = json_get(body, "Destination");
	size_t count;

	if (!list_read(json_get(json, "ToAddresses"), arena, &ret->to,
		       reterr) ||
	    !list_read(json_get(json, "CcAddresses"), arena, &ret->cc,
		       reterr) ||
	    !list_read(json_get(json, "BccAddresses"), arena, &ret->bcc,
		       reterr))
		return false;
	count = ret->to.len + ret->cc.len + ret->bcc.len;
	ret->has_destination = count > 0;
	if (count > SES_RECIPIENTS_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Recipient count exceeds %d.",
				 SES_RECIPIENTS_MAX);
	if (count == 0 && ret->kind != SES_RAW)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There must be at least one recipient in the "
				 "Destination.");
	return true;
}

static bool
is_tag_char(char c, bool value)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       (value && (c == '.' || c == '@'));
}

static bool
tag_good(struct span text, bool value, struct error *reterr)
{
	const char *what = value ? "value" : "name";

	if (text.len == 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The tag %s must be specified.", what);
	if (text.len > 255)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The tag %s must not exceed 255 characters.",
				 what);
	for (size_t i = 0; i < text.len; i++)
		if (!is_tag_char(text.ptr[i], value))
			return error_set(
				reterr, ERROR_BAD_REQUEST,
				"Invalid tag %s <%s>: only alphanumeric ASCII "
				"characters, '_',  '-'%s are allowed.",
				what, text.ptr, value ? ", '.', '@'" : "");
	return true;
}

/* The model bounds these lists too; what is counted here has room. */
static bool
few(const json_t *list, size_t max, const char *what, struct error *reterr)
{
	return json_array_size(list) <= max ||
	       error_set(reterr, ERROR_BAD_REQUEST,
			 "There can be at most %zu %s.", max, what);
}

static bool
tags_read(const json_t *list, struct ses_send *ret, struct error *reterr)
{
	ret->tags = 0;
	if (!few(list, SES_MESSAGE_TAGS_MAX, "EmailTags", reterr))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		struct ses_message_tag tag = {shape_text(json, "Name"),
					      shape_text(json, "Value")};

		if (!tag_good(tag.name, false, reterr) ||
		    !tag_good(tag.value, true, reterr))
			return false;
		ret->tag[ret->tags++] = tag;
	}
	return true;
}

/* Whether the field is ours to write: it says who, when or in what form. */
static bool
is_reserved(struct span name)
{
	static const char *const reserved[] = {
		"From",         "Sender",
		"To",           "Cc",
		"Bcc",          "Reply-To",
		"Subject",      "Date",
		"Message-ID",   "Return-Path",
		"MIME-Version", "DKIM-Signature",
		"Received",     "Authentication-Results",
	};

	if (span_starts_nocase(name, SPAN("Content-")) ||
	    span_starts_nocase(name, SPAN("ARC-")))
		return true;
	for (size_t i = 0; i < COUNT(reserved); i++)
		if (span_equal_nocase(name, span_of(reserved[i])))
			return true;
	return false;
}

static bool
headers_read(const json_t *list, struct ses_send *ret, struct error *reterr)
{
	ret->headers = 0;
	if (!few(list, SES_HEADERS_MAX, "Headers", reterr))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		struct ses_header header = {shape_text(json, "Name"),
					    shape_text(json, "Value")};

		if (header.name.len + header.value.len > SES_HEADER_MAX)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "A header's name and value together "
					 "must not exceed %d characters.",
					 SES_HEADER_MAX);
		if (is_reserved(header.name))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The header '%s' cannot be given in "
					 "Headers.",
					 header.name.ptr);
		ret->header[ret->headers++] = header;
	}
	return true;
}

static bool
attachments_read(const json_t *list, struct ses_send *ret, struct error *reterr)
{
	ret->attachments = 0;
	if (!few(list, SES_ATTACHMENTS_MAX, "Attachments", reterr))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		struct ses_attachment a = {
			.content = shape_text(json, "RawContent"),
			.file_name = shape_text(json, "FileName"),
			.type = shape_text(json, "ContentType"),
			.description = shape_text(json, "ContentDescription"),
			.content_id = shape_text(json, "ContentId"),
			.inlined = span_equal(
				shape_text(json, "ContentDisposition"),
				SPAN("INLINE")),
		};

		if (!clean(a.file_name, "FileName", reterr) ||
		    !clean(a.type, "ContentType", reterr) ||
		    !clean(a.description, "ContentDescription", reterr) ||
		    !clean(a.content_id, "ContentId", reterr))
			return false;
		ret->attachment[ret->attachments++] = a;
	}
	return true;
}

static bool
subject_good(struct span subject, struct error *reterr)
{
	if (subject.len > SUBJECT_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The subject must not exceed %d octets.",
				 SUBJECT_MAX);
	return clean(subject, "Subject", reterr);
}

static bool
simple_read(const json_t *simple, struct ses_send *ret, struct error *reterr)
{
	const json_t *body = json_get(simple, "Body");
	const json_t *text = json_get(body, "Text");
	const json_t *html = json_get(body, "Html");

	ret->kind = SES_SIMPLE;
	ret->subject = shape_text(json_get(simple, "Subject"), "Data");
	ret->text = shape_text(text, "Data");
	ret->html = shape_text(html, "Data");
	ret->has_text = text != NULL;
	ret->has_html = html != NULL;
	if (!ret->has_text && !ret->has_html)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The message must have a Text or Html body.");
	return subject_good(ret->subject, reterr) &&
	       headers_read(json_get(simple, "Headers"), ret, reterr) &&
	       attachments_read(json_get(simple, "Attachments"), ret, reterr);
}

static bool
template_read(const json_t *template, struct ses_send *ret,
	      struct error *reterr)
{
	struct ses_by_template by = {
		.name = shape_text(template, "TemplateName"),
		.arn = shape_text(template, "TemplateArn"),
		.content = json_get(template, "TemplateContent"),
		.data = shape_text(template, "TemplateData"),
	};

	ret->kind = SES_TEMPLATE;
	ret->template = by;
	if ((by.name.len > 0) + (by.arn.len > 0) + (by.content != NULL) != 1)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Template must have one of TemplateName, "
				 "TemplateArn and TemplateContent.");
	return headers_read(json_get(template, "Headers"), ret, reterr) &&
	       attachments_read(json_get(template, "Attachments"), ret, reterr);
}

static bool
content_read(const json_t *content, struct ses_send *ret, struct error *reterr)
{
	const json_t *simple = json_get(content, "Simple");
	const json_t *raw = json_get(content, "Raw");
	const json_t *template = json_get(content, "Template");

	if ((simple != NULL) + (raw != NULL) + (template != NULL) != 1)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Content must have one of Simple, Raw and "
				 "Template.");
	if (simple != NULL)
		return simple_read(simple, ret, reterr);
	if (template != NULL)
		return template_read(template, ret, reterr);
	ret->kind = SES_RAW;
	ret->raw = shape_text(raw, "Data");
	return ret->raw.len > 0 || error_set(reterr, ERROR_BAD_REQUEST,
					     "The raw message is empty.");
}

static bool
sender_read(const json_t *body, struct arena *arena, struct ses_send *ret,
	    struct error *reterr)
{
	struct span feedback =
		shape_text(body, "FeedbackForwardingEmailAddress");

	ret->from_text = shape_text(body, "FromEmailAddress");
	if (ret->from_text.len > 0 &&
	    !mailbox_read(ret->from_text, arena, &ret->from, reterr))
		return false;
	if (ret->from == NULL && ret->kind != SES_RAW)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "FromEmailAddress must be given.");
	return (feedback.len == 0 ||
		mailbox_read(feedback, arena, &ret->feedback, reterr)) &&
	       list_read(json_get(body, "ReplyToAddresses"), arena,
			 &ret->reply_to, reterr);
}

bool
ses_send_read(const json_t *body, struct arena *arena, struct ses_send *ret,
	      struct error *reterr)
{
	return ses_model_body("SendEmail", body, reterr) &&
	       ses_send_read_judged(body, arena, ret, reterr);
}

bool
ses_send_read_judged(const json_t *body, struct arena *arena,
		     struct ses_send *ret, struct error *reterr)
{
	*ret = (struct ses_send){
		.from_text = SPAN(""),
		.raw = SPAN(""),
		.subject = SPAN(""),
		.text = SPAN(""),
		.html = SPAN(""),
	};
	ret->configuration_set = shape_text(body, "ConfigurationSetName");
	if (json_get(body, "FromEmailAddressIdentityArn") != NULL ||
	    json_get(body, "ListManagementOptions") != NULL)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "FromEmailAddressIdentityArn and "
				 "ListManagementOptions are not supported by "
				 "this deployment.");
	return content_read(json_get(body, "Content"), ret, reterr) &&
	       clean(ret->configuration_set, "ConfigurationSetName", reterr) &&
	       sender_read(body, arena, ret, reterr) &&
	       destination_read(body, arena, ret, reterr) &&
	       tags_read(json_get(body, "EmailTags"), ret, reterr);
}

bool
ses_send_rendered(struct ses_send *send, const struct ses_template *made,
		  struct error *reterr)
{
	send->kind = SES_SIMPLE;
	send->subject = made->subject;
	send->text = made->text;
	send->html = made->html;
	send->has_text = made->has_text;
	send->has_html = made->has_html;
	return subject_good(made->subject, reterr);
}

static json_t *
data_write(struct span text)
{
	json_t *json = json_object_new();

	json_put_text(json, "Data", text);
	return json;
}

json_t *
ses_send_write(const struct ses_send_ask *ask)
{
	json_t *body = json_object_new(), *content = json_object_new();

	if (ask->from.len > 0)
		json_put_text(body, "FromEmailAddress", ask->from);
	if (ask->tos > 0) {
		json_t *to = json_array_new(), *destination = json_object_new();

		for (size_t i = 0; i < ask->tos; i++)
			json_add_text(to, ask->to[i]);
		json_put(destination, "ToAddresses", to);
		json_put(body, "Destination", destination);
	}
	if (ask->raw.len > 0) {
		CLEANUP(buf_release)
		struct buf code = BUF_INIT(BASE64_LEN(ask->raw.len));

		base64_encode(ask->raw, &code);
		json_put(content, "Raw", data_write(buf_span(&code)));
	} else {
		json_t *simple = json_object_new(), *parts = json_object_new();

		json_put(simple, "Subject", data_write(ask->subject));
		if (ask->text.len > 0 || ask->html.len == 0)
			json_put(parts, "Text", data_write(ask->text));
		if (ask->html.len > 0)
			json_put(parts, "Html", data_write(ask->html));
		json_put(simple, "Body", parts);
		json_put(content, "Simple", simple);
	}
	json_put(body, "Content", content);
	if (ask->configuration_set.len > 0)
		json_put_text(body, "ConfigurationSetName",
			      ask->configuration_set);
	return body;
}

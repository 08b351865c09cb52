/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/bulk.h"

#include "ses/model.h"

bool
ses_bulk_read(const json_t *body, struct ses_bulk *ret, struct error *reterr)
{
	const json_t *template;

	if (!ses_model_body("SendBulkEmail", body, reterr))
		return false;
	template = json_get(json_get(body, "DefaultContent"), "Template");
	*ret = (struct ses_bulk){
		.body = body,
		.entry = json_get(body, "BulkEmailEntries"),
		.configuration_set = shape_text(body, "ConfigurationSetName"),
		.template = {.name = shape_text(template, "TemplateName"),
			     .arn = shape_text(template, "TemplateArn"),
			     .content = json_get(template, "TemplateContent"),
			     .data = shape_text(template, "TemplateData")},
	};
	ret->entries = json_array_size(ret->entry);
	if (ret->entries < 1 || ret->entries > SES_BULK_ENTRIES_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "There must be 1 to %d BulkEmailEntries.",
				 SES_BULK_ENTRIES_MAX);
	if (shape_text(body, "FromEmailAddress").len == 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "FromEmailAddress must be given.");
	if ((ret->template.name.len > 0) + (ret->template.arn.len > 0) +
		    (ret->template.content != NULL) !=
	    1)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Template must have one of TemplateName, "
				 "TemplateArn and TemplateContent.");
	return true;
}

static bool
has_name(const json_t *list, struct span name)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (span_equal_nocase(
			    shape_text(json_array_get(list, i), "Name"), name))
			return true;
	return false;
}

/* `first`, then of `others` what has another Name; both may be NULL. */
static json_t *
merge_named(const json_t *first, const json_t *others)
{
	json_t *list = json_array_new();

	for (size_t i = 0; i < json_array_size(first); i++)
		json_add(list, json_incref(json_array_get(first, i)));
	for (size_t i = 0; i < json_array_size(others); i++) {
		json_t *other = json_array_get(others, i);

		if (!has_name(first, shape_text(other, "Name")))
			json_add(list, json_incref(other));
	}
	return list;
}

/* Sets TemplateData of `template` to that of the request and the entry. */
static bool
data_put(struct span data, struct span replacement, json_t *template,
	 struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SES_TEMPLATE_DATA_MAX);
	CLEANUP(json_decrefp) json_t *values = NULL;
	CLEANUP(json_decrefp) json_t *others = NULL;

	if (!ses_template_data_read(data, &values, reterr) ||
	    !ses_template_data_read(replacement, &others, reterr))
		return false;
	if (json_object_update_recursive(values, others) != 0 ||
	    !json_format(values, &text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The template data is invalid: it is longer "
				 "than %d octets.",
				 SES_TEMPLATE_DATA_MAX);
	json_put_text(template, "TemplateData", buf_span(&text));
	return true;
}

bool
ses_bulk_entry(const struct ses_bulk *bulk, size_t i, json_t **ret,
	       struct error *reterr)
{
	static const char *const same[] = {
		"FromEmailAddress",
		"FromEmailAddressIdentityArn",
		"ReplyToAddresses",
		"FeedbackForwardingEmailAddress",
		"FeedbackForwardingEmailAddressIdentityArn",
		"ConfigurationSetName",
		"EndpointId",
		"TenantName",
		"ConfigurationOverrides",
	};
	const json_t *entry = json_array_get(bulk->entry, i);
	const json_t *given =
		json_get(json_get(bulk->body, "DefaultContent"), "Template");
	const json_t *replacement =
		json_get(json_get(entry, "ReplacementEmailContent"),
			 "ReplacementTemplate");
	CLEANUP(json_decrefp) json_t *body = json_object_new();
	json_t *content = json_object_new(), *template = json_object_new();

	json_put(body, "Content", content);
	json_put(content, "Template", template);
	json_object_update(template, (json_t *)(uintptr_t)given);
	for (size_t n = 0; n < COUNT(same); n++)
		if (json_get(bulk->body, same[n]) != NULL)
			json_put(body, same[n],
				 json_incref(json_get(bulk->body, same[n])));
	json_put(body, "Destination",
		 json_incref(json_get(entry, "Destination")));
	json_put(body, "EmailTags",
		 merge_named(json_get(entry, "ReplacementTags"),
			     json_get(bulk->body, "DefaultEmailTags")));
	json_put(template, "Headers",
		 merge_named(json_get(entry, "ReplacementHeaders"),
			     json_get(given, "Headers")));
	if (!data_put(bulk->template.data,
		      shape_text(replacement, "ReplacementTemplateData"),
		      template, reterr))
		return false;
	*ret = take_ptr(&body);
	return true;
}

const char *
ses_bulk_status(enum error_code code)
{
	static const struct {
		enum error_code code;
		const char *word;
	} words[] = {
		{ERROR_NONE, "SUCCESS"},
		{ERROR_MESSAGE_REJECTED, "MESSAGE_REJECTED"},
		{ERROR_ACCESS_DENIED, "MESSAGE_REJECTED"},
		{ERROR_MAIL_FROM, "MAIL_FROM_DOMAIN_NOT_VERIFIED"},
		{ERROR_ACCOUNT_SUSPENDED, "ACCOUNT_SUSPENDED"},
		{ERROR_SENDING_PAUSED, "ACCOUNT_SENDING_PAUSED"},
		{ERROR_TOO_MANY_REQUESTS, "ACCOUNT_THROTTLED"},
		{ERROR_LIMIT_EXCEEDED, "ACCOUNT_DAILY_QUOTA_EXCEEDED"},
		{ERROR_BAD_REQUEST, "INVALID_PARAMETER"},
		{ERROR_SERIALIZATION, "INVALID_PARAMETER"},
		{ERROR_TOO_LARGE, "INVALID_PARAMETER"},
		{ERROR_UNAVAILABLE, "TRANSIENT_FAILURE"},
		{ERROR_CONCURRENT, "TRANSIENT_FAILURE"},
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i].code == code)
			return words[i].word;
	return "FAILED";
}

json_t *
ses_bulk_result_write(const struct ses_bulk_result *result)
{
	json_t *json = json_object_new();

	json_puts(json, "Status",
		  ses_bulk_status(result->failure != NULL
					  ? result->failure->code
					  : ERROR_NONE));
	if (result->failure != NULL)
		json_puts(json, "Error", result->failure->text);
	else
		json_put_text(json, "MessageId", result->message_id);
	return json;
}

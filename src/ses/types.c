/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/types.h"

#include <assert.h>

struct word {
	int value;
	const char *name;
};

static const struct word identity_types[] = {
	{SES_DOMAIN, "DOMAIN"},
	{SES_EMAIL_ADDRESS, "EMAIL_ADDRESS"},
	{0, NULL},
};

static const struct word statuses[] = {
	{SES_NOT_STARTED, "NOT_STARTED"},
	{SES_PENDING, "PENDING"},
	{SES_SUCCESS, "SUCCESS"},
	{SES_FAILED, "FAILED"},
	{SES_TEMPORARY_FAILURE, "TEMPORARY_FAILURE"},
	{0, NULL},
};

static const struct word mx_failures[] = {
	{SES_USE_DEFAULT_VALUE, "USE_DEFAULT_VALUE"},
	{SES_REJECT_MESSAGE, "REJECT_MESSAGE"},
	{0, NULL},
};

static const struct word key_lengths[] = {
	{SES_RSA_1024_BIT, "RSA_1024_BIT"},
	{SES_RSA_2048_BIT, "RSA_2048_BIT"},
	{0, NULL},
};

static const struct word origins[] = {
	{SES_ORIGIN_AWS_SES, "AWS_SES"},
	{SES_ORIGIN_EXTERNAL, "EXTERNAL"},
	{0, NULL},
};

static const struct word verification_errors[] = {
	{SES_ERROR_NONE, ""},
	{SES_ERROR_SERVICE, "SERVICE_ERROR"},
	{SES_ERROR_DNS_SERVER, "DNS_SERVER_ERROR"},
	{SES_ERROR_HOST_NOT_FOUND, "HOST_NOT_FOUND"},
	{SES_ERROR_TYPE_NOT_FOUND, "TYPE_NOT_FOUND"},
	{SES_ERROR_INVALID_VALUE, "INVALID_VALUE"},
	{0, NULL},
};

static const char *
name_of(const struct word *words, int value)
{
	while (words->name != NULL && words->value != value)
		words++;
	assert(words->name != NULL);
	return words->name;
}

/* Returns the value of the word `text`, or 0. */
static int
value_of(const struct word *words, struct span text)
{
	for (; words->name != NULL; words++)
		if (span_equal(span_of(words->name), text))
			return words->value;
	return 0;
}

const char *
ses_identity_type_name(enum ses_identity_type type)
{
	return name_of(identity_types, (int)type);
}

const char *
ses_status_name(enum ses_status status)
{
	return name_of(statuses, (int)status);
}

const char *
ses_mx_failure_name(enum ses_mx_failure behavior)
{
	return name_of(mx_failures, (int)behavior);
}

const char *
ses_key_length_name(enum ses_key_length length)
{
	return name_of(key_lengths, (int)length);
}

const char *
ses_dkim_origin_name(enum ses_dkim_origin origin)
{
	return name_of(origins, (int)origin);
}

const char *
ses_verification_error_name(enum ses_verification_error error)
{
	return name_of(verification_errors, (int)error);
}

bool
ses_identity_type_parse(struct span text, enum ses_identity_type *ret)
{
	int value = value_of(identity_types, text);

	if (value != 0)
		*ret = (enum ses_identity_type)value;
	return value != 0;
}

bool
ses_status_parse(struct span text, enum ses_status *ret)
{
	int value = value_of(statuses, text);

	if (value != 0)
		*ret = (enum ses_status)value;
	return value != 0;
}

bool
ses_mx_failure_parse(struct span text, enum ses_mx_failure *ret)
{
	int value = value_of(mx_failures, text);

	if (value != 0)
		*ret = (enum ses_mx_failure)value;
	return value != 0;
}

bool
ses_key_length_parse(struct span text, enum ses_key_length *ret)
{
	int value = value_of(key_lengths, text);

	if (value != 0)
		*ret = (enum ses_key_length)value;
	return value != 0;
}

bool
ses_dkim_origin_parse(struct span text, enum ses_dkim_origin *ret)
{
	int value = value_of(origins, text);

	if (value != 0)
		*ret = (enum ses_dkim_origin)value;
	return value != 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route.h"

#include "api/operations.h"
#include "ses/templates.h"

#define IDENTITIES "/v2/email/identities"
#define SETS       "/v2/email/configuration-sets"
#define TEMPLATES  "/v2/email/templates"
#define OWN        "/sesame/v1"

/*
 * Twice where the API moved: the lists (newer SDKs post) and dkim/signing
 * (older ones say /v1/).
 */
static const struct api_operation operations[] = {
	{"POST", IDENTITIES, "CreateEmailIdentity", create_email_identity,
	 API_BODY_MAX},
	{"GET", IDENTITIES, "ListEmailIdentities", list_email_identities,
	 API_BODY_MAX},
	{"POST", "/v2/email/list-identities", "ListEmailIdentities",
	 list_email_identities_by_filter, API_BODY_MAX},
	{"GET", IDENTITIES "/{}", "GetEmailIdentity", get_email_identity,
	 API_BODY_MAX},
	{"DELETE", IDENTITIES "/{}", "DeleteEmailIdentity",
	 delete_email_identity, API_BODY_MAX},
	{"PUT", IDENTITIES "/{}/mail-from",
	 "PutEmailIdentityMailFromAttributes", put_mail_from, API_BODY_MAX},
	{"PUT", IDENTITIES "/{}/dkim", "PutEmailIdentityDkimAttributes",
	 put_dkim, API_BODY_MAX},
	{"PUT", IDENTITIES "/{}/dkim/signing",
	 "PutEmailIdentityDkimSigningAttributes", put_dkim_signing,
	 API_BODY_MAX},
	{"PUT", "/v1/email/identities/{}/dkim/signing",
	 "PutEmailIdentityDkimSigningAttributes", put_dkim_signing,
	 API_BODY_MAX},
	{"PUT", IDENTITIES "/{}/feedback", "PutEmailIdentityFeedbackAttributes",
	 put_feedback, API_BODY_MAX},
	{"PUT", IDENTITIES "/{}/configuration-set",
	 "PutEmailIdentityConfigurationSetAttributes", put_identity_set,
	 API_BODY_MAX},
	{"POST", SETS, "CreateConfigurationSet", create_configuration_set,
	 API_BODY_MAX},
	{"GET", SETS, "ListConfigurationSets", list_configuration_sets,
	 API_BODY_MAX},
	{"POST", "/v2/email/list-configuration-sets", "ListConfigurationSets",
	 list_configuration_sets_by_body, API_BODY_MAX},
	{"GET", SETS "/{}", "GetConfigurationSet", get_configuration_set,
	 API_BODY_MAX},
	{"DELETE", SETS "/{}", "DeleteConfigurationSet",
	 delete_configuration_set, API_BODY_MAX},
	{"POST", "/v2/email/tags", "TagResource", tag_resource, API_BODY_MAX},
	{"DELETE", "/v2/email/tags", "UntagResource", untag_resource,
	 API_BODY_MAX},
	{"GET", "/v2/email/tags", "ListTagsForResource", list_tags_for_resource,
	 API_BODY_MAX},
	{"GET", "/v2/email/account", "GetAccount", get_account, API_BODY_MAX},
	{"POST", TEMPLATES, "CreateEmailTemplate", create_email_template,
	 SES_TEMPLATE_BODY_MAX},
	{"GET", TEMPLATES, "ListEmailTemplates", list_email_templates,
	 API_BODY_MAX},
	{"GET", TEMPLATES "/{}", "GetEmailTemplate", get_email_template,
	 API_BODY_MAX},
	{"PUT", TEMPLATES "/{}", "UpdateEmailTemplate", update_email_template,
	 SES_TEMPLATE_BODY_MAX},
	{"DELETE", TEMPLATES "/{}", "DeleteEmailTemplate",
	 delete_email_template, API_BODY_MAX},
	{"POST", TEMPLATES "/{}/render", "TestRenderEmailTemplate",
	 test_render_email_template, SES_TEMPLATE_BODY_MAX},
	{"POST", "/v2/email/outbound-emails", "SendEmail", send_email,
	 SES_BODY_MAX},
	{"GET", OWN "/identities/{}", "SesameGetIdentity", sesame_identity,
	 API_BODY_MAX},
	{"POST", OWN "/identities/{}/check", "SesameCheckIdentity",
	 sesame_check, API_BODY_MAX},
	{"POST", OWN "/identities/{}/test", "SesameTestIdentity", sesame_test,
	 API_BODY_MAX},
	{"GET", OWN "/reports/{}", "SesameGetReport", sesame_report,
	 API_BODY_MAX},
	{"GET", OWN "/reports/{}/message", "SesameGetReportMessage",
	 sesame_report_message, API_BODY_MAX},
	{"GET", OWN "/events", "SesameListEvents", sesame_events, API_BODY_MAX},
};

/* Returns whether `path` has the form of `pattern`; sets the parameters. */
static bool
matches(struct span pattern, struct span path, struct span raw[API_PARAMS_MAX],
	size_t *ret_len)
{
	size_t slashes = 0;

	*ret_len = 0;
	for (size_t i = 0; i < path.len; i++)
		slashes += path.ptr[i] == '/';
	for (size_t i = 0; i < pattern.len; i++)
		slashes -= pattern.ptr[i] == '/';
	if (slashes != 0)
		return false;
	while (pattern.len > 0) {
		struct span want = span_cut(&pattern, '/');
		struct span got = span_cut(&path, '/');

		if (span_equal(want, SPAN("{}")))
			raw[(*ret_len)++] = got;
		else if (!span_equal(want, got))
			return false;
	}
	return true;
}

static enum route_status
decode(const struct span *raw, size_t len, struct arena *arena,
       struct span *ret_param)
{
	for (size_t i = 0; i < len; i++) {
		if (raw[i].len > 3 * SES_NAME_MAX ||
		    !uri_decoded(raw[i], arena, &ret_param[i]) ||
		    ret_param[i].len == 0 || ret_param[i].len > SES_NAME_MAX ||
		    span_find(ret_param[i], '\0') != SPAN_NONE)
			return ROUTE_BAD;
	}
	return ROUTE_OK;
}

enum route_status
route_find(struct span method, struct span path, struct arena *arena,
	   const struct api_operation **ret, struct span *ret_param)
{
	struct span raw[API_PARAMS_MAX], param[API_PARAMS_MAX];
	size_t len;

	for (size_t i = 0; i < COUNT(operations); i++) {
		const struct api_operation *op = &operations[i];

		if (!span_equal(span_of(op->method), method) ||
		    !matches(span_of(op->pattern), path, raw, &len))
			continue;
		if (decode(raw, len, arena, param) != ROUTE_OK)
			return ROUTE_BAD;
		for (size_t j = 0; j < len; j++)
			ret_param[j] = param[j];
		*ret = op;
		return ROUTE_OK;
	}
	return ROUTE_UNKNOWN;
}

const struct api_operation *
route_at(size_t i)
{
	return i < COUNT(operations) ? &operations[i] : NULL;
}

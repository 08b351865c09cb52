/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/model.h"

#include "ses/account.h"
#include "ses/event_destinations.h"
#include "ses/outbound.h"
#include "ses/templates.h"

#include "unit.h"

#define V2 "/v2/email/"

static const struct find_row {
	const char *name;
	const char *method;
	const char *path;
	const char *want; /* NULL: none */
	const char *param[SES_MODEL_PARAMS_MAX];
} finds[] = {
	{"a path without parameters", "POST", V2 "identities",
	 "CreateEmailIdentity"},
	{"one parameter",
	 "GET",
	 V2 "identities/a%40b",
	 "GetEmailIdentity",
	 {"a%40b"}},
	{"an empty parameter",
	 "GET",
	 V2 "identities/",
	 "GetEmailIdentity",
	 {""}},
	{"two parameters",
	 "PUT",
	 V2 "identities/a/policies/b",
	 "UpdateEmailIdentityPolicy",
	 {"a", "b"}},
	{"the list of newer clients", "POST", V2 "list-identities",
	 "ListEmailIdentities"},
	{"the list of older clients", "GET", V2 "identities",
	 "ListEmailIdentities"},
	{"the sets of newer clients", "POST", V2 "list-configuration-sets",
	 "ListConfigurationSets"},
	{"the sets of older clients", "GET", V2 "configuration-sets",
	 "ListConfigurationSets"},
	{"signing, newer clients",
	 "PUT",
	 V2 "identities/x/dkim/signing",
	 "PutEmailIdentityDkimSigningAttributes",
	 {"x"}},
	{"signing, older clients",
	 "PUT",
	 "/v1/email/identities/x/dkim/signing",
	 "PutEmailIdentityDkimSigningAttributes",
	 {"x"}},
	{"/v1/ of another operation", "PUT", "/v1/email/identities/x/dkim",
	 NULL},
	{"a slash at the end, as in the model",
	 "GET",
	 V2 "insights/x/",
	 "GetMessageInsights",
	 {"x"}},
	{"the same without",
	 "GET",
	 V2 "insights/x",
	 "GetMessageInsights",
	 {"x"}},
	{"two slashes at the end", "GET", V2 "insights/x//", NULL},
	{"a slash that the model has not", "POST", V2 "identities/", NULL},
	{"a word where others have a parameter", "POST", V2 "tenants/get",
	 "GetTenant"},
	{"another method", "DELETE", V2 "identities", NULL},
	{"the method's case", "get", V2 "identities", NULL},
	{"the path's case", "GET", V2 "Identities", NULL},
	{"a segment too many", "GET", V2 "identities/a/b", NULL},
	{"a segment too few", "GET", "/v2/email", NULL},
	{"nothing", "", "", NULL},
	{"a slash", "GET", "/", NULL},
	{"a query is no part of it", "GET", V2 "identities?PageSize=1", NULL},
	{"a parameter's own name",
	 "GET",
	 V2 "identities/{EmailIdentity}",
	 "GetEmailIdentity",
	 {"{EmailIdentity}"}},
};

static void
test_find(void **state)
{
	const struct find_row *row = *state;
	struct span param[SES_MODEL_PARAMS_MAX];
	size_t len = 99;
	const struct ses_operation *got = ses_model_find(
		span_of(row->method), span_of(row->path), param, &len);

	if (row->want == NULL) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got->name, row->want);
	for (size_t i = 0; i < len; i++)
		assert_span(param[i], row->param[i]);
	assert_true(len == SES_MODEL_PARAMS_MAX || row->param[len] == NULL);
}

/* Names are in order, and every form is found by the path that it has. */
static void
test_operations(void **state)
{
	const struct ses_operation *operation, *got;
	struct span param[SES_MODEL_PARAMS_MAX];
	size_t i, len;

	(void)state;
	for (i = 0; (operation = ses_model_at(i)) != NULL; i++) {
		assert_ptr_equal(ses_model_operation(span_of(operation->name)),
				 operation);
		if (i > 0)
			assert_true(strcmp(ses_model_at(i - 1)->name,
					   operation->name) < 0);
		assert_true(operation->errors & 1U << ERROR_BAD_REQUEST);
		assert_non_null(operation->input);
		for (size_t j = 0; j < SES_MODEL_FORMS_MAX; j++) {
			const struct ses_form *form = &operation->form[j];

			if (form->method == NULL)
				continue;
			got = ses_model_find(span_of(form->method),
					     span_of(form->path), param, &len);
			assert_ptr_equal(got, operation);
		}
	}
	assert_int_equal(i, 116);
	assert_null(ses_model_at(i));
	assert_null(ses_model_operation(SPAN("getEmailIdentity")));
	assert_null(ses_model_operation(SPAN("")));
}

static const struct error_row {
	const char *name;
	enum error_code code;
	bool has;
} errors[] = {
	{"SendEmail", ERROR_MAIL_FROM, true},
	{"SendEmail", ERROR_MESSAGE_REJECTED, true},
	{"SendEmail", ERROR_ALREADY_EXISTS, false},
	{"CreateEmailIdentity", ERROR_ALREADY_EXISTS, true},
	{"CreateEmailIdentity", ERROR_CONCURRENT, true},
	{"GetAccount", ERROR_NOT_FOUND, false},
	{"ListTenants", ERROR_BAD_NEXT_TOKEN, false},
	{"UpdateReputationEntityPolicy", ERROR_CONFLICT, true},
};

static void
test_errors(void **state)
{
	const struct error_row *row = *state;
	const struct ses_operation *operation =
		ses_model_operation(span_of(row->name));

	assert_int_equal(operation->errors >> row->code & 1, row->has);
}

static void
check_member(const struct shape_member *member)
{
	assert_int_equal(member->pattern == NULL, member->match == NULL);
	assert_true(member->words == NULL || member->kind == SHAPE_TEXT);
	assert_true(member->max == 0 || member->min <= member->max);
	switch (member->kind) {
	case SHAPE_LIST:
		assert_int_equal(member->of->len, 1);
		break;
	case SHAPE_MAP:
		assert_int_equal(member->of->len, 2);
		assert_int_equal(member->of->member[0].kind, SHAPE_TEXT);
		break;
	case SHAPE_OBJECT:
		assert_non_null(member->of);
		break;
	case SHAPE_TEXT:
	case SHAPE_TRUTH:
	case SHAPE_NUMBER:
	case SHAPE_REAL:
	case SHAPE_TIME:
	case SHAPE_BLOB:
		assert_null(member->of);
		break;
	}
}

/* Returns how deep a shape is; every pattern in it has its function. */
static unsigned
check_shape(const struct shape *shape, unsigned depth)
{
	unsigned deepest = depth;

	assert_true(depth <= SHAPE_DEPTH_MAX);
	for (size_t i = 0; i < shape->len; i++) {
		unsigned below = 0;

		check_member(&shape->member[i]);
		if (shape->member[i].of != NULL)
			below = check_shape(shape->member[i].of, depth + 1);
		if (below > deepest)
			deepest = below;
	}
	return deepest;
}

static void
test_shapes(void **state)
{
	const struct ses_operation *operation;

	(void)state;
	for (size_t i = 0; (operation = ses_model_at(i)) != NULL; i++) {
		check_shape(operation->input, 1);
		check_shape(operation->output, 1);
		for (size_t j = 0; j < operation->input->len; j++)
			assert_non_null(operation->input->member[j].name);
	}
}

static const struct input_row {
	const char *name;
	const char *operation;
	const char *method; /* of the form */
	const char *param;
	const char *query;
	const char *body; /* NULL: none */
	const char *want; /* the object, or why not */
} inputs[] = {
	{"a body alone", "CreateEmailIdentity", "POST", NULL, "",
	 "{\"EmailIdentity\":\"a.example\"}",
	 "{\"EmailIdentity\":\"a.example\"}"},
	{"no body where one is needed", "CreateEmailIdentity", "POST", NULL, "",
	 NULL,
	 "1 validation error detected: Value at 'emailIdentity' failed to "
	 "satisfy constraint: Member must not be null"},
	{"a list for a body", "CreateEmailIdentity", "POST", NULL, "", "[]",
	 "Start of list found where not expected"},
	{"a parameter", "GetEmailIdentity", "GET", "a.example", "", NULL,
	 "{\"EmailIdentity\":\"a.example\"}"},
	{"a parameter and a body", "PutEmailIdentityDkimAttributes", "PUT",
	 "a.example", "", "{\"SigningEnabled\":true}",
	 "{\"EmailIdentity\":\"a.example\",\"SigningEnabled\":true}"},
	{"the body cannot name another", "PutEmailIdentityDkimAttributes",
	 "PUT", "a.example", "", "{\"EmailIdentity\":\"b.example\"}",
	 "{\"EmailIdentity\":\"a.example\"}"},
	{"nor in the query", "PutEmailIdentityDkimAttributes", "PUT",
	 "a.example", "EmailIdentity=b", "{}",
	 "{\"EmailIdentity\":\"a.example\"}"},
	{"a member of another name in the path", "GetDedicatedIp", "GET",
	 "192.0.2.1", "", NULL, "{\"Ip\":\"192.0.2.1\"}"},
	{"the query", "ListEmailTemplates", "GET", NULL,
	 "PageSize=7&NextToken=a%2Bb&PageSize=8", NULL,
	 "{\"NextToken\":\"a+b\",\"PageSize\":7}"},
	{"what the query of a GET has for a member of the body",
	 "ListEmailIdentities", "GET", NULL, "PageSize=7", NULL,
	 "{\"PageSize\":7}"},
	{"the body of a GET is not looked at", "ListEmailIdentities", "GET",
	 NULL, "", "{\"PageSize\":7}", "{}"},
	{"the query of a POST is not looked at", "ListEmailIdentities", "POST",
	 NULL, "PageSize=8", "{\"PageSize\":7}", "{\"PageSize\":7}"},
	{"a list in the query", "UntagResource", "DELETE", NULL,
	 "TagKeys=a&ResourceArn=arn&TagKeys=b%20c", NULL,
	 "{\"ResourceArn\":\"arn\",\"TagKeys\":[\"a\",\"b c\"]}"},
	{"a list of another name in the query", "ListSuppressedDestinations",
	 "GET", NULL, "Reason=BOUNCE&Reason=COMPLAINT", NULL,
	 "{\"Reasons\":[\"BOUNCE\",\"COMPLAINT\"]}"},
	{"the body has no say in what is of the query", "UntagResource",
	 "DELETE", NULL, "ResourceArn=arn&TagKeys=a",
	 "{\"ResourceArn\":\"other\",\"TagKeys\":[]}",
	 "{\"ResourceArn\":\"arn\",\"TagKeys\":[\"a\"]}"},
	{"all that is missing", "UntagResource", "DELETE", NULL, "", NULL,
	 "2 validation errors detected: Value at 'resourceArn' failed to "
	 "satisfy constraint: Member must not be null; Value at 'tagKeys' "
	 "failed to satisfy constraint: Member must not be null"},
	{"a word that is none", "ListSuppressedDestinations", "GET", NULL,
	 "Reason=MOOD", NULL,
	 "1 validation error detected: Value at 'reasons' failed to satisfy "
	 "constraint: Member must satisfy constraint: [Member must satisfy "
	 "enum value set: [BOUNCE, COMPLAINT]]"},
	{"an empty element of a list in the query", "UntagResource", "DELETE",
	 NULL, "ResourceArn=arn&TagKeys=", NULL,
	 "1 validation error detected: Value at 'tagKeys' failed to satisfy "
	 "constraint: Member must satisfy constraint: [Member must have length "
	 "less than or equal to 128, *"},
	{"times in the query", "ListSuppressedDestinations", "GET", NULL,
	 "StartDate=2026-11-24T00%3A00%3A00Z&EndDate=1795478400", NULL,
	 "{\"EndDate\":1795478400,\"StartDate\":1795478400}"},
	{"a time that is none", "ListSuppressedDestinations", "GET", NULL,
	 "StartDate=yesterday", NULL,
	 "STRING_VALUE can not be converted to a Timestamp"},
	{"a number that is none", "ListEmailTemplates", "GET", NULL,
	 "PageSize=+1", NULL,
	 "STRING_VALUE can not be converted to an Integer"},
	{"a number that is nothing", "ListEmailTemplates", "GET", NULL,
	 "PageSize=", NULL, "{}"},
	{"a parameter too long", "DeleteMultiRegionEndpoint", "DELETE",
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	 "", NULL,
	 "1 validation error detected: Value at 'endpointName' failed to "
	 "satisfy constraint: Member must have length less than or equal to "
	 "64"},
	{"nothing is asked", "GetAccount", "GET", NULL, "x=1", "{\"y\":1}",
	 "{}"},
};

static bool
begins_like(const char *got, const char *want)
{
	size_t len = strlen(want);

	if (len > 0 && want[len - 1] == '*')
		return strncmp(got, want, len - 1) == 0;
	return strcmp(got, want) == 0;
}

static void
test_input(void **state)
{
	const struct input_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(10000);
	CLEANUP(json_decrefp) json_t *body = NULL, *got = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct span param = span_of(row->param != NULL ? row->param : "");
	struct ses_request request = {
		.method = span_of(row->method),
		.param = &param,
		.params = row->param != NULL,
	};
	struct uri_param *query;
	struct error error;
	bool good;

	if (row->body != NULL)
		assert_int_equal(
			json_parse(span_of(row->body), 1000, &body, NULL),
			JSON_OK);
	request.body = body;
	assert_true(uri_query_parse(span_of(row->query), &arena, &query,
				    &request.queries));
	request.query = query;
	good = ses_model_input(ses_model_operation(span_of(row->operation)),
			       &request, &got, &error);
	if (good) {
		char *sorted = json_dumps(got, JSON_COMPACT | JSON_SORT_KEYS);

		buf_adds(&text, sorted);
		free(sorted);
	}
	if (!begins_like(good ? text.ptr : error.text, row->want))
		fail_msg("%s", good ? text.ptr : error.text);
}

static const struct body_row {
	const char *name;
	const char *operation;
	const char *body;
	const char *want; /* "": it is good */
} bodies[] = {
	{"the path is not asked for", "PutEmailIdentityDkimAttributes", "{}",
	 ""},
	{"the query is not asked for", "UntagResource", "{}", ""},
	{"the body is", "CreateEmailIdentityPolicy", "{}",
	 "1 validation error detected: Value at 'policy' failed to satisfy "
	 "constraint: Member must not be null"},
	{"what is there is judged", "CreateEmailIdentityPolicy",
	 "{\"Policy\":\"{}\",\"PolicyName\":\"\"}",
	 "1 validation error detected: Value at 'policyName' failed to satisfy "
	 "constraint: Member must have length greater than or equal to 1"},
};

static void
test_body(void **state)
{
	const struct body_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	struct error error = {.text = ""};

	assert_int_equal(json_parse(span_of(row->body), 1000, &body, NULL),
			 JSON_OK);
	assert_int_equal(ses_model_body(row->operation, body, &error),
			 row->want[0] == '\0');
	assert_string_equal(error.text, row->want);
}

/* What the rest of the house takes for granted of the model. */
static const struct limit_row {
	const char *name; /* of a member, by its path */
	const char *operation;
	int64_t max;
} limits[] = {
	{"Tags", "CreateEmailIdentity", SES_TAGS_MAX},
	{"Tags", "TagResource", SES_TAGS_MAX},
	{"EmailTags", "SendEmail", SES_MESSAGE_TAGS_MAX},
	{"Content.Simple.Headers", "SendEmail", SES_HEADERS_MAX},
	{"Content.Simple.Attachments", "SendEmail", SES_ATTACHMENTS_MAX},
	{"Content.Template.Headers", "SendEmail", SES_HEADERS_MAX},
	{"Content.Template.TemplateData", "SendEmail", SES_TEMPLATE_DATA_MAX},
	{"AdditionalContactEmailAddresses", "PutAccountDetails",
	 SES_CONTACTS_MAX},
	{"EventDestination.SnsDestination.TopicArn",
	 "CreateConfigurationSetEventDestination", SES_DESTINATION_ARN_MAX},
	{"EventDestination.CloudWatchDestination.DimensionConfigurations",
	 "CreateConfigurationSetEventDestination", SES_DIMENSIONS_MAX},
	{"EventDestination.CloudWatchDestination.DimensionConfigurations."
	 "DimensionName",
	 "CreateConfigurationSetEventDestination", SES_DIMENSION_MAX},
};

static const struct shape_member *
member_of(const struct shape *shape, struct span name)
{
	for (size_t i = 0; i < shape->len; i++)
		if (span_equal(span_of(shape->member[i].name), name))
			return &shape->member[i];
	fail_msg("there is no " SPAN_FMT, SPAN_ARG(name));
	return NULL;
}

static void
test_limit(void **state)
{
	const struct limit_row *row = *state;
	struct span rest = span_of(row->name);
	const struct shape *shape =
		ses_model_operation(span_of(row->operation))->input;
	const struct shape_member *member = NULL;

	while (rest.len > 0) {
		if (member != NULL) {
			shape = member->of;
			if (member->kind == SHAPE_LIST)
				shape = shape->member[0].of;
		}
		member = member_of(shape, span_cut(&rest, '.'));
	}
	assert_int_equal(member->max, row->max);
	assert_ptr_equal(
		ses_model_member("SendEmail", "Content"),
		member_of(ses_model_operation(SPAN("SendEmail"))->input,
			  SPAN("Content")));
}

int
main(void)
{
	UNIT_ROWS(test_find, finds);
	UNIT(test_operations);
	UNIT_ROWS(test_errors, errors);
	UNIT(test_shapes);
	UNIT_ROWS(test_input, inputs);
	UNIT_ROWS(test_body, bodies);
	UNIT_ROWS(test_limit, limits);
	return unit_run("ses/model");
}

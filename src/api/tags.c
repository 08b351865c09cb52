/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of identities, configuration sets and templates, which are named by ARN.
 */
#include "api/operations.h"
#include "api/template_view.h"
#include "ses/shape.h"

/* Octets of an ARN. */
#define ARN_MAX 512

/* Returns what follows the resource type of "TYPE/NAME", or "". */
static struct span
name_of(struct span resource, struct span type)
{
	return span_starts(resource, type) ? span_skip(resource, type.len)
					   : SPAN("");
}

/* arn:PARTITION:ses:REGION:ACCOUNT:RESOURCE, of this region and account. */
static bool
arn_parse(const struct api_call *call, struct span arn, struct span *ret)
{
	struct span rest = arn;

	if (arn.len > ARN_MAX || !span_equal(span_cut(&rest, ':'), SPAN("arn")))
		return false;
	if (!span_starts(span_cut(&rest, ':'), SPAN("aws")) ||
	    !span_equal(span_cut(&rest, ':'), SPAN("ses")) ||
	    !span_equal(span_cut(&rest, ':'),
			span_of(call->deployment->service.region)) ||
	    !span_equal(span_cut(&rest, ':'), span_of(call->account)))
		return false;
	*ret = rest;
	return rest.len > 0;
}

/*
 * Sets *ret to what the tags of the resource are kept under.  Another
 * account's resource is as good as none.
 */
static bool
resource_find(struct api_call *call, struct span arn, const char **ret,
	      struct error *reterr)
{
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));
	struct span resource, name;
	struct identity identity;

	if (!arn_parse(call, arn, &resource))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Failed to tag resource: the ARN is not one "
				 "of this account and region.");
	if (set == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	name = name_of(resource, SPAN("identity/"));
	if (name.len > 0) {
		call->param[0] = name;
		if (!api_identity(call, &identity, ERROR_NOT_FOUND,
				  "Email identity {} does not exist.", reterr))
			return false;
		*ret = arena_printf(&call->arena, "identity/%s", identity.name)
			       .ptr;
		return true;
	}
	name = name_of(resource, SPAN("template/"));
	if (name.len > 0) {
		if (!api_template_get(call, name, &resource, reterr))
			return false;
		*ret = arena_printf(&call->arena, "template/" SPAN_FMT,
				    SPAN_ARG(name))
			       .ptr;
		return true;
	}
	name = name_of(resource, SPAN("configuration-set/"));
	if (name.len == 0)
		return error_set(reterr, ERROR_NOT_FOUND,
				 "The resource does not exist.");
	if (!api_set(call, name, set, ERROR_NOT_FOUND, reterr))
		return false;
	*ret = arena_printf(&call->arena, "configuration-set/%s", set->name)
		       .ptr;
	return true;
}

bool
tag_resource(struct api_call *call, struct error *reterr)
{
	const char *resource;
	struct ses_tags tags;

	if (!ses_tags_read(json_get(call->body, "Tags"), &tags, reterr) ||
	    !resource_find(call, shape_text(call->body, "ResourceArn"),
			   &resource, reterr) ||
	    !api_tags_put(call, resource, &tags, reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}

bool
untag_resource(struct api_call *call, struct error *reterr)
{
	const char *resource;

	if (!resource_find(call, api_query(call, "ResourceArn"), &resource,
			   reterr))
		return false;
	for (size_t i = 0; i < call->queries; i++)
		if (span_equal(call->query[i].name, SPAN("TagKeys")) &&
		    !store_tag_delete(call->store, call->account, resource,
				      api_text(call, call->query[i].value),
				      reterr))
			return false;
	api_answer(call, json_object_new());
	return true;
}

bool
list_tags_for_resource(struct api_call *call, struct error *reterr)
{
	const char *resource;
	struct ses_tags tags;
	json_t *answer;

	if (!resource_find(call, api_query(call, "ResourceArn"), &resource,
			   reterr) ||
	    !api_tags_get(call, resource, &tags, reterr))
		return false;
	answer = json_object_new();
	json_put(answer, "Tags", ses_tags_write(&tags));
	api_answer(call, answer);
	return true;
}

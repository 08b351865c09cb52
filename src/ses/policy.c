/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/policy.h"

#include <stdio.h>

#include "base/ascii.h"
#include "ses/model.h"
#include "text/glob.h"

/* Octets of an account's number. */
#define ACCOUNT_LEN 12
/* Octets of a path to a member: "Statement[4095]". */
#define WHERE_SIZE 32
/* Octets of a name that is shown in an error. */
#define SHOWN 80

/* All that a policy can speak of; an action matches one, or is refused. */
static const char *const actions[] = {
	"ses:sendemail",          "ses:sendrawemail",
	"ses:sendtemplatedemail", "ses:sendbulktemplatedemail",
	"ses:sendbulkemail",      "ses:sendcustomverificationemail",
	"ses:sendbounce",
};

/* A list of patterns or accounts, or of all but these. */
struct list {
	const struct span *item;
	size_t len; /* of item */
	bool negated;
};

struct statement {
	bool denies;
	bool everybody; /* "*" is one of the principals */
	struct list principal;
	struct list action; /* in lower case */
	struct list resource;
	struct ses_conditions conditions;
};

struct ses_policy {
	const struct statement *statement;
	size_t len; /* of statement */
};

/* What is under way while a policy is read. */
struct reading {
	struct arena *arena;
	struct span resource;
	bool variables;         /* Version 2012-10-17 has "${...}" */
	char where[WHERE_SIZE]; /* the statement, or "" */
	struct error *reterr;
};

static bool
refuse(const struct reading *r, const char *member, const char *what)
{
	return error_set(r->reterr, ERROR_BAD_REQUEST,
			 "Policy is invalid: %s%s%.*s %s.", r->where,
			 r->where[0] != '\0' ? "." : "", SHOWN, member, what);
}

/* ---- lists of texts ---- */

/* Returns element `i` of an array, or the only one there is. */
static const json_t *
element(const json_t *json, size_t i)
{
	return json_is_array(json) ? json_array_get(json, i) : json;
}

/* Reads a text, or a list of some, into the arena. */
static bool
list_read(const struct reading *r, const char *member, const json_t *json,
	  struct list *ret)
{
	size_t len = json_is_array(json) ? json_array_size(json) : 1;
	struct span *item = arena_array(r->arena, len + 1, sizeof(*item));

	if (item == NULL)
		return refuse(r, member, "is too large");
	for (size_t i = 0; i < len; i++) {
		const json_t *one = element(json, i);

		if (!json_is_string(one) || json_text(one).len == 0)
			return refuse(r, member,
				      "must be a text or a list of texts, "
				      "none of them empty");
		item[i] = arena_copy(r->arena, json_text(one));
	}
	if (len == 0)
		return refuse(r, member, "must not be empty");
	ret->item = item;
	ret->len = len;
	return true;
}

/*
 * Reads the member `name` or its negation `not_name`, one of which there is.
 */
static bool
either_read(const struct reading *r, const json_t *statement, const char *name,
	    const char *not_name, struct list *ret, const char **ret_name)
{
	const json_t *is = json_get(statement, name);
	const json_t *is_not = json_get(statement, not_name);

	if (is == NULL && is_not == NULL)
		return refuse(r, name, "is missing");
	if (is != NULL && is_not != NULL)
		return refuse(r, not_name,
			      "does not go together with its "
			      "opposite");
	ret->negated = is == NULL;
	*ret_name = is != NULL ? name : not_name;
	return list_read(r, *ret_name, is != NULL ? is : is_not, ret);
}

/* ---- principals ---- */

static bool
is_account(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]))
			return false;
	return text.len == ACCOUNT_LEN;
}

/* Reads an account's number, or the ARN of its root. */
static bool
account_parse(struct span text, struct span *ret)
{
	struct span rest = text;

	if (is_account(text)) {
		*ret = text;
		return true;
	}
	if (!span_equal(span_cut(&rest, ':'), SPAN("arn")) ||
	    !span_starts(span_cut(&rest, ':'), SPAN("aws")) ||
	    !span_equal(span_cut(&rest, ':'), SPAN("iam")) ||
	    span_cut(&rest, ':').len != 0)
		return false;
	*ret = span_cut(&rest, ':');
	return is_account(*ret) && span_equal(rest, SPAN("root"));
}

/* Reads what stands under "AWS": accounts, or "*". */
static bool
accounts_read(const struct reading *r, const char *member, const json_t *json,
	      struct statement *ret)
{
	struct list list = {.len = 0};
	struct span *account;

	if (!list_read(r, member, json, &list))
		return false;
	account = arena_array(r->arena, list.len, sizeof(*account));
	if (account == NULL)
		return refuse(r, member, "is too large");
	for (size_t i = 0; i < list.len; i++) {
		if (span_equal(list.item[i], SPAN("*")))
			ret->everybody = true;
		else if (account_parse(list.item[i],
				       &account[ret->principal.len]))
			ret->principal.len++;
		else
			return refuse(r, member,
				      "must be \"*\", the number of an account "
				      "or the ARN of its root: users, roles "
				      "and sessions are not known here");
	}
	ret->principal.item = account;
	return true;
}

/* Looks at what stands under "Service": names of hosts. */
static bool
services_check(const struct reading *r, const char *member, const json_t *json)
{
	struct list list = {.len = 0};

	if (!list_read(r, member, json, &list))
		return false;
	for (size_t i = 0; i < list.len; i++)
		for (size_t k = 0; k < list.item[i].len; k++) {
			char c = list.item[i].ptr[k];

			if (!ascii_is_alnum(c) && c != '.' && c != '-')
				return refuse(r, member,
					      "must be the name of a service");
		}
	return true;
}

static bool
principal_read(const struct reading *r, const json_t *statement,
	       struct statement *ret)
{
	json_t *is = json_get(statement, "Principal");
	json_t *is_not = json_get(statement, "NotPrincipal");
	const char *member = is != NULL ? "Principal" : "NotPrincipal";
	json_t *json = is != NULL ? is : is_not;
	const char *kind;
	json_t *value;

	if (json == NULL)
		return refuse(r, "Principal", "is missing");
	if (is != NULL && is_not != NULL)
		return refuse(r, "NotPrincipal",
			      "does not go together with "
			      "its opposite");
	ret->principal.negated = is == NULL;
	ret->everybody = span_equal(json_text(json), SPAN("*"));
	if (ret->everybody)
		return true;
	if (!json_is_object(json) || json_object_size(json) == 0)
		return refuse(r, member, "must be \"*\" or an object");
	json_object_foreach(json, kind, value)
	{
		char path[SHOWN];

		snprintf(path, sizeof(path), "%s.%.40s", member, kind);
		if (strcmp(kind, "AWS") == 0) {
			if (!accounts_read(r, path, value, ret))
				return false;
		} else if (strcmp(kind, "Service") != 0) {
			return refuse(r, path,
				      "is no kind of principal that "
				      "is known here");
		} else if (!services_check(r, path, value)) {
			return false;
		}
	}
	return true;
}

/* ---- actions and resources ---- */

/* Whether the pattern is of something that there is to do. */
static bool
is_action(struct span pattern)
{
	for (size_t i = 0; i < COUNT(actions); i++)
		if (glob_match(pattern, span_of(actions[i])))
			return true;
	return false;
}

static bool
action_read(const struct reading *r, const json_t *statement,
	    struct statement *ret)
{
	const char *member;

	if (!either_read(r, statement, "Action", "NotAction", &ret->action,
			 &member))
		return false;
	for (size_t i = 0; i < ret->action.len; i++) {
		struct span item = ret->action.item[i];
		/* our own copy, in the arena */
		char *to = (char *)(uintptr_t)item.ptr;

		for (size_t k = 0; k < item.len; k++)
			to[k] = span_lower(to[k]);
		if (!is_action(item))
			return refuse(r, member,
				      "has an action that no policy of an "
				      "identity is about");
	}
	return true;
}

static bool
resource_read(const struct reading *r, const json_t *statement,
	      struct statement *ret)
{
	const char *member;

	if (!either_read(r, statement, "Resource", "NotResource",
			 &ret->resource, &member))
		return false;
	for (size_t i = 0; i < ret->resource.len; i++) {
		struct span item = ret->resource.item[i];

		if (r->variables && span_search(item, SPAN("${")) != SPAN_NONE)
			return refuse(r, member,
				      "has a policy variable, which is not "
				      "supported");
		if (!ret->resource.negated && !glob_match(item, r->resource))
			return refuse(r, member,
				      "must be the ARN of the identity that "
				      "the policy is of");
		if (ret->resource.negated && !span_equal(item, SPAN("*")) &&
		    !span_starts(item, SPAN("arn:")))
			return refuse(r, member, "must be ARNs");
	}
	return true;
}

/* ---- statements ---- */

/* Refuses what is no member of an object; `known` ends in NULL. */
static bool
members_check(const struct reading *r, const json_t *object,
	      const char *const *known)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		size_t i = 0;

		(void)value;
		while (known[i] != NULL && strcmp(known[i], name) != 0)
			i++;
		if (known[i] == NULL)
			return refuse(r, name, "is not known");
		if (json_is_null(value))
			return refuse(r, name, "must not be null");
	}
	return true;
}

static bool
statement_read(const struct reading *r, const json_t *json,
	       struct statement *ret)
{
	static const char *const known[] = {
		"Sid",       "Effect",    "Principal", "NotPrincipal",
		"Action",    "NotAction", "Resource",  "NotResource",
		"Condition", NULL};
	const json_t *sid = json_get(json, "Sid");
	struct span effect = json_text(json_get(json, "Effect"));

	if (!json_is_object(json))
		return error_set(r->reterr, ERROR_BAD_REQUEST,
				 "Policy is invalid: %s must be an object.",
				 r->where);
	if (!members_check(r, json, known))
		return false;
	if (sid != NULL && !json_is_string(sid))
		return refuse(r, "Sid", "must be a text");
	ret->denies = span_equal(effect, SPAN("Deny"));
	if (!ret->denies && !span_equal(effect, SPAN("Allow")))
		return refuse(r, "Effect", "must be Allow or Deny");
	return principal_read(r, json, ret) && action_read(r, json, ret) &&
	       resource_read(r, json, ret) &&
	       ses_conditions_read(json_get(json, "Condition"), r->where,
				   r->variables, r->arena, &ret->conditions,
				   r->reterr);
}

/* Statements are told apart by their Sid, where they have one. */
static bool
sids_check(const struct reading *r, const json_t *statements)
{
	CLEANUP(json_decrefp) json_t *seen = json_object_new();

	for (size_t i = 0; i < json_array_size(statements); i++) {
		const json_t *sid =
			json_get(json_array_get(statements, i), "Sid");

		if (sid == NULL)
			continue;
		if (json_get(seen, json_string_value(sid)) != NULL)
			return refuse(r, "Statement", "has the same Sid twice");
		json_put_bool(seen, json_string_value(sid), true);
	}
	return true;
}

/* ---- the document ---- */

static bool
head_read(struct reading *r, const json_t *json)
{
	static const char *const known[] = {"Version", "Id", "Statement", NULL};
	const json_t *version = json_get(json, "Version");
	const json_t *id = json_get(json, "Id");

	if (!json_is_object(json))
		return error_set(r->reterr, ERROR_BAD_REQUEST,
				 "Policy is invalid: it must be an object.");
	if (!members_check(r, json, known))
		return false;
	r->variables = span_equal(json_text(version), SPAN("2012-10-17"));
	if (version != NULL && !r->variables &&
	    !span_equal(json_text(version), SPAN("2008-10-17")))
		return refuse(r, "Version", "must be 2012-10-17 or 2008-10-17");
	if (id != NULL && !json_is_string(id))
		return refuse(r, "Id", "must be a text");
	return true;
}

static bool
statements_read(struct reading *r, const json_t *json, struct ses_policy *ret)
{
	size_t len = json_is_array(json) ? json_array_size(json) : 1;
	struct statement *statement =
		arena_array(r->arena, len + 1, sizeof(*statement));

	if (json == NULL)
		return refuse(r, "Statement", "is missing");
	if (statement == NULL)
		return refuse(r, "Statement", "is too large");
	if (len == 0)
		return refuse(r, "Statement", "must not be empty");
	for (size_t i = 0; i < len; i++) {
		bool good;

		snprintf(r->where, sizeof(r->where), "Statement[%zu]", i);
		good = statement_read(r, element(json, i), &statement[i]);
		r->where[0] = '\0';
		if (!good)
			return false;
	}
	ret->statement = statement;
	ret->len = len;
	return sids_check(r, json);
}

bool
ses_policy_parse(struct span text, struct span resource, struct arena *arena,
		 const struct ses_policy **ret, struct error *reterr)
{
	struct reading r = {
		.arena = arena, .resource = resource, .reterr = reterr};
	struct ses_policy *policy = arena_get(arena, sizeof(*policy));
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct json_fault fault;

	switch (json_parse(text, SES_POLICY_MAX, &json, &fault)) {
	case JSON_OK:
		break;
	case JSON_TOO_BIG:
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Policy is invalid: it is longer than %d "
				 "octets.",
				 SES_POLICY_MAX);
	case JSON_EMPTY:
	case JSON_TOO_DEEP:
	case JSON_TOO_MANY:
	case JSON_BAD:
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Policy is invalid: it is not JSON at octet "
				 "%zu: %s.",
				 fault.offset, fault.text);
	}
	if (policy == NULL)
		return refuse(&r, "Statement", "is too large");
	if (!head_read(&r, json) ||
	    !statements_read(&r, json_get(json, "Statement"), policy))
		return false;
	/* A copy that did not fit would be an empty text. */
	if (arena_full(arena))
		return refuse(&r, "Statement", "is too large");
	*ret = policy;
	return true;
}

bool
ses_policy_compact(struct span text, struct buf *to)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (quoted && c == '\\' && i + 1 < text.len) {
			buf_addc(to, c);
			buf_addc(to, text.ptr[++i]);
			continue;
		}
		if (c == '"')
			quoted = !quoted;
		if (quoted || (c != ' ' && c != '\t' && c != '\r' && c != '\n'))
			buf_addc(to, c);
	}
	return !to->full;
}

/* ---- evaluation ---- */

static bool
applies(const struct list *list, struct span text)
{
	for (size_t i = 0; i < list->len; i++)
		if (glob_match(list->item[i], text))
			return !list->negated;
	return list->negated;
}

static bool
applies_to_account(const struct statement *s, struct span account)
{
	bool named = s->everybody;

	for (size_t i = 0; !named && i < s->principal.len; i++)
		named = span_equal(s->principal.item[i], account);
	return named != s->principal.negated;
}

static bool
is_too_long(const struct ses_policy_request *request)
{
	const struct span text[] = {request->action,     request->resource,
				    request->from,       request->display_name,
				    request->feedback,   request->source_ip,
				    request->source_arn, request->account};

	for (size_t i = 0; i < COUNT(text); i++)
		if (text[i].len > SES_POLICY_TEXT_MAX)
			return true;
	for (size_t i = 0; i < request->recipients; i++)
		if (request->recipient[i].len > SES_POLICY_TEXT_MAX)
			return true;
	return false;
}

enum ses_policy_effect
ses_policy_evaluate(const struct ses_policy *policy,
		    const struct ses_policy_request *request)
{
	enum ses_policy_effect effect = SES_POLICY_SILENT;
	char lower[SES_POLICY_TEXT_MAX];
	struct span action = {lower, request->action.len};

	if (is_too_long(request))
		return SES_POLICY_DENY;
	for (size_t i = 0; i < action.len; i++)
		lower[i] = span_lower(request->action.ptr[i]);
	for (size_t i = 0; i < policy->len; i++) {
		const struct statement *s = &policy->statement[i];

		if (!applies_to_account(s, request->account) ||
		    !applies(&s->action, action) ||
		    !applies(&s->resource, request->resource) ||
		    !ses_conditions_hold(&s->conditions, request, s->denies))
			continue;
		if (s->denies)
			return SES_POLICY_DENY;
		effect = SES_POLICY_ALLOW;
	}
	return effect;
}

enum ses_policy_effect
ses_policy_join(enum ses_policy_effect a, enum ses_policy_effect b)
{
	return a > b ? a : b;
}

/* ---- what goes over the wire ---- */

bool
ses_policy_name_check(struct span name, struct error *reterr)
{
	if (name.len > SES_POLICY_NAME_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "1 validation error detected: Value at "
				 "'policyName' failed to satisfy constraint: "
				 "Member must have length less than or equal "
				 "to %d",
				 SES_POLICY_NAME_MAX);
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.ptr[i]) && name.ptr[i] != '-' &&
		    name.ptr[i] != '_')
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "PolicyName is invalid. Policy names "
					 "must only include alpha-numeric "
					 "characters, dashes, and "
					 "underscores.");
	return true;
}

bool
ses_put_policy_read(const json_t *body, struct span *ret, struct error *reterr)
{
	if (!ses_model_body("CreateEmailIdentityPolicy", body, reterr))
		return false;
	*ret = shape_text(body, "Policy");
	return true;
}

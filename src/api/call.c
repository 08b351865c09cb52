/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"

#include <stdio.h>

#include "sending/rules.h"

/* Longest name that is put into the text of an error. */
#define NAME_SHOWN 200

void
api_call_init(struct api_call *call, const struct api_deployment *deployment,
	      const char *account, int64_t now)
{
	*call = (struct api_call){
		.deployment = deployment,
		.now = now,
		.status = 200,
	};
	snprintf(call->account, sizeof(call->account), "%s", account);
	call->key_text = SPAN("");
	for (size_t i = 0; i < API_PARAMS_MAX; i++)
		call->param[i] = SPAN("");
	arena_init(&call->arena, API_ARENA_MAX);
	arena_init(&call->scratch, API_ARENA_MAX);
	buf_init(&call->rendered, API_RENDERED_MAX);
}

void
api_call_release(struct api_call *call)
{
	/* in the body's own memory, to which nobody else holds on */
	explicit_bzero((char *)(uintptr_t)call->key_text.ptr,
		       call->key_text.len);
	call->key_text = SPAN("");
	json_decref(call->body);
	json_decref(call->answer);
	call->body = NULL;
	call->answer = NULL;
	json_decref(call->message);
	call->message = NULL;
	buf_release(&call->rendered);
	arena_release(&call->scratch);
	arena_wipe(&call->arena);
	explicit_bzero(&call->key, sizeof(call->key));
	explicit_bzero(call->entropy, sizeof(call->entropy));
}

bool
api_body_read(struct span text, size_t max, json_t **ret, struct error *reterr)
{
	struct json_fault fault;

	*ret = NULL;
	if (text.len == 0 || span_equal(span_trim(text), SPAN("null")))
		return true;
	switch (json_parse(text, max, ret, &fault)) {
	case JSON_OK:
		return true;
	case JSON_TOO_BIG:
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The body is longer than %zu octets.", max);
	case JSON_EMPTY:
	case JSON_TOO_DEEP:
	case JSON_TOO_MANY:
	case JSON_BAD:
		break;
	}
	return error_set(reterr, ERROR_SERIALIZATION,
			 "The body is not the JSON that is taken here, at "
			 "octet %zu: %s",
			 fault.offset, fault.text);
}

struct span
api_query(const struct api_call *call, const char *name)
{
	for (size_t i = 0; i < call->queries; i++)
		if (span_equal(call->query[i].name, span_of(name)))
			return call->query[i].value;
	return SPAN("");
}

void
api_answer(struct api_call *call, json_t *value)
{
	json_decref(call->answer);
	call->answer = value;
}

const char *
api_text(struct api_call *call, struct span text)
{
	return arena_copy(&call->arena, text).ptr;
}

bool
api_event(struct api_call *call, const char *identity, const char *kind,
	  const char *text, struct error *reterr)
{
	struct event event = {.time = call->now};

	memcpy(event.account, call->account, sizeof(event.account));
	snprintf(event.identity, sizeof(event.identity), "%s", identity);
	snprintf(event.kind, sizeof(event.kind), "%s", kind);
	snprintf(event.text, sizeof(event.text), "%s", text);
	return store_event_add(call->store, &event, reterr);
}

bool
api_lifecycle(struct api_call *call, const struct identity *identity,
	      const struct lifecycle_events *events, struct error *reterr)
{
	for (size_t i = 0; i < events->len; i++) {
		struct event event = {0};

		lifecycle_event_row(&events->event[i], identity, call->now,
				    &event);
		if (!store_event_add(call->store, &event, reterr))
			return false;
	}
	return true;
}

bool
api_tags_put(struct api_call *call, const char *resource,
	     const struct ses_tags *tags, struct error *reterr)
{
	for (size_t i = 0; i < tags->len; i++) {
		const struct ses_tag *tag = &tags->tag[i];
		struct tag_row row = {0};

		if (tag->key.len >= sizeof(row.key) ||
		    tag->value.len >= sizeof(row.value))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "A tag's key or value is longer than "
					 "%zu or %zu octets.",
					 sizeof(row.key) - 1,
					 sizeof(row.value) - 1);
		memcpy(row.key, tag->key.ptr, tag->key.len);
		memcpy(row.value, tag->value.ptr, tag->value.len);
		if (!store_tag_put(call->store, call->account, resource, &row,
				   reterr))
			return false;
	}
	return true;
}

bool
api_tags_get(struct api_call *call, const char *resource, struct ses_tags *ret,
	     struct error *reterr)
{
	struct tag_row *row =
		arena_array(&call->arena, STORE_TAGS_MAX, sizeof(*row));

	if (row == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!store_tag_list(call->store, call->account, resource, row,
			    &ret->len, reterr))
		return false;
	for (size_t i = 0; i < ret->len; i++)
		ret->tag[i] = (struct ses_tag){span_of(row[i].key),
					       span_of(row[i].value)};
	return true;
}

bool
api_key_good(const struct api_call *call, struct error *reterr)
{
	if (call->key.type == DKIM_KEY_RSA &&
	    call->key.bits >= SES_RSA_1024_BIT &&
	    call->key.bits <= SES_RSA_2048_BIT)
		return true;
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "DomainSigningPrivateKey must be an RSA key of %d to "
			 "%d bits.",
			 SES_RSA_1024_BIT, SES_RSA_2048_BIT);
}

/* Sets the error of `text`, with the name for its "{}", cut if it is long. */
static bool
refuse_name(struct error *reterr, enum error_code code, const char *text,
	    struct span name)
{
	struct span after = span_of(text);
	struct span before = span_cut(&after, '{');

	return error_set(reterr, code, SPAN_FMT SPAN_FMT SPAN_FMT,
			 SPAN_ARG(before),
			 SPAN_ARG(span_sub(name, 0,
					   name.len < NAME_SHOWN ? name.len
								 : NAME_SHOWN)),
			 SPAN_ARG(span_skip(after, 1)));
}

bool
api_identity(struct api_call *call, struct identity *ret,
	     enum error_code missing, const char *text, struct error *reterr)
{
	char name[STORE_NAME_SIZE];
	struct error why;

	if (identity_name(call->param[0], name, &why) &&
	    store_identity_get(call->store, call->account, name, ret, &why))
		return true;
	if (why.code == ERROR_NOT_FOUND || why.code == ERROR_BAD_REQUEST)
		return refuse_name(reterr, missing, text, call->param[0]);
	*reterr = why;
	return false;
}

bool
api_set(struct api_call *call, struct span name, struct configuration_set *ret,
	enum error_code missing, struct error *reterr)
{
	struct error why = {.code = ERROR_NOT_FOUND};

	if (name.len < STORE_SET_SIZE &&
	    store_set_get(call->store, call->account, api_text(call, name), ret,
			  &why))
		return true;
	if (why.code == ERROR_NOT_FOUND)
		return refuse_name(reterr, missing,
				   "Configuration set <{}> does not exist.",
				   name);
	*reterr = why;
	return false;
}

bool
api_may_send(struct api_call *call, struct span name, struct error *reterr)
{
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));
	struct rules rules;

	if (set == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (name.len > 0 &&
	    !api_set(call, name, set, ERROR_BAD_REQUEST, reterr))
		return false;
	return rules_read(call->store, call->account, name.len > 0 ? set : NULL,
			  &rules, reterr) &&
	       rules_check(&rules, set->name, reterr);
}

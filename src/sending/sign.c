/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/sign.h"

bool
sign_init(struct sign_plan *plan, struct span message, int64_t now,
	  struct error *reterr)
{
	enum header_status status;
	size_t offset;

	*plan = (struct sign_plan){
		.message = message,
		.arena = ARENA_INIT(1 << 20),
		.now = now,
	};
	status = header_parse(message, &plan->arena, &plan->header, &offset);
	if (status != HEADER_OK) {
		arena_release(&plan->arena);
		return error_set(reterr, ERROR_INTERNAL,
				 "a message cannot be signed: %s",
				 header_strerror(status));
	}
	dkim_sign_body(plan->header.body, plan->body_hash);
	return true;
}

void
sign_release(struct sign_plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		buf_release(&plan->one[i].field);
	plan->len = 0;
	arena_release(&plan->arena);
}

bool
sign_add(struct sign_plan *plan, struct span domain, const struct dkim_key *key,
	 struct error *reterr)
{
	struct dkim_sign how = {
		.selector = span_of(key->selector),
		.type = key->type == DKIM_KEY_ED25519 ? KEY_ED25519 : KEY_RSA,
		.time = plan->now / 1000,
		.expiry = (plan->now + SIGN_LIFE) / 1000,
	};
	struct sign_one *one = &plan->one[plan->len];

	if (plan->len == SIGN_MAX)
		return error_set(reterr, ERROR_INTERNAL,
				 "a message has too many signatures");
	if (domain_parse(domain, &how.domain) != DOMAIN_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "\"" SPAN_FMT "\" is no domain to sign for",
				 SPAN_ARG(domain));
	one->key = key;
	buf_init(&one->field, DKIM_FIELD_MAX);
	if (!dkim_sign_begin(&how, &plan->header, plan->body_hash, &one->field,
			     one->digest)) {
		buf_release(&one->field);
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The message has too many header fields of "
				 "one name to be signed.");
	}
	plan->len++;
	return true;
}

bool
sign_put(struct sign_plan *plan, size_t i, struct span signature,
	 struct error *reterr)
{
	struct sign_one *one = &plan->one[i];

	if (i >= plan->len || one->done || signature.len == 0 ||
	    !dkim_sign_finish(&one->field, signature))
		return error_set(reterr, ERROR_INTERNAL,
				 "a DKIM signature is not usable");
	one->done = true;
	return true;
}

bool
sign_finish(const struct sign_plan *plan, struct buf *to, struct error *reterr)
{
	for (size_t i = 0; i < plan->len; i++) {
		if (!plan->one[i].done)
			return error_set(reterr, ERROR_INTERNAL,
					 "a DKIM signature is missing");
		buf_add(to, buf_span(&plan->one[i].field));
	}
	if (to->full || !buf_add(to, plan->message))
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The message is too long.");
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON as the body of any call.  What a reader takes, its writer writes,
 * and the reader takes that again; what is sent has no control characters.
 */
#include <assert.h>
#include <stdint.h>

#include "ses/bulk.h"
#include "ses/configuration_sets.h"
#include "ses/failure.h"
#include "ses/identity_answers.h"
#include "ses/outbound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
requests(const json_t *body)
{
	CLEANUP(json_decrefp) json_t *again = NULL;
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_create_identity create;
	struct ses_put_signing signing;
	struct ses_put_mail_from mail_from;
	struct ses_list_identities list;
	struct ses_create_set set;
	struct error error;

	if (ses_create_identity_read(body, &create, &error)) {
		assert(create.name.len > 0 && create.tags.len <= SES_TAGS_MAX);
		again = ses_create_identity_write(&create);
		assert(ses_create_identity_read(again, &create, &error));
		json_decref(again);
	}
	again = NULL;
	if (ses_put_signing_read(body, &signing, &error)) {
		again = ses_put_signing_write(&signing);
		assert(ses_put_signing_read(again, &signing, &error));
		json_decref(again);
	}
	again = NULL;
	if (ses_put_mail_from_read(body, &mail_from, &error)) {
		again = ses_put_mail_from_write(&mail_from);
		assert(ses_put_mail_from_read(again, &mail_from, &error));
	}
	if (ses_list_identities_read(body, &list, &error))
		assert(list.page >= 1 && list.page <= SES_PAGE_MAX);
	if (ses_create_set_read(body, &set, &options, &error))
		assert(set.name.len <= SES_SET_NAME_MAX && options != NULL);
}

static void
sending(const json_t *body)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	static struct ses_send send;
	struct error error;

	if (!ses_send_read(body, &arena, &send, &error))
		return;
	assert(send.to.len + send.cc.len + send.bcc.len <= SES_RECIPIENTS_MAX);
	assert(!ses_has_control(send.subject));
	assert(!ses_has_control(send.from_text));
	for (size_t i = 0; i < send.headers; i++)
		assert(!ses_has_control(send.header[i].value) &&
		       span_find(send.header[i].name, ':') == SPAN_NONE);
}

/* A template that was read is written as one that is read again. */
static void
templates(const json_t *body)
{
	CLEANUP(json_decrefp) json_t *again = NULL;
	struct ses_create_template create;
	struct ses_template content;
	struct error error;
	struct span data;

	if (ses_create_template_read(body, &create, &error)) {
		again = ses_template_write(&create.content);
		assert(ses_template_read(again, SES_TEMPLATE_SIZE_MAX, &content,
					 &error));
		assert(span_equal(content.html, create.content.html));
	}
	if (ses_update_template_read(body, &content, &error))
		assert(content.subject.len > 0);
	if (ses_render_read(body, &data, &error))
		assert(data.len <= (size_t)SES_TEMPLATE_DATA_MAX * 4);
}

/* Each entry is a SendEmail of its template, if it is one at all. */
static void
bulk(const json_t *body)
{
	static struct ses_send send;
	struct ses_bulk ask;
	struct error error;

	if (!ses_bulk_read(body, &ask, &error))
		return;
	assert(ask.entries > 0 && ask.entries <= SES_BULK_ENTRIES_MAX);
	for (size_t i = 0; i < ask.entries; i++) {
		CLEANUP(arena_release)
		struct arena arena = ARENA_INIT(1 << 22);
		CLEANUP(json_decrefp) json_t *message = NULL;

		if (ses_bulk_entry(&ask, i, &message, &error) &&
		    ses_send_read(message, &arena, &send, &error))
			assert(send.kind == SES_TEMPLATE && send.from != NULL &&
			       send.has_destination);
	}
}

static void
answers(const json_t *body)
{
	struct ses_identity identity;
	struct ses_identity_entry entry;
	struct error error;

	if (ses_identity_read(body, &identity, &error)) {
		CLEANUP(json_decrefp) json_t *again = NULL;

		assert(identity.dkim.tokens <= SES_TOKENS_MAX);
		if (identity.type != 0) {
			again = ses_identity_write(&identity);
			assert(ses_identity_read(again, &identity, &error));
		}
	}
	if (ses_identity_entry_read(body, &entry))
		assert(entry.status != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decrefp) json_t *body = NULL;
	struct error error;

	assert(!failure_parse(400, SPAN(""), span_bytes(data, size), &error));
	if (json_parse(span_bytes(data, size), 1 << 20, &body, NULL) != JSON_OK)
		return 0;
	requests(body);
	sending(body);
	templates(body);
	bulk(body);
	answers(body);
	return 0;
}

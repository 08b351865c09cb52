/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any data, a NUL, and any template.  A program that was made stays within
 * itself, whatever it is given; nothing that is rendered passes its limit; and
 * a text without a tag is rendered as it is.
 */
#include <assert.h>
#include <stdint.h>

#include "ses/template.h"

/* Octets that may be rendered here. */
#define RENDER_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
well_formed(const struct template *template)
{
	for (size_t i = 0; i < template->steps; i++) {
		const struct template_step *step = &template->step[i];

		assert(step->op >= TEMPLATE_TEXT &&
		       step->op <= TEMPLATE_HELPER);
		assert(step->offset <= template->text.len);
		assert(step->jump < template->steps);
		if (step->op == TEMPLATE_PARTIAL)
			assert(template->step[step->jump].op ==
			       TEMPLATE_INLINE);
		if (step->op == TEMPLATE_INLINE)
			assert(template->step[step->jump].op ==
			       TEMPLATE_INLINE_END);
		if (step->op == TEMPLATE_ELSE)
			assert(template->step[step->jump].op == TEMPLATE_END);
	}
}

static void
fault_good(const struct template_fault *fault, enum template_status status)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);

	assert(fault->status == status && fault->line > 0 && fault->column > 0);
	template_fault_format(fault, &text);
	assert(text.len > 0 && !text.full);
}

static void
render(struct span text, const json_t *json)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(TEMPLATE_ARENA);
	CLEANUP(buf_release) struct buf to = BUF_INIT(RENDER_MAX);
	struct template_fault fault;
	struct template template;
	enum template_status status;

	status = template_parse(text, &arena, &template, &fault);
	if (status != TEMPLATE_OK) {
		assert(status < TEMPLATE_MISSING);
		fault_good(&fault, status);
		return;
	}
	well_formed(&template);
	status = template_render(&template, json, &to, &fault);
	assert(to.len <= RENDER_MAX);
	if (status != TEMPLATE_OK) {
		assert(status == TEMPLATE_TOO_DEEP ||
		       status >= TEMPLATE_MISSING);
		fault_good(&fault, status);
	} else if (span_search(text, SPAN("{{")) == SPAN_NONE) {
		assert(span_equal(text, buf_span(&to)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct span text = span_bytes(data, size);
	struct span values = span_cut(&text, '\0');

	if (json_parse(values, 1 << 20, &json, NULL) != JSON_OK) {
		json = json_object_new();
		text = span_bytes(data, size);
	}
	render(text, json);
	return 0;
}

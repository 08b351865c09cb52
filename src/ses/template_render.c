/* SPDX-License-Identifier: Apache-2.0 */
/* Rendering: a loop over the program that template.c made. */
#include <math.h>

#include "ses/template.h"

/* Octets of a list or an object, put as JSON, that cost a step. */
#define JSON_OCTETS_A_STEP 8

/* What a name stands for. */
struct value {
	enum {
		VALUE_NONE, /* nothing, or null */
		VALUE_JSON, /* of the data */
		VALUE_NUMBER,
		VALUE_TRUTH,
		VALUE_TEXT,
	} kind;
	const json_t *json;
	int64_t number; /* VALUE_NUMBER, VALUE_TRUTH */
	struct span text;
};

/* A scope, or a partial that was called. */
struct scope {
	uint32_t step;         /* of the block or the call; the root: none */
	bool called;           /* by a PARTIAL: goes back behind `step` */
	bool inner;            /* has a context of its own */
	const json_t *context; /* what names are looked for in */
	const json_t *list;    /* a loop's; NULL: no loop */
	void *iter;            /* of a loop over an object */
	size_t index;          /* of a loop */
	size_t size;           /* of list */
};

struct render {
	const struct template *template;
	struct scope scope[TEMPLATE_SCOPES_MAX];
	size_t scopes; /* of scope; at least 1 */
	size_t taken;  /* steps */
	struct buf *to;
	enum template_status status;
	struct template_fault *fault;
};

static bool
fail(struct render *r, enum template_status status,
     const struct template_step *step, struct span what)
{
	r->status = template_fail(r->fault, status, r->template->text,
				  step->offset, what);
	return false;
}

/* ---- names ---- */

/* Cuts the first segment off *path, with its dot. */
static struct span
segment_cut(struct span *path)
{
	struct span segment = SPAN("");
	size_t n = 0;

	if (span_starts(*path, SPAN("["))) {
		n = span_find(*path, ']');
		segment = span_sub(*path, 1, n);
		n++;
	} else {
		while (n < path->len && path->ptr[n] != '.' &&
		       path->ptr[n] != '/')
			n++;
		segment = span_head(*path, n);
	}
	*path = span_skip(*path, n + 1);
	return segment;
}

/* Borrows the member or element `name` of `json`; NULL: none, or null. */
static const json_t *
member(const json_t *json, struct span name)
{
	const json_t *found = NULL;
	uint64_t index;

	if (json_is_object(json))
		found = json_object_getn(json, name.ptr, name.len);
	else if (json_is_array(json) && span_to_u64(name, SIZE_MAX, &index))
		found = json_array_get(json, (size_t)index);
	return json_is_null(found) ? NULL : found;
}

static struct value
json_value(const json_t *json)
{
	struct value none = {.kind = VALUE_NONE};

	if (json == NULL || json_is_null(json))
		return none;
	return (struct value){.kind = VALUE_JSON, .json = json};
}

/* Goes down the rest of a path. */
static struct value
descend(const json_t *json, struct span path)
{
	while (path.len > 0 && json != NULL) {
		struct span name = segment_cut(&path);

		if (json_is_array(json) && path.len == 0 &&
		    span_equal(name, SPAN("length")))
			return (struct value){
				.kind = VALUE_NUMBER,
				.number = (int64_t)json_array_size(json),
			};
		json = member(json, name);
	}
	return json_value(json);
}

/* Returns the scope with a context that is at or around `i`. */
static size_t
inner_scope(const struct render *r, size_t i)
{
	while (i > 0 && !r->scope[i].inner)
		i--;
	return i;
}

/* @index and its like, of the loop that is `up` loops around this one. */
static struct value
loop_value(const struct render *r, struct span name, size_t up)
{
	struct value none = {.kind = VALUE_NONE};
	const struct scope *loop = NULL;

	for (size_t i = r->scopes; i-- > 0 && loop == NULL;)
		if (r->scope[i].list != NULL && up-- == 0)
			loop = &r->scope[i];
	if (loop == NULL)
		return none;
	if (span_equal(name, SPAN("index")))
		return (struct value){.kind = VALUE_NUMBER,
				      .number = (int64_t)loop->index};
	if (span_equal(name, SPAN("first")))
		return (struct value){.kind = VALUE_TRUTH,
				      .number = loop->index == 0};
	if (span_equal(name, SPAN("last")))
		return (struct value){.kind = VALUE_TRUTH,
				      .number = loop->index + 1 == loop->size};
	if (!span_equal(name, SPAN("key")))
		return none;
	if (json_is_array(loop->list))
		return (struct value){.kind = VALUE_NUMBER,
				      .number = (int64_t)loop->index};
	return (struct value){
		.kind = VALUE_TEXT,
		.text = span_of(json_object_iter_key(loop->iter)),
	};
}

/* The first segment in the scope `i`, or one around it; then the rest. */
static struct value
search(struct render *r, size_t i, struct span path)
{
	struct span first = segment_cut(&path);
	const json_t *json = NULL;

	for (;;) {
		r->taken++;
		json = member(r->scope[i].context, first);
		if (json != NULL || i == 0)
			break;
		i = inner_scope(r, i - 1);
	}
	return descend(json, path);
}

/* Takes "../" off *path; returns how many there were. */
static size_t
climb(struct span *path)
{
	size_t up = 0;

	for (; span_starts(*path, SPAN("..")); up++)
		*path = span_skip(*path, 3);
	return up;
}

/* What stands behind "@": root, or of a loop. */
static struct value
special_value(const struct render *r, struct span path)
{
	size_t up = climb(&path);

	if (up == 0 && span_equal(path, SPAN("root")))
		return json_value(r->scope[0].context);
	if (up == 0 && (span_starts(path, SPAN("root.")) ||
			span_starts(path, SPAN("root/"))))
		return descend(r->scope[0].context, span_skip(path, 5));
	return loop_value(r, path, up);
}

/* Takes "this." or "./" off *path; returns whether it was there. */
static bool
is_here(struct span *path)
{
	size_t n = 0;

	if (span_starts(*path, SPAN("./")))
		n = 2;
	else if (span_starts(*path, SPAN("this.")) ||
		 span_starts(*path, SPAN("this/")))
		n = 5;
	*path = span_skip(*path, n);
	return n > 0;
}

static struct value
look_up(struct render *r, struct span path)
{
	size_t up, i = inner_scope(r, r->scopes - 1);
	const json_t *context;
	bool here;

	if (path.ptr[0] == '@')
		return special_value(r, span_skip(path, 1));
	up = climb(&path);
	here = is_here(&path) || up > 0;
	for (; up > 0; up--) {
		if (i == 0)
			return (struct value){.kind = VALUE_NONE};
		i = inner_scope(r, i - 1);
	}
	context = r->scope[i].context;
	if (path.len == 0 || span_equal(path, SPAN(".")) ||
	    span_equal(path, SPAN("this")))
		return json_value(context);
	return here ? descend(context, path) : search(r, i, path);
}

/* What Handlebars takes for true. */
static bool
is_true(const struct value *value)
{
	switch (value->kind) {
	case VALUE_NONE:
		return false;
	case VALUE_NUMBER:
	case VALUE_TRUTH:
		return value->number != 0;
	case VALUE_TEXT:
		return value->text.len > 0;
	case VALUE_JSON:
		break;
	}
	if (json_is_string(value->json))
		return json_string_length(value->json) > 0;
	if (json_is_array(value->json))
		return json_array_size(value->json) > 0;
	if (json_is_number(value->json))
		return json_number_value(value->json) != 0;
	return !json_is_false(value->json);
}

/* The shortest text that is read as the same number. */
static void
put_real(struct buf *to, double number)
{
	char text[40] = "";

	if (fabs(number) < 1e15 && number == floor(number)) {
		buf_addf(to, "%.0f", number);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buf_adds(to, text);
}

static void
put_value(struct buf *to, const struct value *value)
{
	switch (value->kind) {
	case VALUE_NONE:
		return;
	case VALUE_NUMBER:
		buf_addf(to, "%lld", (long long)value->number);
		return;
	case VALUE_TRUTH:
		buf_adds(to, value->number ? "true" : "false");
		return;
	case VALUE_TEXT:
		buf_add(to, value->text);
		return;
	case VALUE_JSON:
		break;
	}
	if (json_is_string(value->json))
		buf_add(to, json_text(value->json));
	else if (json_is_integer(value->json))
		buf_addf(to, "%lld",
			 (long long)json_integer_value(value->json));
	else if (json_is_real(value->json))
		put_real(to, json_real_value(value->json));
	else if (json_is_boolean(value->json))
		buf_adds(to, json_is_true(value->json) ? "true" : "false");
	else
		json_format(value->json, to);
}

/* Puts a value; a list or an object costs steps for its length. */
static void
put(struct render *r, const struct value *value)
{
	size_t before = r->to->len;

	put_value(r->to, value);
	if (value->kind == VALUE_JSON && !json_is_string(value->json))
		r->taken += (r->to->len - before) / JSON_OCTETS_A_STEP;
}

/* ---- steps; each returns the next one ---- */

/* Enters a scope; returns NULL, and fails, if there are too many. */
static struct scope *
enter(struct render *r, const struct template_step *step)
{
	struct scope *scope = &r->scope[r->scopes];

	if (r->scopes == TEMPLATE_SCOPES_MAX) {
		fail(r, TEMPLATE_TOO_DEEP, step, step->text);
		return NULL;
	}
	r->scopes++;
	*scope = (struct scope){
		.step = (uint32_t)(step - r->template->step),
		.inner = true,
	};
	return scope;
}

static void
enter_loop(struct render *r, const struct template_step *step,
	   const json_t *list)
{
	struct scope *scope = enter(r, step);

	if (scope == NULL)
		return;
	scope->list = list;
	if (json_is_array(list)) {
		scope->size = json_array_size(list);
		scope->context = json_array_get(list, 0);
	} else {
		scope->size = json_object_size(list);
		scope->iter = json_object_iter((json_t *)(uintptr_t)list);
		scope->context = json_object_iter_value(scope->iter);
	}
}

static void
enter_context(struct render *r, const struct template_step *step,
	      const json_t *context)
{
	struct scope *scope = enter(r, step);

	if (scope != NULL)
		scope->context = context;
}

/* Whether the first part of a block is for `value`. */
static bool
goes_in(enum template_op op, const struct value *value)
{
	bool truth = is_true(value);

	if (op == TEMPLATE_UNLESS || op == TEMPLATE_INVERSE)
		return !truth;
	if (op != TEMPLATE_EACH)
		return truth;
	if (value->kind != VALUE_JSON)
		return false;
	return json_is_object(value->json) ? json_object_size(value->json) > 0
					   : json_array_size(value->json) > 0;
}

/* Begins a block: goes into it, or to its other part. */
static size_t
begin(struct render *r, size_t at, const struct template_step *step)
{
	struct value value = look_up(r, step->text);
	bool section = step->op == TEMPLATE_SECTION;

	if (!goes_in(step->op, &value))
		return step->jump;
	if (value.kind != VALUE_JSON)
		return at + 1;
	if (step->op == TEMPLATE_EACH || (section && json_is_array(value.json)))
		enter_loop(r, step, value.json);
	else if (step->op == TEMPLATE_WITH ||
		 (section && !json_is_boolean(value.json)))
		enter_context(r, step, value.json);
	return at + 1;
}

/* Ends a part of the block at `open`, whose END is `last`. */
static size_t
end(struct render *r, uint32_t open, size_t last)
{
	struct scope *scope = &r->scope[r->scopes - 1];

	if (r->scopes == 1 || scope->called || scope->step != open)
		return last + 1;
	if (scope->list == NULL || ++scope->index == scope->size) {
		r->scopes--;
		return last + 1;
	}
	if (scope->iter == NULL) {
		scope->context = json_array_get(scope->list, scope->index);
		return open + 1;
	}
	scope->iter = json_object_iter_next((json_t *)(uintptr_t)scope->list,
					    scope->iter);
	scope->context = json_object_iter_value(scope->iter);
	return open + 1;
}

static size_t
call(struct render *r, const struct template_step *step)
{
	struct value value = {.kind = VALUE_NONE};
	struct scope *scope;

	if (step->context.len > 0) {
		value = look_up(r, step->context);
		if (value.kind != VALUE_JSON) {
			fail(r, TEMPLATE_MISSING, step, step->context);
			return 0;
		}
	}
	scope = enter(r, step);
	if (scope == NULL)
		return 0;
	scope->called = true;
	scope->inner = value.kind == VALUE_JSON;
	scope->context = value.json;
	return step->jump + 1;
}

/* Takes the step `at`; returns the next one. */
static size_t
take(struct render *r, size_t at)
{
	const struct template_step *step = &r->template->step[at];
	struct value value;

	switch (step->op) {
	case TEMPLATE_TEXT:
		buf_add(r->to, step->text);
		return at + 1;
	case TEMPLATE_VALUE:
		value = look_up(r, step->text);
		if (value.kind == VALUE_NONE)
			fail(r, TEMPLATE_MISSING, step, step->text);
		put(r, &value);
		return at + 1;
	case TEMPLATE_IF:
	case TEMPLATE_UNLESS:
	case TEMPLATE_EACH:
	case TEMPLATE_WITH:
	case TEMPLATE_SECTION:
	case TEMPLATE_INVERSE:
		return begin(r, at, step);
	case TEMPLATE_ELSE:
		return end(r, r->template->step[step->jump].jump, step->jump);
	case TEMPLATE_END:
		return end(r, step->jump, at);
	case TEMPLATE_INLINE:
		return step->jump + 1;
	case TEMPLATE_INLINE_END:
		return r->scope[--r->scopes].step + 1;
	case TEMPLATE_PARTIAL:
		return call(r, step);
	case TEMPLATE_HELPER:
		fail(r, TEMPLATE_MISSING, step, step->text);
		return 0;
	}
	return at + 1;
}

enum template_status
template_render(const struct template *template, const json_t *data,
		struct buf *to, struct template_fault *reterr)
{
	struct render r = {
		.template = template,
		.scope[0] = {.inner = true, .context = data},
		.scopes = 1,
		.to = to,
		.fault = reterr,
	};
	size_t at = 0;

	while (at < template->steps && r.status == TEMPLATE_OK) {
		size_t now = at;

		at = take(&r, now);
		if (r.status != TEMPLATE_OK)
			break;
		if (to->full)
			fail(&r, TEMPLATE_OUTPUT_FULL, &template->step[now],
			     SPAN(""));
		else if (++r.taken > TEMPLATE_STEPS_MAX)
			fail(&r, TEMPLATE_TOO_MANY_STEPS, &template->step[now],
			     SPAN(""));
	}
	return r.status;
}

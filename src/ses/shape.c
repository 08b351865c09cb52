/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/shape.h"

/* Where in a body something stands: a list of names and numbers. */
struct place {
	const struct place *in; /* NULL at the top */
	const char *name;       /* of a member; NULL for an element */
	size_t index;           /* of an element, from 1 */
};

/* What was found so far. */
struct findings {
	size_t count;    /* of broken constraints */
	struct buf text; /* their sentences */
};

/* "dkimSigningAttributes.nextSigningKeyLength", "tags.1.member.key" */
static void
place_format(const struct place *place, struct buf *to)
{
	if (place->in != NULL) {
		place_format(place->in, to);
		buf_addc(to, '.');
	}
	if (place->name == NULL) {
		buf_addf(to, "%zu.member", place->index);
		return;
	}
	buf_addc(to, span_lower(place->name[0]));
	buf_adds(to, place->name + 1);
}

static bool
is_base64(struct span s)
{
	size_t end = s.len;

	while (end > 0 && s.len - end < 2 && s.ptr[end - 1] == '=')
		end--;
	for (size_t i = 0; i < end; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '+' || c == '/'))
			return false;
	}
	return s.len % 4 == 0;
}

/* Returns what the value should have been, or NULL if it is that. */
static const char *
wrong_kind(const json_t *value, enum shape_kind kind)
{
	switch (kind) {
	case SHAPE_TEXT:
		return json_is_string(value) ? NULL : "a string";
	case SHAPE_TRUTH:
		return json_is_boolean(value) || json_is_string(value)
			       ? NULL
			       : "a boolean";
	case SHAPE_NUMBER:
		return json_is_integer(value) ? NULL : "a whole number";
	case SHAPE_BLOB:
		return json_is_string(value) && is_base64(json_text(value))
			       ? NULL
			       : "a string of base64";
	case SHAPE_OBJECT:
	case SHAPE_MAP:
		return json_is_object(value) ? NULL : "an object";
	case SHAPE_LIST:
		return json_is_array(value) ? NULL : "a list";
	}
	return NULL;
}

static bool kinds_good(const json_t *value, const struct shape_member *member,
		       const struct place *place, struct error *reterr);

static bool
refuse_kind(const struct place *place, const char *want, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(200);

	place_format(place, &path);
	return error_set(reterr, ERROR_SERIALIZATION, "'%s' must be %s.",
			 path.ptr, want);
}

static bool
members_good(const json_t *object, const struct shape *shape,
	     const struct place *in, struct error *reterr)
{
	for (size_t i = 0; i < shape->len; i++) {
		const struct shape_member *member = &shape->member[i];
		struct place place = {in, member->name, 0};
		const json_t *value = json_object_get(object, member->name);

		/* null is absent, except that it is no boolean */
		if (value == NULL ||
		    (json_is_null(value) && member->kind != SHAPE_TRUTH))
			continue;
		if (!kinds_good(value, member, &place, reterr))
			return false;
	}
	return true;
}

static bool
strings_good(const json_t *map, const struct place *in, struct error *reterr)
{
	const char *key;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)map, key, value)
	{
		if (!json_is_string(value))
			return refuse_kind(in, "a map of strings", reterr);
	}
	return true;
}

static bool
kinds_good(const json_t *value, const struct shape_member *member,
	   const struct place *place, struct error *reterr)
{
	const char *want = wrong_kind(value, member->kind);

	if (want != NULL)
		return refuse_kind(place, want, reterr);
	if (member->kind == SHAPE_OBJECT)
		return members_good(value, member->of, place, reterr);
	if (member->kind == SHAPE_MAP)
		return strings_good(value, place, reterr);
	if (member->kind != SHAPE_LIST)
		return true;
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct place element = {place, NULL, i + 1};

		if (!kinds_good(json_array_get(value, i),
				&member->of->member[0], &element, reterr))
			return false;
	}
	return true;
}

static void find_members(const json_t *object, const struct shape *shape,
			 const struct place *in, struct findings *found);

__attribute__((format(printf, 3, 4))) static void
find(struct findings *found, const struct place *place, const char *format, ...)
{
	va_list args;

	found->count++;
	if (found->text.len > 0)
		buf_adds(&found->text, "; ");
	buf_adds(&found->text, "Value at '");
	place_format(place, &found->text);
	buf_adds(&found->text, "' failed to satisfy constraint: Member must ");
	va_start(args, format);
	buf_addv(&found->text, format, args);
	va_end(args);
}

/* Returns whether `text` is one of the words of "A, B". */
static bool
is_word(struct span text, const char *words)
{
	struct span rest = span_of(words);

	while (rest.len > 0)
		if (span_equal(span_trim(span_cut(&rest, ',')), text))
			return true;
	return false;
}

static void
find_size(int64_t size, const struct shape_member *member, const char *what,
	  const struct place *place, struct findings *found)
{
	if (member->min > 0 && size < member->min)
		find(found, place, "have %s greater than or equal to %lld",
		     what, (long long)member->min);
	if (member->max > 0 && size > member->max)
		find(found, place, "have %s less than or equal to %lld", what,
		     (long long)member->max);
}

static void
find_value(const json_t *value, const struct shape_member *member,
	   const struct place *place, struct findings *found)
{
	struct span text = json_text(value);

	switch (member->kind) {
	case SHAPE_TEXT:
		find_size((int64_t)shape_length(text), member, "length", place,
			  found);
		if (member->match != NULL && !member->match(text))
			find(found, place,
			     "satisfy regular expression "
			     "pattern: %s",
			     member->pattern);
		if (member->words != NULL && !is_word(text, member->words))
			find(found, place, "satisfy enum value set: [%s]",
			     member->words);
		break;
	case SHAPE_NUMBER:
		find_size(json_integer_value(value), member, "value", place,
			  found);
		break;
	case SHAPE_OBJECT:
		find_members(value, member->of, place, found);
		break;
	case SHAPE_LIST:
		find_size((int64_t)json_array_size(value), member, "length",
			  place, found);
		for (size_t i = 0; i < json_array_size(value); i++) {
			struct place element = {place, NULL, i + 1};

			find_value(json_array_get(value, i),
				   &member->of->member[0], &element, found);
		}
		break;
	case SHAPE_TRUTH:
	case SHAPE_BLOB:
	case SHAPE_MAP:
		break;
	}
}

static void
find_members(const json_t *object, const struct shape *shape,
	     const struct place *in, struct findings *found)
{
	for (size_t i = 0; i < shape->len; i++) {
		const struct shape_member *member = &shape->member[i];
		struct place place = {in, member->name, 0};
		const json_t *value = json_get(object, member->name);

		if (value != NULL)
			find_value(value, member, &place, found);
		else if (member->required)
			find(found, &place, "not be null");
	}
}

bool
shape_check(const json_t *body, const struct shape *shape, struct error *reterr)
{
	struct findings found = {0, BUF_INIT(ERROR_TEXT_MAX)};
	bool good;

	if (body != NULL && !json_is_object(body))
		return error_set(reterr, ERROR_SERIALIZATION,
				 "The body must be a JSON object.");
	if (!members_good(body, shape, NULL, reterr))
		return false;
	find_members(body, shape, NULL, &found);
	good = found.count == 0;
	if (!good)
		error_set(reterr, ERROR_BAD_REQUEST,
			  "%zu validation error%s detected: %s", found.count,
			  found.count == 1 ? "" : "s", found.text.ptr);
	buf_release(&found.text);
	return good;
}

bool
shape_truth(const json_t *body, const char *name)
{
	const json_t *value = json_object_get(body, name);

	return json_is_string(value) || json_is_true(value);
}

struct span
shape_text(const json_t *body, const char *name)
{
	return json_text(json_object_get(body, name));
}

size_t
shape_length(struct span s)
{
	size_t length = 0;

	for (size_t i = 0; i < s.len; i++)
		length += ((uint8_t)s.ptr[i] & 0xc0) != 0x80;
	return length;
}

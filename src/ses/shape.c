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
	bool body_only;  /* what stands in path or query is not asked for */
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

/* Which octets base64 is made of; messages are long, so it is a table. */
static const bool base64_octet[256] = {
	['+'] = true, ['/'] = true, ['0'] = true, ['1'] = true, ['2'] = true,
	['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true,
	['8'] = true, ['9'] = true, ['A'] = true, ['B'] = true, ['C'] = true,
	['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true, ['H'] = true,
	['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true,
	['N'] = true, ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true,
	['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true, ['W'] = true,
	['X'] = true, ['Y'] = true, ['Z'] = true, ['a'] = true, ['b'] = true,
	['c'] = true, ['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true,
	['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true, ['l'] = true,
	['m'] = true, ['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true,
	['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true, ['v'] = true,
	['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
};

static bool
is_base64(struct span s)
{
	const uint8_t *octet = (const uint8_t *)s.ptr;
	bool good = s.len % 4 == 0;
	size_t end = s.len;

	while (end > 0 && s.len - end < 2 && s.ptr[end - 1] == '=')
		end--;
	for (size_t i = 0; i < end; i++)
		good &= base64_octet[octet[i]];
	return good;
}

/* What a kind is called where another was found. */
static const char *
kind_name(enum shape_kind kind)
{
	switch (kind) {
	case SHAPE_TEXT:
	case SHAPE_BLOB:
		return "a String";
	case SHAPE_TRUTH:
		return "a Boolean";
	case SHAPE_NUMBER:
		return "an Integer";
	case SHAPE_REAL:
		return "a Double";
	case SHAPE_TIME:
		return "a Timestamp";
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
		break;
	}
	return "";
}

/* What a value is called where another kind was wanted. */
static const char *
value_name(const json_t *value)
{
	if (json_is_string(value))
		return "STRING_VALUE";
	if (json_is_number(value))
		return "NUMBER_VALUE";
	if (json_is_boolean(value))
		return json_is_true(value) ? "TRUE_VALUE" : "FALSE_VALUE";
	return "NULL_VALUE";
}

static bool
is_kind(const json_t *value, enum shape_kind kind)
{
	switch (kind) {
	case SHAPE_TEXT:
	case SHAPE_BLOB:
		return json_is_string(value);
	case SHAPE_TRUTH:
		return json_is_boolean(value) || json_is_string(value);
	case SHAPE_NUMBER:
		return json_is_integer(value);
	case SHAPE_REAL:
	case SHAPE_TIME:
		return json_is_number(value);
	case SHAPE_OBJECT:
	case SHAPE_MAP:
		return json_is_object(value);
	case SHAPE_LIST:
		return json_is_array(value);
	}
	return false;
}

/* In the words of SES, which do not say where. */
static bool
refuse_kind(const json_t *value, enum shape_kind kind, struct error *reterr)
{
	if (json_is_array(value))
		return error_set(reterr, ERROR_SERIALIZATION,
				 "Start of list found where not expected");
	if (json_is_object(value))
		return error_set(reterr, ERROR_SERIALIZATION,
				 "Start of structure or map found where not "
				 "expected.");
	if (kind == SHAPE_LIST)
		return error_set(reterr, ERROR_SERIALIZATION,
				 "Expected list or null");
	if (kind == SHAPE_OBJECT || kind == SHAPE_MAP)
		return error_set(reterr, ERROR_SERIALIZATION, "Expected null");
	return error_set(reterr, ERROR_SERIALIZATION,
			 "%s can not be converted to %s", value_name(value),
			 kind_name(kind));
}

static bool kinds_good(const json_t *value, const struct shape_member *member,
		       const struct place *place, struct error *reterr);

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
map_good(const json_t *map, const struct shape *shape,
	 const struct place *place, struct error *reterr)
{
	static const struct shape_member text = {NULL, SHAPE_TEXT};
	const struct shape_member *member =
		shape != NULL ? &shape->member[1] : &text;
	const char *key;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)map, key, value)
	{
		if (!json_is_null(value) &&
		    !kinds_good(value, member, place, reterr))
			return false;
	}
	return true;
}

static bool
elements_good(const json_t *array, const struct shape_member *member,
	      const struct place *place, struct error *reterr)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		struct place element = {place, NULL, i + 1};

		if (!json_is_null(value) &&
		    !kinds_good(value, member, &element, reterr))
			return false;
	}
	return true;
}

static bool
blob_good(const json_t *value, const struct place *place, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(200);

	if (is_base64(json_text(value)))
		return true;
	place_format(place, &path);
	return error_set(reterr, ERROR_SERIALIZATION, "'%s' must be base64.",
			 path.ptr);
}

static bool
kinds_good(const json_t *value, const struct shape_member *member,
	   const struct place *place, struct error *reterr)
{
	if (!is_kind(value, member->kind))
		return refuse_kind(value, member->kind, reterr);
	switch (member->kind) {
	case SHAPE_OBJECT:
		return members_good(value, member->of, place, reterr);
	case SHAPE_MAP:
		return map_good(value, member->of, place, reterr);
	case SHAPE_LIST:
		return elements_good(value, &member->of->member[0], place,
				     reterr);
	case SHAPE_BLOB:
		return blob_good(value, place, reterr);
	case SHAPE_TEXT:
	case SHAPE_TRUTH:
	case SHAPE_NUMBER:
	case SHAPE_REAL:
	case SHAPE_TIME:
		break;
	}
	return true;
}

static void find_members(const json_t *object, const struct shape *shape,
			 const struct place *in, struct findings *found);

/* A finding: "Value at 'place' failed to satisfy constraint: WHAT". */
__attribute__((format(printf, 3, 4))) static void
find(struct findings *found, const struct place *place, const char *format, ...)
{
	va_list args;

	found->count++;
	if (found->text.len > 0)
		buf_adds(&found->text, "; ");
	buf_adds(&found->text, "Value at '");
	place_format(place, &found->text);
	buf_adds(&found->text, "' failed to satisfy constraint: ");
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

static bool
is_sized(int64_t size, const struct shape_member *member)
{
	return !(member->min > 0 && size < member->min) &&
	       !(member->max > 0 && size > member->max);
}

static void
find_size(int64_t size, const struct shape_member *member, const char *what,
	  const struct place *place, struct findings *found)
{
	if (member->min > 0 && size < member->min)
		find(found, place,
		     "Member must have %s greater than or equal to %lld", what,
		     (long long)member->min);
	if (member->max > 0 && size > member->max)
		find(found, place,
		     "Member must have %s less than or equal to %lld", what,
		     (long long)member->max);
}

static void
find_text(struct span text, const struct shape_member *member,
	  const struct place *place, struct findings *found)
{
	find_size((int64_t)shape_length(text), member, "length", place, found);
	if (member->match != NULL && !member->match(text))
		find(found, place,
		     "Member must satisfy regular expression pattern: %s",
		     member->pattern);
	if (member->words != NULL && !is_word(text, member->words))
		find(found, place, "Member must satisfy enum value set: [%s]",
		     member->words);
}

/* Returns whether a text, or a list, is as `member` wants it. */
static bool
is_good(const json_t *value, const struct shape_member *member)
{
	struct span text = json_text(value);

	if (member->kind == SHAPE_LIST)
		return is_sized((int64_t)json_array_size(value), member);
	if (member->kind != SHAPE_TEXT)
		return true;
	return is_sized((int64_t)shape_length(text), member) &&
	       (member->match == NULL || member->match(text)) &&
	       (member->words == NULL || is_word(text, member->words));
}

/* Appends a constraint to what stands between "[" and "]". */
__attribute__((format(printf, 2, 3))) static void
add_one(struct buf *to, const char *format, ...)
{
	va_list args;

	if (to->len > 0)
		buf_adds(to, ", ");
	buf_adds(to, "Member must ");
	va_start(args, format);
	buf_addv(to, format, args);
	va_end(args);
}

/*
 * A finding about the parts of a list or a map: one for all of them, which
 * says everything that is asked of each.
 */
static void
find_parts(const struct shape_member *member, const char *what,
	   const struct place *place, struct findings *found)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT(SHAPE_FOUND_MAX);

	if (member->max > 0)
		add_one(&all, "have length less than or equal to %lld",
			(long long)member->max);
	if (member->min > 0)
		add_one(&all, "have length greater than or equal to %lld",
			(long long)member->min);
	if (member->pattern != NULL)
		add_one(&all, "satisfy regular expression pattern: %s",
			member->pattern);
	if (member->words != NULL)
		add_one(&all, "satisfy enum value set: [%s]", member->words);
	find(found, place, "%s must satisfy constraint: [%s]", what, all.ptr);
}

static void
find_elements(const json_t *array, const struct shape_member *member,
	      const struct place *place, struct findings *found)
{
	bool good = true, null = false;

	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		struct place element = {place, NULL, i + 1};

		if (json_is_null(value))
			null = true;
		else if (member->kind == SHAPE_OBJECT)
			find_members(value, member->of, &element, found);
		else
			good = good && is_good(value, member);
	}
	if (null)
		find(found, place,
		     "Member must satisfy constraint: [Member must not be "
		     "null]");
	if (!good)
		find_parts(member, "Member", place, found);
}

/* A null is as good as no name; SES judges the names before the values. */
static void
find_entries(const json_t *map, const struct shape *shape,
	     const struct place *place, struct findings *found)
{
	bool keys = true, values = true;
	const char *key;
	const json_t *value;

	if (shape == NULL)
		return;
	json_object_foreach((json_t *)(uintptr_t)map, key, value)
	{
		if (shape->member[0].words != NULL &&
		    !is_word(span_of(key), shape->member[0].words))
			keys = false;
		else if (!json_is_null(value))
			values = values && is_good(value, &shape->member[1]);
	}
	if (!keys)
		find_parts(&shape->member[0], "Map keys", place, found);
	else if (!values)
		find_parts(&shape->member[1], "Map value", place, found);
}

static void
find_value(const json_t *value, const struct shape_member *member,
	   const struct place *place, struct findings *found)
{
	switch (member->kind) {
	case SHAPE_TEXT:
		find_text(json_text(value), member, place, found);
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
		find_elements(value, &member->of->member[0], place, found);
		break;
	case SHAPE_MAP:
		find_size((int64_t)json_object_size(value), member, "length",
			  place, found);
		find_entries(value, member->of, place, found);
		break;
	case SHAPE_TRUTH:
	case SHAPE_REAL:
	case SHAPE_TIME:
	case SHAPE_BLOB:
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
		else if (member->required &&
			 !(found->body_only && member->where != SHAPE_BODY))
			find(found, &place, "Member must not be null");
	}
}

static bool
check(const json_t *body, const struct shape *shape, bool body_only,
      struct error *reterr)
{
	struct findings found = {0, BUF_INIT(SHAPE_FOUND_MAX), body_only};
	bool good;

	if (body != NULL && !json_is_object(body))
		return refuse_kind(body, SHAPE_OBJECT, reterr);
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
shape_check(const json_t *body, const struct shape *shape, struct error *reterr)
{
	return check(body, shape, false, reterr);
}

bool
shape_check_body(const json_t *body, const struct shape *shape,
		 struct error *reterr)
{
	return check(body, shape, true, reterr);
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

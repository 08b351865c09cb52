/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape - whether a JSON body has the shape that the API model gives it.
 *
 * A shape is a table of members: their kinds, and the constraints that the
 * model puts on them.  shape_check() holds a body against it and says what is
 * wrong as SES does: a member of another kind is a SerializationException,
 * all broken constraints together are one BadRequestException.  Members that
 * the table does not have are passed over, since the API grows; null is as
 * good as absent.  What constraints cannot say is for those who read on.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Tables are static.
 */
#pragma once

#include "base/error.h"
#include "text/json.h"

/* Deepest nesting of shapes. */
#define SHAPE_DEPTH_MAX 8

/* What a member is in JSON. */
enum shape_kind {
	SHAPE_TEXT,   /* a string */
	SHAPE_TRUTH,  /* a boolean; a string counts as true, as in SES */
	SHAPE_NUMBER, /* a whole number */
	SHAPE_BLOB,   /* octets, as a string of base64 */
	SHAPE_OBJECT, /* members of their own */
	SHAPE_LIST,   /* elements of one kind */
	SHAPE_MAP,    /* any names, with strings */
};

struct shape;

/* A member, or what the elements of a list are. */
struct shape_member {
	const char *name; /* in the model's case: "EmailIdentity" */
	enum shape_kind kind;
	bool required;
	int64_t min; /* least length, or number; 0: any */
	int64_t max; /* greatest length, or number; 0: any */
	bool (*match)(struct span text); /* TEXT: of a pattern, or NULL */
	const char *pattern;             /* what it says of itself: a regex */
	const char *words;      /* TEXT: all it may be, "A, B"; or NULL */
	const struct shape *of; /* OBJECT; LIST: its only member */
};

/* The members of an object. */
struct shape {
	const struct shape_member *member;
	size_t len; /* of member */
};

/* A shape of the array `members`. */
#define SHAPE(members)                                                         \
	{                                                                      \
		members, COUNT(members)                                        \
	}

/*
 * Checks `body`, an object, or NULL for none at all, against `shape`.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool shape_check(const json_t *body, const struct shape *shape,
		 struct error *reterr) MUST_CHECK;

/* Returns what SES takes a boolean member for: absent is false. */
bool shape_truth(const json_t *body, const char *name);

/* Returns the text of a member; "" if it is absent. */
struct span shape_text(const json_t *body, const char *name);

/* Returns how many characters the UTF-8 text `s` has. */
size_t shape_length(struct span s);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape - whether JSON has the shape that the API model gives it.
 *
 * A shape is a table of members: their kinds, and the constraints that the
 * model puts on them; those of the API are in ses/model.h.  shape_check()
 * holds a body against one and says what is wrong as SES does: a member of
 * another kind is a SerializationException, all broken constraints together
 * are one BadRequestException.  Members that the table does not have are
 * passed over, since the API grows; null is as good as absent.  What
 * constraints cannot say is for those who read on.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Tables are static.
 */
#pragma once

#include "base/error.h"
#include "text/json.h"

/* Deepest nesting of shapes: how deep a body is looked into. */
#define SHAPE_DEPTH_MAX 8
/* Octets that are said of what is wrong with a body; error.h cuts further. */
#define SHAPE_FOUND_MAX 4096

/* What a member is in JSON. */
enum shape_kind {
	SHAPE_TEXT,   /* a string */
	SHAPE_TRUTH,  /* a boolean; a string counts as true, as in SES */
	SHAPE_NUMBER, /* a whole number */
	SHAPE_REAL,   /* any number */
	SHAPE_TIME,   /* seconds since 1970, with a fraction or without */
	SHAPE_BLOB,   /* octets, as a string of base64 */
	SHAPE_OBJECT, /* members of their own */
	SHAPE_LIST,   /* elements of one kind */
	SHAPE_MAP,    /* any names, with values of one kind */
};

/* Where in a request a member stands. */
enum shape_where {
	SHAPE_BODY = 0, /* in the JSON of the body */
	SHAPE_PATH,     /* a segment of the path */
	SHAPE_QUERY,    /* in the query; a list as often as it is long */
};

struct shape;

/* A member, what the elements of a list are, or the names in a map. */
struct shape_member {
	const char *name; /* in the model's case: "EmailIdentity"; or NULL */
	enum shape_kind kind;
	bool required;
	int64_t min; /* least length, or number; 0: any */
	int64_t max; /* greatest length, or number; 0: any */
	bool (*match)(struct span text); /* TEXT: of a pattern, or NULL */
	const char *pattern;             /* what it says of itself: a regex */
	const char *words;      /* TEXT: all it may be, "A, B"; or NULL */
	const struct shape *of; /* OBJECT; LIST: its only member; MAP: names
				   and values, or NULL: strings */
	enum shape_where where;
	const char *wire; /* its name in path and query, if it is another */
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

/*
 * As shape_check(), of a body alone: what stands in path or query does not
 * have to be there.
 */
bool shape_check_body(const json_t *body, const struct shape *shape,
		      struct error *reterr) MUST_CHECK;

/* Returns what SES takes a boolean member for: absent is false. */
bool shape_truth(const json_t *body, const char *name);

/* Returns the text of a member; "" if it is absent. */
struct span shape_text(const json_t *body, const char *name);

/* Returns how many characters the UTF-8 text `s` has. */
size_t shape_length(struct span s);

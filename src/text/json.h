/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - reading and building JSON documents.
 *
 * jansson does the work; what it lacks is here.  json_parse() scans a text
 * before jansson sees it, so that nesting and the number of values are bounded
 * whatever a stranger sends; duplicate members, NUL characters, bad UTF-8,
 * lone surrogates, numbers out of range and bytes behind the document are
 * refused.  json_t may be passed on by every folder above; only reading,
 * building and writing go through here.
 *
 * RFC 8259.
 *
 * No I/O, no logging, no clock.  Memory is jansson's; having none ends the
 * process as in base/mem.h.  (jansson seeds its hash from the system's
 * randomness at the first object; serve does so before the sandbox closes.)
 * Ownership: a json_t is counted by reference: json_parse() and the _new
 * functions give one reference, which json_decref() (CLEANUP(json_decrefp))
 * gives back.  A parameter called `value` takes the reference; all others
 * borrow.
 */
#pragma once

#include <jansson.h>

#include "base/buf.h"

/* Deepest nesting of arrays and objects. */
#define JSON_DEPTH_MAX 32
/* Most values in a document, counted by their separators. */
#define JSON_VALUES_MAX 100000
/* Longest text about what is wrong, with its NUL. */
#define JSON_FAULT_SIZE 160

/* What json_parse() says of a text. */
enum json_status {
	JSON_OK = 0,
	JSON_EMPTY,    /* nothing there but white space */
	JSON_TOO_BIG,  /* more octets than the caller allows */
	JSON_TOO_DEEP, /* nested deeper than JSON_DEPTH_MAX */
	JSON_TOO_MANY, /* more than JSON_VALUES_MAX values */
	JSON_BAD,      /* not JSON as we take it */
};

/* Where and why a text was refused. */
struct json_fault {
	size_t offset;              /* of the first byte at fault, from 0 */
	char text[JSON_FAULT_SIZE]; /* for a person */
};

/*
 * Parses all of `text`, at most `max` octets: an array or an object.
 * JSON_OK sets *ret to a new reference; any other status leaves it alone and
 * sets *reterr, which may be NULL.
 */
enum json_status json_parse(struct span text, size_t max, json_t **ret,
			    struct json_fault *reterr) MUST_CHECK;

/* Appends `json` as text, compact.  Returns false if `to` is full. */
bool json_format(const json_t *json, struct buf *to);

/* As json_format(), indented by two spaces, for people. */
bool json_format_pretty(const json_t *json, struct buf *to);

/* Borrows the member `name` of `object`; NULL if absent, or null. */
json_t *json_get(const json_t *object, const char *name);

/* Borrows the text of `string`; empty if it is no string. */
struct span json_text(const json_t *string);

/* Sets *ret to the text of a member; false if it is not there as one. */
bool json_get_text(const json_t *object, const char *name,
		   struct span *ret) MUST_CHECK;

/* Sets *ret to the whole number of a member; false if there is none. */
bool json_get_int(const json_t *object, const char *name,
		  int64_t *ret) MUST_CHECK;

/* Sets *ret to the boolean of a member; false if it is not there as one. */
bool json_get_bool(const json_t *object, const char *name,
		   bool *ret) MUST_CHECK;

/* Borrows the array that a member is; NULL if it is not there as one. */
json_t *json_get_array(const json_t *object, const char *name);

/* Borrows the object that a member is; NULL if it is not there as one. */
json_t *json_get_object(const json_t *object, const char *name);

/* Makes an empty object. */
json_t *json_object_new(void) MUST_CHECK;

/* Makes an empty array. */
json_t *json_array_new(void) MUST_CHECK;

/*
 * Makes a string; what is not UTF-8 in `s` becomes U+FFFD, and so does NUL,
 * which json_parse() does not take.
 */
json_t *json_text_new(struct span s) MUST_CHECK;

/* Sets the member `name` of `object`.  Takes `value`. */
void json_put(json_t *object, const char *name, json_t *value);

/* Sets a member to a text, as json_text_new() makes it. */
void json_put_text(json_t *object, const char *name, struct span text);

/* As json_put_text(), of a C string. */
void json_puts(json_t *object, const char *name, const char *text);

/* Sets a member to a whole number. */
void json_put_int(json_t *object, const char *name, int64_t number);

/* Sets a member to a boolean. */
void json_put_bool(json_t *object, const char *name, bool truth);

/*
 * Sets a member to a time, as the SES API says it: seconds since 1970, with
 * a fraction if there is one.  `time` is in milliseconds.
 */
void json_put_time(json_t *object, const char *name, int64_t time);

/* Appends to `array`.  Takes `value`. */
void json_add(json_t *array, json_t *value);

/* Appends a text, as json_text_new() makes it. */
void json_add_text(json_t *array, struct span text);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template - the language of e-mail templates: Handlebars, as SES has it.
 *
 *	{{name}} {{a.b}} {{a.0.b}} {{a.[odd name]}}   the value there
 *	{{{name}}} {{&name}}                          the same
 *	{{this}} {{.}} {{../name}} {{@root.name}}     of this, or an outer,
 *scope
 *	{{@index}} {{@key}} {{@first}} {{@last}}      of the loop
 *	{{#if a}} {{else if b}} {{else}} {{/if}}      {{^}} is {{else}}
 *	{{#unless a}} {{#with a}} {{#each a}}         each may have an {{else}}
 *	{{#a}} {{^a}}                                 by what a is
 *	{{#* inline "part"}} {{/inline}} {{> part}} {{> part a}}
 *	{{! comment }} {{!-- comment --}} {{~ a ~}} \{{not a tag}}
 *
 * Nothing is escaped, for SES escapes nothing: a template of HTML is given
 * data that is HTML.  A value that is absent, or null, fails the rendering;
 * as the condition of a block it is only false.  A name that the innermost
 * scope lacks is looked for in the ones around it.  A tag of a block or a
 * comment that is alone on its line takes the line with it.
 *
 * A template is parsed once into a flat program, in which blocks are jumps,
 * and rendered by a loop over it: time is linear in the template and in the
 * steps taken, which are counted, and nothing recurses.
 *
 * Pure: no allocation but in given arenas and buffers, no I/O, no logging, no
 * clock.  Ownership: a template and a fault borrow the text it was made from.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "text/json.h"

/* Octets of a template. */
#define TEMPLATE_SIZE_MAX ((size_t)1 << 20)
/* Tags in a template. */
#define TEMPLATE_TAGS_MAX 20000
/* Blocks that may stand in each other. */
#define TEMPLATE_DEPTH_MAX 32
/* Inline partials of a template. */
#define TEMPLATE_PARTIALS_MAX 100
/* Octets of what a tag names: a.b.c */
#define TEMPLATE_PATH_MAX 256
/* Scopes and partials that may be entered in each other. */
#define TEMPLATE_SCOPES_MAX 64
/* Steps of a rendering: tags, texts, scopes looked at, lists put as JSON. */
#define TEMPLATE_STEPS_MAX 300000
/* Octets that what is rendered should be allowed. */
#define TEMPLATE_OUTPUT_MAX ((size_t)10 << 20)
/* Octets that an arena for one template should allow. */
#define TEMPLATE_ARENA ((size_t)5 << 20)

/* What is said of a template. */
enum template_status {
	TEMPLATE_OK = 0,
	TEMPLATE_TOO_BIG,       /* above TEMPLATE_SIZE_MAX */
	TEMPLATE_TOO_MANY,      /* tags or partials: above their maximum */
	TEMPLATE_TOO_DEEP,      /* above TEMPLATE_DEPTH_MAX or _SCOPES_MAX */
	TEMPLATE_UNENDED,       /* a tag without its "}}" */
	TEMPLATE_BAD_TAG,       /* not of the language's form */
	TEMPLATE_UNSUPPORTED,   /* Handlebars, but not of the subset */
	TEMPLATE_UNCLOSED,      /* a block without its {{/...}} */
	TEMPLATE_UNOPENED,      /* {{/...}} or {{else}} of no block */
	TEMPLATE_NO_PARTIAL,    /* {{> ...}} of no partial */
	TEMPLATE_MISSING,       /* rendering: the data lacks an attribute */
	TEMPLATE_OUTPUT_FULL,   /* rendering: above the limit of the buffer */
	TEMPLATE_TOO_MANY_STEPS /* rendering: above TEMPLATE_STEPS_MAX */
};

/* What is wrong, and where. */
struct template_fault {
	enum template_status status; /* not TEMPLATE_OK */
	size_t line;                 /* of the tag, from 1 */
	size_t column;               /* octets into the line, from 1 */
	struct span what;            /* the name that is at fault, or "" */
};

/* What a step of a template does. */
enum template_op {
	TEMPLATE_TEXT = 1,   /* puts `text` */
	TEMPLATE_VALUE,      /* puts what `text` names */
	TEMPLATE_IF,         /* as the next ones: to `jump` if it is not so */
	TEMPLATE_UNLESS,     /* {{#unless a}} */
	TEMPLATE_EACH,       /* {{#each a}} */
	TEMPLATE_WITH,       /* {{#with a}} */
	TEMPLATE_SECTION,    /* {{#a}}: as each, with or if */
	TEMPLATE_INVERSE,    /* {{^a}}: as unless */
	TEMPLATE_ELSE,       /* the end of the first part: to `jump` */
	TEMPLATE_END,        /* of the block at `jump` */
	TEMPLATE_INLINE,     /* to `jump`, the end of its text */
	TEMPLATE_INLINE_END, /* back to where it was called */
	TEMPLATE_PARTIAL,    /* to the INLINE at `jump` and back */
	TEMPLATE_HELPER      /* a helper that there is not: fails */
};

/* A step. */
struct template_step {
	struct span text;    /* what it puts, or names */
	struct span context; /* PARTIAL: what it is to be called with, or "" */
	uint32_t offset;     /* of its tag in the template */
	uint32_t jump;       /* a step */
	enum template_op op; /* what it does */
};

/* An inline partial. */
struct template_partial {
	struct span name;
	uint32_t step; /* its INLINE */
};

/* A template that was parsed. */
struct template
{
	struct span text;           /* as it was given */
	struct template_step *step; /* in the arena */
	size_t steps;               /* of step */
};

/*
 * Parses `text` into *ret, in the arena.  TEMPLATE_OK, or any but the three
 * of rendering; then *reterr is set, and *ret is not to be used.
 */
enum template_status template_parse(struct span text, struct arena *arena,
				    struct template *ret,
				    struct template_fault *reterr) MUST_CHECK;

/*
 * Appends to `to` what the template makes of `data`, an object.
 * TEMPLATE_OK, TEMPLATE_TOO_DEEP or one of the three of rendering; then
 * *reterr is set and `to` has a part of it.
 */
enum template_status template_render(const struct template *template,
				     const json_t *data, struct buf *to,
				     struct template_fault *reterr) MUST_CHECK;

/*
 * Appends a sentence for a person.  TEMPLATE_MISSING is in SES's words, which
 * have no place; all others end in the place.
 */
void template_fault_format(const struct template_fault *fault, struct buf *to);

/* Sets *ret to `status` at `offset` of `text`; returns `status`. */
enum template_status template_fail(struct template_fault *ret,
				   enum template_status status,
				   struct span text, size_t offset,
				   struct span what);

/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing: from the text to the program.  template_render.c runs it. */
#include "ses/template.h"

#include <assert.h>

#include "ses/template_tag.h"

/* Steps that a tag may make, with the text before it. */
#define STEPS_A_TAG 4

/* A block that is not closed yet. */
struct open {
	uint32_t step;    /* that opened it */
	uint32_t other;   /* its ELSE, or 0 */
	struct span name; /* that has to close it */
	bool chained;     /* by {{else if}}: closed with the one around it */
};

struct parser {
	struct span all;
	size_t at;   /* of the next octet to look at */
	size_t text; /* where text begins that is in no step yet */
	struct template *template;
	size_t room; /* steps that there may be */
	struct open open[TEMPLATE_DEPTH_MAX];
	size_t opens; /* of open */
	struct template_partial partial[TEMPLATE_PARTIALS_MAX];
	size_t partials; /* of partial */
	struct template_fault *fault;
};

static bool
fail(struct parser *p, enum template_status status,
     const struct template_tag *tag, struct span what)
{
	template_fail(p->fault, status, p->all, tag->start, what);
	return false;
}

/* Fails unless `path` is one. */
static bool
path_check(struct parser *p, const struct template_tag *tag, struct span path)
{
	if (template_path_is(path))
		return true;
	for (size_t i = 0; i < path.len; i++)
		if (strchr("()|=\"'", path.ptr[i]) != NULL)
			return fail(p, TEMPLATE_UNSUPPORTED, tag, path);
	return fail(p, TEMPLATE_BAD_TAG, tag, path);
}

static struct template_step *
step_add(struct parser *p, const struct template_tag *tag, enum template_op op,
	 struct span text)
{
	struct template_step *step = &p->template->step[p->template->steps++];

	assert(p->template->steps <= p->room);
	*step = (struct template_step){
		.text = text,
		.context = SPAN(""),
		.offset = (uint32_t)tag->start,
		.op = op,
	};
	return step;
}

static uint32_t
last_step(const struct parser *p)
{
	return (uint32_t)p->template->steps - 1;
}

/* Puts the text before the tag, and goes behind it. */
static void
text_end(struct parser *p, const struct template_tag *tag)
{
	struct span text = template_tag_text(p->all, p->text, tag, &p->at);

	p->text = p->at;
	if (text.len > 0)
		step_add(p, tag, TEMPLATE_TEXT, text);
}

/* ---- what the tags say ---- */

static bool
block_open(struct parser *p, const struct template_tag *tag, struct span name,
	   bool chained)
{
	if (p->opens == TEMPLATE_DEPTH_MAX)
		return fail(p, TEMPLATE_TOO_DEEP, tag, name);
	p->open[p->opens++] = (struct open){
		.step = last_step(p),
		.name = name,
		.chained = chained,
	};
	return true;
}

/* {{#if a}} and its like; the words are `word`, there are `words`. */
static bool
block_begin(struct parser *p, const struct template_tag *tag,
	    const struct span *word, size_t words, bool chained)
{
	static const struct {
		const char *name;
		enum template_op op;
	} known[] = {
		{"if", TEMPLATE_IF},
		{"unless", TEMPLATE_UNLESS},
		{"each", TEMPLATE_EACH},
		{"with", TEMPLATE_WITH},
	};

	for (size_t i = 0; i < COUNT(known); i++) {
		if (!span_equal(word[0], span_of(known[i].name)))
			continue;
		if (words != 2)
			return fail(p,
				    words > 2 ? TEMPLATE_UNSUPPORTED
					      : TEMPLATE_BAD_TAG,
				    tag, word[0]);
		if (!path_check(p, tag, word[1]))
			return false;
		step_add(p, tag, known[i].op, word[1]);
		return block_open(p, tag, word[0], chained);
	}
	if (!path_check(p, tag, word[0]))
		return false;
	step_add(p, tag, words > 1 ? TEMPLATE_HELPER : TEMPLATE_SECTION,
		 word[0]);
	return block_open(p, tag, word[0], chained);
}

/* {{#* inline "name"}} */
static bool
inline_begin(struct parser *p, const struct template_tag *tag)
{
	bool spaced = span_equal(tag->word[0], SPAN("*"));
	struct span name = tag->word[spaced ? 2 : 1];

	if (tag->words != (spaced ? 3u : 2u) ||
	    !span_equal(tag->word[spaced ? 1 : 0],
			spaced ? SPAN("inline") : SPAN("*inline")))
		return fail(p, TEMPLATE_UNSUPPORTED, tag, tag->word[0]);
	if (name.len < 3 || (name.ptr[0] != '"' && name.ptr[0] != '\'') ||
	    name.ptr[name.len - 1] != name.ptr[0])
		return fail(p, TEMPLATE_BAD_TAG, tag, name);
	if (p->partials == TEMPLATE_PARTIALS_MAX)
		return fail(p, TEMPLATE_TOO_MANY, tag, SPAN("inline"));
	name = span_sub(name, 1, name.len - 1);
	step_add(p, tag, TEMPLATE_INLINE, name);
	p->partial[p->partials++] = (struct template_partial){
		.name = name,
		.step = last_step(p),
	};
	return block_open(p, tag, SPAN("inline"), false);
}

/* {{else}} and {{else if b}} */
static bool
block_else(struct parser *p, const struct template_tag *tag)
{
	struct open *open;

	if (p->opens == 0)
		return fail(p, TEMPLATE_UNOPENED, tag, SPAN("else"));
	open = &p->open[p->opens - 1];
	if (open->other != 0 ||
	    p->template->step[open->step].op == TEMPLATE_INLINE)
		return fail(p, TEMPLATE_UNOPENED, tag, SPAN("else"));
	step_add(p, tag, TEMPLATE_ELSE, SPAN(""));
	open->other = last_step(p);
	return tag->words == 0 ||
	       block_begin(p, tag, tag->word, tag->words, true);
}

/* Ends the innermost block; the step that does is there already. */
static void
block_end(struct parser *p)
{
	const struct open *open = &p->open[--p->opens];
	struct template_step *step = p->template->step;
	uint32_t end = last_step(p);

	step[end].jump = open->step;
	step[open->step].jump = open->other != 0 ? open->other + 1 : end;
	if (open->other != 0)
		step[open->other].jump = end;
}

/* {{/if}} */
static bool
block_close(struct parser *p, const struct template_tag *tag)
{
	bool chained = true;

	if (tag->words != 1)
		return fail(p, TEMPLATE_BAD_TAG, tag, SPAN("/"));
	while (chained) {
		const struct open *open;

		if (p->opens == 0)
			return fail(p, TEMPLATE_UNOPENED, tag, tag->word[0]);
		open = &p->open[p->opens - 1];
		chained = open->chained;
		if (!chained && !span_equal(open->name, tag->word[0]))
			return fail(p, TEMPLATE_UNOPENED, tag, tag->word[0]);
		step_add(p, tag,
			 p->template->step[open->step].op == TEMPLATE_INLINE
				 ? TEMPLATE_INLINE_END
				 : TEMPLATE_END,
			 SPAN(""));
		block_end(p);
	}
	return true;
}

/* {{> name}}, {{> "name" context}} */
static bool
partial_call(struct parser *p, const struct template_tag *tag)
{
	struct span name = tag->word[0];

	if (tag->words == 0)
		return fail(p, TEMPLATE_BAD_TAG, tag, SPAN(">"));
	if (tag->words > 2)
		return fail(p, TEMPLATE_UNSUPPORTED, tag, tag->word[2]);
	if (name.len > 2 && (name.ptr[0] == '"' || name.ptr[0] == '\'') &&
	    name.ptr[name.len - 1] == name.ptr[0])
		name = span_sub(name, 1, name.len - 1);
	else if (name.ptr[0] == '(' || name.ptr[0] == '@')
		return fail(p, TEMPLATE_UNSUPPORTED, tag, name);
	if (tag->words == 2 && !path_check(p, tag, tag->word[1]))
		return false;
	step_add(p, tag, TEMPLATE_PARTIAL, name);
	if (tag->words == 2)
		p->template->step[last_step(p)].context = tag->word[1];
	return true;
}

static bool
value(struct parser *p, const struct template_tag *tag)
{
	if (tag->words == 0)
		return fail(p, TEMPLATE_BAD_TAG, tag, SPAN(""));
	if (!path_check(p, tag, tag->word[0]))
		return false;
	step_add(p, tag, tag->words > 1 ? TEMPLATE_HELPER : TEMPLATE_VALUE,
		 tag->word[0]);
	return true;
}

static bool
tag_take(struct parser *p, const struct template_tag *tag)
{
	switch (tag->sigil) {
	case '!':
		return true;
	case '#':
		if (tag->words == 0)
			return fail(p, TEMPLATE_BAD_TAG, tag, SPAN("#"));
		if (tag->word[0].ptr[0] == '*')
			return inline_begin(p, tag);
		if (tag->word[0].ptr[0] == '>')
			return fail(p, TEMPLATE_UNSUPPORTED, tag, SPAN("#>"));
		return block_begin(p, tag, tag->word, tag->words, false);
	case '^':
		if (tag->words != 1)
			return fail(p, TEMPLATE_UNSUPPORTED, tag, SPAN("^"));
		if (!path_check(p, tag, tag->word[0]))
			return false;
		step_add(p, tag, TEMPLATE_INVERSE, tag->word[0]);
		return block_open(p, tag, tag->word[0], false);
	case 'e':
		return block_else(p, tag);
	case '/':
		return block_close(p, tag);
	case '>':
		return partial_call(p, tag);
	default:
		return value(p, tag);
	}
}

/* ---- the whole ---- */

/* A backslash before a tag: it is text; two are one, before a tag. */
static bool
is_escaped(struct parser *p, size_t start)
{
	const char *before = p->all.ptr + start;
	struct template_tag tag = {.start = start - 1, .end = start};

	if (start == p->text || before[-1] != '\\')
		return false;
	if (start - 1 > p->text && before[-2] == '\\') {
		text_end(p, &tag);
		return false;
	}
	text_end(p, &tag);
	p->at = start + 2;
	return true;
}

static bool
parse_all(struct parser *p)
{
	enum template_status status;
	struct template_tag tag;
	size_t tags = 0, start;

	while ((start = template_tag_find(p->all, p->at)) != SPAN_NONE) {
		if (tags++ == TEMPLATE_TAGS_MAX) {
			tag = (struct template_tag){.start = start};
			return fail(p, TEMPLATE_TOO_MANY, &tag, SPAN(""));
		}
		if (is_escaped(p, start))
			continue;
		status = template_tag_parse(p->all, start, &tag);
		if (status != TEMPLATE_OK)
			return fail(p, status, &tag,
				    status == TEMPLATE_UNSUPPORTED
					    ? SPAN("{{{{")
					    : SPAN(""));
		text_end(p, &tag);
		if (!tag_take(p, &tag))
			return false;
	}
	tag = (struct template_tag){.start = p->all.len, .end = p->all.len};
	text_end(p, &tag);
	if (p->opens == 0)
		return true;
	tag.start = p->template->step[p->open[p->opens - 1].step].offset;
	return fail(p, TEMPLATE_UNCLOSED, &tag, p->open[p->opens - 1].name);
}

/* Lets every call of a partial know where it is; the last definition wins. */
static bool
link_partials(struct parser *p)
{
	for (size_t i = 0; i < p->template->steps; i++) {
		struct template_step *step = &p->template->step[i];
		struct template_tag tag = {.start = step->offset};
		size_t n = p->partials;

		if (step->op != TEMPLATE_PARTIAL)
			continue;
		while (n > 0 && !span_equal(p->partial[n - 1].name, step->text))
			n--;
		if (n == 0)
			return fail(p, TEMPLATE_NO_PARTIAL, &tag, step->text);
		step->jump = p->partial[n - 1].step;
	}
	return true;
}

/* Returns how many tags there may be, no more than one above the maximum. */
static size_t
count_tags(struct span text)
{
	size_t count = 0, at = 0;

	while (count <= TEMPLATE_TAGS_MAX &&
	       (at = template_tag_find(text, at)) != SPAN_NONE) {
		count++;
		at += 2;
	}
	return count;
}

enum template_status
template_parse(struct span text, struct arena *arena, struct template *ret,
	       struct template_fault *reterr)
{
	struct parser p = {.all = text, .template = ret, .fault = reterr};

	*ret = (struct template){.text = text};
	if (text.len > TEMPLATE_SIZE_MAX)
		return template_fail(reterr, TEMPLATE_TOO_BIG, text,
				     TEMPLATE_SIZE_MAX, SPAN(""));
	p.room = STEPS_A_TAG * count_tags(text) + 1;
	ret->step = arena_array(arena, p.room, sizeof(*ret->step));
	if (ret->step == NULL)
		return template_fail(reterr, TEMPLATE_TOO_MANY, text, 0,
				     SPAN(""));
	if (!parse_all(&p) || !link_partials(&p))
		return reterr->status;
	return TEMPLATE_OK;
}

enum template_status
template_fail(struct template_fault *ret, enum template_status status,
	      struct span text, size_t offset, struct span what)
{
	struct span before = span_head(text, offset);
	size_t line_start = span_find_last(before, '\n');

	*ret = (struct template_fault){
		.status = status,
		.line = 1,
		.column = line_start == SPAN_NONE ? offset + 1
						  : offset - line_start,
		.what = what,
	};
	for (size_t i = 0; i < before.len; i++)
		ret->line += before.ptr[i] == '\n';
	return status;
}

static const char *
fault_text(enum template_status status)
{
	switch (status) {
	case TEMPLATE_OK:
		break;
	case TEMPLATE_TOO_BIG:
		return "It is too long";
	case TEMPLATE_TOO_MANY:
		return "It has too many tags or inline partials";
	case TEMPLATE_TOO_DEEP:
		return "Blocks or partials stand too deep in each other";
	case TEMPLATE_UNENDED:
		return "A tag is not ended";
	case TEMPLATE_BAD_TAG:
		return "A tag is not well formed";
	case TEMPLATE_UNSUPPORTED:
		return "Template contains unsupported operations";
	case TEMPLATE_UNCLOSED:
		return "A block is not closed";
	case TEMPLATE_UNOPENED:
		return "There is no block that this could belong to";
	case TEMPLATE_NO_PARTIAL:
		return "There is no inline partial of that name";
	case TEMPLATE_MISSING:
		return "An attribute is not present in the rendering data";
	case TEMPLATE_OUTPUT_FULL:
		return "The rendered text is too long";
	case TEMPLATE_TOO_MANY_STEPS:
		return "Rendering takes too many steps";
	}
	return "Nothing is wrong";
}

void
template_fault_format(const struct template_fault *fault, struct buf *to)
{
	struct span what = span_head(fault->what, 100);

	if (fault->status == TEMPLATE_MISSING) {
		buf_addf(to,
			 "Attribute '" SPAN_FMT "' is not present in the "
			 "rendering data.",
			 SPAN_ARG(what));
		return;
	}
	buf_adds(to, fault_text(fault->status));
	if (what.len > 0)
		buf_addf(to, ": '" SPAN_FMT "'", SPAN_ARG(what));
	buf_addf(to, " (line %zu, column %zu).", fault->line, fault->column);
}

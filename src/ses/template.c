/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing: from the text to the program.  template_render.c runs it. */
#include "ses/template.h"

#include <assert.h>

/* Steps that a tag may make, with the text before it. */
#define STEPS_A_TAG 4
/* Words in a tag that are told apart. */
#define WORDS 3

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

/* A tag, taken apart. */
struct tag {
	size_t start;            /* of its "{{" */
	size_t end;              /* behind its "}}" */
	char sigil;              /* "#", "/" ...; 0: a value; "e": else */
	bool alone;              /* may take its line with it */
	bool newline;            /* takes the next line's end with it */
	bool trim_before;        /* {{~ */
	bool trim_after;         /* ~}} */
	struct span word[WORDS]; /* without the sigil */
	size_t words;            /* that there are */
};

static bool
fail(struct parser *p, enum template_status status, const struct tag *tag,
     struct span what)
{
	template_fail(p->fault, status, p->all, tag->start, what);
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

/* The characters that Handlebars keeps for itself. */
static bool
is_name_char(char c)
{
	return (uint8_t)c > ' ' && c != 0x7f &&
	       strchr("!\"#%&'()*+,./;<=>@[\\]^`{|}~", c) == NULL;
}

/* Takes one segment off *path; false if there is none. */
static bool
segment_good(struct span *path)
{
	size_t n = 0;

	if (span_starts(*path, SPAN("["))) {
		n = span_find(*path, ']');
		if (n == SPAN_NONE || n == 1)
			return false;
		*path = span_skip(*path, n + 1);
		return true;
	}
	while (n < path->len && is_name_char(path->ptr[n]))
		n++;
	*path = span_skip(*path, n);
	return n > 0;
}

/* Returns whether `path` is one: ../a.b, this, @index ... */
static bool
path_good(struct span path)
{
	if (path.len == 0 || path.len > TEMPLATE_PATH_MAX)
		return false;
	if (path.ptr[0] == '@')
		path = span_skip(path, 1);
	while (span_starts(path, SPAN("../")))
		path = span_skip(path, 3);
	if (span_equal(path, SPAN("..")) || span_equal(path, SPAN(".")))
		return true;
	if (span_starts(path, SPAN("./")))
		path = span_skip(path, 2);
	for (;;) {
		if (!segment_good(&path))
			return false;
		if (path.len == 0)
			return true;
		if (path.ptr[0] != '.' && path.ptr[0] != '/')
			return false;
		path = span_skip(path, 1);
	}
}

/* Fails unless `path` is one. */
static bool
path_check(struct parser *p, const struct tag *tag, struct span path)
{
	if (path_good(path))
		return true;
	for (size_t i = 0; i < path.len; i++)
		if (strchr("()|=\"'", path.ptr[i]) != NULL)
			return fail(p, TEMPLATE_UNSUPPORTED, tag, path);
	return fail(p, TEMPLATE_BAD_TAG, tag, path);
}

static struct template_step *
step_add(struct parser *p, const struct tag *tag, enum template_op op,
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

/* ---- finding tags, and the text between them ---- */

/* Returns the offset of the next "{{" at or after `at`, or SPAN_NONE. */
static size_t
find_open(struct span all, size_t at)
{
	for (;;) {
		size_t n = span_find(span_skip(all, at), '{');

		if (n == SPAN_NONE || at + n + 1 >= all.len)
			return SPAN_NONE;
		at += n;
		if (all.ptr[at + 1] == '{')
			return at;
		at++;
	}
}

/* Returns the offset in `rest` behind the comment's end, or SPAN_NONE. */
static size_t
comment_end(struct span rest)
{
	for (size_t i = 0; i + 3 < rest.len; i++) {
		struct span end = span_skip(rest, i);

		if (span_starts(end, SPAN("--}}")))
			return i + 4;
		if (span_starts(end, SPAN("--~}}")))
			return i + 5;
	}
	return SPAN_NONE;
}

/* Returns where a line's end that `at` is the begin of ends, or `at`. */
static size_t
newline_end(struct span all, size_t at)
{
	if (at < all.len && all.ptr[at] == '\n')
		return at + 1;
	return span_starts(span_skip(all, at), SPAN("\r\n")) ? at + 2 : at;
}

/*
 * Puts the text before the tag, and goes behind it: without white space that
 * it takes along.
 */
static void
text_end(struct parser *p, const struct tag *tag)
{
	const char *all = p->all.ptr;
	size_t end = tag->start, next = tag->end;
	size_t a = end, b = next;

	while (a > p->text && is_blank(all[a - 1]))
		a--;
	while (b < p->all.len && is_blank(all[b]))
		b++;
	if (tag->alone && (a == 0 || all[a - 1] == '\n') &&
	    (b == p->all.len || newline_end(p->all, b) > b)) {
		end = a;
		next = newline_end(p->all, b);
	}
	while (tag->trim_before && end > p->text && is_space(all[end - 1]))
		end--;
	if (tag->newline && next == tag->end)
		next = newline_end(p->all, next);
	while (tag->trim_after && next < p->all.len && is_space(all[next]))
		next++;
	if (end > p->text)
		step_add(p, tag, TEMPLATE_TEXT, span_sub(p->all, p->text, end));
	p->text = p->at = next;
}

/* Cuts into words at white space, but not within [...]. */
static void
words_cut(struct span inner, struct tag *tag)
{
	size_t i = 0;

	tag->words = 0;
	while (i < inner.len) {
		bool bracket = false;
		size_t from = i;

		while (i < inner.len && (bracket || !is_space(inner.ptr[i]))) {
			if (inner.ptr[i] == '[')
				bracket = true;
			else if (inner.ptr[i] == ']')
				bracket = false;
			i++;
		}
		if (i > from && tag->words++ < WORDS)
			tag->word[tag->words - 1] = span_sub(inner, from, i);
		while (i < inner.len && is_space(inner.ptr[i]))
			i++;
	}
}

/* Sets the sigil and the words of a tag with `inner` in its braces. */
static void
tag_read(struct span inner, struct tag *tag)
{
	inner = span_trim(inner);
	if (inner.len > 0 && memchr("#/^>!&", inner.ptr[0], 6) != NULL) {
		tag->sigil = inner.ptr[0];
		inner = span_skip(inner, 1);
	}
	words_cut(inner, tag);
	if (tag->sigil == 0 && tag->words > 0 &&
	    span_equal(tag->word[0], SPAN("else"))) {
		tag->sigil = 'e';
		for (size_t i = 1; i < WORDS; i++)
			tag->word[i - 1] = tag->word[i];
		tag->words--;
	}
	if (tag->sigil == '^' && tag->words == 0)
		tag->sigil = 'e';
	tag->alone = tag->sigil != 0 && tag->sigil != '&' && tag->sigil != '>';
	tag->newline = tag->sigil == '/' && tag->words == 1 &&
		       span_equal(tag->word[0], SPAN("inline"));
}

/* Takes the tag at `start` apart. */
static bool
tag_find(struct parser *p, size_t start, struct tag *tag)
{
	struct span rest = span_skip(p->all, start + 2), inner;
	size_t n;

	*tag = (struct tag){.start = start};
	tag->trim_before = span_starts(rest, SPAN("~"));
	rest = span_skip(rest, tag->trim_before);
	if (span_starts(rest, SPAN("{{")))
		return fail(p, TEMPLATE_UNSUPPORTED, tag, SPAN("{{{{"));
	n = span_starts(rest, SPAN("!--")) ? comment_end(rest)
					   : span_search(rest, SPAN("}}"));
	if (n == SPAN_NONE)
		return fail(p, TEMPLATE_UNENDED, tag, SPAN(""));
	if (span_starts(rest, SPAN("!--"))) {
		tag->end = (size_t)(rest.ptr - p->all.ptr) + n;
		tag->sigil = '!';
		tag->alone = true;
		tag->trim_after = rest.ptr[n - 3] == '~';
		return true;
	}
	inner = span_head(rest, n);
	tag->end = (size_t)(rest.ptr - p->all.ptr) + n + 2;
	if (span_starts(inner, SPAN("{"))) {
		inner = span_skip(inner, 1);
		if (span_ends(inner, SPAN("}~"))) {
			inner.len -= 2;
			tag->trim_after = true;
		} else if (tag->end < p->all.len &&
			   p->all.ptr[tag->end] == '}') {
			tag->end++;
		} else {
			return fail(p, TEMPLATE_UNENDED, tag, SPAN(""));
		}
		words_cut(inner, tag);
		return true;
	}
	tag->trim_after = span_ends(inner, SPAN("~"));
	inner.len -= tag->trim_after;
	tag_read(inner, tag);
	return true;
}

/* ---- what the tags say ---- */

static bool
block_open(struct parser *p, const struct tag *tag, struct span name,
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
block_begin(struct parser *p, const struct tag *tag, const struct span *word,
	    size_t words, bool chained)
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
inline_begin(struct parser *p, const struct tag *tag)
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
block_else(struct parser *p, const struct tag *tag)
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
block_close(struct parser *p, const struct tag *tag)
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
partial_call(struct parser *p, const struct tag *tag)
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
value(struct parser *p, const struct tag *tag)
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
tag_take(struct parser *p, const struct tag *tag)
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
	struct tag tag = {.start = start - 1, .end = start};

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
	size_t tags = 0, start;
	struct tag tag;

	while ((start = find_open(p->all, p->at)) != SPAN_NONE) {
		if (tags++ == TEMPLATE_TAGS_MAX) {
			tag = (struct tag){.start = start};
			return fail(p, TEMPLATE_TOO_MANY, &tag, SPAN(""));
		}
		if (is_escaped(p, start))
			continue;
		if (!tag_find(p, start, &tag))
			return false;
		text_end(p, &tag);
		if (!tag_take(p, &tag))
			return false;
	}
	tag = (struct tag){.start = p->all.len, .end = p->all.len};
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
		struct tag tag = {.start = step->offset};
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
	       (at = find_open(text, at)) != SPAN_NONE) {
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

/* Octets of a sentence, with its facts. */
#define SENTENCE_MAX 1024

static const struct {
	const char *name;
	enum dmarc_lint_severity severity;
	const char *what;
	const char *repair;
} table[] = {
#define LINT(code, name, severity, what, repair)                               \
	[DMARC_LINT_##code] = {name, DMARC_LINT_##severity, what, repair},
#include "mailauth/dmarc_lint.def"
#undef LINT
};

void
dmarc_findings_init(struct dmarc_findings *f, struct arena *arena)
{
	f->arena = arena;
	f->len = f->more = 0;
	f->worst = DMARC_LINT_NOTE;
}

/* Appends a fact, cut. */
static void
add_fact(struct buf *to, struct span fact)
{
	buf_add(to, span_head(fact, DMARC_LINT_QUOTE_MAX));
	if (fact.len > DMARC_LINT_QUOTE_MAX)
		buf_adds(to, "...");
}

/* The sentence `form` with its facts. */
static struct span
sentence(const char *form, struct span a, struct span b, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SENTENCE_MAX);
	struct span rest = span_of(form);

	while (rest.len > 0) {
		if (span_starts(rest, SPAN("{a}"))) {
			add_fact(&text, a);
			rest = span_skip(rest, 3);
		} else if (span_starts(rest, SPAN("{b}"))) {
			add_fact(&text, b);
			rest = span_skip(rest, 3);
		} else {
			buf_addc(&text, *rest.ptr);
			rest = span_skip(rest, 1);
		}
	}
	return arena_copy(arena, buf_span(&text));
}

void
dmarc_findings_add(struct dmarc_findings *f, enum dmarc_lint_code code,
		   struct span tag, size_t at, struct span a, struct span b)
{
	struct dmarc_finding *one = &f->finding[f->len];

	if (table[code].severity > f->worst)
		f->worst = table[code].severity;
	if (f->len == DMARC_FINDINGS_MAX) {
		f->more++;
		return;
	}
	*one = (struct dmarc_finding){
		.code = code,
		.severity = table[code].severity,
		.name = table[code].name,
		.tag = arena_copy(f->arena, tag),
		.in_text = at != SPAN_NONE,
		.offset = at != SPAN_NONE ? at : 0,
		.what = sentence(table[code].what, a, b, f->arena),
		.repair = sentence(table[code].repair, a, b, f->arena),
	};
	f->len++;
}

bool
dmarc_findings_has(const struct dmarc_findings *f, enum dmarc_lint_code code)
{
	for (size_t i = 0; i < f->len; i++)
		if (f->finding[i].code == code)
			return true;
	return false;
}

const char *
dmarc_lint_severity_name(enum dmarc_lint_severity severity)
{
	static const char *const name[] = {
		[DMARC_LINT_NOTE] = "note",
		[DMARC_LINT_WARNING] = "warning",
		[DMARC_LINT_ERROR] = "error",
	};
	return name[severity];
}

const char *
dmarc_lint_name(enum dmarc_lint_code code)
{
	return table[code].name;
}

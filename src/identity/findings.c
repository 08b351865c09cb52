/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/findings.h"

#include <assert.h>

#include "identity/judge.h"

#define TEXT_MAX 2048 /* characters of a text for people */

static const struct entry {
	const char *code;
	enum diagnose_severity severity;
	const char *message;
	const char *repair;
} entries[] = {
	[DIAGNOSE_OK] = {"", DIAGNOSE_NOTE, "", ""},
#define X(name, code, severity, message, repair)                               \
	[DIAGNOSE_##name] = {code, DIAGNOSE_##severity, message, repair},
#include "identity/diagnosis.def"
#undef X
};

const char *
diagnose_code_name(enum diagnose_code code)
{
	return entries[code].code;
}

enum diagnose_severity
diagnose_code_severity(enum diagnose_code code)
{
	return entries[code].severity;
}

const char *
diagnose_severity_name(enum diagnose_severity severity)
{
	static const char *const name[] = {
		[DIAGNOSE_NOTE] = "note",
		[DIAGNOSE_WARNING] = "warning",
		[DIAGNOSE_ERROR] = "error",
	};
	return name[severity];
}

/* The zone that a record belongs in, as far as that is known. */
static struct span
zone_of(const struct observation *seen)
{
	return seen->zone.len > 0 ? seen->zone : span_of(seen->set->domain);
}

/* Appends what stands for the placeholder `name`. */
static void
fill(struct span name, const struct observation *seen,
     const struct finding_facts *facts, struct buf *to)
{
	const struct record *r = facts->about ? facts->about->want : NULL;

	if (span_equal(name, SPAN("domain")))
		buf_adds(to, seen->set->domain);
	else if (span_equal(name, SPAN("zone")))
		buf_add(to, facts->zone.len > 0 ? facts->zone : zone_of(seen));
	else if (span_equal(name, SPAN("found")))
		buf_add(to, facts->found);
	else if (span_equal(name, SPAN("at")))
		buf_add(to, facts->at);
	else if (r == NULL)
		buf_adds(to, seen->set->domain);
	else if (span_equal(name, SPAN("name")))
		buf_adds(to, r->name);
	else if (span_equal(name, SPAN("host")))
		record_relative(span_of(r->name), zone_of(seen), to);
	else if (span_equal(name, SPAN("type")))
		buf_adds(to, dns_type_name((uint16_t)r->type));
	else if (span_equal(name, SPAN("value")))
		buf_adds(to, r->value);
	else
		assert(false && "a placeholder of diagnosis.def");
}

static struct span
expand(const char *template, const struct observation *seen,
       const struct finding_facts *facts, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct span rest = span_of(template);

	while (rest.len > 0) {
		buf_add(&text, span_cut(&rest, '{'));
		if (rest.len > 0)
			fill(span_cut(&rest, '}'), seen, facts, &text);
	}
	return arena_copy(arena, buf_span(&text));
}

/* Whether the same was said already: of a zone once, of a record once. */
static bool
is_said(const struct diagnosis *d, enum diagnose_code code,
	const struct finding_facts *facts)
{
	const struct record *r = facts->about ? facts->about->want : NULL;

	for (size_t i = 0; i < d->len; i++)
		if (d->finding[i].code == code && d->finding[i].record == r &&
		    span_equal_nocase(d->finding[i].zone, facts->zone))
			return true;
	return false;
}

void
findings_add(struct diagnosis *to, const struct observation *seen,
	     enum diagnose_code code, const struct finding_facts *facts,
	     struct arena *arena)
{
	struct finding *f;

	if (to->len == DIAGNOSE_FINDINGS_MAX || is_said(to, code, facts))
		return;
	f = &to->finding[to->len++];
	*f = (struct finding){
		.code = code,
		.severity = entries[code].severity,
		.temporary = code == DIAGNOSE_ZONE_UNREACHABLE,
		.record = facts->about ? facts->about->want : NULL,
		.zone = facts->zone,
		.expected = SPAN(""),
		.found = facts->found,
		.message = expand(entries[code].message, seen, facts, arena),
		.repair = expand(entries[code].repair, seen, facts, arena),
	};
	if (f->record != NULL)
		f->expected = span_of(f->record->value);
}

bool
findings_is_doubled(struct span text, struct span value,
		    const struct observation *seen)
{
	const struct span apex[] = {seen->zone, span_of(seen->set->domain)};

	for (size_t i = 0; i < COUNT(apex); i++)
		if (apex[i].len > 0 &&
		    text.len == value.len + 1 + apex[i].len &&
		    span_starts_nocase(text, value) &&
		    text.ptr[value.len] == '.' &&
		    span_equal_nocase(span_skip(text, value.len + 1), apex[i]))
			return true;
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/spf_tree.h"

static void
print_record(struct output *o, const struct spf_trace *t, int indent)
{
	output_print(o, "%*s%s" SPAN_FMT "  %s\n", indent, "",
		     t->redirected ? "redirected to " : "", SPAN_ARG(t->domain),
		     spf_verdict_name(t->verdict));
	if (t->text.len > 0)
		output_print(o, "%*s" SPAN_FMT "\n", indent + 2, "",
			     SPAN_ARG(t->text));
}

static void
print_term(struct output *o, const struct spf_trace *t, int indent)
{
	output_print(o, "%*s" SPAN_FMT "  ", indent, "", SPAN_ARG(t->text));
	output_tone(o,
		    t->outcome == SPF_OUTCOME_MATCH   ? OUTPUT_GOOD
		    : t->outcome == SPF_OUTCOME_ERROR ? OUTPUT_BAD
						      : OUTPUT_PLAIN,
		    spf_outcome_name(t->outcome));
	if (t->lookup > 0)
		output_print(o, ", lookup %u", t->lookup);
	if (t->decided)
		output_print(o, ", decides");
	output_print(o, "\n");
}

static void
print_question(struct output *o, const struct spf_trace *t, int indent)
{
	output_print(o, "%*sasked " SPAN_FMT " %s: ", indent, "",
		     SPAN_ARG(t->text), dns_type_name(t->type));
	if (t->status == DNS_OK)
		output_print(o, "%zu records", t->records);
	else
		output_print(o, "%s", dns_status_name(t->status));
	output_print(o, "%s\n", t->is_void ? ", void" : "");
}

void
spf_tree_print(struct output *o, const struct spf_result *r)
{
	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next) {
		int indent = (int)t->depth * 6 + 2;

		switch (t->kind) {
		case SPF_TRACE_RECORD:
			print_record(o, t, indent);
			break;
		case SPF_TRACE_TERM:
			print_term(o, t, indent + 2);
			break;
		case SPF_TRACE_QUESTION:
			print_question(o, t, indent + 4);
			break;
		}
	}
	if (r->trace_more > 0)
		output_print(o, "  and %zu steps more\n", r->trace_more);
}

static json_t *
text_or_null(struct span text)
{
	return text.len > 0 ? json_text_new(text) : json_null();
}

static json_t *
step_json(const struct spf_trace *t)
{
	json_t *one = json_object_new();

	json_put_int(one, "depth", t->depth);
	switch (t->kind) {
	case SPF_TRACE_RECORD:
		json_puts(one, "step", "record");
		json_put_text(one, "domain", t->domain);
		json_put_bool(one, "redirected", t->redirected);
		json_put(one, "record", text_or_null(t->text));
		json_puts(one, "result", spf_verdict_name(t->verdict));
		json_put_bool(one, "decides", t->decided);
		break;
	case SPF_TRACE_TERM:
		json_puts(one, "step", "term");
		json_put_text(one, "term", t->text);
		json_put(one, "target", text_or_null(t->domain));
		json_puts(one, "outcome", spf_outcome_name(t->outcome));
		json_put(one, "lookup",
			 t->lookup > 0 ? json_integer(t->lookup) : json_null());
		json_put_bool(one, "decides", t->decided);
		break;
	case SPF_TRACE_QUESTION:
		json_puts(one, "step", "question");
		json_put_text(one, "name", t->text);
		json_puts(one, "type", dns_type_name(t->type));
		json_puts(one, "status", dns_status_name(t->status));
		json_put_int(one, "records", (int64_t)t->records);
		json_put_bool(one, "void", t->is_void);
		break;
	}
	return one;
}

json_t *
spf_tree_json(const struct spf_result *r)
{
	json_t *array = json_array_new();

	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next)
		json_add(array, step_json(t));
	return array;
}

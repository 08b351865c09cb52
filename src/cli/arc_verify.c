/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "mailauth/arc_seal.h"
#include "sending/report_json.h"

/* What the header of a message may take beside the chain. */
#define HEADER_ARENA ((size_t)1 << 20)

ASKING_MACHINE(arc, struct arc);

/* What one set of a chain claims. */
struct claim {
	struct span domain;   /* d= of the seal; "" if it cannot be read */
	struct span selector; /* s= likewise */
	const char *cv;       /* what it thought of the chain; NULL likewise */
	struct span results;  /* its ARC-Authentication-Results, unfolded */
};

/* Reads what the set of an instance claims; nothing of it is proven here. */
static struct claim
read_claim(const struct arc_set *set, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(HEADER_SIZE_MAX);
	struct claim c = {SPAN(""), SPAN(""), NULL, SPAN("")};

	if (set->seal != NULL && set->seal_signature.domain.len > 0) {
		c.domain = domain_span(&set->seal_signature.domain);
		c.selector = set->seal_signature.selector;
		c.cv = arc_cv_name(set->cv);
	}
	if (set->results != NULL && header_unfold(set->results->value, &text))
		c.results = arena_copy(arena, buf_span(&text));
	return c;
}

static void
print(struct output *o, const struct arc_result *r, const struct arc_sets *sets,
      struct arena *arena)
{
	output_tone(o,
		    r->verdict == ARC_PASS   ? OUTPUT_GOOD
		    : r->verdict == ARC_FAIL ? OUTPUT_BAD
					     : OUTPUT_WARN,
		    arc_verdict_name(r->verdict));
	output_print(o, "\n");
	if (r->verdict == ARC_NONE)
		return;
	output_print(o, "because   %s\n", arc_reason_text(r->reason));
	if (r->instance > 0)
		output_print(o, "instance  %u of %u\n", r->instance, r->len);
	if (r->domain.len > 0)
		output_print(o, "sealed by " SPAN_FMT "\n",
			     SPAN_ARG(r->domain));
	for (unsigned i = sets->len; i > 0; i--) {
		struct claim c = read_claim(&sets->set[i], arena);

		output_print(o, "set %-5u ", i);
		if (c.cv != NULL)
			output_print(
				o, SPAN_FMT "  selector " SPAN_FMT "  cv=%s\n",
				SPAN_ARG(c.domain), SPAN_ARG(c.selector), c.cv);
		else
			output_print(o, "there is no seal to be read\n");
		if (c.results.len > 0)
			output_print(o, "          " SPAN_FMT "\n",
				     SPAN_ARG(c.results));
	}
}

static json_t *
text_or_null(struct span text)
{
	return text.len > 0 ? json_text_new(text) : json_null();
}

static json_t *
result_json(const struct arc_result *r, const struct arc_sets *sets,
	    struct arena *arena)
{
	json_t *json = report_json_arc(r), *list = json_array_new();

	for (unsigned i = sets->len; i > 0; i--) {
		struct claim c = read_claim(&sets->set[i], arena);
		json_t *one = json_object_new();

		json_put_int(one, "instance", i);
		json_put(one, "domain", text_or_null(c.domain));
		json_put(one, "selector", text_or_null(c.selector));
		json_put(one, "cv",
			 c.cv != NULL ? json_text_new(span_of(c.cv))
				      : json_null());
		json_put(one, "results", text_or_null(c.results));
		json_add(list, one);
	}
	json_put(json, "chain", list);
	return json;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(HEADER_ARENA + 2 * ARC_ARENA_MAX);
	CLEANUP(buf_release) struct buf message = BUF_INIT(MESSAGE_MAX);
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arc_freep) struct arc *m = NULL;
	CLEANUP(arc_sets_release) struct arc_sets sets = {.len = 0};
	const struct arc_result *r;
	enum header_status status;
	struct header_block header;
	struct error error;
	size_t offset;

	if (!message_read(cli->options.operand[0], &message, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	status = header_parse(buf_span(&message), &arena, &header, &offset);
	if (status != HEADER_OK)
		output_note("the header is malformed: %s",
			    header_strerror(status));
	m = arc_new(&header, cli->now, NULL, &arena);
	arc_feed(m, header.body);
	arc_end(m);
	ask_all(&source, &arc_machine, m);
	arc_sets_read(&sets, &header, &arena);
	r = arc_result(m);
	if (cli->out.json)
		output_json(&cli->out, result_json(r, &sets, &arena));
	else
		print(&cli->out, r, &sets, &arena);
	if (r->verdict == ARC_PASS)
		return CLI_YES;
	return r->reason == ARC_REASON_DNS ? CLI_UNKNOWN : CLI_NO;
}

const struct command command_arc_verify = {
	.name = "arc verify",
	.usage = "MESSAGE",
	.summary = "is the ARC chain of a message unbroken?",
	.help = "Validates the Authenticated Received Chain (RFC 8617) of the "
		"message in a file,\n\"-\" being stdin: none, pass or fail. "
		"It says what forwarders saw; DMARC does not\nask for it. Each "
		"set is shown with what it claims, the newest first: that is "
		"proven\nonly by an unbroken chain, and only as far as those "
		"who sealed it are trusted.\nExit status: 0 pass, 5 DNS gave "
		"an error, 1 anything else.\n\n"
		"Examples:\n"
		"  sesame arc verify mail.eml\n"
		"  sesame arc verify --json - < mail.eml\n"
		"  sesame arc verify mail.eml --dns zone.json\n",
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};

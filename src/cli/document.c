/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <stdlib.h>

#include "api/identity_json.h"
#include "base/mem.h"
#include "cli/look.h"
#include "identity/identity.h"
#include "identity/show.h"
#include "text/date.h"

bool
session_init(struct session *s, const struct cli *cli, struct error *reterr)
{
	*s = (struct session){0};
	return target_find(&cli->options, &s->target, reterr) &&
	       client_new(&s->target, &s->client, reterr);
}

void
session_release(struct session *s)
{
	client_free(s->client);
	target_release(&s->target);
}

bool
document_name(const char *text, char ret[static STORE_NAME_SIZE],
	      struct error *reterr)
{
	return identity_name(span_of(text), ret, reterr) ||
	       error_prefix(reterr, "\"%s\": ", text);
}

/* The document of `remote`, computed here. */
static bool
compute(const struct session *s, const struct cli *cli,
	const struct remote *remote, bool ask_dns, json_t **ret,
	struct error *reterr)
{
	CLEANUP(arena_release)
	struct arena arena =
		ARENA_INIT(LOOK_ARENA_MAX + sizeof(struct record_set) + 4096);
	CLEANUP(json_decrefp) json_t *findings = NULL;
	struct record_set *set = arena_get(&arena, sizeof(*set));
	struct step step[STEPS];
	struct identity_json what = {
		.identity = &remote->identity,
		.set = set,
		.step = step,
		.signing_zone = remote->signing_zone,
		.may_send = remote->may_send,
	};

	if (set == NULL || !remote_records(remote, &s->target, set, reterr))
		return false;
	if (ask_dns) {
		struct look found;

		if (!look(cli, set, &arena, &found, reterr))
			return false;
		what.seen = found.seen;
		what.findings = findings = show_findings(found.diagnosis);
	}
	steps_of(&remote->identity, what.seen, &arena, step);
	*ret = identity_json(&what);
	return true;
}

bool
document_get(struct session *s, const struct cli *cli, const char *name,
	     bool ask_dns, json_t **ret, struct error *reterr)
{
	struct remote *remote;
	struct error why;
	bool ok;

	if (!s->target.amazon) {
		if (client_call_named(s->client, "GET",
				      "/sesame/v1/identities/", span_of(name),
				      "", NULL, ret, &why))
			return true;
		/* 404 also says that this is another SES endpoint. */
		if (why.code != ERROR_NOT_FOUND &&
		    why.code != ERROR_UNKNOWN_OPERATION) {
			*reterr = why;
			return false;
		}
	}
	remote = mem_new(sizeof(*remote));
	ok = remote_get(s->client, name, remote, reterr) &&
	     compute(s, cli, remote, ask_dns, ret, reterr);
	free(remote);
	return ok;
}

struct span
document_text(const json_t *document, const char *path)
{
	struct span rest = span_of(path), text = SPAN("");

	for (;;) {
		char name[64] = "";
		struct span part = span_cut(&rest, '.');

		memcpy(name, part.ptr,
		       part.len < sizeof(name) ? part.len : sizeof(name) - 1);
		if (rest.len == 0) {
			(void)!json_get_text(document, name, &text);
			return text;
		}
		document = json_get_object(document, name);
	}
}

/* A number of a record, such as its priority, as text; "" if absent. */
static struct span
number(const json_t *object, const char *name, char ret[24])
{
	int64_t n;

	if (!json_get_int(object, name, &n))
		return SPAN("");
	snprintf(ret, 24, "%lld", (long long)n);
	return span_of(ret);
}

/* Prints those records whose purpose begins with `purpose`. */
static void
print_group(struct output *o, const json_t *records, const char *purpose,
	    const char *title)
{
	static const char *const heading[] = {"NAME", "IN ITS ZONE", "TYPE",
					      "PRIORITY", "VALUE"};
	struct table table;

	table_init(&table, COUNT(heading), heading);
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *r = json_array_get(records, i);
		char priority[24];
		struct span cell[COUNT(heading)] = {
			document_text(r, "name"),
			document_text(r, "relative_name"),
			document_text(r, "type"),
			number(r, "priority", priority),
			document_text(r, "value"),
		};

		if (span_starts(document_text(r, "purpose"), span_of(purpose)))
			table_row(&table, cell);
	}
	if (table.rows > 1) {
		if (o->tty) {
			output_print(o, "\n");
			output_tone(o, OUTPUT_BOLD, title);
			output_print(o, "\n");
		}
		table_print(&table, o);
	}
	table_release(&table);
}

void
document_print_records(struct output *o, const json_t *document)
{
	const json_t *records = json_get_array(document, "records");

	print_group(o, records, "dkim",
		    "DKIM: proves control of the domain (needed)");
	print_group(o, records, "mail_from",
		    "MAIL FROM: brings bounces home, and SPF (recommended)");
	print_group(o, records, "dmarc",
		    "DMARC: tells receivers what to do with forgeries "
		    "(keep a record that is there)");
}

/* "2026-11-23T17:15:00Z (3 min ago)", or "(in 20 s)". */
static void
print_time(struct output *o, const char *before, struct span text, int64_t now)
{
	static const struct {
		int64_t ms;
		const char *name;
	} unit[] = {
		{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
	int64_t time, apart;
	size_t i = 0;

	if (text.len == 0 || !date_rfc3339_parse(text, &time))
		return;
	apart = time > now ? time - now : now - time;
	while (i + 1 < COUNT(unit) && apart < unit[i].ms)
		i++;
	output_print(o, "%s" SPAN_FMT " (%s%lld %s%s)", before, SPAN_ARG(text),
		     time > now ? "in " : "", (long long)(apart / unit[i].ms),
		     unit[i].name, time > now ? "" : " ago");
}

static enum output_tone
tone_of(struct span state)
{
	if (span_equal(state, SPAN("done")))
		return OUTPUT_GOOD;
	return span_equal(state, SPAN("wrong")) ? OUTPUT_BAD : OUTPUT_WARN;
}

static void
print_step(struct output *o, const json_t *step, int64_t now)
{
	struct span state = document_text(step, "state");
	struct span who = document_text(step, "who");
	char word[32] = "", n[24];

	memcpy(word, state.ptr,
	       state.len < sizeof(word) ? state.len : sizeof(word) - 1);
	output_print(o, SPAN_FMT " %-24.*s", SPAN_ARG(number(step, "step", n)),
		     SPAN_ARG(document_text(step, "title")));
	output_tone(o, tone_of(state), word);
	if (who.len > 0 && !span_equal(who, SPAN("nobody")))
		output_print(o, ", for the " SPAN_FMT, SPAN_ARG(who));
	print_time(o, ", since ", document_text(step, "since"), now);
	print_time(o, ", next check ", document_text(step, "next_check"), now);
	output_print(o, "\n");
	if (document_text(step, "text").len > 0)
		output_print(o, "  " SPAN_FMT "\n",
			     SPAN_ARG(document_text(step, "text")));
}

static void
print_finding(struct output *o, const json_t *finding, size_t number)
{
	static const char *const member[][2] = {
		{"record", "at"},         {"zone", "zone"},
		{"expected", "expected"}, {"found", "found"},
		{"repair", "repair"},
	};

	output_print(o, "\n%zu. ", number);
	output_tone(
		o,
		span_equal(document_text(finding, "severity"), SPAN("error"))
			? OUTPUT_BAD
			: OUTPUT_WARN,
		json_string_value(json_object_get(finding, "severity")));
	output_print(o, " " SPAN_FMT ": " SPAN_FMT "\n",
		     SPAN_ARG(document_text(finding, "code")),
		     SPAN_ARG(document_text(finding, "message")));
	for (size_t i = 0; i < COUNT(member); i++) {
		struct span text = document_text(finding, member[i][0]);

		if (text.len > 0)
			output_print(o, "   %-9s " SPAN_FMT "\n", member[i][1],
				     SPAN_ARG(text));
	}
}

/* Whether an identity has all done: one line then says so. */
static bool
is_done(const json_t *document)
{
	bool done = false;

	return json_get_bool(document, "done", &done) && done;
}

void
document_print_status(struct output *o, const json_t *document, int64_t now)
{
	const json_t *steps = json_get_array(document, "steps");
	const json_t *findings = json_get_array(document, "findings");
	bool sends = false;

	(void)!json_get_bool(document, "verified_for_sending", &sends);
	output_print(o, SPAN_FMT ": ",
		     SPAN_ARG(document_text(document, "name")));
	output_tone(o, is_done(document) ? OUTPUT_GOOD : OUTPUT_WARN,
		    is_done(document) ? "all five steps are done"
				      : "not all is done yet");
	output_print(o, "; it %s send mail\n\n", sends ? "can" : "cannot");
	for (size_t i = 0; i < json_array_size(steps); i++)
		print_step(o, json_array_get(steps, i), now);
	print_time(o, "\nlast looked ", document_text(document, "last_checked"),
		   now);
	if (document_text(document, "last_checked").len > 0)
		output_print(o, "\n");
	if (json_array_size(findings) > 0)
		output_print(o, "\nWhat to mend:\n");
	for (size_t i = 0; i < json_array_size(findings); i++)
		print_finding(o, json_array_get(findings, i), i + 1);
}

static bool
has_status(const json_t *document, const char *path, const char *status)
{
	return span_equal(document_text(document, path), span_of(status));
}

enum cli_exit
document_exit(const json_t *document)
{
	static const char *const path[] = {"verification.status", "dkim.status",
					   "mail_from.status"};
	const json_t *steps = json_get_array(document, "steps");

	if (is_done(document))
		return CLI_YES;
	for (size_t i = 0; i < COUNT(path); i++)
		if (has_status(document, path[i], "FAILED"))
			return CLI_NO;
	for (size_t i = 0; i < json_array_size(steps); i++)
		if (has_status(json_array_get(steps, i), "state", "wrong"))
			return CLI_NO;
	return CLI_NOT_YET;
}

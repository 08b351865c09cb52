/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_verify.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "mailauth/author.h"
#include "mailauth/dkim_explain.h"
#include "sending/report_json.h"
#include "text/date.h"

/* What a header and all that is found out about it may take. */
#define ARENA_SIZE                                                             \
	(((size_t)1 << 20) + DKIM_VERIFY_ARENA +                               \
	 (size_t)DKIM_VERIFY_MAX * DKIM_EXPLAIN_ARENA_MAX)

ASKING_MACHINE(dkim_verify, struct dkim_verify);

static enum output_tone
tone_of(enum dkim_outcome outcome)
{
	if (outcome == DKIM_PASS)
		return OUTPUT_GOOD;
	return outcome == DKIM_FAIL || outcome == DKIM_PERMERROR ? OUTPUT_BAD
								 : OUTPUT_WARN;
}

/* What was found out about a message. */
struct verified {
	const struct dkim_verify *m;
	enum dkim_outcome outcome; /* of the message */
	const char *fault;         /* why that is no signature's; or NULL */
	const struct dkim_result *result;
	size_t len;                                       /* of result */
	struct dkim_explained explained[DKIM_VERIFY_MAX]; /* of those that
							     fail */
};

/* Which of the two hashes is another; NULL: neither, or it is not known. */
static const char *
mismatch_of(const struct dkim_result *d)
{
	if (d->outcome != DKIM_FAIL)
		return NULL;
	return d->reason == DKIM_REASON_BODY ? "body" : "header";
}

/* Prints a time of the signature's, and how long ago that was. */
static void
print_times(struct output *o, const struct dkim_result *d)
{
	const struct dkim_signature *s = &d->signature;
	struct date_text time = date_rfc3339_format(s->time * 1000);
	struct date_text expiry = date_rfc3339_format(s->expiry * 1000);

	if (s->time >= 0)
		output_print(o, "  signed     %s", time.s);
	if (d->age >= 86400)
		output_print(o, ", %lld days ago", (long long)d->age / 86400);
	else if (d->age >= 0)
		output_print(o, ", %lld s ago", (long long)d->age);
	if (s->time >= 0)
		output_print(o, "\n");
	if (s->expiry >= 0)
		output_print(o, "  expires    %s\n", expiry.s);
}

/* Prints what h= covers, folded. */
static void
print_names(struct output *o, const struct dkim_signature *s)
{
	size_t column = 0;

	if (s->headers == 0)
		return;
	output_print(o, "  covers    ");
	for (size_t i = 0; i < s->headers; i++) {
		if (column + s->header[i].len > 64) {
			output_print(o, "\n            ");
			column = 0;
		}
		output_print(o, " " SPAN_FMT, SPAN_ARG(s->header[i]));
		column += s->header[i].len + 1;
	}
	output_print(o, "\n");
}

/* Prints what happened to the message, as far as that was found out. */
static void
print_change(struct output *o, const struct dkim_explained *e)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf header = BUF_INIT(4096);

	dkim_explained_body(e, &body);
	dkim_explained_header(e, &header);
	if (body.len > 0)
		output_print(o, "  body       %s\n", body.ptr);
	if (header.len > 0)
		output_print(o, "  header     %s\n", header.ptr);
}

static void
print_flags(struct output *o, const struct dkim_result *d)
{
	if (d->testing)
		output_print(o, "  flag       t=y: the domain is testing\n");
	if (d->signature.has_length)
		output_print(o,
			     "  flag       l=: %llu octets of the body are "
			     "not signed\n",
			     (unsigned long long)d->body_rest);
	if (d->outcome == DKIM_PASS && !d->dmarc_eligible)
		output_print(o, "  flag       it counts for nothing in "
				"DMARC\n");
	if (d->authentic)
		output_print(o, "  flag       the key was signed by DNSSEC\n");
}

static void
print_one(struct output *o, size_t i, const struct dkim_result *d,
	  const struct dkim_explained *e)
{
	const struct dkim_signature *s = &d->signature;
	struct dname_text name;

	output_print(o, "signature %zu  ", i + 1);
	output_tone(o, tone_of(d->outcome), dkim_outcome_name(d->outcome));
	output_print(o, "  " SPAN_FMT "  selector " SPAN_FMT,
		     SPAN_ARG(domain_span(&s->domain)), SPAN_ARG(s->selector));
	if (d->bits > 0)
		output_print(o, "  %s, %d bits",
			     dkim_algorithm_name(s->algorithm), d->bits);
	output_print(o, "\n  because    %s\n", dkim_result_text(d));
	print_change(o, e);
	if (s->identity.len > 0)
		output_print(o, "  for        " SPAN_FMT "\n",
			     SPAN_ARG(s->identity));
	if (d->signature_status == DKIM_SIGNATURE_OK)
		output_print(o, "  canonical  %s/%s\n",
			     canon_name(s->header_canon),
			     canon_name(s->body_canon));
	print_names(o, s);
	print_times(o, d);
	if (d->has_record)
		output_print(o,
			     "  key        " SPAN_FMT "\n             " SPAN_FMT
			     "\n",
			     SPAN_ARG(dname_print(&s->key_name, &name)),
			     SPAN_ARG(d->record));
	print_flags(o, d);
}

static void
print(struct output *o, const struct verified *v)
{
	size_t skipped = dkim_verify_skipped(v->m);

	output_tone(o, tone_of(v->outcome), dkim_outcome_name(v->outcome));
	output_print(o, "\n");
	if (v->fault != NULL)
		output_print(o, "  because    %s\n", v->fault);
	for (size_t i = 0; i < v->len; i++)
		print_one(o, i, &v->result[i], &v->explained[i]);
	if (skipped > 0)
		output_print(o, "%zu more signatures were not looked at\n",
			     skipped);
}

/* Sets a member to what a dkim_explained_ function says, or null. */
static void
put_change(json_t *json, const char *name, const struct dkim_explained *e,
	   void (*say)(const struct dkim_explained *e, struct buf *to))
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);

	say(e, &text);
	json_put(json, name,
		 text.len > 0 ? json_text_new(buf_span(&text)) : json_null());
}

/* Adds to the report's document of a signature what only this command has. */
static void
put_more(json_t *one, const struct dkim_result *d,
	 const struct dkim_explained *e)
{
	const struct dkim_signature *s = &d->signature;
	bool good = d->signature_status == DKIM_SIGNATURE_OK;
	const char *mismatch = mismatch_of(d);
	json_t *names = json_array_new();
	struct dname_text name;

	for (size_t i = 0; i < s->headers; i++)
		json_add_text(names, s->header[i]);
	json_put(one, "header_names", names);
	json_puts(one, "header_canonicalization", canon_name(s->header_canon));
	json_puts(one, "body_canonicalization", canon_name(s->body_canon));
	json_put(one, "key_name",
		 good ? json_text_new(dname_print(&s->key_name, &name))
		      : json_null());
	json_put(one, "age_seconds",
		 d->age >= 0 ? json_integer(d->age) : json_null());
	json_put(one, "body_hash_matches",
		 d->body_checked ? json_boolean(d->body_good) : json_null());
	json_put(one, "mismatch",
		 mismatch != NULL ? json_text_new(span_of(mismatch))
				  : json_null());
	put_change(one, "body_change", e, dkim_explained_body);
	put_change(one, "header_change", e, dkim_explained_header);
}

static json_t *
verified_json(const struct verified *v)
{
	json_t *json = report_json_dkim(v->outcome, v->result, v->len,
					dkim_verify_skipped(v->m));
	json_t *list = json_get_array(json, "signatures");

	json_put(json, "fault",
		 v->fault != NULL ? json_text_new(span_of(v->fault))
				  : json_null());

	for (size_t i = 0; i < v->len; i++)
		put_more(json_array_get(list, i), &v->result[i],
			 &v->explained[i]);
	return json;
}

/* Looks into those that fail, as only people care to know. */
static void
explain(struct verified *v, const struct header_block *header,
	struct arena *arena)
{
	v->result = dkim_verify_results(v->m, &v->len);
	for (size_t i = 0; i < v->len; i++)
		dkim_explain(&v->result[i], header, header->body, arena,
			     &v->explained[i]);
}

/*
 * The result of the message.  RFC 6376 section 3.8 asks verifiers to look
 * whether a message is a valid one: without a signature, but with a From that
 * is missing or not to be read, it is not "not signed", but in error (RFC
 * 8601 section 2.7.1: "such as a required header field being absent").
 */
static void
sum_up(struct verified *v, const struct author *author)
{
	v->outcome = dkim_verify_outcome(v->m);
	if (v->outcome != DKIM_NONE)
		return;
	if (author->status != AUTHOR_NO_FROM &&
	    author->status != AUTHOR_ADDRESS)
		return;
	v->outcome = DKIM_PERMERROR;
	v->fault = author_fault(author);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_SIZE);
	CLEANUP(buf_release) struct buf message = BUF_INIT(MESSAGE_MAX);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m = NULL;
	struct dkim_verify_input input = {.now = cli->now};
	struct verified v = {.len = 0};
	enum header_status status;
	struct header_block header;
	struct author author;
	struct error error;
	size_t offset;

	if (!message_read(cli->options.operand[0], &message, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	/* a malformed header is verified as far as it goes */
	status = header_parse(buf_span(&message), &arena, &header, &offset);
	author_read(&header, status, &arena, &author);
	if (author.status == AUTHOR_OK)
		input.from = &author.domain;
	m = dkim_verify_new(&header, &input, &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	ask_all(&source, &dkim_verify_machine, m);
	if (status != HEADER_OK)
		output_note("the header is malformed: %s",
			    header_strerror(status));
	v.m = m;
	explain(&v, &header, &arena);
	sum_up(&v, &author);
	if (cli->out.json)
		output_json(&cli->out, verified_json(&v));
	else
		print(&cli->out, &v);
	if (v.outcome == DKIM_TEMPERROR)
		return CLI_UNKNOWN;
	return v.outcome == DKIM_PASS ? CLI_YES : CLI_NO;
}

const struct command command_dkim_verify = {
	.name = "dkim verify",
	.usage = "MESSAGE",
	.summary = "are the DKIM signatures of a message good?",
	.help = "Verifies the DKIM signatures (RFC 6376, 8301, 8463) of the "
		"message in a file,\n\"-\" being stdin: of more than 8 those "
		"aligned with From first. One whose\nl= leaves a part of the "
		"body unsigned may pass but counts for nothing in DMARC.\nOf "
		"one that fails it says which hash is another, of the body or "
		"of the header,\nand what was changed if that can be found "
		"out.\nExit status: 0 pass, 5 temperror, "
		"1 "
		"anything else.\n\n"
		"Examples:\n"
		"  sesame dkim verify mail.eml\n"
		"  sesame dkim verify --json - < mail.eml\n"
		"  sesame dkim verify mail.eml --dns zone.json --at "
		"1700000000\n",
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};

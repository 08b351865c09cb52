/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc_seal.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/keyfile.h"
#include "cli/passage.h"
#include "mailauth/dkim_hash.h"
#include "sending/report_json.h"

#define SEAL_SCHEMA  1
#define HEADER_ARENA ((size_t)1 << 20)

ASKING_MACHINE(arc, struct arc);

/* A set on its way. */
struct job {
	struct arc_seal how;
	struct privkey *key;
	struct buf results; /* of the message, or of the options */
	struct passage passage;
	struct header_block header;
	struct dkim_body body;
	size_t hash; /* of the body, relaxed */
	struct arc *chain;
	struct buf fields; /* what is made */
	struct arc_sealing sealing;
};

static void
job_release(struct job *job)
{
	privkey_free(job->key);
	buf_release(&job->results);
	passage_close(&job->passage);
	dkim_body_release(&job->body);
	arc_free(job->chain);
	buf_release(&job->fields);
	arc_seal_release(&job->sealing);
}

/* Reads the options; they must all be there. */
static bool
read_options(struct job *job, const struct cli *cli, struct error *reterr)
{
	static const char *const needed[] = {"domain", "selector", "key",
					     "authserv-id"};
	const struct options *o = &cli->options;
	enum domain_status status;
	struct dname name;

	for (size_t i = 0; i < COUNT(needed); i++)
		if (!options_has(o, needed[i]))
			return error_set(reterr, ERROR_USAGE, "--%s is needed",
					 needed[i]);
	status = domain_parse(*options_get(o, "domain"), &job->how.domain);
	if (status != DOMAIN_OK)
		return error_set(reterr, ERROR_USAGE,
				 "--domain " SPAN_FMT ": %s",
				 SPAN_ARG(*options_get(o, "domain")),
				 domain_strerror(status));
	job->how.selector = *options_get(o, "selector");
	if (!keyfile_name(job->how.selector, &job->how.domain, &name))
		return error_set(reterr, ERROR_USAGE,
				 "\"" SPAN_FMT "\" is no selector: letters, "
				 "digits, hyphens and dots",
				 SPAN_ARG(job->how.selector));
	job->how.authserv_id = *options_get(o, "authserv-id");
	job->how.time = cli->now / 1000;
	return keyfile_read(*options_get(o, "key"), &job->key, reterr);
}

/* The results to seal: those given, or the message's own of this host. */
static bool
read_results(struct job *job, const struct cli *cli, struct error *reterr)
{
	const struct span *text;
	size_t at = 0;

	while ((text = options_each(&cli->options, "results", &at)) != NULL) {
		if (job->results.len > 0)
			buf_adds(&job->results, ";\r\n\t");
		buf_add(&job->results, *text);
	}
	if (!options_has(&cli->options, "results"))
		(void)!arc_seal_collect(&job->header, job->how.authserv_id,
					&job->results);
	if (job->results.full)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "the results are above %d octets",
				 ARC_RESULTS_MAX);
	job->how.results = buf_span(&job->results);
	return true;
}

static void
feed(void *context, struct span bytes)
{
	struct job *job = context;

	dkim_body_feed(&job->body, bytes);
	arc_feed(job->chain, bytes);
}

/* Reads the message once: the chain it has, and the hash of its body. */
static bool
read_message(struct job *job, const struct cli *cli, struct arena *arena,
	     struct error *reterr)
{
	if (!passage_open(&job->passage, cli->options.operand[0],
			  options_has(&cli->options, "crlf"), reterr) ||
	    !passage_header(&job->passage, arena, &job->header, reterr) ||
	    !read_results(job, cli, reterr))
		return false;
	job->hash = dkim_body_want(&job->body, CANON_RELAXED, UINT64_MAX);
	job->chain = arc_new(&job->header, cli->now, NULL, arena);
	if (!passage_body(&job->passage, feed, job, reterr))
		return false;
	dkim_body_end(&job->body);
	arc_end(job->chain);
	return true;
}

/* Makes the three fields.  Fails as the status says. */
static bool
seal(struct job *job, struct arena *arena, enum arc_seal_status *ret,
     struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	uint8_t digest[DIGEST_SIZE];

	job->how.type = privkey_type(job->key);
	*ret = arc_seal_begin(
		&job->how, &job->header, job->body.hash[job->hash].value,
		arc_result(job->chain), arena, &job->sealing, digest);
	if (*ret != ARC_SEAL_OK)
		return error_set(reterr, ERROR_BAD_REQUEST, "%s: %s",
				 job->passage.path, arc_seal_strerror(*ret));
	if (!privkey_sign(job->key, digest, &signature) ||
	    !arc_seal_next(&job->sealing, buf_span(&signature), digest))
		return error_set(reterr, ERROR_CRYPTO,
				 "the signature could not be made");
	buf_clear(&signature);
	if (!privkey_sign(job->key, digest, &signature) ||
	    !arc_seal_finish(&job->sealing, buf_span(&signature), &job->fields))
		return error_set(reterr, ERROR_CRYPTO,
				 "the seal could not be made");
	return true;
}

static json_t *
job_json(const struct job *job)
{
	json_t *json = json_object_new();

	json_put_int(json, "schema", SEAL_SCHEMA);
	json_put_int(json, "instance", job->sealing.instance);
	json_puts(json, "cv", arc_cv_name(job->sealing.cv));
	json_put(json, "chain", report_json_arc(arc_result(job->chain)));
	json_put_text(json, "arc_seal", buf_span(&job->sealing.seal));
	json_put_text(json, "arc_message_signature",
		      buf_span(&job->sealing.message));
	json_put_text(json, "arc_authentication_results",
		      buf_span(&job->sealing.results));
	return json;
}

/* The exit status where nothing is to be added. */
static enum cli_exit
exit_of(enum arc_seal_status status, const struct error *error)
{
	output_note("%s", error->text);
	switch (status) {
	case ARC_SEAL_ENDED:
	case ARC_SEAL_FULL:
		return CLI_NO;
	case ARC_SEAL_UNKNOWN:
		return CLI_UNKNOWN;
	case ARC_SEAL_OK:
	case ARC_SEAL_NO_FROM:
	case ARC_SEAL_BAD_NAME:
	case ARC_SEAL_TOO_MANY:
	case ARC_SEAL_BAD_RESULTS:
	case ARC_SEAL_TOO_LONG:
		break;
	}
	return cli_exit_of(error->code);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(job_release)
	struct job job = {.passage = {.fd = -1},
			  .results = BUF_INIT(ARC_RESULTS_MAX),
			  .fields = BUF_INIT(ARC_FIELDS_MAX)};
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(HEADER_ARENA + 2 * ARC_ARENA_MAX);
	CLEANUP(ask_close) struct ask_source source = {0};
	enum arc_seal_status status;
	struct error error;

	keyfile_prepare();
	dkim_body_init(&job.body);
	if (!read_options(&job, cli, &error))
		return error.code == ERROR_USAGE
			       ? cli_usage(cli, "%s", error.text)
			       : cli_failed(&error);
	if (!ask_open(&source, cli, &error) ||
	    !read_message(&job, cli, &arena, &error))
		return cli_failed(&error);
	ask_all(&source, &arc_machine, job.chain);
	if (!seal(&job, &arena, &status, &error))
		return exit_of(status, &error);
	if (job.sealing.cv == ARC_CV_FAIL)
		output_note("the chain is broken, and is sealed as such: %s",
			    arc_reason_text(arc_result(job.chain)->reason));
	if (cli->out.json) {
		output_json(&cli->out, job_json(&job));
		return CLI_YES;
	}
	fwrite(job.fields.ptr, 1, job.fields.len, cli->out.file);
	return passage_copy(&job.passage, cli->out.file, &error)
		       ? CLI_YES
		       : cli_failed(&error);
}

static const struct option_spec options[] = {
	{"domain", OPTION_TEXT, "DOMAIN", "d=: who seals"},
	{"selector", OPTION_TEXT, "NAME", "s=: which of its keys it is"},
	{"key", OPTION_TEXT, "FILE", "the private key: PEM, RSA or Ed25519"},
	{"authserv-id", OPTION_TEXT, "NAME",
	 "the host that found out the results"},
	{"results", OPTION_LIST, "TEXT",
	 "what it found out, as \"spf=pass smtp.mailfrom=a.example\" "
	 "(default: its Authentication-Results in the message)"},
	{"crlf", OPTION_FLAG, NULL,
	 "end each line in CRLF, in what is sealed and written"},
	{0},
};

const struct command command_arc_seal = {
	.name = "arc seal",
	.usage = "MESSAGE --domain DOMAIN --selector NAME --key FILE "
		 "--authserv-id NAME",
	.summary = "add a set to the ARC chain of a message",
	.help = "Validates the chain of the message in a file, \"-\" being "
		"stdin, and adds a set to it\n(RFC 8617 section 5.1): "
		"ARC-Authentication-Results, ARC-Message-Signature and\n"
		"ARC-Seal, on top of what it writes to stdout. For whoever "
		"forwards mail; seal last,\nwhen all else is done to the "
		"message.\n\n"
		"Without --results, those are sealed that the message has of "
		"the host --authserv-id:\nforged ones must have been removed "
		"before. arc= is added where they have none.\nA broken chain "
		"is sealed once, as broken (cv=fail); nothing follows such a "
		"seal,\nand no chain has more than 50 sets. If DNS gives an "
		"error, nothing is written: a\nseal that says fail could not "
		"be taken back.\n\n"
		"Lines must end in CRLF; --crlf converts them. --json prints "
		"the fields alone.\nExit status: 0 sealed, 1 nothing is to be "
		"added, 5 DNS gave an error, 2 anything else.\n\n"
		"Examples:\n"
		"  sesame arc seal mail.eml --domain example.org --selector s1 "
		"--key s1.pem \\\n"
		"    --authserv-id mx.example.org > sealed.eml\n"
		"  sesame arc seal - --domain example.org --selector s1 --key "
		"s1.pem \\\n"
		"    --authserv-id mx.example.org --results \"spf=pass "
		"smtp.mailfrom=a.example\"\n"
		"  sesame arc seal mail.eml --json --dns zone.json --at "
		"1700000000 --domain example.org \\\n"
		"    --selector s1 --key s1.pem --authserv-id "
		"mx.example.org\n",
	.option = options,
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_sign.h"

#include "cli/commands.h"
#include "cli/duration.h"
#include "cli/keyfile.h"
#include "cli/passage.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_signature.h"

#define SIGNERS_MAX  8 /* signatures that are put on a message at once */
#define SIGN_SCHEMA  1
#define HEADER_ARENA ((size_t)1 << 20)

/* One signature to make. */
struct signer {
	struct dkim_sign how;
	struct privkey *key;
	size_t hash;      /* of the body, in its form */
	struct buf field; /* what is made */
};

struct signing {
	struct signer signer[SIGNERS_MAX];
	size_t len; /* of signer */
	struct passage passage;
	struct dkim_body body;
};

static void
signing_release(struct signing *s)
{
	for (size_t i = 0; i < s->len; i++) {
		privkey_free(s->signer[i].key);
		buf_release(&s->signer[i].field);
	}
	passage_close(&s->passage);
	dkim_body_release(&s->body);
}

/* How often the option `name` was given. */
static size_t
count(const struct options *o, const char *name)
{
	size_t at = 0, n = 0;

	while (options_each(o, name, &at) != NULL)
		n++;
	return n;
}

/* Reads --canon: both forms, or that of the header. */
static bool
read_canon(struct span text, struct dkim_sign *how, struct error *reterr)
{
	struct span rest = text, part[2];
	bool simple[2] = {false, true};
	bool one = span_find(text, '/') == SPAN_NONE;

	part[0] = span_cut(&rest, '/');
	part[1] = rest;
	for (size_t i = 0; i < (one ? 1 : 2); i++) {
		simple[i] = span_equal(part[i], SPAN("simple"));
		if (!simple[i] && !span_equal(part[i], SPAN("relaxed")))
			return error_set(reterr, ERROR_USAGE,
					 "--canon takes simple or relaxed, for "
					 "the header and for the body: "
					 "relaxed/simple");
	}
	how->header_simple = simple[0];
	how->body_simple = simple[1];
	return true;
}

/* Reads the options that all signatures share. */
static bool
read_common(const struct cli *cli, struct dkim_sign *how, struct error *reterr)
{
	const struct span *expire = options_get(&cli->options, "expire");
	int64_t ms;

	*how = (struct dkim_sign){.selector = SPAN("")};
	how->time = cli->now / 1000;
	how->identity = options_text(&cli->options, "identity", "");
	if (expire != NULL) {
		if (!duration_parse(*expire, &ms) || ms < 1000)
			return error_set(reterr, ERROR_USAGE,
					 "--expire takes a length of time such "
					 "as 7d, not \"" SPAN_FMT "\"",
					 SPAN_ARG(*expire));
		how->expiry = how->time + ms / 1000;
	}
	return read_canon(
		options_text(&cli->options, "canon", "relaxed/relaxed"), how,
		reterr);
}

/* Reads one --domain, --selector and --key. */
static bool
read_signer(struct signer *s, const struct dkim_sign *common,
	    struct span domain, struct span selector, struct span path,
	    struct error *reterr)
{
	enum domain_status status;
	struct dname name;

	s->how = *common;
	s->how.selector = selector;
	buf_init(&s->field, DKIM_FIELD_MAX);
	s->key = NULL;
	status = domain_parse(domain, &s->how.domain);
	if (status != DOMAIN_OK)
		return error_set(reterr, ERROR_USAGE,
				 "--domain " SPAN_FMT ": %s", SPAN_ARG(domain),
				 domain_strerror(status));
	if (!keyfile_name(selector, &s->how.domain, &name))
		return error_set(reterr, ERROR_USAGE,
				 "\"" SPAN_FMT "\" is no selector: letters, "
				 "digits, hyphens and dots",
				 SPAN_ARG(selector));
	if (!keyfile_read(path, &s->key, reterr))
		return false;
	s->how.type = privkey_type(s->key);
	return true;
}

static bool
read_signers(struct signing *s, const struct cli *cli, struct error *reterr)
{
	const struct options *o = &cli->options;
	size_t keys = count(o, "key"), domains = count(o, "domain");
	size_t key_at = 0, selector_at = 0, domain_at = 0;
	const struct span *domain = NULL;
	struct dkim_sign common;

	if (keys == 0 || domains == 0 || count(o, "selector") != keys ||
	    (domains != 1 && domains != keys))
		return error_set(reterr, ERROR_USAGE,
				 "--domain, --selector and --key are needed; "
				 "for more signatures, a --selector and a "
				 "--key for each");
	if (keys > SIGNERS_MAX)
		return error_set(reterr, ERROR_USAGE,
				 "at most %d signatures are made at once",
				 SIGNERS_MAX);
	if (!read_common(cli, &common, reterr))
		return false;
	for (size_t i = 0; i < keys; i++) {
		if (domain == NULL || domains > 1)
			domain = options_each(o, "domain", &domain_at);
		s->len = i + 1;
		if (!read_signer(&s->signer[i], &common, *domain,
				 *options_each(o, "selector", &selector_at),
				 *options_each(o, "key", &key_at), reterr))
			return false;
	}
	return true;
}

static void
feed(void *context, struct span bytes)
{
	struct signing *s = context;

	dkim_body_feed(&s->body, bytes);
}

/* The field must be one that a verifier takes, whatever the options said. */
static bool
check_field(struct span field, struct error *reterr)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(HEADER_ARENA);
	enum dkim_signature_status status;
	struct dkim_signature signature;
	struct header_block block;
	size_t offset;

	if (header_parse(field, &arena, &block, &offset) != HEADER_OK ||
	    block.len != 1)
		return error_set(reterr, ERROR_USAGE,
				 "--identity has a line end in it");
	status = dkim_signature_parse(&block.field[0], &arena, &signature);
	if (status != DKIM_SIGNATURE_OK)
		return error_set(reterr, ERROR_USAGE,
				 "such a signature would not be valid: %s",
				 dkim_signature_strerror(status));
	return true;
}

static bool
sign_one(struct signing *s, struct signer *one,
	 const struct header_block *header, struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	uint8_t digest[DIGEST_SIZE];

	if (!dkim_sign_begin(&one->how, header, s->body.hash[one->hash].value,
			     &one->field, digest))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s: it has too many header fields of one "
				 "name to be signed",
				 s->passage.path);
	if (!privkey_sign(one->key, digest, &signature) ||
	    !dkim_sign_finish(&one->field, buf_span(&signature)))
		return error_set(reterr, ERROR_CRYPTO,
				 "the signature could not be made");
	return check_field(buf_span(&one->field), reterr);
}

/* Reads the message once, and makes the fields. */
static bool
sign(struct signing *s, const struct cli *cli, struct arena *arena,
     struct error *reterr)
{
	struct header_block header;

	if (!passage_open(&s->passage, cli->options.operand[0],
			  options_has(&cli->options, "crlf"), reterr) ||
	    !passage_header(&s->passage, arena, &header, reterr))
		return false;
	for (size_t i = 0; i < s->len; i++)
		s->signer[i].hash = dkim_body_want(&s->body,
						   s->signer[i].how.body_simple
							   ? CANON_SIMPLE
							   : CANON_RELAXED,
						   UINT64_MAX);
	if (!passage_body(&s->passage, feed, s, reterr))
		return false;
	dkim_body_end(&s->body);
	for (size_t i = 0; i < s->len; i++)
		if (!sign_one(s, &s->signer[i], &header, reterr))
			return false;
	return true;
}

static json_t *
signing_json(const struct signing *s)
{
	json_t *json = json_object_new(), *list = json_array_new();

	json_put_int(json, "schema", SIGN_SCHEMA);
	for (size_t i = 0; i < s->len; i++) {
		const struct signer *one = &s->signer[i];
		json_t *row = json_object_new();

		json_put_text(row, "domain", domain_span(&one->how.domain));
		json_put_text(row, "selector", one->how.selector);
		json_puts(row, "algorithm",
			  one->how.type == KEY_RSA ? "rsa-sha256"
						   : "ed25519-sha256");
		json_put_int(row, "key_bits", privkey_bits(one->key));
		json_put_text(row, "field", buf_span(&one->field));
		json_add(list, row);
	}
	json_put(json, "signatures", list);
	return json;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(signing_release) struct signing s = {.passage = {.fd = -1}};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(HEADER_ARENA);
	FILE *out = cli->out.file;
	struct error error;

	keyfile_prepare();
	dkim_body_init(&s.body);
	if (!read_signers(&s, cli, &error))
		return error.code == ERROR_USAGE
			       ? cli_usage(cli, "%s", error.text)
			       : cli_failed(&error);
	if (!sign(&s, cli, &arena, &error))
		return cli_failed(&error);
	if (cli->out.json) {
		output_json(&cli->out, signing_json(&s));
		return CLI_YES;
	}
	for (size_t i = 0; i < s.len; i++)
		fwrite(s.signer[i].field.ptr, 1, s.signer[i].field.len, out);
	return passage_copy(&s.passage, out, &error) ? CLI_YES
						     : cli_failed(&error);
}

static const struct option_spec options[] = {
	{"domain", OPTION_LIST, "DOMAIN", "d=: whose signature it is"},
	{"selector", OPTION_LIST, "NAME", "s=: which of its keys it is"},
	{"key", OPTION_LIST, "FILE", "the private key: PEM, RSA or Ed25519"},
	{"identity", OPTION_TEXT, "USER@DOMAIN",
	 "i=: for whom, at or under the domain"},
	{"canon", OPTION_TEXT, "HEADER/BODY",
	 "c=: simple or relaxed each (default relaxed/relaxed)"},
	{"expire", OPTION_TEXT, "DURATION",
	 "x=: how long it is valid, such as 7d (default: ever)"},
	{"crlf", OPTION_FLAG, NULL,
	 "end each line in CRLF, in what is signed and written"},
	{"at", OPTION_INT, "UNIXTIME", "t=: sign as if it were then"},
	{0},
};

const struct command command_dkim_sign = {
	.name = "dkim sign",
	.usage = "MESSAGE --domain DOMAIN --selector NAME --key FILE",
	.summary = "put a DKIM signature on a message",
	.help = "Signs the message in a file, \"-\" being stdin (RFC 6376, "
		"8301, 8463), and writes it\nto stdout with the signature on "
		"top. It signs the whole body, never a part (no l=),\nand "
		"each header field that matters once more than it is there, so "
		"that none can\nbe added. The options --domain, --selector and "
		"--key may be given again for more\nsignatures; one --domain "
		"stands for all.\n\n"
		"Mail has CRLF at the end of each line. A message that has not "
		"is refused, since a\nserver would change it and break the "
		"signature; --crlf converts it. A file is read\ntwice and "
		"never "
		"held in memory.\n\n"
		"The signature is valid only while its key is published: see "
		"sesame dkim key.\n--json prints the fields alone. Exit "
		"status: 0 signed, 2 anything else.\n\n"
		"Examples:\n"
		"  sesame dkim sign mail.eml --domain example.org --selector "
		"s1 --key s1.pem > signed.eml\n"
		"  sesame dkim sign - --crlf --domain example.org --selector "
		"s1 --key s1.pem --expire 7d\n"
		"  sesame dkim sign mail.eml --domain example.org --selector "
		"s1 --key rsa.pem \\\n"
		"    --selector e1 --key ed25519.pem\n",
	.option = options,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};

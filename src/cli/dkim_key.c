/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sesame dkim key: makes a key pair, or looks at a key that is published.
 */
#include "mailauth/dkim_key.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/keyfile.h"
#include "publish/zone.h"
#include "sys/file.h"

#define KEY_SCHEMA   1
#define KEY_TTL      3600 /* seconds, of the line for a zone file */
#define ANSWER_ARENA ((size_t)8 << 20)

/* What there is to say of one key record. */
struct look {
	struct span text; /* of the record */
	enum dkim_key_status status;
	struct dkim_key_record record;
	bool compared; /* with a private key */
	bool matches;  /* it is that one's */
};

static const struct kind {
	const char *name;
	enum key_type type;
	int bits;
} kinds[] = {
	{"rsa-2048", KEY_RSA, 2048}, {"rsa-3072", KEY_RSA, 3072},
	{"rsa-4096", KEY_RSA, 4096}, {"rsa-1024", KEY_RSA, 1024},
	{"ed25519", KEY_ED25519, 0},
};

static const struct kind *
find_kind(struct span name)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (span_equal(name, span_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

/* Prints what to publish, for a zone file and for a console. */
static void
print_made(struct output *o, const struct cli *cli, const char *path,
	   struct span name, struct span record)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(4096);
	struct span selector = *options_get(&cli->options, "selector");
	json_t *json;

	buf_addf(&zone, SPAN_FMT ".\t%d\tIN\tTXT\t", SPAN_ARG(name), KEY_TTL);
	publish_zone_text(record, &zone);
	if (o->json) {
		json = json_object_new();
		json_put_int(json, "schema", KEY_SCHEMA);
		json_puts(json, "file", path);
		json_put_text(json, "name", name);
		json_put_text(json, "record", record);
		json_put_text(json, "zone", buf_span(&zone));
		output_json(o, json);
		return;
	}
	output_print(o,
		     "The private key is in %s; keep it secret.\n"
		     "Publish this record, then sesame dkim key " SPAN_FMT
		     " " SPAN_FMT " --key %s says\nwhether it is there:\n\n"
		     "In a zone file:\n",
		     path, SPAN_ARG(selector),
		     SPAN_ARG(*options_get(&cli->options, "domain")), path);
	fwrite(zone.ptr, 1, zone.len, o->file);
	output_print(o,
		     "\n\nIn a console:\n"
		     "type   TXT\n"
		     "name   " SPAN_FMT "._domainkey\n"
		     "value  " SPAN_FMT "\n",
		     SPAN_ARG(selector), SPAN_ARG(record));
}

static bool
read_name(struct span selector, struct span domain, struct dname *ret,
	  struct error *reterr)
{
	enum domain_status status;
	struct domain parsed;

	status = domain_parse(domain, &parsed);
	if (status != DOMAIN_OK)
		return error_set(reterr, ERROR_USAGE,
				 "\"" SPAN_FMT "\" is no domain: %s",
				 SPAN_ARG(domain), domain_strerror(status));
	if (!keyfile_name(selector, &parsed, ret))
		return error_set(reterr, ERROR_USAGE,
				 "\"" SPAN_FMT "\" is no selector: letters, "
				 "digits, hyphens and dots",
				 SPAN_ARG(selector));
	return true;
}

/* Makes a key, its file, and the text of its record. */
static bool
make_key(const struct kind *kind, struct span path, struct buf *name,
	 struct buf *record, struct error *reterr)
{
	CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
	CLEANUP(privkey_freep) struct privkey *key = NULL;

	if (!buf_add(name, path))
		return error_set(reterr, ERROR_USAGE,
				 "the path after --out is too long");
	key = privkey_generate(kind->type, kind->bits);
	if (key == NULL)
		return error_set(reterr, ERROR_CRYPTO, "no key could be made");
	privkey_pem(key, &pem);
	if (!file_create(name->ptr, secret_span(&pem), 0600, reterr))
		return false;
	keyfile_record(key, record);
	return true;
}

static enum cli_exit
run_make(struct cli *cli)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf record = BUF_INIT(KEYFILE_RECORD_MAX);
	const struct options *o = &cli->options;
	const struct kind *kind =
		find_kind(options_text(o, "type", "rsa-2048"));
	struct dname_text text;
	struct dname name;
	struct error error;

	if (kind == NULL)
		return cli_usage(cli, "--type takes rsa-2048, rsa-3072, "
				      "rsa-4096, rsa-1024 or ed25519");
	if (o->operands > 0 || !options_has(o, "selector") ||
	    !options_has(o, "domain"))
		return cli_usage(cli, "to make a key, --selector, --domain "
				      "and --out are needed");
	if (!read_name(*options_get(o, "selector"), *options_get(o, "domain"),
		       &name, &error))
		return cli_usage(cli, "%s", error.text);
	if (!make_key(kind, *options_get(o, "out"), &path, &record, &error))
		return cli_failed(&error);
	if (kind->bits == 1024)
		output_note("1024 bits are the least that verifiers take, and "
			    "some take no less than 2048");
	print_made(&cli->out, cli, path.ptr, dname_print(&name, &text),
		   buf_span(&record));
	return CLI_YES;
}

/* Whether what `private` signs verifies under `public`. */
static bool
belong_together(const struct privkey *private, struct pubkey *public)
{
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	uint8_t digest[DIGEST_SIZE];

	digest_of(SPAN("sesame dkim key"), digest);
	return privkey_type(private) == pubkey_type(public) &&
	       privkey_sign(private, digest, &signature) &&
	       pubkey_verify(public, digest, buf_span(&signature));
}

static void
look_at(struct span text, const struct privkey *key, struct look *ret)
{
	*ret = (struct look){.text = text};
	ret->status = dkim_key_parse(text, &ret->record);
	if (ret->status != DKIM_KEY_OK || key == NULL)
		return;
	ret->compared = true;
	ret->matches = belong_together(key, ret->record.key);
}

/* The clause that says what is wrong with a record. */
static const char *
fault_of(const struct look *look)
{
	return look->status == DKIM_KEY_BAD_KEY
		       ? pubkey_strerror(look->record.key_status)
		       : dkim_key_strerror(look->status);
}

/* What may be said of a good record too; NULL: nothing more. */
static const char *
advice_of(const struct look *look, size_t i)
{
	const struct dkim_key_record *r = &look->record;
	const char *advice[3];
	size_t n = 0;

	if (look->status != DKIM_KEY_OK)
		return NULL;
	if (r->type == KEY_RSA && r->bits < 2048)
		advice[n++] = "verifiers must take it, but 2048 bits are "
			      "asked for (RFC 8301 section 3.2)";
	if (r->testing)
		advice[n++] = "t=y says that the domain is only testing DKIM";
	if (!r->has_version)
		advice[n++] = "v=DKIM1 is recommended as the first tag";
	return i < n ? advice[i] : NULL;
}

static json_t *
look_json(const struct look *look)
{
	json_t *json = json_object_new(), *advice = json_array_new();
	bool good = look->status == DKIM_KEY_OK;
	const char *text;

	json_put_text(json, "record", look->text);
	json_put_bool(json, "usable", good);
	json_put(json, "fault",
		 good ? json_null() : json_text_new(span_of(fault_of(look))));
	json_put(json, "type",
		 good ? json_text_new(look->record.type == KEY_RSA
					      ? SPAN("rsa")
					      : SPAN("ed25519"))
		      : json_null());
	json_put(json, "bits",
		 look->record.bits > 0 ? json_integer(look->record.bits)
				       : json_null());
	json_put_bool(json, "testing", look->record.testing);
	json_put_bool(json, "strict", look->record.strict);
	json_put(json, "matches",
		 look->compared ? json_boolean(look->matches) : json_null());
	for (size_t i = 0; (text = advice_of(look, i)) != NULL; i++)
		json_add_text(advice, span_of(text));
	json_put(json, "advice", advice);
	return json;
}

static void
print_look(struct output *o, const struct look *look)
{
	const struct dkim_key_record *r = &look->record;
	const char *text;

	if (look->status != DKIM_KEY_OK) {
		output_tone(o, OUTPUT_BAD, "not usable");
		output_print(o, "\nbecause   %s\n", fault_of(look));
	} else {
		output_tone(o, OUTPUT_GOOD, "usable");
		output_print(o, "\ntype      %s, %d bits\n",
			     r->type == KEY_RSA ? "RSA" : "Ed25519", r->bits);
	}
	if (r->strict)
		output_print(o, "flags     s: i= must be at d= itself\n");
	for (size_t i = 0; (text = advice_of(look, i)) != NULL; i++)
		output_print(o, "advice    %s\n", text);
	if (look->compared) {
		output_print(o, "key       ");
		output_tone(o, look->matches ? OUTPUT_GOOD : OUTPUT_BAD,
			    look->matches ? "it belongs to the private key"
					  : "it is of another private key");
		output_print(o, "\n");
	}
	output_print(o, "record    " SPAN_FMT "\n", SPAN_ARG(look->text));
}

/* The one answer: a usable record, and no second one. */
static const char *
result_of(const struct dns_answer *a, size_t good, size_t keys, bool matches)
{
	if (dns_is_error(a->status))
		return "temperror";
	if (keys == 0)
		return "none";
	return good == 1 && matches ? "good" : "bad";
}

/* Says all there is to say of the records of an answer. */
static enum cli_exit
report(struct cli *cli, const struct dns_answer *a, struct span name,
       const struct privkey *key)
{
	json_t *json = json_object_new(), *list = json_array_new();
	struct output *o = &cli->out;
	size_t good = 0, keys = 0;
	const char *result;
	bool matches = true;

	for (size_t i = 0; i < a->len; i++) {
		struct look look;

		look_at(a->rr[i].txt.text, key, &look);
		keys += look.status != DKIM_KEY_NOT_DKIM || a->len == 1;
		good += look.status == DKIM_KEY_OK;
		matches &= !look.compared || look.matches;
		json_add(list, look_json(&look));
		if (!o->json)
			print_look(o, &look);
		pubkey_free(look.record.key);
	}
	result = result_of(a, good, keys, matches);
	if (!o->json && a->len == 0)
		output_print(o, "%s\nname      " SPAN_FMT "\nDNS       %s\n",
			     result, SPAN_ARG(name),
			     dns_status_name(a->status));
	if (!o->json && good > 1)
		output_print(o, "several keys are at one name: verifiers may "
				"take any of them, or none\n");
	json_put_int(json, "schema", KEY_SCHEMA);
	json_puts(json, "result", result);
	json_put(json, "name",
		 name.len > 0 ? json_text_new(name) : json_null());
	json_put(json, "records", list);
	if (o->json)
		output_json(o, json);
	else
		json_decref(json);
	if (dns_is_error(a->status))
		return CLI_UNKNOWN;
	return strcmp(result, "good") == 0 ? CLI_YES : CLI_NO;
}

/* Asks DNS for the key, or takes the one that was given. */
static enum cli_exit
run_look(struct cli *cli, const struct privkey *key)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ANSWER_ARENA);
	const struct options *o = &cli->options;
	const struct span *record = options_get(o, "record");
	struct dns_rr rr = {.type = DNS_TXT};
	struct dns_answer a = {.status = DNS_OK, .rr = &rr, .len = 1};
	struct dns_question question = {.type = DNS_TXT};
	struct dname_text text;
	struct error error;

	if (record != NULL) {
		rr.txt.text = *record;
		return report(cli, &a, SPAN(""), key);
	}
	if (!read_name(span_of(o->operand[0]), span_of(o->operand[1]),
		       &question.name, &error))
		return cli_usage(cli, "%s", error.text);
	if (!ask_open(&source, cli, &error))
		return cli_failed(&error);
	ask(&source, &question, &arena, &a);
	return report(cli, &a, dname_print(&question.name, &text), key);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;
	const struct options *o = &cli->options;
	struct error error;

	keyfile_prepare();
	if (options_has(o, "out"))
		return run_make(cli);
	if ((options_has(o, "record") ? 0 : 2) != o->operands)
		return cli_usage(cli, "give a selector and its domain, or "
				      "--record; to make a key, --out");
	if (options_has(o, "key") &&
	    !keyfile_read(*options_get(o, "key"), &key, &error))
		return cli_failed(&error);
	return run_look(cli, key);
}

static const struct option_spec options[] = {
	{"record", OPTION_TEXT, "TEXT", "look at this record, not in DNS"},
	{"key", OPTION_TEXT, "FILE",
	 "does the published key belong to this private one?"},
	{"out", OPTION_TEXT, "FILE", "make a key pair; its private half"},
	{"type", OPTION_TEXT, "TYPE",
	 "of the key to make: rsa-2048 (default), rsa-3072, rsa-4096, "
	 "rsa-1024, ed25519"},
	{"selector", OPTION_TEXT, "NAME", "of the key to make"},
	{"domain", OPTION_TEXT, "DOMAIN", "of the key to make"},
	{0},
};

const struct command command_dkim_key = {
	.name = "dkim key",
	.usage = "SELECTOR DOMAIN | --record TEXT | --out FILE --selector NAME "
		 "--domain DOMAIN",
	.summary = "look at a published DKIM key, or make one",
	.help = "Looks at the key record of a selector (RFC 6376 section "
		"3.6.1, RFC 8301, 8463):\nits type, its bits, its flags, and "
		"what is wrong with it. With --key it says whether\nthe record "
		"belongs to a private key.\n\n"
		"With --out it makes a key pair. The private half goes into a "
		"new file that only its\nowner can read; the record to "
		"publish is printed, for a zone file and for a console.\n\n"
		"Exit status: 0 there is one usable key (and it belongs to "
		"--key), or it was made;\n1 not so, 5 DNS gave an error, 4 "
		"the file is there already, 2 anything else.\n\n"
		"Examples:\n"
		"  sesame dkim key s1 example.org\n"
		"  sesame dkim key s1 example.org --key s1.pem --json\n"
		"  sesame dkim key --out s2.pem --type ed25519 --selector s2 "
		"--domain example.org\n",
	.option = options,
	.asks_dns = true,
	.arguments_min = 0,
	.arguments_max = 2,
	.run = run,
};

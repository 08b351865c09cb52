/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "identity/identity.h"

#define LABEL_DEFAULT "sesmail"
#define IDENTITIES    "/v2/email/identities"

/* What the command line asks for. */
struct wanted {
	char name[STORE_NAME_SIZE];
	char mail_from[STORE_DOMAIN_SIZE]; /* "" for none */
	bool mail_from_given;              /* not only the default */
	enum ses_mx_failure on_mx_failure; /* 0: not said */
	enum ses_key_length key_length;    /* 0: not said */
	struct span configuration_set;     /* "" for none */
	struct tag_row tag[STORE_TAGS_MAX];
	size_t tags;
};

/* The MAIL FROM domain: a label below the domain, or given whole. */
static bool
take_mail_from(const struct cli *cli, struct wanted *w, struct error *reterr)
{
	const struct span *given = options_get(&cli->options, "mail-from");
	CLEANUP(buf_release) struct buf text = BUF_INIT(STORE_NAME_SIZE * 2);
	char name[STORE_NAME_SIZE];

	if (options_has(&cli->options, "no-mail-from")) {
		if (given != NULL)
			return error_set(reterr, ERROR_USAGE,
					 "--mail-from and --no-mail-from "
					 "exclude each other");
		return true;
	}
	if (given == NULL && identity_is_address(span_of(w->name)))
		return true;
	w->mail_from_given = given != NULL;
	buf_add(&text, given != NULL ? *given : SPAN(LABEL_DEFAULT));
	if (span_find(buf_span(&text), '.') == SPAN_NONE) {
		size_t at = span_find_last(span_of(w->name), '@');

		buf_addf(&text, ".%s",
			 w->name + (at == SPAN_NONE ? 0 : at + 1));
	}
	if (!document_name(text.ptr, name, reterr))
		return error_prefix(reterr, "MAIL FROM ");
	if (identity_is_address(span_of(name)))
		return error_set(reterr, ERROR_USAGE,
				 "--mail-from takes a label or a subdomain");
	snprintf(w->mail_from, sizeof(w->mail_from), "%s", name);
	return true;
}

static bool
take_words(const struct cli *cli, struct wanted *w, struct error *reterr)
{
	const struct options *o = &cli->options;
	const struct span *mx = options_get(o, "on-mx-failure");
	const struct span *bits = options_get(o, "key-length");

	if (mx != NULL && span_equal(*mx, SPAN("reject")))
		w->on_mx_failure = SES_REJECT_MESSAGE;
	else if (mx != NULL && span_equal(*mx, SPAN("use-default")))
		w->on_mx_failure = SES_USE_DEFAULT_VALUE;
	else if (mx != NULL)
		return error_set(reterr, ERROR_USAGE,
				 "--on-mx-failure takes use-default or reject");
	if (bits != NULL && span_equal(*bits, SPAN("2048")))
		w->key_length = SES_RSA_2048_BIT;
	else if (bits != NULL && span_equal(*bits, SPAN("1024")))
		w->key_length = SES_RSA_1024_BIT;
	else if (bits != NULL)
		return error_set(reterr, ERROR_USAGE,
				 "--key-length takes 2048 or 1024");
	w->configuration_set = options_text(o, "configuration-set", "");
	return true;
}

static bool
take_tags(const struct cli *cli, struct wanted *w, struct error *reterr)
{
	const struct span *given;
	size_t at = 0;

	while ((given = options_each(&cli->options, "tag", &at)) != NULL) {
		struct span value = *given, key = span_cut(&value, '=');

		if (span_find(*given, '=') == SPAN_NONE || key.len == 0)
			return error_set(reterr, ERROR_USAGE,
					 "--tag takes KEY=VALUE");
		if (w->tags == STORE_TAGS_MAX ||
		    key.len >= STORE_TAG_KEY_SIZE ||
		    value.len >= STORE_TAG_VALUE_SIZE)
			return error_set(reterr, ERROR_USAGE,
					 "a tag is too long, or there are more "
					 "than %d",
					 STORE_TAGS_MAX);
		memcpy(w->tag[w->tags].key, key.ptr, key.len);
		memcpy(w->tag[w->tags].value, value.ptr, value.len);
		w->tags++;
	}
	return true;
}

static bool
take_wanted(const struct cli *cli, struct wanted *w, struct error *reterr)
{
	return document_name(cli->options.operand[0], w->name, reterr) &&
	       take_mail_from(cli, w, reterr) && take_words(cli, w, reterr) &&
	       take_tags(cli, w, reterr);
}

static bool
create(struct session *s, const struct wanted *w, struct error *reterr)
{
	struct ses_create_identity request = {
		.name = span_of(w->name),
		.configuration_set = w->configuration_set,
		.signing = {w->key_length, SPAN(""), SPAN("")},
	};
	CLEANUP(json_decrefp) json_t *body = NULL;

	for (size_t i = 0; i < w->tags; i++)
		request.tags.tag[request.tags.len++] = (struct ses_tag){
			span_of(w->tag[i].key), span_of(w->tag[i].value)};
	body = ses_create_identity_write(&request);
	return client_call(s->client, "POST", IDENTITIES, body, NULL, reterr);
}

static bool
put_mail_from(struct session *s, const struct wanted *w, struct error *reterr)
{
	const struct ses_put_mail_from request = {
		.domain = span_of(w->mail_from),
		.behavior = w->on_mx_failure != 0 ? w->on_mx_failure
						  : SES_USE_DEFAULT_VALUE,
	};
	CLEANUP(json_decrefp) json_t *body = ses_put_mail_from_write(&request);

	if (client_call_named(s->client, "PUT", IDENTITIES "/",
			      span_of(w->name), "/mail-from", body, NULL,
			      reterr))
		return true;
	return error_prefix(reterr,
			    "%s is created, but its MAIL FROM is not set (run "
			    "this again to complete it): ",
			    w->name);
}

/* Notes that a setting is another than what is wanted. */
static void
differs(struct buf *to, const char *what, struct span is, struct span wanted)
{
	if (!span_equal(is, wanted))
		buf_addf(to, "%s%s is \"" SPAN_FMT "\", not \"" SPAN_FMT "\"",
			 to->len > 0 ? "; " : "", what, SPAN_ARG(is),
			 SPAN_ARG(wanted));
}

static struct span
tag_value(const struct remote *r, const char *key)
{
	for (size_t i = 0; i < r->tags; i++)
		if (strcmp(r->tag[i].key, key) == 0)
			return span_of(r->tag[i].value);
	return SPAN("");
}

/* How `r`, which is there, differs from what is wanted; "" if it agrees. */
static void
compare(const struct remote *r, const struct wanted *w, struct buf *to)
{
	const struct identity *i = &r->identity;

	if (w->mail_from_given && i->mail_from[0] != '\0')
		differs(to, "MAIL FROM", span_of(i->mail_from),
			span_of(w->mail_from));
	if (w->on_mx_failure != 0 && i->mail_from[0] != '\0')
		differs(to, "the behaviour on MX failure",
			span_of(ses_mx_failure_name(i->on_mx_failure)),
			span_of(ses_mx_failure_name(w->on_mx_failure)));
	if (w->key_length != 0)
		differs(to, "the key length",
			i->next_length != 0
				? span_of(ses_key_length_name(i->next_length))
				: SPAN("not known"),
			span_of(ses_key_length_name(w->key_length)));
	if (w->configuration_set.len > 0)
		differs(to, "the configuration set",
			span_of(i->configuration_set), w->configuration_set);
	for (size_t n = 0; n < w->tags; n++)
		differs(to, w->tag[n].key, tag_value(r, w->tag[n].key),
			span_of(w->tag[n].value));
}

/* Makes what is not there.  Sets *ret_created if the identity was not. */
static bool
apply(struct session *s, const struct wanted *w, bool *ret_created,
      struct error *reterr)
{
	CLEANUP(buf_release) struct buf difference = BUF_INIT(4096);
	struct remote *r = mem_new(sizeof(*r));
	struct error why;
	bool ok = remote_get(s->client, w->name, r, &why);
	bool lacks =
		w->mail_from[0] != '\0' && r->identity.mail_from[0] == '\0';

	*ret_created = !ok && why.code == ERROR_NOT_FOUND;
	if (ok)
		compare(r, w, &difference);
	free(r);
	if (!ok && why.code != ERROR_NOT_FOUND) {
		*reterr = why;
		return false;
	}
	if (difference.len > 0)
		return error_set(reterr, ERROR_CONFLICT,
				 "%s is there already, and otherwise: %s",
				 w->name, difference.ptr);
	if (*ret_created) {
		target_announce(&s->target, "creating the identity %s",
				w->name);
		if (!create(s, w, reterr))
			return false;
	}
	if (!lacks)
		return true;
	target_announce(&s->target, "setting its MAIL FROM to %s",
			w->mail_from);
	return put_mail_from(s, w, reterr);
}

static void
print(struct cli *cli, json_t *document, const char *name, bool created)
{
	struct output *o = &cli->out;

	if (o->json) {
		json_put_bool(document, "created_now", created);
		output_json(o, document);
		return;
	}
	output_print(o, "%s %s\n", name,
		     created ? "is created" : "was there already, as wanted");
	document_print_records(o, document);
	output_print(o,
		     "\nNext:\n"
		     "  sesame records %s -o csv     the records, for the "
		     "operator of its DNS\n"
		     "  sesame wait %s --for all     until they are "
		     "published and right\n",
		     name, name);
	json_decref(document);
}

static enum cli_exit
run_in(struct cli *cli, struct session *s, const struct wanted *w)
{
	json_t *document;
	struct error error;
	bool created;

	if (!apply(s, w, &created, &error) ||
	    !document_get(s, cli, w->name, false, &document, &error))
		return cli_failed(&error);
	print(cli, document, w->name, created);
	return CLI_YES;
}

static enum cli_exit
run(struct cli *cli)
{
	struct wanted *w = mem_new(sizeof(*w));
	struct session s = {0};
	enum cli_exit status;
	struct error error;

	if (!take_wanted(cli, w, &error) || !session_init(&s, cli, &error))
		status = cli_failed(&error);
	else
		status = run_in(cli, &s, w);
	session_release(&s);
	free(w);
	return status;
}

static const struct option_spec options[] = {
	{"mail-from", OPTION_TEXT, "LABEL",
	 "label of the MAIL FROM subdomain (default " LABEL_DEFAULT ")"},
	{"no-mail-from", OPTION_FLAG, NULL, "without a custom MAIL FROM"},
	{"on-mx-failure", OPTION_TEXT, "WHAT",
	 "use-default or reject, while its MX is not right"},
	{"key-length", OPTION_TEXT, "BITS", "of the DKIM keys: 2048 or 1024"},
	{"configuration-set", OPTION_TEXT, "NAME", "the default one"},
	{"tag", OPTION_LIST, "KEY=VALUE", "a tag"},
	{0},
};

const struct command command_add = {
	.name = "add",
	.usage = "NAME [--mail-from LABEL] [--tag KEY=VALUE]...",
	.summary = "create the identity of a domain or an address",
	.help = "Creates the identity with Easy DKIM and a custom MAIL FROM, "
		"and prints the\nrecords that the operator of the domain is to "
		"publish. An identity that is\nthere already is shown if its "
		"settings agree (exit status 0); if they do not,\nthe "
		"difference is said and nothing is changed (exit status 4).\n\n"
		"Examples:\n"
		"  sesame add example.org\n"
		"  sesame add example.org --mail-from bounce --on-mx-failure "
		"reject --tag team=news\n"
		"  sesame add example.org --aws --region eu-west-2 --json\n",
	.option = options,
	.talks_to_api = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};

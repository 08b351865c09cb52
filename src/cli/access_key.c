/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sesame access-key: makes, lists, disables, enables, deletes and rotates the
 * access keys of a deployment, in its data directory, whether a server runs
 * on it or not.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/deployment.h"
#include "crypt/random.h"
#include "serve/access_keys.h"
#include "text/date.h"

#define KEY_SCHEMA 1

/* What a command has at hand. */
struct work {
	struct deployment deployment;
	struct store *store; /* of it */
	int64_t now;
	struct access_key key;               /* that it is about, or made */
	struct access_key was;               /* rotate: the one that is to go */
	char secret[DEPLOYMENT_SECRET_SIZE]; /* of what was made, or "" */
};

static const char *const permission_name[] = {
	[ACCESS_FULL] = "full",
	[ACCESS_SEND] = "send",
	[ACCESS_READ] = "read",
};

static bool
parse_permission(struct span text, enum access_permission *ret)
{
	for (unsigned i = ACCESS_FULL; i <= ACCESS_READ; i++) {
		if (!span_equal(text, span_of(permission_name[i])))
			continue;
		*ret = (enum access_permission)i;
		return true;
	}
	return false;
}

/* ---- what is printed ---- */

static void
put_time(json_t *to, const char *name, int64_t time)
{
	if (time == 0)
		json_put(to, name, json_null());
	else
		json_puts(to, name, date_rfc3339_format(time).s);
}

static json_t *
key_json(const struct access_key *key)
{
	json_t *json = json_object_new();

	json_puts(json, "access_key_id", key->id);
	json_puts(json, "account_id", key->account);
	json_puts(json, "permission", permission_name[key->permission]);
	json_puts(json, "state", key->disabled ? "disabled" : "enabled");
	put_time(json, "created", key->created);
	put_time(json, "last_used", key->used);
	return json;
}

static void
print_key(struct cli *cli, const struct work *w)
{
	const struct access_key *key = &w->key;
	struct output *o = &cli->out;
	json_t *json;

	if (o->json) {
		json = key_json(key);
		json_put_int(json, "schema", KEY_SCHEMA);
		if (w->secret[0] != '\0')
			json_puts(json, "secret_access_key", w->secret);
		if (w->was.id[0] != '\0')
			json_put(json, "replaces", key_json(&w->was));
		output_json(o, json);
		return;
	}
	output_print(o, "account            %s\naccess key         %s\n",
		     key->account, key->id);
	if (w->secret[0] != '\0')
		output_print(o, "secret access key  %s   (shown this once)\n",
			     w->secret);
	output_print(o, "permission         %s\nstate              %s\n",
		     permission_name[key->permission],
		     key->disabled ? "disabled" : "enabled");
	if (w->was.id[0] != '\0' && !w->was.disabled)
		output_print(o,
			     "\n%s is still good: when nobody uses it any "
			     "more (sesame access-key\nlist says so), disable "
			     "and then delete it.\n",
			     w->was.id);
}

/* ---- the frame of each command ---- */

static bool
open_work(struct cli *cli, struct work *w, struct error *reterr)
{
	bool ok = deployment_open(
		&w->deployment, options_text(&cli->options, "data", ""),
		options_text(&cli->options, "config", ""), reterr);

	w->store = w->deployment.store;
	w->now = cli->now;
	return ok;
}

/* Runs `change` in a transaction of the store, and tells the server. */
static bool
commit(struct cli *cli, struct work *w,
       bool (*change)(struct cli *cli, struct work *w, struct error *reterr),
       struct error *reterr)
{
	uint64_t mark;

	random_fill(&mark, sizeof(mark));
	if (!store_begin(w->store, reterr))
		return false;
	if (change(cli, w, reterr) && access_keys_touch(w->store, mark, reterr))
		return store_commit(w->store, reterr);
	store_rollback(w->store);
	return false;
}

static enum cli_exit
run_change(struct cli *cli, bool makes,
	   bool (*change)(struct cli *cli, struct work *w,
			  struct error *reterr))
{
	struct work *w = mem_new(sizeof(*w));
	enum cli_exit status = CLI_YES;
	struct error error;

	if (!open_work(cli, w, &error) ||
	    (makes && !deployment_unseal(&w->deployment, &error)) ||
	    !commit(cli, w, change, &error))
		status = cli_failed(&error);
	else
		print_key(cli, w);
	deployment_release(&w->deployment);
	explicit_bzero(w, sizeof(*w));
	free(w);
	return status;
}

/* Adds a line about `key` to the audit log of its account. */
static bool
note(struct work *w, const struct access_key *key, const char *kind,
     struct error *reterr)
{
	struct event event = {.time = w->now};

	memcpy(event.account, key->account, sizeof(event.account));
	snprintf(event.kind, sizeof(event.kind), "access-key.%s", kind);
	snprintf(event.text, sizeof(event.text),
		 "{\"access_key_id\":\"%s\",\"permission\":\"%s\"}", key->id,
		 permission_name[key->permission]);
	return store_event_add(w->store, &event, reterr);
}

/* Reads the key that the command line names. */
static bool
find_key(struct cli *cli, struct work *w, struct error *reterr)
{
	const char *id = cli->options.operand[0];

	return store_access_key_get(w->store, id, &w->key, reterr) ||
	       error_prefix(reterr, "%s: ", id);
}

/* ---- the commands ---- */

/* Finds the account: the one that is named, or the only one. */
static bool
find_account(struct cli *cli, struct work *w, struct account *ret,
	     struct error *reterr)
{
	struct span name = options_text(&cli->options, "account", "");
	struct account list[2];
	char *id;
	size_t len;
	bool ok;

	if (name.len > 0) {
		id = mem_string(name);
		ok = store_account_get(w->store, id, ret, reterr);
		free(id);
		return ok;
	}
	if (!store_account_list(w->store, "", list, 2, &len, reterr))
		return false;
	if (len != 1)
		return error_set(reterr, ERROR_USAGE,
				 "there are several accounts: name one by "
				 "--account");
	*ret = list[0];
	return true;
}

/* Makes a key for `account`, unless it has too many, and stores it. */
static bool
make_key(struct work *w, const char *account, enum access_permission permission,
	 struct error *reterr)
{
	struct access_key *all =
		mem_array(ACCESS_KEYS_ACCOUNT_MAX, sizeof(*all));
	bool ok;
	size_t len;

	ok = store_access_key_list(w->store, account, "", all,
				   ACCESS_KEYS_ACCOUNT_MAX, &len, reterr);
	free(all);
	if (!ok)
		return false;
	if (len == ACCESS_KEYS_ACCOUNT_MAX)
		return error_set(reterr, ERROR_LIMIT_EXCEEDED,
				 "account %s has %d access keys already",
				 account, ACCESS_KEYS_ACCOUNT_MAX);
	return deployment_new_key(w->deployment.keyd, account, permission,
				  w->now, &w->key, w->secret, reterr) &&
	       store_access_key_add(w->store, &w->key, reterr) &&
	       note(w, &w->key, "created", reterr);
}

static bool
create(struct cli *cli, struct work *w, struct error *reterr)
{
	enum access_permission permission;
	struct account account;

	if (!parse_permission(options_text(&cli->options, "permission", "full"),
			      &permission))
		return error_set(reterr, ERROR_USAGE,
				 "--permission takes full, send or read");
	return find_account(cli, w, &account, reterr) &&
	       make_key(w, account.id, permission, reterr);
}

static bool
set_disabled(struct cli *cli, struct work *w, bool disabled,
	     struct error *reterr)
{
	if (!find_key(cli, w, reterr))
		return false;
	w->key.disabled = disabled;
	return store_access_key_update(w->store, &w->key, reterr) &&
	       note(w, &w->key, disabled ? "disabled" : "enabled", reterr);
}

static bool
disable(struct cli *cli, struct work *w, struct error *reterr)
{
	return set_disabled(cli, w, true, reterr);
}

static bool
enable(struct cli *cli, struct work *w, struct error *reterr)
{
	return set_disabled(cli, w, false, reterr);
}

static bool
rotate(struct cli *cli, struct work *w, struct error *reterr)
{
	if (!find_key(cli, w, reterr))
		return false;
	w->was = w->key;
	if (!make_key(w, w->was.account, w->was.permission, reterr))
		return false;
	if (!options_has(&cli->options, "disable"))
		return true;
	w->was.disabled = true;
	return store_access_key_update(w->store, &w->was, reterr) &&
	       note(w, &w->was, "disabled", reterr);
}

static bool delete (struct cli *cli, struct work *w, struct error *reterr)
{
	return find_key(cli, w, reterr) &&
	       store_access_key_delete(w->store, w->key.account, w->key.id,
				       reterr) &&
	       note(w, &w->key, "deleted", reterr);
}

/* ---- the list ---- */

/* Adds the keys of `account` to `rows` or `table`, whichever is not NULL. */
static bool
list_account(struct store *store, const char *account, json_t *rows,
	     struct table *table, struct error *reterr)
{
	struct access_key *key = mem_new(sizeof(*key));
	char after[sizeof(key->id)] = "";
	size_t len;
	bool ok;

	while ((ok = store_access_key_list(store, account, after, key, 1, &len,
					   reterr)) &&
	       len > 0) {
		struct date_text made = date_rfc3339_format(key->created);
		struct date_text used = date_rfc3339_format(key->used);

		memcpy(after, key->id, sizeof(after));
		if (rows != NULL)
			json_add(rows, key_json(key));
		else
			table_row(table,
				  (struct span[]){
					  span_of(key->id),
					  span_of(key->account),
					  span_of(permission_name
							  [key->permission]),
					  key->disabled ? SPAN("disabled")
							: SPAN("enabled"),
					  span_of(made.s),
					  key->used == 0 ? SPAN("never")
							 : span_of(used.s)});
	}
	free(key);
	return ok;
}

static bool
list_all(struct cli *cli, struct store *store, json_t *rows,
	 struct table *table, struct error *reterr)
{
	struct span only = options_text(&cli->options, "account", "");
	char after[STORE_ACCOUNT_SIZE] = "";
	struct account account;
	size_t len;

	for (;;) {
		if (!store_account_list(store, after, &account, 1, &len,
					reterr))
			return false;
		if (len == 0)
			return true;
		memcpy(after, account.id, sizeof(after));
		if (only.len > 0 && !span_equal(only, span_of(account.id)))
			continue;
		if (!list_account(store, account.id, rows, table, reterr))
			return false;
	}
}

static enum cli_exit
run_list(struct cli *cli)
{
	static const char *const heading[] = {"ACCESS KEY", "ACCOUNT",
					      "PERMISSION", "STATE",
					      "CREATED",    "LAST USED"};
	CLEANUP(json_decrefp) json_t *rows = NULL;
	struct work *w = mem_new(sizeof(*w));
	enum cli_exit status = CLI_YES;
	struct error error;
	struct table table;
	json_t *json;

	table_init(&table, COUNT(heading), heading);
	if (cli->out.json)
		rows = json_array_new();
	if (!open_work(cli, w, &error) ||
	    !list_all(cli, w->store, rows, &table, &error)) {
		status = cli_failed(&error);
	} else if (rows != NULL) {
		json = json_object_new();
		json_put_int(json, "schema", KEY_SCHEMA);
		json_put(json, "access_keys", take_ptr(&rows));
		output_json(&cli->out, json);
	} else {
		table_print(&table, &cli->out);
	}
	table_release(&table);
	deployment_release(&w->deployment);
	free(w);
	return status;
}

static enum cli_exit
run_create(struct cli *cli)
{
	return run_change(cli, true, create);
}

static enum cli_exit
run_disable(struct cli *cli)
{
	return run_change(cli, false, disable);
}

static enum cli_exit
run_enable(struct cli *cli)
{
	return run_change(cli, false, enable);
}

static enum cli_exit
run_delete(struct cli *cli)
{
	return run_change(cli, false, delete);
}

static enum cli_exit
run_rotate(struct cli *cli)
{
	return run_change(cli, true, rotate);
}

#define WHERE                                                                  \
	{"data", OPTION_TEXT, "DIR",                                           \
	 "the data directory, made by sesame init"},                           \
	{                                                                      \
		"config", OPTION_TEXT, "FILE",                                 \
			"the configuration; default DIR/sesame.conf"           \
	}

static const struct option_spec create_options[] = {
	WHERE,
	{"account", OPTION_TEXT, "ID", "whose it is; default the only one"},
	{"permission", OPTION_TEXT, "WHAT",
	 "full (default), send (only sending) or read (only get and list)"},
	{0},
};

static const struct option_spec list_options[] = {
	WHERE,
	{"account", OPTION_TEXT, "ID", "only the keys of this account"},
	{0},
};

static const struct option_spec rotate_options[] = {
	WHERE,
	{"disable", OPTION_FLAG, NULL, "disable the old key at once"},
	{0},
};

static const struct option_spec key_options[] = {
	WHERE,
	{0},
};

const struct command command_access_key_create = {
	.name = "access-key create",
	.usage = "--data DIR [--account ID] [--permission full|send|read]",
	.summary = "make an access key; its secret is shown this once",
	.help = "Makes an access key for programs that use the API. The secret "
		"is shown this once:\nonly its sealed form is stored. A key "
		"with the permission send can call SendEmail,\nSendBulkEmail "
		"and SendCustomVerificationEmail, one with read whatever gets "
		"or lists\nsomething. A server that runs knows it within "
		"seconds.\n\nExamples:\n"
		"  sesame access-key create --data /var/lib/sesame\n"
		"  sesame access-key create --data DIR --permission send "
		"--json\n"
		"  sesame access-key create --data DIR --account 111122223333 "
		"--permission read\n",
	.option = create_options,
	.run = run_create,
};

const struct command command_access_key_list = {
	.name = "access-key list",
	.usage = "--data DIR [--account ID]",
	.summary = "list access keys, and when each was last used",
	.help = "Lists access keys, never their secrets. The last use is right "
		"to about a minute.\n\nExamples:\n"
		"  sesame access-key list --data /var/lib/sesame\n"
		"  sesame access-key list --data DIR --account 111122223333\n"
		"  sesame access-key list --data DIR --json\n",
	.option = list_options,
	.run = run_list,
};

const struct command command_access_key_disable = {
	.name = "access-key disable",
	.usage = "KEY --data DIR",
	.summary = "let an access key open nothing until it is enabled",
	.help = "Disables an access key: requests that it signed are refused "
		"as those of an\nunknown key are, by a server that runs within "
		"seconds.\n\nExamples:\n"
		"  sesame access-key disable AKIAIOSFODNN7EXAMPLE --data "
		"/var/lib/sesame\n"
		"  sesame access-key disable KEY --data DIR --json\n"
		"  sesame access-key disable KEY --data DIR && sesame "
		"access-key delete KEY --data DIR\n",
	.option = key_options,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run_disable,
};

const struct command command_access_key_enable = {
	.name = "access-key enable",
	.usage = "KEY --data DIR",
	.summary = "make a disabled access key good again",
	.help = "Enables an access key that was disabled.\n\nExamples:\n"
		"  sesame access-key enable AKIAIOSFODNN7EXAMPLE --data "
		"/var/lib/sesame\n"
		"  sesame access-key enable KEY --data DIR --json\n"
		"  sesame access-key enable KEY --data DIR --config FILE\n",
	.option = key_options,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run_enable,
};

const struct command command_access_key_delete = {
	.name = "access-key delete",
	.usage = "KEY --data DIR",
	.summary = "delete an access key, and its secret with it",
	.help = "Deletes an access key. It cannot be had again: to be sure "
		"that nobody needs it,\ndisable it first, and look at its last "
		"use.\n\nExamples:\n"
		"  sesame access-key delete AKIAIOSFODNN7EXAMPLE --data "
		"/var/lib/sesame\n"
		"  sesame access-key delete KEY --data DIR --json\n"
		"  sesame access-key list --data DIR && sesame access-key "
		"delete KEY --data DIR\n",
	.option = key_options,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run_delete,
};

const struct command command_access_key_rotate = {
	.name = "access-key rotate",
	.usage = "KEY --data DIR [--disable]",
	.summary = "make a new access key to take the place of another",
	.help = "Makes an access key of the same account and permission. The "
		"old one stays good,\nso that clients can be changed one by "
		"one, until it is disabled: with --disable\nat once.\n\n"
		"Examples:\n"
		"  sesame access-key rotate AKIAIOSFODNN7EXAMPLE --data "
		"/var/lib/sesame\n"
		"  sesame access-key rotate KEY --data DIR --json\n"
		"  sesame access-key rotate KEY --data DIR --disable\n",
	.option = rotate_options,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run_rotate,
};

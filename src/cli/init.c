/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sesame init: makes the data directory of a deployment, with its master key,
 * first account and access key, and the DKIM key of its own zone.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/profile.h"
#include "crypt/random.h"
#include "identity/aad.h"
#include "identity/token.h"
#include "keyd/keyd.h"
#include "keyd/master.h"
#include "serve/config.h"
#include "store/store.h"
#include "sys/file.h"

#define INIT_SCHEMA 1

/* What init makes. */
struct making {
	struct config config;
	int64_t now;
	struct keyd *keyd;
	struct store *store;
	struct account account;
	struct access_key key;
	struct dkim_key zone_key;
	char secret[DEPLOYMENT_SECRET_SIZE];
	bool made_master; /* the files that are there for us */
	bool made_store;
	bool made_config;
	bool profile_kept; /* there was one already */
	struct buf profile;
};

static void
path_in(const struct making *m, const char *name, struct buf *ret)
{
	buf_clear(ret);
	buf_addf(ret, "%s/%s", m->config.data, name);
}

static void
master_path(const struct making *m, struct buf *ret)
{
	path_in(m, "master.key", ret);
	if (m->config.master_key[0] == '\0')
		return;
	buf_clear(ret);
	buf_adds(ret, m->config.master_key);
}

static bool
read_options(const struct cli *cli, struct making *m, struct error *reterr)
{
	const struct options *o = &cli->options;
	const struct span *value;
	struct config *config = &m->config;
	size_t at = 0;

	if (options_has(o, "listen")) {
		if (!span_equal(options_text(o, "listen", ""), SPAN("auto")))
			return error_set(reterr, ERROR_USAGE,
					 "--listen takes auto; give addresses "
					 "by --set listen_api=ADDRESS:PORT");
		if (!config_set_pair(config, SPAN("listen_api=auto"), reterr) ||
		    !config_set_pair(config, SPAN("listen_smtp=auto"),
				     reterr) ||
		    !config_set_pair(config, SPAN("listen_dns=auto"), reterr) ||
		    !config_set_pair(config, SPAN("delivery_port=auto"),
				     reterr) ||
		    !config_set_pair(config, SPAN("mx_ip=127.0.0.1"), reterr) ||
		    !config_set_pair(config, SPAN("outbound_ip=127.0.0.1"),
				     reterr))
			return false;
	}
	if (!config_set(config, SPAN("zone"),
			options_text(o, "zone", "mail.example"), reterr) ||
	    !config_set(config, SPAN("region"),
			options_text(o, "region", "eu-west-2"), reterr))
		return false;
	if (options_has(o, "resolver") &&
	    !config_set(config, SPAN("resolver"),
			options_text(o, "resolver", ""), reterr))
		return false;
	while ((value = options_each(o, "set", &at)) != NULL)
		if (!config_set_pair(config, *value, reterr))
			return false;
	return true;
}

/* Makes the master key: its file, and a keyd of our own that has it. */
static bool
make_master(struct making *m, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);
	CLEANUP(buf_wipe) struct buf text = BUF_INIT(MASTER_TEXT_MAX);
	struct seal_ring *ring = seal_ring_new();
	uint8_t master[SEAL_MASTER_SIZE];
	bool ok;

	random_fill(master, sizeof(master));
	for (size_t i = 0; i < sizeof(master); i++)
		buf_addf(&text, "%02x", master[i]);
	buf_addc(&text, '\n');
	master_path(m, &path);
	m->made_master = file_create(path.ptr, buf_span(&text), 0400, reterr);
	ok = m->made_master &&
	     seal_ring_add(ring, span_bytes(master, sizeof(master)));
	explicit_bzero(master, sizeof(master));
	m->keyd = keyd_new(ring);
	return ok;
}

static bool
ask_keyd(struct making *m, const struct keyd_request *request,
	 struct keyd_reply *ret, struct error *reterr)
{
	keyd_answer(m->keyd, request, ret);
	if (ret->status == KEYD_OK)
		return true;
	return error_set(reterr, ERROR_CRYPTO, "%s",
			 keyd_strerror(ret->status));
}

static void
draw_names(struct making *m)
{
	uint8_t entropy[12 + TOKEN_ENTROPY];

	random_fill(entropy, sizeof(entropy));
	for (size_t i = 0; i < 12; i++)
		m->account.id[i] = (char)(i == 0 ? '1' + entropy[i] % 9
						 : '0' + entropy[i] % 10);
	token_format(entropy + 12, m->zone_key.selector);
}

/* Makes the access key; only the sealed form of its secret is stored. */
static bool
make_secret(struct making *m, struct error *reterr)
{
	return deployment_new_key(m->keyd, m->account.id, ACCESS_FULL, m->now,
				  &m->key, m->secret, reterr);
}

/* Makes the key of the deployment's own signature. */
static bool
make_zone_key(struct making *m, struct error *reterr)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	struct dkim_key *key = &m->zone_key;
	struct keyd_request request = {
		.op = KEYD_GENERATE, .type = KEY_RSA, .bits = 2048};
	struct keyd_reply reply;

	key->generation = 1;
	key->type = DKIM_KEY_RSA;
	key->bits = 2048;
	key->state = DKIM_KEY_ACTIVE;
	key->created = m->now;
	aad_of_key("", key, &aad);
	request.aad = buf_span(&aad);
	if (!ask_keyd(m, &request, &reply, reterr))
		return false;
	memcpy(key->sealed, reply.sealed.ptr, reply.sealed.len);
	key->sealed_len = reply.sealed.len;
	memcpy(key->public, reply.public.ptr, reply.public.len);
	return true;
}

static bool
fill_store(struct making *m, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);

	m->account.created = m->now;
	path_in(m, "sesame.db", &path);
	if (file_exists(path.ptr))
		return error_set(reterr, ERROR_ALREADY_EXISTS,
				 "%s is there, of another deployment whose "
				 "sesame.conf and master key are not",
				 path.ptr);
	m->made_store = true;
	/* Mail and addresses of people are in it: for nobody else to read. */
	umask(077);
	if (!store_open(path.ptr, NULL, &m->store, reterr) ||
	    !store_begin(m->store, reterr))
		return false;
	if (store_account_add(m->store, &m->account, reterr) &&
	    store_access_key_add(m->store, &m->key, reterr) &&
	    store_dkim_key_put(m->store, &m->zone_key, reterr))
		return store_commit(m->store, reterr);
	store_rollback(m->store);
	return false;
}

/* Gives what was made to the user that the service will be. */
static bool
hand_over(const struct making *m, struct error *reterr)
{
	static const char *const name[] = {"",
					   "/master.key",
					   "/sesame.db",
					   "/sesame.db-wal",
					   "/sesame.db-shm",
					   "/sesame.conf"};
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);
	const struct passwd *user;

	if (m->config.user[0] == '\0' || geteuid() != 0)
		return true;
	user = getpwnam(m->config.user);
	if (user == NULL)
		return error_set(reterr, ERROR_CONFIG,
				 "there is no user \"%s\"", m->config.user);
	for (size_t i = 0; i < COUNT(name); i++) {
		buf_clear(&path);
		buf_addf(&path, "%s%s", m->config.data, name[i]);
		if (file_exists(path.ptr) &&
		    chown(path.ptr, user->pw_uid, user->pw_gid) != 0)
			return error_set(reterr, ERROR_IO,
					 "cannot give %s to %s", path.ptr,
					 m->config.user);
	}
	return true;
}

/* Writes the client's profile, unless the user has one already. */
static void
write_profile(struct making *m)
{
	struct profile profile = {.amazon = false}, was;
	const struct config *config = &m->config;
	struct error none = {.code = ERROR_NONE};
	const char *scheme = config->tls_key[0] != '\0' ? "https" : "http";

	if (!profile_path(&m->profile) ||
	    strcmp(config->listen_api, "auto") == 0) {
		buf_clear(&m->profile);
		return;
	}
	if (profile_load(&was, &none) || none.code != ERROR_NOT_FOUND) {
		m->profile_kept = true;
		explicit_bzero(&was, sizeof(was));
		return;
	}
	snprintf(profile.endpoint, sizeof(profile.endpoint), "%s://%s", scheme,
		 config->listen_api);
	snprintf(profile.region, sizeof(profile.region), "%s", config->region);
	snprintf(profile.account, sizeof(profile.account), "%s", m->account.id);
	snprintf(profile.access_key, sizeof(profile.access_key), "%s",
		 m->key.id);
	snprintf(profile.secret, sizeof(profile.secret), "%s", m->secret);
	if (!profile_save(&profile, &none)) {
		/* The deployment is made: its keys must be shown now, or
		 * nobody ever knows them. */
		fprintf(stderr, "sesame: your profile was not written: %s\n",
			none.text);
		buf_clear(&m->profile);
	}
	explicit_bzero(&profile, sizeof(profile));
}

/* Removes what was made of a deployment that failed, so that the next try
 * does not find it in its way. */
static void
unmake(struct making *m)
{
	static const char *const stored[] = {"sesame.db", "sesame.db-wal",
					     "sesame.db-shm"};
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);

	store_free(take_ptr(&m->store));
	for (size_t i = 0; m->made_store && i < COUNT(stored); i++) {
		path_in(m, stored[i], &path);
		unlink(path.ptr);
	}
	path_in(m, "sesame.conf", &path);
	if (m->made_config)
		unlink(path.ptr);
	master_path(m, &path);
	if (m->made_master)
		unlink(path.ptr);
}

static bool
make_all(struct making *m, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);
	CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_FILE_MAX);
	struct config finished = m->config;

	/* What it would be with its defaults must hold; they stay unsaid. */
	if (!config_finish(&finished, reterr))
		return false;
	path_in(m, "sesame.conf", &path);
	if (file_exists(path.ptr))
		return error_set(reterr, ERROR_ALREADY_EXISTS,
				 "%s is a deployment already: nothing was "
				 "changed",
				 m->config.data);
	config_format(&m->config, &text);
	draw_names(m);
	/* The configuration comes last: with it the deployment is there. */
	if (file_make_dir(m->config.data, 0700, reterr) &&
	    make_master(m, reterr) && make_secret(m, reterr) &&
	    make_zone_key(m, reterr) && fill_store(m, reterr) &&
	    file_create(path.ptr, buf_span(&text), 0644, reterr)) {
		m->made_config = true;
		if (hand_over(m, reterr)) {
			write_profile(m);
			return true;
		}
	}
	unmake(m);
	return false;
}

/* ---- the records that the administrator must publish ---- */

struct to_publish {
	const char *where; /* "parent" zone, or "reverse" zone */
	char name[2 * CONFIG_NAME_SIZE];
	const char *type;
	char value[CONFIG_NAME_SIZE];
};

/* Writes the reverse name of an address. */
static void
reverse_name(const struct net_address *at, char *ret, size_t size)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(128);

	if (!at->v6)
		buf_addf(&name, "%u.%u.%u.%u.in-addr.arpa", at->ip[3],
			 at->ip[2], at->ip[1], at->ip[0]);
	for (size_t i = at->v6 ? 16 : 0; i > 0; i--)
		buf_addf(&name, "%x.%x.", at->ip[i - 1] & 15,
			 at->ip[i - 1] >> 4);
	if (at->v6)
		buf_adds(&name, "ip6.arpa");
	snprintf(ret, size, "%s", name.ptr);
}

/* Lists the records; returns how many there are. */
static size_t
list_records(const struct config *config, struct to_publish *ret, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < config->nameservers && n < room; i++) {
		const struct config_nameserver *server = &config->nameserver[i];

		ret[n] = (struct to_publish){.where = "parent", .type = "NS"};
		snprintf(ret[n].name, sizeof(ret[n].name), "%s", config->zone);
		snprintf(ret[n].value, sizeof(ret[n].value), "%s",
			 server->name);
		n++;
		for (size_t k = 0; k < server->addresses.len && n < room; k++) {
			const struct net_address *at = &server->addresses.at[k];

			ret[n] = (struct to_publish){.where = "parent",
						     .type = at->v6 ? "AAAA"
								    : "A"};
			snprintf(ret[n].name, sizeof(ret[n].name), "%s",
				 server->name);
			snprintf(ret[n].value, sizeof(ret[n].value), "%s",
				 net_format_ip(at).s);
			n++;
		}
	}
	for (size_t i = 0; i < config->outbound_ip.len && n < room; i++) {
		ret[n] = (struct to_publish){.where = "reverse", .type = "PTR"};
		reverse_name(&config->outbound_ip.at[i], ret[n].name,
			     sizeof(ret[n].name));
		snprintf(ret[n].value, sizeof(ret[n].value), "%s",
			 config->ehlo_name);
		n++;
	}
	return n;
}

#define RECORDS_ROOM 128

static void
print_json(struct cli *cli, const struct making *m,
	   const struct to_publish *record, size_t len)
{
	json_t *json = json_object_new(), *list = json_array_new();

	json_put_int(json, "schema", INIT_SCHEMA);
	json_puts(json, "account_id", m->account.id);
	json_puts(json, "access_key_id", m->key.id);
	json_puts(json, "secret_access_key", m->secret);
	json_puts(json, "zone", m->config.zone);
	json_puts(json, "region", m->config.region);
	json_puts(json, "data", m->config.data);
	if (m->profile.len > 0 && !m->profile_kept)
		json_puts(json, "profile", m->profile.ptr);
	else
		json_put(json, "profile", json_null());
	for (size_t i = 0; i < len; i++) {
		json_t *row = json_object_new();

		json_puts(row, "where", record[i].where);
		json_puts(row, "name", record[i].name);
		json_puts(row, "type", record[i].type);
		json_puts(row, "value", record[i].value);
		json_add(list, row);
	}
	json_put(json, "records", list);
	output_json(&cli->out, json);
}

static void
print_text(struct cli *cli, const struct making *m,
	   const struct to_publish *record, size_t len)
{
	struct output *o = &cli->out;

	output_print(o, "The deployment is in %s.\n\n", m->config.data);
	output_print(o,
		     "account            %s\naccess key         %s\n"
		     "secret access key  %s   (shown this once)\n",
		     m->account.id, m->key.id, m->secret);
	if (m->profile_kept)
		output_print(o,
			     "\nYour profile %s is kept as it was: give "
			     "these keys by AWS_ACCESS_KEY_ID and\n"
			     "AWS_SECRET_ACCESS_KEY.\n",
			     m->profile.ptr);
	else if (m->profile.len > 0)
		output_print(o, "\nThey are in your profile %s too.\n",
			     m->profile.ptr);
	output_print(o,
		     "\nPublish these records for the deployment's own zone "
		     "%s; sesame serves the\nzone itself, with all that is "
		     "in it:\n\n",
		     m->config.zone);
	for (size_t i = 0; i < len; i++)
		output_print(o, "  %s. %s %s%s   (%s)\n", record[i].name,
			     record[i].type, record[i].value,
			     record[i].type[0] == 'A' ? "" : ".",
			     strcmp(record[i].where, "parent") == 0
				     ? "in the zone above it"
				     : "in the reverse zone, at your provider");
	output_print(o, "\nThen:  sesame serve --data %s\n", m->config.data);
}

static void
print_made(struct cli *cli, struct making *m)
{
	struct to_publish *record = mem_array(RECORDS_ROOM, sizeof(*record));
	struct error none;
	size_t len;

	/* It was found good before it was written. */
	if (!config_finish(&m->config, &none))
		len = 0;
	else
		len = list_records(&m->config, record, RECORDS_ROOM);
	if (cli->out.json)
		print_json(cli, m, record, len);
	else
		print_text(cli, m, record, len);
	free(record);
}

static enum cli_exit
run_init(struct cli *cli)
{
	struct span data = options_text(&cli->options, "data", "");
	struct making *m = mem_new(sizeof(*m));
	enum cli_exit status = CLI_YES;
	struct error err;
	char *path;

	if (data.len == 0 || data.len >= CONFIG_PATH_SIZE) {
		free(m);
		return cli_usage(cli, "give the data directory by --data DIR");
	}
	path = mem_string(data);
	config_init(&m->config, path);
	free(path);
	m->now = cli->now;
	buf_init(&m->profile, 4096);
	if (!read_options(cli, m, &err)) {
		err.code = ERROR_USAGE;
		status = cli_failed(&err);
	} else if (!make_all(m, &err)) {
		status = cli_failed(&err);
	} else {
		print_made(cli, m);
	}
	store_free(m->store);
	keyd_free(m->keyd);
	buf_release(&m->profile);
	explicit_bzero(m, sizeof(*m));
	free(m);
	return status;
}

static const struct option_spec init_options[] = {
	{"data", OPTION_TEXT, "DIR", "the data directory to make"},
	{"zone", OPTION_TEXT, "ZONE",
	 "the deployment's own DNS zone; default mail.example"},
	{"region", OPTION_TEXT, "REGION",
	 "the name of its region; default eu-west-2"},
	{"resolver", OPTION_TEXT, "ADDRESS#PORT",
	 "the resolver to ask; default that of /etc/resolv.conf"},
	{"listen", OPTION_TEXT, "auto",
	 "listen on free ports of 127.0.0.1: for trials"},
	{"set", OPTION_LIST, "NAME=VALUE", "write this setting of sesame.conf"},
	{0},
};

const struct command command_init = {
	.name = "init",
	.usage = "--data DIR [--zone ZONE] [--region REGION] "
		 "[--resolver ADDRESS#PORT] [--listen auto] "
		 "[--set NAME=VALUE]...",
	.summary = "make a deployment: its directory, keys and first account",
	.help = "Makes the data directory with sesame.conf (commented, see "
		"sesame.conf(5)), the\nmaster key (mode 0400) and the store; "
		"a first account with an access key, which is\nshown this "
		"once and written to your client profile; and the DKIM key of "
		"the\ndeployment's own zone. Says which records to publish "
		"for that zone. A directory\nthat has a deployment is not "
		"touched.\n\nExamples:\n"
		"  sesame init --data /var/lib/sesame --zone mail.example "
		"--set outbound_ip=192.0.2.25\n"
		"  sesame init --data ./trial --listen auto --set "
		"allow_loopback=yes\n"
		"  sesame init --data DIR --zone mail.example --json\n",
	.option = init_options,
	.run = run_init,
};

/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/config.h"

#include <assert.h>
#include <stdio.h>

#include "dns/name.h"
#include "sys/file.h"

/* What a setting's text must look like. */
enum form {
	FORM_NAME,       /* a domain name */
	FORM_WORD,       /* letters, digits, - and _ */
	FORM_PATH,       /* a file name */
	FORM_LISTEN,     /* ADDRESS:PORT or auto */
	FORM_RESOLVER,   /* ADDRESS#PORT */
	FORM_ADDRESSES,  /* IP addresses */
	FORM_NAMESERVER, /* NAME ADDRESS... */
	FORM_PORT,       /* 1 to 65535 */
	FORM_BOOL,       /* yes or no */
	FORM_SECONDS,    /* whole seconds, held as ms */
	FORM_NUMBER,     /* a whole number */
};

static const char *const form_text[] = {
	[FORM_NAME] = "a domain name",
	[FORM_WORD] = "a word of letters, digits, \"-\" and \"_\"",
	[FORM_PATH] = "the path of a file",
	[FORM_LISTEN] = "ADDRESS:PORT, or auto for a free port on 127.0.0.1",
	[FORM_RESOLVER] = "ADDRESS#PORT",
	[FORM_ADDRESSES] = "IP addresses, apart by spaces",
	[FORM_NAMESERVER] = "NAME and its IP addresses, apart by spaces",
	[FORM_PORT] = "a port, 1 to 65535, or auto for that of listen_smtp",
	[FORM_BOOL] = "yes or no",
	[FORM_SECONDS] = "whole seconds",
	[FORM_NUMBER] = "a whole number",
};

struct setting {
	const char *name;
	enum form form;
	size_t offset; /* in struct config */
	size_t size;   /* of the text, for those that are one */
	const char *comment;
};

#define AT(member)   offsetof(struct config, member)
#define TEXT(member) AT(member), sizeof(((struct config *)NULL)->member)

static const struct setting settings[] = {
	{"zone", FORM_NAME, TEXT(zone),
	 "The deployment's own DNS zone, delegated to the name servers below."},
	{"region", FORM_WORD, TEXT(region),
	 "The region's name, as API clients give it; it stands in host names."},
	{"nameserver", FORM_NAMESERVER, AT(nameserver), 0,
	 "A name server of the zone and its public addresses; repeat for "
	 "more."},
	{"hostmaster", FORM_NAME, TEXT(hostmaster),
	 "Mailbox of the zone's SOA, written with dots.  Default: "
	 "hostmaster.ZONE."},
	{"mx_ip", FORM_ADDRESSES, AT(mx_ip), 0,
	 "Public addresses of the host that takes bounces and reports (MX)."},
	{"ehlo_name", FORM_NAME, TEXT(ehlo_name),
	 "The name said in EHLO; its address must map back.  Default: "
	 "out.ZONE."},
	{"outbound_ip", FORM_ADDRESSES, AT(outbound_ip), 0,
	 "Public addresses that mail leaves from: the zone's SPF record."},
	{"listen_api", FORM_LISTEN, TEXT(listen_api), "Where the API listens."},
	{"listen_smtp", FORM_LISTEN, TEXT(listen_smtp),
	 "Where mail for the feedback host and the report inbox is taken."},
	{"listen_dns", FORM_LISTEN, TEXT(listen_dns),
	 "Where the zone is served, by UDP and TCP."},
	{"access_log", FORM_BOOL, AT(access_log), 0,
	 "Write a line of JSON to stderr for each request of the API."},
	{"tls_certificate", FORM_PATH, TEXT(tls_certificate),
	 "PEM file of the certificate chain for API and SMTP; read again on "
	 "SIGHUP."},
	{"tls_key", FORM_PATH, TEXT(tls_key), "PEM file of its private key."},
	{"resolver", FORM_RESOLVER, TEXT(resolver),
	 "The resolver to ask.  Default: the first of /etc/resolv.conf."},
	{"delivery_port", FORM_PORT, AT(delivery_port), 0,
	 "The port that recipients' mail hosts listen on: 25, but for trials."},
	{"allow_loopback", FORM_BOOL, AT(allow_loopback), 0,
	 "Deliver to private and loopback addresses: for trials only."},
	{"master_key", FORM_PATH, TEXT(master_key),
	 "File of the key that seals all keys, mode 0400.  Default: the "
	 "systemd "
	 "credential master-key, else DATA/master.key."},
	{"public_suffix_list", FORM_PATH, TEXT(public_suffix_list),
	 "File of public suffixes, as publicsuffix.org has it.  Default: that "
	 "of Debian's package publicsuffix, else what libpsl was built with."},
	{"verify_confirm", FORM_SECONDS, AT(verify_confirm), 0,
	 "Seconds between the two agreeing looks at DNS that a SUCCESS needs."},
	{"key_pool", FORM_NUMBER, AT(key_pool), 0,
	 "How many DKIM keys are made ahead of need."},
	{"keyd_processes", FORM_NUMBER, AT(keyd_processes), 0,
	 "How many processes hold keys and sign.  0: one a core."},
	{"user", FORM_WORD, TEXT(user),
	 "The user to become when started as root."},
};

/* Puts `text`, which fits, into the `size` bytes at `to`. */
static void
put(char *to, size_t size, struct span text)
{
	assert(text.len < size);
	/* All of it, so that equal configurations are equal bytes. */
	memset(to, 0, size);
	memcpy(to, text.ptr, text.len);
}

#define PUT(member, text) put((member), sizeof(member), (text))

/* Returns whether `c` may be in a host name, or is an underscore. */
static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_' || c == '.';
}

static bool
set_name(char *to, size_t size, struct span value)
{
	struct dname name;
	struct dname_text text;
	struct span lower;

	if (dname_parse(value, &name) != DNAME_OK || dname_labels(&name) < 2)
		return false;
	name = dname_lower(&name);
	lower = dname_print(&name, &text);
	if (lower.len >= size)
		return false;
	for (size_t k = 0; k < lower.len; k++)
		if (!is_name_char(lower.ptr[k]))
			return false;
	put(to, size, lower);
	return true;
}

static bool
set_word(char *to, size_t size, struct span value)
{
	if (value.len == 0 || value.len >= size)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = span_lower(value.ptr[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_')
			return false;
	}
	put(to, size, value);
	return true;
}

static bool
set_path(char *to, size_t size, struct span value)
{
	if (value.len == 0 || value.len >= size)
		return false;
	put(to, size, value);
	return true;
}

static bool
set_listen(char *to, size_t size, struct span value)
{
	struct net_address at;

	if (!span_equal(value, SPAN("auto")) && !net_parse(value, 0, &at))
		return false;
	if (value.len >= size)
		return false;
	put(to, size, value);
	return true;
}

/* Takes the next word off *rest; empty when there is none left. */
static struct span
take_word(struct span *rest)
{
	size_t end = 0;
	struct span word;

	*rest = span_trim(*rest);
	while (end < rest->len && rest->ptr[end] != ' ' &&
	       rest->ptr[end] != '\t')
		end++;
	word = span_sub(*rest, 0, end);
	*rest = span_skip(*rest, end);
	return word;
}

static bool
add_addresses(struct config_addresses *to, struct span value)
{
	for (;;) {
		struct span word = take_word(&value);
		struct net_address at;

		if (word.len == 0)
			return true;
		if (to->len == CONFIG_ADDRESSES_MAX ||
		    !net_parse(word, 0, &at) || at.port != 0)
			return false;
		to->at[to->len++] = at;
	}
}

static bool
add_nameserver(struct config *config, struct span value)
{
	struct config_nameserver server = {0};

	if (config->nameservers == CONFIG_NAMESERVERS_MAX ||
	    !set_name(server.name, sizeof(server.name), take_word(&value)) ||
	    !add_addresses(&server.addresses, value))
		return false;
	config->nameserver[config->nameservers++] = server;
	return true;
}

static bool
set_bool(bool *to, struct span value)
{
	if (span_equal(value, SPAN("yes")))
		*to = true;
	else if (span_equal(value, SPAN("no")))
		*to = false;
	else
		return false;
	return true;
}

static bool
set_number(const struct setting *setting, void *to, struct span value)
{
	uint64_t n;

	if (setting->form == FORM_PORT && span_equal(value, SPAN("auto"))) {
		*(uint16_t *)to = 0;
		return true;
	}
	if (!span_to_u64(value, 1000000, &n))
		return false;
	if (setting->form == FORM_PORT) {
		if (n == 0 || n > UINT16_MAX)
			return false;
		*(uint16_t *)to = (uint16_t)n;
	} else if (setting->form == FORM_SECONDS) {
		*(int64_t *)to = (int64_t)n * 1000;
	} else {
		*(uint64_t *)to = n;
	}
	return true;
}

static bool
set_form(struct config *config, const struct setting *setting,
	 struct span value)
{
	void *at = (char *)config + setting->offset;
	struct net_address resolver;

	switch (setting->form) {
	case FORM_NAME:
		return set_name(at, setting->size, value);
	case FORM_WORD:
		return set_word(at, setting->size, value);
	case FORM_PATH:
		return set_path(at, setting->size, value);
	case FORM_LISTEN:
		return set_listen(at, setting->size, value);
	case FORM_RESOLVER:
		return net_parse(value, 53, &resolver) &&
		       set_path(at, setting->size, value);
	case FORM_ADDRESSES:
		return add_addresses(at, value);
	case FORM_NAMESERVER:
		return add_nameserver(config, value);
	case FORM_BOOL:
		return set_bool(at, value);
	case FORM_PORT:
	case FORM_SECONDS:
	case FORM_NUMBER:
		return set_number(setting, at, value);
	}
	return false;
}

void
config_init(struct config *config, const char *data)
{
	memset(config, 0, sizeof(*config));
	PUT(config->data, span_of(data));
	PUT(config->region, SPAN("eu-west-2"));
	PUT(config->listen_api, SPAN("127.0.0.1:8025"));
	PUT(config->listen_smtp, SPAN("0.0.0.0:25"));
	PUT(config->listen_dns, SPAN("0.0.0.0:53"));
	config->delivery_port = 25;
	config->verify_confirm = 60000;
	config->key_pool = 8;
}

/* Returns how many characters `a` and `b` have alike at their start. */
static size_t
alike(struct span a, const char *b)
{
	size_t n = 0;

	while (n < a.len && b[n] != '\0' && a.ptr[n] == b[n])
		n++;
	return n;
}

static bool
no_such_setting(struct span name, struct error *reterr)
{
	const struct setting *nearest = &settings[0];

	for (size_t i = 1; i < COUNT(settings); i++)
		if (alike(name, settings[i].name) > alike(name, nearest->name))
			nearest = &settings[i];
	return error_set(reterr, ERROR_CONFIG,
			 "there is no setting \"" SPAN_FMT
			 "\"; did you mean \"%s\"?",
			 SPAN_ARG(name), nearest->name);
}

/* Returns whether config_parse() would read `value` back as it is. */
static bool
is_one_line(struct span value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
		if (c == '#' && (i == 0 || value.ptr[i - 1] == ' ' ||
				 value.ptr[i - 1] == '\t'))
			return false;
	}
	return true;
}

bool
config_set(struct config *config, struct span name, struct span value,
	   struct error *reterr)
{
	for (size_t i = 0; i < COUNT(settings); i++) {
		if (!span_equal(span_of(settings[i].name), name))
			continue;
		if (is_one_line(value) && set_form(config, &settings[i], value))
			return true;
		return error_set(reterr, ERROR_CONFIG,
				 "%s must be %s, not \"" SPAN_FMT "\"",
				 settings[i].name, form_text[settings[i].form],
				 SPAN_ARG(value));
	}
	return no_such_setting(name, reterr);
}

bool
config_set_pair(struct config *config, struct span pair, struct error *reterr)
{
	struct span value = pair;
	struct span name = span_cut(&value, '=');

	return config_set(config, span_trim(name), span_trim(value), reterr);
}

bool
config_parse(struct config *config, const char *path, struct span text,
	     struct error *reterr)
{
	for (unsigned line = 1; text.len > 0; line++) {
		struct span row = span_cut(&text, '\n');
		size_t comment = span_find(row, '#');

		/* "ADDRESS#PORT" is no comment: one begins a word. */
		while (comment != SPAN_NONE && comment > 0 &&
		       row.ptr[comment - 1] != ' ' &&
		       row.ptr[comment - 1] != '\t') {
			size_t next =
				span_find(span_skip(row, comment + 1), '#');
			comment = next == SPAN_NONE ? SPAN_NONE
						    : comment + 1 + next;
		}
		if (comment != SPAN_NONE)
			row.len = comment;
		row = span_trim(row);
		if (row.len == 0)
			continue;
		if (span_find(row, '=') == SPAN_NONE)
			return error_set(reterr, ERROR_CONFIG,
					 "%s:%u: a line is \"name = value\"",
					 path, line);
		if (!config_set_pair(config, row, reterr))
			return error_prefix(reterr, "%s:%u: ", path, line);
	}
	return true;
}

bool
config_load(struct config *config, const char *path, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_FILE_MAX);
	CLEANUP(buf_release) struct buf own = BUF_INIT(CONFIG_PATH_SIZE + 32);

	buf_addf(&own, "%s/sesame.conf", config->data);
	if (path == NULL)
		path = own.ptr;
	if (!file_read(path, &text, reterr)) {
		reterr->code = ERROR_CONFIG;
		return false;
	}
	return config_parse(config, path, buf_span(&text), reterr);
}

/* Sets an empty `to` to "PREFIX.zone". */
static bool
default_name(const struct config *config, char *to, size_t size,
	     const char *prefix)
{
	if (to[0] != '\0')
		return true;
	return (size_t)snprintf(to, size, "%s.%s", prefix, config->zone) < size;
}

bool
config_finish(struct config *config, struct error *reterr)
{
	if (config->zone[0] == '\0')
		return error_set(
			reterr, ERROR_CONFIG,
			"the setting \"zone\" is missing: the DNS zone "
			"of this deployment");
	if ((config->tls_certificate[0] == '\0') !=
	    (config->tls_key[0] == '\0'))
		return error_set(reterr, ERROR_CONFIG,
				 "tls_certificate and tls_key go together");
	if (!default_name(config, config->hostmaster,
			  sizeof(config->hostmaster), "hostmaster") ||
	    !default_name(config, config->ehlo_name, sizeof(config->ehlo_name),
			  "out"))
		return error_set(reterr, ERROR_CONFIG,
				 "the zone's name is too long");
	if (config->nameservers == 0) {
		struct config_nameserver *server = &config->nameserver[0];

		if (!default_name(config, server->name, sizeof(server->name),
				  "ns1"))
			return error_set(reterr, ERROR_CONFIG,
					 "the zone's name is too long");
		server->addresses = config->mx_ip;
		config->nameservers = 1;
	}
	return true;
}

static void
format_addresses(const struct config_addresses *addresses, struct buf *to)
{
	for (size_t i = 0; i < addresses->len; i++)
		buf_addf(to, "%s%s", i > 0 ? " " : "",
			 net_format_ip(&addresses->at[i]).s);
}

/* Appends the value of a setting that is held once. */
static void
format_value(const struct config *config, const struct setting *setting,
	     struct buf *to)
{
	const void *at = (const char *)config + setting->offset;

	switch (setting->form) {
	case FORM_NAME:
	case FORM_WORD:
	case FORM_PATH:
	case FORM_LISTEN:
	case FORM_RESOLVER:
		buf_adds(to, at);
		break;
	case FORM_ADDRESSES:
		format_addresses(at, to);
		break;
	case FORM_BOOL:
		buf_adds(to, *(const bool *)at ? "yes" : "no");
		break;
	case FORM_PORT:
		if (*(const uint16_t *)at == 0)
			buf_adds(to, "auto");
		else
			buf_addf(to, "%u", *(const uint16_t *)at);
		break;
	case FORM_SECONDS:
		buf_addf(to, "%lld", (long long)(*(const int64_t *)at / 1000));
		break;
	case FORM_NUMBER:
		buf_addf(to, "%llu", (unsigned long long)*(const uint64_t *)at);
		break;
	case FORM_NAMESERVER:
		break;
	}
}

static void
format_setting(const struct config *config, const struct config *plain,
	       const struct setting *setting, struct buf *to)
{
	CLEANUP(buf_release) struct buf value = BUF_INIT(CONFIG_FILE_MAX);
	CLEANUP(buf_release) struct buf usual = BUF_INIT(CONFIG_FILE_MAX);

	buf_addf(to, "\n# %s\n", setting->comment);
	if (setting->form == FORM_NAMESERVER) {
		for (size_t i = 0; i < config->nameservers; i++) {
			buf_addf(to, "%s = %s ", setting->name,
				 config->nameserver[i].name);
			format_addresses(&config->nameserver[i].addresses, to);
			buf_addc(to, '\n');
		}
		if (config->nameservers == 0)
			buf_addf(to, "#%s =\n", setting->name);
		return;
	}
	format_value(config, setting, &value);
	format_value(plain, setting, &usual);
	buf_addf(to, "%s%s =%s%s\n",
		 span_equal(buf_span(&value), buf_span(&usual)) ? "#" : "",
		 setting->name, value.len > 0 ? " " : "", value.ptr);
}

void
config_format(const struct config *config, struct buf *to)
{
	struct config plain;

	config_init(&plain, config->data);
	buf_adds(to, "# sesame.conf: the configuration of a sesame deployment; "
		     "see sesame.conf(5).\n"
		     "# A line that is commented out shows the default.\n");
	for (size_t i = 0; i < COUNT(settings); i++)
		format_setting(config, &plain, &settings[i], to);
}

bool
config_setting(size_t i, const char **ret_name, const char **ret_form,
	       const char **ret_comment)
{
	if (i >= COUNT(settings))
		return false;
	*ret_name = settings[i].name;
	*ret_form = form_text[settings[i].form];
	*ret_comment = settings[i].comment;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/config.h"

#include <stdlib.h>

#include "unit.h"

static const struct bad_row {
	const char *name;
	const char *text;
	const char *want; /* a part of the message */
} bad[] = {
	{"an unknown setting", "zone = a.example\nresolvr = 127.0.0.1#53\n",
	 "f:2: there is no setting \"resolvr\"; did you mean \"resolver\"?"},
	{"no equals sign", "zone\n", "f:1: a line is \"name = value\""},
	{"a zone of one label", "zone = example\n", "zone must be a domain"},
	{"a name that no host has", "zone = \\#.a.example\n",
	 "zone must be a domain name"},
	{"an empty label", "zone = a..example\n", "zone must be a domain name"},
	{"a port too large", "delivery_port = 65536\n", "delivery_port must"},
	{"port 0", "delivery_port = 0\n", "delivery_port must be a port"},
	{"neither yes nor no", "allow_loopback = maybe\n", "yes or no"},
	{"a name to listen at", "listen_api = localhost:80\n", "ADDRESS:PORT"},
	{"an address with a port", "mx_ip = 192.0.2.1:25\n", "IP addresses"},
	{"seconds below 0", "verify_confirm = -1\n", "whole seconds"},
	{"an upper region with a space", "region = eu west\n", "a word of"},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct config config;
	struct error err;

	config_init(&config, "d");
	assert_false(config_parse(&config, "f", span_of(row->text), &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	if (strstr(err.text, row->want) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", err.text, row->want);
}

static const char sample[] =
	"# a comment\n"
	"zone = Mail.Example.\n"
	"  region=eu-west-1   # behind it\n"
	"nameserver = ns1.mail.example 192.0.2.1 2001:db8::1\n"
	"nameserver = ns2.other.example\n"
	"outbound_ip = 192.0.2.25\n"
	"outbound_ip = 192.0.2.26\n"
	"resolver = 127.0.0.1#5353\n"
	"listen_api = auto\n"
	"allow_loopback = yes\n"
	"delivery_port = auto\n"
	"verify_confirm = 0\n";

static void
check_sample(const struct config *config)
{
	assert_string_equal(config->zone, "mail.example");
	assert_string_equal(config->region, "eu-west-1");
	assert_int_equal(config->nameservers, 2);
	assert_string_equal(config->nameserver[1].name, "ns2.other.example");
	assert_int_equal(config->nameserver[0].addresses.len, 2);
	assert_int_equal(config->outbound_ip.len, 2);
	assert_string_equal(config->resolver, "127.0.0.1#5353");
	assert_string_equal(config->listen_api, "auto");
	assert_true(config->allow_loopback);
	assert_int_equal(config->verify_confirm, 0);
	assert_int_equal(config->delivery_port, 0);
}

/* What config_format() writes is read back as the same configuration. */
static void
test_round(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_FILE_MAX);
	struct config config, again;
	struct error err = {0};

	(void)state;
	config_init(&config, "d");
	assert_true(config_parse(&config, "f", span_of(sample), &err));
	check_sample(&config);
	config_format(&config, &text);
	assert_false(text.full);
	config_init(&again, "d");
	if (!config_parse(&again, "g", buf_span(&text), &err))
		fail_msg("%s", err.text);
	check_sample(&again);
	assert_memory_equal(&config, &again, sizeof(config));
	assert_true(config_finish(&again, &err));
	assert_string_equal(again.ehlo_name, "out.mail.example");
	assert_string_equal(again.hostmaster, "hostmaster.mail.example");
}

static void
test_finish(void **state)
{
	struct config config;
	struct error err;

	(void)state;
	config_init(&config, "d");
	assert_false(config_finish(&config, &err));
	assert_non_null(strstr(err.text, "zone"));
	assert_true(config_set_pair(&config, SPAN("zone=mail.example"), &err));
	assert_true(config_set_pair(&config, SPAN("tls_key=/k"), &err));
	assert_false(config_finish(&config, &err));
	assert_true(config_set_pair(&config, SPAN("tls_certificate=/c"), &err));
	assert_true(config_finish(&config, &err));
	assert_string_equal(config.nameserver[0].name, "ns1.mail.example");
	assert_true(config_set_pair(&config, SPAN("delivery_port=auto"), &err));
	assert_int_equal(config.delivery_port, 0);
}

static void
test_settings(void **state)
{
	const char *name, *form, *comment;
	size_t n = 0;

	(void)state;
	while (config_setting(n, &name, &form, &comment)) {
		assert_non_null(form);
		assert_true(comment[strlen(comment) - 1] == '.');
		n++;
	}
	assert_true(n > 15);
}

int
main(void)
{
	UNIT_ROWS(test_bad, bad);
	UNIT(test_round);
	UNIT(test_finish);
	UNIT(test_settings);
	return unit_run("serve/config");
}

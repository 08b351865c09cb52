/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

#include "unit.h"

static char home[] = "/tmp/target-test-XXXXXX";

static const struct profile own = {
	.endpoint = "https://api.mail.example",
	.region = "eu-west-2",
	.account = "111122223333",
	.access_key = "OWNKEY",
	.secret = "own/secret+=",
};

#define CONFIG                                                                 \
	"[default]\nregion = us-east-1\n"                                      \
	"[profile staging]\nregion = eu-south-1\n"                             \
	"endpoint_url = https://staging.example/ses/\n"
#define CREDENTIALS                                                            \
	"[default]\naws_access_key_id = FILEKEY\n"                             \
	"aws_secret_access_key = filesecret\n"                                 \
	"[staging]\naws_access_key_id = STAGINGKEY\n"                          \
	"aws_secret_access_key = s\naws_session_token = token\n"

#define OWN      1u /* sesame init wrote a profile */
#define FILES    2u /* there are ~/.aws/config and credentials */
#define ENV_KEYS 4u /* AWS_ACCESS_KEY_ID and its secret are set */

static const struct row {
	const char *name;
	unsigned has;
	const char *variable; /* "NAME=VALUE", or NULL */
	const char *option;   /* one word of the command line, or NULL */
	const char *endpoint; /* wanted; NULL: a failure */
	const char *region;
	const char *key;
	enum error_code code; /* of the failure */
} rows[] = {
	{"nothing known", 0, NULL, NULL, NULL, NULL, NULL, ERROR_CONFIG},
	{"the profile of init", OWN, NULL, NULL, "https://api.mail.example",
	 "eu-west-2", "OWNKEY", 0},
	{"its credentials go with it", OWN | FILES | ENV_KEYS, NULL, NULL,
	 "https://api.mail.example", "eu-west-2", "OWNKEY", 0},
	{"credentials alone never mean Amazon", FILES | ENV_KEYS, NULL, NULL,
	 NULL, NULL, NULL, ERROR_CONFIG},
	{"Amazon when it is said", FILES, NULL, "--aws",
	 "https://email.us-east-1.amazonaws.com", "us-east-1", "FILEKEY", 0},
	{"init's secret is not for Amazon", OWN, "AWS_REGION=eu-west-1",
	 "--aws", NULL, NULL, NULL, ERROR_NO_CREDENTIALS},
	{"an option first", OWN | ENV_KEYS,
	 "AWS_ENDPOINT_URL_SESV2=https://b.example",
	 "--endpoint-url=https://a.example/", "https://a.example", "eu-west-9",
	 "ENVKEY", 0},
	{"then the variable of the service", OWN | ENV_KEYS,
	 "AWS_ENDPOINT_URL_SESV2=https://b.example", NULL, "https://b.example",
	 "eu-west-9", "ENVKEY", 0},
	{"then the general one", OWN | ENV_KEYS,
	 "AWS_ENDPOINT_URL=https://c.example", NULL, "https://c.example",
	 "eu-west-9", "ENVKEY", 0},
	{"an empty variable is none", OWN, "AWS_ENDPOINT_URL=", NULL,
	 "https://api.mail.example", "eu-west-2", "OWNKEY", 0},
	{"an AWS profile with an endpoint", FILES | OWN, "AWS_PROFILE=staging",
	 NULL, "https://staging.example/ses", "eu-south-1", "STAGINGKEY", 0},
	{"a profile that is named beats the keys around", FILES | ENV_KEYS,
	 NULL, "--profile=staging", "https://staging.example/ses", "eu-west-9",
	 "STAGINGKEY", 0},
	{"init's secret for init's endpoint", OWN, "AWS_REGION=eu-west-1",
	 "--endpoint-url=https://api.mail.example", "https://api.mail.example",
	 "eu-west-1", "OWNKEY", 0},
	{"init's secret for no other", OWN, "AWS_REGION=eu-west-1",
	 "--endpoint-url=https://evil.example", NULL, NULL, NULL,
	 ERROR_NO_CREDENTIALS},
	{"no region", ENV_KEYS, "AWS_REGION=",
	 "--endpoint-url=https://a.example", NULL, NULL, NULL, ERROR_CONFIG},
	{"a region that is none", ENV_KEYS, "AWS_REGION=a.evil.example/",
	 "--aws", NULL, NULL, NULL, ERROR_CONFIG},
};

static void
put_file(const char *path, const char *text)
{
	CLEANUP(buf_release) struct buf whole = BUF_INIT(4096);
	struct error err;

	buf_addf(&whole, "%s/%s", home, path);
	unlink(whole.ptr);
	if (text != NULL)
		assert_true(file_replace(whole.ptr, span_of(text), 0600, &err));
}

/* Makes home and environment what the row says. */
static void
set_up(const struct row *row)
{
	static const char *const variable[] = {
		"AWS_ENDPOINT_URL_SESV2",
		"AWS_ENDPOINT_URL",
		"AWS_REGION",
		"AWS_DEFAULT_REGION",
		"AWS_PROFILE",
		"AWS_DEFAULT_PROFILE",
		"AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN",
		"AWS_CONFIG_FILE",
		"AWS_CA_BUNDLE",
		"SSL_CERT_FILE",
		"AWS_SHARED_CREDENTIALS_FILE",
		"XDG_CONFIG_HOME",
	};
	struct error err;

	for (size_t i = 0; i < COUNT(variable); i++)
		unsetenv(variable[i]);
	setenv("HOME", home, 1);
	put_file(".config/sesame/profile", NULL);
	put_file(".aws/config", (row->has & FILES) != 0 ? CONFIG : NULL);
	put_file(".aws/credentials",
		 (row->has & FILES) != 0 ? CREDENTIALS : NULL);
	if ((row->has & OWN) != 0)
		assert_true(profile_save(&own, &err));
	if ((row->has & ENV_KEYS) != 0) {
		setenv("AWS_ACCESS_KEY_ID", "ENVKEY", 1);
		setenv("AWS_SECRET_ACCESS_KEY", "envsecret", 1);
		setenv("AWS_REGION", "eu-west-9", 1);
	}
	if (row->variable != NULL) {
		struct span rest = span_of(row->variable);
		struct span name = span_cut(&rest, '=');
		char text[64] = "";

		memcpy(text, name.ptr, name.len);
		setenv(text, rest.ptr, 1);
	}
}

static void
test_find(void **state)
{
	static struct options options;
	const struct row *row = *state;
	const struct option_spec *table[] = {target_options()};
	char *word[] = {(char *)(uintptr_t)row->option};
	struct target t = {0};
	struct error err = {0};
	bool ok;

	set_up(row);
	assert_true(options_parse(word, row->option != NULL, table, 1, &options,
				  &err));
	ok = target_find(&options, &t, &err);
	if (row->endpoint == NULL) {
		assert_false(ok);
		assert_int_equal(err.code, row->code);
		return;
	}
	if (!ok)
		fail_msg("%s", err.text);
	assert_string_equal(t.endpoint, row->endpoint);
	assert_string_equal(t.region, row->region);
	assert_string_equal(t.access_key, row->key);
	if (strcmp(row->key, "OWNKEY") == 0) {
		assert_string_equal(t.secret, own.secret);
		assert_string_equal(t.account, own.account);
	}
	if (strcmp(row->key, "STAGINGKEY") == 0)
		assert_string_equal(t.session_token, "token");
	target_release(&t);
	assert_string_equal(t.secret, "");
}

/* Returns which certificates are to be trusted. */
static const char *
bundle(void)
{
	static struct options options;
	static struct target t;
	const struct option_spec *table[] = {target_options()};
	char profile[] = "--profile=staging";
	char *word[] = {profile};
	struct error err = {0};

	assert_true(options_parse(word, 1, table, 1, &options, &err));
	if (!target_find(&options, &t, &err))
		fail_msg("%s", err.text);
	return t.ca_bundle;
}

/* Nearest first: AWS_CA_BUNDLE, the profile's, SSL_CERT_FILE. */
static void
test_ca_bundle(void **state)
{
	static const struct row row = {.has = OWN | FILES | ENV_KEYS};

	(void)state;
	set_up(&row);
	setenv("AWS_ENDPOINT_URL", "http://127.0.0.1", 1);
	assert_string_equal(bundle(), "");
	setenv("SSL_CERT_FILE", "/ssl.pem", 1);
	assert_string_equal(bundle(), "/ssl.pem");
	put_file(".aws/config", CONFIG "ca_bundle = /profile.pem\n");
	assert_string_equal(bundle(), "/profile.pem");
	setenv("AWS_CA_BUNDLE", "/aws.pem", 1);
	assert_string_equal(bundle(), "/aws.pem");
}

/* The file holds a secret: it is nobody else's to read. */
static void
test_mode(void **state)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	struct stat st;
	struct profile got;
	struct error err;

	(void)state;
	set_up(&rows[1]);
	umask(0);
	assert_true(profile_save(&own, &err));
	assert_true(profile_path(&path));
	assert_int_equal(stat(path.ptr, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(profile_load(&got, &err));
	assert_memory_equal(&got, &own, sizeof(own));
	put_file(".config/sesame/profile", "[other]\n");
	assert_false(profile_load(&got, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	put_file(".config/sesame/profile", NULL);
	assert_false(profile_load(&got, &err));
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void
make_home(void)
{
	char path[64];

	if (mkdtemp(home) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/.aws", home);
	mkdir(path, 0700);
}

static void
remove_home(void)
{
	static const char *const name[] = {".config/sesame/profile",
					   ".config/sesame",
					   ".config",
					   ".aws/config",
					   ".aws/credentials",
					   ".aws",
					   ""};

	for (size_t i = 0; i < COUNT(name); i++) {
		char path[80];

		snprintf(path, sizeof(path), "%s/%s", home, name[i]);
		remove(path);
	}
}

int
main(void)
{
	int status;

	make_home();
	UNIT_ROWS(test_find, rows);
	UNIT(test_ca_bundle);
	UNIT(test_mode);
	status = unit_run("cli/target");
	remove_home();
	return status;
}

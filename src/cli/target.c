/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/ini.h"
#include "cli/output.h"
#include "sys/file.h"

#define PATH_SIZE 4096

static const struct option_spec options_table[] = {
	{"endpoint-url", OPTION_TEXT, "URL", "the SES v2 endpoint to talk to"},
	{"region", OPTION_TEXT, "REGION", "its region"},
	{"profile", OPTION_TEXT, "NAME", "a profile of the shared AWS files"},
	{"aws", OPTION_FLAG, NULL, "talk to Amazon SES itself"},
	{0},
};

/* The texts that a target is found in. */
struct sources {
	const struct options *options;
	struct profile own;      /* what sesame init wrote */
	bool has_own;            /* it is there */
	struct buf config;       /* ~/.aws/config */
	struct buf credentials;  /* ~/.aws/credentials */
	struct span aws_profile; /* name of the AWS profile */
	bool named;              /* it was named, not the default */
	bool from_own;           /* the endpoint is that of `own` */
};

const struct option_spec *
target_options(void)
{
	return options_table;
}

/* The environment variable `name`; an empty one is as none. */
static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool
copy(char *to, size_t size, struct span from, const char *what,
     struct error *reterr)
{
	if (from.len >= size || memchr(from.ptr, '\0', from.len) != NULL)
		return error_set(reterr, ERROR_CONFIG, "the %s is too long",
				 what);
	memcpy(to, from.ptr, from.len);
	to[from.len] = '\0';
	return true;
}

/* Reads ~/.aws/NAME, or the file that the variable names, if it is there. */
static bool
read_aws(const char *variable, const char *name, struct buf *ret,
	 struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(PATH_SIZE);
	const char *home = env("HOME");

	if (env(variable) != NULL)
		buf_adds(&path, env(variable));
	else if (home != NULL)
		buf_addf(&path, "%s/.aws/%s", home, name);
	if (path.full || path.len == 0 || !file_exists(path.ptr))
		return true;
	return file_read(path.ptr, ret, reterr) ||
	       error_prefix(reterr, "%s: ", path.ptr);
}

static bool
load(struct sources *s, const struct options *options, struct error *reterr)
{
	const struct span *profile = options_get(options, "profile");
	struct error why;

	s->options = options;
	buf_init(&s->config, PROFILE_FILE_MAX);
	buf_init(&s->credentials, PROFILE_FILE_MAX);
	if (!read_aws("AWS_CONFIG_FILE", "config", &s->config, reterr) ||
	    !read_aws("AWS_SHARED_CREDENTIALS_FILE", "credentials",
		      &s->credentials, reterr))
		return false;
	s->aws_profile = SPAN("default");
	s->named = true;
	if (profile != NULL)
		s->aws_profile = *profile;
	else if (env("AWS_PROFILE") != NULL)
		s->aws_profile = span_of(env("AWS_PROFILE"));
	else if (env("AWS_DEFAULT_PROFILE") != NULL)
		s->aws_profile = span_of(env("AWS_DEFAULT_PROFILE"));
	else
		s->named = false;
	s->has_own = profile_load(&s->own, &why);
	if (!s->has_own && why.code != ERROR_NOT_FOUND) {
		*reterr = why;
		return false;
	}
	return true;
}

static void
unload(struct sources *s)
{
	buf_wipe(&s->config);
	buf_wipe(&s->credentials);
	explicit_bzero(&s->own, sizeof(s->own));
}

/* A setting of the AWS profile, in ~/.aws/config. */
static bool
aws_config(const struct sources *s, const char *name, struct span *ret)
{
	CLEANUP(buf_release) struct buf section = BUF_INIT(PATH_SIZE);

	if (!span_equal(s->aws_profile, SPAN("default")))
		buf_adds(&section, "profile ");
	buf_add(&section, s->aws_profile);
	return ini_get(buf_span(&s->config), buf_span(&section), span_of(name),
		       ret);
}

/* A setting of the AWS profile, in ~/.aws/credentials before ~/.aws/config. */
static bool
aws_credential(const struct sources *s, const char *name, struct span *ret)
{
	return ini_get(buf_span(&s->credentials), s->aws_profile, span_of(name),
		       ret) ||
	       aws_config(s, name, ret);
}

static struct span
without_slash(struct span url)
{
	while (url.len > 0 && url.ptr[url.len - 1] == '/')
		url.len--;
	return url;
}

static bool
find_region(struct sources *s, struct target *t, struct error *reterr)
{
	struct span region = SPAN("");
	const struct span *given = options_get(s->options, "region");

	if (given != NULL)
		region = *given;
	else if (s->from_own && s->own.region[0] != '\0')
		region = span_of(s->own.region);
	else if (env("AWS_REGION") != NULL)
		region = span_of(env("AWS_REGION"));
	else if (env("AWS_DEFAULT_REGION") != NULL)
		region = span_of(env("AWS_DEFAULT_REGION"));
	else if (!aws_config(s, "region", &region))
		return error_set(reterr, ERROR_CONFIG,
				 "no region is known: give --region, or set "
				 "AWS_REGION");
	for (size_t i = 0; i < region.len; i++)
		if (!(region.ptr[i] >= 'a' && region.ptr[i] <= 'z') &&
		    !(region.ptr[i] >= '0' && region.ptr[i] <= '9') &&
		    region.ptr[i] != '-')
			return error_set(reterr, ERROR_CONFIG,
					 "\"" SPAN_FMT "\" is no region",
					 SPAN_ARG(region));
	return copy(t->region, sizeof(t->region), region, "region", reterr);
}

static bool
find_endpoint(struct sources *s, struct target *t, struct error *reterr)
{
	const struct span *given = options_get(s->options, "endpoint-url");
	struct span url = SPAN("");

	if (options_has(s->options, "aws")) {
		if (given != NULL)
			return error_set(reterr, ERROR_USAGE,
					 "--aws and --endpoint-url exclude "
					 "each other");
		t->amazon = true;
		return true;
	}
	if (given != NULL)
		url = *given;
	else if (env("AWS_ENDPOINT_URL_SESV2") != NULL)
		url = span_of(env("AWS_ENDPOINT_URL_SESV2"));
	else if (env("AWS_ENDPOINT_URL") != NULL)
		url = span_of(env("AWS_ENDPOINT_URL"));
	else if (s->named && aws_config(s, "endpoint_url", &url))
		;
	else if (s->has_own) {
		s->from_own = true;
		t->amazon = s->own.amazon;
		url = span_of(s->own.endpoint);
	}
	url = without_slash(url);
	if (url.len == 0 && !t->amazon)
		return error_set(reterr, ERROR_CONFIG,
				 "no endpoint is known: give --endpoint-url, "
				 "set AWS_ENDPOINT_URL_SESV2, run sesame init, "
				 "or say --aws for Amazon itself");
	return copy(t->endpoint, sizeof(t->endpoint), url, "endpoint", reterr);
}

/* Takes the credentials of sesame's own profile. */
static bool
take_own(const struct sources *s, struct target *t, struct error *reterr)
{
	return copy(t->access_key, sizeof(t->access_key),
		    span_of(s->own.access_key), "access key", reterr) &&
	       copy(t->secret, sizeof(t->secret), span_of(s->own.secret),
		    "secret", reterr) &&
	       copy(t->account, sizeof(t->account), span_of(s->own.account),
		    "account", reterr);
}

static bool
take(struct target *t, struct span key, struct span secret, struct span token,
     struct error *reterr)
{
	return copy(t->access_key, sizeof(t->access_key), key, "access key",
		    reterr) &&
	       copy(t->secret, sizeof(t->secret), secret, "secret access key",
		    reterr) &&
	       copy(t->session_token, sizeof(t->session_token), token,
		    "session token", reterr);
}

/* Whether sesame's profile has credentials for the endpoint of `t`. */
static bool
is_own(const struct sources *s, const struct target *t)
{
	if (!s->has_own || s->own.access_key[0] == '\0')
		return false;
	if (t->amazon)
		return s->own.amazon;
	return span_equal(without_slash(span_of(s->own.endpoint)),
			  span_of(t->endpoint));
}

static bool
find_credentials(const struct sources *s, struct target *t,
		 struct error *reterr)
{
	const char *key = env("AWS_ACCESS_KEY_ID");
	const char *secret = env("AWS_SECRET_ACCESS_KEY");
	const char *token = env("AWS_SESSION_TOKEN");
	struct span a, b, c = SPAN("");
	bool own = is_own(s, t);

	if (own && s->from_own)
		return take_own(s, t, reterr);
	/* As in the AWS CLI: --profile is nearer than the environment. */
	if (key != NULL && secret != NULL &&
	    !options_has(s->options, "profile"))
		return take(t, span_of(key), span_of(secret),
			    span_of(token != NULL ? token : ""), reterr);
	if (own && !s->named)
		return take_own(s, t, reterr);
	if (aws_credential(s, "aws_access_key_id", &a) &&
	    aws_credential(s, "aws_secret_access_key", &b)) {
		(void)!aws_credential(s, "aws_session_token", &c);
		return take(t, a, b, c, reterr);
	}
	return error_set(reterr, ERROR_NO_CREDENTIALS,
			 "no credentials are known: set AWS_ACCESS_KEY_ID and "
			 "AWS_SECRET_ACCESS_KEY, or use a profile that has "
			 "them (credential_process and SSO are not read)");
}

/* Finds whom to trust instead of the machine's authorities. */
static bool
find_ca_bundle(const struct sources *s, struct target *t, struct error *reterr)
{
	struct span path = SPAN("");

	if (env("AWS_CA_BUNDLE") != NULL)
		path = span_of(env("AWS_CA_BUNDLE"));
	else if (!aws_config(s, "ca_bundle", &path) &&
		 env("SSL_CERT_FILE") != NULL)
		path = span_of(env("SSL_CERT_FILE"));
	return copy(t->ca_bundle, sizeof(t->ca_bundle), path,
		    "path of the CA bundle", reterr);
}

static bool
find(struct sources *s, struct target *t, struct error *reterr)
{
	if (!find_endpoint(s, t, reterr) || !find_region(s, t, reterr) ||
	    !find_credentials(s, t, reterr))
		return false;
	if (t->amazon)
		snprintf(t->endpoint, sizeof(t->endpoint),
			 "https://email.%s.amazonaws.com", t->region);
	return find_ca_bundle(s, t, reterr);
}

bool
target_find(const struct options *options, struct target *ret,
	    struct error *reterr)
{
	struct sources s = {0};
	struct target t = {0};
	bool ok = load(&s, options, reterr) && find(&s, &t, reterr);

	unload(&s);
	if (ok)
		*ret = t;
	target_release(&t);
	return ok;
}

void
target_announce(const struct target *target, const char *format, ...)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PATH_SIZE);
	CLEANUP(buf_release) struct buf clean = BUF_INIT(4 * PATH_SIZE);
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	if (target->account[0] != '\0')
		buf_addf(&text, " in account %s", target->account);
	else
		buf_addf(&text, " with access key %s", target->access_key);
	buf_addf(&text, " at %s%s", target->endpoint,
		 target->amazon ? " (Amazon SES)" : "");
	output_clean(&clean, buf_span(&text));
	fprintf(stderr, "%s\n", clean.ptr);
}

void
target_release(struct target *target)
{
	explicit_bzero(target->secret, sizeof(target->secret));
	explicit_bzero(target->session_token, sizeof(target->session_token));
}

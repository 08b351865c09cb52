/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/client.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/digest.h"
#include "ses/failure.h"
#include "ses/sigv4.h"
#include "sys/clock.h"
#include "sys/net.h"
#include "text/uri.h"

/* Octets of a request's body. */
#define BODY_MAX ((size_t)64 << 20)
/* Octets of one field of a request. */
#define FIELD_MAX 16384
/* Octets of an error's name. */
#define TYPE_MAX 256
/* How long a second try waits; the third twice that. */
#define AGAIN_MS 300

struct client {
	const struct target *target;
	CURL *curl;
	char host[PROFILE_URL_SIZE];        /* with its port, as in Host */
	char prefix[PROFILE_URL_SIZE];      /* path of the endpoint, or "" */
	char origin[PROFILE_URL_SIZE + 16]; /* the endpoint without that path */
	struct buf answer;                  /* body of the present answer */
	char type[TYPE_MAX];                /* its x-amzn-ErrorType */
};

/* Parts of a URL that curl took apart. */
struct parts {
	CURLU *url;
	char *scheme;
	char *host;
	char *port;
	char *path;
};

static bool
parts_init(struct parts *p, const char *url)
{
	*p = (struct parts){.url = curl_url()};
	if (p->url == NULL)
		mem_exhausted();
	return curl_url_set(p->url, CURLUPART_URL, url, 0) == CURLUE_OK &&
	       curl_url_get(p->url, CURLUPART_SCHEME, &p->scheme, 0) ==
		       CURLUE_OK &&
	       curl_url_get(p->url, CURLUPART_HOST, &p->host, 0) == CURLUE_OK &&
	       curl_url_get(p->url, CURLUPART_PORT, &p->port,
			    CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       curl_url_get(p->url, CURLUPART_PATH, &p->path, 0) == CURLUE_OK;
}

static void
parts_release(struct parts *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
	curl_free(p->path);
	curl_url_cleanup(p->url);
}

static bool
is_loopback(const char *host)
{
	struct net_address address;

	if (strcmp(host, "localhost") == 0)
		return true;
	return net_parse(span_of(host), 0, &address) &&
	       net_is_loopback(&address);
}

static bool
check_parts(const struct parts *p, bool parsed, const char *url,
	    struct error *reterr)
{
	static const CURLUPart none[] = {CURLUPART_USER, CURLUPART_PASSWORD,
					 CURLUPART_QUERY, CURLUPART_FRAGMENT};

	if (!parsed)
		return error_set(reterr, ERROR_CONFIG,
				 "the endpoint \"%s\" is no URL", url);
	for (size_t i = 0; i < COUNT(none); i++) {
		char *part = NULL;

		if (curl_url_get(p->url, none[i], &part, 0) != CURLUE_OK)
			continue;
		curl_free(part);
		return error_set(reterr, ERROR_CONFIG,
				 "the endpoint is to be a URL without user, "
				 "query and fragment");
	}
	if (strcmp(p->scheme, "https") == 0)
		return true;
	if (strcmp(p->scheme, "http") == 0 && is_loopback(p->host))
		return true;
	return error_set(reterr, ERROR_CONFIG,
			 "the endpoint \"%s\" is refused: only https:, and "
			 "http: to this machine's loopback",
			 url);
}

bool
client_is_safe(const char *url, struct error *reterr)
{
	struct parts p;
	bool ok = check_parts(&p, parts_init(&p, url), url, reterr);

	parts_release(&p);
	return ok;
}

static size_t
take_body(char *ptr, size_t size, size_t count, void *context)
{
	struct client *c = context;

	/* Taking less than there is ends the transfer. */
	return buf_add(&c->answer, (struct span){ptr, size * count})
		       ? size * count
		       : 0;
}

static size_t
take_field(char *ptr, size_t size, size_t count, void *context)
{
	struct client *c = context;
	struct span rest = {ptr, size * count};
	struct span name = span_cut(&rest, ':');

	rest = span_trim(rest);
	if (span_equal_nocase(name, SPAN("x-amzn-errortype")) &&
	    rest.len < sizeof(c->type)) {
		memcpy(c->type, rest.ptr, rest.len);
		c->type[rest.len] = '\0';
	}
	return size * count;
}

static void
set_options(struct client *c, bool loopback)
{
	CURL *curl = c->curl;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
			 loopback ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)CLIENT_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)CLIENT_TOTAL_MS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "sesame/" SESAME_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, c);
	if (loopback)
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	if (c->target->ca_bundle[0] != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, c->target->ca_bundle);
}

static void
take_parts(struct client *c, const struct parts *p)
{
	bool usual =
		strcmp(p->port,
		       strcmp(p->scheme, "https") == 0 ? "443" : "80") == 0;
	struct span path = span_of(p->path);

	snprintf(c->host, sizeof(c->host), "%s%s%s", p->host, usual ? "" : ":",
		 usual ? "" : p->port);
	snprintf(c->origin, sizeof(c->origin), "%s://%s", p->scheme, c->host);
	while (path.len > 0 && path.ptr[path.len - 1] == '/')
		path.len--;
	snprintf(c->prefix, sizeof(c->prefix), SPAN_FMT, SPAN_ARG(path));
}

bool
client_new(const struct target *target, struct client **ret,
	   struct error *reterr)
{
	struct parts p;
	struct client *c;
	bool ok = check_parts(&p, parts_init(&p, target->endpoint),
			      target->endpoint, reterr);

	if (ok) {
		c = mem_new(sizeof(*c));
		c->target = target;
		c->curl = curl_easy_init();
		if (c->curl == NULL)
			mem_exhausted();
		buf_init(&c->answer, CLIENT_ANSWER_MAX);
		take_parts(c, &p);
		set_options(c, is_loopback(p.host));
		*ret = c;
	}
	parts_release(&p);
	return ok;
}

void
client_free(struct client *c)
{
	if (c == NULL)
		return;
	curl_easy_cleanup(c->curl);
	buf_release(&c->answer);
	free(c);
}

/* The fields of a request, in curl's form and in that of the signature. */
struct fields {
	struct curl_slist *list;
	struct sigv4_header header[8];
	size_t len;
};

/* Adds a field.  The value is borrowed until the end. */
static void
add_field(struct fields *f, const char *name, struct span value)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT(FIELD_MAX);
	struct curl_slist *list;

	buf_addf(&line, "%s: " SPAN_FMT, name, SPAN_ARG(value));
	list = curl_slist_append(f->list, line.ptr);
	if (list == NULL)
		mem_exhausted();
	f->list = list;
	f->header[f->len++] = (struct sigv4_header){span_of(name), value};
}

/* Adds Host, the date, the token, and the signature over all of them. */
static bool
sign(struct client *c, struct fields *f, const char *method, struct span path,
     struct span body, char time[static SIGV4_TIME_SIZE], struct error *reterr)
{
	const struct target *t = c->target;
	CLEANUP(buf_release) struct buf value = BUF_INIT(FIELD_MAX);
	const struct sigv4_signer signer = {
		.access_key = span_of(t->access_key),
		.secret = span_of(t->secret),
		.region = span_of(t->region),
		.service = SPAN("ses"),
	};
	struct sigv4_request request = {.method = span_of(method)};
	uint8_t digest[DIGEST_SIZE];

	sigv4_time_format(clock_now(), time);
	add_field(f, "Host", span_of(c->host));
	add_field(f, "X-Amz-Date", span_of(time));
	if (t->session_token[0] != '\0')
		add_field(f, "X-Amz-Security-Token", span_of(t->session_token));
	if (body.len > 0)
		add_field(f, "Content-Type", SPAN("application/json"));
	request.query = path;
	request.path = span_cut(&request.query, '?');
	request.header = f->header;
	request.headers = f->len;
	digest_of(body, digest);
	if (!sigv4_sign(&request, &signer, digest, &value))
		return error_set(reterr, ERROR_INTERNAL,
				 "the request cannot be signed");
	add_field(f, "Authorization", buf_span(&value));
	/* curl would wait a second for "100 Continue". */
	f->list = curl_slist_append(f->list, "Expect:");
	return true;
}

static bool
perform(struct client *c, const char *method, const char *url, struct span body,
	struct fields *f, long *ret_status, struct error *reterr)
{
	char why[CURL_ERROR_SIZE] = "";
	CURLcode rc;

	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, f->list);
	curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	if (strcmp(method, "GET") != 0) {
		curl_easy_setopt(c->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body.ptr);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)body.len);
	}
	curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
	buf_clear(&c->answer);
	c->type[0] = '\0';
	rc = curl_easy_perform(c->curl);
	curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, NULL);
	if (rc == CURLE_OUT_OF_MEMORY)
		mem_exhausted();
	if (rc == CURLE_SSL_CACERT_BADFILE)
		return error_set(reterr, ERROR_CONFIG,
				 "the certificates to trust cannot be read "
				 "from \"%s\"",
				 c->target->ca_bundle);
	if (rc != CURLE_OK)
		return error_set(reterr, ERROR_NETWORK, "%s: %s",
				 c->target->endpoint,
				 c->answer.full   ? "the answer is too long"
				 : why[0] != '\0' ? why
						  : curl_easy_strerror(rc));
	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, ret_status);
	return true;
}

/* One try. */
static bool
once(struct client *c, const char *method, struct span path, struct span body,
     struct error *reterr)
{
	CLEANUP(buf_release) struct buf url = BUF_INIT(2 * CLIENT_PATH_MAX);
	struct fields f = {0};
	char time[SIGV4_TIME_SIZE];
	long status = 0;
	bool ok;

	buf_adds(&url, c->origin);
	buf_add(&url, path);
	ok = sign(c, &f, method, path, body, time, reterr) &&
	     perform(c, method, url.ptr, body, &f, &status, reterr);
	curl_slist_free_all(f.list);
	if (!ok)
		return false;
	if (status >= 200 && status < 300)
		return true;
	return failure_parse((int)status, span_of(c->type),
			     buf_span(&c->answer), reterr);
}

/* Whether a GET that failed so may do better a little later. */
static bool
may_mend(const struct error *why)
{
	return why->code == ERROR_NETWORK ||
	       why->code == ERROR_TOO_MANY_REQUESTS ||
	       why->code == ERROR_UNAVAILABLE || why->code == ERROR_INTERNAL;
}

static bool
take_answer(struct client *c, json_t **ret, struct error *reterr)
{
	struct json_fault fault;
	json_t *json;

	if (ret == NULL)
		return true;
	if (json_parse(buf_span(&c->answer), CLIENT_ANSWER_MAX, &json,
		       &fault) != JSON_OK)
		return error_set(reterr, ERROR_NETWORK,
				 "%s answers, but not as a SES endpoint: %s",
				 c->target->endpoint, fault.text);
	if (!json_is_object(json)) {
		json_decref(json);
		return error_set(reterr, ERROR_NETWORK,
				 "%s answers, but not as a SES endpoint",
				 c->target->endpoint);
	}
	*ret = json;
	return true;
}

bool
client_call(struct client *c, const char *method, const char *path,
	    const json_t *body, json_t **ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BODY_MAX);
	CLEANUP(buf_release) struct buf whole = BUF_INIT(CLIENT_PATH_MAX);
	int tries = strcmp(method, "GET") == 0 ? CLIENT_TRIES : 1;
	struct error why;

	buf_adds(&whole, c->prefix);
	buf_adds(&whole, path);
	if (whole.full || (body != NULL && !json_format(body, &text)))
		return error_set(reterr, ERROR_TOO_LARGE,
				 "the request is too long");
	for (int i = 1;
	     !once(c, method, buf_span(&whole), buf_span(&text), &why); i++) {
		if (i == tries || !may_mend(&why)) {
			*reterr = why;
			return false;
		}
		clock_sleep((int64_t)i * AGAIN_MS);
	}
	return take_answer(c, ret, reterr);
}

bool
client_call_named(struct client *c, const char *method, const char *prefix,
		  struct span name, const char *suffix, const json_t *body,
		  json_t **ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CLIENT_PATH_MAX);

	buf_adds(&path, prefix);
	uri_encode(name, &path);
	buf_adds(&path, suffix);
	if (path.full)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "the name is too long");
	return client_call(c, method, path.ptr, body, ret, reterr);
}

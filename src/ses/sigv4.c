/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/sigv4.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "crypt/hmac.h"
#include "text/uri.h"

#define ALGORITHM  "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"

/* The order of the fields of an own request. */
struct name_list {
	char name[SIGV4_SIGNED_MAX][64]; /* in lower case */
	size_t len;
};

static bool
is_digits(struct span s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

static int
number(struct span s, size_t at, size_t len)
{
	int n = 0;

	for (size_t i = at; i < at + len; i++)
		n = n * 10 + (s.ptr[i] - '0');
	return n;
}

void
sigv4_time_format(int64_t time, char ret[static SIGV4_TIME_SIZE])
{
	time_t seconds = (time_t)(time / 1000);
	struct tm tm = {0};

	gmtime_r(&seconds, &tm);
	/* what does not fit leaves ret as it likes */
	if (strftime(ret, SIGV4_TIME_SIZE, "%Y%m%dT%H%M%SZ", &tm) == 0)
		ret[0] = '\0';
}

bool
sigv4_time_parse(struct span text, int64_t *ret)
{
	struct tm tm = {0};
	char again[SIGV4_TIME_SIZE];
	int64_t time;

	if (text.len != SIGV4_TIME_SIZE - 1 || !is_digits(text, 0, 8) ||
	    text.ptr[8] != 'T' || !is_digits(text, 9, 15) ||
	    text.ptr[15] != 'Z')
		return false;
	tm.tm_year = number(text, 0, 4) - 1900;
	tm.tm_mon = number(text, 4, 2) - 1;
	tm.tm_mday = number(text, 6, 2);
	tm.tm_hour = number(text, 9, 2);
	tm.tm_min = number(text, 11, 2);
	tm.tm_sec = number(text, 13, 2);
	/* 99991399 would be a year of five digits */
	if (tm.tm_mon > 11 || tm.tm_mday > 31 || tm.tm_hour > 23 ||
	    tm.tm_min > 59 || tm.tm_sec > 59)
		return false;
	time = (int64_t)timegm(&tm) * 1000;
	/* a date that the calendar does not have comes back as another */
	sigv4_time_format(time, again);
	if (!span_equal(span_of(again), text))
		return false;
	*ret = time;
	return true;
}

static const struct span *
header_get(const struct sigv4_request *request, struct span name)
{
	for (size_t i = 0; i < request->headers; i++)
		if (span_equal_nocase(request->header[i].name, name))
			return &request->header[i].value;
	return NULL;
}

static size_t
header_count(const struct sigv4_request *request, struct span name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->headers; i++)
		count += span_equal_nocase(request->header[i].name, name);
	return count;
}

/* Returns whether a parameter of the query is one of a presigned request. */
static bool
query_signs(struct span query)
{
	struct uri_param param;

	while (uri_query_next(&query, &param))
		if (span_starts_nocase(param.name, SPAN("X-Amz-")))
			return true;
	return false;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads 64 digits in lower case, and nothing else. */
static bool
hash_parse(struct span text, uint8_t ret[DIGEST_SIZE])
{
	if (text.len != 2 * DIGEST_SIZE)
		return false;
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		int high = hex_digit(text.ptr[2 * i]);
		int low = hex_digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

/* Credential=KEY/DATE/REGION/SERVICE/aws4_request */
static enum sigv4_status
credential_parse(struct span text, struct sigv4 *sig)
{
	struct span key = span_cut(&text, '/');

	sig->access_key = key;
	sig->date = span_cut(&text, '/');
	sig->region = span_cut(&text, '/');
	sig->service = span_cut(&text, '/');
	if (key.len == 0 || key.len > SIGV4_KEY_MAX || sig->region.len == 0 ||
	    sig->date.len != 8 || !is_digits(sig->date, 0, 8) ||
	    sig->service.len == 0)
		return SIGV4_INCOMPLETE;
	for (size_t i = 0; i < key.len; i++)
		if (!uri_unreserved(key.ptr[i]))
			return SIGV4_INCOMPLETE;
	return span_equal(text, SPAN(TERMINATOR)) ? SIGV4_OK : SIGV4_TERMINATOR;
}

/* Takes "NAME=value" off a list whose parts are parted by "," or ", ". */
static bool
take_part(struct span *rest, struct span *name, struct span *value)
{
	struct span part = span_cut(rest, ',');

	if (rest->len > 0 && rest->ptr[0] == ' ')
		*rest = span_skip(*rest, 1);
	if (span_find(part, '=') == SPAN_NONE ||
	    span_find(part, ' ') != SPAN_NONE)
		return false;
	*name = span_cut(&part, '=');
	*value = part;
	return true;
}

static enum sigv4_status
authorization_parse(struct span text, struct sigv4 *sig)
{
	enum { CREDENTIAL = 1, SIGNED = 2, SIGNATURE = 4, ALL = 7 };
	enum sigv4_status status = SIGV4_OK;
	struct span name, value;
	unsigned seen = 0;

	if (!span_equal(span_cut(&text, ' '), SPAN(ALGORITHM)))
		return SIGV4_ALGORITHM;
	if (span_ends(text, SPAN(",")))
		return SIGV4_INCOMPLETE;
	while (text.len > 0 && status == SIGV4_OK) {
		unsigned part = 0;

		if (!take_part(&text, &name, &value))
			return SIGV4_INCOMPLETE;
		if (span_equal(name, SPAN("Credential"))) {
			part = CREDENTIAL;
			status = credential_parse(value, sig);
		} else if (span_equal(name, SPAN("SignedHeaders"))) {
			part = SIGNED;
			sig->signed_headers = value;
		} else if (span_equal(name, SPAN("Signature"))) {
			part = SIGNATURE;
			if (!hash_parse(value, sig->signature))
				return SIGV4_INCOMPLETE;
		}
		if (part == 0 || (seen & part) != 0)
			return SIGV4_INCOMPLETE;
		seen |= part;
	}
	return status == SIGV4_OK && seen != ALL ? SIGV4_INCOMPLETE : status;
}

/* Returns whether `name` is one of the names of `list`. */
static bool
is_signed(struct span list, struct span name)
{
	while (list.len > 0)
		if (span_equal_nocase(span_cut(&list, ';'), name))
			return true;
	return false;
}

/*
 * Returns whether the list is in ascending order, in lower case, of fields
 * that are there, and has all that it must: a field that the service acts on
 * and nobody signed is anybody's to add.
 */
static bool
signed_good(const struct sigv4_request *request, struct span list)
{
	struct span rest = list, before = SPAN("");
	size_t count = 0;

	if (list.len == 0 || list.ptr[list.len - 1] == ';' ||
	    !is_signed(list, SPAN("host")))
		return false;
	while (rest.len > 0) {
		struct span name = span_cut(&rest, ';');

		if (++count > SIGV4_SIGNED_MAX ||
		    span_compare(before, name) >= 0 ||
		    header_count(request, name) == 0)
			return false;
		for (size_t i = 0; i < name.len; i++)
			if (span_lower(name.ptr[i]) != name.ptr[i])
				return false;
		before = name;
	}
	for (size_t i = 0; i < request->headers; i++)
		if (span_starts_nocase(request->header[i].name,
				       SPAN("x-amz-")) &&
		    !is_signed(list, request->header[i].name))
			return false;
	return true;
}

/* What is announced of the body must be a hash, if it is announced. */
static bool
payload_good(const struct sigv4_request *request)
{
	static const struct span name = {"x-amz-content-sha256", 20};
	const struct span *value = header_get(request, name);
	uint8_t hash[DIGEST_SIZE];

	return value == NULL ||
	       (header_count(request, name) == 1 && hash_parse(*value, hash));
}

enum sigv4_status
sigv4_parse(const struct sigv4_request *request, struct sigv4 *ret)
{
	const struct span *text = header_get(request, SPAN("Authorization"));
	const struct span *time = header_get(request, SPAN("X-Amz-Date"));
	struct sigv4 sig = {0};
	enum sigv4_status status;

	if (query_signs(request->query) ||
	    header_count(request, SPAN("Authorization")) > 1)
		return SIGV4_TWICE;
	if (text == NULL)
		return SIGV4_ABSENT;
	status = authorization_parse(*text, &sig);
	if (status != SIGV4_OK)
		return status;
	if (time == NULL || header_count(request, SPAN("X-Amz-Date")) != 1 ||
	    !sigv4_time_parse(*time, &sig.at))
		return SIGV4_DATE;
	sig.time = *time;
	if (!span_equal(span_sub(sig.time, 0, 8), sig.date))
		return SIGV4_SCOPE_DATE;
	if (!signed_good(request, sig.signed_headers))
		return SIGV4_SIGNED;
	if (!payload_good(request))
		return SIGV4_PAYLOAD;
	sig.token = header_get(request, SPAN("X-Amz-Security-Token")) != NULL;
	*ret = sig;
	return SIGV4_OK;
}

enum sigv4_status
sigv4_check(const struct sigv4 *sig, struct span region, struct span service,
	    int64_t now)
{
	if (sig->at < now - SIGV4_SKEW_MS)
		return SIGV4_EXPIRED;
	if (sig->at > now + SIGV4_SKEW_MS)
		return SIGV4_EARLY;
	if (!span_equal(sig->region, region))
		return SIGV4_REGION;
	if (!span_equal(sig->service, service))
		return SIGV4_SERVICE;
	return sig->token ? SIGV4_TOKEN : SIGV4_OK;
}

static int
param_compare(const void *a, const void *b)
{
	const struct uri_param *left = a, *right = b;
	int order = span_compare(left->name, right->name);

	return order != 0 ? order : span_compare(left->value, right->value);
}

/* The parameters as they were sent, in order of their names and values. */
static bool
canonical_query(struct span query, struct buf *ret)
{
	struct uri_param param[URI_PARAMS_MAX];
	size_t len = 0;

	while (len < URI_PARAMS_MAX && uri_query_next(&query, &param[len]))
		len++;
	if (query.len > 0)
		return false;
	qsort(param, len, sizeof(*param), param_compare);
	for (size_t i = 0; i < len; i++)
		buf_addf(ret, "%s" SPAN_FMT "=" SPAN_FMT, i > 0 ? "&" : "",
			 SPAN_ARG(param[i].name), SPAN_ARG(param[i].value));
	return true;
}

/* Appends a value without outer white space, inner runs as one space. */
static void
canonical_value(struct span value, struct buf *ret)
{
	bool blank = false;

	value = span_trim(value);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == ' ' || c == '\t') {
			blank = true;
			continue;
		}
		if (blank)
			buf_addc(ret, ' ');
		blank = false;
		buf_addc(ret, c);
	}
}

static void
canonical_headers(const struct sigv4_request *request, struct span list,
		  struct buf *ret)
{
	while (list.len > 0) {
		struct span name = span_cut(&list, ';');
		bool first = true;

		buf_add(ret, name);
		buf_addc(ret, ':');
		for (size_t i = 0; i < request->headers; i++) {
			if (!span_equal_nocase(request->header[i].name, name))
				continue;
			if (!first)
				buf_addc(ret, ',');
			first = false;
			canonical_value(request->header[i].value, ret);
		}
		buf_addc(ret, '\n');
	}
}

bool
sigv4_canonical(const struct sigv4_request *request, struct span signed_headers,
		const uint8_t body[DIGEST_SIZE], struct buf *ret)
{
	char hex[DIGEST_HEX_SIZE];

	buf_add(ret, request->method);
	buf_addc(ret, '\n');
	if (request->path.len == 0)
		buf_addc(ret, '/');
	uri_encode_path(request->path, ret);
	buf_addc(ret, '\n');
	if (!canonical_query(request->query, ret))
		return false;
	buf_addc(ret, '\n');
	canonical_headers(request, signed_headers, ret);
	digest_hex(body, hex);
	buf_addf(ret, "\n" SPAN_FMT "\n%s", SPAN_ARG(signed_headers), hex);
	return !ret->full;
}

enum sigv4_status
sigv4_string_to_sign(const struct sigv4_request *request,
		     const struct sigv4 *sig, const uint8_t body[DIGEST_SIZE],
		     struct buf *ret)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SIGV4_CANONICAL_MAX);
	const struct span *announced =
		header_get(request, SPAN("x-amz-content-sha256"));
	uint8_t hash[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];

	digest_hex(body, hex);
	if (announced != NULL && !span_equal(*announced, span_of(hex)))
		return SIGV4_PAYLOAD;
	if (!sigv4_canonical(request, sig->signed_headers, body, &text))
		return SIGV4_INCOMPLETE;
	digest_of(buf_span(&text), hash);
	digest_hex(hash, hex);
	buf_addf(ret,
		 ALGORITHM "\n" SPAN_FMT "\n" SPAN_FMT "/" SPAN_FMT "/" SPAN_FMT
			   "/" TERMINATOR "\n%s",
		 SPAN_ARG(sig->time), SPAN_ARG(sig->date),
		 SPAN_ARG(sig->region), SPAN_ARG(sig->service), hex);
	return ret->full ? SIGV4_INCOMPLETE : SIGV4_OK;
}

void
sigv4_signature(struct span secret, struct span date, struct span region,
		struct span service, struct span string,
		uint8_t ret[SIGV4_SIGNATURE_SIZE])
{
	CLEANUP(buf_wipe) struct buf first = BUF_INIT(secret.len + 4);
	const struct span step[] = {date, region, service, SPAN(TERMINATOR),
				    string};
	uint8_t key[HMAC_SIZE], next[HMAC_SIZE];
	struct span with;

	buf_adds(&first, "AWS4");
	buf_add(&first, secret);
	with = buf_span(&first);
	for (size_t i = 0; i < COUNT(step); i++) {
		hmac_of(with, step[i], next);
		memcpy(key, next, sizeof(key));
		with = span_bytes(key, sizeof(key));
	}
	memcpy(ret, key, SIGV4_SIGNATURE_SIZE);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(next, sizeof(next));
}

static int
name_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Appends the names of all fields, in lower case and order, each once. */
static bool
list_names(const struct sigv4_request *request, struct buf *ret)
{
	struct name_list list = {.len = 0};

	if (request->headers > SIGV4_SIGNED_MAX)
		return false;
	for (size_t i = 0; i < request->headers; i++) {
		struct span name = request->header[i].name;
		char *copy = list.name[list.len++];

		if (name.len >= sizeof(list.name[0]) ||
		    header_count(request, name) != 1)
			return false;
		for (size_t j = 0; j < name.len; j++)
			copy[j] = span_lower(name.ptr[j]);
	}
	qsort(list.name, list.len, sizeof(list.name[0]), name_compare);
	for (size_t i = 0; i < list.len; i++)
		buf_addf(ret, "%s%s", i > 0 ? ";" : "", list.name[i]);
	return !ret->full;
}

bool
sigv4_sign(const struct sigv4_request *request,
	   const struct sigv4_signer *signer, const uint8_t body[DIGEST_SIZE],
	   struct buf *ret)
{
	CLEANUP(buf_release) struct buf names = BUF_INIT(8192);
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	const struct span *time = header_get(request, SPAN("x-amz-date"));
	struct sigv4 sig = {.region = signer->region,
			    .service = signer->service};
	char hex[DIGEST_HEX_SIZE];

	if (time == NULL || !sigv4_time_parse(*time, &sig.at) ||
	    header_get(request, SPAN("host")) == NULL ||
	    !list_names(request, &names))
		return false;
	sig.time = *time;
	sig.date = span_sub(*time, 0, 8);
	sig.signed_headers = buf_span(&names);
	if (sigv4_string_to_sign(request, &sig, body, &string) != SIGV4_OK)
		return false;
	sigv4_signature(signer->secret, sig.date, sig.region, sig.service,
			buf_span(&string), sig.signature);
	digest_hex(sig.signature, hex);
	buf_addf(ret,
		 ALGORITHM " Credential=" SPAN_FMT "/" SPAN_FMT "/" SPAN_FMT
			   "/" SPAN_FMT "/" TERMINATOR ", SignedHeaders=%s, "
			   "Signature=%s",
		 SPAN_ARG(signer->access_key), SPAN_ARG(sig.date),
		 SPAN_ARG(sig.region), SPAN_ARG(sig.service), names.ptr, hex);
	return !ret->full;
}

static const struct {
	enum error_code code;
	const char *text;
} refusals[SIGV4_STATUS_COUNT] = {
	[SIGV4_ABSENT] = {ERROR_NO_CREDENTIALS, "Missing Authentication Token"},
	[SIGV4_TWICE] = {ERROR_BAD_SIGNATURE,
			 "There must be one signature, in the Authorization "
			 "header; presigned requests are not accepted."},
	[SIGV4_ALGORITHM] = {ERROR_BAD_SIGNATURE,
			     "Unsupported AWS 'algorithm': only "
			     "AWS4-HMAC-SHA256 is accepted."},
	[SIGV4_INCOMPLETE] = {ERROR_BAD_SIGNATURE,
			      "Authorization header requires one 'Credential', "
			      "one 'SignedHeaders' and one 'Signature' "
			      "parameter, well formed."},
	[SIGV4_TERMINATOR] = {ERROR_BAD_SIGNATURE,
			      "Credential should be scoped with a valid "
			      "terminator: 'aws4_request'."},
	[SIGV4_DATE] = {ERROR_BAD_SIGNATURE,
			"The request must have one 'X-Amz-Date' header, as in "
			"20261123T031437Z."},
	[SIGV4_SCOPE_DATE] = {ERROR_BAD_SIGNATURE,
			      "Date in Credential scope does not match "
			      "YYYYMMDD from ISO-8601 version of date from "
			      "HTTP."},
	[SIGV4_SIGNED] = {ERROR_BAD_SIGNATURE,
			  "'SignedHeaders' must be sorted, name headers of the "
			  "request in lower case, and have 'host' and every "
			  "'x-amz-' header of it."},
	[SIGV4_PAYLOAD] = {ERROR_BAD_SIGNATURE,
			   "The provided 'x-amz-content-sha256' header does "
			   "not match what was computed."},
	[SIGV4_EXPIRED] = {ERROR_BAD_SIGNATURE, NULL},
	[SIGV4_EARLY] = {ERROR_BAD_SIGNATURE, NULL},
	[SIGV4_REGION] = {ERROR_BAD_SIGNATURE, NULL},
	[SIGV4_SERVICE] = {ERROR_BAD_SIGNATURE,
			   "Credential should be scoped to correct service: "
			   "'ses'."},
	[SIGV4_TOKEN] = {ERROR_UNKNOWN_CLIENT,
			 "The security token included in the request is "
			 "invalid."},
	[SIGV4_WRONG] = {ERROR_BAD_SIGNATURE,
			 "The request signature we calculated does not match "
			 "the signature you provided. Check your AWS Secret "
			 "Access Key and signing method. Consult the service "
			 "documentation for details."},
	[SIGV4_UNKNOWN] = {ERROR_UNKNOWN_CLIENT,
			   "The security token included in the request is "
			   "invalid."},
};

/* As AWS says it: with both times, so that a wrong clock is seen. */
static bool
refuse_time(enum sigv4_status status, const struct sigv4 *sig, int64_t now,
	    struct error *reterr)
{
	bool late = status == SIGV4_EXPIRED;
	char here[SIGV4_TIME_SIZE], edge[SIGV4_TIME_SIZE];

	sigv4_time_format(now, here);
	sigv4_time_format(late ? now - SIGV4_SKEW_MS : now + SIGV4_SKEW_MS,
			  edge);
	return error_set(reterr, ERROR_BAD_SIGNATURE,
			 "Signature %s: " SPAN_FMT " is %s %s (%s %s 5 min.)",
			 late ? "expired" : "not yet current",
			 SPAN_ARG(sig->time),
			 late ? "now earlier than" : "still later than", edge,
			 here, late ? "-" : "+");
}

bool
sigv4_refuse(enum sigv4_status status, const struct sigv4 *sig,
	     struct span region, int64_t now, struct error *reterr)
{
	assert(status > SIGV4_OK && status < SIGV4_STATUS_COUNT);
	if (status == SIGV4_EXPIRED || status == SIGV4_EARLY)
		return refuse_time(status, sig, now, reterr);
	if (status == SIGV4_REGION)
		return error_set(reterr, ERROR_BAD_SIGNATURE,
				 "Credential should be scoped to a valid "
				 "region: '" SPAN_FMT "'.",
				 SPAN_ARG(region));
	return error_set(reterr, refusals[status].code, "%s",
			 refusals[status].text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/authres.h"

#include "corpus.h"
#include "unit.h"

static const struct parse_row {
	const char *name;
	const char *value;
	enum authres_status status;
	const char *want; /* as authres_format() writes it, on one line */
} parse[] = {
	{"RFC 8601 B.2: none", "example.org 1; none", AUTHRES_OK,
	 "example.org; none"},
	{"B.3: spf", " example.com;\r\n spf=pass smtp.mailfrom=example.net",
	 AUTHRES_OK, "example.com; spf=pass smtp.mailfrom=example.net"},
	{"B.4: a comment",
	 "example.com; auth=pass (cram-md5) "
	 "smtp.auth=sender@example.net; spf=pass "
	 "smtp.mailfrom=example.net",
	 AUTHRES_OK,
	 "example.com; auth=pass smtp.auth=sender@example.net; spf=pass "
	 "smtp.mailfrom=example.net"},
	{"B.6: reasons",
	 "example.com; dkim=pass reason=\"good signature\" "
	 "header.i=@mail-router.example.net",
	 AUTHRES_OK,
	 "example.com; dkim=pass reason=\"good signature\" "
	 "header.i=@mail-router.example.net"},
	{"B.7: comments everywhere",
	 "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 "
	 "(One yay) = (wait for it) fail policy (A dot can go here) . (like "
	 "that) expired (this surprised me) = (as I wasn't expecting it) "
	 "1362471462",
	 AUTHRES_OK, "foo.example.net; dkim=fail policy.expired=1362471462"},
	{"s2.2: a version of a method", "a.b; x/2=pass", AUTHRES_OK,
	 "a.b; x/2=pass"},
	{"s2.2: version 0 is not the usual one", "a.b; x/0=fail", AUTHRES_OK,
	 "a.b; x/0=fail"},
	{"s2.2: version 1 is", "a.b; x/1=fail", AUTHRES_OK, "a.b; x=fail"},
	{"versions, beside octets that are not UTF-8",
	 "\xff"
	 "D; x/0=fail p.q=@aa\xe2; x/2=fail p.q=@b",
	 AUTHRES_OK, "\"?D\"; x/0=fail p.q=\"@aa?\"; x/2=fail p.q=@b"},
	{"s2.2: a quoted id", "\"a b\"; x=pass", AUTHRES_OK, "\"a b\"; x=pass"},
	{"s2.2: a quoted value", "a.b; x=pass p.q=\"v;w\"", AUTHRES_OK,
	 "a.b; x=pass p.q=\"v;w\""},
	{"s2.2: a quoted local part", "a.b; x=pass p.q=\"v w\"@c.d", AUTHRES_OK,
	 "a.b; x=pass p.q=\"\\\"v w\\\"@c.d\""},
	{"s2.2: several properties", "a.b; x=pass p.q=1 r.s=2", AUTHRES_OK,
	 "a.b; x=pass p.q=1 r.s=2"},
	{"a semicolon at the end", "a.b; x=pass;", AUTHRES_OK, "a.b; x=pass"},
	{"base64 in a value", "a.b; dkim=pass header.b=ab+/c=", AUTHRES_OK,
	 "a.b; dkim=pass header.b=\"ab+/c=\""},
	{"nothing", "", AUTHRES_BAD_ID, NULL},
	{"an id alone", "a.b", AUTHRES_EMPTY, NULL},
	{"an id and a semicolon", "a.b;", AUTHRES_BAD_METHOD, NULL},
	{"none and more", "a.b; none; x=pass", AUTHRES_BAD_METHOD, NULL},
	{"more and none", "a.b; x=pass; none", AUTHRES_BAD_METHOD, NULL},
	{"version 2", "a.b 2; none", AUTHRES_BAD_VERSION, NULL},
	{"a version that is none", "a.b x; none", AUTHRES_BAD_VERSION, NULL},
	{"no result", "a.b; x=", AUTHRES_BAD_METHOD, NULL},
	{"no method", "a.b; =pass", AUTHRES_BAD_METHOD, NULL},
	{"a method alone", "a.b; x", AUTHRES_BAD_METHOD, NULL},
	{"no version behind the slash", "a.b; x/=pass", AUTHRES_BAD_VERSION,
	 NULL},
	{"a reason without value", "a.b; x=pass reason=", AUTHRES_BAD_REASON,
	 NULL},
	{"a reason without equals", "a.b; x=pass reason y", AUTHRES_BAD_REASON,
	 NULL},
	{"a property without dot", "a.b; x=pass p=q", AUTHRES_BAD_PROPERTY,
	 NULL},
	{"a property without value", "a.b; x=pass p.q=", AUTHRES_BAD_PROPERTY,
	 NULL},
	{"a comment that is not closed", "a.b; x=pass (", AUTHRES_BAD_COMMENT,
	 NULL},
	{"an escape in a comment", "a.b; x=pass (\\)) p.q=1", AUTHRES_OK,
	 "a.b; x=pass p.q=1"},
	{"a quote that is not closed", "a.b; x=pass reason=\"y",
	 AUTHRES_BAD_QUOTE, NULL},
	{"an escape at the end", "a.b; x=pass (\\", AUTHRES_BAD_COMMENT, NULL},
};

/* Writes `a` on one line. */
static void
format(const struct authres *a, struct buf *to)
{
	CLEANUP(buf_release) struct buf folded = BUF_INIT(65536);

	authres_format(a, &folded);
	for (size_t i = 0; i < folded.len; i++) {
		if (folded.ptr[i] == '\r') {
			buf_addc(to, ' ');
			i++;
			while (folded.ptr[i + 1] == '\t' ||
			       folded.ptr[i + 1] == ' ')
				i++;
		} else {
			buf_addc(to, folded.ptr[i]);
		}
	}
}

static void
test_parse(void **state)
{
	const struct parse_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct authres a;

	assert_int_equal(authres_parse(span_of(row->value), false, &arena, &a),
			 row->status);
	if (row->status != AUTHRES_OK)
		return;
	format(&a, &b);
	assert_span(buf_span(&b), row->want);
}

static void
test_arc(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct authres a;

	(void)state;
	assert_int_equal(
		authres_parse(SPAN(" i=3; a.b; spf=pass"), true, &arena, &a),
		AUTHRES_OK);
	assert_int_equal(a.arc, 3);
	assert_int_equal(
		authres_parse(SPAN("i=0; a.b; none"), true, &arena, &a),
		AUTHRES_BAD_INSTANCE);
	assert_int_equal(
		authres_parse(SPAN("i=51; a.b; none"), true, &arena, &a),
		AUTHRES_BAD_INSTANCE);
	assert_int_equal(authres_parse(SPAN("a.b; none"), true, &arena, &a),
			 AUTHRES_BAD_INSTANCE);
}

/* What a sender chose cannot become a result (a4 to a6; CVE-2020-12272). */
static void
test_injection(void **state)
{
	static const char *const evil[] = {
		"a@b.c; dkim=pass header.d=legit.com",
		"legitimate.com(a.attack.com",
		"x\" ; dkim=pass",
		"x\\",
		"x\r\nFrom: y",
		"",
		" ",
		"\x7f\1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(evil); i++) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
		CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
		struct authres_property property = {
			SPAN("smtp"), SPAN("mailfrom"), span_of(evil[i])};
		struct authres_result result = {
			.method = SPAN("spf"),
			.version = 1,
			.value = SPAN("fail"),
			.reason = span_of(evil[i]),
			.property = &property,
			.properties = 1,
		};
		struct authres a = {.authserv_id = SPAN("mx.example"),
				    .version = 1,
				    .result = &result,
				    .len = 1};
		struct authres back;

		authres_format(&a, &b);
		assert_int_equal(
			authres_parse(buf_span(&b), false, &arena, &back),
			AUTHRES_OK);
		assert_int_equal(back.len, 1);
		assert_int_equal(back.result[0].properties, 1);
		assert_span(back.result[0].value, "fail");
		if (evil[i][0] >= ' ' && strchr(evil[i], '\r') == NULL &&
		    evil[i][0] != '\x7f')
			assert_span(back.result[0].property[0].value, evil[i]);
	}
}

static const struct claim_row {
	const char *name;
	const char *field;
	bool claims;
} claim[] = {
	{"D13: plain", "Authentication-Results: mx.us.example; dkim=pass\r\n",
	 true},
	{"D13: upper case",
	 "AUTHENTICATION-RESULTS: MX.US.EXAMPLE; dkim=pass\r\n", true},
	{"D13: folded",
	 "Authentication-Results:\r\n\tmx.us.example;\r\n\tdkim=pass\r\n",
	 true},
	{"D13: with a version",
	 "Authentication-Results: mx.us.example 1; dkim=pass\r\n", true},
	{"D13: with a slash",
	 "Authentication-Results: mx.us.example/1; dkim=pass\r\n", true},
	{"D13: a comment first",
	 "Authentication-Results: (x) mx.us.example; dkim=pass\r\n", true},
	{"D13: quoted",
	 "Authentication-Results: \"mx.us.\\example\"; dkim=pass\r\n", true},
	{"D13: without results", "Authentication-Results: mx.us.example\r\n",
	 true},
	{"D13: malformed",
	 "Authentication-Results: (mx.us.example; dkim=pass\r\n", true},
	{"D13: space before the colon",
	 "Authentication-Results : mx.us.example; dkim=pass\r\n", true},
	{"D13: a final dot",
	 "Authentication-Results: mx.us.example.; dkim=pass\r\n", true},
	{"D13: a final dot, quoted, and a version",
	 "Authentication-Results: \"MX.us.example.\" (a) 1; dkim=pass\r\n",
	 true},
	{"D13: a later version",
	 "Authentication-Results: mx.us.example 2; dkim=pass\r\n", true},
	{"D13: comments inside",
	 "Authentication-Results: mx(x).(y)us.example; dkim=pass\r\n", true},
	{"D13: folds inside",
	 "Authentication-Results: mx\r\n .us\r\n .example; a=b\r\n", true},
	{"D13: words in quotes",
	 "Authentication-Results: \"mx\".\"us\".example; a=b\r\n", true},
	{"D13: behind an instance",
	 "Authentication-Results: i=1; mx.us.example; a=b\r\n", true},
	{"another's", "Authentication-Results: mx.them.example; dkim=pass\r\n",
	 false},
	{"another's that speaks of us",
	 "Authentication-Results: mx.them.example; dkim=pass "
	 "header.d=mx.us.example\r\n",
	 false},
	{"another field", "X-Authentication-Results: mx.us.example; none\r\n",
	 false},
};

static void
test_claim(void **state)
{
	const struct claim_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset;

	assert_int_equal(
		header_parse(span_of(row->field), &arena, &block, &offset),
		HEADER_OK);
	assert_int_equal(authres_claims(&block.field[0], SPAN("mx.us.example")),
			 row->claims);
}

/* D13: dots at the end make no difference where an id is no domain either. */
static void
test_claim_dots(void **state)
{
	static const char *const us[] = {"our_host", "our_host.", "our_host.."};
	static const char *const them[] = {
		"Authentication-Results: our_host; a=b\r\n",
		"Authentication-Results: OUR_host..; a=b\r\n",
		"Authentication-Results: (our_host; a=b\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(us); i++)
		for (size_t k = 0; k < COUNT(them); k++) {
			CLEANUP(arena_release)
			struct arena arena = ARENA_INIT(1 << 20);
			struct header_block block;
			size_t offset;

			assert_int_equal(header_parse(span_of(them[k]), &arena,
						      &block, &offset),
					 HEADER_OK);
			assert_true(authres_claims(&block.field[0],
						   span_of(us[i])));
			assert_false(authres_claims(&block.field[0],
						    SPAN("our-host")));
		}
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = AUTHRES_OK; i <= AUTHRES_TOO_MANY; i++)
		for (int k = AUTHRES_OK; k <= i; k++)
			assert_int_equal(
				strcmp(authres_strerror((enum authres_status)i),
				       authres_strerror(
					       (enum authres_status)k)) == 0,
				i == k);
}

/* D13, IDN: U-labels and A-labels are one name, whichever ours is in. */
static void
test_claim_idn(void **state)
{
	static const char *const us[] = {"mx.b\xc3\xbc"
					 "cher.example",
					 "mx.xn--bcher-kva.example"};
	static const char *const them[] = {
		"Authentication-Results: mx.b\xc3\xbc"
		"cher.example; a=b\r\n",
		"Authentication-Results: MX.B\xc3\x9c"
		"CHER.example; a=b\r\n",
		"Authentication-Results: mx.xn--bcher-kva.example.; a=b\r\n",
		"Authentication-Results: (mx.xn--bcher-kva.example; a=b\r\n",
		"Authentication-Results: (mx.b\xc3\xbc"
		"cher.example; a=b\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(us); i++)
		for (size_t k = 0; k < COUNT(them); k++) {
			CLEANUP(arena_release)
			struct arena arena = ARENA_INIT(1 << 20);
			struct header_block block;
			size_t offset;

			assert_int_equal(header_parse(span_of(them[k]), &arena,
						      &block, &offset),
					 HEADER_OK);
			assert_true(authres_claims(&block.field[0],
						   span_of(us[i])));
			assert_false(authres_claims(&block.field[0],
						    SPAN("mx.bucher.example")));
		}
}

/* How a property's value is written, and read back (RFC 8601 s2.2). */
static const struct value_row {
	const char *name;
	const char *value;
	const char *want;
	const char *back; /* NULL: as it was */
} values[] = {
	{"a domain", "a.example", "a.example", NULL},
	{"an address", "a.b+c=d@e.example", "a.b+c=d@e.example", NULL},
	{"a domain behind an at sign", "@a.example", "@a.example", NULL},
	{"a token", "rsa-sha256", "rsa-sha256", NULL},
	{"base64", "ab+/c=", "\"ab+/c=\"", NULL},
	{"nothing", "", "\"\"", NULL},
	{"two at signs", "a@b@c.d", "\"a@b@c.d\"", NULL},
	{"an at sign at the end", "a@", "\"a@\"", NULL},
	{"two dots in a local part", "a..b@c.d", "\"a..b@c.d\"", NULL},
	{"a quoted local part", "\"a b\"@c.d", "\"\\\"a b\\\"@c.d\"", NULL},
	{"an address literal", "a@[192.0.2.1]", "\"a@[192.0.2.1]\"", NULL},
	{"a comment", "a(b)@c.d", "\"a(b)@c.d\"", NULL},
	{"a field", "a\r\nX: y", "\"a??X: y\"", "a??X: y"},
	{"RFC 8616: EAI", "j\xc3\xb6@b\xc3\xbc.example",
	 "j\xc3\xb6@b\xc3\xbc.example", NULL},
	{"what is not UTF-8", "a\xff@b.c", "\"a?@b.c\"", "a?@b.c"},
	{"UTF-8 with spaces", "\xc3\xb6 \xc3", "\"\xc3\xb6 ?\"", "\xc3\xb6 ?"},
	{"an IPv6 address", "2001:db8::1", "\"2001:db8::1\"", NULL},
};

static void
test_value(void **state)
{
	const struct value_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct authres_property property = {SPAN("smtp"), SPAN("mailfrom"),
					    span_of(row->value)};
	struct authres_result result = {.method = SPAN("spf"),
					.version = 1,
					.value = SPAN("pass"),
					.reason = SPAN(""),
					.property = &property,
					.properties = 1};
	struct authres a = {.authserv_id = SPAN("mx.example"),
			    .version = 1,
			    .result = &result,
			    .len = 1};

	authres_format(&a, &b);
	assert_span(span_skip(buf_span(&b), span_find(buf_span(&b), '=') + 1 +
						    strlen("pass\r\n\t smtp."
							   "mailfrom=")),
		    row->want);
	assert_int_equal(authres_parse(buf_span(&b), false, &arena, &a),
			 AUTHRES_OK);
	assert_span(a.result[0].property[0].value,
		    row->back != NULL ? row->back : row->value);
}

/* RFC 5322 s2.1.1: no line above 998 octets, whatever the value is. */
static void
test_long(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	char text[5000];
	struct authres_property property = {SPAN("smtp"), SPAN("mailfrom"),
					    span_bytes(text, sizeof(text))};
	struct authres_result result = {.method = SPAN("spf"),
					.version = 1,
					.value = SPAN("pass"),
					.reason = SPAN(""),
					.property = &property,
					.properties = 1};
	struct authres a = {.authserv_id = SPAN("mx.example"),
			    .version = 1,
			    .result = &result,
			    .len = 1};
	struct span rest;

	(void)state;
	memset(text, 'a', sizeof(text));
	authres_format(&a, &b);
	for (rest = buf_span(&b); rest.len > 0;)
		assert_true(span_cut(&rest, '\n').len <= 998);
	assert_int_equal(authres_parse(buf_span(&b), false, &arena, &a),
			 AUTHRES_OK);
	assert_int_equal(a.result[0].property[0].value.len, AUTHRES_VALUE_MAX);
}

/* A field of nothing but quoted strings takes no more memory than said. */
static void
test_memory(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(HEADER_SIZE_MAX);
	struct authres a;

	(void)state;
	buf_adds(&b, "mx.example");
	for (int i = 0; i < AUTHRES_RESULTS_MAX; i++) {
		buf_adds(&b, "; a=b");
		for (int k = 0; k < AUTHRES_PROPERTIES_MAX; k++)
			buf_adds(&b, " c.d=\"efgh ijkl\"");
	}
	assert_false(b.full);
	assert_int_equal(authres_parse(buf_span(&b), false, &arena, &a),
			 AUTHRES_OK);
	assert_int_equal(a.len, AUTHRES_RESULTS_MAX);
	assert_span(a.result[63].property[31].value, "efgh ijkl");
	buf_adds(&b, "; a=b");
	assert_int_equal(authres_parse(buf_span(&b), false, &arena, &a),
			 AUTHRES_TOO_MANY);
}

/* The results of a field as they are written, and of nobody else's. */
static const struct results_row {
	const char *name;
	const char *field;
	const char *want;
} results[] = {
	{"as written", "Authentication-Results: us; a=b (c;d)\r\n e.f=g\r\n",
	 "a=b (c;d)\r\n e.f=g"},
	{"a semicolon at the end", "Authentication-Results: us; a=b ; \r\n",
	 "a=b"},
	{"a final dot", "Authentication-Results: US.; a=b\r\n", "a=b"},
	{"none", "Authentication-Results: us; none\r\n", ""},
	{"another's", "Authentication-Results: them; a=b\r\n", ""},
	{"malformed", "Authentication-Results: us; a\r\n", ""},
	{"another field", "X-Results: us; a=b\r\n", ""},
};

static void
test_results(void **state)
{
	const struct results_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset;

	assert_int_equal(
		header_parse(span_of(row->field), &arena, &block, &offset),
		HEADER_OK);
	assert_span(authres_results(&block.field[0], SPAN("us")), row->want);
}

/* The two forms that results have in the suites. */
static bool
same_result(const struct authres_result *r, const json_t *want)
{
	const json_t *props = json_object_get(want, "properties"), *p;
	size_t i;

	if (json_is_array(want))
		return span_equal(r->method,
				  json_text(json_array_get(want, 0))) &&
		       span_equal(r->value, json_text(json_array_get(want, 1)));
	json_array_foreach(props, i, p)
	{
		const struct authres_property *got = &r->property[i];

		if (i >= r->properties ||
		    !span_equal(got->type, json_text(json_array_get(p, 0))) ||
		    !span_equal(got->name, json_text(json_array_get(p, 1))) ||
		    !span_equal(got->value, json_text(json_array_get(p, 2))))
			return false;
	}
	return span_equal(r->method, corpus_member(want, "method")) &&
	       span_equal(r->value, corpus_member(want, "result")) &&
	       (props == NULL || i == r->properties);
}

static bool
row_agrees(const json_t *one)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	const json_t *list = json_object_get(one, "results"), *want;
	struct span value = corpus_member(one, "value");
	bool valid = span_equal(corpus_member(one, "expect"), SPAN("valid"));
	bool arc = span_starts(span_trim(value), SPAN("i="));
	struct authres a;
	size_t i;

	if (authres_parse(value, arc, &arena, &a) != AUTHRES_OK)
		return !valid;
	if (!valid)
		return false;
	if (json_object_get(one, "authserv_id") != NULL &&
	    !span_equal(a.authserv_id, corpus_member(one, "authserv_id")))
		return false;
	if (list == NULL)
		list = json_object_get(one, "methods");
	if (list != NULL && json_array_size(list) != a.len)
		return false;
	json_array_foreach(list, i, want) if (!same_result(&a.result[i],
							   want)) return false;
	return true;
}

static void
test_corpus(void **state)
{
	json_t *json = corpus_json("authres/authres.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one) bad +=
		corpus_row("authres.json", corpus_member(one, "id"),
			   row_agrees(one));
	json_decref(json);
	assert_int_equal(i, 92);
	assert_int_equal(bad, 0);
}

/* D13: adjacent ones too, in one pass; the rest stays byte for byte. */
static void
test_strip(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct header_block block;
	size_t offset;

	(void)state;
	assert_int_equal(
		header_parse(SPAN("Authentication-Results: us; none\r\n"
				  "Authentication-Results: us; none\r\n"
				  "Authentication-Results: them; none\r\n"
				  "From:  a\r\n b\r\n"
				  "authentication-results: US; dkim=pass\r\n"
				  "Authentication-Results: us; none\r\n\r\n"),
			     &arena, &block, &offset),
		HEADER_OK);
	assert_true(authres_strip(&block, SPAN("us"), &b));
	assert_span(buf_span(&b), "Authentication-Results: them; none\r\n"
				  "From:  a\r\n b\r\n");
}

int
main(void)
{
	UNIT_ROWS(test_parse, parse);
	UNIT(test_arc);
	UNIT(test_injection);
	UNIT_ROWS(test_claim, claim);
	UNIT(test_strip);
	UNIT(test_claim_idn);
	UNIT(test_claim_dots);
	UNIT(test_strerror);
	UNIT_ROWS(test_value, values);
	UNIT(test_long);
	UNIT(test_memory);
	UNIT_ROWS(test_results, results);
	UNIT(test_corpus);
	return unit_run("mailauth/authres");
}

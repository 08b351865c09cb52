/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing of a signed request can change unnoticed: each request that real
 * clients sent is changed at each of its octets, in many ways, one at a time.
 */
#include "ses/sigv4.h"

#include "sigv4_vectors.h"
#include "text/uri.h"

/* Whether changing the octet at `at` must be noticed. */
static bool
counts(const struct vector_parts *p, const char *at)
{
	struct span list = SPAN("");
	struct sigv4 sig;

	for (size_t i = 0; i < p->http.headers; i++) {
		const struct http_header *h = &p->http.header[i];

		if (at < h->name.ptr || at >= h->value.ptr + h->value.len)
			continue;
		if (span_equal_nocase(h->name, SPAN("Authorization")) ||
		    span_starts_nocase(h->name, SPAN("x-amz-")))
			return at >= h->value.ptr;
		assert_int_equal(sigv4_parse(&p->request, &sig), SIGV4_OK);
		list = sig.signed_headers;
		while (list.len > 0)
			if (span_equal_nocase(span_cut(&list, ';'), h->name))
				return at >= h->value.ptr;
		return false;
	}
	/* the request line, but for "HTTP/1.1", and the body */
	return (at < p->http.target.ptr + p->http.target.len &&
		at != p->http.target.ptr - 1) ||
	       (p->body.len > 0 && at >= p->body.ptr);
}

/* Flips each bit that is signed, one at a time: none may pass. */
static void
test_flipped(void **state)
{
	const struct vector *row = *state;
	size_t len = strlen(row->request), flipped = 0;
	struct vector_parts whole, p;

	assert_true(vector_take_apart(span_of(row->request), &whole));
	for (size_t i = 0; i < len; i++) {
		if (!counts(&whole, whole.text + i))
			continue;
		for (int bit = 0; bit < 8; bit++) {
			char text[4096];

			memcpy(text, row->request, len);
			text[i] = (char)(text[i] ^ (1 << bit));
			flipped++;
			if (vector_take_apart(span_bytes(text, len), &p) &&
			    vector_verify(&p, VECTOR_NOW) == row->status)
				fail_msg("bit %d of octet %zu ('%c')", bit, i,
					 row->request[i]);
		}
	}
	assert_true(flipped > 1000);
}

/* ---- what two requests mean, told without the code under test ---- */

/* Appends all values of a field, in their order, runs of blanks as one. */
static void
values_of(const struct vector_parts *p, struct span name, struct buf *ret)
{
	for (size_t i = 0; i < p->http.headers; i++) {
		struct span rest = p->http.header[i].value;

		if (!span_equal_nocase(p->http.header[i].name, name))
			continue;
		for (size_t at = 0; at < rest.len; at++) {
			bool blank =
				rest.ptr[at] == ' ' || rest.ptr[at] == '\t';
			bool again = at > 0 && (rest.ptr[at - 1] == ' ' ||
						rest.ptr[at - 1] == '\t');

			if (!blank || !again)
				buf_addc(ret, blank ? ' ' : rest.ptr[at]);
		}
		buf_addc(ret, '\n');
	}
}

static size_t
count_param(struct span query, const struct uri_param *param)
{
	struct uri_param one;
	size_t count = 0;

	while (uri_query_next(&query, &one))
		count += span_equal(one.name, param->name) &&
			 span_equal(one.value, param->value);
	return count;
}

/* Whether `b` has all parameters of `a`, as often. */
static bool
query_within(struct span a, struct span b)
{
	struct span rest = a;
	struct uri_param param;

	while (uri_query_next(&rest, &param))
		if (count_param(a, &param) != count_param(b, &param))
			return false;
	return true;
}

static bool
same_values(const struct vector_parts *a, const struct vector_parts *b,
	    struct span list)
{
	while (list.len > 0) {
		CLEANUP(buf_release) struct buf mine = BUF_INIT(4096);
		CLEANUP(buf_release) struct buf other = BUF_INIT(4096);
		struct span name = span_cut(&list, ';');

		values_of(a, name, &mine);
		values_of(b, name, &other);
		if (!span_equal(buf_span(&mine), buf_span(&other)))
			return false;
	}
	return true;
}

/* Whether two requests ask for the same, by the same authority. */
static bool
same_meaning(const struct vector_parts *a, const struct vector_parts *b)
{
	struct sigv4 mine, other;

	assert_int_equal(sigv4_parse(&a->request, &mine), SIGV4_OK);
	assert_int_equal(sigv4_parse(&b->request, &other), SIGV4_OK);
	return span_equal(a->http.method, b->http.method) &&
	       span_equal(a->http.path, b->http.path) &&
	       query_within(a->http.query, b->http.query) &&
	       query_within(b->http.query, a->http.query) &&
	       span_equal(a->body, b->body) &&
	       span_equal(mine.access_key, other.access_key) &&
	       span_equal(mine.date, other.date) &&
	       span_equal(mine.region, other.region) &&
	       span_equal(mine.service, other.service) &&
	       span_equal(mine.time, other.time) &&
	       span_equal(mine.signed_headers, other.signed_headers) &&
	       memcmp(mine.signature, other.signature,
		      sizeof(mine.signature)) == 0 &&
	       same_values(a, b, mine.signed_headers);
}

/* ---- the changes ---- */

/* Puts `with` in the place of `len` octets at `at`. */
static struct span
changed(struct span text, size_t at, size_t len, struct span with, char *ret)
{
	size_t rest = at + len < text.len ? text.len - at - len : 0;

	memcpy(ret, text.ptr, at);
	memcpy(ret + at, with.ptr, with.len);
	memcpy(ret + at + with.len, text.ptr + text.len - rest, rest);
	return span_bytes(ret, at + with.len + rest);
}

/* What came of the changes of a request. */
struct tally {
	const struct vector *row;
	struct vector_parts whole;
	size_t refused, same;
};

static void
judge(struct tally *t, struct span text, size_t at)
{
	struct vector_parts p;

	if (!vector_take_apart(text, &p) ||
	    vector_verify(&p, VECTOR_NOW) != t->row->status) {
		t->refused++;
		return;
	}
	if (!same_meaning(&t->whole, &p))
		fail_msg("unnoticed at %zu: " SPAN_FMT, at, SPAN_ARG(text));
	t->same++;
}

static void
test_changed(void **state)
{
	static const char *const put[] = {
		"",     " ",   "\t", ",", "/",  "//", "/.",
		"%",    "%25", "%2", "+", "&",  "=",  "&a",
		";",    ":",   "?",  "0", "a",  "A",  "\n",
		"\r\n", "#",   ".",  "~", "\\", "@",  "x-amz-b: 1\r\n"};
	struct tally t = {.row = *state};
	struct span text = span_of(t.row->request);
	char room[4096], two[2];

	assert_true(vector_take_apart(text, &t.whole));
	for (size_t i = 0; i < text.len; i++) {
		for (size_t k = 0; k < COUNT(put); k++) {
			judge(&t, changed(text, i, 0, span_of(put[k]), room),
			      i);
			judge(&t, changed(text, i, 1, span_of(put[k]), room),
			      i);
		}
		two[0] = two[1] = text.ptr[i];
		judge(&t, changed(text, i, 1, span_bytes(two, 2), room), i);
		if (i + 1 < text.len) {
			two[0] = text.ptr[i + 1];
			judge(&t, changed(text, i, 2, span_bytes(two, 2), room),
			      i);
		}
	}
	/* "" put in is no change: so some pass, and by far the most do not. */
	assert_true(t.same > text.len && t.refused > 20 * text.len);
}

int
main(void)
{
	UNIT_ROWS(test_flipped, vectors);
	UNIT_ROWS(test_changed, vectors);
	return unit_run("ses/sigv4_change");
}

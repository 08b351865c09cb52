/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

#define HEADER                                                                 \
	"From: A <a@a.example>\r\nTo: b@b.example\r\nSubject: hi\r\n"          \
	"Authentication-Results: mx.b.example; dkim=pass header.d=a.example"   \
	"\r\nAuthentication-Results: other.example; none\r\n"                  \
	"Authentication-Results: MX.b.example; none\r\n"
#define BODY "\r\nOne line.\r\n\r\n.. and more\r\n"

/* What a message is signed with, and the zone it is verified in. */
struct world {
	struct sesame_key *key;
	struct zone_row zone[4];
};

static void
world_init(struct world *w, enum sesame_key_type type, int bits)
{
	assert_int_equal(sesame_key_generate(type, bits, &w->key), SESAME_OK);
	assert_int_equal(sesame_key_type(w->key), type);
	w->zone[0] = (struct zone_row){"s._domainkey.a.example", SESAME_DNS_TXT,
				       sesame_key_record(w->key).ptr};
	w->zone[1] = (struct zone_row){"_dmarc.a.example", SESAME_DNS_TXT,
				       "v=DMARC1; p=reject"};
	w->zone[2] = (struct zone_row){"a.example", SESAME_DNS_TXT,
				       "v=spf1 ip4:192.0.2.1 -all"};
	w->zone[3] = (struct zone_row){"mx.a.example", SESAME_DNS_TXT,
				       "v=spf1 -all"};
}

static struct sesame_sign_input
how(const struct sesame_key *key)
{
	return (struct sesame_sign_input){
		.size = sizeof(struct sesame_sign_input),
		.domain = sesame_text_of("A.example"),
		.selector = sesame_text_of("s"),
		.key = key,
		.time_s = 1000,
	};
}

/* Appends `message` with its signature on top. */
static void
sign(const struct sesame_sign_input *in, struct span message, size_t piece,
     struct buf *to)
{
	struct span rest = message;
	struct sesame_sign *sign;
	struct sesame_text field;

	assert_int_equal(sesame_sign_new(in, &sign), SESAME_OK);
	for (; rest.len > 0; rest = span_skip(rest, piece))
		assert_int_equal(sesame_sign_feed(sign, rest.ptr,
						  span_head(rest, piece).len),
				 SESAME_OK);
	assert_int_equal(sesame_sign_end(sign), SESAME_OK);
	field = sesame_sign_field(sign);
	assert_true(field.len > 100 && field.ptr[field.len] == '\0');
	buf_add(to, (struct span){field.ptr, field.len});
	buf_add(to, message);
	assert_int_equal(sesame_sign_end(sign), SESAME_ERR_ORDER);
	assert_int_equal(sesame_sign_feed(sign, "x", 1), SESAME_ERR_ORDER);
	sesame_sign_free(sign);
}

static struct sesame_verify *
start(struct sesame_cache *cache, unsigned flags)
{
	struct sesame_verify_input in = {
		.size = sizeof(in),
		.client_ip = sesame_text_of("192.0.2.1"),
		.helo = sesame_text_of("mx.a.example"),
		.mail_from = sesame_text_of("<x@a.example>"),
		.receiver = sesame_text_of("mx.b.example"),
		.time_ms = 2000000,
		.cache = cache,
		.flags = flags,
	};
	struct sesame_verify *verify;

	assert_int_equal(sesame_verify_new(&in, &verify), SESAME_OK);
	return verify;
}

static struct sesame_verify *
verify(const struct world *w, struct span message, size_t piece, unsigned flags,
       struct sesame_cache *cache)
{
	struct sesame_verify *v = start(cache, flags);

	for (; message.len > 0; message = span_skip(message, piece))
		assert_int_equal(
			sesame_verify_feed(v, message.ptr,
					   span_head(message, piece).len),
			SESAME_OK);
	assert_null(sesame_dns_ask(sesame_verify_dns(v)));
	assert_int_equal(sesame_verify_end(v), SESAME_OK);
	assert_null(sesame_verify_result(v));
	assert_null(sesame_verify_dkim(v, 0));
	assert_null(sesame_verify_dmarc(v));
	assert_null(sesame_verify_spf(v));
	assert_text(sesame_verify_authres(v, sesame_text_of("x")), "");
	assert_int_equal(zone_answer_all(sesame_verify_dns(v), w->zone,
					 COUNT(w->zone),
					 piece > 1 ? ZONE_WIRE : ZONE_ADDED),
			 5);
	return v;
}

static void
check_good(struct sesame_verify *v, const struct world *w)
{
	const struct sesame_verify_result *r = sesame_verify_result(v);
	const struct sesame_dkim_result *d = sesame_verify_dkim(v, 0);

	assert_int_equal(r->verdict, SESAME_VERDICT_PASS);
	assert_text(r->author, "a@a.example");
	assert_text(r->author_domain, "a.example");
	assert_text(r->author_name, "A");
	assert_string_equal(r->author_text, "");
	assert_int_equal(r->turn, SESAME_TURN_NOBODY);
	assert_int_equal(r->dkim, SESAME_DKIM_PASS);
	assert_int_equal(r->dkim_count, 1);
	assert_true(r->spf_aligned);
	assert_int_equal(sesame_verify_spf(v)->code, SESAME_SPF_PASS);
	assert_int_equal(sesame_verify_helo(v)->code, SESAME_SPF_FAIL);
	assert_int_equal(sesame_verify_helo(v)->identity, SESAME_SPF_HELO);
	assert_int_equal(d->code, SESAME_DKIM_PASS);
	assert_int_equal(d->reason, SESAME_DKIM_GOOD);
	assert_text(d->domain, "a.example");
	assert_text(d->selector, "s");
	assert_text(d->identity, "@a.example");
	assert_text(d->record, sesame_key_record(w->key).ptr);
	assert_int_equal(d->bits, sesame_key_bits(w->key));
	assert_int_equal(d->time_s, 1000);
	assert_int_equal(d->expiry_s, -1);
	assert_int_equal(d->field, 0);
	assert_true(d->aligned && d->dmarc_eligible);
	assert_null(sesame_verify_dkim(v, 1));
	assert_int_equal(sesame_verify_dmarc(v)->code, SESAME_DMARC_PASS);
	assert_int_equal(sesame_verify_arc(v)->code, SESAME_ARC_NONE);
	assert_non_null(strstr(sesame_verify_report(v).ptr, "DKIM pass"));
}

static void
test_signed(void **state)
{
	static const size_t pieces[] = {1, 2, 7, 4096};
	const struct sesame_sign_input *type = *state;
	struct world w;
	struct sesame_cache *cache = sesame_cache_new(NULL);

	world_init(&w, type->key_type,
		   type->key_type == SESAME_KEY_RSA ? 2048 : 0);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct sesame_sign_input in = how(w.key);
		struct buf message = BUF_INIT(65536);
		struct sesame_verify *v;

		sign(&in, SPAN(HEADER BODY), pieces[i], &message);
		v = verify(&w, buf_span(&message), pieces[i], 0, cache);
		check_good(v, &w);
		sesame_verify_free(v);
		buf_release(&message);
	}
	assert_int_equal(sesame_cache_counts(cache)->key_misses, 1);
	assert_int_equal(sesame_cache_counts(cache)->key_hits, 3);
	sesame_cache_free(cache);
	sesame_key_free(w.key);
}

/* A change of each octet of the body, and of those signed of the header. */
static void
test_changed(void **state)
{
	struct world w;
	struct buf message = BUF_INIT(65536);
	struct sesame_sign_input in;
	size_t body;

	(void)state;
	world_init(&w, SESAME_KEY_ED25519, 0);
	in = how(w.key);
	sign(&in, SPAN(HEADER BODY), 4096, &message);
	body = message.len - (sizeof(BODY) - 1) + 2;
	for (size_t at = body; at < body + 9; at++) {
		struct sesame_verify *v;

		message.ptr[at] ^= 1;
		v = verify(&w, buf_span(&message), 4096, 0, NULL);
		assert_int_equal(sesame_verify_dkim(v, 0)->code,
				 SESAME_DKIM_FAIL);
		assert_int_equal(sesame_verify_dkim(v, 0)->reason,
				 SESAME_DKIM_BODY);
		assert_int_equal(sesame_verify_result(v)->verdict,
				 SESAME_VERDICT_PARTLY);
		assert_int_equal(
			sesame_verify_explain(v, message.ptr, message.len),
			SESAME_OK);
		assert_string_equal(sesame_verify_result(v)->fact,
				    "dkim.body_changed");
		assert_true(sesame_verify_result(v)->headline.len > 10);
		sesame_verify_free(v);
		message.ptr[at] ^= 1;
	}
	buf_release(&message);
	sesame_key_free(w.key);
}

/* A file's lines, signed and verified, are as if they ended in CRLF. */
static void
test_unix_lines(void **state)
{
	static const size_t pieces[] = {1, 3, 4096};
	struct world w;

	(void)state;
	world_init(&w, SESAME_KEY_ED25519, 0);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct buf crlf = BUF_INIT(65536), lf = BUF_INIT(65536),
			   unix_file = BUF_INIT(65536);
		struct sesame_sign_input in = how(w.key);
		struct sesame_verify *v;

		for (const char *p = HEADER BODY; *p != '\0'; p++)
			if (*p != '\r')
				buf_addc(&unix_file, *p);
		sign(&in, SPAN(HEADER BODY), 4096, &crlf);
		in.flags = SESAME_UNIX_LINES;
		sign(&in, buf_span(&unix_file), pieces[i], &lf);
		/* the same signature: a field, then the message */
		assert_memory_equal(crlf.ptr, lf.ptr,
				    crlf.len - sizeof(HEADER BODY) + 1);
		v = verify(&w, buf_span(&lf), pieces[i], SESAME_UNIX_LINES,
			   NULL);
		check_good(v, &w);
		sesame_verify_free(v);
		v = verify(&w, buf_span(&crlf), pieces[i], SESAME_UNIX_LINES,
			   NULL);
		check_good(v, &w);
		sesame_verify_free(v);
		buf_release(&crlf);
		buf_release(&lf);
		buf_release(&unix_file);
	}
	sesame_key_free(w.key);
}

static void
test_authres(void **state)
{
	struct world w;
	struct buf message = BUF_INIT(65536);
	struct sesame_sign_input in;
	const struct sesame_field *field;
	struct sesame_text id = sesame_text_of("mx.b.example"), text;
	struct sesame_verify *v;

	(void)state;
	world_init(&w, SESAME_KEY_ED25519, 0);
	in = how(w.key);
	sign(&in, SPAN(HEADER BODY), 4096, &message);
	v = verify(&w, buf_span(&message), 4096, 0, NULL);
	text = sesame_verify_authres(v, id);
	assert_true(span_starts((struct span){text.ptr, text.len},
				SPAN("Authentication-Results: mx.b.example;")));
	assert_true(span_ends((struct span){text.ptr, text.len}, SPAN("\r\n")));
	assert_non_null(strstr(text.ptr, "spf=pass"));
	assert_non_null(strstr(text.ptr, "smtp.mailfrom=x@a.example"));
	assert_non_null(strstr(text.ptr, "spf=fail"));
	assert_non_null(strstr(text.ptr, "smtp.helo=mx.a.example"));
	assert_non_null(strstr(text.ptr, "dkim=pass"));
	assert_non_null(strstr(text.ptr, "header.d=a.example"));
	assert_non_null(strstr(text.ptr, "header.a=ed25519-sha256"));
	assert_non_null(strstr(text.ptr, "dmarc=pass"));
	assert_non_null(strstr(text.ptr, "header.from=a.example"));
	assert_null(strstr(text.ptr, "\tarc="));
	/* no name that could look like a result */
	assert_text(sesame_verify_authres(v, sesame_text_of("")), "");
	assert_text(sesame_verify_authres(v, sesame_text_of("a; dkim=pass")),
		    "");
	assert_text(sesame_verify_authres(v, sesame_text_of("a\r\nb")), "");

	field = sesame_verify_forged(v, id, 0);
	assert_int_equal(field->index, 1);
	assert_true(span_starts(span_skip(buf_span(&message), field->offset),
				SPAN("Authentication-Results: mx.b.example;")));
	assert_int_equal(message.ptr[field->offset + field->len - 1], '\n');
	field = sesame_verify_forged(v, id, 1);
	assert_int_equal(field->index, 3);
	assert_true(span_starts(span_skip(buf_span(&message), field->offset),
				SPAN("Authentication-Results: MX.b.example")));
	assert_null(sesame_verify_forged(v, id, 2));
	assert_null(sesame_verify_forged(v, sesame_text_of("c.example"), 0));
	sesame_verify_free(v);
	buf_release(&message);
	sesame_key_free(w.key);
}

static void
test_order(void **state)
{
	struct sesame_verify *v = start(NULL, 0);

	(void)state;
	assert_null(sesame_verify_forged(v, sesame_text_of("x"), 0));
	assert_int_equal(sesame_verify_explain(v, "", 0), SESAME_ERR_ORDER);
	assert_int_equal(
		sesame_dns_answer(sesame_verify_dns(v), SESAME_DNS_OK, 0),
		SESAME_ERR_ORDER);
	assert_int_equal(sesame_verify_end(v), SESAME_OK);
	assert_int_equal(sesame_verify_end(v), SESAME_ERR_ORDER);
	assert_int_equal(sesame_verify_feed(v, "x", 1), SESAME_ERR_ORDER);
	assert_text(sesame_verify_report(v), "");
	sesame_verify_free(v);
	sesame_verify_free(NULL);
}

static void
test_input(void **state)
{
	struct sesame_verify_input in = {.size = sizeof(in)};
	struct sesame_verify *v;

	(void)state;
	in.client_ip = sesame_text_of("hello");
	assert_int_equal(sesame_verify_new(&in, &v), SESAME_ERR_ADDRESS);
	in.client_ip = sesame_text_of(NULL);
	in.flags = 2;
	assert_int_equal(sesame_verify_new(&in, &v), SESAME_ERR_ARGUMENT);
	in.flags = 0;
	/* without an address there is no SPF */
	assert_int_equal(sesame_verify_new(&in, &v), SESAME_OK);
	assert_int_equal(sesame_verify_end(v), SESAME_OK);
	assert_null(sesame_dns_ask(sesame_verify_dns(v)));
	assert_null(sesame_verify_spf(v));
	assert_null(sesame_verify_helo(v));
	assert_int_equal(sesame_verify_result(v)->verdict, SESAME_VERDICT_FAIL);
	assert_true(strlen(sesame_verify_result(v)->author_text) > 0);
	sesame_verify_free(v);
}

int
main(void)
{
	static const struct sesame_sign_input types[] = {
		{.key_type = SESAME_KEY_RSA}, {.key_type = SESAME_KEY_ED25519}};

	unit_add("signed with RSA", test_signed, &types[0]);
	unit_add("signed with Ed25519", test_signed, &types[1]);
	UNIT(test_changed);
	UNIT(test_unix_lines);
	UNIT(test_authres);
	UNIT(test_order);
	UNIT(test_input);
	return unit_run("lib/verify");
}

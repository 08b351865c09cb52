/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

#define MESSAGE                                                                \
	"Authentication-Results: mx.b.example; spf=pass "                      \
	"smtp.mailfrom=a.example\r\n"                                          \
	"From: a@a.example\r\nSubject: hi\r\n\r\nbody\r\n"

static struct sesame_key *key;
static struct zone_row zone[1];

static struct sesame_seal_input
how(void)
{
	return (struct sesame_seal_input){
		.size = sizeof(struct sesame_seal_input),
		.domain = sesame_text_of("b.example"),
		.selector = sesame_text_of("s"),
		.key = key,
		.time_s = 1000,
		.authserv_id = sesame_text_of("mx.b.example"),
	};
}

/* Starts on `message`, and answers what is asked. */
static struct sesame_seal *
start(const struct sesame_seal_input *in, struct span message, size_t piece)
{
	struct sesame_seal *seal;

	assert_int_equal(sesame_seal_new(in, &seal), SESAME_OK);
	for (; message.len > 0; message = span_skip(message, piece))
		assert_int_equal(
			sesame_seal_feed(seal, message.ptr,
					 span_head(message, piece).len),
			SESAME_OK);
	assert_int_equal(sesame_seal_make(seal, NULL), SESAME_ERR_ORDER);
	assert_null(sesame_seal_chain(seal));
	assert_int_equal(sesame_seal_end(seal), SESAME_OK);
	assert_int_equal(sesame_seal_end(seal), SESAME_ERR_ORDER);
	zone_answer_all(sesame_seal_dns(seal), zone, COUNT(zone), ZONE_WIRE);
	return seal;
}

/* Returns what validation says of `message`. */
static enum sesame_arc_code
validate(struct span message, unsigned want_sets)
{
	struct sesame_arc_input in = {.size = sizeof(in)};
	const struct sesame_arc_result *result;
	enum sesame_arc_code code;
	struct sesame_arc *arc;

	assert_int_equal(sesame_arc_new(&in, &arc), SESAME_OK);
	assert_int_equal(sesame_arc_feed(arc, message.ptr, message.len),
			 SESAME_OK);
	assert_null(sesame_arc_result(arc));
	assert_int_equal(sesame_arc_end(arc), SESAME_OK);
	zone_answer_all(sesame_arc_dns(arc), zone, COUNT(zone), ZONE_ADDED);
	result = sesame_arc_result(arc);
	code = result->code;
	assert_int_equal(result->sets, want_sets);
	assert_text(result->domain, want_sets > 0 ? "b.example" : "");
	sesame_arc_free(arc);
	return code;
}

/* Three sets, one after the other; then a change breaks the chain. */
static void
test_chain(void **state)
{
	struct sesame_seal_input in = how();
	struct buf message = BUF_INIT(65536), next = BUF_INIT(65536);

	(void)state;
	buf_add(&message, SPAN(MESSAGE));
	assert_int_equal(validate(buf_span(&message), 0), SESAME_ARC_NONE);
	for (unsigned i = 1; i <= 3; i++) {
		struct sesame_seal *seal = start(&in, buf_span(&message), i);
		struct sesame_text fields;

		assert_int_equal(sesame_seal_chain(seal)->code,
				 i == 1 ? SESAME_ARC_NONE : SESAME_ARC_PASS);
		assert_text(sesame_seal_fields(seal), "");
		assert_int_equal(sesame_seal_make(seal, NULL), SESAME_OK);
		fields = sesame_seal_fields(seal);
		assert_non_null(strstr(fields.ptr, "spf=pass"));
		buf_add(&next, (struct span){fields.ptr, fields.len});
		buf_add(&next, buf_span(&message));
		buf_clear(&message);
		buf_add(&message, buf_span(&next));
		buf_clear(&next);
		assert_int_equal(validate(buf_span(&message), i),
				 SESAME_ARC_PASS);
		sesame_seal_free(seal);
	}
	message.ptr[message.len - 3] ^= 1;
	assert_int_equal(validate(buf_span(&message), 3), SESAME_ARC_FAIL);
	buf_release(&message);
	buf_release(&next);
}

/* The key is elsewhere: two digests go out, two signatures come in. */
static void
test_split(void **state)
{
	struct sesame_seal_input in = how();
	unsigned char first[SESAME_DIGEST_SIZE], second[SESAME_DIGEST_SIZE];
	struct sesame_seal *seal;

	(void)state;
	in.key = NULL;
	in.key_type = SESAME_KEY_RSA;
	in.results = sesame_text_of("dkim=none");
	seal = start(&in, SPAN(MESSAGE), 4096);
	assert_int_equal(sesame_seal_digest(seal, first), SESAME_ERR_ORDER);
	assert_int_equal(sesame_seal_make(seal, NULL), SESAME_OK);
	assert_int_equal(sesame_seal_make(seal, NULL), SESAME_ERR_ORDER);
	assert_int_equal(sesame_seal_digest(seal, first), SESAME_OK);
	assert_int_equal(sesame_seal_signature(seal, "", 0),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_seal_signature(seal, "abc", 3), SESAME_OK);
	assert_int_equal(sesame_seal_digest(seal, second), SESAME_OK);
	assert_memory_not_equal(first, second, sizeof(first));
	assert_text(sesame_seal_fields(seal), "");
	assert_int_equal(sesame_seal_signature(seal, "def", 3), SESAME_OK);
	assert_non_null(strstr(sesame_seal_fields(seal).ptr, "dkim=none"));
	assert_null(strstr(sesame_seal_fields(seal).ptr, "spf=pass"));
	assert_int_equal(sesame_seal_signature(seal, "ghi", 3),
			 SESAME_ERR_ORDER);
	sesame_seal_free(seal);
}

static void
test_refused(void **state)
{
	struct sesame_seal_input in = how();
	struct sesame_seal *seal;
	const char *why = NULL;

	(void)state;
	seal = start(&in, SPAN("To: b\r\n\r\n"), 4096);
	assert_int_equal(sesame_seal_make(seal, &why), SESAME_ERR_MESSAGE);
	assert_non_null(why);
	sesame_seal_free(seal);
	seal = start(&in, SPAN("From: a\nTo: b\r\n\r\n"), 4096);
	assert_int_equal(sesame_seal_make(seal, &why), SESAME_ERR_MESSAGE);
	sesame_seal_free(seal);
	in.results = sesame_text_of("=;=");
	seal = start(&in, SPAN(MESSAGE), 4096);
	assert_int_equal(sesame_seal_make(seal, &why), SESAME_ERR_RESULTS);
	sesame_seal_free(seal);
	in.authserv_id = sesame_text_of("a; b");
	assert_int_equal(sesame_seal_new(&in, &seal), SESAME_ERR_RESULTS);
	in.selector = sesame_text_of("");
	assert_int_equal(sesame_seal_new(&in, &seal), SESAME_ERR_SELECTOR);
	in.domain = sesame_text_of("");
	assert_int_equal(sesame_seal_new(&in, &seal), SESAME_ERR_DOMAIN);
	in.time_s = -1;
	assert_int_equal(sesame_seal_new(&in, &seal), SESAME_ERR_ARGUMENT);
	sesame_seal_free(NULL);
}

int
main(void)
{
	int status;

	if (sesame_key_generate(SESAME_KEY_RSA, 2048, &key) != SESAME_OK)
		return 1;
	zone[0] = (struct zone_row){"s._domainkey.b.example", SESAME_DNS_TXT,
				    sesame_key_record(key).ptr};
	UNIT(test_chain);
	UNIT(test_split);
	UNIT(test_refused);
	status = unit_run("lib/seal");
	sesame_key_free(key);
	return status;
}

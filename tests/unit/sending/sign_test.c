/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/sign.h"

#include <stdio.h>

#include "crypt/privkey.h"
#include "mailauth/dkim_verify.h"
#include "unit.h"

#define NOW     INT64_C(1700000000000)
#define MESSAGE "From: a@b.example\r\nTo: c@d.e\r\n\r\nHi\r\n"

static struct privkey *key[3];
static struct dkim_key row[3];

/* Plans the usual: two keys of the identity, one of the zone. */
static void
plan_all(struct sign_plan *plan)
{
	struct error error;

	assert_true(sign_init(plan, SPAN(MESSAGE), NOW, &error));
	assert_true(sign_add(plan, SPAN("b.example"), &row[0], &error));
	assert_true(sign_add(plan, SPAN("b.example"), &row[1], &error));
	assert_true(sign_add(plan, SPAN("mail.zone"), &row[2], &error));
	assert_int_equal(plan->len, 3);
}

static void
test_all(void **state)
{
	static const char *const domain[] = {"b.example", "b.example",
					     "mail.zone"};
	CLEANUP(sign_release) struct sign_plan plan;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m = NULL;
	const struct dkim_result *r;
	struct dns_question question;
	struct header_block header;
	struct error error;
	size_t offset, len;

	(void)state;
	plan_all(&plan);
	for (size_t i = plan.len; i-- > 0;) {
		CLEANUP(buf_release) struct buf signature = BUF_INIT(512);

		assert_ptr_equal(plan.one[i].key, &row[i]);
		assert_true(
			privkey_sign(key[i], plan.one[i].digest, &signature));
		assert_true(sign_put(&plan, i, buf_span(&signature), &error));
	}
	assert_true(sign_finish(&plan, &b, &error));
	assert_true(span_ends(buf_span(&b), SPAN("\r\n" MESSAGE)));

	assert_int_equal(header_parse(buf_span(&b), &arena, &header, &offset),
			 HEADER_OK);
	m = dkim_verify_new(&header, &(struct dkim_verify_input){.now = NOW},
			    &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	for (size_t i = 0; dkim_verify_ask(m, &question); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
		struct dns_rr rr = {.type = DNS_TXT};
		struct dns_answer a = {.rr = &rr, .len = 1};

		buf_addf(&text,
			 "v=DKIM1; k=%s; p=", i == 1 ? "ed25519" : "rsa");
		privkey_public(key[i], &text);
		rr.txt.text = buf_span(&text);
		dkim_verify_answer(m, &a);
	}
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, 3);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(r[i].outcome, DKIM_PASS);
		assert_true(r[i].dmarc_eligible);
		assert_string_equal(r[i].signature.domain.s, domain[i]);
		assert_span(r[i].signature.selector, row[i].selector);
		assert_int_equal(r[i].signature.time, NOW / 1000);
		assert_int_equal(r[i].signature.expiry,
				 (NOW + SIGN_LIFE) / 1000);
	}
}

static void
test_missing(void **state)
{
	CLEANUP(sign_release) struct sign_plan plan;
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct error error;

	(void)state;
	plan_all(&plan);
	assert_false(sign_finish(&plan, &b, &error));
	assert_int_equal(error.code, ERROR_INTERNAL);
	assert_false(sign_put(&plan, 0, SPAN(""), &error));
	assert_false(sign_put(&plan, 3, SPAN("x"), &error));
	assert_true(sign_put(&plan, 0, SPAN("x"), &error));
	assert_false(sign_put(&plan, 0, SPAN("x"), &error));
}

static void
test_refused(void **state)
{
	CLEANUP(sign_release) struct sign_plan plan;
	CLEANUP(buf_release) struct buf small = BUF_INIT(10);
	struct error error;

	(void)state;
	assert_false(sign_init(&plan, SPAN(" x\r\n"), NOW, &error));
	assert_int_equal(error.code, ERROR_INTERNAL);
	plan_all(&plan);
	assert_false(sign_add(&plan, SPAN("no domain"), &row[0], &error));
	assert_true(sign_add(&plan, SPAN("x.y"), &row[0], &error));
	assert_false(sign_add(&plan, SPAN("x.y"), &row[0], &error));
	for (size_t i = 0; i < plan.len; i++)
		assert_true(sign_put(&plan, i, SPAN("x"), &error));
	assert_false(sign_finish(&plan, &small, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
}

int
main(void)
{
	int failed;

	for (size_t i = 0; i < COUNT(key); i++) {
		key[i] = privkey_generate(i == 1 ? KEY_ED25519 : KEY_RSA, 1024);
		row[i].type = i == 1 ? DKIM_KEY_ED25519 : DKIM_KEY_RSA;
		snprintf(row[i].selector, sizeof(row[i].selector), "token%zu",
			 i);
	}
	UNIT(test_all);
	UNIT(test_missing);
	UNIT(test_refused);
	failed = unit_run("sending/sign");
	for (size_t i = 0; i < COUNT(key); i++)
		privkey_free(key[i]);
	return failed;
}

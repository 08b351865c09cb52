/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

/* An evaluation that asks for the TXT of a.example first. */
static struct sesame_spf *
asking(const char *mail_from)
{
	struct sesame_spf_input in = {
		.size = sizeof(in),
		.client_ip = sesame_text_of("192.0.2.1"),
		.mail_from = sesame_text_of(mail_from),
	};
	struct sesame_spf *spf;

	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_OK);
	assert_non_null(sesame_dns_ask(sesame_spf_dns(spf)));
	return spf;
}

static void
test_question(void **state)
{
	struct sesame_spf *spf = asking("x@a.example");
	const struct sesame_question *q = sesame_dns_ask(sesame_spf_dns(spf));

	(void)state;
	assert_text(q->name, "a.example");
	assert_int_equal(q->type, SESAME_DNS_TXT);
	/* the same one until it is answered */
	assert_ptr_equal(sesame_dns_ask(sesame_spf_dns(spf)), q);
	sesame_spf_free(spf);
}

static void
test_wrong_messages(void **state)
{
	static const char *const wrong[] = {"", "hello", "\0\0\x80\0\0\1"};
	static const char cut[12] = {0, 0, (char)0x82, (char)0x80, 0, 1};
	struct sesame_spf *spf = asking("x@a.example");
	struct sesame_dns *dns = sesame_spf_dns(spf);

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(sesame_dns_answer_wire(dns, wrong[i],
							strlen(wrong[i]), 0),
				 SESAME_ERR_DNS);
	assert_int_equal(sesame_dns_answer_wire(dns, cut, sizeof(cut), 0),
			 SESAME_ERR_TRUNCATED);
	assert_int_equal(sesame_dns_answer_wire(dns, cut, sizeof(cut), 64),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_answer_wire(dns, NULL, 0, 0),
			 SESAME_ERR_DNS);
	/* it waits on, and can be answered yet */
	assert_non_null(sesame_dns_ask(dns));
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_TIMEOUT, 0),
			 SESAME_OK);
	assert_int_equal(sesame_spf_result(spf)->code, SESAME_SPF_TEMPERROR);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_TIMEOUT, 0),
			 SESAME_ERR_ORDER);
	assert_int_equal(sesame_dns_answer_wire(dns, cut, sizeof(cut), 0),
			 SESAME_ERR_ORDER);
	assert_int_equal(sesame_dns_add_txt(dns, sesame_text_of("x"), 1),
			 SESAME_ERR_ORDER);
	sesame_spf_free(spf);
}

static void
test_wrong_records(void **state)
{
	static char big[65536];
	struct sesame_spf *spf = asking("x@a.example");
	struct sesame_dns *dns = sesame_spf_dns(spf);

	(void)state;
	assert_int_equal(sesame_dns_add_address(dns, "abcd", 4, 1),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_add_mx(dns, 1, sesame_text_of("a"), 1),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_add_ptr(dns, sesame_text_of("a"), 1),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(
		sesame_dns_add_txt(dns, (struct sesame_text){big, 65536}, 1),
		SESAME_ERR_TOO_BIG);
	assert_int_equal(sesame_dns_answer(dns, (enum sesame_dns_status)9, 0),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_OK, 2),
			 SESAME_ERR_ARGUMENT);
	/* records without one that was added are none */
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_OK, 0), SESAME_OK);
	assert_int_equal(sesame_spf_result(spf)->reason, SESAME_SPF_NO_RECORD);
	sesame_spf_free(spf);
}

static void
test_names_in_records(void **state)
{
	struct sesame_spf *spf = asking("x@a.example");
	struct sesame_dns *dns = sesame_spf_dns(spf);

	(void)state;
	sesame_dns_add_txt(dns, sesame_text_of("v=spf1 mx ptr -all"), 1);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_OK, 0), SESAME_OK);
	assert_int_equal(sesame_dns_ask(dns)->type, SESAME_DNS_MX);
	assert_int_equal(sesame_dns_add_mx(dns, 65536, sesame_text_of("a"), 1),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_add_mx(dns, 1, sesame_text_of("a..b"), 1),
			 SESAME_ERR_DOMAIN);
	assert_int_equal(sesame_dns_add_mx(dns, 1, (struct sesame_text){0}, 1),
			 SESAME_ERR_DOMAIN);
	assert_int_equal(
		sesame_dns_add_mx(dns, 1, sesame_text_of("M.a.example."), 1),
		SESAME_OK);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_OK, 0), SESAME_OK);
	assert_text(sesame_dns_ask(dns)->name, "m.a.example");
	assert_int_equal(sesame_dns_add_address(dns, "abcde", 5, 1),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_NXDOMAIN, 0),
			 SESAME_OK);
	assert_text(sesame_dns_ask(dns)->name, "1.2.0.192.in-addr.arpa");
	assert_int_equal(sesame_dns_add_ptr(dns, sesame_text_of("."), 1),
			 SESAME_OK);
	sesame_spf_free(spf);
}

static void
test_too_many_records(void **state)
{
	struct sesame_spf *spf = asking("x@a.example");
	struct sesame_dns *dns = sesame_spf_dns(spf);

	(void)state;
	for (size_t i = 0; i < SESAME_DNS_RECORDS_MAX; i++)
		assert_int_equal(
			sesame_dns_add_txt(dns, sesame_text_of("x"), 1),
			SESAME_OK);
	assert_int_equal(sesame_dns_add_txt(dns, sesame_text_of("x"), 1),
			 SESAME_ERR_TOO_BIG);
	assert_int_equal(sesame_dns_answer(dns, SESAME_DNS_OK, 0), SESAME_OK);
	sesame_spf_free(spf);
}

static void
test_words(void **state)
{
	(void)state;
	for (int i = 0; i <= 15; i++)
		assert_true(strlen(sesame_strerror((enum sesame_status)i)) > 3);
	assert_string_equal(sesame_version(), "0.1.0");
}

int
main(void)
{
	UNIT(test_question);
	UNIT(test_wrong_messages);
	UNIT(test_wrong_records);
	UNIT(test_names_in_records);
	UNIT(test_too_many_records);
	UNIT(test_words);
	return unit_run("lib/dns");
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of other implementations, in JSON files of a folder that is not ours:
 * SESAME_CONFORMANCE, or ../shared/conformance beside the sources.  Without
 * it everything here is skipped.
 */
#include "corpus.h"
#include "dns/fixture.h"
#include "mailauth/spf_macro.h"
#include "mailauth/verify.h"

static void
test_spf_parse(void **state)
{
	json_t *json = corpus_json("spf/spf-parse.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one)
	{
		struct arena arena = ARENA_INIT(1 << 20);
		struct span want = corpus_member(one, "expect"), fault;
		struct spf_record record;
		enum spf_record_status status = spf_record_parse(
			corpus_member(one, "txt"), &arena, &record, &fault);
		const char *got = status == SPF_RECORD_OK ? "valid"
				  : status == SPF_RECORD_NOT_SPF
					  ? "not_spf"
					  : "syntax_error";

		if (!span_equal(want, span_of(got))) {
			print_message(SPAN_FMT ": %s, want " SPAN_FMT "\n",
				      SPAN_ARG(corpus_member(one, "id")), got,
				      SPAN_ARG(want));
			bad++;
		}
		arena_release(&arena);
	}
	json_decref(json);
	assert_int_equal(bad, 0);
}

/* Cases differ in the case of hexadecimal digits, which means nothing. */
static bool
macro_agrees(const json_t *one)
{
	const json_t *c = json_object_get(one, "ctx");
	enum spf_macro_mode mode =
		span_equal(corpus_member(one, "mode"), SPAN("exp"))
			? SPF_MACRO_EXPLAIN
			: SPF_MACRO_DOMAIN;
	struct span text = corpus_member(one, "macro");
	struct span want = corpus_member(one, "expect");
	struct spf_macro m = {
		.local = corpus_member(c, "sender"),
		.sender = corpus_member(c, "sender"),
		.domain = corpus_member(c, "domain"),
		.helo = corpus_member(c, "helo"),
		.receiver = corpus_member(c, "receiver"),
		.validated = corpus_member(c, "validated_domain"),
	};
	struct spf_macro_text got;
	size_t at = span_find_last(m.local, '@');

	if (!spf_ip_parse(corpus_member(c, "ip"), &m.ip) || at == SPAN_NONE)
		return true;
	m.sender = span_skip(m.local, at + 1);
	m.local = span_head(m.local, at);
	/* a text that is no domain-spec is expanded as a string there */
	if (json_object_get(one, "expect") == NULL ||
	    json_is_null(json_object_get(one, "expect")))
		return !spf_macro_valid(text, mode);
	if (!spf_macro_valid(text, mode))
		return false;

	if (mode == SPF_MACRO_EXPLAIN)
		spf_macro_explain(text, &m, &got);
	else
		spf_macro_domain(text, &m, &got);
	return span_equal_nocase((struct span){got.s, got.len}, want);
}

static void
test_spf_macro(void **state)
{
	json_t *json = corpus_json("spf/spf-macro.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one)
	{
		/* %{p} is made by who expands: without it, nothing to see */
		bool p = spf_macro_uses(corpus_member(one, "macro"), 'p') &&
			 corpus_member(json_object_get(one, "ctx"),
				       "validated_domain")
					 .len == 0;

		if (!p && !macro_agrees(one)) {
			print_message(SPAN_FMT ": " SPAN_FMT "\n",
				      SPAN_ARG(corpus_member(one, "id")),
				      SPAN_ARG(corpus_member(one, "macro")));
			bad++;
		}
	}
	json_decref(json);
	assert_int_equal(bad, 0);
}

/* Everybody answers that nobody is there, but two DMARC records. */
static struct fixture *
composition_zone(void)
{
	struct error error;
	struct fixture *f = fixture_parse(
		SPAN("{\"attack.com\":{\"TXT\":[[\"v=spf1 ip4:127.0.0.1 -all\"]"
		     "]},\"*.attack.com\":{\"TXT\":[[\"v=spf1 ip4:127.0.0.1 "
		     "-all\"]]},\"legitimate.com\":{\"TXT\":[[\"v=spf1 -all\"]]"
		     "},\"_dmarc.legitimate.com\":{\"TXT\":[[\"v=DMARC1; "
		     "p=reject\"]]},\"_dmarc.attack.com\":{\"TXT\":[["
		     "\"v=DMARC1; p=none\"]]}}"),
		&error);

	assert_non_null(f);
	return f;
}

/* "Composition Kills": none of its mail is ever proved to be the victim's. */
static void
check_composition(const json_t *one, const struct fixture *fixture)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT(CORPUS_FILE_MAX);
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct report_transport t = {
		.has_ip = true,
		.helo = corpus_member(one, "helo"),
		.has_mail_from = true,
		.mail_from = corpus_member(one, "mailfrom"),
		.receiver = SPAN(""),
		.tls = SPAN(""),
	};
	struct dns_question question;
	const struct report *r;
	struct verify *m;
	char path[256];

	snprintf(path, sizeof(path), "espoofer/" SPAN_FMT,
		 SPAN_ARG(corpus_member(one, "file")));
	corpus_read(path, &message);
	t.mail_from = span_skip(t.mail_from, 1);
	if (t.mail_from.len > 0)
		t.mail_from.len--;
	assert_true(spf_ip_parse(SPAN("127.0.0.1"), &t.ip));
	m = verify_new(&t, 1, &arena);
	verify_feed(m, buf_span(&message));
	verify_end(m);
	while (verify_ask(m, &question)) {
		struct arena scratch = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		fixture_answer(fixture, &question, &scratch, &answer);
		verify_answer(m, &answer);
		arena_release(&scratch);
	}
	r = verify_report(m);
	if (r->dmarc.verdict == DMARC_VERDICT_PASS &&
	    span_search(r->from.raw, SPAN("legitimate")) != SPAN_NONE)
		fail_msg(SPAN_FMT " passes as " SPAN_FMT,
			 SPAN_ARG(corpus_member(one, "id")),
			 SPAN_ARG(r->from.raw));
	verify_free(m);
	arena_release(&arena);
}

static void
test_composition(void **state)
{
	json_t *json = corpus_json("espoofer/index.json"), *one;
	struct fixture *fixture = composition_zone();
	size_t i;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one)
		check_composition(one, fixture);
	json_decref(json);
	fixture_free(fixture);
}

int
main(void)
{
	UNIT(test_spf_parse);
	UNIT(test_spf_macro);
	UNIT(test_composition);
	return unit_run("mailauth/corpus");
}

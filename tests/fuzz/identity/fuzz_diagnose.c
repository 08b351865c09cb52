/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a stranger's DNS says is observed, judged and diagnosed in bounds.
 */
#include <assert.h>

#include "dns/fixture.h"
#include "identity/diagnose.h"
#include "identity/eligibility.h"

/* More questions than the machines together may ask. */
#define QUESTIONS_MAX 400

#define T(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct record_set set = {
	.domain = "a.example",
	.mail_from = "m.a.example",
	.region = "r",
	.service_zone = "s.example",
	.record = {{RECORD_DKIM, DNS_CNAME, T("t") "._domainkey.a.example",
		    T("t") ".dkim.r.s.example", 0},
		   {RECORD_DKIM, DNS_TXT, "k._domainkey.a.example",
		    "v=DKIM1; k=rsa; p=MIIB", 0},
		   {RECORD_MAIL_FROM_MX, DNS_MX, "m.a.example",
		    "feedback-smtp.r.s.example", 10},
		   {RECORD_MAIL_FROM_SPF, DNS_TXT, "m.a.example",
		    "v=spf1 include:s.example ~all", 0},
		   {RECORD_DMARC, DNS_TXT, "_dmarc.a.example",
		    "v=DMARC1; p=quarantine;", 0}},
	.len = 5,
};

static struct arena arena;

/* Answers what `x` asks until it asks no more. */
#define RUN(x, m, fixture)                                                     \
	do {                                                                   \
		struct dns_question question;                                  \
		struct dns_answer answer;                                      \
                                                                               \
		for (int n = 0; x##_ask((m), &question); n++) {                \
			struct arena one = ARENA_INIT(4 << 20);                \
                                                                               \
			assert(n < QUESTIONS_MAX);                             \
			fixture_answer((fixture), &question, &one, &answer);   \
			x##_answer((m), &answer);                              \
			arena_release(&one);                                   \
		}                                                              \
	} while (0)

static void
look(const struct fixture *fixture)
{
	struct observe_want want = {&set, SPAN(T("t")), SPAN("MIIB"), false};
	struct diagnose_want diagnose_want = {.nonce = SPAN("nonce")};
	static struct observe observe;
	static struct diagnose diagnose;
	const struct diagnosis *d;

	arena_init(&arena, OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX);
	observe_init(&observe, &want, &arena);
	RUN(observe, &observe, fixture);
	diagnose_want.seen = observe_result(&observe);
	assert(diagnose_want.seen->control.status != OBSERVED_NOT_ASKED);
	diagnose_init(&diagnose, &diagnose_want, &arena);
	RUN(diagnose, &diagnose, fixture);
	d = diagnose_result(&diagnose);
	for (size_t i = 0; i < d->len; i++) {
		assert(d->finding[i].message.len > 0);
		assert(d->ok == false ||
		       d->finding[i].severity != DIAGNOSE_ERROR);
	}
	assert(!arena_full(&arena));
	arena_release(&arena);
}

static void
check(const struct fixture *fixture)
{
	struct suffixes *suffixes = suffixes_builtin();
	struct eligibility_want want = {
		.text = SPAN("a.example.org"),
		.suffixes = suffixes,
		.own_zone = SPAN(""),
		.mail_from = SPAN("m"),
		.nonce = SPAN("nonce"),
	};
	struct eligibility_note note[ELIGIBILITY_NOTES_MAX];
	static struct eligibility m;

	arena_init(&arena, ELIGIBILITY_ARENA_MAX);
	eligibility_init(&m, &want, &arena);
	RUN(eligibility, &m, fixture);
	(void)eligibility_notes(&m, note);
	assert(eligibility_result(&m)->verdict != 0);
	arena_release(&arena);
	suffixes_free(suffixes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error;
	struct fixture *fixture = fixture_parse(span_bytes(data, size), &error);

	if (fixture == NULL)
		return 0;
	look(fixture);
	check(fixture);
	fixture_free(fixture);
	return 0;
}

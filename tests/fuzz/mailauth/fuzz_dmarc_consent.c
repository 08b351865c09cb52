/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consent of a destination: the first line is the URI, each further line an
 * answer.  Fed the same it says the same; reports go nowhere but to the
 * host that consents.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dmarc_consent.h"

static struct dmarc_consent_result
run(struct span rest, bool failure, struct arena *arena)
{
	struct dmarc_names names = {.arena = arena};
	struct dname policy = DNAME_ROOT;
	struct dns_question question;
	struct dmarc_consent m;
	unsigned asked = 0;
	struct span uri = span_cut(&rest, '\n');
	enum dname_status status = dname_parse(SPAN("a.example"), &policy);

	assert(status == DNAME_OK);
	dmarc_consent_init(&m, &policy, &policy, uri, failure, &names, NULL);
	while (dmarc_consent_ask(&m, &question)) {
		struct span text = span_cut(&rest, '\n');
		struct dns_rr rr[2] = {{.type = DNS_TXT}, {.type = DNS_TXT}};
		struct dns_answer a = {.rr = rr, .len = 2};

		assert(++asked <= DMARC_CONSENT_QUESTIONS_MAX);
		rr[0].txt.text = span_cut(&text, '|');
		rr[1].txt.text = text;
		if (text.len == 1)
			a.status = (enum dns_status)((uint8_t)*text.ptr %
						     (DNS_BAD + 1));
		dmarc_consent_answer(&m, &a);
	}
	return *dmarc_consent_result(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size);
	struct arena arena = ARENA_INIT((size_t)1 << 20);
	bool failure = size % 2 == 1;
	struct dmarc_consent_result one, two;
	struct dname_text text;

	if (size > 65536)
		return 0;
	one = run(all, failure, &arena);
	two = run(all, failure, &arena);
	assert(one.verdict == two.verdict && one.asked == two.asked &&
	       span_equal(one.text, two.text) &&
	       one.override.len == two.override.len);
	assert(*dmarc_consent_text(one.verdict) != '\0');
	if (one.verdict != DMARC_CONSENT_GIVEN)
		assert(one.override.len == 0);
	for (size_t i = 0; i < one.override.len; i++) {
		struct span host;
		bool found = dmarc_uri_host(one.override.uri[i], &host);

		/* the same name, but perhaps a final dot */
		if (found && span_ends(host, SPAN(".")))
			host.len--;
		assert(found &&
		       span_equal_nocase(host, dname_print(&one.host, &text)));
	}
	arena_release(&arena);
	return 0;
}

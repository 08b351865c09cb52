/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a policy, judging a few requests.  Refusing names what is
 * wrong; compact means the same; adding a Deny of everything always denies;
 * wildcards match as the plain way of matching them does.
 */
#include <assert.h>
#include <stdint.h>

#include "ses/policy.h"
#include "text/glob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARN "arn:aws:ses:eu-west-2:111111111111:identity/example.com"

static const struct span recipients[] = {
	{"a@example.net", 13},
	{"b@example.org", 13},
};
static const struct ses_policy_request requests[] = {
	{.account = SPAN("222222222222"),
	 .action = SPAN("ses:SendEmail"),
	 .resource = SPAN(ARN),
	 .recipient = recipients,
	 .recipients = COUNT(recipients),
	 .from = SPAN("news@example.com"),
	 .display_name = SPAN("News"),
	 .feedback = SPAN("bounces@example.com"),
	 .source_ip = SPAN("192.0.2.7"),
	 .source_arn = SPAN("arn:aws:sns:eu-west-2:222222222222:topic"),
	 .secure = true,
	 .now = INT64_C(1795454100500)},
	{.account = SPAN("333333333333"),
	 .action = SPAN("ses:SendRawEmail"),
	 .resource = SPAN(ARN),
	 .from = SPAN("x@sub.example.com"),
	 .display_name = SPAN(""),
	 .feedback = SPAN(""),
	 .source_ip = SPAN("2001:db8::7"),
	 .source_arn = SPAN("")},
};

/* Whether the pattern matches, octet by octet: row after row of a table. */
static bool
plain_match(struct span pattern, struct span text)
{
	bool row[256 + 1] = {true};

	assert(text.len <= 256);
	for (size_t i = 0; i < pattern.len; i++) {
		bool before = row[0];

		row[0] = before && pattern.ptr[i] == '*';
		for (size_t k = 0; k < text.len; k++) {
			bool was = row[k + 1];

			if (pattern.ptr[i] == '*')
				row[k + 1] = was || row[k];
			else
				row[k + 1] = before &&
					     (pattern.ptr[i] == '?' ||
					      pattern.ptr[i] == text.ptr[k]);
			before = was;
		}
	}
	return row[text.len];
}

/* Half of the input is a pattern of few letters, half a text. */
static void
globs(const uint8_t *data, size_t size)
{
	static const char letters[] = "ab*?";
	char pattern[256], text[256];
	size_t len = size / 2;

	if (len > sizeof(text))
		len = sizeof(text);
	for (size_t i = 0; i < len; i++) {
		pattern[i] = letters[data[i] % 4];
		text[i] = letters[data[len + i] % 2];
	}
	assert(glob_match(span_bytes(pattern, len), span_bytes(text, len)) ==
	       plain_match(span_bytes(pattern, len), span_bytes(text, len)));
	assert(glob_match(span_bytes(pattern, len / 2),
			  span_bytes(text, len)) ==
	       plain_match(span_bytes(pattern, len / 2),
			   span_bytes(text, len)));
}

/* The compact form is shorter or the same, and says the same. */
static void
compact(struct span text, const struct ses_policy *policy)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(SES_POLICY_ARENA);
	CLEANUP(buf_release) struct buf again = BUF_INIT(SES_POLICY_MAX);
	CLEANUP(buf_release) struct buf twice = BUF_INIT(SES_POLICY_MAX);
	const struct ses_policy *same;
	struct error error;

	assert(ses_policy_compact(text, &again));
	assert(again.len <= text.len);
	assert(ses_policy_compact(buf_span(&again), &twice));
	assert(span_equal(buf_span(&again), buf_span(&twice)));
	assert(ses_policy_parse(buf_span(&again), SPAN(ARN), &arena, &same,
				&error));
	for (size_t i = 0; i < COUNT(requests); i++)
		assert(ses_policy_evaluate(policy, &requests[i]) ==
		       ses_policy_evaluate(same, &requests[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(SES_POLICY_ARENA);
	struct span text = span_bytes(data, size);
	const struct ses_policy *policy = NULL;
	struct error error = {0};

	globs(data, size);
	if (!ses_policy_parse(text, SPAN(ARN), &arena, &policy, &error)) {
		assert(policy == NULL && error.code == ERROR_BAD_REQUEST &&
		       error.text[0] != '\0');
		return 0;
	}
	compact(text, policy);
	return 0;
}

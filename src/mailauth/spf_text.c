/* SPDX-License-Identifier: Apache-2.0 */
/* The words of spf.h. */
#include "mailauth/spf.h"

static const char *const verdicts[] = {
	[SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",
	[SPF_PASS] = "pass",           [SPF_FAIL] = "fail",
	[SPF_SOFTFAIL] = "softfail",   [SPF_TEMPERROR] = "temperror",
	[SPF_PERMERROR] = "permerror",
};

const char *
spf_verdict_name(enum spf_verdict verdict)
{
	return verdicts[verdict];
}

bool
spf_verdict_parse(struct span text, enum spf_verdict *ret)
{
	for (size_t i = 0; i < COUNT(verdicts); i++)
		if (span_equal_nocase(text, span_of(verdicts[i]))) {
			*ret = (enum spf_verdict)i;
			return true;
		}
	return false;
}

const char *
spf_reason_text(enum spf_reason reason)
{
	static const char *const text[] = {
		[SPF_REASON_MATCH] = "a mechanism of the record matched",
		[SPF_REASON_DEFAULT] = "no mechanism of the record matched",
		[SPF_REASON_DOMAIN] = "there is no domain name to ask about",
		[SPF_REASON_NO_RECORD] = "the domain has no SPF record",
		[SPF_REASON_RECORDS] = "the domain has more than one SPF "
				       "record",
		[SPF_REASON_SYNTAX] = "the SPF record is malformed",
		[SPF_REASON_DNS] = "a DNS question was not answered",
		[SPF_REASON_LOOKUPS] = "the record needs more than 10 DNS "
				       "lookups",
		[SPF_REASON_VOIDS] = "more than 2 DNS lookups found nothing",
		[SPF_REASON_MX] = "an mx mechanism has more than 10 hosts",
		[SPF_REASON_INCLUDE] = "the domain of an include: has no SPF "
				       "record",
		[SPF_REASON_REDIRECT] = "the domain of redirect= has no SPF "
					"record",
		[SPF_REASON_QUESTIONS] = "the evaluation needs more than 50 "
					 "DNS questions",
		[SPF_REASON_TOO_BIG] = "the records are too large",
	};
	return text[reason];
}

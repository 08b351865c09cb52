/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc.h"

const char *
dmarc_verdict_name(enum dmarc_verdict verdict)
{
	static const char *const name[] = {
		[DMARC_VERDICT_NONE] = "none",
		[DMARC_VERDICT_PASS] = "pass",
		[DMARC_VERDICT_FAIL] = "fail",
		[DMARC_VERDICT_TEMPERROR] = "temperror",
		[DMARC_VERDICT_PERMERROR] = "permerror",
	};
	return name[verdict];
}

const char *
dmarc_reason_text(enum dmarc_reason reason)
{
	static const char *const text[] = {
		[DMARC_REASON_ALIGNED] = "an aligned identifier passed",
		[DMARC_REASON_NOT_ALIGNED] =
			"what passed is not aligned with the author domain",
		[DMARC_REASON_NO_PASS] = "neither SPF nor DKIM passed",
		[DMARC_REASON_NO_RECORD] =
			"no DMARC record applies to the author domain",
		[DMARC_REASON_SEVERAL] =
			"there are several DMARC records at one name",
		[DMARC_REASON_BAD_RECORD] =
			"the DMARC record has no usable policy",
		[DMARC_REASON_DNS] = "a DNS question was not answered",
		[DMARC_REASON_IDENTIFIER] =
			"an aligned identifier could not be checked",
		[DMARC_REASON_QUESTIONS] =
			"the evaluation needs too many DNS questions",
		[DMARC_REASON_NO_AUTHOR] =
			"the From field does not name one author domain",
	};
	return text[reason];
}

const char *
dmarc_source_text(enum dmarc_source source)
{
	static const char *const text[] = {
		[DMARC_SOURCE_NOWHERE] = "there is no record",
		[DMARC_SOURCE_AUTHOR] = "the author domain's record",
		[DMARC_SOURCE_ORG] = "the organizational domain's record",
		[DMARC_SOURCE_PSD] = "the record of the public suffix",
	};
	return text[source];
}

const char *
dmarc_disposition_name(enum dmarc_disposition disposition)
{
	static const char *const name[] = {
		[DMARC_DISPOSITION_PASS] = "pass",
		[DMARC_DISPOSITION_NONE] = "none",
		[DMARC_DISPOSITION_QUARANTINE] = "quarantine",
		[DMARC_DISPOSITION_REJECT] = "reject",
		[DMARC_DISPOSITION_LOCAL] = "local",
	};
	return name[disposition];
}

const char *
dmarc_disposition_text(enum dmarc_disposition disposition)
{
	static const char *const text[] = {
		[DMARC_DISPOSITION_PASS] = "nothing in DMARC stands against it",
		[DMARC_DISPOSITION_NONE] =
			"the domain's owner asks for nothing",
		[DMARC_DISPOSITION_QUARANTINE] =
			"treat it as suspicious, as the domain's owner asks",
		[DMARC_DISPOSITION_REJECT] =
			"refuse it, as the domain's owner asks, if something "
			"else you know speaks against it too; without that, "
			"treat it as suspicious",
		[DMARC_DISPOSITION_LOCAL] =
			("the owner's policy cannot be applied; decide by your "
			 "own, or defer"),
	};
	return text[disposition];
}

const char *
dmarc_tag_name(enum dmarc_tag tag)
{
	static const char *const name[] = {
		[DMARC_TAG_NOTHING] = "", [DMARC_TAG_P] = "p",
		[DMARC_TAG_SP] = "sp",    [DMARC_TAG_NP] = "np",
		[DMARC_TAG_ABSENT] = "",  [DMARC_TAG_INVALID] = "",
	};
	return name[tag];
}

/* What the tag is for, or why none was taken. */
static const char *
tag_text(const struct dmarc_result *r)
{
	bool own = r->source == DMARC_SOURCE_AUTHOR;

	switch (r->tag) {
	case DMARC_TAG_P:
		return own ? "which is for the domain itself"
			   : "as it has no policy of its own for subdomains";
	case DMARC_TAG_SP:
		return "which is for subdomains";
	case DMARC_TAG_NP:
		return "which is for subdomains that do not exist";
	case DMARC_TAG_ABSENT:
		return "which has no p=: that is as p=none";
	case DMARC_TAG_INVALID:
		return "in which a policy is not valid: that is as p=none";
	case DMARC_TAG_NOTHING:
		break;
	}
	return "";
}

void
dmarc_policy_text(const struct dmarc_result *r, struct buf *to)
{
	const char *tag = dmarc_tag_name(r->tag);
	struct dname_text name;

	if (r->tag == DMARC_TAG_NOTHING)
		return;
	if (*tag != '\0')
		buf_addf(to, "%s=%s of ", tag, dmarc_policy_name(r->policy));
	buf_addf(to, "%s, _dmarc.", dmarc_source_text(r->source));
	buf_add(to, dname_print(&r->policy_domain, &name));
	buf_addf(to, ", %s", tag_text(r));
	if (r->effective != r->policy)
		buf_addf(to, "; applied as %s, because of t=y",
			 dmarc_policy_name(r->effective));
	if (r->pct != 100)
		buf_addf(to, "; for %u %% of failing mail only (pct=)", r->pct);
}

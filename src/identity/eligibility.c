/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/eligibility.h"

#include <assert.h>

#include "identity/mailbox.h"
#include "mailauth/spf_record.h"

/* What is asked, in this order. */
enum phase {
	PHASE_ZONE,      /* SOA: of the domain, then of those above */
	PHASE_NS,        /* the zone's servers */
	PHASE_MX,        /* of the domain */
	PHASE_SPF,       /* of the domain */
	PHASE_POLICY,    /* DMARC */
	PHASE_DOMAINKEY, /* is it delegated? */
	PHASE_WILDCARD,  /* a name that nobody publishes */
	PHASE_MAIL_FROM, /* the name for MAIL FROM */
	PHASE_DONE,
};

/* Top-level names, and some below, that are in no public DNS. */
static const char *const special[] = {
	"alt", "corp",  "home",        "home.arpa", "internal", "invalid",
	"lan", "local", "localdomain", "localhost", "onion",
};

static const char *const reason_text[] = {
	[ELIGIBILITY_OK] = "",
	[ELIGIBILITY_SYNTAX] = "this is no domain name",
	[ELIGIBILITY_IP_ADDRESS] =
		"this is an IP address; mail is sent as a domain",
	[ELIGIBILITY_SPECIAL] =
		"this name is reserved for private or special use: nobody can "
		"publish records for it in the public DNS",
	[ELIGIBILITY_REVERSE] =
		"names below \"arpa\" stand for addresses, not for senders",
	[ELIGIBILITY_PUBLIC_SUFFIX] =
		"this is a public suffix: strangers register their own domains "
		"below it; use the domain that you registered",
	[ELIGIBILITY_MAILBOX] =
		"this domain belongs to a mailbox provider, which alone can "
		"publish records for it; use a domain of your own",
	[ELIGIBILITY_OWN_ZONE] = "this domain is the service's own",
	[ELIGIBILITY_NOT_THERE] =
		"this domain is not in the DNS: it is not registered, has "
		"expired, or no name servers are set for it",
	[ELIGIBILITY_DNS_ERROR] =
		"DNS did not answer, so it is not known whether this domain "
		"exists; try again later",
};

/* Whether `name` is `domain` or lies below it. */
static bool
is_under(struct span name, struct span domain)
{
	return name.len >= domain.len &&
	       span_equal_nocase(span_skip(name, name.len - domain.len),
				 domain) &&
	       (name.len == domain.len ||
		name.ptr[name.len - domain.len - 1] == '.');
}

enum eligibility_reason
eligibility_of(const struct domain *domain, const struct suffixes *suffixes,
	       struct span own_zone)
{
	struct span name = domain_span(domain);

	for (size_t i = 0; i < COUNT(special); i++)
		if (is_under(name, span_of(special[i])))
			return ELIGIBILITY_SPECIAL;
	if (is_under(name, SPAN("arpa")))
		return ELIGIBILITY_REVERSE;
	if (own_zone.len > 0 && is_under(name, own_zone))
		return ELIGIBILITY_OWN_ZONE;
	/* First, since a provider's domain may be a suffix to others. */
	if (mailbox_is_provider(name, suffixes))
		return ELIGIBILITY_MAILBOX;
	if (suffixes_has(suffixes, name))
		return ELIGIBILITY_PUBLIC_SUFFIX;
	return ELIGIBILITY_OK;
}

static void
finish(struct eligibility *m, enum eligibility_reason reason)
{
	m->phase = PHASE_DONE;
	m->result->reason = reason;
	m->result->message = span_of(reason_text[reason]);
	if (reason == ELIGIBILITY_OK)
		m->result->verdict = ELIGIBILITY_YES;
	else if (reason == ELIGIBILITY_DNS_ERROR)
		m->result->verdict = ELIGIBILITY_UNKNOWN;
	else
		m->result->verdict = ELIGIBILITY_NO;
}

/* What is refused for its form; true if the text is a domain. */
static bool
parse(struct eligibility *m)
{
	enum domain_status status =
		domain_parse(m->want.text, &m->result->domain);

	if (status == DOMAIN_OK)
		return true;
	if (status == DOMAIN_ADDRESS)
		finish(m, ELIGIBILITY_IP_ADDRESS);
	else if (status == DOMAIN_ONE_LABEL)
		finish(m, ELIGIBILITY_PUBLIC_SUFFIX);
	else
		finish(m, ELIGIBILITY_SYNTAX);
	m->result->message = arena_printf(m->arena, SPAN_FMT " (%s)",
					  SPAN_ARG(m->result->message),
					  domain_strerror(status));
	return false;
}

void
eligibility_init(struct eligibility *m, const struct eligibility_want *want,
		 struct arena *arena)
{
	struct eligibility_result *r = arena_get(arena, sizeof(*r));
	enum eligibility_reason reason;

	assert(r != NULL);
	*r = (struct eligibility_result){
		.message = SPAN(""),
		.registered = SPAN(""),
		.zone = SPAN(""),
		.spf = SPAN(""),
		.dmarc = POLICY_UNKNOWN,
	};
	*m = (struct eligibility){
		.arena = arena,
		.want = *want,
		.result = r,
		.phase = PHASE_ZONE,
	};
	if (!parse(m))
		return;
	reason = eligibility_of(&r->domain, want->suffixes, want->own_zone);
	if (reason != ELIGIBILITY_OK) {
		finish(m, reason);
		return;
	}
	r->registered =
		suffixes_registered(want->suffixes, domain_span(&r->domain));
	if (dname_parse(domain_span(&r->domain), &m->name) != DNAME_OK) {
		finish(m, ELIGIBILITY_SYNTAX);
		return;
	}
	m->at = m->name;
	r->asked = true;
}

/* Asks for `type` at the label `under` before the domain. */
static bool
ask_under(struct eligibility *m, struct span under, uint16_t type)
{
	m->question.type = type;
	return under.len > 0 && dname_under(under, &m->name, &m->question.name);
}

/* Asks for `type` at `name`. */
static bool
ask_at(struct eligibility *m, const struct dname *name, uint16_t type)
{
	m->question.type = type;
	m->question.name = *name;
	return true;
}

/* Makes the question of the present phase; false if it has none. */
static bool
make_question(struct eligibility *m)
{
	struct dname zone;

	switch (m->phase) {
	case PHASE_ZONE:
		return ask_at(m, &m->at, DNS_SOA);
	case PHASE_NS:
		return m->result->zone.len > 0 &&
		       dname_parse(m->result->zone, &zone) == DNAME_OK &&
		       ask_at(m, &zone, DNS_NS);
	case PHASE_MX:
		return ask_at(m, &m->name, DNS_MX);
	case PHASE_SPF:
		return ask_at(m, &m->name, DNS_TXT);
	case PHASE_POLICY:
		return policy_ask(&m->policy, &m->question);
	case PHASE_DOMAINKEY:
		return ask_under(m, SPAN("_domainkey"), DNS_NS);
	case PHASE_WILDCARD:
		return ask_under(m, m->want.nonce, DNS_TXT);
	case PHASE_MAIL_FROM:
		return ask_under(m, m->want.mail_from, DNS_MX);
	default:
		return false;
	}
}

static void
next_phase(struct eligibility *m)
{
	m->phase++;
	if (m->phase == PHASE_POLICY)
		policy_init(&m->policy, &m->name, m->arena);
	if (m->phase == PHASE_DONE)
		finish(m, ELIGIBILITY_OK);
}

bool
eligibility_ask(struct eligibility *m, struct dns_question *ret)
{
	while (!m->waiting && m->phase != PHASE_DONE) {
		m->waiting = make_question(m);
		if (m->waiting)
			break;
		if (m->phase == PHASE_POLICY) {
			m->result->dmarc = *policy_result(&m->policy);
			if (m->result->dmarc.status == POLICY_ERROR)
				m->result->incomplete = true;
		}
		next_phase(m);
	}
	if (m->phase == PHASE_DONE)
		return false;
	*ret = m->question;
	return true;
}

static struct span
copy_name(struct eligibility *m, const struct dname *name)
{
	struct dname_text text;

	return arena_copy(m->arena, dname_print(name, &text));
}

/* Whether a zone's apex can hold the records of the domain. */
static bool
holds(const struct eligibility *m, struct span zone)
{
	return is_under(zone, m->result->registered);
}

/* Looks one name higher; false if that is above what somebody registered. */
static bool
go_up(struct eligibility *m)
{
	struct dname_text text;
	struct dname above = dname_skip(&m->at, 1);

	if (!holds(m, dname_print(&above, &text)))
		return false;
	m->at = above;
	return true;
}

/*
 * Finds the zone: the SOA is at its apex, or comes with the answer that there
 * is none.  A name that does not exist, in a zone that somebody registered,
 * is as good as one that does: its operator can add it.
 */
static void
take_zone(struct eligibility *m, const struct dns_answer *a)
{
	struct eligibility_result *r = m->result;
	bool exists = a->status == DNS_OK || a->status == DNS_NODATA;

	if (dns_is_error(a->status)) {
		finish(m, ELIGIBILITY_DNS_ERROR);
		return;
	}
	if (a->status == DNS_OK && a->aliases == 0)
		r->zone = copy_name(m, &m->at);
	else if (a->has_soa)
		r->zone = copy_name(m, &a->soa.name);
	if (r->zone.len > 0 && holds(m, r->zone)) {
		next_phase(m);
		return;
	}
	if (r->zone.len > 0) {
		finish(m, ELIGIBILITY_NOT_THERE);
		return;
	}
	if (go_up(m))
		return;
	if (exists)
		next_phase(m);
	else
		finish(m, ELIGIBILITY_NOT_THERE);
}

static void
add_name(struct eligibility *m, struct eligibility_names *names,
	 const struct dname *name)
{
	if (names->len < ELIGIBILITY_NAMES_MAX)
		names->name[names->len++] = copy_name(m, name);
}

static void
take_names(struct eligibility *m, struct eligibility_names *names,
	   const struct dns_answer *a)
{
	for (size_t i = 0; i < a->len; i++)
		add_name(m, names,
			 a->rr[i].type == DNS_MX ? &a->rr[i].mx.exchange
						 : &a->rr[i].target);
}

static void
take_spf(struct eligibility *m, const struct dns_answer *a)
{
	struct eligibility_result *r = m->result;

	for (size_t i = 0; i < a->len; i++) {
		struct span text = a->rr[i].txt.text;

		if (!spf_record_is(text))
			continue;
		if (r->spf_records++ == 0)
			r->spf = arena_copy(m->arena, text);
	}
}

void
eligibility_answer(struct eligibility *m, const struct dns_answer *a)
{
	struct eligibility_result *r = m->result;

	assert(m->waiting);
	m->waiting = false;
	if (m->phase == PHASE_ZONE) {
		take_zone(m, a);
		return;
	}
	if (m->phase == PHASE_POLICY) {
		policy_answer(&m->policy, a);
		return;
	}
	if (dns_is_error(a->status))
		r->incomplete = true;
	else if (m->phase == PHASE_NS)
		take_names(m, &r->ns, a);
	else if (m->phase == PHASE_MX)
		take_names(m, &r->mx, a);
	else if (m->phase == PHASE_SPF)
		take_spf(m, a);
	else if (m->phase == PHASE_DOMAINKEY)
		take_names(m, &r->domainkey, a);
	else if (m->phase == PHASE_WILDCARD)
		r->wildcard = a->status != DNS_NXDOMAIN;
	else if (m->phase == PHASE_MAIL_FROM)
		r->mail_from_taken =
			!r->wildcard && (a->status == DNS_OK || a->aliases > 0);
	for (size_t i = 0; r->host == NULL && i < r->ns.len; i++)
		r->host = dnshost_of(r->ns.name[i]);
	next_phase(m);
}

const struct eligibility_result *
eligibility_result(const struct eligibility *m)
{
	assert(m->phase == PHASE_DONE);
	return m->result;
}

/* Adds a note to those in `ret`. */
static void
note(struct eligibility_note *ret, size_t *len, const char *code,
     enum eligibility_weight weight, struct span text)
{
	assert(*len < ELIGIBILITY_NOTES_MAX);
	ret[(*len)++] = (struct eligibility_note){code, weight, text};
}

/* Notes about the DMARC policy in force. */
static void
note_dmarc(const struct eligibility *m, struct eligibility_note *ret,
	   size_t *len)
{
	const struct policy *dmarc = &m->result->dmarc;

	if (dmarc->status == POLICY_NONE)
		note(ret, len, "dmarc.missing", ELIGIBILITY_WARNING,
		     SPAN("no DMARC record is in force; one will be asked "
			  "for"));
	else if (dmarc->status == POLICY_FOUND && dmarc->policy.len == 0)
		note(ret, len, "dmarc.policy_missing", ELIGIBILITY_ERROR,
		     arena_printf(m->arena,
				  "the DMARC record at " SPAN_FMT
				  " names no policy that is valid",
				  SPAN_ARG(dmarc->name)));
	else if (dmarc->status == POLICY_FOUND &&
		 span_equal(dmarc->policy, SPAN("none")))
		note(ret, len, "dmarc.policy_none", ELIGIBILITY_NOTE,
		     arena_printf(m->arena,
				  "the DMARC policy of " SPAN_FMT
				  " is \"none\": forgeries are only watched",
				  SPAN_ARG(dmarc->name)));
}

size_t
eligibility_notes(const struct eligibility *m,
		  struct eligibility_note ret[static ELIGIBILITY_NOTES_MAX])
{
	const struct eligibility_result *r = eligibility_result(m);
	size_t len = 0;

	if (r->verdict != ELIGIBILITY_YES)
		return 0;
	if (r->mx.len == 0)
		note(ret, &len, "mx.none", ELIGIBILITY_NOTE,
		     SPAN("the domain receives no mail: replies to it will "
			  "fail"));
	if (r->spf_records > 1)
		note(ret, &len, "spf.two_records", ELIGIBILITY_ERROR,
		     SPAN("the domain has more than one SPF record, so that "
			  "none counts (RFC 7208 section 4.5)"));
	note_dmarc(m, ret, &len);
	if (r->domainkey.len > 0)
		note(ret, &len, "domainkey.delegated", ELIGIBILITY_WARNING,
		     arena_printf(m->arena,
				  "\"_domainkey\" is delegated to " SPAN_FMT
				  ": the CNAMEs have to be added there",
				  SPAN_ARG(r->domainkey.name[0])));
	if (r->wildcard)
		note(ret, &len, "zone.wildcard", ELIGIBILITY_NOTE,
		     SPAN("a wildcard answers for names that nobody entered; "
			  "it stops where a record of its own is added"));
	if (r->mail_from_taken)
		note(ret, &len, "mail_from.taken", ELIGIBILITY_WARNING,
		     arena_printf(m->arena,
				  SPAN_FMT ".%s has records already: choose "
					   "another name for MAIL FROM",
				  SPAN_ARG(m->want.mail_from), r->domain.s));
	if (r->incomplete)
		note(ret, &len, "zone.unreachable", ELIGIBILITY_WARNING,
		     SPAN("DNS failed on some questions, so that this is not "
			  "all"));
	return len;
}

const char *
eligibility_weight_name(enum eligibility_weight weight)
{
	static const char *const name[] = {
		[ELIGIBILITY_NOTE] = "note",
		[ELIGIBILITY_WARNING] = "warning",
		[ELIGIBILITY_ERROR] = "error",
	};
	return name[weight];
}

const char *
eligibility_verdict_name(enum eligibility_verdict verdict)
{
	static const char *const name[] = {
		[ELIGIBILITY_YES] = "eligible",
		[ELIGIBILITY_NO] = "refused",
		[ELIGIBILITY_UNKNOWN] = "unknown",
	};
	return name[verdict];
}

const char *
eligibility_reason_name(enum eligibility_reason reason)
{
	static const char *const name[] = {
		[ELIGIBILITY_OK] = "",
		[ELIGIBILITY_SYNTAX] = "not_a_domain",
		[ELIGIBILITY_IP_ADDRESS] = "ip_address",
		[ELIGIBILITY_SPECIAL] = "special_use",
		[ELIGIBILITY_REVERSE] = "reverse_zone",
		[ELIGIBILITY_PUBLIC_SUFFIX] = "public_suffix",
		[ELIGIBILITY_MAILBOX] = "mailbox_provider",
		[ELIGIBILITY_OWN_ZONE] = "own_zone",
		[ELIGIBILITY_NOT_THERE] = "not_in_dns",
		[ELIGIBILITY_DNS_ERROR] = "dns_error",
	};
	return name[reason];
}

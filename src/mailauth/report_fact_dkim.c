/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_explain.h"
#include "mailauth/report_fact_maker.h"
#include "mailauth/report_words.h"

/* Characters of the selectors that sending services make up for a CNAME. */
#define TOKEN_LEN 32

/* What the facts of one signature are made of. */
struct signature {
	const struct dkim_result *d;
	struct span domain;
	const struct dkim_explained *explained; /* or NULL */
	struct dname_text key;                  /* the key's name */
};

/* Whether a selector looks like one that a service asks a CNAME for. */
static bool
is_token(struct span selector)
{
	if (selector.len != TOKEN_LEN)
		return false;
	for (size_t i = 0; i < selector.len; i++) {
		char c = selector.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* The evidence of every signature: whose, which, how old. */
static void
say_signature(struct fact_maker *m, const struct signature *s)
{
	buf_addf(&m->evidence, "DKIM signature of " SPAN_FMT ", selector ",
		 SPAN_ARG(s->domain));
	report_words(&m->evidence, s->d->signature.selector);
	buf_addf(&m->evidence, ": %s", dkim_result_text(s->d));
}

/* Whether the change is one that only the signer can have made. */
static bool
is_signers_fault(enum dkim_body_change change)
{
	return change == DKIM_BODY_FORM || change == DKIM_BODY_RAW ||
	       change == DKIM_BODY_LF || change == DKIM_BODY_BARE ||
	       change == DKIM_BODY_FROM_NOTHING || change == DKIM_BODY_DOTS ||
	       change == DKIM_BODY_ENCODED;
}

/* What a list should do that changes messages. */
static void
advise_forwarder(struct fact_maker *m)
{
	buf_adds(&m->repair,
		 "Whoever changes a message must send it as its own: with "
		 "From in a domain of its own, and its own signature; or "
		 "leave it as it is. ");
	buf_addf(&m->repair,
		 "Nothing is to be changed at " SPAN_FMT
		 "; a receiver may trust the forwarder's ARC seal.",
		 SPAN_ARG(fact_author(m)));
}

static void
body_changed(struct fact_maker *m, const struct signature *s)
{
	const struct dkim_explained *e = s->explained;
	bool known = e != NULL && e->body != DKIM_BODY_UNKNOWN;

	m->kind = REPORT_FACT_DKIM_BODY;
	m->turn = REPORT_TURN_FORWARDER;
	if (known && is_signers_fault(e->body)) {
		m->turn = REPORT_TURN_SENDER;
		buf_addf(&m->headline,
			 "the body is not what " SPAN_FMT " signed: ",
			 SPAN_ARG(s->domain));
		dkim_explained_body(e, &m->headline);
		buf_adds(&m->repair,
			 "Sign as the last step, once the message is encoded "
			 "as it is sent, and hash the body in the form that "
			 "c= names.");
	} else {
		buf_addf(&m->headline,
			 "the body was changed after " SPAN_FMT " signed it, "
			 "by ",
			 SPAN_ARG(s->domain));
		fact_say_forwarder(m, &m->headline);
		if (known)
			buf_adds(&m->headline, ": ");
		if (known)
			dkim_explained_body(e, &m->headline);
		advise_forwarder(m);
	}
	if (e == NULL)
		return;
	buf_adds(&m->evidence, "; ");
	dkim_explained_body(e, &m->evidence);
	if (e->has_header)
		buf_adds(&m->evidence, "; ");
	dkim_explained_header(e, &m->evidence);
}

static void
other_key(struct fact_maker *m, const struct signature *s)
{
	m->kind = REPORT_FACT_DKIM_KEY_OTHER;
	m->turn = REPORT_TURN_OPERATOR;
	buf_addf(&m->headline,
		 "the key at %s is not the one that signed for " SPAN_FMT,
		 s->key.s, SPAN_ARG(s->domain));
	buf_addf(&m->repair,
		 "Publish at %s the public half of the key that signs, or sign "
		 "with the key that is published; another selector for each "
		 "new key avoids this.",
		 s->key.s);
}

static void
header_changed(struct fact_maker *m, const struct signature *s)
{
	const struct dkim_explained *e = s->explained;

	m->kind = REPORT_FACT_DKIM_HEADER;
	m->turn = REPORT_TURN_FORWARDER;
	if (e != NULL && e->has_header) {
		buf_adds(&m->evidence, "; ");
		dkim_explained_header(e, &m->evidence);
	}
	if (e != NULL && e->header == DKIM_HEADER_NOT_KEY) {
		other_key(m, s);
	} else if (e != NULL && e->header == DKIM_HEADER_FORM) {
		m->turn = REPORT_TURN_SENDER;
		buf_addf(&m->headline,
			 "the header is not what " SPAN_FMT " signed: ",
			 SPAN_ARG(s->domain));
		dkim_explained_header(e, &m->headline);
		buf_adds(&m->repair, "Hash the header in the form that c= "
				     "names.");
	} else {
		buf_addf(&m->headline,
			 "the header was changed after " SPAN_FMT " signed "
			 "it, by ",
			 SPAN_ARG(s->domain));
		fact_say_forwarder(m, &m->headline);
		if (e != NULL && e->field.len > 0) {
			buf_adds(&m->headline, ": ");
			dkim_explained_header(e, &m->headline);
		}
		advise_forwarder(m);
	}
}

/* There is no key at the name that the signature gives. */
static void
no_key(struct fact_maker *m, const struct signature *s, size_t i)
{
	const struct report_key *key = &m->r->key[i];

	m->turn = REPORT_TURN_OPERATOR;
	buf_addf(&m->evidence, "; DNS says %s of TXT %s",
		 dns_status_name(key->status), s->key.s);
	if (key->alias.len > 0) {
		m->kind = REPORT_FACT_DKIM_CNAME_DANGLING;
		m->turn = REPORT_TURN_SENDER;
		buf_addf(&m->headline, "the CNAME at %s leads to ", s->key.s);
		report_words(&m->headline, key->alias);
		buf_adds(&m->headline, ", where there is no key");
		buf_adds(&m->repair, "Who serves ");
		report_words(&m->repair, key->alias);
		buf_adds(&m->repair, " must publish the key there; if the "
				     "service gave another target, point the "
				     "CNAME at that.");
		return;
	}
	if (is_token(s->d->signature.selector)) {
		m->kind = REPORT_FACT_DKIM_CNAME_MISSING;
		buf_addf(&m->headline,
			 "the CNAME record at %s is missing, which leads to "
			 "the key",
			 s->key.s);
		buf_addf(&m->repair,
			 "Publish the CNAME at %s with the target that the "
			 "sending service shows for it.",
			 s->key.s);
		return;
	}
	m->kind = REPORT_FACT_DKIM_KEY_MISSING;
	buf_addf(&m->headline, "there is no DKIM key at %s", s->key.s);
	buf_addf(&m->repair,
		 "Publish the key at %s, as a TXT record or as the CNAME that "
		 "the sending service gives.",
		 s->key.s);
}

/* There is a record, and it is not usable. */
static void
bad_record(struct fact_maker *m, const struct signature *s)
{
	m->turn = REPORT_TURN_OPERATOR;
	m->kind = REPORT_FACT_DKIM_KEY_INVALID;
	if (s->d->key_status == DKIM_KEY_REVOKED)
		m->kind = REPORT_FACT_DKIM_KEY_REVOKED;
	else if (s->d->key_status == DKIM_KEY_BAD_TYPE)
		m->kind = REPORT_FACT_DKIM_KEY_TYPE;
	else if (s->d->key_status == DKIM_KEY_BAD_KEY &&
		 s->d->pubkey_status == PUBKEY_WEAK)
		m->kind = REPORT_FACT_DKIM_KEY_WEAK;
	buf_addf(&m->headline, "the DKIM key at %s cannot be used: %s",
		 s->key.s, dkim_result_text(s->d));
	if (m->kind == REPORT_FACT_DKIM_KEY_REVOKED)
		buf_adds(&m->repair,
			 "The empty p= says that the key was withdrawn: sign "
			 "with one that is published, under its selector.");
	else if (m->kind == REPORT_FACT_DKIM_KEY_WEAK)
		buf_adds(&m->repair,
			 "Make a key of 2048 bits, publish it under "
			 "a new selector and sign with it.");
	else
		buf_addf(&m->repair,
			 "Publish at %s one TXT record such as \"v=DKIM1; "
			 "k=rsa; p=...\", just as the sending service gives "
			 "it.",
			 s->key.s);
	buf_adds(&m->evidence, "; record: ");
	report_words(&m->evidence, s->d->record);
}

/* What the signature itself says is not to be used. */
static void
bad_signature(struct fact_maker *m, const struct signature *s,
	      enum report_fact_kind kind, const char *repair)
{
	m->kind = kind;
	m->turn = REPORT_TURN_SENDER;
	buf_addf(&m->headline,
		 "the signature of " SPAN_FMT " does not count: %s",
		 SPAN_ARG(s->domain.len > 0 ? s->domain : SPAN("?")),
		 dkim_result_text(s->d));
	buf_adds(&m->repair, repair);
}

/* As bad_signature(), of the record: the operator's turn. */
static void
bad_key(struct fact_maker *m, const struct signature *s,
	enum report_fact_kind kind, const char *repair)
{
	bad_signature(m, s, kind, repair);
	m->turn = REPORT_TURN_OPERATOR;
	buf_addf(&m->evidence, "; at %s", s->key.s);
	if (s->d->record.len > 0) {
		buf_adds(&m->evidence, ": ");
		report_words(&m->evidence, s->d->record);
	}
}

/* Reasons that the signature or the key gives by itself. */
static void
refused(struct fact_maker *m, const struct signature *s)
{
	switch (s->d->reason) {
	case DKIM_REASON_EXPIRED:
		bad_signature(m, s, REPORT_FACT_DKIM_EXPIRED,
			      "Sign with an x= that is well behind the time "
			      "mail may wait in queues, a week or more; an old "
			      "message must be judged as of its arrival.");
		return;
	case DKIM_REASON_FUTURE:
		bad_signature(m, s, REPORT_FACT_DKIM_FUTURE,
			      "Set the clock of the host that signs.");
		return;
	case DKIM_REASON_SHA1:
		bad_signature(m, s, REPORT_FACT_DKIM_SHA1,
			      "Sign with a=rsa-sha256; the key can stay.");
		return;
	case DKIM_REASON_OK:
	case DKIM_REASON_LENGTH:
		bad_signature(m, s, REPORT_FACT_DKIM_LENGTH,
			      "Sign the whole body: leave l= out.");
		return;
	case DKIM_REASON_MANY_KEYS:
		bad_key(m, s, REPORT_FACT_DKIM_KEY_MANY,
			"Leave one key record at this name; a second key "
			"needs a selector of its own.");
		return;
	case DKIM_REASON_KEY_TYPE:
		bad_key(m, s, REPORT_FACT_DKIM_KEY_TYPE,
			"Publish a key of the type that a= names, or sign with "
			"the algorithm of the key that is published.");
		return;
	case DKIM_REASON_KEY_STRICT:
		bad_key(m, s, REPORT_FACT_DKIM_KEY_STRICT,
			"Take t=s out of the key record, or sign without i=.");
		return;
	case DKIM_REASON_DNS:
		bad_key(m, s, REPORT_FACT_DKIM_DNS,
			"Ask again later; if it stays so, the name servers of "
			"the domain do not answer as they should.");
		m->turn = REPORT_TURN_RECEIVER;
		return;
	case DKIM_REASON_SIGNATURE:
	case DKIM_REASON_NO_KEY:
	case DKIM_REASON_KEY_RECORD:
	case DKIM_REASON_BODY:
	case DKIM_REASON_HEADER:
		break;
	}
	bad_signature(m, s, REPORT_FACT_DKIM_MALFORMED,
		      "The program that signs writes a DKIM-Signature that is "
		      "not as RFC 6376 section 3.5 says: repair or replace "
		      "it.");
}

void
fact_of_dkim(struct fact_maker *m, size_t i)
{
	const struct dkim_result *d = &m->r->dkim[i];
	struct signature s = {
		.d = d,
		.domain = domain_span(&d->signature.domain),
		.explained =
			m->r->explained != NULL ? &m->r->explained[i] : NULL,
	};

	if (d->signature.key_name.len > 0)
		s.key = dname_format(&d->signature.key_name);
	say_signature(m, &s);
	if (d->reason == DKIM_REASON_BODY)
		body_changed(m, &s);
	else if (d->reason == DKIM_REASON_HEADER)
		header_changed(m, &s);
	else if (d->reason == DKIM_REASON_NO_KEY)
		no_key(m, &s, i);
	else if (d->reason == DKIM_REASON_KEY_RECORD)
		bad_record(m, &s);
	else
		refused(m, &s);
}

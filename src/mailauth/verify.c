/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/verify.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "text/gather.h"

/* What the machine asks for next. */
enum step {
	STEP_MESSAGE, /* the message is not all there */
	STEP_SPF,     /* SPF of MAIL FROM */
	STEP_HELO,    /* SPF of HELO */
	STEP_DKIM,    /* keys */
	STEP_DMARC,   /* policy and alignment */
	STEP_ARC,     /* keys of the chain */
	STEP_DONE,    /* the report stands */
};

struct verify {
	struct arena *arena;
	enum step step;
	struct gather gathered; /* the header, while it comes */
	bool has_header;        /* `header` is parsed */
	struct header_block header;
	struct spf spf; /* under evaluation */
	struct dkim_verify *dkim;
	struct dkim_keys *keys;    /* the caller's, or NULL */
	struct spf_cache *records; /* the same */
	bool trace;                /* SPF tells its steps */
	struct arc *arc;
	struct dns_question asked; /* last */
	struct dmarc dmarc;
	struct report report;
};

struct verify *
verify_new(const struct report_transport *transport, int64_t now,
	   struct arena *arena)
{
	struct verify *m = mem_new(sizeof(*m));
	struct report_transport *t = &m->report.transport;

	m->arena = arena;
	gather_init(&m->gathered);
	*t = *transport;
	t->helo = arena_copy(arena, transport->helo);
	t->mail_from = arena_copy(arena, transport->mail_from);
	t->receiver = arena_copy(arena, transport->receiver);
	t->tls = arena_copy(arena, transport->tls);
	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++)
		m->report.key[i].alias = m->report.not_signed[i] = SPAN("");
	m->report.evaluated = now;
	m->report.message_id = m->report.subject = m->report.list = SPAN("");
	return m;
}

void
verify_free(struct verify *m)
{
	if (m == NULL)
		return;
	dkim_verify_free(m->dkim);
	arc_free(m->arc);
	gather_release(&m->gathered);
	free(m);
}

/* The value of a field without its folds and outer space; "" if not there. */
static struct span
field_text(struct verify *m, const struct header_field *field)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(HEADER_SIZE_MAX);

	if (field == NULL)
		return SPAN("");
	header_unfold(field->value, &text);
	return arena_copy(m->arena, buf_span(&text));
}

/*
 * The name of the mailing list that the message says it came by: what is in
 * the brackets of List-Id (RFC 2919), or the address of List-Post.
 */
static struct span
list_name(struct verify *m)
{
	struct span id = field_text(m, header_get(&m->header, SPAN("List-Id")));
	struct span post =
		field_text(m, header_get(&m->header, SPAN("List-Post")));
	size_t angle = span_find_last(id, '<');

	if (angle != SPAN_NONE) {
		id = span_skip(id, angle + 1);
		return span_cut(&id, '>');
	}
	if (id.len > 0)
		return id;
	angle = span_search(post, SPAN("<mailto:"));
	if (angle == SPAN_NONE)
		return SPAN("");
	post = span_skip(post, angle + strlen("<mailto:"));
	return span_cut(&post, '>');
}

/* The header is there, and `rest` is the body as far as it is. */
static void
take_header(struct verify *m)
{
	struct span text = arena_copy(m->arena, buf_span(&m->gathered.text));
	struct report *r = &m->report;
	struct dkim_verify_input input = {
		.now = r->evaluated,
		.keys = m->keys,
	};
	enum header_status status;
	size_t offset;

	m->has_header = true;
	status = header_parse(text, m->arena, &m->header, &offset);
	gather_release(&m->gathered);
	author_read(&m->header, status, m->arena, &r->from);
	r->list = list_name(m);
	r->subject = field_text(m, header_get(&m->header, SPAN("Subject")));
	r->message_id =
		field_text(m, header_get(&m->header, SPAN("Message-ID")));
	if (r->from.status == AUTHOR_OK)
		input.from = &r->from.domain;
	m->dkim = dkim_verify_new(&m->header, &input, m->arena);
	m->arc = arc_new(&m->header, input.now, input.keys, m->arena);
}

void
verify_feed(struct verify *m, struct span bytes)
{
	assert(m->step == STEP_MESSAGE);
	if (!m->has_header) {
		bytes = span_skip(bytes, gather_feed(&m->gathered, bytes));
		if (m->gathered.whole)
			take_header(m);
	}
	if (!m->has_header || bytes.len == 0)
		return;
	dkim_verify_feed(m->dkim, bytes);
	arc_feed(m->arc, bytes);
}

static void
start_spf(struct verify *m, struct span mail_from)
{
	const struct report_transport *t = &m->report.transport;
	struct spf_input input = {
		.ip = t->ip,
		.helo = t->helo,
		.mail_from = mail_from,
		.receiver = t->receiver,
		.cache = m->records,
		.now = m->report.evaluated,
		.trace = m->trace,
	};

	spf_init(&m->spf, &input, m->arena);
}

/* Makes a name of a domain that was authenticated. */
static bool
name_of(struct span text, struct dname *ret)
{
	struct domain domain;

	if (domain_parse(text, &domain) == DOMAIN_OK)
		text = domain_span(&domain);
	return dname_parse(text, ret) == DNAME_OK;
}

static enum dmarc_auth
spf_auth(enum spf_verdict verdict)
{
	if (verdict == SPF_PASS)
		return DMARC_AUTH_PASS;
	return verdict == SPF_TEMPERROR ? DMARC_AUTH_ERROR : DMARC_AUTH_FAIL;
}

static enum dmarc_auth
dkim_auth(const struct dkim_result *result)
{
	if (result->outcome == DKIM_PASS && result->dmarc_eligible)
		return DMARC_AUTH_PASS;
	return result->outcome == DKIM_TEMPERROR ? DMARC_AUTH_ERROR
						 : DMARC_AUTH_FAIL;
}

static void
start_dmarc(struct verify *m)
{
	struct report *r = &m->report;
	struct dname name;

	if (r->from.status != AUTHOR_OK ||
	    !name_of(domain_span(&r->from.domain), &name)) {
		dmarc_init_no_author(&m->dmarc, m->arena);
		return;
	}
	dmarc_init(&m->dmarc, &name, m->arena);
	if (r->has_spf && name_of(r->spf.domain, &name))
		dmarc_add(&m->dmarc, true, &name, spf_auth(r->spf.verdict));
	for (size_t i = 0; i < r->signatures; i++)
		if (name_of(domain_span(&r->dkim[i].signature.domain), &name))
			dmarc_add(&m->dmarc, false, &name,
				  dkim_auth(&r->dkim[i]));
}

/* Whether DMARC found the domain `text` aligned. */
static bool
is_aligned(const struct dmarc_result *r, bool spf, struct span text)
{
	struct dname name;

	if (!name_of(text, &name))
		return false;
	for (size_t i = 0; i < r->identifiers; i++)
		if (r->identifier[i].spf == spf &&
		    dname_equal(&r->identifier[i].domain, &name))
			return r->identifier[i].aligned;
	return false;
}

static enum report_verdict
sum(const struct report *r)
{
	switch (r->dmarc.verdict) {
	case DMARC_VERDICT_NONE:
		return REPORT_UNPROTECTED;
	case DMARC_VERDICT_FAIL:
	case DMARC_VERDICT_PERMERROR:
		return REPORT_FAIL;
	case DMARC_VERDICT_TEMPERROR:
		return REPORT_UNKNOWN;
	case DMARC_VERDICT_PASS:
		break;
	}
	return r->dmarc.dkim_aligned && (r->dmarc.spf_aligned || !r->has_spf)
		       ? REPORT_PASS
		       : REPORT_PARTLY;
}

/* The names of fields that people see and that `s` does not sign, or not all
 * that there are. */
static struct span
not_signed(const struct verify *m, const struct dkim_signature *s)
{
	static const struct span seen[] = {
		SPAN("From"),         SPAN("Subject"),
		SPAN("To"),           SPAN("Cc"),
		SPAN("Date"),         SPAN("Reply-To"),
		SPAN("Sender"),       SPAN("MIME-Version"),
		SPAN("Content-Type"), SPAN("Content-Transfer-Encoding"),
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT(400);

	for (size_t i = 0; i < COUNT(seen); i++) {
		size_t there = header_count(&m->header, seen[i]);

		for (size_t k = 0; k < s->headers && there > 0; k++)
			if (span_equal_nocase(s->header[k], seen[i]))
				there--;
		if (there > 0)
			buf_addf(&text, "%s" SPAN_FMT, text.len > 0 ? ", " : "",
				 SPAN_ARG(seen[i]));
	}
	return arena_copy(m->arena, buf_span(&text));
}

static void
finish(struct verify *m)
{
	struct report *r = &m->report;

	r->arc = *arc_result(m->arc);
	r->arc.domain = arena_copy(m->arena, r->arc.domain);
	r->spf_aligned =
		r->has_spf && is_aligned(&r->dmarc, true, r->spf.domain);
	for (size_t i = 0; i < r->signatures; i++) {
		r->dkim_aligned[i] =
			is_aligned(&r->dmarc, false,
				   domain_span(&r->dkim[i].signature.domain));
		r->not_signed[i] =
			r->dkim[i].signature_status == DKIM_SIGNATURE_OK
				? not_signed(m, &r->dkim[i].signature)
				: SPAN("");
	}
	r->verdict = sum(r);
	report_fact(r, m->arena, &r->fact);
	m->step = STEP_DONE;
}

void
verify_end(struct verify *m)
{
	const struct report_transport *t = &m->report.transport;

	assert(m->step == STEP_MESSAGE);
	if (!m->has_header)
		take_header(m);
	dkim_verify_end(m->dkim);
	arc_end(m->arc);
	m->report.has_spf = t->has_ip && t->has_mail_from;
	m->report.has_helo =
		m->report.has_spf && t->mail_from.len > 0 && t->helo.len > 0;
	m->step = STEP_DKIM;
	if (m->report.has_spf) {
		m->step = STEP_SPF;
		start_spf(m, t->mail_from);
	}
}

/* The part under way asks no more: keeps its result and starts the next. */
static void
next_step(struct verify *m)
{
	struct report *r = &m->report;

	switch (m->step) {
	case STEP_SPF:
		r->spf = *spf_result(&m->spf);
		m->step = STEP_DKIM;
		if (r->has_helo) {
			m->step = STEP_HELO;
			start_spf(m, SPAN(""));
		}
		return;
	case STEP_HELO:
		r->helo = *spf_result(&m->spf);
		m->step = STEP_DKIM;
		return;
	case STEP_DKIM:
		r->dkim = dkim_verify_results(m->dkim, &r->signatures);
		r->skipped = dkim_verify_skipped(m->dkim);
		r->dkim_outcome = dkim_verify_outcome(m->dkim);
		m->step = STEP_DMARC;
		start_dmarc(m);
		return;
	case STEP_DMARC:
		r->dmarc = *dmarc_result(&m->dmarc);
		m->step = STEP_ARC;
		return;
	case STEP_ARC:
		finish(m);
		return;
	case STEP_MESSAGE:
	case STEP_DONE:
		break;
	}
	assert(false && "a step that nothing follows");
}

/* Whether the part under way waits for an answer. */
static bool
part_asks(struct verify *m, struct dns_question *ret)
{
	if (m->step == STEP_DKIM)
		return dkim_verify_ask(m->dkim, ret);
	if (m->step == STEP_DMARC)
		return dmarc_ask(&m->dmarc, ret);
	if (m->step == STEP_ARC)
		return arc_ask(m->arc, ret);
	return spf_ask(&m->spf, ret);
}

bool
verify_ask(struct verify *m, struct dns_question *ret)
{
	assert(m->step != STEP_MESSAGE);
	while (m->step != STEP_DONE) {
		if (part_asks(m, ret)) {
			m->asked = *ret;
			return true;
		}
		next_step(m);
	}
	return false;
}

/* Keeps what DNS said of the key that was asked for. */
static void
keep_evidence(struct verify *m, const struct dns_answer *a)
{
	size_t len;
	const struct dkim_result *d = dkim_verify_results(m->dkim, &len);

	for (size_t i = 0; i < len; i++) {
		struct report_key *key = &m->report.key[i];
		struct dname_text text;

		if (key->asked ||
		    !dname_equal(&d[i].signature.key_name, &m->asked.name))
			continue;
		key->asked = true;
		key->status = a->status;
		if (a->aliases > 0)
			key->alias = arena_copy(
				m->arena,
				dname_print(&a->alias[a->aliases - 1], &text));
	}
}

void
verify_answer(struct verify *m, const struct dns_answer *a)
{
	if (m->step == STEP_DKIM) {
		keep_evidence(m, a);
		dkim_verify_answer(m->dkim, a);
	} else if (m->step == STEP_DMARC)
		dmarc_answer(&m->dmarc, a);
	else if (m->step == STEP_ARC)
		arc_answer(m->arc, a);
	else
		spf_answer(&m->spf, a);
}

const struct report *
verify_report(const struct verify *m)
{
	assert(m->step == STEP_DONE);
	return &m->report;
}

void
verify_explain(struct verify *m, struct span message)
{
	struct report *r = &m->report;
	struct span body = span_skip(message, m->header.size);
	struct dkim_explained *explained;

	assert(m->step == STEP_DONE);
	explained = arena_array(m->arena, DKIM_VERIFY_MAX, sizeof(*explained));
	if (explained == NULL)
		return;
	for (size_t i = 0; i < r->signatures; i++)
		dkim_explain(&r->dkim[i], &m->header, body, m->arena,
			     &explained[i]);
	r->explained = explained;
	report_fact(r, m->arena, &r->fact);
}

void
verify_use_keys(struct verify *m, struct dkim_keys *keys)
{
	assert(!m->has_header);
	m->keys = keys;
}

void
verify_trace(struct verify *m)
{
	assert(m->step == STEP_MESSAGE);
	m->trace = true;
}

void
verify_use_records(struct verify *m, struct spf_cache *records)
{
	assert(m->step == STEP_MESSAGE);
	m->records = records;
}

const struct header_block *
verify_header(const struct verify *m)
{
	assert(m->has_header);
	return &m->header;
}

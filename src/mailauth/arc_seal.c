/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc_seal.h"

#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_names.h"
#include "text/base64.h"

#define CHUNK 72 /* of a line of b=, its name included */

/*
 * What h= names, present or not, once more than it is there: as DKIM's own
 * (RFC 6376 section 5.4.1), and the fields of a mailing list, which is who
 * seals.
 */
static const char *const guarded[] = {
	"From",
	"To",
	"Cc",
	"Subject",
	"Reply-To",
	"Date",
	"Message-ID",
	"MIME-Version",
	"Content-Type",
	"Content-Transfer-Encoding",
	"In-Reply-To",
	"References",
	"List-Id",
	"List-Unsubscribe",
	"List-Unsubscribe-Post",
};

/*
 * Those that are named as often as they are there.  RFC 8617 section 4.1.2:
 * the signature should cover the DKIM-Signature fields there are.
 */
static const char *const present[] = {
	"DKIM-Signature", "Sender",    "Content-Disposition", "Content-ID",
	"List-Post",      "List-Help", "List-Subscribe",      "Feedback-ID",
};

/* RFC 8617 section 4.1.2: what the signature of a message never covers. */
static const char *const barred[] = {
	"Authentication-Results",
	"ARC-Authentication-Results",
	"ARC-Message-Signature",
	"ARC-Seal",
};

static enum arc_seal_status
choose_names(const struct header_block *header, struct dkim_names *ret)
{
	for (size_t i = 0; i < COUNT(guarded); i++) {
		struct span name = span_of(guarded[i]);

		if (!dkim_names_add(ret, name, header_count(header, name) + 1))
			return ARC_SEAL_TOO_MANY;
	}
	for (size_t i = 0; i < COUNT(present); i++) {
		struct span name = span_of(present[i]);

		if (!dkim_names_add(ret, name, header_count(header, name)))
			return ARC_SEAL_TOO_MANY;
	}
	return ARC_SEAL_OK;
}

/* Whether `name` may stand in h= of an ARC-Message-Signature. */
static bool
may_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] < '!' || name.ptr[i] > '~' ||
		    name.ptr[i] == ':' || name.ptr[i] == ';')
			return false;
	for (size_t i = 0; i < COUNT(barred); i++)
		if (span_equal_nocase(name, span_of(barred[i])))
			return false;
	return name.len > 0;
}

static enum arc_seal_status
pick_names(const struct arc_seal *how, const struct header_block *header,
	   struct dkim_names *ret)
{
	bool from = false;

	ret->len = 0;
	if (header_get(header, SPAN("From")) == NULL)
		return ARC_SEAL_NO_FROM;
	if (how->header == NULL)
		return choose_names(header, ret);
	for (size_t i = 0; i < how->headers; i++) {
		if (!may_name(how->header[i]))
			return ARC_SEAL_BAD_NAME;
		from |= span_equal_nocase(how->header[i], SPAN("From"));
		if (!dkim_names_add(ret, how->header[i], 1))
			return ARC_SEAL_TOO_MANY;
	}
	return from ? ARC_SEAL_OK : ARC_SEAL_NO_FROM;
}

/* Begins a field, up to b=. */
static void
put_start(const struct arc_sealing *s, const char *name, struct buf *to)
{
	buf_addf(to, "%s: a=%s;\r\n\tb=", name,
		 s->how.type == KEY_ED25519
			 ? dkim_algorithm_name(DKIM_ED25519_SHA256)
			 : dkim_algorithm_name(DKIM_RSA_SHA256));
}

/* Ends the tags of a field.  dkimpy finds a field by " i=N;": hence a space. */
static void
put_end(const struct arc_sealing *s, struct buf *to)
{
	buf_addf(to, "\r\n\t i=%u; s=" SPAN_FMT ";\r\n\tt=%lld", s->instance,
		 SPAN_ARG(s->how.selector), (long long)s->how.time);
}

/* Puts a signature in folded lines, then the tags that wait behind it. */
static bool
put_signature(struct arc_sealing *s, struct span signature, struct buf *to)
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(BASE64_LEN(DKIM_SIGNATURE_MAX));
	size_t line = s->how.one_line ? SIZE_MAX : CHUNK;
	size_t room = line - 2; /* "b=" is there already */
	struct span rest;

	base64_encode(signature, &text);
	if (signature.len == 0 || text.full)
		return false;
	for (rest = buf_span(&text); rest.len > 0; room = line) {
		if (rest.ptr != text.ptr)
			buf_adds(to, "\r\n\t");
		buf_add(to, span_head(rest, room));
		rest = span_skip(rest, room);
	}
	buf_add(to, buf_span(&s->tail));
	buf_clear(&s->tail);
	return buf_adds(to, "\r\n");
}

/* Whether there is a result of ARC itself among the results. */
static bool
has_arc(const struct authres *a)
{
	for (size_t i = 0; i < a->len; i++)
		if (span_equal_nocase(a->result[i].method, SPAN("arc")))
			return true;
	return false;
}

/*
 * Writes the ARC-Authentication-Results.  What is written is read back: it
 * must be one field, of this instance and authserv-id.
 */
static enum arc_seal_status
put_results(struct arc_sealing *s, struct arena *arena)
{
	static const char name[] = "ARC-Authentication-Results:";
	struct authres id = {.authserv_id = s->how.authserv_id}, a;
	struct span results = span_trim(s->how.results);
	struct buf *to = &s->results;
	struct header_block block;
	size_t offset;

	buf_addf(to, "%s i=%u; ", name, s->instance);
	authres_format(&id, to);
	/* an authres without results ends in "; none" */
	if (results.len > 0) {
		buf_truncate(to, to->len - strlen(" none"));
		buf_adds(to, "\r\n\t");
		buf_add(to, results);
	}
	if (to->full)
		return ARC_SEAL_TOO_LONG;
	if (authres_parse(span_skip(buf_span(to), strlen(name)), true, arena,
			  &a) != AUTHRES_OK ||
	    a.arc != s->instance)
		return ARC_SEAL_BAD_RESULTS;
	if (!has_arc(&a)) {
		if (a.len == 0)
			buf_truncate(to, to->len - strlen("; none"));
		buf_addf(to, ";\r\n\tarc=%s", arc_cv_name(s->cv));
	}
	buf_adds(to, "\r\n");
	if (to->full ||
	    header_parse(buf_span(to), arena, &block, &offset) != HEADER_OK ||
	    block.len != 1 || block.field[0].raw.len != to->len)
		return ARC_SEAL_BAD_RESULTS;
	return ARC_SEAL_OK;
}

/* RFC 8617 section 5.1, steps 2 and 3: whether to seal, and as which. */
static enum arc_seal_status
place_set(struct arc_sealing *s, const struct arc_sets *sets,
	  const struct arc_result *chain)
{
	if (sets->ended)
		return ARC_SEAL_ENDED;
	if (sets->len >= ARC_INSTANCE_MAX)
		return ARC_SEAL_FULL;
	if (chain->reason == ARC_REASON_DNS)
		return ARC_SEAL_UNKNOWN;
	s->instance = sets->len + 1;
	if (chain->verdict == ARC_FAIL || sets->reason != ARC_REASON_OK)
		s->cv = ARC_CV_FAIL;
	else
		s->cv = s->instance == 1 ? ARC_CV_NONE : ARC_CV_PASS;
	return ARC_SEAL_OK;
}

/*
 * Puts what the seal will sign before its own set.  RFC 8617 s5.1.2: of a
 * failed chain "the header fields included in the signature scope of the AS
 * header field b= value MUST only include the ARC Set header fields created
 * by the MTA that detected the malformed chain".
 */
static void
put_scope(struct arc_sealing *s, const struct arc_sets *sets)
{
	size_t end[ARC_INSTANCE_MAX + 1];

	if (s->cv == ARC_CV_PASS)
		arc_sets_text(sets, &s->text, end);
}

static enum arc_seal_status
begin(struct arc_sealing *s, const struct header_block *header,
      const uint8_t body_hash[DIGEST_SIZE], const struct arc_result *chain,
      struct arena *arena, uint8_t ret_digest[DIGEST_SIZE])
{
	enum arc_seal_status status;
	struct arc_sets sets;
	struct dkim_names names;

	arc_sets_read(&sets, header, arena);
	status = place_set(s, &sets, chain);
	if (status == ARC_SEAL_OK)
		put_scope(s, &sets);
	arc_sets_release(&sets);
	if (status == ARC_SEAL_OK)
		status = put_results(s, arena);
	if (status == ARC_SEAL_OK)
		status = pick_names(&s->how, header, &names);
	if (status != ARC_SEAL_OK)
		return status;
	put_start(s, "ARC-Message-Signature", &s->message);
	buf_adds(&s->tail, ";\r\n\tbh=");
	base64_encode(span_bytes(body_hash, DIGEST_SIZE), &s->tail);
	buf_addf(&s->tail, "; c=%s/%s;\r\n\td=%s;", canon_name(CANON_RELAXED),
		 canon_name(CANON_RELAXED), s->how.domain.s);
	dkim_names_put(&names, &s->tail);
	put_end(s, &s->tail);
	if (s->message.full || s->tail.full || s->text.full)
		return ARC_SEAL_TOO_LONG;
	dkim_header_hash(header, CANON_RELAXED, names.name, names.len, NULL,
			 buf_span(&s->message), buf_span(&s->tail), ret_digest);
	return ARC_SEAL_OK;
}

enum arc_seal_status
arc_seal_begin(const struct arc_seal *how, const struct header_block *header,
	       const uint8_t body_hash[DIGEST_SIZE],
	       const struct arc_result *chain, struct arena *arena,
	       struct arc_sealing *ret, uint8_t ret_digest[DIGEST_SIZE])
{
	*ret = (struct arc_sealing){
		.how = *how,
		.results = BUF_INIT(ARC_RESULTS_MAX),
		.message = BUF_INIT(ARC_FIELDS_MAX),
		.seal = BUF_INIT(ARC_FIELDS_MAX),
		.tail = BUF_INIT(ARC_FIELDS_MAX),
		.text = BUF_INIT(ARC_TEXT_MAX),
	};
	return begin(ret, header, body_hash, chain, arena, ret_digest);
}

bool
arc_seal_next(struct arc_sealing *s, struct span signature,
	      uint8_t ret_digest[DIGEST_SIZE])
{
	if (!put_signature(s, signature, &s->message))
		return false;
	canon_header(CANON_RELAXED, buf_span(&s->results), &s->text);
	canon_header(CANON_RELAXED, buf_span(&s->message), &s->text);
	put_start(s, "ARC-Seal", &s->seal);
	buf_addf(&s->tail, ";\r\n\tcv=%s; d=%s;", arc_cv_name(s->cv),
		 s->how.domain.s);
	put_end(s, &s->tail);
	if (s->text.full || s->seal.full || s->tail.full)
		return false;
	arc_seal_hash(buf_span(&s->text), buf_span(&s->seal),
		      buf_span(&s->tail), ret_digest);
	return true;
}

bool
arc_seal_finish(struct arc_sealing *s, struct span signature, struct buf *to)
{
	if (!put_signature(s, signature, &s->seal))
		return false;
	buf_add(to, buf_span(&s->seal));
	buf_add(to, buf_span(&s->message));
	buf_add(to, buf_span(&s->results));
	return !to->full;
}

void
arc_seal_release(struct arc_sealing *s)
{
	buf_release(&s->results);
	buf_release(&s->message);
	buf_release(&s->seal);
	buf_release(&s->tail);
	buf_release(&s->text);
}

bool
arc_seal_collect(const struct header_block *header, struct span authserv_id,
		 struct buf *to)
{
	size_t start = to->len;

	for (size_t i = 0; i < header->len; i++) {
		struct span results =
			authres_results(&header->field[i], authserv_id);

		if (results.len == 0)
			continue;
		if (to->len > start)
			buf_adds(to, ";\r\n\t");
		buf_add(to, results);
	}
	return !to->full;
}

const char *
arc_seal_strerror(enum arc_seal_status status)
{
	static const char *const text[] = {
		[ARC_SEAL_OK] = "the message can be sealed",
		[ARC_SEAL_ENDED] = "the newest seal says that the chain "
				   "failed: nothing is added to it",
		[ARC_SEAL_FULL] = "the chain has 50 sets, and takes no more",
		[ARC_SEAL_UNKNOWN] = "DNS gave an error for a key of the "
				     "chain: try again later",
		[ARC_SEAL_NO_FROM] = "there is no From to sign",
		[ARC_SEAL_BAD_NAME] = "h= would have a name that must not be "
				      "there",
		[ARC_SEAL_TOO_MANY] = "the header has too many fields to name",
		[ARC_SEAL_BAD_RESULTS] =
			"the results are not \"method=result ...\" with \";\" "
			"between them, or there are too many",
		[ARC_SEAL_TOO_LONG] = "the set would be too long",
	};
	return text[status];
}

const char *
arc_cv_name(enum arc_cv cv)
{
	static const char *const name[] = {
		[ARC_CV_NONE] = "none",
		[ARC_CV_PASS] = "pass",
		[ARC_CV_FAIL] = "fail",
	};
	return name[cv];
}

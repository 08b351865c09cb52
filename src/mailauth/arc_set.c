/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc_set.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mailauth/authres.h"

static void
fail(struct arc_sets *s, enum arc_reason reason, unsigned instance)
{
	if (s->reason != ARC_REASON_OK)
		return;
	s->reason = reason;
	s->instance = instance;
}

/* Puts `field` in its place; false if there is none, or it is taken. */
static bool
place(const struct header_field **at, const struct header_field *field,
      unsigned instance)
{
	if (instance == 0 || *at != NULL)
		return false;
	*at = field;
	return true;
}

static void
take_results(struct arc_sets *s, const struct header_field *field)
{
	unsigned i = authres_instance(field->value);

	if (i == 0)
		fail(s, ARC_REASON_RESULTS, 0);
	else if (!place(&s->set[i].results, field, i))
		fail(s, ARC_REASON_STRUCTURE, i);
	s->len = i > s->len ? i : s->len;
}

/* Takes a signature or a seal; a malformed one keeps its instance taken. */
static void
take_signed(struct arc_sets *s, const struct header_field *field, bool seal,
	    struct arena *arena)
{
	enum dkim_signature_status status;
	struct dkim_signature signature;
	enum arc_cv cv = ARC_CV_NONE;
	struct arc_set *set;
	unsigned i;

	status = seal ? dkim_signature_parse_seal(field, arena, &signature, &i,
						  &cv)
		      : dkim_signature_parse_ams(field, arena, &signature, &i);
	set = &s->set[i];
	if (status != DKIM_SIGNATURE_OK)
		fail(s, ARC_REASON_SIGNATURE, i);
	s->len = i > s->len ? i : s->len;
	if (!place(seal ? &set->seal : &set->message, field, i)) {
		fail(s, ARC_REASON_STRUCTURE, i);
		return;
	}
	if (seal) {
		set->seal_signature = signature;
		set->cv = cv;
	} else {
		set->message_signature = signature;
	}
}

/* RFC 8617 section 5.2, steps 2 and 3: what the seals say, and structure. */
static void
check(struct arc_sets *s)
{
	if (s->ended) {
		s->reason = ARC_REASON_SAID; /* whatever else there is */
		s->instance = s->len;
	}
	for (unsigned i = 1; i <= s->len; i++) {
		const struct arc_set *set = &s->set[i];

		if (set->results == NULL || set->message == NULL ||
		    set->seal == NULL)
			fail(s, ARC_REASON_STRUCTURE, i);
		else if (set->cv != (i == 1 ? ARC_CV_NONE : ARC_CV_PASS))
			fail(s, ARC_REASON_CHAIN, i);
	}
}

void
arc_sets_read(struct arc_sets *s, const struct header_block *header,
	      struct arena *arena)
{
	*s = (struct arc_sets){.reason = ARC_REASON_OK};
	s->set = mem_array(ARC_INSTANCE_MAX + 1, sizeof(*s->set));
	for (size_t i = 0; i < header->len; i++) {
		const struct header_field *field = &header->field[i];

		/* most fields are told apart by their first letter */
		if (field->name.len == 0 ||
		    span_lower(field->name.ptr[0]) != 'a')
			continue;
		s->fields++;
		if (header_is(field, SPAN("ARC-Authentication-Results")))
			take_results(s, field);
		else if (header_is(field, SPAN("ARC-Message-Signature")))
			take_signed(s, field, false, arena);
		else if (header_is(field, SPAN("ARC-Seal")))
			take_signed(s, field, true, arena);
		else
			s->fields--;
	}
	s->ended =
		s->set[s->len].seal != NULL && s->set[s->len].cv == ARC_CV_FAIL;
	check(s);
}

void
arc_sets_release(struct arc_sets *s)
{
	free(s->set);
	s->set = NULL;
}

void
arc_sets_text(const struct arc_sets *s, struct buf *to, size_t *ret_end)
{
	for (unsigned i = 1; i <= s->len; i++) {
		const struct arc_set *set = &s->set[i];

		canon_header(CANON_RELAXED, set->results->raw, to);
		canon_header(CANON_RELAXED, set->message->raw, to);
		ret_end[i] = to->len;
		canon_header(CANON_RELAXED, set->seal->raw, to);
	}
}

void
arc_seal_hash(struct span text, struct span before_b, struct span after_b,
	      uint8_t ret[DIGEST_SIZE])
{
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	CLEANUP(buf_release) struct buf own = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(buf_release) struct buf b = BUF_INIT(ARC_TEXT_MAX);

	digest_add(digest, text);
	buf_add(&own, before_b);
	buf_add(&own, after_b);
	canon_header(CANON_RELAXED, buf_span(&own), &b);
	/* RFC 6376 s3.7: the signature's own field has no CRLF behind it */
	digest_add(digest, span_head(buf_span(&b), b.len - 2));
	digest_end(digest, ret);
}

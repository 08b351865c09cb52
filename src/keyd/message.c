/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/message.h"

/* Which members of a request an operation may set. */
enum use {
	USE_TYPE = 1,    /* type and bits */
	USE_PURPOSE = 2, /* purpose */
	USE_BYTES = 4,   /* bytes */
	USE_SEALED = 8,  /* sealed */
	USE_NEW = 16,    /* aad_new */
	USE_DIGEST = 32, /* digest */
	USE_SIGV4 = 64,  /* date to signature */
};

static const unsigned uses[KEYD_OP_COUNT] = {
	[KEYD_GENERATE] = USE_TYPE,
	[KEYD_IMPORT] = USE_BYTES,
	[KEYD_REBIND] = USE_PURPOSE | USE_SEALED | USE_NEW,
	[KEYD_SIGN] = USE_SEALED | USE_DIGEST,
	[KEYD_NEW_SECRET] = 0,
	[KEYD_VERIFY] = USE_SEALED | USE_SIGV4,
};

static bool
fits(struct span s, size_t max, bool used)
{
	return s.len <= (used ? max : 0);
}

/* Whether the members of VERIFY are of their sizes; none, if not `used`. */
static bool
sigv4_is_fine(const struct keyd_request *r, bool used)
{
	return fits(r->date, KEYD_SCOPE_MAX, used) &&
	       fits(r->region, KEYD_SCOPE_MAX, used) &&
	       fits(r->service, KEYD_SCOPE_MAX, used) &&
	       fits(r->string_to_sign, KEYD_STRING_MAX, used) &&
	       fits(r->signature, DIGEST_SIZE, used);
}

static bool
type_is_fine(const struct keyd_request *r, bool used)
{
	if (!used)
		return (unsigned)r->type == 0 && r->bits == 0;
	return r->type == KEY_RSA || r->type == KEY_ED25519;
}

static bool
request_is_fine(const struct keyd_request *r)
{
	unsigned use;

	if ((unsigned)r->op == 0 || r->op >= KEYD_OP_COUNT)
		return false;
	use = uses[r->op];
	if ((use & USE_PURPOSE) != 0 ? r->purpose >= SEAL_PURPOSE_COUNT
				     : (unsigned)r->purpose != 0)
		return false;
	return type_is_fine(r, (use & USE_TYPE) != 0) &&
	       fits(r->bytes, KEYD_BYTES_MAX, (use & USE_BYTES) != 0) &&
	       fits(r->sealed, KEYD_SEALED_MAX, (use & USE_SEALED) != 0) &&
	       fits(r->aad, KEYD_AAD_MAX, true) &&
	       fits(r->aad_new, KEYD_AAD_MAX, (use & USE_NEW) != 0) &&
	       fits(r->digest, DIGEST_SIZE, (use & USE_DIGEST) != 0) &&
	       sigv4_is_fine(r, (use & USE_SIGV4) != 0);
}

static bool
reply_is_fine(const struct keyd_reply *r)
{
	return (unsigned)r->op != 0 && r->op < KEYD_OP_COUNT &&
	       r->status < KEYD_STATUS_COUNT && r->status != KEYD_LOST &&
	       r->fault < PRIVKEY_STATUS_COUNT &&
	       (r->fault == PRIVKEY_OK) == (r->status != KEYD_BAD_KEY) &&
	       ((unsigned)r->type == 0 || r->type == KEY_RSA ||
		r->type == KEY_ED25519) &&
	       r->bits <= PUBKEY_BITS_MAX &&
	       fits(r->sealed, KEYD_SEALED_MAX, true) &&
	       fits(r->public, PRIVKEY_PUBLIC_MAX, true) &&
	       fits(r->signature, PRIVKEY_SIGNATURE_MAX, true) &&
	       fits(r->secret, KEYD_SECRET_MAX, r->op == KEYD_NEW_SECRET);
}

/* A member that was left zero has a NULL pointer. */
static void
put(struct writer *w, struct span s)
{
	writer_block(w, span_bytes(s.ptr, s.len));
}

/* Where a frame begins in `w`, and a writer for what follows its length. */
static struct writer
frame_begin(struct writer *w)
{
	struct writer inner;

	writer_u32(w, 0);
	inner = writer_over(w->ptr + w->len, w->bad ? 0 : w->room - w->len);
	inner.bad = w->bad;
	return inner;
}

/* Ends the frame that `inner` wrote; `begin` is where its length goes. */
static bool
frame_end(struct writer *w, size_t begin, const struct writer *inner)
{
	struct writer head = writer_over(w->ptr + begin, KEYD_HEAD_SIZE);

	if (inner->bad || inner->len > KEYD_FRAME_MAX - KEYD_HEAD_SIZE) {
		w->len = begin;
		return false;
	}
	writer_u32(&head, (uint32_t)inner->len);
	w->len += inner->len;
	return true;
}

struct keyd_reply
keyd_reply_of(enum keyd_op op, enum keyd_status status)
{
	return (struct keyd_reply){
		.op = op,
		.status = status,
		.sealed = SPAN(""),
		.public = SPAN(""),
		.signature = SPAN(""),
		.secret = SPAN(""),
	};
}

enum keyd_frame
keyd_frame_cut(struct span *rest, struct span *ret)
{
	struct reader r = reader_of(*rest);
	size_t len = reader_u32(&r);

	if (r.bad)
		return KEYD_FRAME_MORE;
	if (len == 0 || len > KEYD_FRAME_MAX - KEYD_HEAD_SIZE)
		return KEYD_FRAME_BAD;
	if (reader_left(&r) < len)
		return KEYD_FRAME_MORE;
	*ret = reader_take(&r, len);
	*rest = span_skip(*rest, KEYD_HEAD_SIZE + len);
	return KEYD_FRAME_OK;
}

bool
keyd_request_pack(uint64_t id, const struct keyd_request *request,
		  struct writer *w)
{
	size_t begin = w->len;
	struct writer inner;

	if (!request_is_fine(request))
		return false;
	inner = frame_begin(w);
	writer_u64(&inner, id);
	writer_u8(&inner, (uint8_t)request->op);
	writer_u8(&inner, (uint8_t)request->type);
	writer_u32(&inner, request->bits);
	writer_u8(&inner, (uint8_t)request->purpose);
	put(&inner, request->bytes);
	put(&inner, request->sealed);
	put(&inner, request->aad);
	put(&inner, request->aad_new);
	put(&inner, request->digest);
	put(&inner, request->date);
	put(&inner, request->region);
	put(&inner, request->service);
	put(&inner, request->string_to_sign);
	put(&inner, request->signature);
	return frame_end(w, begin, &inner);
}

bool
keyd_request_unpack(struct span frame, uint64_t *ret_id,
		    struct keyd_request *ret)
{
	struct reader r = reader_of(frame);
	struct keyd_request request;
	uint64_t id = reader_u64(&r);

	request.op = (enum keyd_op)reader_u8(&r);
	request.type = (enum key_type)reader_u8(&r);
	request.bits = reader_u32(&r);
	request.purpose = (enum seal_purpose)reader_u8(&r);
	request.bytes = reader_block(&r);
	request.sealed = reader_block(&r);
	request.aad = reader_block(&r);
	request.aad_new = reader_block(&r);
	request.digest = reader_block(&r);
	request.date = reader_block(&r);
	request.region = reader_block(&r);
	request.service = reader_block(&r);
	request.string_to_sign = reader_block(&r);
	request.signature = reader_block(&r);
	if (r.bad || reader_left(&r) > 0 || !request_is_fine(&request))
		return false;
	*ret_id = id;
	*ret = request;
	return true;
}

bool
keyd_reply_pack(uint64_t id, const struct keyd_reply *reply, struct writer *w)
{
	size_t begin = w->len;
	struct writer inner;

	if (!reply_is_fine(reply))
		return false;
	inner = frame_begin(w);
	writer_u64(&inner, id);
	writer_u8(&inner, (uint8_t)reply->op);
	writer_u8(&inner, (uint8_t)reply->status);
	writer_u8(&inner, (uint8_t)reply->fault);
	writer_u8(&inner, (uint8_t)reply->type);
	writer_u32(&inner, reply->bits);
	put(&inner, reply->sealed);
	put(&inner, reply->public);
	put(&inner, reply->signature);
	put(&inner, reply->secret);
	return frame_end(w, begin, &inner);
}

bool
keyd_reply_unpack(struct span frame, uint64_t *ret_id, struct keyd_reply *ret)
{
	struct reader r = reader_of(frame);
	struct keyd_reply reply;
	uint64_t id = reader_u64(&r);

	reply.op = (enum keyd_op)reader_u8(&r);
	reply.status = (enum keyd_status)reader_u8(&r);
	reply.fault = (enum privkey_status)reader_u8(&r);
	reply.type = (enum key_type)reader_u8(&r);
	reply.bits = reader_u32(&r);
	reply.sealed = reader_block(&r);
	reply.public = reader_block(&r);
	reply.signature = reader_block(&r);
	reply.secret = reader_block(&r);
	if (r.bad || reader_left(&r) > 0 || !reply_is_fine(&reply))
		return false;
	*ret_id = id;
	*ret = reply;
	return true;
}

const char *
keyd_strerror(enum keyd_status status)
{
	static const char *const text[KEYD_STATUS_COUNT] = {
		[KEYD_OK] = "done",
		[KEYD_NO] = "the signature does not match",
		[KEYD_BAD_REQUEST] = "the key service was asked nonsense",
		[KEYD_BAD_SEAL] = "the stored secret was changed or belongs "
				  "to something else",
		[KEYD_NO_MASTER] = "the stored secret was sealed under a "
				   "master key that is not here",
		[KEYD_BAD_KEY] = "the private key cannot be taken",
		[KEYD_FAILED] = "the key service failed",
		[KEYD_LOST] = "the key service is restarting; try again",
	};

	return status < KEYD_STATUS_COUNT ? text[status] : "unknown";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/process.h"

#include <unistd.h>

#include "keyd/keyd.h"
#include "keyd/master.h"
#include "sys/process.h"
#include "sys/sandbox.h"

/* Its channel, stderr and what libraries may have opened. */
#define DESCRIPTORS 16

/* What a keyd works with. */
struct work {
	struct keyd *keyd;
	int channel;
	struct secret in;  /* room for a frame */
	size_t in_len;     /* how much of it is there */
	struct secret out; /* room for a frame */
};

static bool
read_masters(const struct keyd_process *plan, struct seal_ring *ring,
	     struct error *reterr)
{
	if (plan->masters_len == 0)
		return error_set(reterr, ERROR_CONFIG,
				 "there is no master key");
	for (size_t i = 0; i < plan->masters_len; i++) {
		CLEANUP(secret_release) struct secret master = {.ptr = NULL};

		if (!master_read(plan->masters[i], &master, reterr))
			return false;
		close(plan->masters[i]);
		if (!seal_ring_add(ring, secret_span(&master)))
			return error_set(reterr, ERROR_CONFIG,
					 "too many master keys");
	}
	return true;
}

/* Makes libcrypto load, now, whatever it loads when it is first used. */
static bool
warm_up(struct keyd *k, struct error *reterr)
{
	static const char digest[DIGEST_SIZE] = {0};
	struct keyd_request make = {.op = KEYD_GENERATE, .type = KEY_ED25519};
	struct keyd_request sign = {.op = KEYD_SIGN,
				    .digest = {digest, sizeof(digest)}};
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
	struct keyd_reply reply;

	make.aad = make.bytes = sign.aad = SPAN("");
	keyd_answer(k, &make, &reply);
	if (reply.status == KEYD_OK) {
		buf_add(&sealed, reply.sealed);
		sign.sealed = buf_span(&sealed);
		keyd_answer(k, &sign, &reply);
	}
	keyd_forget(k);
	if (reply.status != KEYD_OK)
		return error_set(reterr, ERROR_CRYPTO,
				 "libcrypto cannot make a key and sign");
	return true;
}

static enum keyd_end
answer(struct work *work, struct span frame, struct error *reterr)
{
	struct keyd_request request;
	struct keyd_reply reply;
	struct writer w = writer_over(work->out.ptr, work->out.len);
	uint64_t id;
	struct error gone;

	if (!keyd_request_unpack(frame, &id, &request)) {
		error_set(reterr, ERROR_INTERNAL, "a request is malformed");
		return KEYD_END_NONSENSE;
	}
	keyd_answer(work->keyd, &request, &reply);
	if (!keyd_reply_pack(id, &reply, &w)) {
		error_set(reterr, ERROR_INTERNAL, "a reply cannot be packed");
		return KEYD_END_FAILED;
	}
	/* That the server is gone is learned from the next read. */
	(void)!process_write(work->channel, writer_span(&w), &gone);
	secret_wipe(work->out.ptr, w.len);
	keyd_forget(work->keyd);
	return KEYD_END_CLOSED;
}

/* Answers the whole frames that came; KEYD_END_CLOSED: go on. */
static enum keyd_end
answer_frames(struct work *work, struct error *reterr)
{
	struct span rest = span_bytes(work->in.ptr, work->in_len);
	struct span frame;
	enum keyd_end end = KEYD_END_CLOSED;
	enum keyd_frame cut = KEYD_FRAME_OK;

	while (end == KEYD_END_CLOSED &&
	       (cut = keyd_frame_cut(&rest, &frame)) == KEYD_FRAME_OK)
		end = answer(work, frame, reterr);
	if (cut == KEYD_FRAME_BAD) {
		error_set(reterr, ERROR_INTERNAL, "a request is malformed");
		return KEYD_END_NONSENSE;
	}
	memmove(work->in.ptr, rest.ptr, rest.len);
	secret_wipe(work->in.ptr + rest.len, work->in_len - rest.len);
	work->in_len = rest.len;
	return end;
}

static enum keyd_end
work_on(struct work *work, struct error *reterr)
{
	enum keyd_end end = KEYD_END_CLOSED;
	size_t got;

	while (end == KEYD_END_CLOSED) {
		/* A whole frame always fits: there is room. */
		if (!process_read(work->channel, work->in.ptr + work->in_len,
				  work->in.len - work->in_len, &got, reterr))
			return KEYD_END_FAILED;
		if (got == 0)
			return KEYD_END_CLOSED;
		work->in_len += got;
		end = answer_frames(work, reterr);
	}
	return end;
}

/* With its keys in hand: closes itself in and works. */
static enum keyd_end
run(const struct keyd_process *plan, struct keyd *k, struct error *reterr)
{
	const struct sandbox sandbox = {
		.role = FILTER_KEYD,
		.files = DESCRIPTORS,
		.uid = plan->uid,
		.gid = plan->gid,
	};
	struct sandbox_report report;
	struct work work = {.keyd = k, .channel = plan->channel};
	enum keyd_end end;

	if (!warm_up(k, reterr))
		return KEYD_END_FAILED;
	(void)sandbox_lock_memory(); /* the limit may forbid it */
	if (!sandbox_enter(&sandbox, &report, reterr))
		return KEYD_END_FAILED;
	secret_init(&work.in, KEYD_FRAME_MAX);
	secret_init(&work.out, KEYD_FRAME_MAX);
	end = work_on(&work, reterr);
	secret_release(&work.in);
	secret_release(&work.out);
	return end;
}

enum keyd_end
keyd_process_run(const struct keyd_process *plan, struct error *reterr)
{
	CLEANUP(keyd_freep) struct keyd *k = NULL;
	struct seal_ring *ring;
	bool locked;

	process_ignore_signals();
	if (!sandbox_guard(reterr))
		return KEYD_END_FAILED;
	if (!secret_heap(KEYD_HEAP_SIZE, &locked)) {
		error_set(reterr, ERROR_CRYPTO, "no memory for secrets");
		return KEYD_END_FAILED;
	}
	ring = seal_ring_new();
	if (!read_masters(plan, ring, reterr)) {
		seal_ring_free(ring);
		return KEYD_END_CONFIG;
	}
	k = keyd_new(ring);
	return run(plan, k, reterr);
}

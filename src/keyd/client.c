/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/client.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

/* A request that waits, in a chain by the order of asking. */
struct pending {
	uint64_t id;
	enum keyd_op op;
	keyd_callback *callback;
	void *context;
	struct pending *next;
};

struct keyd_client {
	struct pending *first;
	struct pending *last;
	size_t count;
	uint64_t next_id;
	struct buf out; /* its memory is taken once, so never copied */
	struct buf in;  /* likewise */
	int64_t heard;  /* the last tick at which nothing was overdue */
	bool news;      /* a reply came since, or nothing waited */
};

struct keyd_client *
keyd_client_new(void)
{
	struct keyd_client *c = mem_new(sizeof(*c));

	c->next_id = 1;
	c->news = true;
	buf_init(&c->out, KEYD_OUT_MAX);
	buf_init(&c->in, KEYD_FRAME_MAX);
	if (buf_reserve(&c->out, KEYD_OUT_MAX) == NULL ||
	    buf_reserve(&c->in, KEYD_FRAME_MAX) == NULL)
		mem_exhausted();
	return c;
}

static void
forget(struct keyd_client *c)
{
	while (c->first != NULL) {
		struct pending *p = c->first;

		c->first = p->next;
		free(p);
	}
	c->last = NULL;
	c->count = 0;
}

void
keyd_client_free(struct keyd_client *c)
{
	if (c == NULL)
		return;
	forget(c);
	secret_wipe(c->out.ptr, c->out.len);
	secret_wipe(c->in.ptr, c->in.len);
	buf_release(&c->out);
	buf_release(&c->in);
	free(c);
}

bool
keyd_client_ask(struct keyd_client *c, const struct keyd_request *request,
		keyd_callback *callback, void *context)
{
	struct writer w;
	struct pending *p;

	if (c->count == KEYD_PENDING_MAX)
		return false;
	w = writer_over(c->out.ptr + c->out.len, KEYD_OUT_MAX - c->out.len);
	if (!keyd_request_pack(c->next_id, request, &w)) {
		/* Part of it may have been written behind the end. */
		secret_wipe(c->out.ptr + c->out.len,
			    KEYD_OUT_MAX - c->out.len < KEYD_FRAME_MAX
				    ? KEYD_OUT_MAX - c->out.len
				    : KEYD_FRAME_MAX);
		return false;
	}
	buf_grew(&c->out, w.len);

	p = mem_new(sizeof(*p));
	*p = (struct pending){c->next_id++, request->op, callback, context,
			      NULL};
	if (c->last != NULL)
		c->last->next = p;
	else
		c->first = p;
	c->last = p;
	if (c->count++ == 0)
		c->news = true; /* patience begins now */
	return true;
}

struct span
keyd_client_output(const struct keyd_client *c)
{
	return buf_span(&c->out);
}

/* Drops the first `n` bytes of `b`, leaving no copy behind its end. */
static void
consume(struct buf *b, size_t n)
{
	size_t before = b->len;

	assert(n <= before);
	if (n == 0)
		return;
	buf_consume(b, n);
	secret_wipe(b->ptr + b->len, before - b->len);
}

void
keyd_client_sent(struct keyd_client *c, size_t n)
{
	consume(&c->out, n);
}

/* Takes the request `id` out of the chain; NULL if none has it. */
static struct pending *
unlink_pending(struct keyd_client *c, uint64_t id)
{
	struct pending *before = NULL;
	struct pending *p = c->first;

	/* A keyd answers in order: it is nearly always the first. */
	for (; p != NULL && p->id != id; p = p->next)
		before = p;
	if (p == NULL)
		return NULL;
	if (before != NULL)
		before->next = p->next;
	else
		c->first = p->next;
	if (c->last == p)
		c->last = before;
	c->count--;
	return p;
}

static bool
handle(struct keyd_client *c, struct span frame)
{
	struct keyd_reply reply;
	struct pending *p;
	uint64_t id;

	if (!keyd_reply_unpack(frame, &id, &reply))
		return false;
	p = unlink_pending(c, id);
	if (p == NULL)
		return false;
	if (p->op == reply.op) {
		c->news = true;
		p->callback(p->context, &reply);
		free(p);
		return true;
	}
	/* It is answered when the process is lost, which must now follow. */
	p->next = c->first;
	c->first = p;
	if (c->last == NULL)
		c->last = p;
	c->count++;
	return false;
}

/* Takes the whole frames of what came in; false for nonsense. */
static bool
handle_frames(struct keyd_client *c)
{
	struct span rest = buf_span(&c->in);
	struct span frame;
	enum keyd_frame cut = KEYD_FRAME_OK;
	bool fine = true;

	while (fine && (cut = keyd_frame_cut(&rest, &frame)) == KEYD_FRAME_OK)
		fine = handle(c, frame);
	consume(&c->in, c->in.len - rest.len);
	return fine && cut == KEYD_FRAME_MORE;
}

bool
keyd_client_feed(struct keyd_client *c, struct span bytes)
{
	while (bytes.len > 0) {
		size_t n = KEYD_FRAME_MAX - c->in.len;

		if (n > bytes.len)
			n = bytes.len;
		buf_add(&c->in, span_sub(bytes, 0, n));
		bytes = span_skip(bytes, n);
		if (!handle_frames(c))
			return false;
	}
	return true;
}

void
keyd_client_lost(struct keyd_client *c)
{
	struct pending *p = c->first;

	c->first = c->last = NULL;
	c->count = 0;
	c->news = true;
	consume(&c->out, c->out.len);
	consume(&c->in, c->in.len);
	while (p != NULL) {
		struct pending *next = p->next;
		struct keyd_reply reply = keyd_reply_of(p->op, KEYD_LOST);

		p->callback(p->context, &reply);
		free(p);
		p = next;
	}
}

size_t
keyd_client_pending(const struct keyd_client *c)
{
	return c->count;
}

bool
keyd_client_tick(struct keyd_client *c, int64_t now)
{
	if (c->news || c->count == 0) {
		c->heard = now;
		c->news = false;
	}
	return now - c->heard < KEYD_PATIENCE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/keyring.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/stream.h"

/* How often a keyd that hangs is looked for, in ms. */
#define TICK 1000
/* Bytes handed to the stream at a time, so that it never holds much. */
#define STREAM_FULL (256 * 1024)

struct slot {
	struct keyring *keyring;
	struct keyd_client *client;
	struct stream *stream; /* NULL while there is no process */
	unsigned absent;       /* ticks since there was one */
};

struct keyring {
	struct loop *loop;
	keyring_broken *broken;
	void *context;
	struct loop_timer *tick;
	struct slot slot[KEYRING_MAX];
	size_t slots;
};

/* Moves what the client has to say to the stream. */
static void
push(struct slot *slot)
{
	struct span out = keyd_client_output(slot->client);

	if (slot->stream == NULL || out.len == 0 ||
	    stream_unsent(slot->stream) > STREAM_FULL)
		return;
	stream_send(slot->stream, out);
	keyd_client_sent(slot->client, out.len);
}

static void
lose(struct slot *slot)
{
	stream_free(take_ptr(&slot->stream));
	keyd_client_lost(slot->client);
}

static void
on_readable(void *context)
{
	struct slot *slot = context;
	struct span in = stream_peek(slot->stream);

	if (!keyd_client_feed(slot->client, in)) {
		struct keyring *keyring = slot->keyring;

		lose(slot);
		keyring->broken(keyring->context,
				(size_t)(slot - keyring->slot));
		return;
	}
	stream_consume(slot->stream, in.len);
	push(slot);
}

static void
on_drained(void *context)
{
	push(context);
}

static void
on_ended(void *context, enum stream_end end, const char *why)
{
	(void)end;
	(void)why;
	lose(context);
}

static const struct stream_handler handler = {
	.readable = on_readable,
	.drained = on_drained,
	.ended = on_ended,
};

static void
on_tick(void *context)
{
	struct keyring *keyring = context;

	for (size_t i = 0; i < keyring->slots; i++) {
		struct slot *slot = &keyring->slot[i];

		if (slot->stream == NULL) {
			if (++slot->absent >= KEYRING_ABSENT)
				keyd_client_lost(slot->client);
			continue;
		}
		if (keyd_client_tick(slot->client, clock_mono()))
			continue;
		lose(slot);
		keyring->broken(keyring->context, i);
	}
	loop_timer_set(keyring->tick, TICK);
}

struct keyring *
keyring_new(struct loop *loop, size_t slots, keyring_broken *broken,
	    void *context)
{
	struct keyring *keyring = mem_new(sizeof(*keyring));

	assert(slots >= 2 && slots <= KEYRING_MAX);
	keyring->loop = loop;
	keyring->slots = slots;
	keyring->broken = broken;
	keyring->context = context;
	for (size_t i = 0; i < slots; i++) {
		keyring->slot[i].keyring = keyring;
		keyring->slot[i].client = keyd_client_new();
	}
	keyring->tick = loop_timer_new(loop, on_tick, keyring);
	loop_timer_set(keyring->tick, TICK);
	return keyring;
}

void
keyring_attach(struct keyring *keyring, size_t slot, int fd)
{
	assert(slot < keyring->slots);
	if (keyring->slot[slot].stream != NULL)
		lose(&keyring->slot[slot]);
	keyring->slot[slot].absent = 0;
	keyring->slot[slot].stream =
		stream_new(keyring->loop, fd, &handler, &keyring->slot[slot]);
	push(&keyring->slot[slot]);
}

/* Returns the slot that should do `request`. */
static struct slot *
choose(struct keyring *keyring, const struct keyd_request *request)
{
	struct slot *best = &keyring->slot[1];

	if (request->op == KEYD_GENERATE || request->op == KEYD_IMPORT)
		return &keyring->slot[0];
	for (size_t i = 2; i < keyring->slots; i++) {
		struct slot *slot = &keyring->slot[i];

		if (slot->stream == NULL)
			continue;
		if (best->stream == NULL ||
		    keyd_client_pending(slot->client) <
			    keyd_client_pending(best->client))
			best = slot;
	}
	return best;
}

bool
keyring_ask(struct keyring *keyring, const struct keyd_request *request,
	    keyd_callback *callback, void *context)
{
	struct slot *slot = choose(keyring, request);

	if (!keyd_client_ask(slot->client, request, callback, context))
		return false;
	push(slot);
	return true;
}

bool
keyring_probe(struct keyring *keyring, size_t slot, keyd_callback *callback,
	      void *context)
{
	/* To sign nothing under no key: refused, but by a keyd that works. */
	const struct keyd_request nothing = {.op = KEYD_SIGN};
	struct slot *asked = &keyring->slot[slot];

	assert(slot < keyring->slots);
	if (!keyd_client_ask(asked->client, &nothing, callback, context))
		return false;
	push(asked);
	return true;
}

void
keyring_free(struct keyring *keyring)
{
	if (keyring == NULL)
		return;
	for (size_t i = 0; i < keyring->slots; i++) {
		stream_free(keyring->slot[i].stream);
		keyd_client_free(keyring->slot[i].client);
	}
	loop_timer_free(keyring->tick);
	free(keyring);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyring - the server's line to its keyd processes.
 *
 * Slot 0 makes keys, which takes long; the others sign and verify, each
 * request at the one that has the least to do.  A keyd that dies is started
 * again by the parent, which hands over the new connection; what was under
 * way is answered KEYD_LOST, and may be asked again.  What is asked meanwhile
 * waits, and is lost too where no keyd comes.
 *
 * Callbacks run from the loop, never from inside keyring_ask().
 */
#pragma once

#include "keyd/client.h"
#include "sys/loop.h"

#define KEYRING_MAX 65 /* keyd processes: 64 that sign, one that makes */
/* Seconds without a keyd in a slot after which what waits is KEYD_LOST. */
#define KEYRING_ABSENT 4

struct keyring;

/* Called when the keyd of `slot` hangs or talks nonsense: it is to die. */
typedef void keyring_broken(void *context, size_t slot);

/* Makes a keyring of `slots` keyds, at least 2, none of them there yet. */
struct keyring *keyring_new(struct loop *loop, size_t slots,
			    keyring_broken *broken, void *context) MUST_CHECK;

/* Connects slot `slot` to its keyd by the stream socket `fd`, which it takes.
 */
void keyring_attach(struct keyring *keyring, size_t slot, int fd);

/*
 * Asks `request`; `callback` gets the reply.  Returns false, and never calls
 * it, if too much waits already.
 */
bool keyring_ask(struct keyring *keyring, const struct keyd_request *request,
		 keyd_callback *callback, void *context) MUST_CHECK;

/*
 * Asks the keyd of `slot` whether it works.  Any reply but KEYD_LOST says
 * that it has its keys; which one means nothing.  Returns as keyring_ask().
 */
bool keyring_probe(struct keyring *keyring, size_t slot,
		   keyd_callback *callback, void *context) MUST_CHECK;

/* Frees it, which may be NULL; callbacks that wait are not called. */
void keyring_free(struct keyring *keyring);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery - one mail on its way: the domain's addresses, one session after
 * the other, until each recipient has its result.
 *
 * A part of the mailer, which decides when one begins.
 *
 * Ownership: a delivery frees itself after on->over() was called.
 */
#pragma once

#include "serve/mailer.h"

struct delivery;

/* What the mailer hears. */
struct delivery_handler {
	/* The session is free: another mail for the domain, or NULL. */
	struct mail *(*more)(void *context, struct delivery *delivery);
	/* A mail is done: it is told so after this call. */
	void (*done)(void *context);
	/* The delivery is over, and dead after this call. */
	void (*over)(void *context, struct delivery *delivery);
};

/* Begins to deliver `mail`; nothing is called from inside. */
struct delivery *delivery_start(struct loop *loop, struct lookup *lookup,
				const struct mailer_config *config,
				uint64_t entropy, struct mail *mail,
				const struct delivery_handler *on,
				void *context);

/* Borrows the domain that it delivers to. */
const struct dname *delivery_domain(const struct delivery *delivery);

/* Returns whether its session is under TLS. */
bool delivery_secured(const struct delivery *delivery);

/* Cuts the session and frees, without a word. */
void delivery_cancel(struct delivery *delivery);

/* Its neighbours in the mailer's list. */
struct delivery **delivery_next(struct delivery *delivery);

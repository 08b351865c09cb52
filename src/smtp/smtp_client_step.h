/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp_client_step - the steps of smtp_client's transaction.
 *
 * Only for the files smtp_client*.c.
 *
 * Pure, as smtp_client.
 */
#pragma once

#include "smtp/smtp_client.h"

/* Waits in `state` for at most `timeout` ms from now. */
void smtp_client_await(struct smtp_client *m, enum smtp_client_state state,
		       int64_t timeout);

/* Puts a command, without its CRLF, among what is to be sent. */
void smtp_client_put(struct smtp_client *m, const char *format, ...)
	PRINTF(2, 3);

/* Sets m->result from the reply that was read, in the present phase. */
void smtp_client_judge(struct smtp_client *m);

/* Sets m->result to a reason of our own. */
void smtp_client_explain(struct smtp_client *m, enum smtp_outcome outcome,
			 const char *format, ...) PRINTF(3, 4);

/* Marks m->result as the end of each recipient that is not done. */
void smtp_client_give_all(struct smtp_client *m);

/* The session is of no more use; m->result says why. */
void smtp_client_abort(struct smtp_client *m);

/* Begins the transaction of m->job. */
void smtp_client_start(struct smtp_client *m);

/* Puts as many commands of the envelope as may be sent now. */
void smtp_client_put_envelope(struct smtp_client *m);

/* Puts the next piece of the message. */
void smtp_client_put_body(struct smtp_client *m);

/* A reply to a command of the envelope was read. */
void smtp_client_on_envelope(struct smtp_client *m);

/* The reply to the message was read. */
void smtp_client_on_end(struct smtp_client *m);

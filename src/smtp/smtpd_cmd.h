/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtpd_cmd - the commands of smtpd, one function each.
 *
 * Only for the files smtpd*.c.  A command is given what stands behind its
 * verb and replies, or begins a question, or moves the session on.
 *
 * Pure, as smtpd.
 */
#pragma once

#include "smtp/smtpd.h"

/* Puts "code enhanced text" among the replies; a 5xx counts as an error. */
void smtpd_reply(struct smtpd *m, int code, const char *enhanced,
		 const char *format, ...) PRINTF(4, 5);

/* Ends the session, once the replies put so far are sent. */
void smtpd_close(struct smtpd *m, enum smtpd_end end);

/* Waits for the next command, with its time beginning now. */
void smtpd_await(struct smtpd *m, enum smtpd_state state);

/* Begins the question that `state` waits for. */
void smtpd_ask(struct smtpd *m, enum smtpd_state state);

/* Forgets the transaction, telling the driver if there was one. */
void smtpd_forget(struct smtpd *m);

/* Counts a command that sends no mail; false if that was one too many. */
bool smtpd_junk(struct smtpd *m);

/* Closes if bytes stand behind a command that has to be the last. */
bool smtpd_is_last(struct smtpd *m);

/* Runs the command `line`, which is without its CRLF. */
void smtpd_command(struct smtpd *m, struct span line);

/* MAIL FROM:<path> [parameters] */
void smtpd_cmd_mail(struct smtpd *m, struct span rest);

/* RCPT TO:<path> */
void smtpd_cmd_rcpt(struct smtpd *m, struct span rest);

/* DATA */
void smtpd_cmd_data(struct smtpd *m, struct span rest);

/* The message has ended: asks about it, or refuses it. */
void smtpd_data_ended(struct smtpd *m);

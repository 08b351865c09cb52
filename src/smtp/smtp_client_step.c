/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtp_client_step.h"

#include <stdio.h>

/* Octets that must be free for one command of the envelope. */
#define COMMAND_ROOM (PATH_MAX_LEN + 80)

/* The transaction is over; a server in the midst of it is told so. */
static void
finish(struct smtp_client *m, bool in_mail)
{
	if (!in_mail) {
		smtp_client_await(m, SMTP_CLIENT_IDLE,
				  m->config.timeouts.command);
		return;
	}
	smtp_client_put(m, "RSET");
	smtp_client_await(m, SMTP_CLIENT_RSET, m->config.timeouts.command);
}

void
smtp_client_start(struct smtp_client *m)
{
	m->phase = SMTP_PHASE_MAIL;
	m->sent = m->replied = m->taken = 0;
	if (m->sizes && m->size_max > 0 && m->job.facts.size > m->size_max) {
		smtp_client_explain(
			m, SMTP_FAILED,
			"the message has %llu octets, the server takes %llu",
			(unsigned long long)m->job.facts.size,
			(unsigned long long)m->size_max);
		memcpy(m->result.enhanced, "5.3.4", 6);
		smtp_client_give_all(m);
		finish(m, false);
		return;
	}
	smtp_client_await(m, SMTP_CLIENT_ENVELOPE, m->config.timeouts.command);
}

static void
put_mail(struct smtp_client *m)
{
	char size[32] = "";

	if (m->sizes)
		snprintf(size, sizeof(size), " SIZE=%llu",
			 (unsigned long long)m->job.facts.size);
	smtp_client_put(
		m, "MAIL FROM:<%s>%s%s", m->job.sender.text, size,
		m->eight_bit && m->job.facts.eight_bit ? " BODY=8BITMIME" : "");
}

/*
 * RFC 2920 section 3.1: MAIL, each RCPT and DATA may go in one group.
 * Without PIPELINING each waits for the reply to the one before.
 */
void
smtp_client_put_envelope(struct smtp_client *m)
{
	size_t all = m->job.recipients + 2;

	while (m->sent < all && (m->pipelining || m->sent == m->replied) &&
	       SMTP_CLIENT_OUT_MAX - m->out_len >= COMMAND_ROOM) {
		if (m->sent == 0)
			put_mail(m);
		else if (m->sent < all - 1)
			smtp_client_put(m, "RCPT TO:<%s>",
					m->job.recipient[m->sent - 1].text);
		else
			smtp_client_put(m, "DATA");
		m->sent++;
	}
}

void
smtp_client_put_body(struct smtp_client *m)
{
	struct writer to = writer_over(m->out, SMTP_CLIENT_OUT_MAX);

	to.len = m->out_len;
	if (dot_put(&m->dot, &to)) {
		m->phase = SMTP_PHASE_MESSAGE;
		smtp_client_await(m, SMTP_CLIENT_END, m->config.timeouts.end);
	} else {
		m->due = m->now + m->config.timeouts.block;
	}
	m->out_len = to.len;
}

/* The server said no to MAIL: the rest of the group is of no use. */
static void
on_mail(struct smtp_client *m)
{
	if (m->result.outcome == SMTP_DELIVERED) {
		m->phase = SMTP_PHASE_RECIPIENT;
		return;
	}
	smtp_client_give_all(m);
	if (!m->pipelining)
		finish(m, false);
}

static void
on_recipient(struct smtp_client *m, size_t i)
{
	/* RFC 5321 section 4.5.3.1.10: 552 may mean "too many" */
	if (m->result.code == 552)
		m->result.outcome = SMTP_DEFERRED;
	if (m->recipient[i] != SMTP_CLIENT_OPEN) {
		; /* MAIL was refused: it is done */
	} else if (m->result.outcome == SMTP_DELIVERED) {
		m->recipient[i] = SMTP_CLIENT_TAKEN;
		m->taken++;
	} else {
		m->recipient[i] = SMTP_CLIENT_GIVE;
		m->give++;
	}
	if (i + 1 < m->job.recipients)
		return;
	m->phase = SMTP_PHASE_DATA;
	m->due = m->now + m->config.timeouts.data;
	if (!m->pipelining && m->taken == 0)
		finish(m, true);
}

static void
on_data(struct smtp_client *m)
{
	if (m->reader.reply.code / 100 == 3) {
		/* RFC 2920 section 3.1: with no recipient, only the dot */
		dot_init(&m->dot, m->job.part, m->taken > 0 ? m->job.parts : 0);
		smtp_client_await(m, SMTP_CLIENT_BODY,
				  m->config.timeouts.block);
		return;
	}
	if (m->result.outcome == SMTP_DELIVERED) {
		smtp_client_explain(m, SMTP_DEFERRED,
				    "the server answered DATA with %d",
				    m->reader.reply.code);
		smtp_client_abort(m);
		return;
	}
	smtp_client_give_all(m);
	finish(m, true);
}

void
smtp_client_on_envelope(struct smtp_client *m)
{
	size_t step = m->replied++;

	m->due = m->now + m->config.timeouts.command;
	if (step == 0)
		on_mail(m);
	else if (step <= m->job.recipients)
		on_recipient(m, step - 1);
	else
		on_data(m);
}

void
smtp_client_on_end(struct smtp_client *m)
{
	smtp_client_give_all(m);
	finish(m, false);
}

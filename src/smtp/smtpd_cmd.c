/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtpd_cmd.h"

/* Takes the client's name, forgetting what went before, or refuses. */
static bool
take_name(struct smtpd *m, struct span name)
{
	if (!smtpd_is_last(m) || (m->helo_len > 0 && !smtpd_junk(m)))
		return false;
	if (name.len == 0 || name.len > SMTPD_NAME_MAX ||
	    span_find(name, ' ') != SPAN_NONE) {
		smtpd_reply(m, 501, "5.5.4", "say your name");
		return false;
	}
	smtpd_forget(m);
	memcpy(m->helo, name.ptr, name.len);
	m->helo_len = name.len;
	return true;
}

static void
cmd_helo(struct smtpd *m, struct span rest)
{
	if (!take_name(m, rest))
		return;
	m->extended = false;
	smtpd_reply(m, 250, "", SPAN_FMT, SPAN_ARG(m->config.name));
}

/* Puts a line of the EHLO reply that another one follows. */
static void
offer(struct smtpd *m, struct span text)
{
	size_t at = m->out_len;

	smtpd_reply(m, 250, "", SPAN_FMT, SPAN_ARG(text));
	m->out[at + 3] = '-';
}

static void
cmd_ehlo(struct smtpd *m, struct span rest)
{
	if (!take_name(m, rest))
		return;
	m->extended = true;
	offer(m, m->config.name);
	offer(m, SPAN("PIPELINING"));
	offer(m, SPAN("8BITMIME"));
	offer(m, SPAN("ENHANCEDSTATUSCODES"));
	if (m->config.offers_tls && !m->secured)
		offer(m, SPAN("STARTTLS"));
	smtpd_reply(m, 250, "", "SIZE %llu",
		    (unsigned long long)m->config.limits.size);
}

static void
cmd_starttls(struct smtpd *m, struct span rest)
{
	if (m->secured) {
		smtpd_reply(m, 503, "5.5.1", "TLS is on already");
	} else if (!m->config.offers_tls) {
		smtpd_reply(m, 502, "5.5.1", "there is no TLS here");
	} else if (rest.len > 0) {
		smtpd_reply(m, 501, "5.5.4", "STARTTLS stands alone");
	} else if (smtpd_is_last(m)) {
		smtpd_reply(m, 220, "2.0.0", "ready");
		smtpd_await(m, SMTPD_WAIT_TLS);
		m->asked = true;
	}
}

static void
cmd_rset(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_forget(m);
	smtpd_reply(m, 250, "2.0.0", "forgotten");
}

static void
cmd_noop(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 250, "2.0.0", "ok");
}

/* RFC 5321 section 3.5.3: 252, since no mailbox is told about. */
static void
cmd_vrfy(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 252, "2.5.2", "send mail and see");
}

static void
cmd_help(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 214, "2.0.0", "see RFC 5321");
}

static void
cmd_expn(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 502, "5.5.1", "there are no lists here");
}

static void
cmd_not_offered(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 503, "5.5.1", "that was not offered");
}

static void
cmd_quit(struct smtpd *m, struct span rest)
{
	(void)rest;
	smtpd_reply(m, 221, "2.0.0", "bye");
	smtpd_close(m, SMTPD_END_QUIT);
}

static const struct command {
	struct span verb;
	void (*run)(struct smtpd *m, struct span rest);
	bool junk; /* sends no mail by itself */
} commands[] = {
	{{"EHLO", 4}, cmd_ehlo, false},
	{{"HELO", 4}, cmd_helo, false},
	{{"MAIL", 4}, smtpd_cmd_mail, false},
	{{"RCPT", 4}, smtpd_cmd_rcpt, false},
	{{"DATA", 4}, smtpd_cmd_data, false},
	{{"STARTTLS", 8}, cmd_starttls, false},
	{{"RSET", 4}, cmd_rset, true},
	{{"NOOP", 4}, cmd_noop, true},
	{{"VRFY", 4}, cmd_vrfy, true},
	{{"EXPN", 4}, cmd_expn, true},
	{{"HELP", 4}, cmd_help, true},
	{{"AUTH", 4}, cmd_not_offered, true},
	{{"BDAT", 4}, cmd_not_offered, true},
	{{"QUIT", 4}, cmd_quit, false},
};

/* Whether `line` is printable ASCII: nothing else is in a command. */
static bool
is_printable(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '~')
			return false;
	return true;
}

void
smtpd_command(struct smtpd *m, struct span line)
{
	struct span rest = line;
	struct span verb = span_cut(&rest, ' ');

	if (!is_printable(line)) {
		smtpd_reply(m, 500, "5.5.2", "that is no command");
		return;
	}
	while (rest.len > 0 && rest.ptr[rest.len - 1] == ' ')
		rest.len--;
	for (size_t i = 0; i < COUNT(commands); i++)
		if (span_equal_nocase(verb, commands[i].verb)) {
			if (!commands[i].junk || smtpd_junk(m))
				commands[i].run(m, rest);
			return;
		}
	if (smtpd_junk(m))
		smtpd_reply(m, 500, "5.5.1", "that is no command");
}

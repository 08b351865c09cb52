/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtpd_cmd.h"

/* Takes "FROM:" or "TO:" and the path behind it off *rest, or refuses. */
static bool
take_path(struct smtpd *m, struct span *rest, struct span word)
{
	enum path_status status;

	if (!span_starts_nocase(*rest, word)) {
		smtpd_reply(m, 501, "5.5.4", "say " SPAN_FMT "<address>",
			    SPAN_ARG(word));
		return false;
	}
	*rest = span_skip(*rest, word.len);
	if (!m->config.refuses_space && span_starts(*rest, SPAN(" ")))
		*rest = span_skip(*rest, 1);
	status = path_take(rest, &m->path);
	if (status == PATH_OK && rest->len > 0 && rest->ptr[0] != ' ') {
		/* "<a@b>X=1": a parameter, but not set apart */
		smtpd_reply(m, 555, "5.5.4", "a space must follow the address");
		return false;
	}
	if (status != PATH_OK) {
		smtpd_reply(m, 501, word.ptr[0] == 'F' ? "5.1.7" : "5.1.3",
			    "%s", path_strerror(status));
		return false;
	}
	return true;
}

/* SIZE=n, RFC 1870: a number that is too long is a size that is too big. */
static bool
take_size(struct smtpd *m, struct span value)
{
	uint64_t size = UINT64_MAX;

	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			value.len = 0;
	if (value.len == 0) {
		smtpd_reply(m, 501, "5.5.4", "SIZE is a number");
		return false;
	}
	if (!span_to_u64(value, m->config.limits.size, &size)) {
		smtpd_reply(m, 552, "5.3.4", "at most %llu octets are taken",
			    (unsigned long long)m->config.limits.size);
		return false;
	}
	m->size = size;
	return true;
}

/* A parameter of MAIL: only those that EHLO offered. */
static bool
take_parameter(struct smtpd *m, struct span parameter)
{
	struct span value = parameter;
	struct span keyword = span_cut(&value, '=');

	if (m->extended && span_equal_nocase(keyword, SPAN("SIZE")))
		return take_size(m, value);
	if (m->extended && span_equal_nocase(keyword, SPAN("BODY"))) {
		m->eight_bit = span_equal_nocase(value, SPAN("8BITMIME"));
		if (m->eight_bit || span_equal_nocase(value, SPAN("7BIT")))
			return true;
	} else if (span_starts(parameter, SPAN("<"))) {
		smtpd_reply(m, 501, "5.5.4", "only one address may be given");
		return false;
	}
	smtpd_reply(m, 555, "5.5.4", "a parameter is not known here");
	return false;
}

void
smtpd_cmd_mail(struct smtpd *m, struct span rest)
{
	if (m->helo_len == 0) {
		smtpd_reply(m, 503, "5.5.1", "say EHLO first");
		return;
	}
	if (m->in_mail) {
		smtpd_reply(m, 503, "5.5.1", "one message at a time");
		return;
	}
	if (!take_path(m, &rest, SPAN("FROM:")))
		return;
	m->size = 0;
	m->eight_bit = false;
	while (rest.len > 0) {
		struct span parameter = span_cut(&rest, ' ');

		if (parameter.len > 0 && !take_parameter(m, parameter))
			return;
	}
	smtpd_ask(m, SMTPD_WAIT_MAIL);
}

void
smtpd_cmd_rcpt(struct smtpd *m, struct span rest)
{
	if (!m->in_mail) {
		smtpd_reply(m, 503, "5.5.1", "say MAIL first");
		return;
	}
	if (m->recipients >= m->config.recipients_max) {
		smtpd_reply(m, 452, "4.5.3", "too many recipients");
		return;
	}
	if (!take_path(m, &rest, SPAN("TO:")))
		return;
	if (path_is_null(&m->path)) {
		smtpd_reply(m, 501, "5.1.3", "a recipient has an address");
		return;
	}
	if (rest.len > 0) {
		bool second = span_starts(span_trim(rest), SPAN("<"));

		smtpd_reply(m, second ? 501 : 555, "5.5.4",
			    "nothing may follow the recipient");
		return;
	}
	smtpd_ask(m, SMTPD_WAIT_RCPT);
}

void
smtpd_cmd_data(struct smtpd *m, struct span rest)
{
	if (!smtpd_is_last(m))
		return;
	if (!m->in_mail) {
		smtpd_reply(m, 503, "5.5.1", "say MAIL first");
	} else if (m->recipients == 0) {
		smtpd_reply(m, 554, "5.5.1", "there is no recipient");
	} else if (rest.len > 0) {
		smtpd_reply(m, 501, "5.5.4", "DATA stands alone");
	} else {
		undot_init(&m->undot, &m->config.limits);
		smtpd_reply(m, 354, "", "end with a dot on a line of its own");
		smtpd_await(m, SMTPD_DATA);
	}
}

void
smtpd_data_ended(struct smtpd *m)
{
	static const struct refusal {
		int code;
		const char *enhanced;
		const char *text;
	} refusals[] = {
		[UNDOT_TOO_BIG] = {552, "5.3.4", "the message is too big"},
		[UNDOT_LONG_LINE] = {554, "5.6.0", "a line is too long"},
		[UNDOT_HEADER] = {554, "5.6.0", "the header is too big"},
		[UNDOT_LOOP] = {554, "5.4.6", "the message goes in circles"},
		[UNDOT_BARE] = {550, "5.5.2", "a bare CR or LF is in it"},
		[UNDOT_NUL] = {550, "5.6.0", "a NUL is in it"},
	};
	const struct refusal *no = &refusals[m->undot.fault];

	if (m->undot.fault == UNDOT_CLEAN) {
		smtpd_ask(m, SMTPD_WAIT_STORED);
		return;
	}
	smtpd_forget(m);
	smtpd_reply(m, no->code, no->enhanced, "%s", no->text);
	if (m->undot.fault >= UNDOT_BARE)
		smtpd_close(m, SMTPD_END_SMUGGLING);
	else
		smtpd_await(m, SMTPD_COMMAND);
}

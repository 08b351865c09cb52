/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/undot.h"

static const char received_[] = "received";

void
undot_init(struct undot *u, const struct undot_limits *limits)
{
	*u = (struct undot){.limits = *limits};
}

static void
set_fault(struct undot *u, enum undot_fault fault)
{
	if (fault > u->fault)
		u->fault = fault;
}

/* A field's name ended in ":". */
static void
end_name(struct undot *u)
{
	u->in = UNDOT_IN_VALUE;
	if (++u->fields > u->limits.fields)
		set_fault(u, UNDOT_HEADER);
	if (!u->other && u->name == sizeof(received_) - 1 &&
	    ++u->received > u->limits.received)
		set_fault(u, UNDOT_LOOP);
}

/* An octet of a header line, before the colon. */
static void
scan_name(struct undot *u, char c)
{
	if (c == ':' && u->name > 0) {
		end_name(u);
	} else if (c == ' ' || c == '\t') {
		if (u->line == 0) /* goes on with the field before */
			u->in = u->fields > 0 ? UNDOT_IN_VALUE : UNDOT_IN_BODY;
	} else if (c <= ' ' || c > '~' || c == ':') {
		u->in = UNDOT_IN_BODY; /* no field: the header has ended */
	} else {
		if (u->name >= sizeof(received_) - 1 ||
		    span_lower(c) != received_[u->name])
			u->other = true;
		u->name++;
	}
}

/* Counts an octet that is text, not a line's end, and passes it on. */
static void
put_text(struct undot *u, char c, struct writer *to)
{
	if (u->in == UNDOT_IN_NAME)
		scan_name(u, c);
	u->line++;
	u->size++;
	if (u->in != UNDOT_IN_BODY)
		u->header++;
	if (u->line > u->limits.line)
		set_fault(u, UNDOT_LONG_LINE);
	if (u->header > u->limits.header)
		set_fault(u, UNDOT_HEADER);
	if (u->size > u->limits.size)
		set_fault(u, UNDOT_TOO_BIG);
	u->at = UNDOT_AT_TEXT;
	if (u->fault == UNDOT_CLEAN)
		writer_u8(to, (uint8_t)c);
}

/* A CRLF that ends a line of text. */
static void
put_crlf(struct undot *u, struct writer *to)
{
	u->size += 2;
	if (u->in == UNDOT_IN_NAME)
		u->in = UNDOT_IN_BODY; /* an empty line, or no field */
	else if (u->in == UNDOT_IN_VALUE)
		u->in = UNDOT_IN_NAME;
	if (u->in != UNDOT_IN_BODY)
		u->header += 2;
	u->line = 0;
	u->name = 0;
	u->other = false;
	if (u->size > u->limits.size)
		set_fault(u, UNDOT_TOO_BIG);
	u->at = UNDOT_AT_START;
	if (u->fault == UNDOT_CLEAN)
		writer_put(to, SPAN("\r\n"));
}

/* A CR that no LF follows. */
static void
spoil(struct undot *u)
{
	set_fault(u, UNDOT_BARE);
	u->at = UNDOT_AT_TEXT;
}

static void
take(struct undot *u, char c, struct writer *to)
{
	if (c == '\n' && u->at == UNDOT_AT_DOT_CR) {
		u->at = UNDOT_AT_END;
		return;
	}
	if (c == '\n' && u->at == UNDOT_AT_CR) {
		put_crlf(u, to);
		return;
	}
	if (u->at == UNDOT_AT_CR || u->at == UNDOT_AT_DOT_CR)
		spoil(u);
	if (c == '\0')
		set_fault(u, UNDOT_NUL);
	if (c == '\r')
		u->at = u->at == UNDOT_AT_DOT ? UNDOT_AT_DOT_CR : UNDOT_AT_CR;
	else if (c == '\n')
		spoil(u);
	else if (c == '.' && u->at == UNDOT_AT_START)
		u->at = UNDOT_AT_DOT;
	else
		put_text(u, c, to);
}

size_t
undot_feed(struct undot *u, struct span bytes, struct writer *to)
{
	size_t n = 0;

	while (n < bytes.len && u->at != UNDOT_AT_END && to->room - to->len > 1)
		take(u, bytes.ptr[n++], to);
	return n;
}

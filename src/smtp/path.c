/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/path.h"

#include <arpa/inet.h>

#include "base/ascii.h"

#define DOMAIN_MAX 253 /* octets of a domain in text */
#define LABEL_MAX  63  /* octets of a label */

/* What is left to read; `at` never passes `end`. */
struct cursor {
	const char *at;
	const char *end;
};

/* RFC 5322 section 3.2.3: atext */
static bool
is_atext(char c)
{
	return ascii_is_alnum(c) ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
at_char(const struct cursor *c, char want)
{
	return c->at < c->end && *c->at == want;
}

/* Dot-string = Atom *("." Atom) */
static bool
take_dot_string(struct cursor *c)
{
	for (;;) {
		const char *start = c->at;

		while (c->at < c->end && is_atext(*c->at))
			c->at++;
		if (c->at == start)
			return false;
		if (!at_char(c, '.'))
			return true;
		c->at++;
	}
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE */
static bool
take_quoted(struct cursor *c)
{
	for (c->at++; c->at < c->end; c->at++) {
		if (*c->at == '"') {
			c->at++;
			return true;
		}
		if (*c->at == '\\' && ++c->at == c->end)
			return false;
		if (*c->at < ' ' || *c->at > '~')
			return false;
	}
	return false;
}

/* An address literal: "[192.0.2.1]" or "[IPv6:2001:db8::1]". */
static bool
take_literal(struct cursor *c)
{
	struct span rest = {c->at + 1, (size_t)(c->end - c->at) - 1};
	size_t len = span_find(rest, ']');
	char text[INET6_ADDRSTRLEN];
	unsigned char address[16];
	int family = AF_INET;

	if (len == SPAN_NONE)
		return false;
	rest.len = len;
	c->at = rest.ptr + len + 1;
	if (span_starts_nocase(rest, SPAN("IPv6:"))) {
		family = AF_INET6;
		rest = span_skip(rest, 5);
	}
	if (rest.len >= sizeof(text) || span_find(rest, '\0') != SPAN_NONE)
		return false;
	memcpy(text, rest.ptr, rest.len);
	text[rest.len] = '\0';
	return inet_pton(family, text, address) == 1;
}

/* A label; "_" is let through, since names with it send mail. */
static bool
take_label(struct cursor *c)
{
	const char *start = c->at;

	while (c->at < c->end &&
	       (ascii_is_alnum(*c->at) || *c->at == '-' || *c->at == '_'))
		c->at++;
	return c->at > start && c->at - start <= LABEL_MAX && *start != '-' &&
	       c->at[-1] != '-';
}

/* Domain = sub-domain *("." sub-domain), or an address literal */
static bool
take_domain(struct cursor *c)
{
	const char *start = c->at;

	if (at_char(c, '['))
		return take_literal(c);
	while (take_label(c)) {
		if (!at_char(c, '.'))
			return c->at - start <= DOMAIN_MAX;
		c->at++;
	}
	return false;
}

/* A-d-l ":" with A-d-l = At-domain *( "," At-domain ) */
static bool
skip_route(struct cursor *c)
{
	while (at_char(c, '@')) {
		c->at++;
		if (!take_domain(c))
			return false;
		if (at_char(c, ':')) {
			c->at++;
			return true;
		}
		if (!at_char(c, ','))
			return false;
		c->at++;
	}
	return false;
}

/* Mailbox = Local-part "@" Domain; or "postmaster" alone. */
static enum path_status
take_mailbox(struct cursor *c, struct path *path)
{
	const char *start = c->at;
	size_t local, len;

	if (!(at_char(c, '"') ? take_quoted(c) : take_dot_string(c)))
		return PATH_BAD_LOCAL;
	local = (size_t)(c->at - start);
	if (at_char(c, '@')) {
		c->at++;
		if (!take_domain(c))
			return PATH_BAD_DOMAIN;
	} else if (!span_equal_nocase((struct span){start, local},
				      SPAN("postmaster"))) {
		return PATH_NO_DOMAIN;
	}
	len = (size_t)(c->at - start);
	if (local > PATH_LOCAL_MAX || len > PATH_MAX_LEN)
		return PATH_TOO_LONG;
	path->len = (uint8_t)len;
	path->local = (uint8_t)local;
	memcpy(path->text, start, len);
	path->text[len] = '\0';
	return PATH_OK;
}

enum path_status
path_parse(struct span text, struct path *ret)
{
	struct cursor c = {text.ptr, text.ptr + text.len};
	struct path path = {.len = 0};
	enum path_status status;

	if (text.len > 0) {
		status = take_mailbox(&c, &path);
		if (status != PATH_OK)
			return status;
		if (c.at < c.end)
			return path.local < path.len ? PATH_BAD_DOMAIN
						     : PATH_BAD_LOCAL;
	}
	*ret = path;
	return PATH_OK;
}

enum path_status
path_take(struct span *rest, struct path *ret)
{
	struct cursor c = {rest->ptr, rest->ptr + rest->len};
	struct path path = {.len = 0};
	enum path_status status;

	if (!at_char(&c, '<'))
		return PATH_NO_BRACKET;
	c.at++;
	if (!at_char(&c, '>')) {
		if (at_char(&c, '@') && !skip_route(&c))
			return PATH_BAD_DOMAIN;
		status = take_mailbox(&c, &path);
		if (status != PATH_OK)
			return status;
		if (!at_char(&c, '>'))
			return PATH_NO_BRACKET;
	}
	c.at++;
	*ret = path;
	*rest = (struct span){c.at, (size_t)(c.end - c.at)};
	return PATH_OK;
}

struct span
path_text(const struct path *p)
{
	return (struct span){p->text, p->len};
}

struct span
path_local(const struct path *p)
{
	return (struct span){p->text, p->local};
}

struct span
path_domain(const struct path *p)
{
	return span_skip(path_text(p), (size_t)p->local + 1);
}

const char *
path_strerror(enum path_status status)
{
	static const char *const text[] = {
		[PATH_OK] = "the address is well formed",
		[PATH_NO_BRACKET] = "an address must stand in angle brackets",
		[PATH_BAD_LOCAL] = "the part before the @ is malformed",
		[PATH_BAD_DOMAIN] = "the domain is malformed",
		[PATH_NO_DOMAIN] = "the address has no domain",
		[PATH_TOO_LONG] = "the address is too long",
	};
	return text[status];
}

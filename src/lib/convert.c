/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/convert.h"

#include "mailauth/dkim_signature.h"
#include "text/domain.h"

#define AUTHSERV_ID_MAX 255 /* octets of a name in a field */

struct sesame_text
text_copy(struct arena *arena, struct span s)
{
	return text_of_span(arena_copy(arena, s));
}

bool
input_take(const void *in, void *to, size_t size)
{
	const unsigned char *bytes = in;
	size_t given;

	if (in == NULL)
		return false;
	memcpy(&given, in, sizeof(given));
	if (given < sizeof(given))
		return false;
	for (size_t i = size; i < given; i++)
		if (bytes[i] != 0)
			return false;
	memcpy(to, in, given < size ? given : size);
	return true;
}

struct span
bare_path(struct span mail_from)
{
	if (mail_from.len >= 2 && span_starts(mail_from, SPAN("<")) &&
	    span_ends(mail_from, SPAN(">")))
		return span_sub(mail_from, 1, mail_from.len - 1);
	return mail_from;
}

bool
name_of_text(struct sesame_text text, struct dname *ret)
{
	struct span s = span_of_text(text);
	struct domain domain;

	if (domain_parse(s, &domain) == DOMAIN_OK)
		s = domain_span(&domain);
	return dname_parse(s, ret) == DNAME_OK && ret->len > 1;
}

bool
is_selector(struct span text, const struct domain *domain)
{
	struct dname above, name;

	if (text.len == 0 || text.len > DKIM_SELECTOR_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = span_lower(text.ptr[i]);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' &&
		    c != '_' && c != '.')
			return false;
	}
	return dname_parse(domain_span(domain), &above) == DNAME_OK &&
	       dname_under(SPAN("_domainkey"), &above, &above) &&
	       dname_under(text, &above, &name);
}

bool
is_authserv_id(struct span id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] <= ' ' || id.ptr[i] > '~' || id.ptr[i] == '"' ||
		    id.ptr[i] == '\\' || id.ptr[i] == ';')
			return false;
	return id.len > 0 && id.len <= AUTHSERV_ID_MAX;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/convert.h"

#include "text/domain.h"

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

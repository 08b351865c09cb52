/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_record.h"

#include <assert.h>

#include "mailauth/spf_macro.h"

static const struct kind {
	const char *name;
	enum spf_kind kind;
} kinds[] = {
	{"all", SPF_ALL}, {"include", SPF_INCLUDE}, {"a", SPF_A},
	{"mx", SPF_MX},   {"ptr", SPF_PTR},         {"ip4", SPF_IP4},
	{"ip6", SPF_IP6}, {"exists", SPF_EXISTS},   {"redirect", SPF_REDIRECT},
	{"exp", SPF_EXP},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return span_lower(c) >= 'a' && span_lower(c) <= 'z';
}

/* Returns the kind called `name`, of kinds[from] on; SPF_UNKNOWN if none. */
static enum spf_kind
find_kind(struct span name, bool modifier)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if ((kinds[i].kind >= SPF_REDIRECT) == modifier &&
		    span_equal_nocase(name, span_of(kinds[i].name)))
			return kinds[i].kind;
	return SPF_UNKNOWN;
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ); how long it is here. */
static size_t
name_length(struct span s)
{
	size_t n = 0;

	if (s.len > 0 && is_alpha(s.ptr[0]))
		while (n < s.len &&
		       (is_alpha(s.ptr[n]) || is_digit(s.ptr[n]) ||
			s.ptr[n] == '-' || s.ptr[n] == '_' || s.ptr[n] == '.'))
			n++;
	return n;
}

/* cidr-length without its "/": "0", or digits without a leading zero. */
static bool
parse_prefix(struct span s, unsigned max, uint8_t *ret)
{
	uint64_t n;

	if (s.len > 1 && s.ptr[0] == '0')
		return false;
	if (!span_to_u64(s, max, &n))
		return false;
	*ret = (uint8_t)n;
	return true;
}

/* Takes "/" and the digits behind it off the end of *s, if they are there. */
static bool
cut_digits(struct span *s, struct span *ret)
{
	size_t n = s->len;

	while (n > 0 && is_digit(s->ptr[n - 1]))
		n--;
	if (n == 0 || s->ptr[n - 1] != '/')
		return false;
	*ret = span_skip(*s, n);
	s->len = n - 1;
	return true;
}

/* Takes [ "/" ip4-cidr ] [ "//" ip6-cidr ] off the end of *arg. */
static enum spf_record_status
cut_dual_prefix(struct span *arg, struct spf_term *term)
{
	struct span digits;

	term->prefix4 = 32;
	term->prefix6 = 128;
	if (!cut_digits(arg, &digits))
		return SPF_RECORD_OK;
	if (arg->len > 0 && arg->ptr[arg->len - 1] == '/') {
		arg->len--;
		if (!parse_prefix(digits, 128, &term->prefix6))
			return SPF_RECORD_BAD_PREFIX;
		if (!cut_digits(arg, &digits))
			return SPF_RECORD_OK;
	}
	if (!parse_prefix(digits, 32, &term->prefix4))
		return SPF_RECORD_BAD_PREFIX;
	return SPF_RECORD_OK;
}

/* ":" domain-spec; `arg` is empty where it may be left out. */
static enum spf_record_status
parse_domain(struct span arg, struct spf_term *term)
{
	if (arg.len == 0)
		return SPF_RECORD_OK;
	if (arg.ptr[0] != ':')
		return arg.ptr[0] == '/' ? SPF_RECORD_BAD_PREFIX
					 : SPF_RECORD_NO_MECHANISM;
	term->domain = span_skip(arg, 1);
	if (term->domain.len == 0)
		return SPF_RECORD_NO_DOMAIN;
	if (!spf_macro_valid(term->domain, SPF_MACRO_DOMAIN))
		return SPF_RECORD_BAD_DOMAIN;
	return SPF_RECORD_OK;
}

/* ":" address [ "/" length ] */
static enum spf_record_status
parse_address(struct span arg, struct spf_term *term)
{
	bool v6 = term->kind == SPF_IP6;
	struct span digits;
	bool prefix;

	if (arg.len == 0 || arg.ptr[0] != ':')
		return SPF_RECORD_BAD_ADDRESS;
	arg = span_skip(arg, 1);
	term->prefix4 = 32;
	term->prefix6 = 128;
	prefix = cut_digits(&arg, &digits);
	if (v6 ? !spf_ip_parse_v6(arg, &term->ip)
	       : !spf_ip_parse_v4(arg, &term->ip))
		return SPF_RECORD_BAD_ADDRESS;
	if (prefix && !parse_prefix(digits, v6 ? 128 : 32,
				    v6 ? &term->prefix6 : &term->prefix4))
		return SPF_RECORD_BAD_PREFIX;
	return SPF_RECORD_OK;
}

/* What follows the name of a mechanism. */
static enum spf_record_status
parse_argument(struct span arg, struct spf_term *term)
{
	enum spf_record_status status;

	switch (term->kind) {
	case SPF_ALL:
		return arg.len == 0 ? SPF_RECORD_OK : SPF_RECORD_NO_ARGUMENT;
	case SPF_INCLUDE:
	case SPF_EXISTS:
		if (arg.len == 0 || arg.ptr[0] != ':')
			return SPF_RECORD_NO_DOMAIN;
		return parse_domain(arg, term);
	case SPF_A:
	case SPF_MX:
		status = cut_dual_prefix(&arg, term);
		return status != SPF_RECORD_OK ? status
					       : parse_domain(arg, term);
	case SPF_PTR:
		return parse_domain(arg, term);
	case SPF_IP4:
	case SPF_IP6:
		return parse_address(arg, term);
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		break;
	}
	return SPF_RECORD_NO_MECHANISM;
}

/* directive = [ qualifier ] mechanism */
static enum spf_record_status
parse_directive(struct span s, struct spf_term *term)
{
	size_t n = 0;

	term->qualifier = '+';
	if (span_find(SPAN("+-~?"), s.ptr[0]) != SPAN_NONE) {
		term->qualifier = s.ptr[0];
		s = span_skip(s, 1);
	}
	while (n < s.len && s.ptr[n] != ':' && s.ptr[n] != '/')
		n++;
	term->kind = find_kind(span_sub(s, 0, n), false);
	return parse_argument(span_skip(s, n), term);
}

/* modifier = name "=" macro-string, where `value` is what follows "=" */
static enum spf_record_status
parse_modifier(struct span name, struct span value, struct spf_term *term)
{
	term->qualifier = '+';
	term->kind = find_kind(name, true);
	if (term->kind == SPF_UNKNOWN)
		return spf_macro_valid(value, SPF_MACRO_STRING)
			       ? SPF_RECORD_OK
			       : SPF_RECORD_BAD_MODIFIER;
	term->domain = value;
	if (value.len == 0)
		return SPF_RECORD_NO_DOMAIN;
	if (!spf_macro_valid(value, SPF_MACRO_DOMAIN))
		return SPF_RECORD_BAD_DOMAIN;
	return SPF_RECORD_OK;
}

static enum spf_record_status
parse_term(struct span s, struct spf_term *term)
{
	size_t n = name_length(s);

	*term = (struct spf_term){.text = s, .domain = SPAN("")};
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '!' || s.ptr[i] > '~')
			return SPF_RECORD_BAD_BYTE;
	if (n < s.len && s.ptr[n] == '=')
		return n > 0 ? parse_modifier(span_sub(s, 0, n),
					      span_skip(s, n + 1), term)
			     : SPF_RECORD_BAD_MODIFIER;
	return parse_directive(s, term);
}

/* Notes redirect= and exp=, each of which may be there once. */
static enum spf_record_status
note_modifier(struct spf_record *record, const struct spf_term *term)
{
	const struct spf_term **at = NULL;

	if (term->kind == SPF_REDIRECT)
		at = &record->redirect;
	else if (term->kind == SPF_EXP)
		at = &record->exp;
	if (at == NULL)
		return SPF_RECORD_OK;
	if (*at != NULL)
		return SPF_RECORD_TWICE;
	*at = term;
	return SPF_RECORD_OK;
}

static size_t
count_terms(struct span text)
{
	size_t n = 0;

	while (text.len > 0)
		n += span_cut(&text, ' ').len > 0;
	return n;
}

bool
spf_record_is(struct span text)
{
	struct span version = SPAN("v=spf1");

	return span_starts_nocase(text, version) &&
	       (text.len == version.len || text.ptr[version.len] == ' ');
}

enum spf_record_status
spf_record_parse(struct span text, struct arena *arena, struct spf_record *ret,
		 struct span *reterr)
{
	struct spf_record record = {.len = 0};
	struct spf_term *term = NULL;
	struct span rest = span_skip(text, strlen("v=spf1"));
	enum spf_record_status status = SPF_RECORD_OK;
	size_t count = count_terms(rest);

	if (!spf_record_is(text))
		status = SPF_RECORD_NOT_SPF;
	else if (text.len > SPF_TEXT_MAX)
		status = SPF_RECORD_TOO_LONG;
	else if (count > SPF_TERMS_MAX)
		status = SPF_RECORD_TOO_MANY;
	else if ((term = arena_array(arena, count + 1, sizeof(*term))) == NULL)
		status = SPF_RECORD_TOO_LONG;
	if (status != SPF_RECORD_OK) {
		*reterr = text;
		return status;
	}
	record.term = term;
	while (rest.len > 0) {
		struct span s = span_cut(&rest, ' ');

		if (s.len == 0)
			continue;
		assert(record.len < count);
		status = parse_term(s, &term[record.len]);
		if (status == SPF_RECORD_OK)
			status = note_modifier(&record, &term[record.len]);
		if (status != SPF_RECORD_OK) {
			*reterr = s;
			return status;
		}
		record.len++;
	}
	*ret = record;
	return SPF_RECORD_OK;
}

const char *
spf_record_strerror(enum spf_record_status status)
{
	static const char *const text[] = {
		[SPF_RECORD_OK] = "the record is well formed",
		[SPF_RECORD_NOT_SPF] = "the record does not begin with v=spf1",
		[SPF_RECORD_TOO_LONG] = "the record is too long",
		[SPF_RECORD_TOO_MANY] = "the record has too many terms",
		[SPF_RECORD_BAD_BYTE] = "the term has a character that is not "
					"printable ASCII",
		[SPF_RECORD_NO_MECHANISM] = "no mechanism has this name",
		[SPF_RECORD_NO_DOMAIN] = "the term must name a domain",
		[SPF_RECORD_BAD_DOMAIN] = "the term's domain is malformed",
		[SPF_RECORD_BAD_ADDRESS] = "the term's address is malformed",
		[SPF_RECORD_BAD_PREFIX] = "the length after \"/\" is malformed "
					  "or too large",
		[SPF_RECORD_NO_ARGUMENT] = "\"all\" takes no argument",
		[SPF_RECORD_BAD_MODIFIER] = "the modifier is malformed",
		[SPF_RECORD_TWICE] = "the modifier may be there only once",
	};
	return text[status];
}

const char *
spf_kind_name(enum spf_kind kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "modifier";
}

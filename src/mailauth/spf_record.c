/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_record.h"

#include <assert.h>

#include "base/ascii.h"
#include "mailauth/spf_macro.h"
#include "mailauth/spf_quick.h"

static const struct kind {
	struct span name;
	enum spf_kind kind;
} kinds[] = {
	{{"all", 3}, SPF_ALL},
	{{"include", 7}, SPF_INCLUDE},
	{{"a", 1}, SPF_A},
	{{"mx", 2}, SPF_MX},
	{{"ptr", 3}, SPF_PTR},
	{{"ip4", 3}, SPF_IP4},
	{{"ip6", 3}, SPF_IP6},
	{{"exists", 6}, SPF_EXISTS},
	{{"redirect", 8}, SPF_REDIRECT},
	{{"exp", 3}, SPF_EXP},
};

/* A term while it is read: its text, and what is known of it. */
struct reading {
	struct span text;
	struct spf_term *term;
};

/* Returns the kind called `name`, of the modifiers or of the mechanisms. */
static enum spf_kind
find_kind(struct span name, bool modifier)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].name.len == name.len &&
		    (kinds[i].kind >= SPF_REDIRECT) == modifier &&
		    span_equal_nocase(name, kinds[i].name))
			return kinds[i].kind;
	return SPF_UNKNOWN;
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ); how long it is here. */
static size_t
name_length(struct span s)
{
	size_t n = 0;

	if (s.len > 0 && ascii_is_alpha(s.ptr[0]))
		while (n < s.len &&
		       (ascii_is_alnum(s.ptr[n]) || s.ptr[n] == '-' ||
			s.ptr[n] == '_' || s.ptr[n] == '.'))
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

	while (n > 0 && ascii_is_digit(s->ptr[n - 1]))
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

/* Notes `spec` as the domain-spec of the term. */
static enum spf_record_status
note_domain(const struct reading *r, struct span spec)
{
	r->term->domain_at = (uint16_t)(spec.ptr - r->text.ptr);
	r->term->domain_len = (uint16_t)spec.len;
	if (spec.len == 0)
		return SPF_RECORD_NO_DOMAIN;
	return spf_macro_scan(spec, SPF_MACRO_DOMAIN, &r->term->uses)
		       ? SPF_RECORD_OK
		       : SPF_RECORD_BAD_DOMAIN;
}

/* ":" domain-spec; `arg` is empty where it may be left out. */
static enum spf_record_status
parse_domain(const struct reading *r, struct span arg)
{
	if (arg.len == 0)
		return SPF_RECORD_OK;
	if (arg.ptr[0] != ':')
		return arg.ptr[0] == '/' ? SPF_RECORD_BAD_PREFIX
					 : SPF_RECORD_NO_MECHANISM;
	return note_domain(r, span_skip(arg, 1));
}

/* ":" address [ "/" length ] */
static enum spf_record_status
parse_address(struct span arg, struct spf_term *term)
{
	bool v6 = term->kind == SPF_IP6;
	struct span digits;
	struct spf_ip ip;
	bool prefix;

	if (arg.len == 0 || arg.ptr[0] != ':')
		return SPF_RECORD_BAD_ADDRESS;
	arg = span_skip(arg, 1);
	term->prefix4 = 32;
	term->prefix6 = 128;
	prefix = cut_digits(&arg, &digits);
	if (v6 ? !spf_ip_parse_v6(arg, &ip) : !spf_ip_parse_v4(arg, &ip))
		return SPF_RECORD_BAD_ADDRESS;
	if (prefix && !parse_prefix(digits, v6 ? 128 : 32,
				    v6 ? &term->prefix6 : &term->prefix4))
		return SPF_RECORD_BAD_PREFIX;
	if (v6) {
		term->net6[0] = spf_ip_high(&ip);
		term->net6[1] = spf_ip_low(&ip);
	} else {
		term->net4 = spf_ip_v4(&ip);
		term->mask4 = spf_ip_mask4(term->prefix4);
	}
	return SPF_RECORD_OK;
}

/* What follows the name of a mechanism. */
static enum spf_record_status
parse_argument(const struct reading *r, struct span arg)
{
	struct spf_term *term = r->term;
	enum spf_record_status status;

	switch (term->kind) {
	case SPF_ALL:
		return arg.len == 0 ? SPF_RECORD_OK : SPF_RECORD_NO_ARGUMENT;
	case SPF_INCLUDE:
	case SPF_EXISTS:
		if (arg.len == 0 || arg.ptr[0] != ':')
			return SPF_RECORD_NO_DOMAIN;
		return parse_domain(r, arg);
	case SPF_A:
	case SPF_MX:
		status = cut_dual_prefix(&arg, term);
		return status != SPF_RECORD_OK ? status : parse_domain(r, arg);
	case SPF_PTR:
		return parse_domain(r, arg);
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
parse_directive(const struct reading *r)
{
	struct spf_term *term = r->term;
	struct span s = r->text;
	size_t n = 0;

	term->qualifier = '+';
	if (span_find(SPAN("+-~?"), s.ptr[0]) != SPAN_NONE) {
		term->qualifier = s.ptr[0];
		s = span_skip(s, 1);
	}
	while (n < s.len && s.ptr[n] != ':' && s.ptr[n] != '/')
		n++;
	term->kind = find_kind(span_sub(s, 0, n), false);
	return parse_argument(r, span_skip(s, n));
}

/* modifier = name "=" macro-string, where `value` is what follows "=" */
static enum spf_record_status
parse_modifier(const struct reading *r, struct span name, struct span value)
{
	uint8_t uses;

	r->term->kind = find_kind(name, true);
	if (r->term->kind != SPF_UNKNOWN)
		return note_domain(r, value);
	return spf_macro_scan(value, SPF_MACRO_STRING, &uses)
		       ? SPF_RECORD_OK
		       : SPF_RECORD_BAD_MODIFIER;
}

enum spf_record_status
spf_term_parse(struct span s, struct spf_term *ret)
{
	struct reading r = {.text = s, .term = ret};
	size_t n = name_length(s);

	*ret = (struct spf_term){
		.qualifier = '+',
		.len = (uint16_t)s.len,
		.name = SPF_NAME_NONE,
	};
	if (!spf_is_visible(s))
		return SPF_RECORD_BAD_BYTE;
	if (n < s.len && s.ptr[n] == '=')
		return n > 0 ? parse_modifier(&r, span_sub(s, 0, n),
					      span_skip(s, n + 1))
			     : SPF_RECORD_BAD_MODIFIER;
	return parse_directive(&r);
}

/* Notes redirect= and exp=, each of which may be there once. */
static bool
note_modifier(struct spf_record *record, const struct spf_term *term)
{
	int16_t *at;

	if (term->kind != SPF_REDIRECT && term->kind != SPF_EXP)
		return true;
	at = term->kind == SPF_REDIRECT ? &record->redirect : &record->exp;
	if (*at >= 0)
		return false;
	*at = (int16_t)(term - record->term);
	return true;
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
	const char *p = text.ptr;

	return text.len >= 6 && (p[0] | 0x20) == 'v' && p[1] == '=' &&
	       (p[2] | 0x20) == 's' && (p[3] | 0x20) == 'p' &&
	       (p[4] | 0x20) == 'f' && p[5] == '1' &&
	       (text.len == 6 || p[6] == ' ');
}

/* Octets of a record that are copied to be read with spaces behind. */
#define WINDOW_MAX 1024

/* Reads the term at offset `at`; *ret is its text. */
static enum spf_record_status
parse_term(struct spf_record *record, size_t at, struct spf_term *term,
	   struct span *ret)
{
	struct span rest = span_skip(record->text, at);
	struct span s = span_cut(&rest, ' ');
	enum spf_record_status status = spf_term_parse(s, term);

	term->at = (uint16_t)at;
	term->domain_at = (uint16_t)(term->domain_at + at);
	*ret = s;
	if (status == SPF_RECORD_OK && !note_modifier(record, term))
		return SPF_RECORD_TWICE;
	return status;
}

/* Reads the terms of the record's text; *ret_fault is what is wrong. */
static enum spf_record_status
parse_terms(struct spf_record *record, struct span window,
	    struct spf_term *term, size_t room, struct span *ret_fault)
{
	size_t at = strlen("v=spf1"), len = 0, quick;

	for (;;) {
		enum spf_record_status status;
		struct span s;

		at = spf_quick_parse(window, at, &term[len], room - len,
				     &quick);
		len += quick;
		while (at < record->text.len && record->text.ptr[at] == ' ')
			at++;
		if (at >= record->text.len)
			break;
		if (len == room) {
			*ret_fault = record->text;
			return SPF_RECORD_TOO_MANY;
		}
		status = parse_term(record, at, &term[len], &s);
		if (status != SPF_RECORD_OK) {
			*ret_fault = s;
			return status;
		}
		at += s.len;
		len++;
	}
	record->len = (uint16_t)len;
	return SPF_RECORD_OK;
}

enum spf_record_status
spf_record_parse_into(struct span text, struct spf_term *term, size_t room,
		      struct spf_record *ret, struct span *reterr)
{
	UNINITIALIZED char copy[WINDOW_MAX + SPF_QUICK_MAX];
	struct spf_record record = {
		.text = text, .term = term, .redirect = -1, .exp = -1};
	enum spf_record_status status = SPF_RECORD_OK;
	struct span window = text, fault = text;

	if (!spf_record_is(text))
		status = SPF_RECORD_NOT_SPF;
	else if (text.len > SPF_TEXT_MAX)
		status = SPF_RECORD_TOO_LONG;
	if (status == SPF_RECORD_OK && text.len <= WINDOW_MAX) {
		memcpy(copy, text.ptr, text.len);
		memset(copy + text.len, ' ', SPF_QUICK_MAX);
		window = (struct span){copy, text.len + SPF_QUICK_MAX};
	}
	if (status == SPF_RECORD_OK)
		status = parse_terms(&record, window, term, room, &fault);
	if (status == SPF_RECORD_OK)
		*ret = record;
	else
		*reterr = fault;
	return status;
}

enum spf_record_status
spf_record_parse(struct span text, struct arena *arena, struct spf_record *ret,
		 struct span *reterr)
{
	size_t count = 0;
	struct spf_term *term;

	/* whatever is wrong with it without regard to its terms goes first */
	if (spf_record_is(text) && text.len <= SPF_TEXT_MAX)
		count = count_terms(span_skip(text, strlen("v=spf1")));
	if (count > SPF_TERMS_MAX) {
		*reterr = text;
		return SPF_RECORD_TOO_MANY;
	}
	term = arena_array(arena, count, sizeof(*term));
	if (term == NULL) {
		*reterr = text;
		return SPF_RECORD_TOO_LONG;
	}
	return spf_record_parse_into(text, term, count, ret, reterr);
}

struct spf_ip
spf_term_ip(const struct spf_term *term)
{
	struct spf_ip ip = {.v6 = term->kind == SPF_IP6};

	for (size_t i = 0; !ip.v6 && i < 4; i++)
		ip.octet[i] = (uint8_t)(term->net4 >> (24 - 8 * i));
	for (size_t i = 0; ip.v6 && i < 16; i++)
		ip.octet[i] =
			(uint8_t)(term->net6[i / 8] >> (56 - 8 * (i % 8)));
	return ip;
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
			return kinds[i].name.ptr;
	return "modifier";
}

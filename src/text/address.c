/* SPDX-License-Identifier: Apache-2.0 */
#include "text/address.h"

#include <assert.h>

#include "base/ascii.h"
#include "text/domain.h"
#include "text/utf8.h"

/* A cursor over what is parsed. */
struct scan {
	struct span all;
	size_t at;       /* never above all.len */
	bool comment;    /* one was skipped */
	struct span idn; /* the last domain in U-labels that was checked */
	size_t idns;     /* how many were */
};

/* A word of a phrase or a local part. */
struct word {
	struct span text; /* with its quotes, if it is quoted */
	bool quoted;
};

static bool
more(const struct scan *s)
{
	return s->at < s->all.len;
}

static char
peek(const struct scan *s)
{
	return more(s) ? s->all.ptr[s->at] : '\0';
}

static bool
take(struct scan *s, char c)
{
	if (!more(s) || s->all.ptr[s->at] != c)
		return false;
	s->at++;
	return true;
}

static bool
is_8bit(char c)
{
	return ((unsigned char)c & 128) != 0;
}

/* atext (RFC 5322 section 3.2.3), with UTF8-non-ascii (RFC 6532) */
static bool
is_atext(char c)
{
	return ascii_is_alnum(c) || is_8bit(c) ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Whether a quoted string or comment may hold `c` as it is. */
static bool
is_text(char c)
{
	return (c >= ' ' && c <= '~') || c == '\t' || is_8bit(c);
}

/* Skips white space, and CRLF where white space follows. */
static void
skip_fws(struct scan *s)
{
	for (;;) {
		size_t n = s->at;

		if (s->all.len - n >= 2 && s->all.ptr[n] == '\r' &&
		    s->all.ptr[n + 1] == '\n')
			n += 2;
		if (n == s->all.len ||
		    (s->all.ptr[n] != ' ' && s->all.ptr[n] != '\t'))
			return;
		s->at = n + 1;
	}
}

/* Skips the comment that begins here. */
static enum address_status
skip_comment(struct scan *s)
{
	size_t depth = 0;

	s->comment = true;
	do {
		size_t before = s->at;

		skip_fws(s);
		if (s->at > before)
			continue;
		if (take(s, '(')) {
			if (++depth > ADDRESS_NEST_MAX)
				return ADDRESS_BAD_COMMENT;
		} else if (take(s, ')')) {
			depth--;
		} else {
			(void)take(s, '\\');
			if (!more(s) || !is_text(peek(s)))
				return ADDRESS_BAD_COMMENT;
			s->at++;
		}
	} while (depth > 0);
	return ADDRESS_OK;
}

/* Skips white space and comments: [CFWS]. */
static enum address_status
skip_cfws(struct scan *s)
{
	enum address_status status;

	skip_fws(s);
	while (peek(s) == '(') {
		status = skip_comment(s);
		if (status != ADDRESS_OK)
			return status;
		skip_fws(s);
	}
	return ADDRESS_OK;
}

/* Takes a run of atext and dots, or a quoted string. */
static enum address_status
take_word(struct scan *s, struct word *ret)
{
	size_t start = s->at;

	ret->quoted = take(s, '"');
	if (!ret->quoted) {
		while (more(s) && (is_atext(peek(s)) || peek(s) == '.'))
			s->at++;
		ret->text = span_sub(s->all, start, s->at);
		return ADDRESS_OK;
	}
	while (!take(s, '"')) {
		size_t before = s->at;

		skip_fws(s);
		if (s->at > before)
			continue;
		(void)take(s, '\\');
		if (!more(s) || !is_text(peek(s)))
			return ADDRESS_BAD_QUOTE;
		s->at++;
	}
	ret->text = span_sub(s->all, start, s->at);
	return ADDRESS_OK;
}

static bool
is_dot_atom(struct span s)
{
	bool dot = true; /* a dot may not come now */

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' ? dot : !is_atext(s.ptr[i]))
			return false;
		dot = s.ptr[i] == '.';
	}
	return !dot;
}

static bool
put(struct address *a, char c, size_t limit)
{
	if (a->len == limit)
		return false;
	a->utf8 |= is_8bit(c);
	a->text[a->len++] = c;
	return true;
}

/* Puts `plain` in quotes, with backslashes where they are needed. */
static bool
put_quoted(struct address *a, struct span plain)
{
	if (!put(a, '"', ADDRESS_LOCAL_MAX))
		return false;
	for (size_t i = 0; i < plain.len; i++) {
		char c = plain.ptr[i];

		if ((c == '"' || c == '\\') && !put(a, '\\', ADDRESS_LOCAL_MAX))
			return false;
		if (!put(a, c, ADDRESS_LOCAL_MAX))
			return false;
	}
	return put(a, '"', ADDRESS_LOCAL_MAX);
}

/* Puts the local part that `word` is, quoted only if it must be. */
static enum address_status
put_local(struct address *a, const struct word *word)
{
	char plain[2 * ADDRESS_LOCAL_MAX];
	size_t n = 0;

	if (!word->quoted) {
		if (!is_dot_atom(word->text))
			return ADDRESS_BAD_LOCAL;
		for (size_t i = 0; i < word->text.len; i++)
			if (!put(a, word->text.ptr[i], ADDRESS_LOCAL_MAX))
				return ADDRESS_LONG_LOCAL;
		return ADDRESS_OK;
	}
	for (size_t i = 1; i + 1 < word->text.len; i++) {
		if (word->text.ptr[i] == '\\')
			i++;
		/* RFC 5321 section 4.1.2 has no tabs and folds here. */
		if (word->text.ptr[i] < ' ' && !is_8bit(word->text.ptr[i]))
			return ADDRESS_BAD_LOCAL;
		if (n == sizeof(plain))
			return ADDRESS_LONG_LOCAL;
		plain[n++] = word->text.ptr[i];
	}
	if (!is_dot_atom(span_bytes(plain, n)))
		return put_quoted(a, span_bytes(plain, n)) ? ADDRESS_OK
							   : ADDRESS_LONG_LOCAL;
	for (size_t i = 0; i < n; i++)
		if (!put(a, plain[i], ADDRESS_LOCAL_MAX))
			return ADDRESS_LONG_LOCAL;
	return ADDRESS_OK;
}

/* Takes a domain name off *s: letters, digits, "-", "_" and UTF-8. */
static enum address_status
take_domain(struct scan *s, struct span *ret)
{
	size_t start = s->at;
	size_t label = s->at;
	enum address_status status = ADDRESS_OK;

	if (peek(s) == '[')
		return ADDRESS_LITERAL;
	for (;; s->at++) {
		char c = peek(s);

		if (more(s) && (ascii_is_alnum(c) || c == '_' || is_8bit(c)))
			continue;
		if (c == '-' && s->at > label)
			continue;
		if (s->at == label || s->all.ptr[s->at - 1] == '-')
			return ADDRESS_BAD_DOMAIN;
		if (s->at - label > 63)
			status = ADDRESS_LONG_DOMAIN;
		if (c != '.')
			break;
		label = s->at + 1;
	}
	if (s->at - start > ADDRESS_DOMAIN_MAX)
		status = ADDRESS_LONG_DOMAIN;
	*ret = span_sub(s->all, start, s->at);
	return status;
}

/*
 * Whether UTF-8 `text` is a domain in U-labels as IDNA2008 has them: what a
 * mapping would change, or make vanish, is refused (so that no two readers
 * see two domains).
 */
static bool
is_idn(struct span text)
{
	CLEANUP(buf_release) struct buf back = BUF_INIT(DOMAIN_TEXT_MAX);
	struct domain domain;

	if (domain_parse(text, &domain) != DOMAIN_OK)
		return false;
	domain_format(&domain, &back);
	return span_equal_nocase(buf_span(&back), text);
}

/* As is_idn(), but not again for what stands there many times over. */
static enum address_status
check_idn(struct scan *s, struct span domain)
{
	if (s->idns > 0 && span_equal(domain, s->idn))
		return ADDRESS_OK;
	if (s->idns == ADDRESS_IDN_MAX)
		return ADDRESS_TOO_MANY;
	s->idns++;
	s->idn = domain;
	return is_idn(domain) ? ADDRESS_OK : ADDRESS_BAD_DOMAIN;
}

static bool
has_8bit(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_8bit(s.ptr[i]))
			return true;
	return false;
}

/* Makes the address of a local part and the domain that begins here. */
static enum address_status
take_address(struct scan *s, const struct word *local, struct address *ret)
{
	struct address a = {.len = 0};
	struct span domain;
	enum address_status status = put_local(&a, local);

	if (status != ADDRESS_OK)
		return status;
	a.at = a.len;
	put(&a, '@', ADDRESS_MAX);
	status = take_domain(s, &domain);
	if (status != ADDRESS_OK)
		return status;
	for (size_t i = 0; i < domain.len; i++)
		put(&a, domain.ptr[i], ADDRESS_MAX);
	if (a.utf8 && !utf8_is_valid(address_text(&a)))
		return ADDRESS_BAD_UTF8;
	if (has_8bit(domain)) {
		status = check_idn(s, domain);
		if (status != ADDRESS_OK)
			return status;
	}
	a.text[a.len] = '\0';
	*ret = a;
	return ADDRESS_OK;
}

/* "@domain,@domain:" before an address; RFC 5321 has it without spaces. */
static enum address_status
skip_route(struct scan *s)
{
	struct span domain;

	do {
		if (!take(s, '@') || take_domain(s, &domain) != ADDRESS_OK)
			return ADDRESS_BAD_ROUTE;
	} while (take(s, ','));
	return take(s, ':') ? ADDRESS_OK : ADDRESS_BAD_ROUTE;
}

struct span
address_local(const struct address *a)
{
	return span_bytes(a->text, a->at);
}

struct span
address_domain(const struct address *a)
{
	return span_bytes(a->text + a->at + 1, (size_t)(a->len - a->at - 1));
}

struct span
address_text(const struct address *a)
{
	return span_bytes(a->text, a->len);
}

const char *
address_strerror(enum address_status status)
{
	static const char *const text[] = {
		[ADDRESS_OK] = "the address is well formed",
		[ADDRESS_EMPTY] = "there is no address",
		[ADDRESS_NO_AT] = "text that is no address: it has no \"@\"",
		[ADDRESS_BAD_LOCAL] = "what stands before \"@\" is not legal",
		[ADDRESS_LONG_LOCAL] = "more than 64 octets before \"@\"",
		[ADDRESS_BAD_DOMAIN] = "what follows \"@\" is no domain name",
		[ADDRESS_LONG_DOMAIN] = "the domain name is too long",
		[ADDRESS_LITERAL] = "an IP address stands for the domain",
		[ADDRESS_BAD_QUOTE] = "a quoted string is malformed",
		[ADDRESS_BAD_COMMENT] = "a comment is malformed",
		[ADDRESS_BAD_ANGLE] =
			"\"<\" and \">\" do not enclose an address",
		[ADDRESS_BAD_ROUTE] = "a source route is malformed",
		[ADDRESS_BAD_GROUP] = "a group is malformed",
		[ADDRESS_TEXT_AFTER] = "there is text behind an address",
		[ADDRESS_EMPTY_MEMBER] = "a comma has no address beside it",
		[ADDRESS_BAD_CHARACTER] = "there is a forbidden character",
		[ADDRESS_BAD_UTF8] = "the address is not UTF-8",
		[ADDRESS_TOO_MANY] = "the list has too many addresses",
	};
	return text[status];
}

enum address_status
address_parse(struct span text, struct address *ret)
{
	struct scan s = {.all = text};
	struct address a;
	struct word local;
	enum address_status status;

	if (text.len == 0)
		return ADDRESS_EMPTY;
	status = take_word(&s, &local);
	if (status != ADDRESS_OK)
		return status;
	if (!take(&s, '@'))
		return more(&s) ? ADDRESS_BAD_LOCAL : ADDRESS_NO_AT;
	status = take_address(&s, &local, &a);
	if (status != ADDRESS_OK)
		return status;
	if (more(&s))
		return ADDRESS_BAD_DOMAIN;
	*ret = a;
	return ADDRESS_OK;
}

/* The words of a phrase, while it is not known what they belong to. */
struct phrase {
	struct scan start; /* where they begin */
	struct word first; /* the first one */
	size_t words;      /* how many there are */
};

/* A list being built. */
struct builder {
	struct scan s;
	struct arena *arena;
	struct mailbox *mailbox; /* with `room` of them */
	size_t room;
	size_t len;
	size_t groups;
};

/* Takes words and what is between them, none perhaps. */
static enum address_status
take_phrase(struct scan *s, struct phrase *ret)
{
	enum address_status status = ADDRESS_OK;

	*ret = (struct phrase){.start = *s};
	while (status == ADDRESS_OK && more(s) &&
	       (is_atext(peek(s)) || peek(s) == '.' || peek(s) == '"')) {
		struct word word;

		status = take_word(s, &word);
		if (status != ADDRESS_OK)
			return status;
		if (ret->words++ == 0)
			ret->first = word;
		status = skip_cfws(s);
	}
	return status;
}

/* The text of a phrase without quotes, its words one space apart. */
static struct span
display_of(const struct phrase *phrase, size_t end, struct arena *arena)
{
	struct scan s = phrase->start;
	char *text = arena_get(arena, end - s.at + 1);
	size_t n = 0;

	if (text == NULL)
		return SPAN("");
	for (size_t i = 0; i < phrase->words; i++) {
		struct word word = {.text = SPAN("")};

		if (take_word(&s, &word) != ADDRESS_OK ||
		    skip_cfws(&s) != ADDRESS_OK)
			break; /* never: they were taken before */
		if (i > 0)
			text[n++] = ' ';
		if (word.quoted)
			word.text = span_sub(word.text, 1, word.text.len - 1);
		for (size_t k = 0; k < word.text.len; k++) {
			char c = word.text.ptr[k];

			if (word.quoted && c == '\\')
				c = word.text.ptr[++k];
			if (c != '\r' && c != '\n')
				text[n++] = c;
		}
	}
	return span_bytes(text, n);
}

/* Takes what stands between "<" and ">"; the "<" is taken already. */
static enum address_status
take_angle(struct scan *s, struct mailbox *ret)
{
	struct word local;
	enum address_status status = skip_cfws(s);

	if (status == ADDRESS_OK && peek(s) == '@') {
		ret->route = true;
		status = skip_route(s);
	}
	if (status == ADDRESS_OK && peek(s) == '>')
		return ADDRESS_EMPTY;
	if (status == ADDRESS_OK)
		status = take_word(s, &local);
	if (status == ADDRESS_OK)
		status = skip_cfws(s);
	if (status != ADDRESS_OK)
		return status;
	if (!take(s, '@'))
		return peek(s) == '>' ? ADDRESS_NO_AT : ADDRESS_BAD_LOCAL;
	status = skip_cfws(s);
	if (status == ADDRESS_OK)
		status = take_address(s, &local, &ret->address);
	if (status == ADDRESS_OK)
		status = skip_cfws(s);
	if (status == ADDRESS_OK && !take(s, '>'))
		return ADDRESS_BAD_ANGLE;
	return status;
}

/* What is wrong where a phrase ended and no address began. */
static enum address_status
no_address(const struct scan *s, const struct phrase *phrase)
{
	char c = peek(s);

	if (more(s) && (c < ' ' || c > '~') && !is_8bit(c))
		return ADDRESS_BAD_CHARACTER;
	if (c == '@')
		return ADDRESS_BAD_LOCAL;
	if (phrase->words > 0)
		return ADDRESS_NO_AT;
	return !more(s) || c == ',' || c == ';' ? ADDRESS_EMPTY_MEMBER
						: ADDRESS_TEXT_AFTER;
}

/* Takes a mailbox whose phrase was taken, with the CFWS after it. */
static enum address_status
take_mailbox(struct builder *b, const struct phrase *phrase, bool in_group)
{
	struct mailbox box = {.display = SPAN(""), .group = in_group};
	size_t end = b->s.at;
	enum address_status status;

	if (take(&b->s, '<')) {
		if (phrase->words > 0)
			box.display = display_of(phrase, end, b->arena);
		status = take_angle(&b->s, &box);
	} else if (phrase->words == 1 && take(&b->s, '@')) {
		status = skip_cfws(&b->s);
		if (status == ADDRESS_OK)
			status = take_address(&b->s, &phrase->first,
					      &box.address);
	} else {
		return no_address(&b->s, phrase);
	}
	if (status == ADDRESS_OK)
		status = skip_cfws(&b->s);
	if (status != ADDRESS_OK)
		return status;
	box.comment = b->s.comment;
	if (b->len == b->room)
		return ADDRESS_TOO_MANY;
	b->mailbox[b->len++] = box;
	return ADDRESS_OK;
}

/* Takes the members of a group, and its ";"; the ":" is taken already. */
static enum address_status
take_group(struct builder *b)
{
	enum address_status status = skip_cfws(&b->s);

	b->groups++;
	if (status == ADDRESS_OK && take(&b->s, ';'))
		return skip_cfws(&b->s);
	while (status == ADDRESS_OK) {
		struct phrase phrase;

		status = take_phrase(&b->s, &phrase);
		if (status == ADDRESS_OK && peek(&b->s) == ':')
			return ADDRESS_BAD_GROUP;
		if (status == ADDRESS_OK)
			status = take_mailbox(b, &phrase, true);
		if (status == ADDRESS_OK && take(&b->s, ';'))
			return skip_cfws(&b->s);
		if (status == ADDRESS_OK && !take(&b->s, ','))
			return more(&b->s) ? ADDRESS_TEXT_AFTER
					   : ADDRESS_BAD_GROUP;
		if (status == ADDRESS_OK)
			status = skip_cfws(&b->s);
	}
	return status;
}

/* Takes a whole list: what ends it well is the end of the text. */
static enum address_status
take_list(struct builder *b)
{
	for (;;) {
		struct phrase phrase;
		enum address_status status;

		b->s.comment = false;
		status = skip_cfws(&b->s);
		if (status == ADDRESS_OK)
			status = take_phrase(&b->s, &phrase);
		if (status != ADDRESS_OK)
			return status;
		if (phrase.words > 0 && take(&b->s, ':'))
			status = take_group(b);
		else
			status = take_mailbox(b, &phrase, false);
		if (status != ADDRESS_OK)
			return status;
		if (!more(&b->s))
			return ADDRESS_OK;
		if (!take(&b->s, ','))
			return ADDRESS_TEXT_AFTER;
	}
}

enum address_status
address_list_parse(struct span value, struct arena *arena,
		   struct address_list *ret, size_t *reterr_offset)
{
	struct builder b = {.s.all = value, .arena = arena, .room = 1};
	enum address_status status = skip_cfws(&b.s);

	if (status == ADDRESS_OK && !more(&b.s))
		status = ADDRESS_EMPTY;
	for (size_t i = 0; i < value.len && b.room < ADDRESS_LIST_MAX; i++)
		b.room += value.ptr[i] == ',';
	b.mailbox = arena_array(arena, b.room, sizeof(*b.mailbox));
	if (b.mailbox == NULL && status == ADDRESS_OK)
		status = ADDRESS_TOO_MANY;
	if (status == ADDRESS_OK) {
		b.s.at = 0;
		status = take_list(&b);
	}
	if (status != ADDRESS_OK) {
		*reterr_offset = b.s.at;
		return status;
	}
	*ret = (struct address_list){b.mailbox, b.len, b.groups};
	return ADDRESS_OK;
}

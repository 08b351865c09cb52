/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/authres.h"

#include "base/ascii.h"
#include "mailauth/dkim_signature.h"
#include "text/domain.h"
#include "text/utf8.h"

/* A cursor over the value. */
struct scan {
	struct span all;
	size_t at; /* never above all.len */
	struct arena *arena;
	char *text;  /* room for all that is unquoted; NULL: not yet asked */
	size_t used; /* of text */
};

static char
peek(const struct scan *s)
{
	return s->at < s->all.len ? s->all.ptr[s->at] : '\0';
}

static bool
take(struct scan *s, char c)
{
	if (s->at == s->all.len || s->all.ptr[s->at] != c)
		return false;
	s->at++;
	return true;
}

/* token of RFC 2045, with UTF-8 (RFC 8601 section 2.2, RFC 6532) */
static bool
is_token(char c)
{
	if ((c & 0x80) != 0)
		return true;
	return c > ' ' && c <= '~' && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static bool
is_keyword(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips white space and comments; false if a comment is not closed. */
static bool
skip(struct scan *s)
{
	size_t depth = 0;

	for (; s->at < s->all.len; s->at++) {
		char c = peek(s);

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (c == '\\' && depth > 0)
			s->at++;
		else if (depth == 0 && !is_space(c))
			break;
	}
	if (s->at > s->all.len)
		s->at = s->all.len;
	return depth == 0;
}

/* Takes a run of what `is` allows. */
static struct span
take_run(struct scan *s, bool (*is)(char))
{
	size_t start = s->at;

	while (s->at < s->all.len && is(peek(s)))
		s->at++;
	return span_sub(s->all, start, s->at);
}

/* Takes a quoted string, unquoted into the arena; the '"' is next. */
static bool
take_quoted(struct scan *s, struct span *ret)
{
	size_t start = s->used;

	if (s->text == NULL)
		s->text = arena_get(s->arena, s->all.len + 1);
	s->at++;
	while (s->text != NULL && s->at < s->all.len) {
		char c = s->all.ptr[s->at++];

		if (c == '"') {
			*ret = span_bytes(s->text + start, s->used - start);
			return true;
		}
		if (c == '\\' && s->at < s->all.len)
			c = s->all.ptr[s->at++];
		if (c != '\r' && c != '\n')
			s->text[s->used++] = c;
	}
	return false;
}

/* value = token / quoted-string; "" if there is none here */
static enum authres_status
take_value(struct scan *s, struct span *ret)
{
	if (peek(s) == '"')
		return take_quoted(s, ret) ? AUTHRES_OK : AUTHRES_BAD_QUOTE;
	*ret = take_run(s, is_token);
	return AUTHRES_OK;
}

/* pvalue characters: a token, or an address, or what is met in the wild */
static bool
is_pvalue(char c)
{
	return is_token(c) || (c != '\0' && strchr("@/:=[]?<>,", c) != NULL);
}

static bool
take_number(struct scan *s, uint64_t max, unsigned *ret)
{
	uint64_t n;

	if (!span_to_u64(take_run(s, ascii_is_alnum), max, &n))
		return false;
	*ret = (unsigned)n;
	return true;
}

/* [ reason [CFWS] "=" [CFWS] value ]; the word was taken already */
static enum authres_status
take_reason(struct scan *s, struct authres_result *r)
{
	enum authres_status status;

	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (!take(s, '='))
		return AUTHRES_BAD_REASON;
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	status = take_value(s, &r->reason);
	if (status == AUTHRES_OK && r->reason.len == 0)
		return AUTHRES_BAD_REASON;
	return status;
}

/* ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue; ptype was taken */
static enum authres_status
take_property(struct scan *s, struct span type, struct authres_property *ret)
{
	size_t start;

	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (!take(s, '.'))
		return AUTHRES_BAD_PROPERTY;
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	ret->type = type;
	ret->name = take_run(s, is_keyword);
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (ret->name.len == 0 || !take(s, '='))
		return AUTHRES_BAD_PROPERTY;
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	start = s->at;
	if (peek(s) == '"') {
		if (!take_quoted(s, &ret->value))
			return AUTHRES_BAD_QUOTE;
		if (peek(s) != '@')
			return AUTHRES_OK;
		/* A quoted local part: kept as it is written. */
	}
	(void)take_run(s, is_pvalue);
	ret->value = span_sub(s->all, start, s->at);
	return ret->value.len > 0 ? AUTHRES_OK : AUTHRES_BAD_PROPERTY;
}

/* Whether a word may end here: at white space, a comment, ";" or the end. */
static bool
at_word_end(const struct scan *s)
{
	return s->at == s->all.len || peek(s) == ';' || peek(s) == '(' ||
	       is_space(peek(s));
}

/* Takes one more property of `r`, whose ptype was taken. */
static enum authres_status
add_property(struct scan *s, struct span type, struct authres_result *r,
	     struct authres_property *room)
{
	if (room == NULL || r->properties == AUTHRES_PROPERTIES_MAX)
		return AUTHRES_TOO_MANY;
	r->property = room;
	return take_property(s, type, &room[r->properties++]);
}

/* What follows method=result up to ";" or the end. */
static enum authres_status
take_details(struct scan *s, struct authres_result *r)
{
	struct authres_property *room = NULL;
	bool reason = false;

	for (;;) {
		enum authres_status status;
		struct span word;

		if (!skip(s))
			return AUTHRES_BAD_COMMENT;
		if (s->at == s->all.len || peek(s) == ';')
			return AUTHRES_OK;
		word = take_run(s, is_keyword);
		if (word.len == 0)
			return AUTHRES_BAD_PROPERTY;
		if (!reason && room == NULL &&
		    span_equal_nocase(word, SPAN("reason"))) {
			reason = true;
			status = take_reason(s, r);
		} else {
			if (room == NULL)
				room = arena_array(s->arena,
						   AUTHRES_PROPERTIES_MAX,
						   sizeof(*room));
			status = add_property(s, word, r, room);
		}
		if (status != AUTHRES_OK)
			return status;
		if (!at_word_end(s))
			return AUTHRES_BAD_PROPERTY;
	}
}

/* method [CFWS "/" version] [CFWS] "=" [CFWS] result; method was taken */
static enum authres_status
take_result(struct scan *s, struct span method, struct authres_result *r)
{
	*r = (struct authres_result){
		.method = method,
		.version = 1,
		.reason = SPAN(""),
	};
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (take(s, '/')) {
		if (!skip(s))
			return AUTHRES_BAD_COMMENT;
		if (!take_number(s, 999, &r->version))
			return AUTHRES_BAD_VERSION;
		if (!skip(s))
			return AUTHRES_BAD_COMMENT;
	}
	if (method.len == 0 || !take(s, '='))
		return AUTHRES_BAD_METHOD;
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	r->value = take_run(s, is_keyword);
	if (r->value.len == 0)
		return AUTHRES_BAD_METHOD;
	if (!at_word_end(s))
		return AUTHRES_BAD_METHOD;
	return take_details(s, r);
}

/* Takes "none" or one result behind a ";". */
static enum authres_status
take_one(struct scan *s, struct authres *ret, struct authres_result *room,
	 bool *none)
{
	struct span method = take_run(s, is_keyword);

	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (*none)
		return AUTHRES_BAD_METHOD; /* nothing stands beside "none" */
	if (span_equal_nocase(method, SPAN("none")) && peek(s) != '=' &&
	    peek(s) != '/') {
		*none = true;
		return ret->len > 0 ? AUTHRES_BAD_METHOD : AUTHRES_OK;
	}
	if (room == NULL || ret->len == AUTHRES_RESULTS_MAX)
		return AUTHRES_TOO_MANY;
	return take_result(s, method, &room[ret->len++]);
}

/* What follows the authserv-id: "none", or results, each after a ";". */
static enum authres_status
take_results(struct scan *s, struct authres *ret)
{
	struct authres_result *room =
		arena_array(s->arena, AUTHRES_RESULTS_MAX, sizeof(*room));
	bool none = false;

	ret->result = room;
	while (take(s, ';')) {
		enum authres_status status;

		if (!skip(s))
			return AUTHRES_BAD_COMMENT;
		/* A ";" at the end is not in the grammar, but in the wild. */
		if (s->at == s->all.len && (ret->len > 0 || none))
			return AUTHRES_OK;
		status = take_one(s, ret, room, &none);
		if (status != AUTHRES_OK)
			return status;
	}
	if (s->at < s->all.len)
		return ret->len == 0 && !none ? AUTHRES_BAD_VERSION
					      : AUTHRES_BAD_METHOD;
	return ret->len > 0 || none ? AUTHRES_OK : AUTHRES_EMPTY;
}

/* [CFWS] authserv-id [ CFWS version ] */
static enum authres_status
take_id(struct scan *s, struct authres *ret)
{
	enum authres_status status;

	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	status = take_value(s, &ret->authserv_id);
	if (status != AUTHRES_OK)
		return status;
	if (ret->authserv_id.len == 0)
		return AUTHRES_BAD_ID;
	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	ret->version = 1;
	if (ascii_is_alnum(peek(s)) && !take_number(s, 1, &ret->version))
		return AUTHRES_BAD_VERSION;
	if (ret->version != 1)
		return AUTHRES_BAD_VERSION;
	return skip(s) ? AUTHRES_OK : AUTHRES_BAD_COMMENT;
}

/* RFC 8617 section 4.1.1: instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT */
static enum authres_status
take_instance(struct scan *s, struct authres *ret)
{
	size_t start;

	if (!skip(s))
		return AUTHRES_BAD_COMMENT;
	if (!take(s, 'i') || !skip(s) || !take(s, '=') || !skip(s))
		return AUTHRES_BAD_INSTANCE;
	start = s->at;
	if (!take_number(s, ARC_INSTANCE_MAX, &ret->arc) || ret->arc == 0 ||
	    s->at - start > 2 || !skip(s) || !take(s, ';'))
		return AUTHRES_BAD_INSTANCE;
	return AUTHRES_OK;
}

unsigned
authres_instance(struct span value)
{
	struct scan s = {.all = value};
	struct authres a = {.arc = 0};

	return take_instance(&s, &a) == AUTHRES_OK ? a.arc : 0;
}

enum authres_status
authres_parse(struct span value, bool arc, struct arena *arena,
	      struct authres *ret)
{
	struct scan s = {.all = value, .arena = arena};
	struct authres a = {.authserv_id = SPAN("")};
	enum authres_status status = AUTHRES_OK;

	if (arc)
		status = take_instance(&s, &a);
	if (status == AUTHRES_OK)
		status = take_id(&s, &a);
	if (status == AUTHRES_OK)
		status = take_results(&s, &a);
	if (status == AUTHRES_OK)
		*ret = a;
	return status;
}

const char *
authres_strerror(enum authres_status status)
{
	static const char *const text[] = {
		[AUTHRES_OK] = "the field is well formed",
		[AUTHRES_BAD_COMMENT] = "a comment is not closed",
		[AUTHRES_BAD_QUOTE] = "a quoted string is not closed",
		[AUTHRES_BAD_ID] = "the authserv-id is missing",
		[AUTHRES_BAD_VERSION] = "the version is not 1",
		[AUTHRES_BAD_METHOD] = "a method has no result",
		[AUTHRES_BAD_REASON] = "reason= has no value",
		[AUTHRES_BAD_PROPERTY] = "a property is malformed",
		[AUTHRES_EMPTY] = "there is neither a result nor \"none\"",
		[AUTHRES_BAD_INSTANCE] = "i= is no number from 1 to 50",
		[AUTHRES_TOO_MANY] = "there is too much in the field",
	};
	return text[status];
}

/* Whether all of `s`, which is not empty, is what `is` allows. */
static bool
all_are(struct span s, bool (*is)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Puts a quoted string; no control character, no broken UTF-8. */
static void
put_quoted(struct buf *to, struct span value)
{
	struct span rest = span_head(value, AUTHRES_VALUE_MAX);

	buf_addc(to, '"');
	while (rest.len > 0) {
		char c = rest.ptr[0];
		size_t n = utf8_length(rest);

		if (n == 0 || (n == 1 && (c < ' ' || c > '~'))) {
			buf_addc(to, '?');
			n = 1;
		} else {
			if (c == '"' || c == '\\')
				buf_addc(to, '\\');
			buf_add(to, span_head(rest, n));
		}
		rest = span_skip(rest, n);
	}
	buf_addc(to, '"');
}

/* Puts a value: a token as it is, anything else in quotes. */
static void
put_value(struct buf *to, struct span value)
{
	if (value.len <= AUTHRES_VALUE_MAX && all_are(value, is_token) &&
	    utf8_is_valid(value))
		buf_add(to, value);
	else
		put_quoted(to, value);
}

/* Whether `s` is made of such characters, with single dots inside. */
static bool
is_dotted(struct span s, bool (*is)(char))
{
	bool good = s.len > 0;

	while (good && s.len > 0) {
		size_t dot = span_find(s, '.');
		struct span label = span_cut(&s, '.');

		good = all_are(label, is) && (dot == SPAN_NONE || s.len > 0);
	}
	return good;
}

/* atext of RFC 5322 section 3.2.3, with UTF-8 (RFC 6532) */
static bool
is_atext(char c)
{
	return ascii_is_alnum(c) || (c & 0x80) != 0 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* A letter, digit or hyphen, or a part of a U-label. */
static bool
is_label(char c)
{
	return ascii_is_alnum(c) || c == '-' || (c & 0x80) != 0;
}

/*
 * Puts a property's value: what is [ [ local-part ] "@" ] domain-name goes
 * without quotes too.
 */
static void
put_pvalue(struct buf *to, struct span value)
{
	struct span domain = value;
	size_t at = span_find(value, '@');

	if (at != SPAN_NONE && value.len <= AUTHRES_VALUE_MAX &&
	    (at == 0 || is_dotted(span_head(value, at), is_atext)) &&
	    is_dotted(span_skip(domain, at + 1), is_label) &&
	    utf8_is_valid(value))
		buf_add(to, value);
	else
		put_value(to, value);
}

void
authres_format(const struct authres *a, struct buf *to)
{
	put_value(to, a->authserv_id);
	if (a->len == 0)
		buf_adds(to, "; none");
	for (size_t i = 0; i < a->len; i++) {
		const struct authres_result *r = &a->result[i];

		buf_adds(to, ";\r\n\t");
		buf_add(to, r->method);
		if (r->version != 1)
			buf_addf(to, "/%u", r->version);
		buf_addc(to, '=');
		buf_add(to, r->value);
		if (r->reason.len > 0) {
			buf_adds(to, " reason=");
			put_value(to, r->reason);
		}
		for (size_t k = 0; k < r->properties; k++) {
			const struct authres_property *p = &r->property[k];

			buf_adds(to, "\r\n\t ");
			buf_add(to, p->type);
			buf_addc(to, '.');
			buf_add(to, p->name);
			buf_addc(to, '=');
			put_pvalue(to, p->value);
		}
	}
}

static bool
holds_nocase(struct span text, struct span part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (span_starts_nocase(span_skip(text, i), part))
			return true;
	return false;
}

/*
 * Whether both name one host: a final dot, the case of letters, and whether a
 * label is written in Unicode or as "xn--", make no difference.
 */
static bool
same_id(struct span a, struct span b)
{
	struct domain x, y;

	if (domain_parse(a, &x) == DOMAIN_OK &&
	    domain_parse(b, &y) == DOMAIN_OK)
		return span_equal(domain_span(&x), domain_span(&y));
	while (span_ends(a, SPAN(".")))
		a.len--;
	while (span_ends(b, SPAN(".")))
		b.len--;
	return span_equal_nocase(a, b);
}

/* Appends `value` without comments, white space, quotes and escapes. */
static void
squeeze(struct span value, struct buf *to)
{
	size_t depth = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !is_space(c) && c != '"' && c != '\\')
			buf_addc(to, c);
	}
}

/* Whether `text` has `id` in it, in A-labels or U-labels. */
static bool
speaks_of(struct span text, struct span id)
{
	CLEANUP(buf_release) struct buf unicode = BUF_INIT(DOMAIN_TEXT_MAX);
	struct domain domain;

	while (span_ends(id, SPAN(".")))
		id.len--;
	if (holds_nocase(text, id))
		return true;
	if (domain_parse(id, &domain) != DOMAIN_OK)
		return false;
	domain_format(&domain, &unicode);
	return holds_nocase(text, domain_span(&domain)) ||
	       holds_nocase(text, buf_span(&unicode));
}

bool
authres_claims(const struct header_field *field, struct span authserv_id)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	CLEANUP(buf_release) struct buf squeezed = BUF_INIT(HEADER_SIZE_MAX);
	struct scan s = {.all = field->value, .arena = &arena};
	struct span id = SPAN("");

	if (!header_is(field, SPAN("Authentication-Results")))
		return false;
	if (skip(&s) && take_value(&s, &id) == AUTHRES_OK && id.len > 0 &&
	    skip(&s) &&
	    (s.at == s.all.len || peek(&s) == ';' || peek(&s) == '1'))
		return same_id(id, authserv_id);
	squeeze(field->value, &squeezed);
	return speaks_of(field->value, authserv_id) ||
	       speaks_of(buf_span(&squeezed), authserv_id);
}

struct span
authres_results(const struct header_field *field, struct span authserv_id)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(AUTHRES_ARENA);
	struct scan s = {.all = field->value, .arena = &arena};
	struct span rest = SPAN("");
	struct authres a;

	if (!header_is(field, SPAN("Authentication-Results")) ||
	    authres_parse(field->value, false, &arena, &a) != AUTHRES_OK ||
	    a.len == 0 || !same_id(a.authserv_id, authserv_id))
		return rest;
	if (take_id(&s, &a) == AUTHRES_OK && take(&s, ';'))
		rest = span_trim(span_skip(s.all, s.at));
	while (span_ends(rest, SPAN(";")))
		rest = span_trim(span_head(rest, rest.len - 1));
	return rest;
}

bool
authres_strip(const struct header_block *header, struct span authserv_id,
	      struct buf *to)
{
	for (size_t i = 0; i < header->len; i++)
		if (!authres_claims(&header->field[i], authserv_id) &&
		    !buf_add(to, header->field[i].raw))
			return false;
	return true;
}

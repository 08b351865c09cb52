/* SPDX-License-Identifier: Apache-2.0 */
#include "text/address.h"

#include "base/buf.h"
#include "unit.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"

static const struct bare_row {
	const char *name;
	const char *text;
	enum address_status status;
	const char *want; /* local|domain, if it differs from text */
} bare[] = {
	{"RFC 5322 s3.4.1: dot-atom", "a.b+c@example.com", ADDRESS_OK, NULL},
	{"case is kept", "Jo@Example.COM", ADDRESS_OK, NULL},
	{"all atext", "!#$%&'*+-/=?^_`{|}~@a.b", ADDRESS_OK, NULL},
	{"RFC 5321 s4.1.2: quoted", "\"a b\"@c.d", ADDRESS_OK, NULL},
	{"quoted at sign", "\"a@legit.com\"@tenant.com", ADDRESS_OK, NULL},
	{"needless quotes", "\"ab.c\"@c.d", ADDRESS_OK, "ab.c@c.d"},
	{"needless backslash", "\"\\a\\b\"@c.d", ADDRESS_OK, "ab@c.d"},
	{"needed backslash", "\"\\\"\\\\\"@c.d", ADDRESS_OK, NULL},
	{"empty quotes", "\"\"@c.d", ADDRESS_OK, NULL},
	{"one label", "root@localhost", ADDRESS_OK, NULL},
	{"underscore in a domain", "a@b_c.d", ADDRESS_OK, NULL},
	{"local part of 64", "a" L63 "@b.c", ADDRESS_OK, NULL},
	{"label of 63", "a@" L63 ".c", ADDRESS_OK, NULL},
	{"RFC 6532: UTF-8", "\xc3\xb8@m\xc3\xb8x.example", ADDRESS_OK, NULL},
	{"local part of 65", "ab" L63 "@b.c", ADDRESS_LONG_LOCAL, NULL},
	{"quoted local part of 66", "\"a " L63 "\"@b.c", ADDRESS_LONG_LOCAL,
	 NULL},
	{"label of 64", "a@b" L63 ".c", ADDRESS_LONG_DOMAIN, NULL},
	{"domain of 255", "a@" L63 "." L63 "." L63 "." L63, ADDRESS_LONG_DOMAIN,
	 NULL},
	{"nothing", "", ADDRESS_EMPTY, NULL},
	{"no at sign", "example.com", ADDRESS_NO_AT, NULL},
	{"no local part", "@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"dot first", ".a@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"dot last", "a.@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"two dots", "a..b@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"space", "a b@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"comment", "a(x)@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"open quote", "\"a@b.c", ADDRESS_BAD_QUOTE, NULL},
	{"tab in quotes", "\"a\tb\"@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"fold in quotes", "\"a\r\n b\"@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"control in quotes", "\"a\1\"@b.c", ADDRESS_BAD_QUOTE, NULL},
	{"quoted and more", "\"a\".b@b.c", ADDRESS_BAD_LOCAL, NULL},
	{"no domain", "a@", ADDRESS_BAD_DOMAIN, NULL},
	{"two at signs", "a@b@c.d", ADDRESS_BAD_DOMAIN, NULL},
	{"trailing dot", "a@b.c.", ADDRESS_BAD_DOMAIN, NULL},
	{"leading dot", "a@.b.c", ADDRESS_BAD_DOMAIN, NULL},
	{"empty label", "a@b..c", ADDRESS_BAD_DOMAIN, NULL},
	{"hyphen first", "a@-b.c", ADDRESS_BAD_DOMAIN, NULL},
	{"hyphen last", "a@b-.c", ADDRESS_BAD_DOMAIN, NULL},
	{"quote in a domain (a6)", "any@legitimate.com'@any.attack.com",
	 ADDRESS_BAD_DOMAIN, NULL},
	{"parenthesis in a domain (a5)", "any@legitimate.com(a.attack.com",
	 ADDRESS_BAD_DOMAIN, NULL},
	{"literal", "a@[127.0.0.1]", ADDRESS_LITERAL, NULL},
	{"Latin-1", "\xf8@b.c", ADDRESS_BAD_UTF8, NULL},
	{"overlong UTF-8", "\xc0\x80@b.c", ADDRESS_BAD_UTF8, NULL},
	{"surrogate", "\xed\xa0\x80@b.c", ADDRESS_BAD_UTF8, NULL},
	{"UTF-8 cut off", "a@b.\xc3", ADDRESS_BAD_UTF8, NULL},
	{"angle brackets", "<a@b.c>", ADDRESS_BAD_LOCAL, NULL},
	{"CRLF", "a@b.c\r\n", ADDRESS_BAD_DOMAIN, NULL},
};

static void
test_bare(void **state)
{
	const struct bare_row *row = *state;
	const char *want = row->want != NULL ? row->want : row->text;
	struct address a, again;

	assert_int_equal(address_parse(span_of(row->text), &a), row->status);
	if (row->status != ADDRESS_OK)
		return;
	assert_string_equal(a.text, want);
	assert_int_equal(a.text[a.at], '@');
	assert_int_equal(address_local(&a).len + 1 + address_domain(&a).len,
			 address_text(&a).len);
	assert_int_equal(address_parse(address_text(&a), &again), ADDRESS_OK);
	assert_string_equal(again.text, a.text);
}

static const struct list_row {
	const char *name;
	const char *text;
	enum address_status status;
	const char *want; /* display<address>flags, each; r c g flags */
	size_t offset;    /* of the defect */
} list[] = {
	{"RFC 5322 s3.4: bare", "joe@joe.com", ADDRESS_OK, "<joe@joe.com>", 0},
	{"angle alone", " <a@b.c>", ADDRESS_OK, "<a@b.c>", 0},
	{"phrase", " Joe Q. Public <joe@joe.com>", ADDRESS_OK,
	 "Joe Q. Public<joe@joe.com>", 0},
	{"quoted phrase", "\"Mandel, \\\"Bob\\\"\" <joe@joe.com>", ADDRESS_OK,
	 "Mandel, \"Bob\"<joe@joe.com>", 0},
	{"mixed phrase", "\"A\"  b\r\n\t(x) c<a@b.c>", ADDRESS_OK,
	 "A b c<a@b.c>c", 0},
	{"display name with an address", "\"admin@legit.com\" <a@tenant.com>",
	 ADDRESS_OK, "admin@legit.com<a@tenant.com>", 0},
	{"fold in quotes", "\"a\r\n b\" <a@b.c>", ADDRESS_OK, "a b<a@b.c>", 0},
	{"comment before", "(Joe) joe@joe.com", ADDRESS_OK, "<joe@joe.com>c",
	 0},
	{"comment behind", "a@b.c (c@d.e)", ADDRESS_OK, "<a@b.c>c", 0},
	{"comments nest", "a@b.c ((a) \\) (b))", ADDRESS_OK, "<a@b.c>c", 0},
	{"CFWS in an angle", " <user@example.com > ", ADDRESS_OK,
	 "<user@example.com>", 0},
	{"CFWS around the at sign", "<user (x) @ example.com>", ADDRESS_OK,
	 "<user@example.com>c", 0},
	{"two", "<a@b.c>, D <d@e.f>", ADDRESS_OK, "<a@b.c>D<d@e.f>", 0},
	{"a comment belongs to one member", "a@b.c (x), d@e.f", ADDRESS_OK,
	 "<a@b.c>c<d@e.f>", 0},
	{"encoded-word", "=?UTF-8?B?QmVk?=<BdBth&Byond@example.com>",
	 ADDRESS_OK, "=?UTF-8?B?QmVk?=<BdBth&Byond@example.com>", 0},
	{"8-bit phrase", "J\xf6rg <a@b.c>", ADDRESS_OK, "J\xf6rg<a@b.c>", 0},
	{"group", "x: a@b.c, D <d@e.f>;", ADDRESS_OK, "<a@b.c>gD<d@e.f>g", 0},
	{"empty group", "undisclosed recipients: ;", ADDRESS_OK, "", 0},
	{"group and more", "x:a@b.c;, d@e.f", ADDRESS_OK, "<a@b.c>g<d@e.f>", 0},
	{"obs-route (a16)", "<@attack.com,@any.com:admin@legitimate.com>",
	 ADDRESS_OK, "<admin@legitimate.com>r", 0},
	{"two mailboxes (a14)", " <first@attack.com>, <admin@legitimate.com>",
	 ADDRESS_OK, "<first@attack.com><admin@legitimate.com>", 0},
	{"bare and angle (a18)", "admin@legitimate.com,<second@attack.com>",
	 ADDRESS_OK, "<admin@legitimate.com><second@attack.com>", 0},
	{"encoded-word with an address (a15)",
	 "=?utf-8?B?PGFkbWluQGxlZ2l0aW1hdGUuY29tPg==?=,<second@attack.com>",
	 ADDRESS_NO_AT, NULL, 44},
	{"encoded-word alone (b2)",
	 "=?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=", ADDRESS_NO_AT, NULL, 40},
	{"backslash outside quotes (a17)",
	 "<admin@legitimate.com>\\,<second@attack.com>", ADDRESS_TEXT_AFTER,
	 NULL, 22},
	{"text after an angle (a19)", "<any@attack.com>admin@legitimate.com",
	 ADDRESS_TEXT_AFTER, NULL, 16},
	{"quoted, then bare", "\"Joe <joe@joe.com>\" joe@joe.com",
	 ADDRESS_BAD_LOCAL, NULL, 23},
	{"brackets in brackets", "<<<><joe@joe.com>>>", ADDRESS_BAD_LOCAL, NULL,
	 1},
	{"address for a phrase", "a@b.c <d@e.f>", ADDRESS_TEXT_AFTER, NULL, 6},
	{"empty", "", ADDRESS_EMPTY, NULL, 0},
	{"white space", " \r\n\t", ADDRESS_EMPTY, NULL, 4},
	{"a comment alone", "(x)", ADDRESS_EMPTY, NULL, 3},
	{"empty angle", "<>", ADDRESS_EMPTY, NULL, 1},
	{"no domain", "<test@>", ADDRESS_BAD_DOMAIN, NULL, 6},
	{"no address", "Joe", ADDRESS_NO_AT, NULL, 3},
	{"trailing comma", "a@b.c,", ADDRESS_EMPTY_MEMBER, NULL, 6},
	{"leading comma", ",a@b.c", ADDRESS_EMPTY_MEMBER, NULL, 0},
	{"two commas", "a@b.c,,d@e.f", ADDRESS_EMPTY_MEMBER, NULL, 6},
	{"semicolon", "a@b.c; d@e.f", ADDRESS_TEXT_AFTER, NULL, 5},
	{"group not closed", "x: a@b.c", ADDRESS_BAD_GROUP, NULL, 8},
	{"colon in a phrase", "Mail From:<joe@joe.com>", ADDRESS_BAD_GROUP,
	 NULL, 23},
	{"group in a group", "x: y: a@b.c;;", ADDRESS_BAD_GROUP, NULL, 4},
	{"comment not closed", "a@b.c (x", ADDRESS_BAD_COMMENT, NULL, 8},
	{"quote not closed", "\"x <a@b.c>", ADDRESS_BAD_QUOTE, NULL, 10},
	{"angle not closed", "<a@b.c", ADDRESS_BAD_ANGLE, NULL, 6},
	{"control character", "\1a@b.c", ADDRESS_BAD_CHARACTER, NULL, 0},
	{"spaces around a dot", "a . b@c.d", ADDRESS_BAD_LOCAL, NULL, 5},
	{"literal in From", "a@[127.0.0.1]", ADDRESS_LITERAL, NULL, 2},
	{"U+2000 in the domain (b1)", "<admin@legitimate.com\xe2\x80\x80>",
	 ADDRESS_BAD_DOMAIN, NULL, 24},
	{"U+200B in the domain (b1)",
	 "<a@b.\xe2\x80\x8b"
	 "c>",
	 ADDRESS_BAD_DOMAIN, NULL, 9},
	{"U+00AD in the domain (b1)",
	 "<a@b.\xc2\xad"
	 "cd>",
	 ADDRESS_BAD_DOMAIN, NULL, 9},
	{"U+3002 for a dot (b1)",
	 "<a@b.c\xe3\x80\x82"
	 "d>",
	 ADDRESS_BAD_DOMAIN, NULL, 10},
	{"fullwidth dot (b1)",
	 "<a@b.c\xef\xbc\x8e"
	 "d>",
	 ADDRESS_BAD_DOMAIN, NULL, 10},
	{"U-labels in a list", "<a@m\xc3\xb8x.example>", ADDRESS_OK,
	 "<a@m\xc3\xb8x.example>", 0},
	{"Latin-1 in the domain", "<a@b\xfc.c>", ADDRESS_BAD_UTF8, NULL, 7},
};

static void
test_list(void **state)
{
	const struct list_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct address_list got;
	size_t offset = 0;

	assert_int_equal(
		address_list_parse(span_of(row->text), &arena, &got, &offset),
		row->status);
	assert_int_equal(offset, row->offset);
	if (row->status != ADDRESS_OK)
		return;
	for (size_t i = 0; i < got.len; i++) {
		const struct mailbox *box = &got.mailbox[i];

		buf_add(&b, box->display);
		buf_addf(&b, "<%s>%s%s%s", box->address.text,
			 box->route ? "r" : "", box->comment ? "c" : "",
			 box->group ? "g" : "");
	}
	assert_span(buf_span(&b), row->want);
}

static void
test_limits(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 23);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
	struct address_list got;
	size_t offset;

	(void)state;
	buf_adds(&b, "a@b.c");
	for (size_t i = 1; i < ADDRESS_LIST_MAX; i++)
		buf_adds(&b, ",a@b.c");
	assert_int_equal(
		address_list_parse(buf_span(&b), &arena, &got, &offset),
		ADDRESS_OK);
	assert_int_equal(got.len, ADDRESS_LIST_MAX);
	buf_adds(&b, ",a@b.c");
	assert_int_equal(
		address_list_parse(buf_span(&b), &arena, &got, &offset),
		ADDRESS_TOO_MANY);
	buf_clear(&b);
	for (size_t i = 0; i < 100000; i++)
		buf_addc(&b, '(');
	assert_int_equal(
		address_list_parse(buf_span(&b), &arena, &got, &offset),
		ADDRESS_BAD_COMMENT);
	assert_int_equal(offset, ADDRESS_NEST_MAX + 1);
}

/* U-labels cost IDNA: only so many domains, but one domain over and over. */
static void
test_idn_limit(void **state)
{
	struct buf text = BUF_INIT(1 << 20);
	struct address_list got;
	size_t at;

	(void)state;
	for (int limit = 0; limit < 3; limit++) {
		struct arena arena = ARENA_INIT(1 << 20);
		int many = ADDRESS_IDN_MAX + (limit == 1);

		buf_clear(&text);
		for (int i = 0; i < (limit == 2 ? 500 : many); i++)
			buf_addf(&text, "%sa@b\xc3\xbc%d.example",
				 i > 0 ? "," : "", limit == 2 ? 0 : i);
		assert_int_equal(
			address_list_parse(buf_span(&text), &arena, &got, &at),
			limit == 1 ? ADDRESS_TOO_MANY : ADDRESS_OK);
		arena_release(&arena);
	}
	buf_release(&text);
}

int
main(void)
{
	UNIT_ROWS(test_bare, bare);
	UNIT_ROWS(test_list, list);
	UNIT(test_idn_limit);
	UNIT(test_limits);
	return unit_run("text/address");
}

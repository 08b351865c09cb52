/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/author.h"

#include "corpus.h"

static const struct row {
	const char *name;
	const char *header; /* without the empty line at its end */
	enum author_status status;
	const char *want; /* the domain, or the fault's clause */
} rows[] = {
	{"RFC 5322 s3.4.1: an addr-spec", "From: a@b.example\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 5322 s3.4: a display name and an angle-addr",
	 "From: Mr. X <a@b.example>\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s3.4: the display name is no address",
	 "From: \"x@other.example\" <a@b.example>\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s3.2.2: nor is a comment",
	 "From: (<x@other.example>) a@b.example (y@other.example)\r\n",
	 AUTHOR_OK, "b.example"},
	{"RFC 5322 s3.2.2: comments in comments",
	 "From: <a@b.example> (one (two \\) x@y.example))\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 5322 s3.2.4: a quoted local part",
	 "From: \"a@other.example\"@b.example\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s3.2.4: quoted pairs in it",
	 "From: \"a\\\"@other.example\"@b.example\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s2.2.3: folds between tokens",
	 "From: X\r\n <a@b.example>\r\n (y)\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s3.2.3: white space inside the brackets",
	 "From: < a@b.example >\r\n", AUTHOR_OK, "b.example"},
	{"RFC 5322 s4.4: a source route is ignored",
	 "From: <@x.example,@y.example:a@b.example>\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 4343: case does not matter", "From: a@B.EXAMPLE\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 5322 s3.6.2: several mailboxes of one domain",
	 "From: a@b.example, C <c@B.example>\r\nSender: a@b.example\r\n",
	 AUTHOR_OK, "b.example"},
	{"RFC 9989 s5.3.1: several domains",
	 "From: a@b.example, c@d.example\r\n", AUTHOR_DOMAINS,
	 "From has mailboxes of different domains"},
	{"RFC 9989 s5.3.1: a subdomain is another domain",
	 "From: a@b.example, c@d.b.example\r\n", AUTHOR_DOMAINS,
	 "From has mailboxes of different domains"},
	{"RFC 6854 s2: a group of one", "From: G: a@b.example;\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 6854 s2: groups and mailboxes of one domain",
	 "From: G: a@b.example, <c@b.example>;, e@b.example\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 6854 s2: a group of two domains",
	 "From: G: a@b.example, c@d.example;\r\n", AUTHOR_DOMAINS,
	 "From has mailboxes of different domains"},
	{"RFC 6854 s2: an empty group", "From: Undisclosed:;\r\n",
	 AUTHOR_NOBODY, "From names no mailbox"},
	{"RFC 6854 s2: an empty group with a comment",
	 "From: a@b.example.group: (c@d.example) ;\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 6854: a group is not closed", "From: G: a@b.example\r\n",
	 AUTHOR_ADDRESS, "a group is malformed"},
	{"RFC 5322 s3.6.2: no From", "To: a@b.example\r\n", AUTHOR_NO_FROM,
	 "there is no From field"},
	{"RFC 5322 s3.6: two From fields",
	 "From: a@b.example\r\nFrom: a@b.example\r\n", AUTHOR_FIELDS,
	 "there is more than one From field"},
	{"RFC 5322 s3.6: two in other letters",
	 "From: a@b.example\r\nTo: x\r\nfROM : a@b.example\r\n", AUTHOR_FIELDS,
	 NULL},
	{"RFC 9989 s4.4: a malformed header has no author",
	 "From: a@b.example\r\nnonsense\r\n", AUTHOR_HEADER, NULL},
	{"RFC 9989 s4.4: a NUL in another field",
	 "From: a@b.example\r\nX: y\r\r\n", AUTHOR_HEADER, NULL},
	{"RFC 5322 s3.6.2: an empty From", "From: \r\n", AUTHOR_ADDRESS,
	 "there is no address"},
	{"RFC 5322 s3.4.1: nothing behind @", "From: <a@>\r\n", AUTHOR_ADDRESS,
	 "what follows \"@\" is no domain name"},
	{"RFC 5322 s3.4: text before an address without brackets",
	 "From: X a@b.example\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 5322 s3.4: two angle-addrs",
	 "From: <a@b.example> <c@d.example>\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 5322 s3.4: brackets in brackets",
	 "From: <c@d.example <a@b.example>>\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 5322 s3.4.1: two @", "From: a@c.example@b.example\r\n",
	 AUTHOR_ADDRESS, NULL},
	{"RFC 5322 s3.2.4: a quote is not closed",
	 "From: \"X <a@b.example>\r\n", AUTHOR_ADDRESS,
	 "a quoted string is malformed"},
	{"RFC 5322 s3.2.2: a comment is not closed", "From: a@b.example (x\r\n",
	 AUTHOR_ADDRESS, "a comment is malformed"},
	{"RFC 5322 s4.4: an empty member of a list is refused",
	 "From: a@b.example,, c@b.example\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 5322 s4.4: a comment within a domain is refused",
	 "From: a@b(x).example\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 5321 s4.1.3: an address literal has no domain",
	 "From: a@[192.0.2.1]\r\n", AUTHOR_ADDRESS,
	 "an IP address stands for the domain"},
	{"RFC 5321 s2.3.5: one label", "From: root@localhost\r\n",
	 AUTHOR_DOMAIN, "a mail domain has at least two labels"},
	{"RFC 5321 s2.3.5: an underscore", "From: a@b_c.example\r\n",
	 AUTHOR_DOMAIN, "a mail domain has no underscore"},
	{"RFC 2047 s5: an encoded-word is no address",
	 "From: =?utf-8?q?a=40b=2Eexample?=\r\n", AUTHOR_ADDRESS, NULL},
	{"RFC 2047 s5: one as a display name",
	 "From: =?utf-8?q?=3Cx=40other=2Eexample=3E?= <a@b.example>\r\n",
	 AUTHOR_OK, "b.example"},
	{"RFC 2047 s5: one that looks like a local part",
	 "From: =?utf-8?q?x=40other=2Eexample?=@b.example\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 6532: UTF-8 in the local part and the name",
	 "From: J\xc3\xbcrgen <j\xc3\xbcrgen@b.example>\r\n", AUTHOR_OK,
	 "b.example"},
	{"RFC 9989 s5.3.1: a U-label becomes an A-label",
	 "From: a@b\xc3\xbc"
	 "cher.example\r\n",
	 AUTHOR_OK, "xn--bcher-kva.example"},
	{"RFC 9989 s5.3.1: U-label and A-label are one domain",
	 "From: a@b\xc3\xbc"
	 "cher.example, c@xn--bcher-kva.example\r\n",
	 AUTHOR_OK, "xn--bcher-kva.example"},
	{"RFC 5890 s2.3.2.1: an A-label that is none",
	 "From: a@xn--zz.example\r\n", AUTHOR_DOMAIN, NULL},
	{"RFC 6532: octets that are no UTF-8", "From: a\xff@b.example\r\n",
	 AUTHOR_ADDRESS, NULL},
};

static void
read_header(const char *text, struct arena *arena, struct author *ret)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT(4096);
	struct header_block block;
	enum header_status status;
	size_t offset;

	buf_adds(&message, text);
	buf_adds(&message, "\r\n");
	status = header_parse(arena_copy(arena, buf_span(&message)), arena,
			      &block, &offset);
	author_read(&block, status, arena, ret);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(1 << 20);
	struct author got;

	read_header(row->header, &arena, &got);
	if (got.status != row->status)
		fail_msg("%d: %s", got.status, author_fault(&got));
	if (row->status == AUTHOR_OK)
		assert_span(domain_span(&got.domain), row->want);
	else if (row->want != NULL)
		assert_string_equal(author_fault(&got), row->want);
	else
		assert_true(strlen(author_fault(&got)) > 0);
	arena_release(&arena);
}

static void
test_members(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct author got;

	(void)state;
	read_header("From: G:\r\n \"A B\" <@r.example:a@b.example>, "
		    "c@b.example;\r\n",
		    &arena, &got);
	assert_int_equal(got.status, AUTHOR_OK);
	assert_int_equal(got.fields, 1);
	assert_int_equal(got.mailboxes, 2);
	assert_int_equal(got.groups, 1);
	assert_true(got.route);
	assert_string_equal(author_fault(&got), "there is one author domain");
	assert_span(got.raw, "G: \"A B\" <@r.example:a@b.example>, "
			     "c@b.example;");
	assert_span(got.address, "a@b.example");
	assert_span(got.display, "A B");
	read_header("From: a@b.example, c@d.example\r\n", &arena, &got);
	assert_span(got.other, "d.example");
	read_header("From: a@b.example, <c\r\n", &arena, &got);
	assert_int_equal(got.address_status, ADDRESS_BAD_LOCAL);
	assert_true(got.offset > strlen("a@b.example"));
	read_header("From: a@b.example\r\nFrom: c@d.example\r\n", &arena, &got);
	assert_int_equal(got.fields, 2);
	assert_span(got.raw, "a@b.example");
	assert_false(got.route);
	arena_release(&arena);
}

/* M7: none of several From fields, or of a broken one, is believed. */
static void
test_full(void **state)
{
	struct arena arena = ARENA_INIT(64);
	struct author got;

	(void)state;
	author_read_value(SPAN("a@b.example"), &arena, &got);
	assert_int_equal(got.status, AUTHOR_NO_MEMORY);
	assert_string_equal(author_fault(&got), "From is too big to be read");
	arena_release(&arena);
}

static bool
corpus_agrees(const json_t *one)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf header = BUF_INIT(4096);
	struct span want = corpus_member(one, "expect");
	struct span text = corpus_member(one, "headers");
	struct author got;

	if (text.len == 0) {
		author_read_value(corpus_member(one, "header_from"), &arena,
				  &got);
	} else {
		while (text.len > 0) {
			buf_add(&header, span_cut(&text, '\n'));
			buf_adds(&header, "\r\n");
		}
		read_header(header.ptr, &arena, &got);
	}
	if (want.len == 0)
		return got.status != AUTHOR_OK;
	return got.status == AUTHOR_OK &&
	       span_equal(domain_span(&got.domain), want);
}

static void
test_corpus(void **state)
{
	json_t *json = corpus_json("dmarc/from-domain.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one) bad +=
		corpus_row("from-domain.json", corpus_member(one, "id"),
			   corpus_agrees(one));
	print_message("from-domain.json: %zu rows\n", i);
	json_decref(json);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_members);
	UNIT(test_full);
	UNIT(test_corpus);
	return unit_run("mailauth/author");
}

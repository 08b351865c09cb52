/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/authorise.h"

#include <stdio.h>

#include "base/buf.h"
#include "unit.h"

static const struct names_row {
	const char *name;
	const char *address;
	const char *want; /* the names, a space between */
} names[] = {
	{"address, domain, parents", "joe@a.b.example.com",
	 "joe@a.b.example.com a.b.example.com b.example.com example.com"},
	{"a label inherits", "joe+x+y@example.com",
	 "joe+x+y@example.com joe@example.com example.com"},
	{"a plus first is no label", "+x@example.com",
	 "+x@example.com example.com"},
	{"a quoted local part", "\"a b+c\"@example.com",
	 "\"a b+c\"@example.com example.com"},
	{"case of the domain does not count", "Joe@EXAMPLE.Com",
	 "Joe@example.com example.com"},
	{"U-labels", "joe@m\xc3\xb8x.example",
	 "joe@xn--mx-lka.example xn--mx-lka.example"},
	{"a TLD is nobody's", "joe@localhost", ""},
	{"many labels", "j@a.b.c.d.e.f.g.h.i.k.l.m.n.example.com",
	 "j@a.b.c.d.e.f.g.h.i.k.l.m.n.example.com "
	 "a.b.c.d.e.f.g.h.i.k.l.m.n.example.com "
	 "b.c.d.e.f.g.h.i.k.l.m.n.example.com "
	 "c.d.e.f.g.h.i.k.l.m.n.example.com d.e.f.g.h.i.k.l.m.n.example.com "
	 "e.f.g.h.i.k.l.m.n.example.com f.g.h.i.k.l.m.n.example.com "
	 "g.h.i.k.l.m.n.example.com h.i.k.l.m.n.example.com "
	 "i.k.l.m.n.example.com k.l.m.n.example.com l.m.n.example.com"},
};

static void
test_names(void **state)
{
	const struct names_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(8192);
	struct authorise_names got;
	struct address a;

	assert_int_equal(address_parse(span_of(row->address), &a), ADDRESS_OK);
	assert_int_equal(authorise_names(&a, &got), row->want[0] != '\0');
	for (size_t i = 0; i < got.len; i++)
		buf_addf(&b, "%s%s", i > 0 ? " " : "", got.name[i]);
	assert_span(buf_span(&b), row->want);
}

/*
 * Makes an identity of "name verification dkim signing mail-from status
 * behaviour": a letter each for N P S F T; mail-from "-" for none; "D" or "R".
 */
static enum ses_status
status_of(char c)
{
	return c == 'S'   ? SES_SUCCESS
	       : c == 'T' ? SES_TEMPORARY_FAILURE
	       : c == 'F' ? SES_FAILED
	       : c == 'P' ? SES_PENDING
			  : SES_NOT_STARTED;
}

static void
make(struct span text, struct identity *ret)
{
	struct span part[6];

	for (size_t i = 0; i < COUNT(part); i++)
		part[i] = span_cut(&text, ' ');
	*ret = (struct identity){.id = 1};
	snprintf(ret->name, sizeof(ret->name), SPAN_FMT, SPAN_ARG(part[0]));
	ret->type = span_find(part[0], '@') != SPAN_NONE ? SES_EMAIL_ADDRESS
							 : SES_DOMAIN;
	ret->verification.status = status_of(part[1].ptr[0]);
	ret->dkim.status = status_of(part[2].ptr[0]);
	ret->signing_enabled = part[2].len == 1;
	if (!span_equal(part[3], SPAN("-")))
		snprintf(ret->mail_from, sizeof(ret->mail_from), SPAN_FMT,
			 SPAN_ARG(part[3]));
	ret->mail_from_standing.status = status_of(part[4].ptr[0]);
	ret->on_mx_failure = part[5].ptr[0] == 'R' ? SES_REJECT_MESSAGE
						   : SES_USE_DEFAULT_VALUE;
}

static const struct sender_row {
	const char *name;
	const char *from;
	const char *identities; /* as make() has them, "|" between */
	enum error_code code;
	const char *identity;  /* that lets it send */
	const char *dkim;      /* that signs, or "-" */
	const char *mail_from; /* domain, or "-" */
	bool fell_back;
} senders[] = {
	{"a domain", "joe@example.com", "example.com S S - N D", ERROR_NONE,
	 "example.com", "example.com", "-", false},
	{"a subdomain of it", "joe@a.b.example.com", "example.com S S - N D",
	 ERROR_NONE, "example.com", "example.com", "-", false},
	{"an address", "joe@example.com", "joe@example.com S N - N D",
	 ERROR_NONE, "joe@example.com", "-", "-", false},
	{"a label of an address", "joe+x@example.com",
	 "joe@example.com S N - N D", ERROR_NONE, "joe@example.com", "-", "-",
	 false},
	{"an address has a case", "Joe@example.com",
	 "joe@example.com S N - N D", ERROR_MESSAGE_REJECTED, NULL, NULL, NULL,
	 false},
	{"a domain has none", "joe@Example.COM", "example.com S S - N D",
	 ERROR_NONE, "example.com", "example.com", "-", false},
	{"the most specific first", "joe@a.example.com",
	 "example.com S S m.example.com S D|a.example.com S S m.a.example.com "
	 "S D",
	 ERROR_NONE, "a.example.com", "a.example.com", "m.a.example.com",
	 false},
	{"an address under its domain is signed with the domain's key",
	 "joe@example.com",
	 "joe@example.com S N - N D|example.com S S m.example.com S D",
	 ERROR_NONE, "joe@example.com", "example.com", "m.example.com", false},
	{"an address with a MAIL FROM of its own", "joe@example.com",
	 "joe@example.com S N x.example.com S D|example.com S S m.example.com "
	 "S D",
	 ERROR_NONE, "joe@example.com", "example.com", "x.example.com", false},
	{"a domain is not in need of its parent's MAIL FROM",
	 "joe@a.example.com",
	 "a.example.com S S - N D|example.com S S m.example.com S D",
	 ERROR_NONE, "a.example.com", "a.example.com", "-", false},
	{"one that waits does not stand in the way", "joe@example.com",
	 "joe@example.com P N - N D|example.com S S - N D", ERROR_NONE,
	 "example.com", "example.com", "-", false},
	{"TEMPORARY_FAILURE may send", "joe@example.com",
	 "example.com T T - N D", ERROR_NONE, "example.com", "example.com", "-",
	 false},
	{"PENDING may not", "joe@example.com", "example.com P S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"NOT_STARTED may not", "joe@example.com", "example.com N S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"FAILED may not", "joe@example.com", "example.com F S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"none at all", "joe@example.com", "", ERROR_MESSAGE_REJECTED, NULL,
	 NULL, NULL, false},
	{"another domain", "joe@example.org", "example.com S S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"a domain that only ends so", "joe@badexample.com",
	 "example.com S S - N D", ERROR_MESSAGE_REJECTED, NULL, NULL, NULL,
	 false},
	{"a parent of it", "joe@example.com", "a.example.com S S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"client_a3: another address of the domain", "admin@example.com",
	 "attacker@example.com S N - N D", ERROR_MESSAGE_REJECTED, NULL, NULL,
	 NULL, false},
	{"client_a3: allowed if the domain is", "admin@example.com",
	 "attacker@example.com S N - N D|example.com S S - N D", ERROR_NONE,
	 "example.com", "example.com", "-", false},
	{"a quoted local part with another address",
	 "\"a@legit.com\"@tenant.com", "legit.com S S - N D",
	 ERROR_MESSAGE_REJECTED, NULL, NULL, NULL, false},
	{"DKIM pending: unsigned", "joe@example.com", "example.com S P - N D",
	 ERROR_NONE, "example.com", "-", "-", false},
	{"DKIM failed: unsigned", "joe@example.com", "example.com S F - N D",
	 ERROR_NONE, "example.com", "-", "-", false},
	{"signing turned off: unsigned", "joe@example.com",
	 "example.com S S! - N D", ERROR_NONE, "example.com", "-", "-", false},
	{"MAIL FROM of its own", "joe@example.com",
	 "example.com S S m.example.com S R", ERROR_NONE, "example.com",
	 "example.com", "m.example.com", false},
	{"MAIL FROM pending falls back", "joe@example.com",
	 "example.com S S m.example.com P D", ERROR_NONE, "example.com",
	 "example.com", "-", true},
	{"MAIL FROM lost falls back", "joe@example.com",
	 "example.com S S m.example.com T D", ERROR_NONE, "example.com",
	 "example.com", "-", true},
	{"MAIL FROM failed falls back", "joe@example.com",
	 "example.com S S m.example.com F D", ERROR_NONE, "example.com",
	 "example.com", "-", true},
	{"MAIL FROM pending rejects", "joe@example.com",
	 "example.com S S m.example.com P R", ERROR_MAIL_FROM, NULL, NULL, NULL,
	 false},
	{"MAIL FROM lost rejects", "joe@example.com",
	 "example.com S S m.example.com T R", ERROR_MAIL_FROM, NULL, NULL, NULL,
	 false},
	{"MAIL FROM failed rejects", "joe@example.com",
	 "example.com S S m.example.com F R", ERROR_MAIL_FROM, NULL, NULL, NULL,
	 false},
	{"no MAIL FROM does not reject", "joe@example.com",
	 "example.com S S - N R", ERROR_NONE, "example.com", "example.com", "-",
	 false},
};

static void
test_sender(void **state)
{
	const struct sender_row *row = *state;
	static struct identity found[4];
	struct span rest = span_of(row->identities);
	struct error error = {.code = ERROR_NONE};
	char envelope[STORE_NAME_SIZE], want[STORE_NAME_SIZE];
	struct sender sender;
	struct address from;
	size_t len = 0;
	bool done;

	while (rest.len > 0)
		make(span_cut(&rest, '|'), &found[len++]);
	assert_int_equal(address_parse(span_of(row->from), &from), ADDRESS_OK);
	done = authorise_sender(&from, found, len, SPAN("eu-west-2"), &sender,
				&error);
	assert_int_equal(error.code, row->code);
	assert_int_equal(done, row->code == ERROR_NONE);
	if (!done)
		return;
	assert_string_equal(sender.identity->name, row->identity);
	assert_string_equal(sender.dkim != NULL ? sender.dkim->name : "-",
			    row->dkim);
	assert_string_equal(
		sender.mail_from != NULL ? sender.mail_from->mail_from : "-",
		row->mail_from);
	assert_int_equal(sender.fell_back, row->fell_back);
	assert_int_equal(sender.fallen != NULL, row->fell_back);
	authorise_envelope(&sender, SPAN("id"), SPAN("eu.mail.example"),
			   envelope);
	snprintf(want, sizeof(want), "id@%s",
		 sender.mail_from != NULL ? row->mail_from : "eu.mail.example");
	assert_string_equal(envelope, want);
}

/* SES's words, for one and for several. */
static void
test_words(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 16);
	struct address_list list;
	struct identity found;
	struct sender sender;
	struct error error;
	struct address from;
	size_t offset;

	(void)state;
	make(SPAN("example.com S S - N D"), &found);
	assert_int_equal(address_parse(SPAN("a@x"), &from), ADDRESS_OK);
	assert_false(authorise_sender(&from, NULL, 0, SPAN("us-east-1"),
				      &sender, &error));
	assert_string_equal(error.text,
			    "Email address is not verified. The following "
			    "identities failed the check in region US-EAST-1: "
			    "a@x");
	assert_int_equal(address_list_parse(SPAN("a@b.c, d@example.com, e@f.g"),
					    &arena, &list, &offset),
			 ADDRESS_OK);
	assert_false(
		authorise_list(&list, &found, 1, SPAN("us-east-1"), &error));
	assert_int_equal(error.code, ERROR_MESSAGE_REJECTED);
	assert_string_equal(error.text,
			    "Email address is not verified. The following "
			    "identities failed the check in region US-EAST-1: "
			    "a@b.c, e@f.g");
	list.len = 0;
	assert_true(
		authorise_list(&list, &found, 1, SPAN("us-east-1"), &error));
}

int
main(void)
{
	UNIT_ROWS(test_names, names);
	UNIT_ROWS(test_sender, senders);
	UNIT(test_words);
	return unit_run("sending/authorise");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"

#include "unit.h"

#define H   INT64_C(3600000)
#define NOW INT64_C(1800000000000)

static const uint8_t entropy[IDENTITY_ENTROPY] =
	"foobafoobafoobafooba\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	"\xff\xff";

static struct identity_ask
ask(const char *name)
{
	return (struct identity_ask){
		.account = SPAN("123456789012"),
		.name = span_of(name),
		.configuration_set = SPAN("set"),
		.selector = SPAN(""),
		.entropy = entropy,
	};
}

static struct identity
make(const char *name)
{
	struct identity_ask a = ask(name);
	struct identity identity;
	struct error error;

	assert_true(identity_create(&a, NOW, &identity, &error));
	return identity;
}

/* A domain that was verified long ago. */
static struct identity
verified(void)
{
	struct identity identity = make("example.org");

	identity.verification.status = SES_SUCCESS;
	identity.dkim.status = SES_SUCCESS;
	identity.next_check = NOW + 6 * H;
	return identity;
}

static void
test_create(void **state)
{
	struct identity identity = make("example.org");

	(void)state;
	assert_string_equal(identity.account, "123456789012");
	assert_string_equal(identity.name, "example.org");
	assert_string_equal(identity.configuration_set, "set");
	assert_int_equal(identity.type, SES_DOMAIN);
	assert_int_equal(identity.verification.status, SES_NOT_STARTED);
	assert_int_equal(identity.dkim.status, SES_NOT_STARTED);
	assert_int_equal(identity.mail_from_standing.status, SES_NOT_STARTED);
	assert_int_equal(identity.on_mx_failure, SES_USE_DEFAULT_VALUE);
	assert_true(identity.signing_enabled);
	assert_int_equal(identity.origin, SES_ORIGIN_AWS_SES);
	assert_int_equal(identity.next_length, SES_RSA_2048_BIT);
	assert_int_equal(identity.current_length, 0);
	assert_string_equal(identity.token[0],
			    "mzxw6ytbmzxw6ytbmzxw6ytbmzxw6ytb");
	assert_string_equal(identity.token[1],
			    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	assert_int_equal(identity.created, NOW);
	assert_int_equal(identity.check_from, NOW);
	assert_int_equal(identity.next_check, NOW);
	assert_false(identity_may_send(&identity));
	assert_false(identity_signs(&identity));
}

static void
test_create_address(void **state)
{
	struct identity_ask a = ask("a@example.org");
	struct identity identity = make("a@example.org");
	struct span selector[STORE_TOKENS];
	struct error error;

	(void)state;
	assert_int_equal(identity.type, SES_EMAIL_ADDRESS);
	assert_int_equal(identity.next_length, SES_RSA_1024_BIT);
	assert_false(identity.signing_enabled);
	assert_int_equal(identity_selectors(&identity, selector), 0);
	a.length = SES_RSA_2048_BIT;
	assert_false(identity_create(&a, NOW, &identity, &error));
	assert_string_equal(error.text,
			    "The EmailIdentity value must be a valid domain.");
}

static void
test_create_byodkim(void **state)
{
	struct identity_ask a = ask("example.org");
	struct identity identity;
	struct span selector[STORE_TOKENS];
	struct error error;

	(void)state;
	a.selector = SPAN("Key-1");
	a.key_bits = 1536;
	assert_true(identity_create(&a, NOW, &identity, &error));
	assert_int_equal(identity.origin, SES_ORIGIN_EXTERNAL);
	assert_int_equal(identity.current_length, 1536);
	assert_int_equal(identity_selectors(&identity, selector), 1);
	assert_span(selector[0], "key-1");
}

static const struct selector_row {
	const char *name;
	const char *selector;
} selectors[] = {
	{"empty", ""},
	{"a dot", "a.b"},
	{"an underscore", "a_b"},
	{"a hyphen first", "-a"},
	{"a hyphen last", "a-"},
	{"64 letters", "abcdefghabcdefghabcdefghabcdefgh"
		       "abcdefghabcdefghabcdefghabcdefgh"},
};

static void
test_bad_selector(void **state)
{
	const struct selector_row *row = *state;
	struct identity identity = verified(), before = identity;
	struct lifecycle_events events = {.len = 0};
	struct error error;

	assert_false(identity_put_byodkim(&identity, span_of(row->selector),
					  2048, NOW, &events, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	assert_memory_equal(&identity, &before, sizeof(identity));
}

/* Changing the key touches DKIM only. */
static void
test_put_byodkim(void **state)
{
	struct identity identity = verified();
	struct lifecycle_events events = {.len = 0};
	struct error error;

	(void)state;
	assert_true(identity_put_byodkim(&identity, SPAN("s1"), 2048, NOW + H,
					 &events, &error));
	assert_int_equal(identity.verification.status, SES_SUCCESS);
	assert_int_equal(identity.dkim.status, SES_PENDING);
	assert_int_equal(identity.dkim.since, NOW + H);
	assert_int_equal(identity.check_from, NOW + H);
	assert_int_equal(identity.next_check, NOW + H);
	assert_string_equal(identity.token[0], "s1");
	assert_string_equal(identity.token[1], "");
	assert_int_equal(events.len, 1);

	/* and back, with tokens that nobody had */
	assert_true(identity_put_easy(&identity, 0, entropy, NOW + 2 * H,
				      &events, &error));
	assert_int_equal(identity.origin, SES_ORIGIN_AWS_SES);
	assert_string_equal(identity.token[1],
			    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	assert_int_equal(identity.dkim.since, NOW + 2 * H);
	assert_int_equal(events.len, 2);
}

static const struct easy_row {
	const char *name;
	enum ses_status dkim;
	enum ses_status verification;
	enum ses_key_length had;
	int64_t changed; /* hours ago; 0: never */
	enum ses_key_length length;
	const char *error; /* begins so; "" if it is allowed */
	size_t events;     /* of the restart */
} easy[] = {
	{"another length", SES_SUCCESS, SES_SUCCESS, SES_RSA_1024_BIT, 0,
	 SES_RSA_2048_BIT, "", 0},
	{"no length", SES_SUCCESS, SES_SUCCESS, SES_RSA_2048_BIT, 0, 0,
	 "Signing key length parameter is null or empty", 0},
	{"no length, failed", SES_FAILED, SES_FAILED, SES_RSA_2048_BIT, 0, 0,
	 "Signing key length parameter is null or empty", 0},
	{"the same length", SES_SUCCESS, SES_SUCCESS, SES_RSA_2048_BIT, 0,
	 SES_RSA_2048_BIT, "The signing key length of example.org is", 0},
	{"the same length, pending", SES_PENDING, SES_SUCCESS, SES_RSA_2048_BIT,
	 0, SES_RSA_2048_BIT, "The signing key length of example.org is", 0},
	{"a restart", SES_FAILED, SES_FAILED, SES_RSA_2048_BIT, 0,
	 SES_RSA_2048_BIT, "", 2},
	{"a restart of DKIM", SES_FAILED, SES_SUCCESS, SES_RSA_2048_BIT, 0,
	 SES_RSA_2048_BIT, "", 1},
	{"a restart of the identity", SES_SUCCESS, SES_FAILED, SES_RSA_2048_BIT,
	 0, SES_RSA_2048_BIT, "", 1},
	{"a restart with another length", SES_FAILED, SES_FAILED,
	 SES_RSA_1024_BIT, 0, SES_RSA_2048_BIT, "", 2},
	{"a second change in a day", SES_SUCCESS, SES_SUCCESS, SES_RSA_1024_BIT,
	 23, SES_RSA_2048_BIT,
	 "The signing key length of example.org can be changed once", 0},
	{"a change a day later", SES_SUCCESS, SES_SUCCESS, SES_RSA_1024_BIT, 24,
	 SES_RSA_2048_BIT, "", 0},
	{"down to 1024 at any time", SES_SUCCESS, SES_SUCCESS, SES_RSA_2048_BIT,
	 1, SES_RSA_1024_BIT, "", 0},
};

static void
test_put_easy(void **state)
{
	const struct easy_row *row = *state;
	static const uint8_t other[IDENTITY_ENTROPY];
	struct identity identity = verified(), before;
	struct lifecycle_events events = {.len = 0};
	struct error error = {.text = ""};
	bool done;

	identity.dkim.status = row->dkim;
	identity.verification.status = row->verification;
	identity.next_length = row->had;
	identity.length_changed =
		row->changed != 0 ? NOW - row->changed * H : 0;
	before = identity;
	done = identity_put_easy(&identity, row->length, other, NOW, &events,
				 &error);
	assert_int_equal(done, row->error[0] == '\0');
	assert_true(span_starts(span_of(error.text), span_of(row->error)));
	assert_int_equal(events.len, row->events);
	/* "A change of key length or a restart keeps the tokens." */
	assert_memory_equal(identity.token, before.token,
			    sizeof(identity.token));
	if (!done) {
		assert_memory_equal(&identity, &before, sizeof(identity));
		return;
	}
	assert_int_equal(identity.next_length, row->length);
	assert_int_equal(identity.length_changed,
			 row->length != row->had ? NOW : before.length_changed);
	assert_int_equal(identity.dkim.status,
			 row->dkim == SES_FAILED ? SES_PENDING : row->dkim);
	assert_int_equal(identity.next_check,
			 row->events > 0 ? NOW : before.next_check);
}

static void
test_put_on_address(void **state)
{
	struct identity identity = make("a@example.org");
	struct lifecycle_events events = {.len = 0};
	struct error error;

	(void)state;
	assert_false(identity_put_easy(&identity, SES_RSA_2048_BIT, entropy,
				       NOW, &events, &error));
	assert_string_equal(error.text,
			    "The EmailIdentity value must be a valid domain.");
	assert_false(identity_put_byodkim(&identity, SPAN("s1"), 2048, NOW,
					  &events, &error));
	assert_string_equal(error.text,
			    "The EmailIdentity value must be a valid domain.");
}

static const struct mail_from_row {
	const char *name;
	const char *identity;
	const char *mail_from;
	bool want;
} mail_froms[] = {
	{"a subdomain", "example.org", "m.example.org", true},
	{"two below", "example.org", "a.b.example.org", true},
	{"of an address", "a@example.org", "m.example.org", true},
	{"the domain itself", "example.org", "example.org", false},
	{"another domain", "example.org", "m.example.com", false},
	{"its end alone", "example.org", "mexample.org", false},
	{"a dot alone", "example.org", ".example.org", false},
	{"above it", "m.example.org", "example.org", false},
};

static void
test_mail_from(void **state)
{
	const struct mail_from_row *row = *state;
	struct identity identity = make(row->identity), before = identity;
	struct lifecycle_events events = {.len = 0};
	struct error error;

	assert_int_equal(identity_put_mail_from(
				 &identity, span_of(row->mail_from),
				 SES_REJECT_MESSAGE, NOW + H, &events, &error),
			 row->want);
	if (!row->want) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(400);

		buf_addf(&text,
			 "Provided MAIL-FROM domain '%s' is not subdomain of "
			 "the domain of the identity '%s'",
			 row->mail_from, row->identity);
		assert_string_equal(error.text, text.ptr);
		assert_int_equal(error.code, ERROR_BAD_REQUEST);
		assert_memory_equal(&identity, &before, sizeof(identity));
		return;
	}
	assert_string_equal(identity.mail_from, row->mail_from);
	assert_int_equal(identity.mail_from_standing.status, SES_PENDING);
	assert_int_equal(identity.mail_from_standing.since, NOW + H);
	assert_int_equal(identity.on_mx_failure, SES_REJECT_MESSAGE);
	assert_int_equal(identity.next_check, NOW + H);
	assert_int_equal(events.len, 1);
}

static void
put_mail_from(struct identity *identity, const char *mail_from,
	      struct lifecycle_events *events)
{
	struct error error;

	assert_true(identity_put_mail_from(identity, span_of(mail_from),
					   SES_USE_DEFAULT_VALUE, NOW + H,
					   events, &error));
}

/* The same again changes the behaviour only, unless it had failed. */
static void
test_mail_from_again(void **state)
{
	struct identity identity = verified();
	struct lifecycle_events events = {.len = 0};

	(void)state;
	put_mail_from(&identity, "m.example.org", &events);
	identity.mail_from_standing.status = SES_SUCCESS;
	put_mail_from(&identity, "m.example.org", &events);
	assert_int_equal(identity.mail_from_standing.status, SES_SUCCESS);
	identity.mail_from_standing.status = SES_FAILED;
	put_mail_from(&identity, "m.example.org", &events);
	assert_int_equal(identity.mail_from_standing.status, SES_PENDING);
	identity.mail_from_standing.status = SES_SUCCESS;
	put_mail_from(&identity, "n.example.org", &events);
	assert_int_equal(identity.mail_from_standing.status, SES_PENDING);
	put_mail_from(&identity, "", &events);
	assert_string_equal(identity.mail_from, "");
	assert_int_equal(identity.mail_from_standing.status, SES_NOT_STARTED);
	assert_int_equal(events.len, 4);
	assert_int_equal(identity.dkim.status, SES_SUCCESS);
}

static const struct may_row {
	const char *name;
	enum ses_status status;
	bool want;
} may[] = {
	{"not started", SES_NOT_STARTED, false},
	{"pending", SES_PENDING, false},
	{"success", SES_SUCCESS, true},
	{"temporary failure", SES_TEMPORARY_FAILURE, true},
	{"failed", SES_FAILED, false},
};

static void
test_may(void **state)
{
	const struct may_row *row = *state;
	struct identity identity = verified();

	identity.verification.status = row->status;
	identity.dkim.status = SES_PENDING;
	assert_int_equal(identity_may_send(&identity), row->want);
	assert_false(identity_signs(&identity));
	identity.dkim.status = row->status;
	assert_int_equal(identity_signs(&identity), row->want);
	identity.signing_enabled = false;
	assert_false(identity_signs(&identity));
}

static const struct name_row {
	const char *name;
	const char *text;
	const char *want; /* NULL: it is refused */
} names[] = {
	{"a domain", "example.org", "example.org"},
	{"capitals and a dot", "EXAMPLE.Org.", "example.org"},
	{"U-labels",
	 "b\xc3\xbc"
	 "cher.example",
	 "xn--bcher-kva.example"},
	{"A-labels", "XN--bcher-KVA.example", "xn--bcher-kva.example"},
	{"an address keeps its case", "User@EXAMPLE.org", "User@example.org"},
	{"an address in a U-label",
	 "a@b\xc3\xbc"
	 "cher.example",
	 "a@xn--bcher-kva.example"},
	{"one label", "localhost", NULL},
	{"an underscore", "_domainkey.example.org", NULL},
	{"an address literal", "a@[192.0.2.1]", NULL},
	{"an IP address", "192.0.2.1", NULL},
	{"no local part", "@example.org", NULL},
	{"two at signs", "a@b@example.org", NULL},
	{"nothing", "", NULL},
	{"a line feed", "example.org\n", NULL},
	{"a wildcard", "*.example.org", NULL},
};

static void
test_name(void **state)
{
	const struct name_row *row = *state;
	char got[STORE_NAME_SIZE] = "";
	struct error error;

	assert_int_equal(identity_name(span_of(row->text), got, &error),
			 row->want != NULL);
	if (row->want != NULL)
		assert_string_equal(got, row->want);
	else
		assert_int_equal(error.code, ERROR_BAD_REQUEST);
}

int
main(void)
{
	UNIT_ROWS(test_name, names);
	UNIT(test_create);
	UNIT(test_create_address);
	UNIT(test_create_byodkim);
	UNIT_ROWS(test_bad_selector, selectors);
	UNIT(test_put_byodkim);
	UNIT_ROWS(test_put_easy, easy);
	UNIT(test_put_on_address);
	UNIT_ROWS(test_mail_from, mail_froms);
	UNIT(test_mail_from_again);
	UNIT_ROWS(test_may, may);
	return unit_run("identity/identity");
}

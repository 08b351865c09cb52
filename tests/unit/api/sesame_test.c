/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#define CREATE "POST /v2/email/identities"
#define OWN    "/sesame/v1"

static const struct step_row unseen[] = {
	{A, "GET " OWN "/identities/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{A, CREATE, "{\"EmailIdentity\":\"example.com\"}", 200, "{*"},
	{A, "PUT /v2/email/identities/example.com/mail-from",
	 "{\"MailFromDomain\":\"m.example.com\"}", 200, "{}"},
	{A, "GET " OWN "/identities/example.com", NULL, 200,
	 "{\"schema\":1,\"name\":\"example.com\",\"type\":\"DOMAIN\","
	 "\"account\":\"" A "\",\"created\":\"2026-11-23T17:31:42Z\",*"
	 "\"verified_for_sending\":false,\"done\":false,\"verification\":{"
	 "\"status\":\"PENDING\",*},\"dkim\":{\"status\":\"PENDING\",*},"
	 "\"mail_from\":{\"status\":\"PENDING\",*\"domain\":\"m.example.com\","
	 "\"on_mx_failure\":\"USE_DEFAULT_VALUE\"},\"last_checked\":null,"
	 "\"next_check\":\"2026-11-23T17:31:42Z\",\"steps\":[{*},{*},{*},{*},{*"
	 "}],\"signing_zone\":\"dkim.eu-west-2.mail.example\",*\"records\":[{"
	 "\"purpose\":\"dkim\",\"name\":\"*._domainkey.example.com\",*"
	 "\"value\":\"*.dkim.eu-west-2.mail.example\",*\"state\":\"not_asked\","
	 "*{\"purpose\":\"mail_from_mx\",*\"value\":"
	 "\"feedback-smtp.eu-west-2.mail.example\",*\"priority\":10,*],*"
	 "\"findings\":[]}"},
	{A, "POST " OWN "/identities/example.com/check", NULL, 200,
	 "{\"name\":\"example.com\",\"last_checked\":null,"
	 "\"next_check\":\"2026-11-23T17:31:42Z\"}"},
	{A, "POST " OWN "/identities/example.net/check", NULL, 404,
	 "NotFoundException: *"},
	{A, "GET " OWN "/events?identity=EXAMPLE.com", NULL, 200,
	 "{\"events\":[{\"id\":*,\"kind\":\"identity.created\",\"detail\":{}},{"
	 "*\"kind\":\"verification.status\",\"detail\":{\"from\":"
	 "\"NOT_STARTED\",\"to\":\"PENDING\",*},{*\"kind\":\"dkim.status\",*"
	 "\"next_after\":null}"},
	{A, "GET " OWN "/events?after=x", NULL, 400, "BadRequestException: *"},
	{A, "GET " OWN "/events?identity=..", NULL, 400,
	 "BadRequestException: *"},
	{A, "GET " OWN "/reports/none", NULL, 404,
	 "NotFoundException: The report does not exist."},
	{A, "POST " OWN "/identities/example.net/test", NULL, 404,
	 "NotFoundException: *"},
};

static void
test_unseen(void **state)
{
	(void)state;
	WORLD_STEPS(unseen);
}

/* What DNS showed: one record of the set right, one wrong, the rest absent. */
static void
see(const struct identity *identity)
{
	static struct observation seen;
	static struct record_set set;
	CLEANUP(buf_release) struct buf text = BUF_INIT(SEEN_MAX);
	CLEANUP(json_decrefp) json_t *json = NULL;
	json_t *findings = json_array_new(), *finding = json_object_new();
	char setting[SEEN_SETTING_SIZE];
	struct error error;

	assert_true(records_of(identity, &world.deployment.service, SPAN(""),
			       &set, &error));
	memset(&seen, 0, sizeof(seen));
	seen.set = &set;
	seen.len = set.len;
	seen.has_soa = true;
	seen.zone = SPAN("example.com");
	for (size_t i = 0; i < set.len; i++)
		seen.record[i] = (struct observed){
			.want = &set.record[i],
			.status = i == 0   ? OBSERVED_MATCH
				  : i == 1 ? OBSERVED_DIFFERENT
					   : OBSERVED_ABSENT,
			.found = i == 1 ? SPAN("x.example") : SPAN(""),
			.reason = i == 1 ? SPAN("it leads elsewhere")
					 : SPAN("nothing is there"),
		};
	seen.control.status = OBSERVED_DIFFERENT;
	seen.control.evidence = SPAN("evidence");
	seen.dkim = seen.control;
	seen.mail_from.evidence = SPAN("");
	seen.dmarc = (struct policy){
		.status = POLICY_FOUND,
		.name = SPAN("_dmarc.example.com"),
		.record = SPAN("v=DMARC1; p=none"),
		.policy = SPAN("none"),
	};
	json_puts(finding, "code", "cname.target_wrong");
	json_add(findings, finding);
	json = seen_write(&seen, T0 + 5000, findings);
	assert_true(json_format(json, &text));
	seen_setting(identity->id, setting);
	assert_true(store_setting_put(world.store, setting, buf_span(&text),
				      &error));
}

static void
test_seen(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(100000);
	struct identity identity;
	struct error error;

	(void)state;
	world_open();
	world_ask(A, CREATE, "{\"EmailIdentity\":\"example.com\"}", &got);
	assert_true(store_identity_get(world.store, A, "example.com", &identity,
				       &error));
	see(&identity);
	buf_clear(&got);
	assert_int_equal(
		world_ask(A, "GET " OWN "/identities/example.com", NULL, &got),
		200);
	if (!looks_like(got.ptr,
			"*\"steps\":[*\"dkim\",*\"wrong\",*\"operator\",*it "
			"leads elsewhere*\"dmarc\",*\"done\"*],*\"zone\":"
			"\"example.com\"*\"records\":[{*\"state\":\"match\",*},"
			"{*\"state\":\"different\",\"found\":\"x.example\","
			"\"reason\":\"it leads elsewhere\"},*\"absent\"*],*"
			"\"findings\":[{\"code\":\"cname.target_wrong\"}]}")) {
		fprintf(stderr, "%s\n", got.ptr);
		fail();
	}
	/* what is wanted now was not looked for then */
	world_ask(A, "PUT /v2/email/identities/example.com/mail-from",
		  "{\"MailFromDomain\":\"m.example.com\"}", &got);
	buf_clear(&got);
	world_ask(A, "GET " OWN "/identities/example.com", NULL, &got);
	assert_true(looks_like(got.ptr, "*\"match\"*\"mail_from_mx\",*"
					"\"state\":\"not_asked\"*"));
	world_close();
}

/* The message goes to an address that only this account can ask about. */
static void
test_report(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(100000);
	CLEANUP(buf_release) struct buf message = BUF_INIT(1000);
	CLEANUP(json_decrefp) json_t *answer = NULL;
	static struct report_row row;
	char request[200], want[200];
	struct span id = SPAN("");
	struct error error;

	(void)state;
	world_open();
	world_ask(A, CREATE, "{\"EmailIdentity\":\"example.com\"}", &got);
	buf_clear(&got);
	assert_int_equal(world_ask(A,
				   "POST " OWN "/identities/example.com/test",
				   NULL, &got),
			 200);
	assert_int_equal(json_parse(buf_span(&got), 1000, &answer, NULL),
			 JSON_OK);
	assert_true(json_get_text(answer, "report_id", &id));
	snprintf(want, sizeof(want),
		 "test@example.com|" SPAN_FMT "@report.mail.example|*",
		 SPAN_ARG(id));
	assert_true(looks_like(world.sent, want));

	snprintf(request, sizeof(request), "GET " OWN "/reports/" SPAN_FMT,
		 SPAN_ARG(id));
	buf_clear(&got);
	assert_int_equal(world_ask(A, request, NULL, &got), 200);
	assert_true(looks_like(got.ptr, "{\"schema\":1,\"id\":\"*\","
					"\"identity\":\"example.com\","
					"\"received\":null,\"report\":null}"));
	assert_int_equal(world_ask(B, request, NULL, &got), 404);

	assert_true(store_report_get(world.store, strcpy(want, request + 23),
				     &row, &error));
	strcpy(row.json, "{\"verdict\":\"pass\"}");
	row.received = T0 + 9000;
	assert_true(store_report_put(world.store, &row, &error));
	buf_clear(&got);
	assert_int_equal(world_ask(A, request, NULL, &got), 200);
	assert_true(looks_like(got.ptr,
			       "*\"received\":\"2026-11-23T17:31:51Z\","
			       "\"report\":{\"verdict\":\"pass\"}}"));
	buf_adds(&message, request);
	buf_adds(&message, "/message");
	assert_int_equal(world_ask(A, message.ptr, NULL, &got), 404);
	assert_true(store_report_message_put(world.store, row.token,
					     SPAN("From: a\r\n"), &error));
	buf_clear(&got);
	assert_int_equal(world_ask(A, message.ptr, NULL, &got), 200);
	assert_string_equal(got.ptr, "{\"data\":\"RnJvbTogYQ0K\"}");
	assert_int_equal(world_ask(B, message.ptr, NULL, &got), 404);
	assert_int_equal(world_ask(B, request, NULL, &got), 404);
	world_close();
}

/* Page after page, forward and back, without a gap. */
static void
test_events(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);
	struct event event = {.time = T0};
	struct error error;

	(void)state;
	world_open();
	strcpy(event.account, A);
	strcpy(event.kind, "test");
	strcpy(event.text, "not JSON");
	for (int i = 0; i < 101; i++)
		assert_true(store_event_add(world.store, &event, &error));
	assert_int_equal(world_ask(A, "GET " OWN "/events", NULL, &got), 200);
	assert_true(looks_like(got.ptr, "{\"events\":[{\"id\":1,*"
					"\"detail\":\"not JSON\"}*"
					"\"id\":100,*\"next_after\":100}"));
	buf_clear(&got);
	world_ask(A, "GET " OWN "/events?after=100", NULL, &got);
	assert_true(looks_like(got.ptr, "{\"events\":[{\"id\":101,*}],"
					"\"next_after\":null}"));
	buf_clear(&got);
	world_ask(A, "GET " OWN "/events?order=newest", NULL, &got);
	assert_true(looks_like(got.ptr, "{\"events\":[{\"id\":101,*"
					"\"id\":2,*\"next_before\":2}"));
	buf_clear(&got);
	world_ask(A, "GET " OWN "/events?order=newest&before=2", NULL, &got);
	assert_true(looks_like(got.ptr, "{\"events\":[{\"id\":1,*}],"
					"\"next_before\":null}"));
	world_close();
}

int
main(void)
{
	UNIT(test_unseen);
	UNIT(test_seen);
	UNIT(test_report);
	UNIT(test_events);
	return unit_run("api/sesame");
}

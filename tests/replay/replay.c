/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay - runs scenarios: small scripts of what happens and what is so then.
 *
 * Usage: replay FILE.scenario...   Each file is a test.  A line is a command,
 * "#" begins a comment.  The commands are in the table at the end; a duration
 * is a number and "s", "m", "h" or "d".
 */
#include "world.h"

#include "../fake/fake.h"
#include "identity/identity.h"
#include "sending/authorise.h"
#include "sys/file.h"
#include "unit.h"

#define SCENARIO_MAX (64 * 1024) /* octets of a script */
#define EVENTS_MAX   64          /* read back of the audit log */

/* A line under way. */
struct line {
	struct world *world;
	struct span rest; /* words not yet taken */
};

/* Takes the next word off the line; "" at its end. */
static struct span
take_word(struct line *line)
{
	line->rest = span_trim(line->rest);
	return span_cut(&line->rest, ' ');
}

static int64_t
to_duration(struct span text)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {
		{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
	uint64_t number = 0;

	for (size_t i = 0; text.len > 1 && i < COUNT(units); i++)
		if (units[i].unit == text.ptr[text.len - 1] &&
		    span_to_u64(span_sub(text, 0, text.len - 1), 1000000,
				&number))
			return (int64_t)number * units[i].ms;
	fail_msg("\"" SPAN_FMT "\" is no duration", SPAN_ARG(text));
	return 0;
}

static void
to_text(struct span s, char *to, size_t room)
{
	assert_true(s.len < room);
	memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
}

/* CREATE_KEYLESS NAME: the pool of keys is empty */
static void
do_create_keyless(struct line *line)
{
	world_create(line->world, take_word(line));
}

/* KEY_ARRIVES */
static void
do_key_arrives(struct line *line)
{
	world_add_key(line->world);
}

/* CREATE NAME */
static void
do_create(struct line *line)
{
	do_create_keyless(line);
	do_key_arrives(line);
}

/* CONFIRM DURATION: the time between the observations that make a SUCCESS */
static void
do_confirm(struct line *line)
{
	line->world->checker.confirm = to_duration(take_word(line));
}

/* MAIL_FROM DOMAIN [REJECT_MESSAGE]: PutEmailIdentityMailFromAttributes */
static void
do_mail_from(struct line *line)
{
	struct identity identity = world_identity(line->world);
	struct lifecycle_events events = {.len = 0};
	struct span domain = take_word(line);
	enum ses_mx_failure behavior = SES_USE_DEFAULT_VALUE;
	struct error error;

	(void)!ses_mx_failure_parse(take_word(line), &behavior);
	assert_true(identity_put_mail_from(&identity, domain, behavior,
					   fake_now, &events, &error));
	world_update(line->world, &identity, &events);
}

/* RESTART: PutEmailIdentityDkimSigningAttributes with the length it has */
static void
do_restart(struct line *line)
{
	static const uint8_t entropy[IDENTITY_ENTROPY];
	struct identity identity = world_identity(line->world), before;
	struct lifecycle_events events = {.len = 0};
	struct error error;

	before = identity;
	if (!identity_put_easy(&identity, identity.next_length, entropy,
			       fake_now, &events, &error))
		fail_msg("%s", error.text);
	assert_memory_equal(identity.token, before.token,
			    sizeof(identity.token));
	world_update(line->world, &identity, &events);
}

/* Does `what` with each record that the word stands for. */
static void
each_record(struct line *line,
	    void (*what)(struct world *w, const struct record *r))
{
	static const struct {
		const char *word;
		enum record_purpose purpose;
	} words[] = {{"dkim", RECORD_DKIM},
		     {"mx", RECORD_MAIL_FROM_MX},
		     {"spf", RECORD_MAIL_FROM_SPF},
		     {"dmarc", RECORD_DMARC}};
	struct record_set set = world_records(line->world);
	struct span word = take_word(line), index = take_word(line);
	uint64_t only = 0, n = 0;
	size_t count = 0;

	(void)!span_to_u64(index, RECORDS_MAX, &only);
	for (size_t i = 0; i < set.len; i++)
		for (size_t j = 0; j < COUNT(words); j++) {
			if (set.record[i].purpose != words[j].purpose ||
			    (!span_equal(word, SPAN("all")) &&
			     !span_equal(word, span_of(words[j].word))))
				continue;
			if (only != 0 && ++n != only)
				continue;
			what(line->world, &set.record[i]);
			count++;
		}
	assert_true(count > 0);
}

/* PUBLISH all|dkim|mx|spf|dmarc [N]: what is asked for, or the Nth of it */
static void
do_publish(struct line *line)
{
	each_record(line, world_publish);
}

/* UNPUBLISH, of the same words */
static void
do_unpublish(struct line *line)
{
	each_record(line, world_unpublish);
}

static void
publish_wrong(struct world *w, const struct record *r)
{
	struct record wrong = *r;

	(void)snprintf(wrong.value, sizeof(wrong.value), "%s",
		       r->type == DNS_TXT ? "v=spf1 -all" : "wrong.example");
	world_publish(w, &wrong);
}

/* PUBLISH_WRONG, of the same words: another value at the right name */
static void
do_publish_wrong(struct line *line)
{
	each_record(line, publish_wrong);
}

static void
fail_name(struct world *w, const struct record *r)
{
	json_puts(w->failing, r->name, "SERVFAIL");
}

/* DNS_OF SERVFAIL-words: questions for these records' names fail */
static void
do_servfail_of(struct line *line)
{
	each_record(line, fail_name);
}

/* DNS SERVFAIL|TIMEOUT|OK: how every question ends */
static void
do_dns(struct line *line)
{
	struct span how = take_word(line);

	if (span_equal(how, SPAN("OK"))) {
		how = SPAN("");
		(void)json_object_clear(line->world->failing);
	}
	to_text(how, line->world->all_fail, sizeof(line->world->all_fail));
}

/* TIME_PASSES DURATION */
static void
do_time_passes(struct line *line)
{
	world_pass(line->world, to_duration(take_word(line)));
}

/* SERVICE_RESTARTS: its process ends, and another begins */
static void
do_service_restarts(struct line *line)
{
	world_restart(line->world);
}

/* EXPECT verification|dkim|mail_from STATUS */
static void
do_expect(struct line *line)
{
	struct identity identity = world_identity(line->world);
	struct span kind = take_word(line), want = take_word(line);
	const struct standing *standing = NULL;

	if (span_equal(kind, SPAN("verification")))
		standing = &identity.verification;
	else if (span_equal(kind, SPAN("dkim")))
		standing = &identity.dkim;
	else if (span_equal(kind, SPAN("mail_from")))
		standing = &identity.mail_from_standing;
	assert_non_null(standing);
	if (!span_equal(span_of(ses_status_name(standing->status)), want))
		fail_msg(SPAN_FMT " is %s, want " SPAN_FMT, SPAN_ARG(kind),
			 ses_status_name(standing->status), SPAN_ARG(want));
}

/* The member `name` of the JSON text of an event. */
static void
append_member(const struct event *event, const char *name, struct buf *to)
{
	json_t *object;

	assert_int_equal(json_parse(span_of(event->text), sizeof(event->text),
				    &object, NULL),
			 JSON_OK);
	buf_add(to, json_text(json_object_get(object, name)));
	json_decref(object);
}

/* EXPECT_EVENTS KIND STATUS...: all transitions so far, by their end */
static void
do_expect_events(struct line *line)
{
	static struct event event[EVENTS_MAX];
	struct identity identity = world_identity(line->world);
	CLEANUP(buf_release) struct buf kind = BUF_INIT(64);
	CLEANUP(buf_release) struct buf got = BUF_INIT(4096);
	struct error error;
	size_t len = 0;

	buf_add(&kind, take_word(line));
	buf_adds(&kind, ".status");
	assert_true(store_event_list(storage_store(line->world->storage),
				     WORLD_ACCOUNT, identity.name, 0, event,
				     EVENTS_MAX, &len, &error));
	for (size_t i = 0; i < len; i++) {
		if (strcmp(event[i].kind, kind.ptr) != 0)
			continue;
		if (got.len > 0)
			buf_addc(&got, ' ');
		append_member(&event[i], "to", &got);
	}
	if (!span_equal(buf_span(&got), span_trim(line->rest)))
		fail_msg("events of %s: %s", kind.ptr, got.ptr);
}

/* EXPECT_NEXT_CHECK FROM TO: from now; "never" alone */
static void
do_expect_next_check(struct line *line)
{
	struct identity identity = world_identity(line->world);
	struct span from = take_word(line);
	int64_t next = identity.next_check;

	if (span_equal(from, SPAN("never"))) {
		assert_int_equal(next, 0);
		return;
	}
	if (next < fake_now + to_duration(from) ||
	    next > fake_now + to_duration(take_word(line)))
		fail_msg("the next check is in %lld ms",
			 (long long)(next - fake_now));
}

/* EXPECT_ERROR WORD: VerificationInfo's ErrorType, "none" for none */
static void
do_expect_error(struct line *line)
{
	struct identity identity = world_identity(line->world);
	struct span want = take_word(line);

	if (span_equal(want, SPAN("none")))
		want = SPAN("");
	if (!span_equal(span_of(ses_verification_error_name(identity.error)),
			want))
		fail_msg("ErrorType is \"%s\"",
			 ses_verification_error_name(identity.error));
}

/* EXPECT_QUIET DURATION: so long, nothing is asked of DNS */
static void
do_expect_quiet(struct line *line)
{
	uint64_t before = fake_questions();

	world_pass(line->world, to_duration(take_word(line)));
	assert_int_equal(fake_questions(), before);
}

/* How a message from `address` would be sent now: a word. */
static const char *
send_outcome(struct world *w, struct span address, struct buf *signer)
{
	struct identity identity = world_identity(w);
	struct address from;
	struct sender sender;
	struct error error;

	assert_int_equal(address_parse(address, &from), ADDRESS_OK);
	if (!authorise_sender(&from, &identity, 1, SPAN(WORLD_REGION), &sender,
			      &error))
		return error_slug(error.code);
	buf_adds(signer, sender.dkim != NULL ? "signed" : "unsigned");
	if (sender.fell_back)
		return "fell_back";
	return sender.mail_from != NULL ? "custom" : "default";
}

/*
 * EXPECT_SEND ADDRESS custom|default|fell_back signed|unsigned, or the API's
 * name of the error alone: how a message from ADDRESS would be sent
 */
static void
do_expect_send(struct line *line)
{
	CLEANUP(buf_release) struct buf signer = BUF_INIT(16);
	struct span address = take_word(line);
	struct span want = take_word(line), want_signer = take_word(line);
	const char *got = send_outcome(line->world, address, &signer);

	if (!span_equal(span_of(got), want) ||
	    !span_equal(buf_span(&signer), want_signer))
		fail_msg("it would be sent: %s %s", got, signer.ptr);
}

static const struct command {
	const char *name;
	void (*run)(struct line *line);
} commands[] = {
	{"CONFIRM", do_confirm},
	{"CREATE", do_create},
	{"CREATE_KEYLESS", do_create_keyless},
	{"DNS", do_dns},
	{"EXPECT", do_expect},
	{"EXPECT_ERROR", do_expect_error},
	{"EXPECT_EVENTS", do_expect_events},
	{"EXPECT_NEXT_CHECK", do_expect_next_check},
	{"EXPECT_QUIET", do_expect_quiet},
	{"EXPECT_SEND", do_expect_send},
	{"KEY_ARRIVES", do_key_arrives},
	{"MAIL_FROM", do_mail_from},
	{"PUBLISH", do_publish},
	{"PUBLISH_WRONG", do_publish_wrong},
	{"RESTART", do_restart},
	{"SERVFAIL_OF", do_servfail_of},
	{"SERVICE_RESTARTS", do_service_restarts},
	{"TIME_PASSES", do_time_passes},
	{"UNPUBLISH", do_unpublish},
};

/* A script, and where it is in it: for what a failure says. */
struct scenario {
	const char *path;
	struct buf text;
};

static void
run_line(struct world *w, struct span text)
{
	struct line line = {w, span_cut(&text, '#')};
	struct span name = take_word(&line);

	if (name.len == 0)
		return;
	for (size_t i = 0; i < COUNT(commands); i++)
		if (span_equal(name, span_of(commands[i].name))) {
			commands[i].run(&line);
			return;
		}
	fail_msg("no command is called " SPAN_FMT, SPAN_ARG(name));
}

static void
run_scenario(void **state)
{
	const struct scenario *scenario = *state;
	struct span rest = buf_span(&scenario->text);
	struct world world;
	size_t number = 0;

	world_init(&world);
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');

		number++;
		print_message("%zu: " SPAN_FMT "\n", number, SPAN_ARG(line));
		run_line(&world, line);
	}
	world_release(&world);
}

int
main(int argc, char **argv)
{
	static struct scenario scenario[UNIT_MAX];
	struct error error;

	for (int i = 1; i < argc && i < UNIT_MAX; i++) {
		scenario[i].path = argv[i];
		buf_init(&scenario[i].text, SCENARIO_MAX);
		if (!file_read(argv[i], &scenario[i].text, &error)) {
			(void)fprintf(stderr, "%s\n", error.text);
			return 1;
		}
		unit_add(argv[i], run_scenario, &scenario[i]);
	}
	return unit_run("replay");
}

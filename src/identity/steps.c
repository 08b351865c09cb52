/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/steps.h"

/* Sets how far a step is, who has to act, and the text. */
static void
say(struct step *step, enum step_state state, enum step_who who,
    struct span text)
{
	step->state = state;
	step->who = who;
	step->text = text;
}

/* What is missing or wrong of one purpose, for people; "" if nothing is. */
static struct span
list_faults(const struct observation *seen, enum record_purpose purpose,
	    struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);

	for (size_t i = 0; seen != NULL && i < seen->len; i++) {
		const struct observed *o = &seen->record[i];

		if (o->want->purpose != purpose ||
		    o->status == OBSERVED_MATCH ||
		    o->status == OBSERVED_NOT_ASKED)
			continue;
		buf_addf(&text, "%s%s %s: " SPAN_FMT, text.len > 0 ? "; " : "",
			 dns_type_name((uint16_t)o->want->type), o->want->name,
			 SPAN_ARG(o->reason));
	}
	return arena_copy(arena, buf_span(&text));
}

/* A status that has to do with records, as a step of somebody's. */
static void
say_pending(struct step *step, const struct observed_group *group,
	    struct span faults)
{
	switch (group->status) {
	case OBSERVED_NOT_ASKED:
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("DNS was not asked yet"));
		break;
	case OBSERVED_MATCH:
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("the records are there; they are looked at once more "
			 "before they count"));
		break;
	case OBSERVED_ABSENT:
		say(step, STEP_WAITING, STEP_OPERATOR, faults);
		break;
	case OBSERVED_DIFFERENT:
		say(step, STEP_WRONG, STEP_OPERATOR, faults);
		break;
	case OBSERVED_ERROR:
		say(step, STEP_WAITING, STEP_SERVICE, faults);
		break;
	}
	if (step->text.len == 0)
		step->text = group->evidence;
}

/* Says what a status means for a step whose records are `group`. */
static void
say_status(struct step *step, const struct standing *standing,
	   const struct observed_group *group, struct span faults,
	   struct arena *arena)
{
	struct span found = faults.len > 0 ? faults : group->evidence;

	step->since = standing->since;
	switch (standing->status) {
	case SES_SUCCESS:
		say(step, STEP_DONE, STEP_NOBODY,
		    SPAN("the records are there and right"));
		break;
	case SES_NOT_STARTED:
	case SES_PENDING:
		say_pending(step, group, faults);
		break;
	case SES_TEMPORARY_FAILURE:
		say(step, STEP_WRONG, STEP_OPERATOR,
		    arena_printf(arena,
				 "the records were right once and are not now"
				 "%s" SPAN_FMT,
				 found.len > 0 ? ": " : "", SPAN_ARG(found)));
		break;
	case SES_FAILED:
		say(step, STEP_WRONG, STEP_ADMINISTRATOR,
		    arena_printf(
			    arena,
			    "the records were not found for 72 hours%s" SPAN_FMT
			    "; when they are published, restart the "
			    "verification",
			    found.len > 0 ? ": " : "", SPAN_ARG(found)));
		break;
	}
}

static const struct observed_group nothing = {
	.status = OBSERVED_NOT_ASKED,
	.evidence = {"", 0},
};

/* The status that is further from SUCCESS: both must be there. */
static const struct standing *
worse(const struct identity *identity)
{
	return identity->verification.status == SES_SUCCESS
		       ? &identity->dkim
		       : &identity->verification;
}

static void
step_dkim(const struct identity *identity, const struct observation *seen,
	  struct arena *arena, struct step *step)
{
	const struct observed_group *group = seen ? &seen->control : &nothing;

	if (identity->type == SES_EMAIL_ADDRESS) {
		bool done = identity->verification.status == SES_SUCCESS;

		step->since = identity->verification.since;
		say(step, done ? STEP_DONE : STEP_WAITING,
		    done ? STEP_NOBODY : STEP_OPERATOR,
		    done ? SPAN("the link sent to the address was followed")
			 : SPAN("the link sent to the address was not "
				"followed yet"));
		return;
	}
	if (group->status == OBSERVED_MATCH)
		group = &seen->dkim;
	say_status(step, worse(identity), group,
		   list_faults(seen, RECORD_DKIM, arena), arena);
	if (worse(identity)->status == SES_SUCCESS &&
	    !identity->signing_enabled)
		step->text = SPAN("the records are there and right; signing "
				  "is turned off");
}

static const struct observed *
find_spf(const struct observation *seen)
{
	for (size_t i = 0; seen != NULL && i < seen->len; i++)
		if (seen->record[i].want->purpose == RECORD_MAIL_FROM_SPF &&
		    seen->record[i].status != OBSERVED_NOT_ASKED)
			return &seen->record[i];
	return NULL;
}

/* The MX decides the status; the step is done when SPF is right as well. */
static void
step_mail_from(const struct identity *identity, const struct observation *seen,
	       struct arena *arena, struct step *step)
{
	const struct observed_group *group = seen ? &seen->mail_from : &nothing;
	const struct observed *spf = find_spf(seen);
	struct observed_group of_spf;

	if (identity->mail_from[0] == '\0') {
		say(step, STEP_WAITING, STEP_ADMINISTRATOR,
		    SPAN("no custom MAIL FROM domain is set"));
		return;
	}
	say_status(step, &identity->mail_from_standing, group,
		   list_faults(seen, RECORD_MAIL_FROM_MX, arena), arena);
	if (identity->mail_from_standing.status != SES_SUCCESS ||
	    (spf != NULL && spf->status == OBSERVED_MATCH))
		return;
	if (spf == NULL) {
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("the MX is right; SPF was not asked yet"));
		return;
	}
	of_spf = (struct observed_group){spf->status, SES_ERROR_NONE,
					 spf->reason};
	say_pending(step, &of_spf,
		    list_faults(seen, RECORD_MAIL_FROM_SPF, arena));
}

/* The record at the domain's own name, if it was asked for. */
static const struct observed *
find_dmarc(const struct observation *seen)
{
	for (size_t i = 0; i < seen->len; i++)
		if (seen->record[i].want->purpose == RECORD_DMARC)
			return &seen->record[i];
	return NULL;
}

static void
step_dmarc(const struct observation *seen, struct arena *arena,
	   struct step *step)
{
	const struct policy *policy = seen ? &seen->dmarc : NULL;
	const struct observed *own = seen ? find_dmarc(seen) : NULL;

	if (own != NULL && own->status == OBSERVED_DIFFERENT) {
		say(step, STEP_WRONG, STEP_OPERATOR,
		    list_faults(seen, RECORD_DMARC, arena));
		return;
	}
	if (policy == NULL) {
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("DNS was not asked yet"));
		return;
	}
	switch (policy->status) {
	case POLICY_NOT_ASKED:
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("DNS was not asked yet"));
		break;
	case POLICY_FOUND:
		if (policy->policy.len == 0)
			say(step, STEP_WRONG, STEP_OPERATOR,
			    arena_printf(arena,
					 "the record at " SPAN_FMT
					 " names no policy",
					 SPAN_ARG(policy->name)));
		else
			say(step, STEP_DONE, STEP_NOBODY,
			    arena_printf(arena,
					 "the policy \"" SPAN_FMT
					 "\" of " SPAN_FMT " is in force",
					 SPAN_ARG(policy->policy),
					 SPAN_ARG(policy->name)));
		break;
	case POLICY_NONE:
		say(step, STEP_WAITING, STEP_OPERATOR,
		    SPAN("no DMARC record is in force"));
		break;
	case POLICY_ERROR:
		say(step, STEP_WAITING, STEP_SERVICE,
		    SPAN("DNS did not say whether there is a DMARC record"));
		break;
	}
}

void
steps_of(const struct identity *identity, const struct observation *seen,
	 struct arena *arena, struct step ret[static STEPS])
{
	static const struct {
		const char *name;
		const char *title;
	} step[STEPS] = {
		{"domain", "Select the domain"},
		{"identity", "Create the identity"},
		{"dkim", "Prove control by DKIM"},
		{"mail_from", "MAIL FROM and SPF"},
		{"dmarc", "DMARC"},
	};

	for (int i = 0; i < STEPS; i++)
		ret[i] = (struct step){
			.number = i + 1,
			.name = step[i].name,
			.title = step[i].title,
		};
	for (int i = 0; i < 2; i++) {
		ret[i].since = identity->created;
		say(&ret[i], STEP_DONE, STEP_NOBODY,
		    arena_copy(arena, i == 0 ? records_domain(identity)
					     : span_of(identity->name)));
	}
	step_dkim(identity, seen, arena, &ret[2]);
	step_mail_from(identity, seen, arena, &ret[3]);
	step_dmarc(seen, arena, &ret[4]);
	for (int i = 2; i < STEPS; i++)
		if (ret[i].state != STEP_DONE)
			ret[i].next_check = identity->next_check;
}

const char *
step_state_name(enum step_state state)
{
	static const char *const name[] = {
		[STEP_DONE] = "done",
		[STEP_WAITING] = "waiting",
		[STEP_WRONG] = "wrong",
	};
	return name[state];
}

const char *
step_who_name(enum step_who who)
{
	static const char *const name[] = {
		[STEP_NOBODY] = "nobody",
		[STEP_OPERATOR] = "operator",
		[STEP_ADMINISTRATOR] = "administrator",
		[STEP_SERVICE] = "service",
	};
	return name[who];
}

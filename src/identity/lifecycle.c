/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/lifecycle.h"

#include <assert.h>

/* Copies `s` to `to`, cut to fit, with only what is printable in ASCII. */
static void
put_text(char *to, size_t room, struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 1 < room; i++)
		to[n++] = s.ptr[i] >= ' ' && s.ptr[i] <= '~' ? s.ptr[i] : '?';
	to[n] = '\0';
}

/* Gives `standing` the status `to` and says so in an event. */
static void
move(struct standing *standing, enum lifecycle_kind kind, enum ses_status to,
     int64_t now, struct span evidence, struct lifecycle_events *events)
{
	struct lifecycle_event *event;

	assert(events->len < LIFECYCLE_EVENTS_MAX);
	event = &events->event[events->len++];
	event->kind = kind;
	event->from = standing->status;
	event->to = to;
	put_text(event->evidence, sizeof(event->evidence), evidence);
	*standing = (struct standing){.status = to, .since = now};
}

/* The standing that `kind` is about. */
static struct standing *
standing_of(struct identity *identity, enum lifecycle_kind kind)
{
	switch (kind) {
	case LIFECYCLE_VERIFICATION:
		return &identity->verification;
	case LIFECYCLE_DKIM:
		return &identity->dkim;
	case LIFECYCLE_MAIL_FROM:
		return &identity->mail_from_standing;
	}
	assert(false && "a kind of status");
	return NULL;
}

/* The records are there and right. */
static void
seen_right(struct standing *standing, enum lifecycle_kind kind, int64_t now,
	   int64_t confirm, struct span evidence,
	   struct lifecycle_events *events)
{
	if (standing->status != SES_PENDING &&
	    standing->status != SES_TEMPORARY_FAILURE) {
		standing->confirmed = 0;
		return;
	}
	if (standing->confirmed == 0 || standing->confirmed > now)
		standing->confirmed = now;
	if (now - standing->confirmed >= confirm)
		move(standing, kind, SES_SUCCESS, now, evidence, events);
}

/* DNS proves that the records are not there, or not right. */
static void
seen_wrong(struct standing *standing, enum lifecycle_kind kind, int64_t now,
	   struct span evidence, struct lifecycle_events *events)
{
	standing->confirmed = 0;
	if (standing->status == SES_SUCCESS)
		move(standing, kind, SES_TEMPORARY_FAILURE, now, evidence,
		     events);
	else if ((standing->status == SES_PENDING ||
		  standing->status == SES_TEMPORARY_FAILURE) &&
		 now - standing->since >= LIFECYCLE_WINDOW)
		move(standing, kind, SES_FAILED, now, evidence, events);
}

/* Moves one status by what was seen of its records. */
static void
step(struct identity *identity, enum lifecycle_kind kind,
     const struct observed_group *seen, int64_t now, int64_t confirm,
     struct lifecycle_events *events)
{
	struct standing *standing = standing_of(identity, kind);

	switch (seen->status) {
	case OBSERVED_NOT_ASKED:
	case OBSERVED_ERROR:
		break; /* evidence of nothing */
	case OBSERVED_MATCH:
		seen_right(standing, kind, now, confirm, seen->evidence,
			   events);
		break;
	case OBSERVED_ABSENT:
	case OBSERVED_DIFFERENT:
		seen_wrong(standing, kind, now, seen->evidence, events);
		break;
	}
}

/*
 * Whether a verified identity waits for the record of a changed key: its
 * DKIM began anew after the last success, and that is not too long ago.
 */
static bool
is_changing_key(const struct identity *identity, int64_t now)
{
	return identity->verification.status == SES_SUCCESS &&
	       identity->dkim.status == SES_PENDING &&
	       identity->dkim.since >= identity->last_success &&
	       now - identity->last_success < LIFECYCLE_WINDOW;
}

static bool
is_wrong(const struct observed_group *seen)
{
	return seen->status == OBSERVED_ABSENT ||
	       seen->status == OBSERVED_DIFFERENT;
}

static void
copy_domain(char to[static STORE_DOMAIN_SIZE], struct span s)
{
	if (s.len >= STORE_DOMAIN_SIZE)
		s.len = 0;
	put_text(to, STORE_DOMAIN_SIZE, s);
}

/*
 * Keeps what VerificationInfo shows.  As in SES, the error of the last failed
 * check stays when a later one succeeds.
 */
static void
keep_info(struct identity *identity, const struct observation *seen,
	  int64_t now)
{
	const struct observed_group *group = &seen->control;

	if (group->status == OBSERVED_MATCH)
		group = &seen->dkim;
	if (seen->control.status == OBSERVED_NOT_ASKED)
		return;
	identity->last_checked = now;
	if (seen->control.status == OBSERVED_MATCH)
		identity->last_success = now;
	if (group->status != OBSERVED_MATCH &&
	    group->status != OBSERVED_NOT_ASKED)
		identity->error = group->error;
	if (seen->has_soa) {
		copy_domain(identity->soa_primary, seen->soa_primary);
		copy_domain(identity->soa_admin, seen->soa_admin);
		identity->soa_serial = seen->soa_serial;
	}
}

void
lifecycle_begin(struct identity *identity, int64_t now,
		struct lifecycle_events *events)
{
	if (identity->verification.status == SES_NOT_STARTED)
		move(&identity->verification, LIFECYCLE_VERIFICATION,
		     SES_PENDING, now, SPAN("created"), events);
	if (identity->dkim.status == SES_NOT_STARTED &&
	    identity->type == SES_DOMAIN)
		move(&identity->dkim, LIFECYCLE_DKIM, SES_PENDING, now,
		     SPAN("created"), events);
}

void
lifecycle_restart(struct identity *identity, enum lifecycle_kind kind,
		  int64_t now, struct span why, struct lifecycle_events *events)
{
	move(standing_of(identity, kind), kind, SES_PENDING, now, why, events);
}

void
lifecycle_drop_mail_from(struct identity *identity, int64_t now,
			 struct lifecycle_events *events)
{
	struct standing *standing = &identity->mail_from_standing;

	if (standing->status != SES_NOT_STARTED)
		move(standing, LIFECYCLE_MAIL_FROM, SES_NOT_STARTED, now,
		     SPAN("the MAIL FROM domain was taken away"), events);
}

void
lifecycle_step(struct identity *identity, const struct observation *seen,
	       int64_t now, int64_t confirm, struct lifecycle_events *events)
{
	struct standing *verification = &identity->verification;

	lifecycle_begin(identity, now, events);
	if (identity->type == SES_DOMAIN) {
		if (!is_wrong(&seen->control) ||
		    !is_changing_key(identity, now))
			step(identity, LIFECYCLE_VERIFICATION, &seen->control,
			     now, confirm, events);
		step(identity, LIFECYCLE_DKIM, &seen->dkim, now, confirm,
		     events);
		keep_info(identity, seen, now);
	} else if (verification->status == SES_PENDING &&
		   now - verification->since >= LIFECYCLE_ADDRESS_WINDOW) {
		move(verification, LIFECYCLE_VERIFICATION, SES_FAILED, now,
		     SPAN("the link was not followed within 24 hours"), events);
	}
	if (identity->mail_from[0] != '\0')
		step(identity, LIFECYCLE_MAIL_FROM, &seen->mail_from, now,
		     confirm, events);
}

bool
lifecycle_confirm_address(struct identity *identity, int64_t now,
			  struct lifecycle_events *events)
{
	if (identity->type != SES_EMAIL_ADDRESS ||
	    identity->verification.status != SES_PENDING)
		return false;
	move(&identity->verification, LIFECYCLE_VERIFICATION, SES_SUCCESS, now,
	     SPAN("the link was followed"), events);
	identity->last_checked = now;
	identity->last_success = now;
	return true;
}

const char *
lifecycle_kind_name(enum lifecycle_kind kind)
{
	switch (kind) {
	case LIFECYCLE_VERIFICATION:
		return "verification.status";
	case LIFECYCLE_DKIM:
		return "dkim.status";
	case LIFECYCLE_MAIL_FROM:
		return "mail_from.status";
	}
	return "";
}

void
lifecycle_event_row(const struct lifecycle_event *event,
		    const struct identity *identity, int64_t now,
		    struct event *ret)
{
	struct buf text = BUF_INIT(sizeof(ret->text) - 1);

	*ret = (struct event){.time = now};
	memcpy(ret->account, identity->account, sizeof(ret->account));
	memcpy(ret->identity, identity->name, sizeof(ret->identity));
	put_text(ret->kind, sizeof(ret->kind),
		 span_of(lifecycle_kind_name(event->kind)));
	buf_addf(&text, "{\"from\":\"%s\",\"to\":\"%s\",\"evidence\":\"",
		 ses_status_name(event->from), ses_status_name(event->to));
	for (const char *p = event->evidence; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_addc(&text, '\\');
		buf_addc(&text, *p);
	}
	buf_adds(&text, "\"}");
	assert(!text.full); /* twice the evidence and the rest fit */
	put_text(ret->text, sizeof(ret->text), buf_span(&text));
	buf_release(&text);
}

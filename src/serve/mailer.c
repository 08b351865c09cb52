/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/mailer.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "serve/delivery.h"

/* The mails and sessions of one domain; there while it has any of them. */
struct lane {
	struct dname domain; /* in lower case */
	struct mail *first;  /* that waits */
	struct mail *last;
	size_t sessions;
	bool in_turn; /* in the mailer's list of lanes */
	struct lane *next_in_turn;
};

struct mailer {
	struct loop *loop;
	struct lookup *lookup;
	struct mailer_config config;
	struct map lanes; /* by domain, in wire form and lower case */
	/* Lanes that may have a mail to begin with, first come first. */
	struct lane *first;
	struct lane *last;
	struct delivery *deliveries; /* under way */
	size_t sessions;             /* as many */
	size_t waiting;              /* mails in lanes */
	size_t sending;              /* mails in deliveries */
	uint64_t entropy;
	bool stopped;
};

static struct span
key_of(const struct dname *domain)
{
	return span_bytes(domain->wire, domain->len);
}

static struct lane *
lane_of(const struct mailer *m, const struct dname *domain)
{
	struct dname lower = dname_lower(domain);

	return map_get(&m->lanes, key_of(&lower));
}

static struct lane *
make_lane(struct mailer *m, const struct dname *domain)
{
	struct lane *lane = lane_of(m, domain);

	if (lane == NULL) {
		lane = mem_new(sizeof(*lane));
		lane->domain = dname_lower(domain);
		map_put(&m->lanes, key_of(&lane->domain), lane);
	}
	return lane;
}

/* Frees a lane that nothing is in. */
static void
leave_lane(struct mailer *m, struct lane *lane)
{
	if (lane->first != NULL || lane->sessions > 0 || lane->in_turn)
		return;
	map_take(&m->lanes, key_of(&lane->domain));
	free(lane);
}

/* Puts a lane last in turn, if it may begin a mail and is not there. */
static void
put_in_turn(struct mailer *m, struct lane *lane)
{
	if (lane->in_turn || lane->first == NULL ||
	    lane->sessions >= m->config.per_domain_max)
		return;
	lane->in_turn = true;
	lane->next_in_turn = NULL;
	if (m->last != NULL)
		m->last->next_in_turn = lane;
	else
		m->first = lane;
	m->last = lane;
}

static struct lane *
take_turn(struct mailer *m)
{
	struct lane *lane = m->first;

	m->first = lane->next_in_turn;
	if (m->first == NULL)
		m->last = NULL;
	lane->in_turn = false;
	return lane;
}

static void
put_mail(struct mailer *m, struct lane *lane, struct mail *mail)
{
	mail->next = NULL;
	if (lane->last != NULL)
		lane->last->next = mail;
	else
		lane->first = mail;
	lane->last = mail;
	m->waiting++;
}

/* Returns the mail that has waited longest, or NULL. */
static struct mail *
take_mail(struct mailer *m, struct lane *lane)
{
	struct mail *mail = lane->first;

	if (mail == NULL)
		return NULL;
	lane->first = mail->next;
	if (lane->first == NULL)
		lane->last = NULL;
	m->waiting--;
	return mail;
}

static const struct delivery_handler handler;

/* Begins as many mails as the caps allow, each domain in its turn. */
static void
begin(struct mailer *m)
{
	while (m->first != NULL && m->sessions < m->config.sessions_max) {
		struct lane *lane = take_turn(m);
		struct mail *mail = NULL;
		struct delivery *d;

		if (lane->sessions < m->config.per_domain_max)
			mail = take_mail(m, lane);
		if (mail != NULL) {
			m->entropy = m->entropy * 6364136223846793005 + 1;
			d = delivery_start(m->loop, m->lookup, &m->config,
					   m->entropy, mail, &handler, m);
			*delivery_next(d) = m->deliveries;
			m->deliveries = d;
			m->sessions++;
			m->sending++;
			lane->sessions++;
			put_in_turn(m, lane);
		}
		leave_lane(m, lane);
	}
}

static struct mail *
on_more(void *context, struct delivery *d)
{
	struct mailer *m = context;
	struct lane *lane = lane_of(m, delivery_domain(d));
	struct mail *mail;

	/* What must not be sent in clear waits for another session. */
	if (lane->first != NULL && lane->first->require_tls &&
	    !delivery_secured(d))
		return NULL;
	mail = take_mail(m, lane);
	if (mail != NULL)
		m->sending++;
	return mail;
}

static void
on_done(void *context)
{
	struct mailer *m = context;

	m->sending--;
}

static void
on_over(void *context, struct delivery *d)
{
	struct mailer *m = context;
	struct lane *lane = lane_of(m, delivery_domain(d));
	struct delivery **at = &m->deliveries;

	while (*at != d)
		at = delivery_next(*at);
	*at = *delivery_next(d);
	m->sessions--;
	lane->sessions--;
	put_in_turn(m, lane);
	leave_lane(m, lane);
	begin(m);
}

static const struct delivery_handler handler = {
	.more = on_more,
	.done = on_done,
	.over = on_over,
};

struct mailer *
mailer_new(struct loop *loop, struct lookup *lookup,
	   const struct mailer_config *config)
{
	struct mailer *m = mem_new(sizeof(*m));

	assert(config->sessions_max > 0 && config->per_domain_max > 0 &&
	       config->per_session_max > 0);
	m->loop = loop;
	m->lookup = lookup;
	m->config = *config;
	m->entropy = config->seed;
	map_init(&m->lanes, config->seed);
	return m;
}

bool
mailer_send(struct mailer *m, struct mail *mail)
{
	struct lane *lane;

	if (m->stopped || m->waiting >= MAILER_WAITING_MAX)
		return false;
	lane = make_lane(m, &mail->domain);
	put_mail(m, lane, mail);
	put_in_turn(m, lane);
	begin(m);
	return true;
}

void
mailer_stop(struct mailer *m, void (*back)(struct mail *mail))
{
	struct mail *given = NULL;
	struct lane *lane;
	size_t at = 0;

	m->stopped = true;
	while ((lane = map_each(&m->lanes, &at, NULL)) != NULL)
		for (struct mail *mail; (mail = take_mail(m, lane)) != NULL;) {
			mail->next = given;
			given = mail;
		}
	while (m->first != NULL)
		leave_lane(m, take_turn(m));
	while (given != NULL) {
		struct mail *mail = given;

		given = mail->next;
		back(mail);
	}
}

size_t
mailer_busy(const struct mailer *m)
{
	return m->waiting + m->sending;
}

size_t
mailer_sessions(const struct mailer *m, const struct dname *domain)
{
	const struct lane *lane = lane_of(m, domain);

	return lane != NULL ? lane->sessions : 0;
}

void
mailer_free(struct mailer *m)
{
	struct delivery *d;
	struct lane *lane;
	size_t at = 0;

	if (m == NULL)
		return;
	while ((d = m->deliveries) != NULL) {
		m->deliveries = *delivery_next(d);
		delivery_cancel(d);
	}
	while ((lane = map_each(&m->lanes, &at, NULL)) != NULL)
		free(lane);
	map_release(&m->lanes);
	free(m);
}

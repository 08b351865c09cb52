/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parcel - recipients of one message at one domain, taken out of the store
 * for the mailer, and put back with what became of them.
 *
 * A part of the outbox, which decides when.  parcel_load() and parcel_keep()
 * run on the store thread, inside a job; the rest runs in the loop.
 *
 * Ownership: a parcel is its owner's.  Parcels of one load share a content,
 * which goes with the last that drops it.
 */
#pragma once

#include "serve/mailer.h"
#include "serve/storage.h"

/* Recipients that one load looks at. */
#define PARCEL_LOAD_MAX 200
/* Of these, recipients of one domain. */
#define PARCEL_DOMAIN_MAX SMTP_CLIENT_RECIPIENTS_MAX
/* Parcels for one domain that one load makes. */
#define PARCEL_DOMAIN_NEW 10
/* Octets of messages that one load reads; the first may be larger. */
#define PARCEL_LOAD_OCTETS ((size_t)8 << 20)
/* Domains that a load can be told to leave out. */
#define PARCEL_BUSY_MAX 64

/* Why something cannot be sent at all. */
struct parcel_fault {
	const char *enhanced; /* RFC 3463 code */
	const char *text;     /* for a person */
};

/* A message as it is sent. */
struct parcel_content {
	struct message row;
	char identity[STORE_NAME_SIZE]; /* it is sent as; "" if that is gone */
	struct path sender;
	struct buf data;
	struct dot_facts facts;           /* of data */
	const struct parcel_fault *fault; /* static; NULL: it may be sent */
	size_t users;                     /* parcels that have it */
	struct parcel_content *next;      /* of the same load */
};

struct parcel {
	struct mail mail;       /* for the mailer, which has it or not */
	struct storage_job job; /* the outbox's, to keep what became of it */
	void *owner;            /* the outbox */
	struct parcel *next;    /* in the list that it is in */
	struct parcel **link;   /* the outbox's */
	struct parcel_content *content;   /* NULL once dropped */
	const struct parcel_fault *fault; /* static; NULL: it may be sent */
	struct recipient *recipient;
	struct path *path;   /* of each recipient; none with a fault */
	struct event *event; /* of each; kind "" where there is none */
	size_t len;          /* of recipient, at least 1 */
	size_t room;         /* for as many */
};

/* What a load is to do, and what it has done. */
struct parcel_load {
	int64_t now;       /* ms since 1970 */
	bool requeue;      /* first make all that was under way due */
	size_t mails_max;  /* parcels to make at most */
	size_t octets_max; /* of messages to read at most ... */
	bool alone;        /* ... but for the first: no other is under way */
	/* Domains that are left out. */
	char busy[PARCEL_BUSY_MAX][STORE_DOMAIN_SIZE];
	size_t busy_len;                /* of busy */
	char cursor[STORE_DOMAIN_SIZE]; /* as in store_recipient_due() */
	struct parcel *first;           /* what was made: the caller's */
	size_t mails;                   /* how many that are */
	size_t octets; /* that their messages take; the caller's to count */
	bool cut;      /* it ended before all that is due was looked at ... */
	bool lacking;  /* ... since mails_max or octets_max allowed no more */
	int64_t next;  /* when the first recipient still queued is due */
};

/*
 * Claims recipients that are due and makes parcels of them: one for each
 * message, domain and fault.  On failure there are none.
 */
bool parcel_load(struct parcel_load *load, struct store *store,
		 struct error *reterr) MUST_CHECK;

/*
 * Stores the recipients and their events.  Those that are gone from the
 * store are passed over.
 */
bool parcel_keep(struct parcel *parcel, struct store *store,
		 struct error *reterr) MUST_CHECK;

/*
 * Notes the result of an attempt for recipient `i`, which `host` gave at
 * `now`: sending/outcome.h.  `entropy` is random.
 */
void parcel_result(struct parcel *parcel, size_t i,
		   const struct smtp_result *result, const char *host,
		   int64_t now, uint64_t entropy);

/* Notes for all recipients that they failed for the parcel's fault. */
void parcel_fail(struct parcel *parcel, int64_t now);

/* Makes all recipients queued again, as if not tried; due not before `due`. */
void parcel_requeue(struct parcel *parcel, int64_t now, int64_t due);

/* Lets go of the content.  Returns the octets that are free by that. */
size_t parcel_drop(struct parcel *parcel);

/* Frees a parcel that has dropped its content; NULL is fine. */
void parcel_free(struct parcel *parcel);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call - one call of the API: what is asked, what is answered.
 *
 * A call whose signature was verified is handed to its operation, which runs
 * on the store thread and reads and writes the store as one job.  What an
 * operation cannot do there, because keyd or the queue has to, it names in
 * `need` and returns true; whoever drives it sees to that after the job is
 * durable, fills in what came of it, counts `phase` up and runs the operation
 * again, as a job of its own.  With API_NEED_NOTHING it is done, and
 * `answer` is what goes to the client.  If something needed fails, the call
 * fails with that error.
 *
 * No I/O but through the store, no logging, no clock, no randomness: `now`
 * and entropy are given.
 * Ownership: the call's owner releases it with api_call_release(); texts are
 * in its arena or borrow its body.
 */
#pragma once

#include "base/arena.h"
#include "identity/identity.h"
#include "identity/records.h"
#include "ses/identities.h"
#include "ses/outbound.h"
#include "ses/template.h"
#include "store/store.h"
#include "text/json.h"
#include "text/suffix.h"
#include "text/uri.h"

/* Parameters in the path of an operation. */
#define API_PARAMS_MAX 2
/* Octets of entropy that a call may use. */
#define API_ENTROPY IDENTITY_ENTROPY
/* Octets of a body that is not a message. */
#define API_BODY_MAX ((size_t)128 << 10)
/* Octets that the texts of a call may take, besides its body. */
#define API_ARENA_MAX ((size_t)4 << 20)
/* Identities of an account (SES quota). */
#define API_IDENTITIES_MAX 10000
/* Configuration sets of an account (SES quota). */
#define API_SETS_MAX 10000
/* E-mail templates of an account (SES quota). */
#define API_TEMPLATES_MAX 20000
/* Octets that a template may be rendered to. */
#define API_RENDERED_MAX TEMPLATE_OUTPUT_MAX
/* Octets of the key that a NextToken is sealed with. */
#define API_TOKEN_KEY_SIZE 32

/* What all calls of a deployment have in common. */
struct api_deployment {
	struct service service;          /* zone and region */
	const struct suffixes *suffixes; /* public suffixes, or NULL */
	double max_24_hours;             /* messages; -1: no limit */
	double max_rate;                 /* messages a second; -1: no limit */
	uint8_t token_key[API_TOKEN_KEY_SIZE]; /* random, secret */
};

/* What an operation waits for. */
enum api_need {
	API_NEED_NOTHING = 0, /* it is done */
	API_NEED_IMPORT, /* keyd: seal `key_text` with the AAD of `key`; fill
			    in its sealed, public and bits */
	API_NEED_REBIND, /* keyd: seal the blob of `key`, sealed with the AAD
			    of `key_was`, with the AAD of `key` */
	API_NEED_SEND,   /* sending: accept `send`; fill in message_id */
	API_NEED_WORK,   /* a worker thread: run `work`, without the store */
};

/* What may have become due elsewhere; bits of api_call.wake. */
enum api_wake {
	API_WAKE_SCHEDULER = 1, /* an identity is to be checked */
	API_WAKE_KEYS = 2,      /* an identity has no key, or another length */
	API_WAKE_ZONE = 4,      /* tokens or keys came or went: publish */
};

/* A call. */
struct api_call {
	const struct api_deployment *deployment;
	struct store *store;               /* set while an operation runs */
	char account[STORE_ACCOUNT_SIZE];  /* who calls */
	int64_t now;                       /* ms since 1970 */
	uint8_t entropy[API_ENTROPY];      /* unpredictable, used once */
	struct span param[API_PARAMS_MAX]; /* of the path, decoded */
	const struct uri_param *query;     /* decoded */
	size_t queries;                    /* of query */
	json_t *body;                      /* or NULL: none */
	struct arena arena;                /* for texts */

	unsigned phase;          /* how often it ran before */
	enum api_need need;      /* see above */
	struct span key_text;    /* API_NEED_IMPORT: base64 of DER or PEM */
	struct dkim_key key;     /* API_NEED_IMPORT, API_NEED_REBIND */
	struct dkim_key key_was; /* API_NEED_REBIND */
	struct ses_send *send;   /* API_NEED_SEND: in the arena */
	char message_id[STORE_MESSAGE_ID_SIZE]; /* what came of it */
	/* API_NEED_WORK: what takes its time; fails as an operation does */
	bool (*work)(struct api_call *call, struct error *reterr);
	struct buf rendered;  /* what a template made, or nothing */
	struct arena scratch; /* of one message of several */
	json_t *message;      /* the body of one of several, or NULL */
	/* a message that is not accepted does not end the call: it is run
	 * again with the `failure`, or with ERROR_NONE */
	bool keeps_on;
	struct error failure;
	void *state; /* the operation's own, in the arena */

	int status; /* of HTTP, 200 if not set otherwise */
	json_t *answer;
	unsigned wake; /* of enum api_wake */
};

/*
 * Runs an operation, as a job on the store.  False with *reterr: it is
 * refused, and nothing that it did may be kept.
 */
typedef bool api_run(struct api_call *call, struct error *reterr);

/* Makes an empty call of `account` at `now`. */
void api_call_init(struct api_call *call,
		   const struct api_deployment *deployment, const char *account,
		   int64_t now);

/* Frees what a call holds; a key that was given is overwritten first. */
void api_call_release(struct api_call *call);

/*
 * Reads the body of a request, of at most `max` octets: *ret is NULL if it is
 * empty or null.
 * Fails with SERIALIZATION or TOO_LARGE.
 */
bool api_body_read(struct span text, size_t max, json_t **ret,
		   struct error *reterr) MUST_CHECK;

/* Returns the value of the first parameter `name` of the query, or "". */
struct span api_query(const struct api_call *call, const char *name);

/* Gives `call` its answer: takes `value`, drops an answer it has. */
void api_answer(struct api_call *call, json_t *value);

/* Returns `text` in the call's arena, NUL-ended; what is too long is cut. */
const char *api_text(struct api_call *call, struct span text);

/* Adds a line to the audit log of the call's account; `text` is JSON. */
bool api_event(struct api_call *call, const char *identity, const char *kind,
	       const char *text, struct error *reterr) MUST_CHECK;

/* Adds the transitions of `identity` to the audit log. */
bool api_lifecycle(struct api_call *call, const struct identity *identity,
		   const struct lifecycle_events *events,
		   struct error *reterr) MUST_CHECK;

/* Stores the tags of a resource, "identity/NAME" or its like. */
bool api_tags_put(struct api_call *call, const char *resource,
		  const struct ses_tags *tags, struct error *reterr) MUST_CHECK;

/* Reads the tags of a resource into the call's arena. */
bool api_tags_get(struct api_call *call, const char *resource,
		  struct ses_tags *ret, struct error *reterr) MUST_CHECK;

/* Fails with BAD_REQUEST unless `call`->key is one that SES would take. */
bool api_key_good(const struct api_call *call, struct error *reterr) MUST_CHECK;

/*
 * Reads the identity that the path names, in whatever form.  Fails with
 * `missing` and `text`, its "{}" the name as it was given, if the account has
 * no such identity.
 */
bool api_identity(struct api_call *call, struct identity *ret,
		  enum error_code missing, const char *text,
		  struct error *reterr) MUST_CHECK;

/*
 * Fails unless the account may send at present, with the configuration set
 * `name` or, if that is "", with none: BAD_REQUEST if it has no such set,
 * SENDING_PAUSED.  The set that an identity has is looked at as it is sent.
 */
bool api_may_send(struct api_call *call, struct span name,
		  struct error *reterr) MUST_CHECK;

/* Reads a set; fails with `missing` if the account has none of that name. */
bool api_set(struct api_call *call, struct span name,
	     struct configuration_set *ret, enum error_code missing,
	     struct error *reterr) MUST_CHECK;

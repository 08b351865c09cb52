/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - what outlives the process: identities, keys, the queue, the log.
 *
 * The one interface to the database, whichever it is; sqlite.c and its
 * neighbours implement it.  Rows (store/types.h) are copied in and out whole.
 * It keeps things and finds them again: no rule of SES or of DNS is here.
 *
 * Every call blocks and does I/O, so one thread, the store thread, owns the
 * handle and makes all calls.  No clock and no randomness: times are given.
 *
 * A call outside a transaction is durable when it returns true.  Inside
 * store_begin() ... store_commit() nothing is before the commit returned
 * true; each job in it stands between store_job_begin() and store_job_keep()
 * or store_job_undo(), so that one that fails leaves no trace and the others
 * share one fsync.  Whoever waits for a job is answered after the commit.
 *
 * Failures: ERROR_NOT_FOUND and ERROR_ALREADY_EXISTS as each function says;
 * ERROR_UNAVAILABLE if it may work later (disk full, locked by another
 * program, transaction lost); ERROR_IO if the disk or the file is damaged:
 * store_is_broken() is then true for good, and the process has to end so
 * that the next one recovers from the log; ERROR_INTERNAL for a stored row
 * that is no value of its type.
 *
 * Ownership: rows, arrays and buffers are the caller's.  Lists fill an array
 * `ret` of `room` rows and set *ret_len; fewer than `room` means that there
 * are no more.  After a failure the rows of such an array are unspecified.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "store/types.h"

struct store;

/* How long a call waits for another program that has the database locked. */
#define STORE_BUSY_MS 4000
/* Most octets of a message's data, or of a setting. */
#define STORE_DATA_MAX ((size_t)64 * 1024 * 1024)
/* Most domains that one store_recipient_due() looks at. */
#define STORE_SCAN_MAX 1000
/* Pages of the write-ahead log at which it is copied into the database. */
#define STORE_WAL_PAGES 2000

/*
 * Opens the database at `path` (":memory:" for one that nobody keeps),
 * makes it if there is none, and brings its schema up to date.  The file
 * has the permissions that the umask leaves.  `vfs` names SQLite's way to
 * the disk; NULL is the usual one.
 * Fails with ERROR_CONFIG if the file is not ours or its schema is newer
 * than this program.
 */
bool store_open(const char *path, const char *vfs, struct store **ret,
		struct error *reterr) MUST_CHECK;

/* Closes `s`; NULL is fine.  An open transaction is undone. */
void store_free(struct store *s);
DEFINE_FREEP(store)

/* Returns whether the database can no longer be trusted: see above. */
bool store_is_broken(const struct store *s);

/* Begins a transaction.  There must be none. */
bool store_begin(struct store *s, struct error *reterr) MUST_CHECK;

/* Ends the transaction.  False: nothing of it was done. */
bool store_commit(struct store *s, struct error *reterr) MUST_CHECK;

/* Ends the transaction, undoing all of it. */
void store_rollback(struct store *s);

/* Begins a job in a transaction. */
bool store_job_begin(struct store *s, struct error *reterr) MUST_CHECK;

/* Ends the job; what it did will be in the commit.  False: it is undone. */
bool store_job_keep(struct store *s, struct error *reterr) MUST_CHECK;

/* Ends the job, undoing what it did. */
void store_job_undo(struct store *s);

/*
 * ---- settings: small things by a key, such as "zone.serial" ----
 *
 * A setting "seen.ROW" is deleted with the identity of that row, a setting
 * "report.TOKEN" when the report of that token is purged.
 */

/* Appends the value of `key` to *ret, whose limit it must fit. */
bool store_setting_get(struct store *s, const char *key, struct buf *ret,
		       struct error *reterr) MUST_CHECK;

/* Makes `value` the value of `key`. */
bool store_setting_put(struct store *s, const char *key, struct span value,
		       struct error *reterr) MUST_CHECK;

/* Deletes `key`; that there is none is fine. */
bool store_setting_delete(struct store *s, const char *key,
			  struct error *reterr) MUST_CHECK;

/* ---- accounts and what only belongs to an account ---- */

/* Adds an account. */
bool store_account_add(struct store *s, const struct account *a,
		       struct error *reterr) MUST_CHECK;

/* Gets the account `id`. */
bool store_account_get(struct store *s, const char *id, struct account *ret,
		       struct error *reterr) MUST_CHECK;

/* Lists accounts in order of id, those after `after` (""; from the first). */
bool store_account_list(struct store *s, const char *after, struct account *ret,
			size_t room, size_t *ret_len,
			struct error *reterr) MUST_CHECK;

/* Adds an access key.  ERROR_NOT_FOUND: no such account. */
bool store_access_key_add(struct store *s, const struct access_key *k,
			  struct error *reterr) MUST_CHECK;

/* Gets the access key `id`, of whatever account. */
bool store_access_key_get(struct store *s, const char *id,
			  struct access_key *ret,
			  struct error *reterr) MUST_CHECK;

/* Lists the access keys of `account` in order of id, those after `after`. */
bool store_access_key_list(struct store *s, const char *account,
			   const char *after, struct access_key *ret,
			   size_t room, size_t *ret_len,
			   struct error *reterr) MUST_CHECK;

/* Stores permission and disabled of the key `k->id` of `k->account`. */
bool store_access_key_update(struct store *s, const struct access_key *k,
			     struct error *reterr) MUST_CHECK;

/* Notes that the access key `id` was used at `time`; never turns it back. */
bool store_access_key_used(struct store *s, const char *id, int64_t time,
			   struct error *reterr) MUST_CHECK;

/* Deletes the access key `id` of `account`. */
bool store_access_key_delete(struct store *s, const char *account,
			     const char *id, struct error *reterr) MUST_CHECK;

/* Adds a configuration set.  ERROR_NOT_FOUND: no such account. */
bool store_set_add(struct store *s, const struct configuration_set *c,
		   struct error *reterr) MUST_CHECK;

/* Gets the configuration set `name` of `account`. */
bool store_set_get(struct store *s, const char *account, const char *name,
		   struct configuration_set *ret,
		   struct error *reterr) MUST_CHECK;

/* Stores the options of `c`, which is there already. */
bool store_set_update(struct store *s, const struct configuration_set *c,
		      struct error *reterr) MUST_CHECK;

/*
 * Lists the sets of `account` in order of name, those after `after` with
 * `contains` in their names ("": all).
 */
bool store_set_list(struct store *s, const char *account, const char *after,
		    const char *contains, struct configuration_set *ret,
		    size_t room, size_t *ret_len,
		    struct error *reterr) MUST_CHECK;

/* Deletes the set `name` of `account`, its tags and event destinations. */
bool store_set_delete(struct store *s, const char *account, const char *name,
		      struct error *reterr) MUST_CHECK;

/*
 * Gives `resource` of `account` the tag `t`, in place of one with that key.
 * A resource is written as in ARNs: "identity/NAME",
 * "configuration-set/NAME".  ERROR_LIMIT_EXCEEDED: above STORE_TAGS_MAX.
 */
bool store_tag_put(struct store *s, const char *account, const char *resource,
		   const struct tag_row *t, struct error *reterr) MUST_CHECK;

/* Lists the tags of a resource in order of key. */
bool store_tag_list(struct store *s, const char *account, const char *resource,
		    struct tag_row ret[STORE_TAGS_MAX], size_t *ret_len,
		    struct error *reterr) MUST_CHECK;

/* Takes the tag `key` away; that there is none is fine. */
bool store_tag_delete(struct store *s, const char *account,
		      const char *resource, const char *key,
		      struct error *reterr) MUST_CHECK;

/* Puts an address on the suppression list, or changes why it is there. */
bool store_suppressed_put(struct store *s, const struct suppressed *u,
			  struct error *reterr) MUST_CHECK;

/* Gets what is known of `address` on the list of `account`. */
bool store_suppressed_get(struct store *s, const char *account,
			  const char *address, struct suppressed *ret,
			  struct error *reterr) MUST_CHECK;

/* Which suppressed addresses a list shows. */
struct suppressed_filter {
	enum suppressed_reason reason; /* 0: any */
	int64_t from;                  /* put there at this time or later */
	int64_t to;                    /* and before this; 0: any time */
};

/*
 * Lists the suppressed addresses of `account` in order, those after `after`
 * that pass `filter` (NULL: all).
 */
bool store_suppressed_list(struct store *s, const char *account,
			   const char *after,
			   const struct suppressed_filter *filter,
			   struct suppressed *ret, size_t room, size_t *ret_len,
			   struct error *reterr) MUST_CHECK;

/* Takes `address` off the list of `account`. */
bool store_suppressed_delete(struct store *s, const char *account,
			     const char *address,
			     struct error *reterr) MUST_CHECK;

/*
 * ---- documents: what an account only keeps and lists ----
 *
 * A document has a name among those of its account, kind and parent; what
 * has no parent has "".  What its text says is none of the store's business.
 */

/*
 * Adds *d with the text `body`.  ERROR_ALREADY_EXISTS: there is one of that
 * name; ERROR_NOT_FOUND: no such account; ERROR_TOO_LARGE: above
 * STORE_DOCUMENT_MAX.
 */
bool store_document_add(struct store *s, const struct document *d,
			struct span body, struct error *reterr) MUST_CHECK;

/* Gets a document, and appends its text to *ret_body. */
bool store_document_get(struct store *s, const char *account,
			enum document_kind kind, const char *parent,
			const char *name, struct document *ret,
			struct buf *ret_body, struct error *reterr) MUST_CHECK;

/*
 * Stores text and `updated` of *d, which is there already: ERROR_NOT_FOUND,
 * ERROR_TOO_LARGE.
 */
bool store_document_put(struct store *s, const struct document *d,
			struct span body, struct error *reterr) MUST_CHECK;

/* Deletes a document.  ERROR_NOT_FOUND: there is none. */
bool store_document_delete(struct store *s, const char *account,
			   enum document_kind kind, const char *parent,
			   const char *name, struct error *reterr) MUST_CHECK;

/* Deletes all documents of that kind and parent; none is fine. */
bool store_document_delete_all(struct store *s, const char *account,
			       enum document_kind kind, const char *parent,
			       struct error *reterr) MUST_CHECK;

/*
 * Lists, without their texts, the documents of that kind and parent in order
 * of name, those after `after` ("": from the first).
 */
bool store_document_list(struct store *s, const char *account,
			 enum document_kind kind, const char *parent,
			 const char *after, struct document *ret, size_t room,
			 size_t *ret_len, struct error *reterr) MUST_CHECK;

/* Counts the documents of that kind and parent. */
bool store_document_count(struct store *s, const char *account,
			  enum document_kind kind, const char *parent,
			  uint64_t *ret, struct error *reterr) MUST_CHECK;

/* ---- identities ---- */

/* Which identities a list shows. */
struct identity_filter {
	enum ses_identity_type type;    /* 0: any */
	enum ses_status verification;   /* 0: any */
	char contains[STORE_NAME_SIZE]; /* in the name; "": any */
};

/*
 * Adds *i and sets its id and version.  ERROR_ALREADY_EXISTS: the account
 * has that name; ERROR_NOT_FOUND: no such account.
 */
bool store_identity_add(struct store *s, struct identity *i,
			struct error *reterr) MUST_CHECK;

/* Gets the identity `name` of `account`. */
bool store_identity_get(struct store *s, const char *account, const char *name,
			struct identity *ret, struct error *reterr) MUST_CHECK;

/* Gets the identity of row `id`. */
bool store_identity_get_by_id(struct store *s, uint64_t id,
			      struct identity *ret,
			      struct error *reterr) MUST_CHECK;

/*
 * Stores all of *i and counts its version up.  ERROR_CONCURRENT: it was
 * changed since *i was read (read it again); ERROR_NOT_FOUND: deleted.
 */
bool store_identity_update(struct store *s, struct identity *i,
			   struct error *reterr) MUST_CHECK;

/*
 * Deletes the identity of row `id` with its tags, policies, DKIM keys and
 * what was seen of it; its tokens are retired at `now`, for ever.
 * ERROR_NOT_FOUND: there is none.
 */
bool store_identity_delete(struct store *s, uint64_t id, int64_t now,
			   struct error *reterr) MUST_CHECK;

/*
 * Lists the identities of `account` in order of name, those after `after`
 * ("": from the first) that pass `filter` (NULL: all).
 */
bool store_identity_list(struct store *s, const char *account,
			 const char *after,
			 const struct identity_filter *filter,
			 struct identity *ret, size_t room, size_t *ret_len,
			 struct error *reterr) MUST_CHECK;

/*
 * Looks up each of `names` and puts those identities that `account` has into
 * `ret`, of room for all, in the order of `names`.
 */
bool store_identity_find(struct store *s, const char *account,
			 const struct span *names, size_t count,
			 struct identity *ret, size_t *ret_len,
			 struct error *reterr) MUST_CHECK;

/* Lists the identities called `name`, of whatever account, oldest first. */
bool store_identity_named(struct store *s, const char *name,
			  struct identity *ret, size_t room, size_t *ret_len,
			  struct error *reterr) MUST_CHECK;

/* Counts the identities of `account`. */
bool store_identity_count(struct store *s, const char *account, uint64_t *ret,
			  struct error *reterr) MUST_CHECK;

/* Lists identities whose next_check is at or before `time`, oldest first. */
bool store_identity_due(struct store *s, int64_t time, struct identity *ret,
			size_t room, size_t *ret_len,
			struct error *reterr) MUST_CHECK;

/* Gets the earliest next_check of all; INT64_MAX if there is none. */
bool store_identity_next_check(struct store *s, int64_t *ret,
			       struct error *reterr) MUST_CHECK;

/*
 * Lists, in order of row and after row `after`, the Easy DKIM domains whose
 * signing key is not (or not yet) of the length they ask for.
 */
bool store_identity_unkeyed(struct store *s, uint64_t after,
			    struct identity *ret, size_t room, size_t *ret_len,
			    struct error *reterr) MUST_CHECK;

/* ---- tokens and keys ---- */

/*
 * Notes that `token` was given to the identity of row `identity`.
 * ERROR_ALREADY_EXISTS: it was given out before, which is for ever.
 */
bool store_token_add(struct store *s, const char *token, uint64_t identity,
		     int64_t now, struct error *reterr) MUST_CHECK;

/* Gets what is known of `token`. */
bool store_token_get(struct store *s, const char *token, struct token_row *ret,
		     struct error *reterr) MUST_CHECK;

/*
 * Lists, in order of token and behind `after` (""; from the first), the
 * tokens that are not retired, with their keys: what the zone shows.
 */
bool store_token_published(struct store *s, const char *after,
			   struct published_token *ret, size_t room,
			   size_t *ret_len, struct error *reterr) MUST_CHECK;

/*
 * As store_token_published(), of the tokens that were given out or retired
 * at or after `time`.
 */
bool store_token_changed(struct store *s, int64_t time, const char *after,
			 struct published_token *ret, size_t room,
			 size_t *ret_len, struct error *reterr) MUST_CHECK;

/* Stores a DKIM key, in place of one of that identity and selector. */
bool store_dkim_key_put(struct store *s, const struct dkim_key *k,
			struct error *reterr) MUST_CHECK;

/* Gets the DKIM key `selector` of the identity of row `identity`. */
bool store_dkim_key_get(struct store *s, uint64_t identity,
			const char *selector, struct dkim_key *ret,
			struct error *reterr) MUST_CHECK;

/* Lists the DKIM keys of an identity (0: the deployment's own). */
bool store_dkim_key_list(struct store *s, uint64_t identity,
			 struct dkim_key *ret, size_t room, size_t *ret_len,
			 struct error *reterr) MUST_CHECK;

/*
 * Lists all DKIM keys in order of identity and selector, those behind
 * `after` (NULL: from the first), of which only these two are looked at.
 */
bool store_dkim_key_all(struct store *s, const struct dkim_key *after,
			struct dkim_key *ret, size_t room, size_t *ret_len,
			struct error *reterr) MUST_CHECK;

/* Deletes a DKIM key. */
bool store_dkim_key_delete(struct store *s, uint64_t identity,
			   const char *selector,
			   struct error *reterr) MUST_CHECK;

/* Adds a key to the pool and sets its id. */
bool store_pool_add(struct store *s, struct pool_key *k,
		    struct error *reterr) MUST_CHECK;

/* Takes the oldest key of that kind out of the pool; ERROR_NOT_FOUND: none. */
bool store_pool_take(struct store *s, enum dkim_key_type type, int bits,
		     struct pool_key *ret, struct error *reterr) MUST_CHECK;

/* Counts the keys of that kind in the pool. */
bool store_pool_count(struct store *s, enum dkim_key_type type, int bits,
		      uint64_t *ret, struct error *reterr) MUST_CHECK;

/* ---- the queue ---- */

/*
 * Adds a message with its data and its recipients, and counts these as sent
 * at m->created.  Sets m->id, m->size, and id and message of each recipient;
 * if none of them is queued, the message is finished at once.
 * ERROR_ALREADY_EXISTS: there is a message with that message_id.
 */
bool store_message_add(struct store *s, struct message *m, struct span data,
		       struct recipient *recipients, size_t count,
		       struct error *reterr) MUST_CHECK;

/* Gets the message of row `id`. */
bool store_message_get(struct store *s, uint64_t id, struct message *ret,
		       struct error *reterr) MUST_CHECK;

/* Gets the message that the API called `message_id`. */
bool store_message_find(struct store *s, const char *message_id,
			struct message *ret, struct error *reterr) MUST_CHECK;

/*
 * Appends the data of the message of row `id` to *ret.  ERROR_NOT_FOUND: it
 * is purged; ERROR_TOO_LARGE: it does not fit.
 */
bool store_message_data(struct store *s, uint64_t id, struct buf *ret,
			struct error *reterr) MUST_CHECK;

/* Lists the recipients of a message in order of row, those after `after`. */
bool store_recipient_list(struct store *s, uint64_t message, uint64_t after,
			  struct recipient *ret, size_t room, size_t *ret_len,
			  struct error *reterr) MUST_CHECK;

/* Gets the recipient of row `id`. */
bool store_recipient_get(struct store *s, uint64_t id, struct recipient *ret,
			 struct error *reterr) MUST_CHECK;

/*
 * Lists queued recipients that are due at or before `time`, domain by
 * domain in order, at most `per_domain` of each, the longest due first.
 *
 * `cursor` is where to begin: "" or what the last call left there.  It is
 * set to the last domain looked at if there may be more (no room, or
 * STORE_SCAN_MAX domains seen), to "" after the last domain: who goes round
 * and round serves each domain in its turn, however many wait for another.
 */
bool store_recipient_due(struct store *s, int64_t time, size_t per_domain,
			 char cursor[STORE_DOMAIN_SIZE], struct recipient *ret,
			 size_t room, size_t *ret_len,
			 struct error *reterr) MUST_CHECK;

/* Gets the earliest next_attempt of all queued; INT64_MAX if none is. */
bool store_recipient_next_attempt(struct store *s, int64_t *ret,
				  struct error *reterr) MUST_CHECK;

/*
 * Moves the *len recipients `r` from QUEUED to SENDING.  Those that are not
 * queued any more are taken out of the array and *len.
 */
bool store_recipient_claim(struct store *s, struct recipient *r, size_t *len,
			   int64_t now, struct error *reterr) MUST_CHECK;

/*
 * Stores state, attempts, next_attempt, reply, remote, tls and updated of
 * *r; with the last recipient of a message its `finished` is set too.
 */
bool store_recipient_update(struct store *s, const struct recipient *r,
			    struct error *reterr) MUST_CHECK;

/*
 * Makes every recipient in SENDING due at `now`: at start, when no delivery
 * can be under way.  Sets *ret to how many there were.
 */
bool store_recipient_requeue(struct store *s, int64_t now, uint64_t *ret,
			     struct error *reterr) MUST_CHECK;

/* Counts recipients that are queued or sending; of all accounts for NULL. */
bool store_queued_count(struct store *s, const char *account, uint64_t *ret,
			struct error *reterr) MUST_CHECK;

/*
 * Counts the recipients that messages of `account` were accepted for after
 * `since`, to ten minutes exactly.
 */
bool store_sent_count(struct store *s, const char *account, int64_t since,
		      uint64_t *ret, struct error *reterr) MUST_CHECK;

/*
 * Deletes the data of at most `limit` messages that finished before `time`.
 * Sets *ret to how many.
 */
bool store_data_purge(struct store *s, int64_t time, size_t limit,
		      uint64_t *ret, struct error *reterr) MUST_CHECK;

/* As store_data_purge(), for the messages whole, with recipients and data. */
bool store_message_purge(struct store *s, int64_t time, size_t limit,
			 uint64_t *ret, struct error *reterr) MUST_CHECK;

/* Forgets the counts of what was sent before `time`. */
bool store_sent_purge(struct store *s, int64_t time,
		      struct error *reterr) MUST_CHECK;

/* ---- the audit log and the reports ---- */

/* Appends an event and sets its id. */
bool store_event_add(struct store *s, struct event *e,
		     struct error *reterr) MUST_CHECK;

/*
 * Lists the events of `account` after the one of row `after`, oldest first;
 * only those of `identity` unless it is "".
 */
bool store_event_list(struct store *s, const char *account,
		      const char *identity, uint64_t after, struct event *ret,
		      size_t room, size_t *ret_len,
		      struct error *reterr) MUST_CHECK;

/* As store_event_list(), before that row (0: the last) and newest first. */
bool store_event_last(struct store *s, const char *account,
		      const char *identity, uint64_t before, struct event *ret,
		      size_t room, size_t *ret_len,
		      struct error *reterr) MUST_CHECK;

/* Deletes at most `limit` events older than `time`. */
bool store_event_purge(struct store *s, int64_t time, size_t limit,
		       uint64_t *ret, struct error *reterr) MUST_CHECK;

/* Stores a report and sets its id, in place of one with that token. */
bool store_report_put(struct store *s, struct report_row *r,
		      struct error *reterr) MUST_CHECK;

/* Gets the report of `token`. */
bool store_report_get(struct store *s, const char *token,
		      struct report_row *ret, struct error *reterr) MUST_CHECK;

/*
 * Keeps `message`, as it was received, beside the report of `token`;
 * at most STORE_REPORT_MESSAGE_MAX octets.  ERROR_NOT_FOUND: there is no such
 * report.
 */
bool store_report_message_put(struct store *s, const char *token,
			      struct span message,
			      struct error *reterr) MUST_CHECK;

/* Appends the message kept beside the report of `token`; none is "". */
bool store_report_message(struct store *s, const char *token, struct buf *ret,
			  struct error *reterr) MUST_CHECK;

/* Deletes at most `limit` reports received before `time`. */
bool store_report_purge(struct store *s, int64_t time, size_t limit,
			uint64_t *ret, struct error *reterr) MUST_CHECK;

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - a whole message: who it says it is from, and whether SPF, DKIM and
 * DMARC prove it.
 *
 *	struct sesame_verify_input in = {
 *		.size = sizeof(in),
 *		.client_ip = sesame_text_of("192.0.2.1"),
 *		.helo = sesame_text_of("mx.example.org"),
 *		.mail_from = sesame_text_of("bounce@example.org"),
 *		.time_ms = now,
 *	};
 *	struct sesame_verify *verify;
 *
 *	sesame_verify_new(&in, &verify);
 *	while (there is more)
 *		sesame_verify_feed(verify, bytes, len);
 *	sesame_verify_end(verify);
 *	answer_all(sesame_verify_dns(verify));
 *	if (sesame_verify_dmarc(verify)->disposition == SESAME_POLICY_REJECT)
 *		refuse();
 *	sesame_verify_free(verify);
 *
 * The header is parsed once, and the author is taken from exactly one From
 * (RFC 9989 section 5.3.1): a message that two readers could take to be from
 * two authors has none, and cannot pass.
 *
 * Memory: at most 9 MiB and a DNS answer; it does not grow with the body.
 */
#ifndef SESAME_MAILAUTH_VERIFY_H
#define SESAME_MAILAUTH_VERIFY_H

#include <sesame/mailauth/arc.h>
#include <sesame/mailauth/dmarc.h>

SESAME_BEGIN

struct sesame_verify;

/* The sum of it. */
enum sesame_verdict {
	SESAME_VERDICT_PASS = 0,        /* DMARC passes, by every leg that was
					   checked */
	SESAME_VERDICT_PARTLY = 1,      /* DMARC passes, but one leg does not */
	SESAME_VERDICT_UNPROTECTED = 2, /* no DMARC policy applies */
	SESAME_VERDICT_FAIL = 3,    /* DMARC fails, or there is no one author */
	SESAME_VERDICT_UNKNOWN = 4, /* DNS did not answer */
};

/* Whose turn it is, when something is to be mended. */
enum sesame_turn {
	SESAME_TURN_NOBODY = 0,    /* nothing is to be done */
	SESAME_TURN_OPERATOR = 1,  /* who runs the DNS of the domain at fault */
	SESAME_TURN_SENDER = 2,    /* who runs the sending service */
	SESAME_TURN_FORWARDER = 3, /* a mailing list or forwarder on the way */
	SESAME_TURN_RECEIVER = 4,  /* who received it, or asks now */
};

/* What is known of the way a message came.  Zero it, then set what you know.
 */
struct sesame_verify_input {
	size_t size;                  /* sizeof(struct sesame_verify_input) */
	struct sesame_text client_ip; /* of the client; SPF needs it */
	struct sesame_text helo;      /* what it called itself */
	struct sesame_text mail_from; /* with or without "<>"; "" is the null
					 sender.  SPF needs it. */
	struct sesame_text receiver;  /* name of the receiving host */
	struct sesame_text tls;       /* protocol and cipher, for the report */
	int64_t time_ms;              /* now */
	struct sesame_cache *cache;   /* may be NULL */
	unsigned flags;               /* of enum sesame_message_flag */
};

/* What holds for the message as a whole. */
struct sesame_verify_result {
	enum sesame_verdict verdict;      /* the sum of it */
	const char *verdict_text;         /* the same, for a person */
	const char *fact;                 /* what matters most, as a stable
					     name: "dkim.body_changed" */
	enum sesame_turn turn;            /* whose turn it is */
	struct sesame_text headline;      /* one sentence: what broke, where */
	struct sesame_text evidence;      /* what shows it */
	struct sesame_text repair;        /* what to do about it */
	struct sesame_text author;        /* address of From; "" if no one */
	struct sesame_text author_domain; /* its domain, in A-labels; "" */
	struct sesame_text author_name;   /* its display name, as written */
	const char *author_text;          /* why there is no author, for a
					     person; "" if there is one */
	enum sesame_dkim_code dkim;       /* of all signatures together */
	size_t dkim_count;                /* signatures looked at */
	size_t dkim_skipped;              /* more that there are */
	bool spf_aligned;                 /* SPF's domain with the author,
					     whatever its result */
};

/*
 * Starts on a message.  Fails with SESAME_ERR_ARGUMENT or, if client_ip is
 * set and no address, SESAME_ERR_ADDRESS.
 */
SESAME_API enum sesame_status
sesame_verify_new(const struct sesame_verify_input *in,
		  struct sesame_verify **ret);

/* Frees `verify`, which may be NULL, and its results. */
SESAME_API void sesame_verify_free(struct sesame_verify *verify);

/* Goes on with `len` bytes of the message, header first. */
SESAME_API enum sesame_status sesame_verify_feed(struct sesame_verify *verify,
						 const void *bytes, size_t len);

/* Ends the message: then its DNS side asks. */
SESAME_API enum sesame_status sesame_verify_end(struct sesame_verify *verify);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_verify_dns(struct sesame_verify *verify);

/* Octets of the longest message that sesame_verify_explain() takes. */
#define SESAME_EXPLAIN_MAX ((size_t)64 << 20)

/*
 * Finds out what happened to the signatures that fail, for the report and
 * what matters most: `message` is all that was fed, in one piece.  It takes
 * time and memory in proportion to the message; a server that judges mail of
 * strangers does without.  SESAME_ERR_ORDER: a question waits, or none was
 * asked yet.  What was borrowed before is gone.
 */
SESAME_API enum sesame_status
sesame_verify_explain(struct sesame_verify *verify, const void *message,
		      size_t len);

/* Borrows what holds for the whole; NULL while a question waits, as in all
 * that follow. */
SESAME_API const struct sesame_verify_result *
sesame_verify_result(const struct sesame_verify *verify);

/* Borrows SPF's result for MAIL FROM; NULL if it was not evaluated. */
SESAME_API const struct sesame_spf_result *
sesame_verify_spf(const struct sesame_verify *verify);

/* Borrows SPF's result for HELO, which DMARC does not look at; NULL if it was
 * not evaluated. */
SESAME_API const struct sesame_spf_result *
sesame_verify_helo(const struct sesame_verify *verify);

/* Borrows the result of signature `i`, top down; NULL if there is none. */
SESAME_API const struct sesame_dkim_result *
sesame_verify_dkim(const struct sesame_verify *verify, size_t i);

/* Borrows DMARC's result. */
SESAME_API const struct sesame_dmarc_result *
sesame_verify_dmarc(const struct sesame_verify *verify);

/* Borrows the result of the ARC chain: for information. */
SESAME_API const struct sesame_arc_result *
sesame_verify_arc(const struct sesame_verify *verify);

/*
 * Borrows the report: lines of text for a person, ASCII, each ending in LF;
 * what strangers wrote is escaped.
 */
SESAME_API struct sesame_text
sesame_verify_report(struct sesame_verify *verify);

/*
 * Borrows an Authentication-Results field (RFC 8601) with all results, as
 * said by `authserv_id`, with the CRLF at its end: it stands as it is on top
 * of the message.  "" while a question waits, or if the name is "" or above
 * 255 octets.  Good until the next call of this function.
 */
SESAME_API struct sesame_text
sesame_verify_authres(struct sesame_verify *verify,
		      struct sesame_text authserv_id);

/* ---- forged Authentication-Results ---- */

/* A field of a header. */
struct sesame_field {
	size_t offset; /* its first byte in the message, whose lines end in
			  CRLF */
	size_t len;    /* octets, with the CRLF at its end */
	size_t index;  /* which Authentication-Results field it is, from 1 on
			  top: what a milter calls it */
};

/*
 * Borrows the `i`th Authentication-Results field, from 0, that claims to be
 * of `authserv_id`, or is so malformed that it might; NULL if there are no
 * more.  It came from outside, so it is forged, and has to be removed (RFC
 * 8601 section 5).  The header must have come; the answer is good until the
 * next call of this function.
 */
SESAME_API const struct sesame_field *
sesame_verify_forged(struct sesame_verify *verify,
		     struct sesame_text authserv_id, size_t i);

SESAME_END

#endif

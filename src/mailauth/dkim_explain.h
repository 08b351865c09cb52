/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_explain - what happened to a message whose DKIM signature fails.
 *
 * A hash only says that something differs.  Yet what usually happens to mail
 * on its way is known: a list adds a footer, a prefix to the subject, a part;
 * a gateway encodes anew; a field is added that the signer had named as
 * absent.  So each of these is undone in turn, and the result hashed: the one
 * that fits is what happened, beyond doubt.  For the header the digest that
 * was signed is taken out of the RSA signature itself; an Ed25519 signature
 * gives none, and is verified against fewer guesses.
 *
 * This is for people, once, over a message in memory: verify.h judges without
 * it, and nothing found here makes a signature good.
 *
 * Pure: no I/O, no logging, no clock.  The work is bounded by the limits
 * below, whatever the message holds.  RFC 6376 sections 3.4 and 3.7.
 */
#pragma once

#include "mailauth/dkim_verify.h"

/* Octets hashed for one signature at most; the search then ends. */
#define DKIM_EXPLAIN_OCTETS_MAX ((uint64_t)64 << 20)
/* Guesses that are hashed and compared, of header and body together. */
#define DKIM_EXPLAIN_GUESSES_MAX 20000
/* Guesses at a header signed with Ed25519, each a verification. */
#define DKIM_EXPLAIN_VERIFY_MAX 200
/* Lines at the end of a body that may be a footer. */
#define DKIM_EXPLAIN_FOOTER_MAX 500
/* Lines at the start of a body that may be a banner. */
#define DKIM_EXPLAIN_BANNER_MAX 16
/* MIME parts of a body that may have been added. */
#define DKIM_EXPLAIN_PARTS_MAX 16
/* Octets of a body that is looked at; of a longer one only the end is. */
#define DKIM_EXPLAIN_BODY_MAX ((size_t)32 << 20)
/* Octets of a value that is kept to be shown. */
#define DKIM_EXPLAIN_SHOWN_MAX 200
/* Octets it takes from the arena at most. */
#define DKIM_EXPLAIN_ARENA_MAX 4096

/* What happened to a body. */
enum dkim_body_change {
	DKIM_BODY_SAME,         /* nothing: it is as it was signed */
	DKIM_BODY_UNKNOWN,      /* it differs, and no guess fits */
	DKIM_BODY_APPENDED,     /* lines were added at its end */
	DKIM_BODY_PREPENDED,    /* lines were added at its start */
	DKIM_BODY_AROUND,       /* lines were added at both */
	DKIM_BODY_FROM_NOTHING, /* it was empty when it was signed */
	DKIM_BODY_FORM,         /* hashed in the form that c= does not say */
	DKIM_BODY_RAW,          /* hashed as it is, in no canonical form */
	DKIM_BODY_LF,           /* hashed with LF for each CRLF */
	DKIM_BODY_BARE,         /* hashed with CRLF for each bare CR or LF */
	DKIM_BODY_FROM_LINES, /* ">" was put before lines that begin "From " */
	DKIM_BODY_DOTS,       /* a dot that began lines was lost or doubled */
	DKIM_BODY_ENCODED,    /* it was encoded in another way */
	DKIM_BODY_PART,       /* a MIME part was added */
	DKIM_BODY_WRAPPED,    /* it was made a part of a multipart */
};

/* What happened to a header. */
enum dkim_header_change {
	DKIM_HEADER_SAME,     /* nothing: it is as it was signed */
	DKIM_HEADER_UNKNOWN,  /* it differs, and no guess fits */
	DKIM_HEADER_NOT_KEY,  /* the signature is none by the key in DNS */
	DKIM_HEADER_FORM,     /* hashed in the form that c= does not say */
	DKIM_HEADER_ADDED,    /* a field was added that was signed as absent */
	DKIM_HEADER_INSTANCE, /* another field of that name was the signed one
			       */
	DKIM_HEADER_PREFIX,   /* a word was put before the subject */
	DKIM_HEADER_VALUE,    /* a field was given another value */
	DKIM_HEADER_SPACE,    /* a field's white space or folds changed */
	DKIM_HEADER_QUOTES,   /* quotes or brackets in a field changed */
};

/* What was found out about one signature. */
struct dkim_explained {
	bool has_body;              /* `body` was looked into */
	enum dkim_body_change body; /* what happened to it */
	size_t above;               /* lines added at its start */
	size_t below;               /* lines added at its end */
	size_t part;                /* the part added, or that it is; from 1 */
	struct span line;           /* the first line added, or "" */
	bool has_header;            /* `header` was looked into */
	enum dkim_header_change header; /* what happened to it */
	struct span field;              /* the name of the field; "" if none */
	struct span was;                /* its value when signed; "" if none */
	struct span also; /* another field that was added, or "" */
	size_t guesses;   /* that were hashed */
	uint64_t octets;  /* that were hashed */
	bool limited;     /* a limit ended the search */
};

/*
 * Finds out why the signature of `d` fails over `header` and `body`, all of
 * the body.  Sets *ret, with nothing in it if `d` does not fail for its
 * hashes.  The arena must allow DKIM_EXPLAIN_ARENA_MAX.
 */
void dkim_explain(const struct dkim_result *d,
		  const struct header_block *header, struct span body,
		  struct arena *arena, struct dkim_explained *ret);

/*
 * Appends what is known as a clause, such as `3 lines were added at its end,
 * the first "-- "`: of the body, or of the header.  Nothing if that was not
 * looked into.
 */
void dkim_explained_body(const struct dkim_explained *e, struct buf *to);

/* As dkim_explained_body(), of the header. */
void dkim_explained_header(const struct dkim_explained *e, struct buf *to);

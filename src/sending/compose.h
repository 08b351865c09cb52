/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose - what an API call or a session brings, made into the message sent.
 *
 * Two doors, one result: "Simple" content (subject, text, HTML ...) is made
 * into MIME; "Raw" content is examined as a whole and only its header is
 * changed.  Either way From is exactly one mailbox that no two readers could
 * read differently, all lines end in CRLF, Date and Message-ID are ours (as
 * in SES), and Bcc, Return-Path and our private fields are gone.
 *
 * Pure: no I/O, no logging, no clock, no randomness: the boundary is given.
 * GMime encodes what is not ASCII.  Ownership: what is composed goes into
 * the caller's buf, what was learnt of it into the arena, which should allow
 * COMPOSE_ARENA.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "text/address.h"

#define COMPOSE_SIZE_MAX         ((size_t)40 << 20) /* octets of a message (SES) */
#define COMPOSE_ARENA            ((size_t)8 << 20) /* octets an arena should allow */
#define COMPOSE_LINE_MAX         8192 /* octets of a line, without its CRLF */
#define COMPOSE_HEADERS_MAX      15   /* fields added to Simple content (SES) */
#define COMPOSE_SUBJECT_MAX      8000 /* octets of a subject */
#define COMPOSE_NAME_MAX         126 /* octets of an added field's name (SES) */
#define COMPOSE_VALUE_MAX        995 /* octets of an added field's value (SES) */
#define COMPOSE_ATTACHMENTS_MAX  500  /* attachments of a message */
#define COMPOSE_RECEIVED_MAX     50   /* Received fields: more is a loop */
#define COMPOSE_ADDRESS_TEXT_MAX 2000 /* octets of one mailbox as given */

/* What every message gets. */
struct compose_stamp {
	int64_t now;             /* Date, ms since 1970 */
	struct span message_id;  /* without "<>": id@domain */
	struct span feedback_id; /* Feedback-ID, or "" for none */
	struct span boundary;    /* unguessable, of letters, digits and "-"; at
				    most 60 octets.  Used by Simple alone. */
};

/* A field that the caller of the API adds. */
struct compose_header {
	struct span name;  /* as in the field */
	struct span value; /* printable ASCII */
};

/* A file that goes with Simple content. */
struct compose_attachment {
	struct span file_name;    /* UTF-8 */
	struct span content_type; /* "image/png"; "" to go by nothing */
	struct span content_id;   /* without "<>", or "" */
	struct span description;  /* UTF-8, or "" */
	bool is_inline;           /* Content-Disposition: inline */
	struct span bytes;        /* decoded */
};

/* "Simple" content; every text is UTF-8. */
struct compose_simple {
	struct span from;            /* one mailbox, as the API has it */
	const struct span *to;       /* each one mailbox */
	size_t tos;                  /* of to */
	const struct span *cc;       /* each one mailbox */
	size_t ccs;                  /* of cc */
	const struct span *reply_to; /* each one mailbox */
	size_t reply_tos;            /* of reply_to */
	struct span subject;
	bool has_text;                               /* there is a Text part */
	struct span text;                            /* it */
	bool has_html;                               /* there is a Html part */
	struct span html;                            /* it */
	const struct compose_header *header;         /* added fields */
	size_t headers;                              /* of header */
	const struct compose_attachment *attachment; /* files */
	size_t attachments;                          /* of attachment */
};

/* What is known of a message that was composed. */
struct composed {
	struct address from;         /* the one author */
	struct address_list senders; /* Sender, Resent-From, Resent-Sender: who
					must be authorised too */
	struct address_list recipients; /* To, Cc and Bcc of the header */
	struct span configuration_set;  /* X-SES-CONFIGURATION-SET, or "" */
	struct span tags;               /* X-SES-MESSAGE-TAGS, or "" */
	struct span subject;            /* as it is in the header, unfolded */
};

/*
 * Composes Simple content, appending it to `to`.
 * Fails with ERROR_BAD_REQUEST if a part of it is not legal, and with
 * ERROR_TOO_LARGE above the limit of `to` or COMPOSE_SIZE_MAX.
 */
bool compose_simple(const struct compose_simple *content,
		    const struct compose_stamp *stamp, struct arena *arena,
		    struct buf *to, struct composed *ret,
		    struct error *reterr) MUST_CHECK;

/*
 * Appends what people would see of Simple content, to look at: Date, Subject
 * and its MIME, without the fields that say who.  Fails as compose_simple().
 */
bool compose_preview(const struct compose_simple *content, int64_t now,
		     struct span boundary, struct buf *to,
		     struct error *reterr) MUST_CHECK;

/*
 * Examines the Raw message in `data` and appends what is sent of it to `to`.
 * Line ends of any kind are made CRLF before anything else.
 * Fails with ERROR_BAD_REQUEST if its header could be read in two ways, lacks
 * From, has a field twice that must be single, or if there is a NUL or a line
 * too long in it; with ERROR_TOO_LARGE as compose_simple() does.
 */
bool compose_raw(struct span data, const struct compose_stamp *stamp,
		 struct arena *arena, struct buf *to, struct composed *ret,
		 struct error *reterr) MUST_CHECK;

/*
 * Reads `text`, one mailbox as an API call has it, into *ret; `what` names it
 * in the error.  Fails with ERROR_BAD_REQUEST if it is not exactly one.
 */
bool compose_mailbox(struct span text, const char *what, struct arena *arena,
		     struct mailbox *ret, struct error *reterr) MUST_CHECK;

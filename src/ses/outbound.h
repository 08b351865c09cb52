/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbound - the request of SendEmail, as it goes over the wire.
 *
 * Reads what is to be sent, with every check that can be made by looking at
 * it: the model's constraints, addresses that are addresses, and no
 * character anywhere that could end a header field or an SMTP command.  Who
 * may send it, and how it becomes a message, is for sending/.  Raw messages
 * and attachments stay base64: they are decoded where there is time.
 *
 * Pure: no allocation but jansson's and in the given arena, no I/O, no
 * logging, no clock.  Ownership: spans borrow the JSON, addresses are in the
 * arena.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "ses/templates.h"
#include "text/address.h"
#include "text/json.h"

/* Recipients of a message, To, Cc and Bcc together (SES quota). */
#define SES_RECIPIENTS_MAX 50
/* Header fields of the caller's own. */
#define SES_HEADERS_MAX 15
/* Octets of one of these, name and value together. */
#define SES_HEADER_MAX 996
/* Attachments of a message. */
#define SES_ATTACHMENTS_MAX 100
/* Tags of a message. */
#define SES_MESSAGE_TAGS_MAX 50
/* Octets of the body of an API request: 40 MiB in base64, in JSON. */
#define SES_BODY_MAX ((size_t)56 << 20)

/* How the content of a message is given. */
enum ses_content {
	SES_SIMPLE = 1, /* its parts; the message is made by us */
	SES_RAW,        /* a whole message */
	SES_TEMPLATE,   /* a template: SES_SIMPLE once it is rendered */
};

/* Model shape Template, as far as it is not Simple's: one of the first three
 * is given. */
struct ses_by_template {
	struct span name;      /* TemplateName, or "" */
	struct span arn;       /* TemplateArn, or "" */
	const json_t *content; /* TemplateContent, or NULL */
	struct span data;      /* TemplateData, or "" */
};

/* Model shape MessageHeader. */
struct ses_header {
	struct span name;
	struct span value;
};

/* Model shape Attachment. */
struct ses_attachment {
	struct span content; /* RawContent: base64 */
	struct span file_name;
	struct span type;        /* "": by its name */
	struct span description; /* or "" */
	struct span content_id;  /* or "" */
	bool inlined;            /* ContentDisposition INLINE */
};

/* Model shape MessageTag. */
struct ses_message_tag {
	struct span name;
	struct span value;
};

/* SendEmail. */
struct ses_send {
	enum ses_content kind;
	/* FromEmailAddress: one mailbox; NULL (SES_RAW): the header's From */
	const struct mailbox *from;
	struct span from_text;           /* the same as it was given, or "" */
	struct address_list to, cc, bcc; /* Destination */
	bool has_destination;            /* SES_RAW: else the header's */
	struct address_list reply_to;    /* ReplyToAddresses */
	const struct mailbox *feedback;  /* FeedbackForwardingEmailAddress,
					    or NULL */
	struct span configuration_set;   /* or "" */
	struct ses_message_tag tag[SES_MESSAGE_TAGS_MAX];
	size_t tags; /* of tag */

	struct span raw;                 /* SES_RAW: base64 of the message */
	struct ses_by_template template; /* SES_TEMPLATE */

	struct span subject;     /* SES_SIMPLE, UTF-8, as the next two */
	struct span text;        /* or "" */
	struct span html;        /* or "" */
	bool has_text, has_html; /* at least one is */
	struct ses_header header[SES_HEADERS_MAX];
	size_t headers; /* of header */
	struct ses_attachment attachment[SES_ATTACHMENTS_MAX];
	size_t attachments; /* of attachment */
};

/*
 * Reads the body of SendEmail, NULL if there is none.
 * Fails with SERIALIZATION or BAD_REQUEST, in SES's words where they are
 * known.
 */
bool ses_send_read(const json_t *body, struct arena *arena,
		   struct ses_send *ret, struct error *reterr) MUST_CHECK;

/*
 * As ses_send_read(), of a body that ses_model_input() found good: a long
 * message is not looked through again.
 */
bool ses_send_read_judged(const json_t *body, struct arena *arena,
			  struct ses_send *ret,
			  struct error *reterr) MUST_CHECK;

/*
 * Makes a message of SES_TEMPLATE one of SES_SIMPLE, with the parts of
 * `made`, which it borrows.  Fails with BAD_REQUEST if they cannot be sent.
 */
bool ses_send_rendered(struct ses_send *send, const struct ses_template *made,
		       struct error *reterr) MUST_CHECK;

/* What a client gives, all as text. */
struct ses_send_ask {
	struct span from;
	const struct span *to;         /* addresses */
	size_t tos;                    /* of to */
	struct span configuration_set; /* or "" */
	struct span raw; /* a whole message, not base64; "": the next ones */
	struct span subject;
	struct span text;
	struct span html; /* or "" */
};

/* Writes the body of SendEmail.  Its copy of `raw` is base64. */
json_t *ses_send_write(const struct ses_send_ask *ask) MUST_CHECK;

/*
 * Returns whether `text` has a character that could end or hide a line: C0
 * controls (but a tab), DEL, C1 controls, U+2028 and U+2029.
 */
bool ses_has_control(struct span text);

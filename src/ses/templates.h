/* SPDX-License-Identifier: Apache-2.0 */
/*
 * templates - what goes over the wire about e-mail templates.
 *
 * A template is kept as the JSON of its model shape, EmailTemplateContent.
 * It is parsed when it is given (ses/template.h), so that one that could
 * never be rendered is refused there and then.
 *
 * Pure: no allocation but jansson's, in given buffers and in arenas of its
 * own, no I/O, no logging, no clock.  Ownership: spans borrow the JSON they
 * were read from; what is rendered borrows the buffer it is in.
 */
#pragma once

#include "ses/identities.h"
#include "ses/template.h"

/* Characters of a template's name. */
#define SES_TEMPLATE_NAME_MAX 64
/* Octets of a stored template: subject, text and HTML together (SES quota). */
#define SES_TEMPLATE_SIZE_MAX ((size_t)500 << 10)
/* Octets of one that comes with the message it is for (SES quota). */
#define SES_TEMPLATE_INLINE_MAX ((size_t)1 << 20)
/* Octets of the JSON with the data of a rendering. */
#define SES_TEMPLATE_DATA_MAX 262144
/* Octets of the body of a call that brings a template. */
#define SES_TEMPLATE_BODY_MAX ((size_t)4 << 20)
/* Templates on a page of a list, and when the caller does not say. */
#define SES_TEMPLATES_PAGE_MAX     100
#define SES_TEMPLATES_PAGE_DEFAULT 10

/* Model shape EmailTemplateContent. */
struct ses_template {
	struct span subject; /* or "" */
	struct span text;    /* or "" */
	struct span html;    /* or "" */
	bool has_text;       /* it may be empty and there */
	bool has_html;       /* as has_text */
};

/* CreateEmailTemplate. */
struct ses_create_template {
	struct span name;
	struct ses_template content;
	struct ses_tags tags;
};

/* ListEmailTemplates. */
struct ses_list_templates {
	size_t page;            /* entries at most */
	struct span next_token; /* or "": from the start */
};

/*
 * Reads the body of CreateEmailTemplate, NULL if there is none.
 * Fails with SERIALIZATION or BAD_REQUEST: also if the template cannot be
 * parsed, or is too large.
 */
bool ses_create_template_read(const json_t *body,
			      struct ses_create_template *ret,
			      struct error *reterr) MUST_CHECK;

/* Reads the body of UpdateEmailTemplate, as above. */
bool ses_update_template_read(const json_t *body, struct ses_template *ret,
			      struct error *reterr) MUST_CHECK;

/* Reads the query of ListEmailTemplates: its PageSize and NextToken. */
bool ses_list_templates_query(struct span page, struct span next_token,
			      struct ses_list_templates *ret,
			      struct error *reterr) MUST_CHECK;

/* Reads the body of TestRenderEmailTemplate: *ret is its TemplateData. */
bool ses_render_read(const json_t *body, struct span *ret,
		     struct error *reterr) MUST_CHECK;

/*
 * Reads an EmailTemplateContent of at most `max` octets, whose shape was
 * checked; fails as above.
 */
bool ses_template_read(const json_t *content, size_t max,
		       struct ses_template *ret,
		       struct error *reterr) MUST_CHECK;

/* Writes an EmailTemplateContent. */
json_t *ses_template_write(const struct ses_template *content) MUST_CHECK;

/*
 * Reads what is rendered, TemplateData: an object in JSON; "" is one without
 * members.  Sets *ret to a new reference.  Fails with BAD_REQUEST.
 */
bool ses_template_data_read(struct span text, json_t **ret,
			    struct error *reterr) MUST_CHECK;

/*
 * Appends to `to` what `content` makes of `data`, and sets *ret to its parts,
 * which borrow `to`.  Fails with BAD_REQUEST: in SES's words if an attribute
 * is missing.
 */
bool ses_template_render(const struct ses_template *content, const json_t *data,
			 struct buf *to, struct ses_template *ret,
			 struct error *reterr) MUST_CHECK;

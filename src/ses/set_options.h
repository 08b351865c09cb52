/* SPDX-License-Identifier: Apache-2.0 */
/*
 * set_options - the options of a configuration set, group by group.
 *
 * A group is a member of CreateConfigurationSet, and what one of the calls
 * PutConfigurationSet...Options puts in place of what was there.  Each is kept
 * as the JSON object it came in, once it is known to have its shape.  What a
 * deployment could not do is refused here, in every group: an archive or a
 * pool of addresses that there is not, S/MIME, the suppression list of a
 * tenant, the validation of addresses.
 *
 * What they do: SendingOptions, DeliveryOptions and SuppressionOptions rule
 * sending (sending/rules.h).  ReputationOptions, TrackingOptions and
 * VdmOptions rule what is counted and told of messages that were sent, which
 * comes with the events of sending: until then they are kept and shown.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans borrow the JSON they were read from.
 */
#pragma once

#include "base/error.h"
#include "text/json.h"

/* A group of options. */
enum ses_options {
	SES_OPTIONS_TRACKING,    /* TrackingOptions */
	SES_OPTIONS_DELIVERY,    /* DeliveryOptions */
	SES_OPTIONS_REPUTATION,  /* ReputationOptions */
	SES_OPTIONS_SENDING,     /* SendingOptions */
	SES_OPTIONS_SUPPRESSION, /* SuppressionOptions */
	SES_OPTIONS_VDM,         /* VdmOptions */
	SES_OPTIONS_ARCHIVING,   /* ArchivingOptions */
	SES_OPTIONS_SECURITY,    /* MessageSecurityOptions */
	SES_OPTIONS_COUNT        /* how many there are */
};

/* Bits of reasons for suppression: model shape SuppressionListReason. */
enum ses_reasons {
	SES_REASON_BOUNCE = 1,    /* BOUNCE */
	SES_REASON_COMPLAINT = 2, /* COMPLAINT */
};

/* What options say about sending. */
struct ses_rules {
	bool paused;          /* SendingEnabled is false */
	bool require_tls;     /* TlsPolicy is REQUIRE */
	int64_t max_seconds;  /* MaxDeliverySeconds; 0: not given */
	bool has_reasons;     /* SuppressedReasons are given, if only none */
	unsigned suppressing; /* bits of enum ses_reasons */
};

/* Returns the member that the group is: "DeliveryOptions"; static. */
const char *ses_options_name(enum ses_options group);

/*
 * Reads the groups that the body of CreateConfigurationSet has, as members of
 * a new object.
 * Fails with SERIALIZATION, BAD_REQUEST or NOT_FOUND.
 */
bool ses_options_read(const json_t *body, json_t **ret,
		      struct error *reterr) MUST_CHECK;

/*
 * Reads the body of the call that puts `group`, NULL if there is none, to a
 * new object; *ret is NULL if the group is to be cleared.  Fails as above.
 */
bool ses_options_put_read(enum ses_options group, const json_t *body,
			  json_t **ret, struct error *reterr) MUST_CHECK;

/*
 * Puts `group` of `options` in place of what is there at `now`: takes `value`,
 * NULL to clear it.  Sending that was paused and goes on begins its
 * reputation anew: LastFreshStart.
 */
void ses_options_put(json_t *options, enum ses_options group, json_t *value,
		     int64_t now);

/*
 * Writes the groups of `options`, NULL for none, as members of `to`, those
 * that SES always shows with what counts where nothing was said.
 */
void ses_options_write(const json_t *options, json_t *to);

/* Returns the CustomRedirectDomain of `options`, or "". */
struct span ses_options_redirect(const json_t *options);

/* Reads what `options`, NULL for none, say about sending. */
void ses_rules_read(const json_t *options, struct ses_rules *ret);

/* Returns the bits of a list of reasons, NULL for none. */
unsigned ses_reasons_read(const json_t *list);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_destinations - where a configuration set sends its events.
 *
 * A definition is kept as the JSON object it came in, once it is known to
 * name exactly one destination, by an ARN of the right form.  SES has no
 * destination of its own; a deployment delivers to those whose ARN its
 * configuration maps to a webhook, which comes with the events of sending:
 * until then definitions are complete, and nothing is delivered.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans borrow the JSON they were read from.
 */
#pragma once

#include "base/error.h"
#include "text/json.h"

/* Event destinations of a configuration set (SES quota). */
#define SES_EVENT_DESTINATIONS_MAX 10
/* Octets of a destination's name. */
#define SES_EVENT_DESTINATION_NAME_MAX 64
/* Octets of an ARN of a destination. */
#define SES_DESTINATION_ARN_MAX 2048
/* Dimensions of a CloudWatch destination. */
#define SES_DIMENSIONS_MAX 10
/* Octets of a dimension's name, and of its default value. */
#define SES_DIMENSION_MAX 256

/*
 * Reads the body of CreateConfigurationSetEventDestination, NULL if there is
 * none: the name, and the definition as a new object.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool ses_event_destination_read(const json_t *body, struct span *ret_name,
				json_t **ret, struct error *reterr) MUST_CHECK;

/* As above, of UpdateConfigurationSetEventDestination: no name in it. */
bool ses_event_destination_update_read(const json_t *body, json_t **ret,
				       struct error *reterr) MUST_CHECK;

/* Returns whether `name` can be one of an event destination. */
bool ses_event_destination_named(struct span name);

/* Writes a definition as the answers show it, by its name. */
json_t *ses_event_destination_write(struct span name,
				    const json_t *definition) MUST_CHECK;

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_id - what a message is called: SES's form of a MessageId.
 *
 * "0100019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023a-000000": a region's
 * number and the time in hexadecimal, a random UUID (RFC 9562 section 5.4),
 * and six zeros.  It is the answer of the API, the local part of Message-ID
 * and of the envelope sender, and leads a bounce back to its message.
 *
 * Pure: no allocation, no I/O, no logging, no clock; the entropy is given.
 */
#pragma once

#include "base/buf.h"

#define MESSAGE_ID_LEN     60 /* characters of a MessageId */
#define MESSAGE_ID_SIZE    61 /* with its NUL */
#define MESSAGE_ID_ENTROPY 16 /* octets of randomness it takes */

/* Makes the MessageId of a message accepted at `now`, ms since 1970. */
void message_id_make(int64_t now, const uint8_t entropy[MESSAGE_ID_ENTROPY],
		     char ret[MESSAGE_ID_SIZE]);

/*
 * Returns whether `text` has the form of a MessageId, in either case of
 * letters (a local part may come back changed).
 */
bool message_id_is(struct span text);

/*
 * Appends the value of Feedback-ID for the messages of `account`, in SES's
 * form "::1.eu-west-2.<hash>:Sesame".  Receivers group complaints by it; the
 * account's number cannot be read from it without `zone`, the deployment's.
 */
void message_feedback_id(struct span region, struct span account,
			 struct span zone, struct buf *to);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_match - the patterns of the SES v2 model, each a function.
 *
 * The model says with regular expressions what some texts look like.  There
 * are few, so each is matched by hand, whole and in one pass: no expression
 * is ever run over what a stranger sent.  script/model names the function of
 * each pattern, and a test asks each for what its pattern takes.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/span.h"

/* ^(.+)@(.+)$ : AdditionalContactEmailAddress. */
bool model_match_contact(struct span s);

/* The ARN of a mail manager's archive: ArchiveArn. */
bool model_match_archive_arn(struct span s);

/* ^[\w\-_]+$ : EndpointName. */
bool model_match_endpoint(struct span s);

/* ^[!-9;-@A-~]+$ : MessageHeaderName. */
bool model_match_header_name(struct span s);

/* [ -~]* : MessageHeaderValue. */
bool model_match_header_value(struct span s);

/* Base64 with all its padding, or nothing: NextTokenV2. */
bool model_match_base64(struct span s);

/* ^[a-zA-Z0-9+\/]+={0,2}$ : PrivateKey. */
bool model_match_private_key(struct span s);

/* ^s3:\/\/([^\/]+)\/(.*?([^\/]+)\/?)$ : S3Url. */
bool model_match_s3_url(struct span s);

/* Letters, digits and, between them, hyphens: Selector. */
bool model_match_selector(struct span s);

/* RFC 3986's expression for any URI reference: WebsiteURL. */
bool model_match_url(struct span s);

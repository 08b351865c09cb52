/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/text.h>

#include "base/macros.h"

const char *
sesame_strerror(enum sesame_status status)
{
	static const char *const text[] = {
		[SESAME_OK] = "done",
		[SESAME_ERR_ORDER] = "another call has to come first",
		[SESAME_ERR_ARGUMENT] = "an argument is missing or not known",
		[SESAME_ERR_ADDRESS] = "this is no IP address",
		[SESAME_ERR_DOMAIN] = "this is no domain name",
		[SESAME_ERR_SELECTOR] = "this is no DKIM selector",
		[SESAME_ERR_TOO_BIG] = "this is above a limit of the library",
		[SESAME_ERR_MESSAGE] = "the message is malformed",
		[SESAME_ERR_DNS] = "this is no DNS response to the question",
		[SESAME_ERR_TRUNCATED] = "the DNS response was cut short",
		[SESAME_ERR_KEY] = "this is no private key that may sign",
		[SESAME_ERR_CRYPTO] = "libcrypto failed",
		[SESAME_ERR_CHAIN] = "the ARC chain cannot be continued",
		[SESAME_ERR_RESULTS] = "these are no authentication results",
		[SESAME_ERR_RECORD] = "this is no record of the kind",
	};

	if ((unsigned)status >= COUNT(text))
		return "this status is not known";
	return text[status];
}

const char *
sesame_version(void)
{
	return SESAME_VERSION;
}

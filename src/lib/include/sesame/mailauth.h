/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mailauth - SPF, DKIM, DMARC and ARC as a library: libsesame-mailauth.
 *
 * This header is all that a program includes; it brings
 *
 *	<sesame/mailauth/text.h>    text, statuses, the version
 *	<sesame/mailauth/dns.h>     what a machine asks of DNS, and answers
 *	<sesame/mailauth/cache.h>   keys and records kept between messages
 *	<sesame/mailauth/spf.h>     SPF alone (RFC 7208)
 *	<sesame/mailauth/dkim.h>    DKIM, to verify (RFC 6376, 8301, 8463)
 *	<sesame/mailauth/sign.h>    DKIM, to sign; keys
 *	<sesame/mailauth/dmarc.h>   DMARC alone (RFC 9989)
 *	<sesame/mailauth/arc.h>     ARC, to validate (RFC 8617)
 *	<sesame/mailauth/seal.h>    ARC, to seal
 *	<sesame/mailauth/lint.h>    what in SPF and DMARC records will hurt
 *	<sesame/mailauth/verify.h>  all of them on one message, and a report
 *
 * The rules that hold for all of it:
 *
 * No I/O.  Nothing here opens, sends, waits, logs, or looks at a clock.  A
 * machine that needs DNS says what it asks, and the program answers: from a
 * resolver of its own, a cache, a test's table.
 *
 * Memory.  Each object owns what it needs, up to a maximum that is said where
 * it is made; bytes fed are copied as far as they are kept, and may go as
 * soon as the call returns.  What a function returns as `const struct ... *`
 * or as a text lives as long as the object it came from.  When malloc() fails
 * the library calls abort(): its amounts are bounded, and half a verdict is
 * none.
 *
 * Threads.  There is no global state but OpenSSL's own.  Different objects
 * may be used by different threads at once; one object, and with it the cache
 * and the key that it was given, by one thread at a time.
 *
 * Growth.  A struct that a program fills begins with `size`, which it sets to
 * sizeof; the rest it zeroes first, so that a member it does not know is
 * unset.  A struct that the library returns is never declared, copied or
 * measured by a program, only looked at through the pointer.  So both may get
 * members at their ends, and enums may get values: treat one that you do not
 * know as an error.
 *
 * Times are in the unit that their names end in: _ms or _s since 1970, UTC.
 */
#ifndef SESAME_MAILAUTH_H
#define SESAME_MAILAUTH_H

#include <sesame/mailauth/arc.h>
#include <sesame/mailauth/cache.h>
#include <sesame/mailauth/dkim.h>
#include <sesame/mailauth/dmarc.h>
#include <sesame/mailauth/dns.h>
#include <sesame/mailauth/lint.h>
#include <sesame/mailauth/seal.h>
#include <sesame/mailauth/sign.h>
#include <sesame/mailauth/spf.h>
#include <sesame/mailauth/text.h>
#include <sesame/mailauth/verify.h>

#endif

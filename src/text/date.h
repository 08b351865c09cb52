/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date - times as text: of mail (RFC 5322), of JSON (RFC 3339), of SigV4.
 *
 * A time is int64_t milliseconds since 1970-01-01 00:00 UTC, without leap
 * seconds; the years written and read are 1970 to 9999.
 *
 * Pure: no allocation, no I/O, no logging, no clock, no time zone but UTC.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Last millisecond of the year 9999; formats write a later time as this. */
#define DATE_MAX INT64_C(253402300799999)

/* The text of a time, as a C string. */
struct date_text {
	char s[40];
};

/* RFC 5322 section 3.3: "Mon, 23 Nov 2026 17:15:00 +0000". */
struct date_text date_mail_format(int64_t ms);

/* RFC 3339 in UTC: "2026-11-23T17:15:00Z", with ".123" unless that is 0. */
struct date_text date_rfc3339_format(int64_t ms);

/*
 * Reads a time of RFC 3339 section 5.6, with any offset and any number of
 * digits after the dot, of which three are kept.  Returns false, leaving
 * *ret alone, if it is not one or lies outside the years we know.
 */
bool date_rfc3339_parse(struct span text, int64_t *ret) MUST_CHECK;

/* SigV4's form, ISO 8601 basic: "20261123T171500Z". */
struct date_text date_basic_format(int64_t ms);

/* Reads exactly date_basic_format()'s form; false, *ret alone, if not. */
bool date_basic_parse(struct span text, int64_t *ret) MUST_CHECK;

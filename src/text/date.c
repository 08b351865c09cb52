/* SPDX-License-Identifier: Apache-2.0 */
#include "text/date.h"

#include <stdio.h>

#define DAY_MS INT64_C(86400000)

/* A time in parts, UTC. */
struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
	int hour, minute, second, milli;
	int weekday; /* 0 is Sunday */
};

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January of `year`. */
static int64_t
days_to_year(int year)
{
	int64_t before = year - 1; /* whole years since the year 1 */

	return before * 365 + before / 4 - before / 100 + before / 400 - 719162;
}

static struct civil
civil_of(int64_t ms)
{
	struct civil c = {.month = 1};
	int64_t days, rest;

	if (ms < 0)
		ms = 0;
	if (ms > DATE_MAX)
		ms = DATE_MAX;
	days = ms / DAY_MS;
	rest = ms % DAY_MS;
	c.weekday = (int)((days + 4) % 7); /* 1970-01-01 was a Thursday */
	c.milli = (int)(rest % 1000);
	c.second = (int)(rest / 1000 % 60);
	c.minute = (int)(rest / 60000 % 60);
	c.hour = (int)(rest / 3600000);
	c.year = 1970 + (int)(days / 366); /* never above the right one */
	while (days_to_year(c.year + 1) <= days)
		c.year++;
	days -= days_to_year(c.year);
	while (days >= days_in_month(c.year, c.month)) {
		days -= days_in_month(c.year, c.month);
		c.month++;
	}
	c.day = (int)days + 1;
	return c;
}

/* The time of `c`, if it is one in the years we know. */
static bool
civil_to_ms(const struct civil *c, int64_t *ret)
{
	int64_t days;

	if (c->year < 1970 || c->year > 9999 || c->month < 1 || c->month > 12 ||
	    c->day < 1 || c->day > days_in_month(c->year, c->month) ||
	    c->hour > 23 || c->minute > 59 || c->second > 59)
		return false;
	days = days_to_year(c->year) + c->day - 1;
	for (int month = 1; month < c->month; month++)
		days += days_in_month(c->year, month);
	*ret = days * DAY_MS + c->hour * INT64_C(3600000) +
	       c->minute * INT64_C(60000) + c->second * INT64_C(1000) +
	       c->milli;
	return true;
}

struct date_text
date_mail_format(int64_t ms)
{
	static const char weekday[][4] = {"Sun", "Mon", "Tue", "Wed",
					  "Thu", "Fri", "Sat"};
	static const char month[][4] = {"Jan", "Feb", "Mar", "Apr",
					"May", "Jun", "Jul", "Aug",
					"Sep", "Oct", "Nov", "Dec"};
	struct civil c = civil_of(ms);
	struct date_text text;

	snprintf(text.s, sizeof(text.s), "%s, %d %s %04d %02d:%02d:%02d +0000",
		 weekday[c.weekday], c.day, month[c.month - 1], c.year, c.hour,
		 c.minute, c.second);
	return text;
}

struct date_text
date_rfc3339_format(int64_t ms)
{
	struct civil c = civil_of(ms);
	struct date_text text;
	char milli[16] = "";

	if (c.milli > 0)
		snprintf(milli, sizeof(milli), ".%03d", c.milli);
	snprintf(text.s, sizeof(text.s), "%04d-%02d-%02dT%02d:%02d:%02d%sZ",
		 c.year, c.month, c.day, c.hour, c.minute, c.second, milli);
	return text;
}

struct date_text
date_basic_format(int64_t ms)
{
	struct civil c = civil_of(ms);
	struct date_text text;

	snprintf(text.s, sizeof(text.s), "%04d%02d%02dT%02d%02d%02dZ", c.year,
		 c.month, c.day, c.hour, c.minute, c.second);
	return text;
}

/*
 * Takes `text` apart by `form`: a letter of YMDhms is a digit of that part,
 * any other character is itself ('T' and 'Z' in either case with `nocase`).
 */
static bool
read_form(struct span text, const char *form, bool nocase, struct civil *c)
{
	for (size_t i = 0; i < text.len; i++) {
		char got = text.ptr[i];
		int *part = form[i] == 'Y'   ? &c->year
			    : form[i] == 'M' ? &c->month
			    : form[i] == 'D' ? &c->day
			    : form[i] == 'h' ? &c->hour
			    : form[i] == 'm' ? &c->minute
			    : form[i] == 's' ? &c->second
					     : NULL;

		if (part != NULL) {
			if (got < '0' || got > '9')
				return false;
			*part = *part * 10 + (got - '0');
		} else if (got != form[i] &&
			   !(nocase &&
			     span_lower(got) == span_lower(form[i]))) {
			return false;
		}
	}
	return true;
}

bool
date_basic_parse(struct span text, int64_t *ret)
{
	static const char form[] = "YYYYMMDDThhmmssZ";
	struct civil c = {0};

	return text.len == sizeof(form) - 1 &&
	       read_form(text, form, false, &c) && civil_to_ms(&c, ret);
}

/* Takes ".digits" off *rest; what is above milliseconds is dropped. */
static bool
take_fraction(struct span *rest, int *ret_milli)
{
	int unit = 100;
	size_t n = 1;

	if (rest->len == 0 || rest->ptr[0] != '.')
		return true;
	for (; n < rest->len && rest->ptr[n] >= '0' && rest->ptr[n] <= '9';
	     n++) {
		*ret_milli += (rest->ptr[n] - '0') * unit;
		unit /= 10;
	}
	*rest = span_skip(*rest, n);
	return n > 1;
}

/* Reads "Z" or "+hh:mm", what is added to UTC, in milliseconds. */
static bool
read_offset(struct span text, int64_t *ret)
{
	struct civil offset = {0};

	*ret = 0;
	if (text.len == 1 && span_lower(text.ptr[0]) == 'z')
		return true;
	if (text.len != 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') ||
	    !read_form(span_skip(text, 1), "hh:mm", false, &offset) ||
	    offset.hour > 23 || offset.minute > 59)
		return false;
	*ret = offset.hour * INT64_C(3600000) + offset.minute * INT64_C(60000);
	if (text.ptr[0] == '-')
		*ret = -*ret;
	return true;
}

bool
date_rfc3339_parse(struct span text, int64_t *ret)
{
	static const char form[] = "YYYY-MM-DDThh:mm:ss";
	struct span rest = span_skip(text, sizeof(form) - 1);
	struct civil c = {0};
	int64_t ms, offset;

	if (text.len <= sizeof(form) - 1 ||
	    !read_form(span_sub(text, 0, sizeof(form) - 1), form, true, &c) ||
	    !take_fraction(&rest, &c.milli) || !civil_to_ms(&c, &ms) ||
	    !read_offset(rest, &offset))
		return false;
	ms -= offset;
	if (ms < 0 || ms > DATE_MAX)
		return false;
	*ret = ms;
	return true;
}

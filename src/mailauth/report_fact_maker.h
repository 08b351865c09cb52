/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_fact_maker - what the parts of report_fact share.
 *
 * For report_fact*.c alone.  Pure, as report_fact.h says.
 */
#pragma once

#include "mailauth/report.h"

/* A fact on its way. */
struct fact_maker {
	const struct report *r;
	enum report_fact_kind kind; /* what it is */
	enum report_turn turn;      /* whose turn it is */
	struct buf headline;        /* without a full stop */
	struct buf evidence;        /* without a full stop */
	struct buf repair;          /* sentences */
};

/* Borrows the author's domain; "" if there is none. */
struct span fact_author(const struct fact_maker *m);

/* Whether the message came by a list or forwarder that says so. */
bool fact_is_forwarded(const struct fact_maker *m);

/* Appends "the mailing list LIST", or "somebody on the way". */
void fact_say_forwarder(const struct fact_maker *m, struct buf *to);

/* Makes the fact of signature `i`, which does not pass. */
void fact_of_dkim(struct fact_maker *m, size_t i);

/* Makes the fact of SPF, which does not pass, or not for the author. */
void fact_of_spf(struct fact_maker *m);

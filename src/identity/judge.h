/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge - whether what was seen of a record is what was wanted.
 *
 * The rules by which an observation gives each record its status, and the
 * groups of records theirs.  Names compare as DNS compares them, hosts
 * exactly, an MX by its host alone; SPF, DKIM and DMARC texts by what they
 * say and not by their bytes.
 *
 * Pure: no I/O, no logging, no clock; texts for people go in the given arena.
 */
#pragma once

#include "identity/observe.h"

/* Sets the status, found and reason of `o` by the answers it holds. */
void judge_record(struct observed *o, const struct observe_want *want,
		  struct arena *arena);

/* Sets the groups of `seen` by the statuses of its records. */
void judge_groups(struct observation *seen, const struct observe_want *want,
		  struct arena *arena);

/*
 * Returns the value of the tag `name` in a tag list, trimmed; "" if it has
 * none.  What is malformed beside it is passed over.
 */
struct span judge_tag(struct span text, struct span name);

/* Returns whether the key record `text` shows the key `p`, its white space
 * apart; with an empty `p`, whether it shows any key. */
bool judge_key(struct span text, struct span p);

/* What an SPF text does for the service. */
enum judge_spf {
	JUDGE_SPF_OK = 0,
	JUDGE_SPF_NOT,    /* it is no SPF record at all */
	JUDGE_SPF_SYNTAX, /* it is one with an error: permerror */
	JUDGE_SPF_LACKS,  /* it lets others send, not the service */
	JUDGE_SPF_BEHIND, /* the include stands behind an "all" */
};

/* Says what the SPF record `text` does for the service in `zone`. */
enum judge_spf judge_spf(struct span text, struct span zone,
			 struct arena *arena);

/*
 * Returns `text` fit for a person and a line: what is not printable ASCII is
 * \DDD, as in a zone file, and what is long is cut.
 */
struct span judge_clean(struct span text, struct arena *arena);

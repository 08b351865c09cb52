/* SPDX-License-Identifier: Apache-2.0 */
/*
 * next_token - where the next page of a list begins, as a client carries it.
 *
 * A token names the last entry that was shown and is bound, by a MAC, to the
 * account and to what was asked: another account's token, or one of another
 * list or filter, is no token.  It is only hexadecimal digits, so that no
 * client can code it in a way of its own.
 *
 * Pure: no allocation but in given buffers, no I/O, no logging, no clock.
 */
#pragma once

#include "api/call.h"

/*
 * Appends the token that goes on after the entry `last` of the list that
 * `query` describes, a text that says all it depends on.
 */
void next_token_format(const struct api_call *call, struct span query,
		       struct span last, struct buf *ret);

/*
 * Sets *ret to the entry after which to go on, in the call's arena; to "" if
 * `token` is empty.  Fails with BAD_NEXT_TOKEN if it is none of ours.
 */
bool next_token_parse(struct api_call *call, struct span query,
		      struct span token, struct span *ret,
		      struct error *reterr) MUST_CHECK;

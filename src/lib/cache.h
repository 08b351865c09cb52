/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache - what is in a struct sesame_cache, for the machines that use it.
 *
 * No I/O, no logging, no clock.  Ownership: the program's.
 */
#pragma once

#include <sesame/mailauth/cache.h>

#include "mailauth/dkim_keys.h"
#include "mailauth/spf_cache.h"

struct sesame_cache {
	struct dkim_keys *keys;
	struct spf_cache *spf;
	struct sesame_cache_counts counts; /* as last given out */
};

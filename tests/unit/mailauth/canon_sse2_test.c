/* SPDX-License-Identifier: Apache-2.0 */
/* canon_test.c, of canon.c as it is on a machine that goes in SSE2 alone. */
#define CANON_SSE2

#include "../../../src/mailauth/canon.c"

#include "canon_test.c"

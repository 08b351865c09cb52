/* SPDX-License-Identifier: Apache-2.0 */
/* canon_test.c, of canon.c as it is on a machine that goes octet by octet. */
#define CANON_PORTABLE

#include "../../../src/mailauth/canon.c"

#include "canon_test.c"

/* SPDX-License-Identifier: Apache-2.0 */
/* How the library ends when there is no memory: see <sesame/mailauth.h>. */
#include <stdlib.h>

#include "base/mem.h"

void
mem_exhausted(void)
{
	abort();
}

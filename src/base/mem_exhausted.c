/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from mem.c, so that a program may end in a way of its own. */
#include <unistd.h>

#include "base/mem.h"

/* sysexits.h EX_OSERR: the parent tells it from a crash. */
#define EXIT_NO_MEMORY 71

void
mem_exhausted(void)
{
	static const char text[] = "sesame: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_NO_MEMORY);
	_exit(EXIT_NO_MEMORY);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

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

void *
mem_new(size_t size)
{
	return mem_array(1, size);
}

void *
mem_array(size_t count, size_t size)
{
	void *ptr = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (ptr == NULL)
		mem_exhausted();
	return ptr;
}

void *
mem_resize(void *old, size_t size)
{
	void *ptr = realloc(old, size > 0 ? size : 1);

	if (ptr == NULL)
		mem_exhausted();
	return ptr;
}

char *
mem_string(struct span s)
{
	char *copy = mem_new(s.len + 1);

	memcpy(copy, s.ptr, s.len);
	return copy;
}

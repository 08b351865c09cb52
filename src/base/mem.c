/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdlib.h>

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

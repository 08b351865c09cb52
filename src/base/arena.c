/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define BLOCK_SIZE ((size_t)4096)
#define ALIGNMENT  ((size_t)16)

struct arena_block {
	struct arena_block *next;
	size_t size; /* of data */
	size_t used; /* of data */
	_Alignas(16) char data[];
};

/* `used` is this once a request was refused. */
#define FULL SIZE_MAX

void
arena_init(struct arena *a, size_t limit)
{
	*a = ARENA_INIT(limit);
}

static void
drop(struct arena *a, bool wipe)
{
	while (a->block != NULL) {
		struct arena_block *next = a->block->next;

		if (wipe)
			explicit_bzero(a->block->data, a->block->size);
		free(a->block);
		a->block = next;
	}
	a->used = 0;
}

void
arena_release(struct arena *a)
{
	drop(a, false);
}

void
arena_clear(struct arena *a)
{
	struct arena_block *kept = a->block;

	if (kept != NULL && kept->size == BLOCK_SIZE) {
		a->block = kept->next;
		drop(a, false);
		memset(kept->data, 0, kept->used);
		kept->used = 0;
		kept->next = NULL;
		a->block = kept;
	} else {
		drop(a, false);
	}
}

void
arena_wipe(struct arena *a)
{
	drop(a, true);
}

static struct arena_block *
block_new(size_t need)
{
	size_t size = need > BLOCK_SIZE / 2 ? need : BLOCK_SIZE;
	struct arena_block *block = mem_new(sizeof(struct arena_block) + size);

	block->size = size;
	return block;
}

void *
arena_get(struct arena *a, size_t size)
{
	struct arena_block *block = a->block;
	size_t need;
	void *ptr;

	if (size == 0)
		size = 1;
	if (a->used == FULL || size > a->limit - a->used ||
	    a->limit - a->used - size < ALIGNMENT) {
		a->used = FULL;
		return NULL;
	}
	need = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (block == NULL || need > block->size - block->used) {
		block = block_new(need);
		block->next = a->block;
		a->block = block;
	}
	ptr = block->data + block->used;
	block->used += need;
	a->used += need;
	return ptr;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		a->used = FULL;
		return NULL;
	}
	return arena_get(a, total);
}

struct span
arena_copy(struct arena *a, struct span s)
{
	char *copy = arena_get(a, s.len + 1);

	if (copy == NULL)
		return SPAN("");
	memcpy(copy, s.ptr, s.len);
	return (struct span){copy, s.len};
}

struct span
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *copy;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	copy = arena_get(a, (size_t)len + 1);
	if (copy == NULL)
		return SPAN("");
	va_start(args, format);
	vsnprintf(copy, (size_t)len + 1, format, args);
	va_end(args);
	return (struct span){copy, (size_t)len};
}

bool
arena_full(const struct arena *a)
{
	return a->used == FULL;
}

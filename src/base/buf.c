/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* What an empty buffer points at; nothing is ever written to it. */
char buf_empty_[1];

void
buf_init(struct buf *b, size_t limit)
{
	*b = BUF_INIT(limit);
}

void
buf_release(struct buf *b)
{
	if (b->room > 0)
		free(b->ptr);
	*b = BUF_INIT(b->limit);
}

void
buf_clear(struct buf *b)
{
	buf_truncate(b, 0);
	b->full = false;
}

void
buf_wipe(struct buf *b)
{
	if (b->room > 0)
		explicit_bzero(b->ptr, b->room);
	buf_release(b);
}

/* Grows by moving, so that buf_wipe() can overwrite every copy there is. */
static void
grow(struct buf *b, size_t need)
{
	size_t room = b->room > 0 ? b->room : 64;
	char *ptr;

	while (room < need)
		room += room / 2;
	if (room > b->limit + 1)
		room = b->limit + 1;
	ptr = mem_resize(NULL, room);
	memcpy(ptr, b->ptr, b->len + 1); /* and its NUL */
	if (b->room > 0) {
		explicit_bzero(b->ptr, b->room);
		free(b->ptr);
	}
	b->ptr = ptr;
	b->room = room;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	if (n > b->limit - b->len) {
		b->full = true;
		return NULL;
	}
	if (b->len + n + 1 > b->room)
		grow(b, b->len + n + 1);
	return b->ptr + b->len;
}

void
buf_grew(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	assert(b->len + n < b->room);
	b->len += n;
	b->ptr[b->len] = '\0';
}

bool
buf_add(struct buf *b, struct span s)
{
	char *at = buf_reserve(b, s.len);

	if (at == NULL)
		return false;
	memcpy(at, s.ptr, s.len);
	buf_grew(b, s.len);
	return true;
}

bool
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, span_of(s));
}

bool
buf_addc(struct buf *b, char c)
{
	return buf_add(b, (struct span){&c, 1});
}

bool
buf_addv(struct buf *b, const char *format, va_list args)
{
	va_list again;
	char *at;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	assert(len >= 0);
	at = buf_reserve(b, (size_t)len);
	if (at != NULL) {
		vsnprintf(at, (size_t)len + 1, format, again);
		buf_grew(b, (size_t)len);
	}
	va_end(again);
	return at != NULL;
}

bool
buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	bool fits;

	va_start(args, format);
	fits = buf_addv(b, format, args);
	va_end(args);
	return fits;
}

void
buf_consume(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0)
		return;
	memmove(b->ptr, b->ptr + n, b->len - n);
	buf_truncate(b, b->len - n);
}

void
buf_truncate(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
	if (b->room > 0)
		b->ptr[len] = '\0';
}

char *
buf_take(struct buf *b)
{
	char *ptr = b->room > 0 ? b->ptr : mem_string(SPAN(""));

	*b = BUF_INIT(b->limit);
	return ptr;
}

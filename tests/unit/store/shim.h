/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim - a disk for SQLite that fails, or loses its power, at a chosen call.
 *
 * A VFS before the usual one.  A file's content is held in memory; what is
 * written is put into the real file when the file is synced or closed.  At
 * the call with the number `shim.at` (writes, truncations and syncs count)
 * shim.fault happens.  After a power cut every call fails, and of what was
 * written since the last sync each sector gets to the disk or not, as the
 * tossing of a coin has it: so does a real disk.
 */
#pragma once

#include <sqlite3.h>
#include <stdlib.h>

#include "unit.h"

#define SHIM_SECTOR 512

enum shim_fault {
	SHIM_IO_ERROR,   /* that one call fails with EIO */
	SHIM_DISK_FULL,  /* that one call fails with ENOSPC, if it can */
	SHIM_POWER_CUT,  /* the machine stops there */
	SHIM_FULL_STAYS, /* as SHIM_DISK_FULL, from that call on */
};

static struct {
	enum shim_fault fault;
	unsigned at;    /* number of the call, from 1; 0: never */
	unsigned calls; /* so far */
	bool happened;  /* the fault did */
	bool dead;      /* the power is cut */
	uint32_t coin;  /* state of the coin */
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
} shim;

/* One write (or a truncation, with no bytes) since the last sync. */
struct shim_write {
	char *ptr; /* NULL: a truncation to `at` */
	size_t len;
	size_t at;
};

struct shim_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
	char *ptr;          /* the content, as the machine sees it */
	size_t len;
	struct shim_write *log; /* what the disk does not have yet */
	size_t logged;
};

static struct shim_file *
shim_of(sqlite3_file *file)
{
	return (struct shim_file *)(void *)file;
}

static bool
shim_toss(void)
{
	shim.coin = shim.coin * 1664525 + 1013904223;
	return (shim.coin >> 16 & 1) != 0;
}

/* Counts a call; returns what it must fail with, or SQLITE_OK. */
static int
shim_count(int io_error, bool takes_space)
{
	if (shim.dead)
		return io_error;
	shim.calls++;
	if (shim.at == 0 || shim.calls < shim.at ||
	    (shim.calls > shim.at && shim.fault != SHIM_FULL_STAYS))
		return SQLITE_OK;
	shim.happened = true;
	switch (shim.fault) {
	case SHIM_POWER_CUT:
		shim.dead = true;
		return io_error;
	case SHIM_IO_ERROR:
		return io_error;
	case SHIM_DISK_FULL:
	case SHIM_FULL_STAYS:
		return takes_space ? SQLITE_FULL : SQLITE_OK;
	}
	return SQLITE_OK;
}

static void
shim_log(struct shim_file *f, const void *ptr, size_t len, size_t at)
{
	struct shim_write *w;

	f->log = realloc(f->log, (f->logged + 1) * sizeof(*f->log));
	w = &f->log[f->logged++];
	*w = (struct shim_write){.len = len, .at = at};
	if (ptr != NULL)
		w->ptr = memcpy(malloc(len), ptr, len);
}

/* Brings the log to the disk: all of it, or what the coin says. */
static void
shim_flush(struct shim_file *f, bool all)
{
	for (size_t i = 0; i < f->logged; i++) {
		struct shim_write *w = &f->log[i];

		if (w->ptr == NULL && (all || shim_toss()))
			f->real->pMethods->xTruncate(f->real,
						     (sqlite3_int64)w->at);
		for (size_t n = 0; w->ptr != NULL && n < w->len;) {
			size_t part = SHIM_SECTOR - (w->at + n) % SHIM_SECTOR;

			if (part > w->len - n)
				part = w->len - n;
			if (all || shim_toss())
				f->real->pMethods->xWrite(
					f->real, w->ptr + n, (int)part,
					(sqlite3_int64)(w->at + n));
			n += part;
		}
		free(w->ptr);
	}
	free(f->log);
	f->log = NULL;
	f->logged = 0;
}

static int
shim_close(sqlite3_file *file)
{
	struct shim_file *f = shim_of(file);
	int rc;

	shim_flush(f, !shim.dead);
	free(f->ptr);
	rc = f->real->pMethods->xClose(f->real);
	return rc;
}

static int
shim_read(sqlite3_file *file, void *ret, int len, sqlite3_int64 at)
{
	struct shim_file *f = shim_of(file);
	size_t have = 0, want = (size_t)len;

	if (shim.dead)
		return SQLITE_IOERR_READ;
	if ((size_t)at < f->len)
		have = f->len - (size_t)at < want ? f->len - (size_t)at : want;
	if (have > 0)
		memcpy(ret, f->ptr + at, have);
	memset((char *)ret + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
shim_write(sqlite3_file *file, const void *ptr, int len, sqlite3_int64 at)
{
	struct shim_file *f = shim_of(file);
	size_t end = (size_t)at + (size_t)len;
	int rc = shim_count(SQLITE_IOERR_WRITE, true);

	if (rc != SQLITE_OK)
		return rc;
	if (end > f->len) {
		f->ptr = realloc(f->ptr, end);
		memset(f->ptr + f->len, 0, end - f->len);
		f->len = end;
	}
	memcpy(f->ptr + at, ptr, (size_t)len);
	shim_log(f, ptr, (size_t)len, (size_t)at);
	return SQLITE_OK;
}

static int
shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct shim_file *f = shim_of(file);
	int rc = shim_count(SQLITE_IOERR_TRUNCATE, false);

	if (rc != SQLITE_OK)
		return rc;
	if ((size_t)size < f->len)
		f->len = (size_t)size;
	shim_log(f, NULL, 0, (size_t)size);
	return SQLITE_OK;
}

static int
shim_sync(sqlite3_file *file, int flags)
{
	int rc = shim_count(SQLITE_IOERR_FSYNC, false);

	(void)flags;
	if (rc == SQLITE_OK)
		shim_flush(shim_of(file), true);
	return rc;
}

static int
shim_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)shim_of(file)->len;
	return shim.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

/* The rest is as the real file has it. */
#define SHIM_PASS(name, call, parameters, arguments)                           \
	static int name parameters                                             \
	{                                                                      \
		sqlite3_file *real = shim_of(file)->real;                      \
                                                                               \
		return real->pMethods->call arguments;                         \
	}

SHIM_PASS(shim_lock, xLock, (sqlite3_file * file, int a), (real, a))
SHIM_PASS(shim_unlock, xUnlock, (sqlite3_file * file, int a), (real, a))
SHIM_PASS(shim_reserved, xCheckReservedLock, (sqlite3_file * file, int *a),
	  (real, a))
SHIM_PASS(shim_sector, xSectorSize, (sqlite3_file * file), (real))
SHIM_PASS(shim_traits, xDeviceCharacteristics, (sqlite3_file * file), (real))
SHIM_PASS(shim_shm_map, xShmMap,
	  (sqlite3_file * file, int a, int b, int c, void volatile **d),
	  (real, a, b, c, d))
SHIM_PASS(shim_shm_lock, xShmLock, (sqlite3_file * file, int a, int b, int c),
	  (real, a, b, c))
SHIM_PASS(shim_shm_unmap, xShmUnmap, (sqlite3_file * file, int a), (real, a))

static void
shim_shm_barrier(sqlite3_file *file)
{
	shim_of(file)->real->pMethods->xShmBarrier(shim_of(file)->real);
}

static int
shim_control(sqlite3_file *file, int op, void *arg)
{
	(void)file, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static const sqlite3_io_methods shim_methods = {
	.iVersion = 2,
	.xClose = shim_close,
	.xRead = shim_read,
	.xWrite = shim_write,
	.xTruncate = shim_truncate,
	.xSync = shim_sync,
	.xFileSize = shim_size,
	.xLock = shim_lock,
	.xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved,
	.xFileControl = shim_control,
	.xSectorSize = shim_sector,
	.xDeviceCharacteristics = shim_traits,
	.xShmMap = shim_shm_map,
	.xShmLock = shim_shm_lock,
	.xShmBarrier = shim_shm_barrier,
	.xShmUnmap = shim_shm_unmap,
};

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
	  int *ret_flags)
{
	struct shim_file *f = shim_of(file);
	sqlite3_int64 size = 0;
	int rc;

	(void)vfs;
	memset(f, 0, sizeof(*f));
	if (shim.dead)
		return SQLITE_CANTOPEN;
	f->real = (sqlite3_file *)(void *)(f + 1);
	rc = shim.real->xOpen(shim.real, name, f->real, flags, ret_flags);
	if (rc != SQLITE_OK)
		return rc;
	f->base.pMethods = &shim_methods;
	f->real->pMethods->xFileSize(f->real, &size);
	f->len = (size_t)size;
	f->ptr = malloc(f->len + 1);
	return f->real->pMethods->xRead(f->real, f->ptr, (int)f->len, 0);
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	if (shim.dead)
		return SQLITE_IOERR_DELETE;
	return shim.real->xDelete(shim.real, name, sync);
}

/* Sets the next fault, and makes the VFS "shim" known. */
static inline void
shim_set(enum shim_fault fault, unsigned at)
{
	if (shim.real == NULL) {
		shim.real = sqlite3_vfs_find(NULL);
		shim.vfs = *shim.real;
		shim.vfs.zName = "shim";
		shim.vfs.pNext = NULL;
		shim.vfs.szOsFile += (int)sizeof(struct shim_file);
		shim.vfs.xOpen = shim_open;
		shim.vfs.xDelete = shim_delete;
		assert_int_equal(sqlite3_vfs_register(&shim.vfs, 0), 0);
	}
	shim.fault = fault;
	shim.at = at;
	shim.calls = 0;
	shim.happened = shim.dead = false;
	shim.coin = at;
}

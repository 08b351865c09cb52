/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - whole files, read and written safely.
 *
 * Errors name the file and the reason.  Descriptors never leave this module
 * but from file_open() and file_snapshot().
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"

/* Appends the whole file to `to`; fails with ERROR_IO, or past its limit. */
bool file_read(const char *path, struct buf *to,
	       struct error *reterr) MUST_CHECK;

/* As file_read(), from a descriptor that stays open, up to its end. */
bool file_read_fd(int fd, struct buf *to, struct error *reterr) MUST_CHECK;

/*
 * Makes a file that was not there, with `mode`, durably (file and directory
 * are synced).  Fails with ERROR_ALREADY_EXISTS if it was there.
 */
bool file_create(const char *path, struct span bytes, unsigned mode,
		 struct error *reterr) MUST_CHECK;

/* As file_create(), but a file that was there is replaced at once. */
bool file_replace(const char *path, struct span bytes, unsigned mode,
		  struct error *reterr) MUST_CHECK;

/* Makes the directory `path` and those above it, where they are missing. */
bool file_make_dir(const char *path, unsigned mode,
		   struct error *reterr) MUST_CHECK;

/* Returns whether there is something at `path`. */
bool file_exists(const char *path);

/* Returns when `path` was last written, in ms since 1970; 0 if it is not
 * there. */
int64_t file_time(const char *path);

/* Returns a descriptor to read `path` from, or -1 with *reterr. */
int file_open(const char *path, struct error *reterr) MUST_CHECK;

/*
 * Returns a descriptor of a copy of `fd`'s file in memory, of its first `max`
 * octets, at its beginning; or -1 with errno.  The copy has an offset of its
 * own and stays as it is; the octets do not pass through this process.
 */
int file_snapshot(int fd, size_t max) MUST_CHECK;

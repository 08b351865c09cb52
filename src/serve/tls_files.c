/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tls_files.h"

#include <errno.h>
#include <unistd.h>

#include "sys/file.h"

/* Returns a copy of the file at `path`, or -1; one octet more is too long. */
static int
open_one(const char *path, struct error *reterr)
{
	int copy, fd = file_open(path, reterr);

	if (fd < 0)
		return -1;
	copy = file_snapshot(fd, TLS_FILE_MAX + 1);
	if (copy < 0)
		error_set(reterr, ERROR_IO, "cannot read %s: %s", path,
			  strerror(errno));
	close(fd);
	return copy;
}

bool
tls_files_open(struct tls_files *files, const struct config *config,
	       struct error *reterr)
{
	tls_files_close(files);
	if (config->tls_certificate[0] == '\0')
		return true;
	files->certificate = open_one(config->tls_certificate, reterr);
	if (files->certificate >= 0)
		files->key = open_one(config->tls_key, reterr);
	if (files->key >= 0)
		return true;
	tls_files_close(files);
	return false;
}

void
tls_files_rewind(const struct tls_files *files)
{
	lseek(files->certificate, 0, SEEK_SET);
	lseek(files->key, 0, SEEK_SET);
}

void
tls_files_close(struct tls_files *files)
{
	if (files->certificate >= 0)
		close(files->certificate);
	if (files->key >= 0)
		close(files->key);
	*files = TLS_FILES_NONE;
}

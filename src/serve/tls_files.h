/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_files - the certificate and the key, as they were when they were read.
 *
 * Copies, since whoever renews a certificate may write over the file, and a
 * server that is started later is to get what is in use.  What is in them is
 * not looked at here.
 *
 * Ownership: the descriptors are the owner's of the struct.
 */
#pragma once

#include "serve/config.h"

/* Octets of a TLS file. */
#define TLS_FILE_MAX (256 * 1024)

/* Descriptors; both or none are there. */
struct tls_files {
	int certificate; /* the PEM file of the chain; -1: none */
	int key;         /* that of its key; -1: none */
};

#define TLS_FILES_NONE ((struct tls_files){-1, -1})

/*
 * Reads the files that `config` names, if it names any, in place of *files.
 * Fails, and there are none, if one cannot be read.
 */
bool tls_files_open(struct tls_files *files, const struct config *config,
		    struct error *reterr) MUST_CHECK;

/* Sets both to be read from their beginning: a reader before moved on. */
void tls_files_rewind(const struct tls_files *files);

/* Closes them; that there are none is fine. */
void tls_files_close(struct tls_files *files);

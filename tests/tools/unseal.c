/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unseal - prints the private DKIM keys of an identity, opened with the
 * deployment's own master key: for the test that looks for them in memory.
 *
 * Usage: unseal DATA ACCOUNT NAME; with "" for both it is the deployment's
 * own keys.  A line for each: SELECTOR DER P Q D, the last four in
 * hexadecimal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypt/privkey_read.h"
#include "crypt/seal.h"
#include "identity/aad.h"
#include "keyd/master.h"
#include "store/store.h"
#include "sys/file.h"

#define KEYS_MAX 8

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "unseal: %s\n", what);
	exit(1);
}

static struct seal_ring *
read_ring(const char *data)
{
	CLEANUP(secret_release) struct secret master = {.ptr = NULL};
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	struct seal_ring *ring = seal_ring_new();
	struct error err;
	int fd;

	buf_addf(&path, "%s/master.key", data);
	fd = file_open(path.ptr, &err);
	if (fd < 0 || !master_read(fd, &master, &err))
		fail(err.text);
	close(fd);
	if (!seal_ring_add(ring, secret_span(&master)))
		fail("the master key does not do");
	return ring;
}

static size_t
read_keys(const char *data, const char *account, const char *name,
	  struct dkim_key ret[KEYS_MAX])
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	struct identity *identity = mem_new(sizeof(*identity));
	struct store *store;
	struct error err;
	size_t len;

	buf_addf(&path, "%s/sesame.db", data);
	if (!store_open(path.ptr, NULL, &store, &err))
		fail(err.text);
	if (name[0] != '\0' &&
	    !store_identity_get(store, account, name, identity, &err))
		fail(err.text);
	if (!store_dkim_key_list(store, identity->id, ret, KEYS_MAX, &len,
				 &err))
		fail(err.text);
	store_free(store);
	free(identity);
	return len;
}

static void
print_hex(struct span bytes)
{
	putchar(' ');
	for (size_t i = 0; i < bytes.len; i++)
		printf("%02x", (unsigned char)bytes.ptr[i]);
}

static void
print_key(const struct seal_ring *ring, const char *account,
	  const struct dkim_key *key)
{
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	struct privkey_parts parts;

	aad_of_key(account, key, &aad);
	if (unseal(ring, SEAL_DKIM_KEY, buf_span(&aad),
		   span_bytes(key->sealed, key->sealed_len), &der) != SEAL_OK)
		fail("a key does not open");
	if (privkey_read(secret_span(&der), &parts) != PRIVKEY_OK ||
	    parts.type != KEY_RSA)
		fail("a key is not one of RSA");
	printf("%s", key->selector);
	print_hex(secret_span(&der));
	print_hex(parts.rsa.secret[1]);
	print_hex(parts.rsa.secret[2]);
	print_hex(parts.rsa.secret[0]);
	putchar('\n');
}

int
main(int argc, char **argv)
{
	struct dkim_key *key = mem_array(KEYS_MAX, sizeof(*key));
	struct seal_ring *ring;
	size_t len;

	if (argc != 4)
		fail("give DATA ACCOUNT NAME");
	ring = read_ring(argv[1]);
	len = read_keys(argv[1], argv[2], argv[3], key);
	for (size_t i = 0; i < len; i++)
		print_key(ring, argv[2], &key[i]);
	seal_ring_free(ring);
	free(key);
	return 0;
}

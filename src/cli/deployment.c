/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "identity/aad.h"
#include "keyd/master.h"
#include "sys/file.h"

/* Letters of an access key's id behind "AKIA". */
#define KEY_LETTERS 16

static bool
load(struct deployment *d, struct span data, struct span file,
     struct error *reterr)
{
	char *given = mem_string(data);
	char *config = file.len > 0 ? mem_string(file) : NULL;
	char *path = data.len > 0 ? realpath(given, NULL) : NULL;
	bool ok;

	if (path == NULL || strlen(path) >= CONFIG_PATH_SIZE) {
		ok = error_set(reterr, ERROR_CONFIG,
			       "there is no directory \"%s\": give one that "
			       "sesame init made by --data",
			       given);
	} else {
		config_init(&d->config, path);
		ok = config_load(&d->config, config, reterr) &&
		     config_finish(&d->config, reterr);
	}
	free(path);
	free(config);
	free(given);
	return ok;
}

bool
deployment_open(struct deployment *ret, struct span data, struct span file,
		struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);

	*ret = (struct deployment){.store = NULL};
	if (!load(ret, data, file, reterr))
		return false;
	buf_addf(&path, "%s/sesame.db", ret->config.data);
	/* An empty one would be made. */
	if (!file_exists(path.ptr))
		return error_set(reterr, ERROR_CONFIG,
				 "%s is not there: sesame init makes it",
				 path.ptr);
	umask(077);
	return store_open(path.ptr, NULL, &ret->store, reterr);
}

bool
deployment_unseal(struct deployment *d, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 32);
	CLEANUP(secret_release) struct secret master = {.ptr = NULL};
	struct seal_ring *ring;
	bool ok;
	int fd;

	if (d->config.master_key[0] != '\0')
		buf_adds(&path, d->config.master_key);
	else
		buf_addf(&path, "%s/master.key", d->config.data);
	fd = file_open(path.ptr, reterr);
	if (fd < 0)
		return error_prefix(reterr, "the master key: ");
	ok = master_read(fd, &master, reterr);
	close(fd);
	if (!ok)
		return false;
	ring = seal_ring_new();
	if (!seal_ring_add(ring, secret_span(&master))) {
		seal_ring_free(ring);
		return error_set(reterr, ERROR_CRYPTO,
				 "the master key does not do");
	}
	d->keyd = keyd_new(ring);
	return true;
}

void
deployment_release(struct deployment *d)
{
	store_free(d->store);
	keyd_free(d->keyd);
	*d = (struct deployment){.store = NULL};
}

bool
deployment_new_key(struct keyd *keyd, const char *account,
		   enum access_permission permission, int64_t now,
		   struct access_key *ret,
		   char ret_secret[DEPLOYMENT_SECRET_SIZE],
		   struct error *reterr)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	struct keyd_request request = {.op = KEYD_NEW_SECRET};
	struct access_key key = {.permission = permission, .created = now};
	uint8_t entropy[KEY_LETTERS];
	struct keyd_reply reply;

	random_fill(entropy, sizeof(entropy));
	memcpy(key.id, "AKIA", 4);
	for (size_t i = 0; i < KEY_LETTERS; i++)
		key.id[4 + i] = letters[entropy[i] % 32];
	snprintf(key.account, sizeof(key.account), "%s", account);
	aad_of_secret(key.account, key.id, &aad);
	request.aad = buf_span(&aad);
	keyd_answer(keyd, &request, &reply);
	if (reply.status != KEYD_OK || reply.sealed.len > sizeof(key.sealed) ||
	    reply.secret.len >= DEPLOYMENT_SECRET_SIZE)
		return error_set(reterr, ERROR_CRYPTO, "%s",
				 keyd_strerror(reply.status));
	memcpy(key.sealed, reply.sealed.ptr, reply.sealed.len);
	key.sealed_len = reply.sealed.len;
	memcpy(ret_secret, reply.secret.ptr, reply.secret.len);
	ret_secret[reply.secret.len] = '\0';
	keyd_forget(keyd);
	*ret = key;
	return true;
}

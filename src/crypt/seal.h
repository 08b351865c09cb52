/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - secrets wrapped so that they may be stored anywhere.
 *
 * AES-256-GCM with a random 96-bit nonce under a key derived (HKDF) from a
 * master key for one purpose, so that a sealed API secret cannot pose as a
 * sealed DKIM key.  The associated data (aad) names whose it is: opened with
 * another, it fails.  A sealed thing is
 *
 *	version 1 | master key's mark | nonce 12 | ciphertext | tag 16
 *
 * The mark, one octet, tells after a change of the master key which of them
 * to open with; it is a hint (two keys may share one), and like the version
 * it is authenticated.
 *
 * Purity: draws nonces; no other I/O, no logging, no clock.
 * Ownership: a ring is a heap object that copies the keys it is given into
 * struct secrets.  NIST SP 800-38D; RFC 5869.
 */
#pragma once

#include "base/buf.h"
#include "base/macros.h"
#include "crypt/secret.h"

/* Octets of a master key. */
#define SEAL_MASTER_SIZE 32
/* Most master keys that a ring holds: the present one and older ones. */
#define SEAL_MASTERS_MAX 8
/* Octets by which a sealed thing is longer than the plain one. */
#define SEAL_OVERHEAD 30
/* Longest thing that is sealed, and longest aad. */
#define SEAL_PLAIN_MAX 4096
#define SEAL_AAD_MAX   1024 /* octets of associated data */

/* What a sealed thing is for; each has keys of its own. */
enum seal_purpose {
	SEAL_DKIM_KEY = 0,   /* a private key */
	SEAL_API_SECRET = 1, /* the secret of an access key */
	SEAL_PURPOSE_COUNT   /* how many there are */
};

enum seal_status {
	SEAL_OK = 0,
	SEAL_MALFORMED, /* too short, too long, or of another version */
	SEAL_NO_MASTER, /* no master key of the ring has its mark */
	SEAL_REFUSED,   /* changed, or of another purpose or aad */
};

struct seal_ring;

/* Returns a ring without a master key. */
struct seal_ring *seal_ring_new(void) MUST_CHECK;

/* Frees `ring`, which may be NULL, and overwrites its keys. */
void seal_ring_free(struct seal_ring *ring);

/* For CLEANUP(seal_ring_freep). */
DEFINE_FREEP(seal_ring)

/*
 * Adds a master key of SEAL_MASTER_SIZE octets.  The first one added seals;
 * all of them open.  Returns false if `master` is of another size or the
 * ring is full.
 */
bool seal_ring_add(struct seal_ring *ring, struct span master) MUST_CHECK;

/*
 * Appends `plain`, sealed for `purpose` and `aad`, to *ret.  Returns false,
 * appending nothing, if the ring has no master key, something is longer than
 * it may be, or *ret is full.
 */
bool seal(const struct seal_ring *ring, enum seal_purpose purpose,
	  struct span aad, struct span plain, struct buf *ret) MUST_CHECK;

/*
 * Opens `sealed`.  SEAL_OK makes *ret the plain thing, never in ordinary
 * memory on its way; any other status leaves it alone.
 */
enum seal_status unseal(const struct seal_ring *ring, enum seal_purpose purpose,
			struct span aad, struct span sealed,
			struct secret *ret) MUST_CHECK;

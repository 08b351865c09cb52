/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random - bytes that nobody can guess.
 *
 * Drawn from libcrypto's generator, which the kernel seeds and which a fork
 * does not repeat.  Called only by keyd, serve and cli: everything below
 * takes randomness as a parameter, so that tests need no luck.
 */
#pragma once

#include <stddef.h>

/*
 * Sets `len` bytes at `ptr`.  A generator that cannot be seeded ends the
 * process: nothing good can be done without.
 */
void random_fill(void *ptr, size_t len);

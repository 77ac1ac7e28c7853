/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a socket is called in a capture: a keyed hash of its address in the kernel. Captures are
 * attached to bug reports, and kernel addresses help an attacker; the key is random, of one
 * recording alone, and in no file.
 */
#ifndef RECORD_SOCKET_HASH_H
#define RECORD_SOCKET_HASH_H

#include <stdint.h>

#define SOCKET_HASH_KEY_BYTES 16

struct socket_hash {
    uint8_t key[SOCKET_HASH_KEY_BYTES];
};

/* A new key. 0 or a negative errno. */
int socket_hash_open(struct socket_hash *ret);

/* Forgets the key. */
void socket_hash_close(struct socket_hash *hash);

/* The socket's number, at most TLZ_SOCKET_MAX: SipHash-2-4 of its address, cut to 48 bits. */
uint64_t socket_hash(const struct socket_hash *hash, uint64_t address);

#endif

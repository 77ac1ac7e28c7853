/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names and numbers as others, by a key: the same for the same, and nobody without the key can tell
 * of which.
 */
#ifndef REPORT_ANONYMIZE_PSEUDONYM_H
#define REPORT_ANONYMIZE_PSEUDONYM_H

#include <nettle/aes.h>
#include <nettle/hmac.h>
#include <stddef.h>
#include <stdint.h>

/* What names and numbers are of: each has pseudonyms of its own. Numbers are never changed, so that
 * a key gives the same in every version. */
enum pseudonym_class {
    PSEUDONYM_NONE,
    PSEUDONYM_KEY,
    PSEUDONYM_PID,
    PSEUDONYM_UID,
    PSEUDONYM_NETNS,
    PSEUDONYM_CGROUP,
    PSEUDONYM_COOKIE,
    PSEUDONYM_SOCKET,
    PSEUDONYM_MARK,
    PSEUDONYM_INTERFACE,
    PSEUDONYM_COMM,
    PSEUDONYM_HOST,
    PSEUDONYM_BOOT,
    PSEUDONYM_CAPTURE,
    PSEUDONYM_CONGESTION,
    PSEUDONYM_OTHER = 255, /* what only a later version knows */
};

#define PSEUDONYM_KEY_SIZE 32
#define PSEUDONYM_LETTERS  10 /* of a name: 50 bits */

struct pseudonyms {
    struct aes128_ctx aes;
    struct hmac_sha256_ctx hmac;
};

void pseudonyms_init(struct pseudonyms *ret, const uint8_t key[PSEUDONYM_KEY_SIZE]);

/*
 * One to one among the numbers below 2^22, and so up to 2^32, 2^48 and 2^64: a process id stays
 * one, and no two become the same. 0 stays 0.
 */
uint64_t pseudonym_number(const struct pseudonyms *p, enum pseudonym_class class, uint64_t number);

/* A name in small letters and digits. */
void pseudonym_name(const struct pseudonyms *p, enum pseudonym_class class, const void *name,
                    size_t size, char ret[PSEUDONYM_LETTERS]);

/* 16 bytes. `ret` may be the same place. */
void pseudonym_id(const struct pseudonyms *p, enum pseudonym_class class, const uint8_t id[16],
                  uint8_t ret[16]);

#endif

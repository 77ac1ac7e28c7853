/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors of the format library. Functions return 1 = got one, 0 = clean end or done, < 0 = a
 * negative errno or a negative TLZ_E code from the list below.
 */
#ifndef TLZ_ERROR_H
#define TLZ_ERROR_H

#include <stdbool.h>

/* X(ID, number, text). Numbers start above every errno. */
#define TLZ_ERRORS(X)                                                                              \
    X(NOT_A_CAPTURE, 5001, "not a capture")                                                        \
    X(TEXT_DAMAGE, 5002, "damaged by a transfer in text mode; copy it in binary mode")             \
    X(NEWER, 5003, "needs a newer tcplife-report")                                                 \
    X(CUT, 5004, "the file ends inside a block")                                                   \
    X(NO_BLOCK, 5005, "no block where one should begin")                                           \
    X(CHECKSUM, 5006, "checksum mismatch")                                                         \
    X(LIMIT, 5007, "a length or count is over its limit")                                          \
    X(SYNTAX, 5008, "a block breaks the format's rules")                                           \
    X(MISSING, 5009, "blocks are missing")                                                         \
    X(ZSTD, 5010, "compressed data is damaged")                                                    \
    X(SOURCE, 5011, "a block refers to a source that the file does not describe")                  \
    X(ORDER, 5012, "a block is out of order")                                                      \
    X(FOREIGN, 5018, "a block of another capture")                                                 \
    X(ANOTHER, 5014, "another capture begins here, and is not read: give each a file of its own")  \
    X(INDEX, 5015, "the index does not say what the blocks are")                                   \
    X(TOTALS, 5016, "the end does not say how much there is in the file")                          \
    X(RANGES, 5017, "the ranges of a block are not those of its values")                           \
    X(DRAFT, 5013, "written by a development version, before the format had a version")

enum tlz_error {
#define X(id, number, text) TLZ_E_##id = number,
    TLZ_ERRORS(X)
#undef X
};

/* True for what is wrong with bytes of a file, behind which reading goes on. */
static inline bool tlz_error_is_damage(int error)
{
    return error <= -TLZ_E_NOT_A_CAPTURE && error != -TLZ_E_NEWER;
}

/* The text of a negative errno or TLZ_E code. Static storage, or strerrordesc_np()'s; never NULL.
 */
const char *tlz_strerror(int error);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program says of how it is confined. */
#ifndef UTIL_CONFINE_TEXT_H
#define UTIL_CONFINE_TEXT_H

#define CONFINE_TEXT_MAX 160

/*
 * "landlock (ABI 7), seccomp", or why either is not in force. landlock, seccomp: 0, or the negative
 * errno with which it failed; landlock_abi: of landlock_rules_open(). Returns `text`.
 */
const char *confine_text_format(int landlock, int landlock_abi, int seccomp,
                                char text[CONFINE_TEXT_MAX]);

#endif

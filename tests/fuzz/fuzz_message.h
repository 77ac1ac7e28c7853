/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of util/message.c, which would fill the terminal: messages are formatted, counted and
 * dropped. */
#ifndef TESTS_FUZZ_MESSAGE_H
#define TESTS_FUZZ_MESSAGE_H

/* How many errors were said so far, those of usage among them. */
extern unsigned int fuzz_errors;

#endif

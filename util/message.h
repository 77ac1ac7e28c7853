/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on standard error, and the programs' exit statuses. Only programs print; format/ never
 * does. */
#ifndef UTIL_MESSAGE_H
#define UTIL_MESSAGE_H

#include <stddef.h>

/* Exit statuses of both programs. */
enum exit_status {
    EXIT_OK = 0,
    EXIT_FAILED = 1,           /* nothing done, or nothing recognisable in the input */
    EXIT_USAGE = 2,            /* bad command line */
    EXIT_DAMAGED = 3,          /* done, but the file is damaged or has no end */
    EXIT_COMMAND_FAILED = 125, /* tcplife-record -- COMMAND: our own failure, as in timeout(1) */
};

/*
 * First in main(): sets the program's name, which begins every message. Standard descriptors that
 * are closed are taken, so that no file that is opened later gets one of them, and with it the
 * messages. Where standard error goes to the journal ($JOURNAL_STREAM), each begins with its
 * priority:
 * "<3>".
 */
void message_init(const char *program);

/* Whether warnings and notices are left out. */
void message_set_quiet(int quiet);

/* Each prints one line: "PROGRAM: ..." and a line feed. Control bytes in the result are escaped. */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As message_error(), with "Try 'PROGRAM --help'." behind it. Returns EXIT_USAGE. */
int message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same, and below it the text that is wrong with a mark under the place: `size` bytes from `at`
 * on, 0 = the end. Of a long text what is around the place.
 */
int message_usage_at(const char *text, size_t at, size_t size, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The reporter, run inside of a harness: bytes on its standard input, what it prints in memory. */
#ifndef TESTS_FUZZ_REPORT_H
#define TESTS_FUZZ_REPORT_H

#include <stddef.h>

/* The most words of a command line. */
#define FUZZ_WORDS_MAX 16

struct fuzz_report {
    int status;
    char *text; /* of standard output, a NUL behind it; free()d by fuzz_report_free() */
    size_t size;
    unsigned int errors; /* messages of errors; the words are dropped */
};

/* `options` are the words behind the program's name, ended by NULL; "-" is the input. */
void fuzz_report_run(struct fuzz_report *ret, const char *const *options, const void *input,
                     size_t size);
void fuzz_report_free(struct fuzz_report *report);

#endif

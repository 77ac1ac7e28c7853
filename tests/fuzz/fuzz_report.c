/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_report.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_message.h"
#include "report/pipeline.h"
#include "report/report_options.h"

/* A file without a name in place of that descriptor, empty. */
static void open_memory(int fd)
{
    int file = memfd_create("fuzz", MFD_CLOEXEC);

    assert(file >= 0 && dup2(file, fd) == fd);
    close(file);
}

static void put_input(const void *input, size_t size)
{
    assert(ftruncate(STDIN_FILENO, 0) == 0);
    assert(pwrite(STDIN_FILENO, input, size, 0) == (ssize_t)size);
    assert(lseek(STDIN_FILENO, 0, SEEK_SET) == 0);
}

static void take_output(struct fuzz_report *ret)
{
    struct stat status;

    assert(fflush(stdout) == 0 && fstat(STDOUT_FILENO, &status) == 0);
    ret->size = (size_t)status.st_size;
    ret->text = malloc(ret->size + 1);
    assert(ret->text);
    assert(pread(STDOUT_FILENO, ret->text, ret->size, 0) == status.st_size);
    ret->text[ret->size] = '\0';
    assert(ftruncate(STDOUT_FILENO, 0) == 0 && lseek(STDOUT_FILENO, 0, SEEK_SET) == 0);
}

void fuzz_report_run(struct fuzz_report *ret, const char *const *options, const void *input,
                     size_t size)
{
    static bool is_open;
    struct report_options parsed;
    char *words[FUZZ_WORDS_MAX + 2] = {(char *)"tcplife-report"};
    int count = 1;

    if (!is_open) {
        open_memory(STDIN_FILENO);
        open_memory(STDOUT_FILENO);
        is_open = true;
    }
    for (; options[count - 1]; count++) {
        assert(count <= FUZZ_WORDS_MAX);
        words[count] = (char *)options[count - 1];
    }
    put_input(input, size);
    fuzz_errors = 0;
    optind = 0;
    ret->status = report_options_parse(&parsed, count, words);
    if (ret->status < 0)
        ret->status = pipeline_run(&parsed);
    report_options_close(&parsed);
    ret->errors = fuzz_errors;
    take_output(ret);
}

void fuzz_report_free(struct fuzz_report *report)
{
    free(report->text);
    *report = (struct fuzz_report){0};
}

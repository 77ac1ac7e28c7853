/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded: pwrite(2), ftruncate(2) and renameat2(2) that fail, as on a disk that fails or
 * is full. What is to fail is in the environment, numbers with commas between:
 *
 *   FAILING_WRITE=FROM,COUNT,HALF,ERROR,TRUNCATES
 *
 * From the FROM-th write (1 is the first) on, COUNT writes fail with the errno ERROR; with HALF =
 * 1, half of the data is written before that. With ERROR = 0 it is only written in two halves. The
 * first TRUNCATES calls of ftruncate() fail with EIO.
 *
 *   FAILING_RENAME=FROM,COUNT,ERROR
 *
 * From the FROM-th renaming on, COUNT of them fail with ERROR.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t failing_pwrite(int fd, const void *data, size_t size, off_t offset) __asm__("pwrite");
ssize_t failing_pwrite64(int fd, const void *data, size_t size, off_t offset) __asm__("pwrite64");
int failing_ftruncate(int fd, off_t size) __asm__("ftruncate");
int failing_ftruncate64(int fd, off_t size) __asm__("ftruncate64");
int failing_renameat2(int from_fd, const char *from, int to_fd, const char *to,
                      unsigned flags) __asm__("renameat2");

static struct {
    bool is_read;
    long from, count, half, error, truncates;
    long writes;  /* so far */
    bool is_half; /* the first half of this one was written */
} plan;

static void read_plan(void)
{
    const char *text = getenv("FAILING_WRITE");

    if (plan.is_read)
        return;
    plan.is_read = true;
    if (text)
        sscanf(text, "%ld,%ld,%ld,%ld,%ld", &plan.from, &plan.count, &plan.half, &plan.error,
               &plan.truncates);
}

static ssize_t really_write(int fd, const void *data, size_t size, off_t offset)
{
    return syscall(SYS_pwrite64, fd, data, size, offset);
}

ssize_t failing_pwrite(int fd, const void *data, size_t size, off_t offset)
{
    read_plan();
    plan.writes += !plan.is_half;
    if (plan.writes < plan.from || plan.writes >= plan.from + plan.count)
        return really_write(fd, data, size, offset);
    if (plan.half && !plan.is_half && size > 1) {
        plan.is_half = true;
        return really_write(fd, data, size / 2, offset);
    }
    plan.is_half = false;
    if (!plan.error)
        return really_write(fd, data, size, offset);
    errno = (int)plan.error;
    return -1;
}

ssize_t failing_pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    return failing_pwrite(fd, data, size, offset);
}

int failing_ftruncate(int fd, off_t size)
{
    read_plan();
    if (plan.truncates > 0) {
        plan.truncates--;
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int failing_ftruncate64(int fd, off_t size)
{
    return failing_ftruncate(fd, size);
}

int failing_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    static long renames; /* so far */
    const char *text = getenv("FAILING_RENAME");
    long from_number = 0, count = 0, error = 0;

    renames++;
    if (text)
        sscanf(text, "%ld,%ld,%ld", &from_number, &count, &error);
    if (renames < from_number || renames >= from_number + count)
        return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
    errno = (int)error;
    return -1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/tracepoint_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

/* A record is no larger (PERF_MAX_TRACE_SIZE, include/linux/trace_events.h, Linux 4.16 to 6.18). */
#define RECORD_BYTES_MAX 8192

/* The second before Linux 4.1, or where tracefs is mounted by nobody. */
static const char *const mounts[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

#define FIELD "\tfield:"

/* "\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;" */
static bool is_field(const char *line, const char *name)
{
    const char *end = strchr(line, ';');
    size_t size = strlen(name);

    if (strncmp(line, FIELD, strlen(FIELD)) != 0 || !end ||
        (size_t)(end - line) <= strlen(FIELD) + size)
        return false;
    end -= size;
    return !strncmp(end, name, size) && (end[-1] == ' ' || end[-1] == '*');
}

int tracepoint_find_field(const char *format, const char *name, struct tracepoint_field *ret)
{
    for (const char *line = format; line && *line;
         line = strchr(line, '\n'), line += line != NULL) {
        unsigned offset;
        unsigned size;

        if (!is_field(line, name))
            continue;
        if (sscanf(strchr(line, ';'), ";\toffset:%5u;\tsize:%5u;", &offset, &size) != 2 ||
            size == 0 || offset + size > RECORD_BYTES_MAX)
            return -ENOENT;
        *ret = (struct tracepoint_field){(uint16_t)offset, (uint16_t)size};
        return 0;
    }
    return -ENOENT;
}

int tracepoint_read_format(const char *tracepoint, char *ret, unsigned size)
{
    int error = -ENOENT;

    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        _cleanup_(close_fd) int fd = -1;
        char path[PATH_MAX];
        ssize_t n;

        snprintf(path, sizeof path, "%s/events/%s/format", mounts[i], tracepoint);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        n = fd < 0 ? -1 : read(fd, ret, size - 1);
        if (n >= 0) {
            ret[n] = '\0';
            return 0;
        }
        error = errno == ENOENT ? error : -errno;
    }
    return error;
}

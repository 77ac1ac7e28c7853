/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/metrics_text.h"
#include "util/cleanup.h"
#include "util/message.h"

/* What stands in the way is not ours to replace. */
#define NOT_METRICS (-EEXIST)

/* Whatever else has that name, a capture for one, is kept. 0 or a negative errno. */
static int check_old(const char *path)
{
    _cleanup_(close_fd) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    char begin[sizeof METRICS_BEGIN - 1];
    struct stat st;

    if (fd < 0)
        return errno == ENOENT ? 0 : errno == ELOOP ? NOT_METRICS : -errno;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return NOT_METRICS;
    return st.st_size == 0 || (pread(fd, begin, sizeof begin, 0) == sizeof begin &&
                               !memcmp(begin, METRICS_BEGIN, sizeof begin))
               ? 0
               : NOT_METRICS;
}

static int write_whole(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, text, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        text += n;
        size -= (size_t)n;
    }
    return 0;
}

/* One that an earlier recorder has left is in nobody's way: the exporter does not read it. */
static int write_beside(const char *temporary, const struct joined_text *text)
{
    _cleanup_(close_fd) int fd = -1;

    if (unlink(temporary) < 0 && errno != ENOENT)
        return -errno;
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    if (fchmod(fd, 0644) < 0)
        return -errno;
    return write_whole(fd, text->bytes, text->size);
}

/* In the same directory, hidden, and of another ending than .prom. */
static char *name_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    int directory = slash ? (int)(slash + 1 - path) : 0;
    char *name;

    return asprintf(&name, "%.*s.%s.new", directory, path, path + directory) < 0 ? NULL : name;
}

static int replace(const char *path, const struct joined_text *text)
{
    _cleanup_(free_pointer) char *temporary = name_beside(path);
    int r = temporary && joined_text_whole(text) ? check_old(path) : -ENOMEM;

    if (r < 0)
        return r;
    r = write_beside(temporary, text);
    if (r == 0 && rename(temporary, path) < 0)
        r = -errno;
    if (r < 0)
        unlink(temporary);
    return r;
}

bool metrics_write(struct metrics *m, const struct recorder *r, bool is_recording)
{
    _cleanup_(joined_text_free) struct joined_text text = {0};
    bool was_good = m->error == 0;

    if (!m->path)
        return false;
    metrics_text(r, is_recording, &text);
    m->error = replace(m->path, &text);
    return m->error < 0 && was_good;
}

void metrics_explain(const struct metrics *m)
{
    message_error("cannot write the metrics %s: %s; the recording goes on", m->path,
                  m->error == NOT_METRICS ? "what is there is no file of metrics"
                                          : strerror(-m->error));
}

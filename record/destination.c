/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/error.h"
#include "util/message.h"

static bool is_stdout_path(const char *path)
{
    return path[0] == '-' && !path[1];
}

/* Something is there that may not be replaced: 0, or a negative errno after a message. */
static int check_existing(const char *path, bool force)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return 0; /* open() will say what is wrong */
    if (!S_ISREG(st.st_mode)) {
        message_error("%s exists and is not a regular file, which even -f does not replace", path);
        return -EEXIST;
    }
    if (!force) {
        message_error("%s exists; -f replaces it", path);
        return -EEXIST;
    }
    return 0;
}

int destination_check(const char *path, bool force)
{
    if (!is_stdout_path(path))
        return check_existing(path, force) < 0 ? EXIT_FAILED : -1;
    if (isatty(STDOUT_FILENO))
        return message_usage(
            "-o - does not write a capture to a terminal; give it a file, or a pipe: "
            "-o - | tcplife-report -");
    return -1;
}

static int create(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* The descriptor, or a negative errno. */
static int replace(const char *path, bool force)
{
    int fd = create(path);

    if (fd < 0 && errno == EEXIST && force && unlink(path) == 0)
        fd = create(path);
    return fd < 0 ? -errno : fd;
}

static int create_file(const char *path, bool force)
{
    int r = check_existing(path, force);

    if (r < 0)
        return r;
    r = replace(path, force);
    if (r < 0)
        message_error("cannot create %s: %s", path, tlz_strerror(r));
    return r;
}

int destination_open(struct destination *ret, const char *path, bool force)
{
    int fd = is_stdout_path(path) ? STDOUT_FILENO : create_file(path, force);

    if (fd < 0)
        return fd;
    *ret = (struct destination){
        .path = is_stdout_path(path) ? "standard output" : path,
        .fd = fd,
        .is_stdout = is_stdout_path(path),
    };
    return 0;
}

int destination_write(void *context, const void *data, size_t size)
{
    struct destination *file = context;
    const char *rest = data;

    while (size > 0) {
        ssize_t n = write(file->fd, rest, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        rest += n;
        size -= (size_t)n;
        file->bytes += (uint64_t)n;
    }
    return 0;
}

bool destination_is_pipe(const struct destination *file)
{
    struct stat st;

    return fstat(file->fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

int destination_close(struct destination *file)
{
    int fd = file->fd;

    file->fd = -1;
    return fd >= 0 && close(fd) < 0 ? -errno : 0;
}

void destination_discard(struct destination *file)
{
    if (file->fd >= 0 && !file->is_stdout)
        unlink(file->path);
    destination_close(file);
}

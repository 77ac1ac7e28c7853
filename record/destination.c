/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The file's descriptor, or a negative errno. */
static int create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    return fd < 0 ? -errno : fd;
}

/* A hidden file in the directory of `path`, with mode 0600: its descriptor and its name, or a
 * negative errno. */
static int create_beside(const char *path, char **ret_name)
{
    const char *slash = strrchr(path, '/');
    char *name;
    int fd;

    if (asprintf(&name, "%.*s.tlz-XXXXXX", slash ? (int)(slash + 1 - path) : 0, path) < 0)
        return -ENOMEM;
    fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0) {
        fd = -errno;
        free(name);
        return fd;
    }
    *ret_name = name;
    return fd;
}

/* The descriptor; with *ret_temporary when something is to be replaced. Or a negative errno. */
static int create_file(const char *path, bool force, char **ret_temporary)
{
    struct stat st;
    int r = check_existing(path, force);

    if (r < 0)
        return r;
    r = force && lstat(path, &st) == 0 ? create_beside(path, ret_temporary) : create(path);
    if (r < 0)
        message_error("cannot create %s: %s", path, tlz_strerror(r));
    return r;
}

int destination_open(struct destination *ret, const char *path, bool force)
{
    bool is_stdout = is_stdout_path(path);
    char *temporary = NULL;
    int fd = is_stdout ? STDOUT_FILENO : create_file(path, force, &temporary);

    if (fd < 0)
        return fd;
    *ret = (struct destination){
        .path = is_stdout ? "standard output" : path,
        .temporary = temporary,
        .fd = fd,
        .is_stdout = is_stdout,
    };
    return 0;
}

static void forget_temporary(struct destination *file)
{
    free(file->temporary);
    file->temporary = NULL;
}

int destination_publish(struct destination *file)
{
    int r = 0;

    if (!file->temporary)
        return 0;
    if (rename(file->temporary, file->path) < 0) {
        r = -errno;
        message_error("cannot replace %s: %s", file->path, tlz_strerror(r));
        return r;
    }
    forget_temporary(file);
    return 0;
}

/* In steps that a pipe with room takes at once. */
static int write_stream(struct destination *file, const char *data, size_t size)
{
    int r = file->error;

    while (r == 0 && size > 0) {
        ssize_t n;

        if (file->wait)
            r = file->wait(file->wait_context, file->fd);
        if (r < 0)
            return r;
        n = write(file->fd, data, size < PIPE_BUF ? size : PIPE_BUF);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        if (n > 0) {
            data += n;
            size -= (size_t)n;
            file->bytes += (uint64_t)n;
        }
    }
    return r;
}

/* 0 or a negative errno. */
static int write_at(int fd, const char *data, size_t size, uint64_t offset)
{
    while (size > 0) {
        ssize_t n = pwrite(fd, data, size, (off_t)offset);

        if (n == 0)
            return -EIO;
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            data += n;
            size -= (size_t)n;
            offset += (uint64_t)n;
        }
    }
    return 0;
}

/* Cuts off what a failed write has left. 0, or a negative errno: it stands there still. */
static int mend(struct destination *file)
{
    if (file->is_torn && ftruncate(file->fd, (off_t)file->bytes) < 0)
        return -errno;
    file->is_torn = false;
    return 0;
}

static int admit(struct destination *file, size_t size)
{
    const struct destination_space *space = file->space;

    return space ? space->admit(space->context, file->bytes, size) : 0;
}

static bool make_room(struct destination *file, int error, size_t size)
{
    const struct destination_space *space = file->space;

    return (error == -ENOSPC || error == -EDQUOT) && space &&
           space->make_room(space->context, size);
}

static int write_block(struct destination *file, const char *data, size_t size)
{
    int r = mend(file);

    if (r == 0)
        r = admit(file, size);
    if (r < 0)
        return r;
    r = write_at(file->fd, data, size, file->bytes);
    if (make_room(file, r, size))
        r = write_at(file->fd, data, size, file->bytes);
    if (r == 0) {
        file->bytes += size;
    } else {
        file->is_torn = true;
        (void)mend(file); /* or before the next write */
    }
    return r;
}

int destination_write(void *context, const void *data, size_t size)
{
    struct destination *file = context;

    file->error = file->is_stdout ? write_stream(file, data, size) : write_block(file, data, size);
    file->failures += file->error < 0;
    return file->error;
}

const char *destination_strerror(int error)
{
    return error == DESTINATION_MIN_FREE ? "less than --min-free would be left on the disk"
                                         : tlz_strerror(error);
}

bool destination_may_recover(const struct destination *file)
{
    return file->error < 0 && !file->is_stdout;
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
    forget_temporary(file);
    return fd >= 0 && close(fd) < 0 ? -errno : 0;
}

void destination_discard(struct destination *file)
{
    if (file->fd >= 0 && !file->is_stdout)
        unlink(file->temporary ? file->temporary : file->path);
    destination_close(file);
}

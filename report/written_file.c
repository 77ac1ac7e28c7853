/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/written_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"

static int open_standard_output(struct written_file *ret)
{
    if (isatty(STDOUT_FILENO)) {
        message_error("--write: standard output is a terminal, and a capture is no text");
        return -ENOTTY;
    }
    *ret = (struct written_file){.fd = STDOUT_FILENO, .path = "-"};
    return 0;
}

/* Checked before the file is opened for writing, which would empty it. */
static int refuse_inputs(const char *path, const struct inputs *inputs)
{
    struct stat status;
    const struct input *input;

    if (stat(path, &status) < 0)
        return 0;
    input = inputs_find(inputs, &status);
    if (!input)
        return 0;
    message_error("%s: it is being read, as %s; write to another file", path, input->name);
    return -EINVAL;
}

/* A new file beside the old one, with its mode. 0 or a negative errno. */
static int open_replacement(struct written_file *ret, const char *path, const struct stat *old)
{
    struct written_file file = {.fd = -1, .path = path};

    if (access(path, W_OK) < 0)
        return -errno;
    file.target = realpath(path, NULL);
    if (!file.target)
        return -errno;
    if (asprintf(&file.temporary, "%.*s/.tlz-XXXXXX",
                 (int)(strrchr(file.target, '/') - file.target), file.target) < 0) {
        free(file.target);
        return -ENOMEM;
    }
    file.fd = mkostemp(file.temporary, O_CLOEXEC);
    if (file.fd < 0) {
        int r = -errno;

        free(file.temporary);
        free(file.target);
        return r;
    }
    if (fchmod(file.fd, old->st_mode & 0777) < 0) {
        int r = -errno;

        written_file_abandon(&file);
        return r;
    }
    *ret = file;
    return 0;
}

/* 0 or a negative errno. */
static int open_file(struct written_file *ret, const char *path, bool force)
{
    struct stat old;
    bool exists = force && stat(path, &old) == 0;
    int fd;

    if (exists && S_ISREG(old.st_mode))
        return open_replacement(ret, path, &old);
    /* A device or a pipe is written to and never replaced. */
    if (exists)
        fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0600);
    if (fd < 0)
        return -errno;
    *ret = (struct written_file){.fd = fd, .path = path, .created = !exists};
    return 0;
}

int written_file_open(struct written_file *ret, const char *path, bool force,
                      const struct inputs *inputs)
{
    int r;

    if (!strcmp(path, "-"))
        return open_standard_output(ret);
    r = refuse_inputs(path, inputs);
    if (r < 0)
        return r;
    r = open_file(ret, path, force);
    if (r == -EEXIST)
        message_error("%s: it exists; name another file, or say --force", path);
    else if (r < 0)
        message_error("%s: %s", path, strerror(-r));
    return r;
}

const char *written_file_place(const struct written_file *file)
{
    return file->temporary ? file->temporary : file->created ? file->path : NULL;
}

static int close_descriptor(struct written_file *file)
{
    int r = file->fd == STDOUT_FILENO || close(file->fd) == 0 ? 0 : -errno;

    file->fd = -1;
    return r;
}

static void free_names(struct written_file *file)
{
    free(file->temporary);
    free(file->target);
    file->temporary = file->target = NULL;
}

int written_file_close(struct written_file *file)
{
    int r = close_descriptor(file);

    if (r == 0 && file->temporary && rename(file->temporary, file->target) < 0)
        r = -errno;
    if (r < 0 && file->temporary)
        unlink(file->temporary);
    free_names(file);
    return r;
}

void written_file_abandon(struct written_file *file)
{
    if (file->fd < 0)
        return;
    close_descriptor(file);
    if (file->temporary)
        unlink(file->temporary);
    else if (file->created)
        unlink(file->path);
    free_names(file);
}

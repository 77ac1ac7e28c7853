/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/written_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"
#include "util/missing.h"

static int open_standard_output(struct written_file *ret, const struct written_kind *kind)
{
    if (isatty(STDOUT_FILENO)) {
        message_error("%s: standard output is a terminal, and %s", kind->option, kind->refusal);
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

static const int ends[] = {SIGHUP, SIGINT, SIGTERM};

/* What to remove when a signal ends the program; NULL = nothing. */
static const char *volatile guarded;

static void remove_guarded(int signal_number)
{
    if (guarded)
        unlink(guarded);
    raise(signal_number); /* whose action is the default again */
}

/* One that is ignored stays so, as nohup(1) wants. */
static void guard(const char *path)
{
    struct sigaction action = {.sa_handler = remove_guarded, .sa_flags = (int)SA_RESETHAND}, old;

    guarded = path;
    for (size_t i = 0; path && i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(ends[i], &action, NULL);
}

/* Makes the file that is written to: beside the target, hidden, with a name that no capture has. 0
 * or a negative errno. */
static int make_temporary(struct written_file *file)
{
    const char *slash = strrchr(file->target, '/');
    int size = slash ? (int)(slash - file->target) + 1 : 0;

    if (asprintf(&file->temporary, "%.*s.tlz-XXXXXX", size, file->target) < 0) {
        file->temporary = NULL;
        return -ENOMEM;
    }
    file->fd = mkostemp(file->temporary, O_CLOEXEC);
    return file->fd < 0 ? -errno : 0;
}

static int close_descriptor(struct written_file *file)
{
    int r = file->fd == STDOUT_FILENO || close(file->fd) == 0 ? 0 : -errno;

    file->fd = -1;
    return r;
}

static void free_names(struct written_file *file)
{
    guard(NULL);
    free(file->temporary);
    free(file->target);
    file->temporary = file->target = NULL;
}

/* A new file that is to stand at `path`, or in place of the old one, with its mode. 0 or a negative
 * errno. */
static int open_regular(struct written_file *ret, const char *path, const struct stat *old)
{
    struct written_file file = {.fd = -1, .path = path};
    int r;

    if (old && access(path, W_OK) < 0)
        return -errno;
    /* A link to the old one goes on to lead to it. */
    file.target = old ? realpath(path, NULL) : strdup(path);
    if (!file.target)
        return -errno;
    r = make_temporary(&file);
    if (r == 0 && old && fchmod(file.fd, old->st_mode & 0777) < 0)
        r = -errno;
    if (r < 0) {
        written_file_abandon(&file);
        free_names(&file);
        return r;
    }
    guard(file.temporary);
    *ret = file;
    return 0;
}

/* A device or a pipe is written to and never replaced. */
static int open_other(struct written_file *ret, const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    *ret = (struct written_file){.fd = fd, .path = path};
    return 0;
}

/* 0 or a negative errno. */
static int open_file(struct written_file *ret, const char *path, bool force)
{
    struct stat old;

    if (!force)
        return lstat(path, &old) == 0 ? -EEXIST : open_regular(ret, path, NULL);
    if (stat(path, &old) < 0)
        return errno == ENOENT ? open_regular(ret, path, NULL) : -errno;
    return S_ISREG(old.st_mode) ? open_regular(ret, path, &old) : open_other(ret, path);
}

int written_file_open(struct written_file *ret, const struct written_kind *kind, const char *path,
                      bool force, const struct inputs *inputs)
{
    int r;

    if (!strcmp(path, "-"))
        return open_standard_output(ret, kind);
    r = refuse_inputs(path, inputs);
    if (r < 0)
        return r;
    r = open_file(ret, path, force);
    if (r == -EEXIST)
        message_error("%s: it exists; name another file, or say --force", path);
    else if (r < 0)
        message_error("%s: %s", path, strerror(-r));
    else
        ret->replaces = force;
    return r;
}

const char *written_file_place(const struct written_file *file)
{
    return file->temporary;
}

/* What has come to stand there meanwhile is kept; but where the file system cannot do that in one
 * step it may be lost. */
static int rename_to_new(const char *from, const char *to)
{
    struct stat status;

    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    if (lstat(to, &status) == 0)
        return -EEXIST;
    return rename(from, to) < 0 ? -errno : 0;
}

static int put_in_place(const struct written_file *file)
{
    if (!file->replaces)
        return rename_to_new(file->temporary, file->target);
    return rename(file->temporary, file->target) < 0 ? -errno : 0;
}

int written_file_close(struct written_file *file)
{
    /* So that no crash of the machine leaves the name without the bytes. */
    int r = file->temporary && fsync(file->fd) < 0 ? -errno : 0;
    int closed = close_descriptor(file);

    r = r < 0 ? r : closed;
    if (r == 0 && file->temporary)
        r = put_in_place(file);
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
    free_names(file);
}

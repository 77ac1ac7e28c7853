/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/written_file.h"

#include <errno.h>
#include <fcntl.h>
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

int written_file_open(struct written_file *ret, const char *path, bool force,
                      const struct inputs *inputs)
{
    int fd, r;

    if (!strcmp(path, "-"))
        return open_standard_output(ret);
    r = refuse_inputs(path, inputs);
    if (r < 0)
        return r;
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
    if (fd < 0) {
        r = -errno;
        if (r == -EEXIST)
            message_error("%s: it exists; name another file, or say --force", path);
        else
            message_error("%s: %s", path, strerror(-r));
        return r;
    }
    *ret = (struct written_file){.fd = fd, .path = path, .created = !force};
    return 0;
}

int written_file_close(struct written_file *file)
{
    int r = file->fd == STDOUT_FILENO || close(file->fd) == 0 ? 0 : -errno;

    file->fd = -1;
    return r;
}

void written_file_abandon(struct written_file *file)
{
    if (file->fd < 0)
        return;
    written_file_close(file);
    if (file->created)
        unlink(file->path);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture as it is. */
#include <errno.h>
#include <unistd.h>

#include "report/input/source.h"

static ssize_t read_bytes(void *context, void *data, size_t size)
{
    const struct input *input = context;
    ssize_t n = input_read(context, data, size);

    return n == 0 && input->grows ? -EAGAIN : n;
}

static ssize_t read_bytes_at(void *context, uint64_t offset, void *data, size_t size)
{
    const struct input *input = context;
    ssize_t n = input_read_at(context, offset, data, size);

    return n == 0 && input->grows ? -EAGAIN : n;
}

/* A file that was given to us with its offset moved is read from there on, as a pipe is. */
static bool is_at_start(const struct input *input)
{
    return input_is_file(input) && lseek(input->fd, 0, SEEK_CUR) == 0;
}

static int open_capture(struct tlz_input *ret, void **ret_state, struct input *input)
{
    *ret = (struct tlz_input){.read = read_bytes, .context = input};
    if (is_at_start(input)) {
        ret->read_at = read_bytes_at;
        ret->size = input->grows ? 0 : (uint64_t)input->status.st_size; /* no index to look for */
    }
    *ret_state = NULL;
    return 0;
}

const struct source_type source_tlz = {.name = "tlz", .suffix = ".tlz", .open = open_capture};

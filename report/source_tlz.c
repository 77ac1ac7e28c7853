/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture as it is. */
#include "report/source.h"

static ssize_t read_bytes(void *context, void *data, size_t size)
{
    return input_read(context, data, size);
}

static int open_capture(struct tlz_input *ret, void **ret_state, struct input *input)
{
    *ret = (struct tlz_input){.read = read_bytes, .context = input};
    *ret_state = NULL;
    return 0;
}

const struct source_type source_tlz = {.name = "tlz", .suffix = ".tlz", .open = open_capture};

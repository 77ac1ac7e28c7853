/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reporter's own JSON lines. They are turned into the bytes of a capture as they are read, so
 * that everything behind sees one kind of source, and derived fields come from one place.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/input/jsonl_capture.h"
#include "report/input/line_reader.h"
#include "report/input/source.h"

struct jsonl {
    struct line_reader lines;
    struct jsonl_capture *capture;
    bool at_end;
    int error; /* of a line, to be told when the lines before it were taken */
    bool is_file;
    char problem[512];
};

static int say(struct jsonl *j, int error, const char *text)
{
    snprintf(j->problem, sizeof j->problem, "line %" PRIu64 ": %s", j->lines.number, text);
    return error;
}

/* The lines before a bad one are good. */
static int stop_at(struct jsonl *j, int error)
{
    int r = jsonl_capture_flush(j->capture);

    j->at_end = true;
    j->error = error;
    return r < 0 ? r : 0;
}

static int finish(struct jsonl *j)
{
    j->at_end = true;
    return jsonl_capture_finish(j->capture);
}

/* Takes one line, or ends. Before it may wait for a pipe it lets go of what it has. */
static int convert(struct jsonl *j)
{
    const char *line;
    size_t size;
    int r;

    if (!j->is_file && !line_reader_is_ready(&j->lines)) {
        r = jsonl_capture_flush(j->capture);
        if (r != 0)
            return r < 0 ? r : 0;
    }
    r = line_reader_next(&j->lines, &line, &size);
    if (r == -EMSGSIZE)
        return stop_at(j, say(j, r, "longer than a mebibyte"));
    if (r <= 0)
        return r < 0 ? r : finish(j);
    r = jsonl_capture_add(j->capture, line, size, j->lines.number);
    return r == -EBADMSG ? stop_at(j, say(j, r, jsonl_capture_problem(j->capture))) : r;
}

static ssize_t read_converted(void *context, void *data, size_t size)
{
    struct jsonl *j = context;

    while (jsonl_capture_size(j->capture) == 0 && !j->at_end) {
        int r = convert(j);

        if (r < 0)
            return r;
    }
    if (j->error < 0 && jsonl_capture_size(j->capture) == 0)
        return j->error;
    return (ssize_t)jsonl_capture_take(j->capture, data, size);
}

static void jsonl_free(void *state)
{
    struct jsonl *j = state;

    if (!j)
        return;
    line_reader_close(&j->lines);
    jsonl_capture_free(j->capture);
    free(j);
}

static int jsonl_open(struct tlz_input *ret, void **ret_state, struct input *input)
{
    struct jsonl *j = calloc(1, sizeof *j);
    int r;

    if (!j)
        return -ENOMEM;
    line_reader_init(&j->lines, input);
    j->is_file = input_is_file(input);
    r = jsonl_capture_new(&j->capture, input->name);
    if (r < 0) {
        jsonl_free(j);
        return r;
    }
    *ret = (struct tlz_input){.read = read_converted, .context = j};
    *ret_state = j;
    return 0;
}

static const char *jsonl_problem(const void *state)
{
    const struct jsonl *j = state;

    return j->problem[0] ? j->problem : NULL;
}

/* Else jansson does it later, from /dev/urandom, so that keys cannot be made to collide. */
static void seed(void)
{
    json_object_seed(0);
}

const struct source_type source_jsonl = {
    .name = "jsonl",
    .suffix = ".jsonl",
    .prepare = seed,
    .open = jsonl_open,
    .free = jsonl_free,
    .problem = jsonl_problem,
};

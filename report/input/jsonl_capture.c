/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/jsonl_capture.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdlib.h>

#include "report/input/json_integers.h"
#include "report/input/jsonl_state.h"
#include "util/cleanup.h"
#include "util/message.h"

/*
 * jansson without memory takes good lines for bad ones, and in the middle of a number fails an
 * assertion (lex_scan_number() in 2.14). So it is left at once; what it had of that line is lost.
 */
static jmp_buf without_memory;

static void *take_memory(size_t size)
{
    void *p = malloc(size);

    if (!p)
        longjmp(without_memory, 1);
    return p;
}

/* 0 and *ret, NULL with *ret_error when the line is no JSON; or -ENOMEM. */
static int load_line(const char *line, size_t size, size_t flags, json_t **ret,
                     json_error_t *ret_error)
{
    int r = setjmp(without_memory) ? -ENOMEM : 0;

    if (r == 0) {
        json_set_alloc_funcs(take_memory, free);
        *ret = json_loadb(line, size, flags, ret_error);
    }
    json_set_alloc_funcs(malloc, free);
    return r;
}

int jsonl_capture_new(struct jsonl_capture **ret, const char *name)
{
    struct jsonl_capture *c = calloc(1, sizeof *c);

    if (!c)
        return -ENOMEM;
    c->name = name;
    c->end = tlz_metadata_new();
    c->file = tlz_metadata_new();
    if (!c->end || !c->file) {
        jsonl_capture_free(c);
        return -ENOMEM;
    }
    *ret = c;
    return 0;
}

void jsonl_capture_free(struct jsonl_capture *c)
{
    if (!c)
        return;
    tlz_writer_free(c->writer);
    tlz_metadata_free(c->file);
    tlz_metadata_free(c->end);
    free(c->sources);
    free(c->bytes);
    free(c);
}

const char *jsonl_capture_problem(const struct jsonl_capture *c)
{
    return c->problem.text;
}

static int take_block(void *context, const void *data, size_t size)
{
    struct jsonl_capture *c = context;

    if (c->capacity - c->used < size) {
        size_t capacity = 2 * (c->used + size);
        char *grown = realloc(c->bytes, capacity);

        if (!grown)
            return -ENOMEM;
        c->bytes = grown;
        c->capacity = capacity;
    }
    memcpy(c->bytes + c->used, data, size);
    c->used += size;
    return 0;
}

static void put_object(json_t **object)
{
    json_decref(*object);
}

int jsonl_open_writer(struct jsonl_capture *c)
{
    static const uint8_t unknown_id[16];
    struct tlz_output output = {.write = take_block, .context = c};
    int r = 0;

    if (c->writer)
        return 0;
    if (!tlz_metadata_id(c->file))
        r = tlz_metadata_set_id(c->file, unknown_id);
    return r < 0 ? r
                 : tlz_writer_open(&c->writer, &output, &(struct tlz_writer_options){0}, c->file);
}

static int add_typed(struct jsonl_capture *c, json_t *object, const char *type, uint64_t number)
{
    const struct line_type *known = jsonl_line_type(type);

    if (known)
        return known->add(c, object);
    if (!c->said_type)
        message_notice("%s: line %" PRIu64 ": lines of type '%s' are not known, and ignored",
                       c->name, number, type);
    c->said_type = true;
    return 0;
}

static int add_row(struct jsonl_capture *c, json_t *object, uint64_t number)
{
    static const struct tlz_clock unix_time;
    const char *unknown = NULL;
    enum tlz_kind kind;
    struct tlz_row row;
    int r = jsonl_need_source(c);

    if (r == 0)
        r = json_to_row(object, &kind, &row, &unknown, &c->problem);
    if (unknown && !c->said_key)
        message_notice("%s: line %" PRIu64 ": '%s' is not a field, and ignored", c->name, number,
                       unknown);
    c->said_key = c->said_key || unknown;
    if (r == 0)
        r = tlz_writer_add_row(c->writer, kind, c->current, &unix_time, &row);
    return r == -EINVAL ? json_problem_set(&c->problem, "a value is out of its field's range") : r;
}

/* The line as an object: 0 and *ret (a reference), -ENOMEM, or -EBADMSG. */
static int parse(struct jsonl_capture *c, const char *line, size_t size, json_t **ret)
{
    _cleanup_(free_pointer) char *wrapped = NULL;
    size_t flags = JSON_REJECT_DUPLICATES;
    json_error_t error;
    json_t *object;

    if (json_has_large_integers(line, size)) {
        int r = json_wrap_integers(line, size, &wrapped, &size);

        if (r < 0)
            return r == -EBADMSG ? json_problem_set(&c->problem, "a NUL in a string") : r;
        line = wrapped;
        flags |= JSON_ALLOW_NUL;
    }
    if (load_line(line, size, flags, &object, &error) < 0)
        return -ENOMEM;
    if (!json_is_object(object)) {
        json_decref(object);
        return json_problem_set(&c->problem, "not a JSON object%s%s", object ? "" : ": ",
                                object ? "" : error.text);
    }
    *ret = object;
    return 0;
}

static bool is_blank(const char *line, size_t size)
{
    while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t' || line[size - 1] == '\r'))
        size--;
    return size == 0;
}

int jsonl_capture_add(struct jsonl_capture *c, const char *line, size_t size, uint64_t number)
{
    _cleanup_(put_object) json_t *object = NULL;
    const json_t *type;
    int r;

    if (is_blank(line, size))
        return 0;
    r = parse(c, line, size, &object);
    if (r < 0)
        return r;
    type = json_object_get(object, "type");
    if (!type)
        return add_row(c, object, number);
    if (!json_is_string(type))
        return json_problem_set(&c->problem, "'type' is not a string");
    return add_typed(c, object, json_string_value(type), number);
}

int jsonl_capture_flush(struct jsonl_capture *c)
{
    int r = c->writer ? tlz_writer_flush(c->writer) : 0;

    return r < 0 ? r : jsonl_capture_size(c) > 0;
}

int jsonl_capture_finish(struct jsonl_capture *c)
{
    int r = jsonl_open_writer(c);

    if (r < 0)
        return r;
    return c->has_no_end ? tlz_writer_flush(c->writer) : tlz_writer_finish(c->writer, c->end);
}

size_t jsonl_capture_size(const struct jsonl_capture *c)
{
    return c->used - c->taken;
}

size_t jsonl_capture_take(struct jsonl_capture *c, void *data, size_t size)
{
    size_t left = jsonl_capture_size(c);

    if (size > left)
        size = left;
    if (size > 0)
        memcpy(data, c->bytes + c->taken, size);
    c->taken += size;
    if (c->taken == c->used)
        c->taken = c->used = 0;
    return size;
}

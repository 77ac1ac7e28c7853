/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/filter_expressions.h"

#include <errno.h>
#include <stdlib.h>

#include "util/message.h"
#include "util/missing.h"

int filter_expressions_add(struct filter_expressions *f, const char *text)
{
    const char **grown = reallocarray(f->text, f->count + 1, sizeof *grown);

    if (!grown)
        return -ENOMEM;
    f->text = grown;
    f->text[f->count++] = text;
    return 0;
}

/* EXIT_OK, or the status after saying what is wrong. */
static int compile(struct expression **ret, enum tlz_kind kind, unsigned int kinds,
                   const char *text)
{
    struct expression_error error;
    int r = expression_compile(ret, kind, kinds, text, &error);

    if (r == -EINVAL)
        return message_usage_at(text, error.at, error.size, "--filter: %s", error.text);
    if (r == 0)
        return EXIT_OK;
    message_error("--filter: %s", strerror(-r));
    return EXIT_FAILED;
}

int filter_expressions_compile(struct filter_expressions *f, enum tlz_kind kind, unsigned int kinds)
{
    if (f->count == 0 || f->compiled[kind])
        return -1;
    f->kinds = kinds;
    f->compiled[kind] = calloc(f->count, sizeof *f->compiled[kind]);
    if (!f->compiled[kind]) {
        message_error("--filter: %s", strerror(ENOMEM));
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < f->count; i++) {
        int status = compile(&f->compiled[kind][i], kind, kinds, f->text[i]);

        if (status != EXIT_OK)
            return status;
    }
    return -1;
}

static int compile_again(struct filter_expressions *f, enum tlz_kind kind)
{
    struct expression_error error;
    int r = 0;

    f->compiled[kind] = calloc(f->count, sizeof *f->compiled[kind]);
    if (!f->compiled[kind])
        return -ENOMEM;
    for (size_t i = 0; r == 0 && i < f->count; i++)
        r = expression_compile(&f->compiled[kind][i], kind, f->kinds, f->text[i], &error);
    return r;
}

int filter_expressions_copy(struct filter_expressions *ret, const struct filter_expressions *f)
{
    int r = 0;

    *ret = (struct filter_expressions){.kinds = f->kinds};
    for (size_t i = 0; r == 0 && i < f->count; i++)
        r = filter_expressions_add(ret, f->text[i]);
    for (enum tlz_kind kind = 0; r == 0 && kind < TLZ_KINDS; kind++)
        if (f->compiled[kind])
            r = compile_again(ret, kind);
    return r;
}

void filter_expressions_close(struct filter_expressions *f)
{
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        for (size_t i = 0; f->compiled[kind] && i < f->count; i++)
            expression_free(f->compiled[kind][i]);
        free(f->compiled[kind]);
    }
    free(f->text);
    *f = (struct filter_expressions){0};
}

void filter_expressions_add_fields(const struct filter_expressions *f, enum tlz_kind kind,
                                   struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < f->count; i++)
        expression_add_fields(f->compiled[kind][i], fields);
}

void filter_expressions_window(const struct filter_expressions *f, unsigned int kinds,
                               uint64_t *from_us, uint64_t *to_us)
{
    uint64_t least = UINT64_MAX, greatest = 0;

    if (f->count == 0)
        return;
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        uint64_t from = *from_us, to = *to_us;

        if (!(kinds & KIND_BIT(kind)))
            continue;
        for (size_t i = 0; i < f->count; i++)
            expression_window(f->compiled[kind][i], &from, &to);
        if (from > to)
            continue;
        least = from < least ? from : least;
        greatest = to > greatest ? to : greatest;
    }
    *from_us = least;
    *to_us = greatest;
}

bool filter_expressions_can_match(const struct filter_expressions *f, enum tlz_kind kind,
                                  const struct tlz_ranges *ranges)
{
    for (size_t i = 0; f->compiled[kind] && i < f->count; i++)
        if (!expression_can_match(f->compiled[kind][i], ranges))
            return false;
    return true;
}

/* Adds the numbers of the rows whose bits are set. */
static uint32_t add_rows(uint64_t bits, uint32_t first, uint32_t *rows, uint32_t count)
{
    for (; bits; bits &= bits - 1)
        rows[count++] = first + (uint32_t)__builtin_ctzll(bits);
    return count;
}

uint32_t filter_expressions_apply(const struct filter_expressions *f, const struct tlz_batch *batch,
                                  uint32_t *rows)
{
    size_t words = (batch->rows + 63) / 64;
    const uint64_t *first = NULL;
    uint32_t count = 0;

    if (f->count == 0) {
        for (; count < batch->rows; count++)
            rows[count] = count;
        return count;
    }
    first = expression_rows(f->compiled[batch->kind][0], batch);
    for (size_t i = 1; i < f->count; i++)
        expression_narrow(f->compiled[batch->kind][0], f->compiled[batch->kind][i], batch);
    for (size_t w = 0; w < words; w++)
        count = add_rows(first[w], (uint32_t)w * 64, rows, count);
    return count;
}

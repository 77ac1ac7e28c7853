/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON lines. What the reporter accepts of them it prints as JSON lines that say the same: they
 * make the same rows, and printed once more they are the same bytes.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_memory.h"
#include "fuzz_report.h"
#include "fuzz_row.h"
#include "report/input/jsonl_capture.h"
#include "util/message.h"

static const char *const options[] = {"--input",    "jsonl",    "--jsonl", "--with-meta",
                                      "--sessions", "--states", "-",       NULL};

/* The lines up to the first that is not accepted, as a capture. */
static void make_capture(const char *lines, size_t size, struct fuzz_memory *ret)
{
    const char *end = lines + size;
    struct jsonl_capture *c;
    uint64_t number = 0;
    int r = jsonl_capture_new(&c, "-");

    assert(r == 0);
    for (const char *line = lines; line < end && r == 0; number++) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((feed ? feed : end) - line);

        r = jsonl_capture_add(c, line, length, number + 1);
        assert(r == 0 || (r == -EBADMSG && jsonl_capture_problem(c)[0]));
        line = feed ? feed + 1 : end;
    }
    assert((r < 0 ? jsonl_capture_flush(c) : jsonl_capture_finish(c)) >= 0);
    ret->size = jsonl_capture_size(c);
    ret->data = malloc(ret->size + 1);
    assert(ret->data && jsonl_capture_take(c, ret->data, ret->size) == ret->size);
    jsonl_capture_free(c);
}

/* A reader of rows, and where it is in the block. */
struct rows {
    struct tlz_input input;
    struct tlz_reader *reader;
    enum tlz_kind kind;
    const struct tlz_batch *batch;
    uint32_t row;
};

static void open_rows(struct rows *rows, enum tlz_kind kind, struct fuzz_memory *capture)
{
    capture->at = 0;
    *rows = (struct rows){.input = fuzz_memory_input(capture), .kind = kind};
    if (capture->size)
        assert(tlz_reader_open(&rows->reader, &rows->input) == 0);
}

/* The next row of the kind; false at the end. A capture made of lines has no damage but a missing
 * end. */
static bool next_row(struct rows *rows, struct tlz_row *ret, uint32_t *ret_source)
{
    while (!rows->batch || rows->row == rows->batch->rows) {
        struct tlz_item item;

        if (!rows->reader || tlz_reader_next(rows->reader, &item) <= 0)
            return false;
        assert(item.kind != TLZ_ITEM_DAMAGE && item.kind != TLZ_ITEM_UNKNOWN);
        rows->batch = tlz_item_has(&item, rows->kind) ? item.batch : NULL;
        rows->row = 0;
    }
    *ret_source = rows->batch->source;
    tlz_batch_row(rows->batch, rows->row++, ret);
    return true;
}

static void check_same_rows(enum tlz_kind kind, struct fuzz_memory *a, struct fuzz_memory *b)
{
    struct rows x, y;
    struct tlz_row s, t;
    uint32_t s_source, t_source;
    bool more = true;

    open_rows(&x, kind, a);
    open_rows(&y, kind, b);
    while (more) {
        more = next_row(&x, &s, &s_source);
        assert(next_row(&y, &t, &t_source) == more);
        if (!more)
            break;
        assert(s_source == t_source);
        check_same_row(kind, &s, &t);
    }
    tlz_reader_free(x.reader);
    tlz_reader_free(y.reader);
}

/* What was printed of the input: printed again, and as rows. */
static void check_printed(const struct fuzz_report *first, const uint8_t *data, size_t size)
{
    struct fuzz_report second;
    struct fuzz_memory a, b;

    fuzz_report_run(&second, options, first->text, first->size);
    assert(second.status != EXIT_FAILED && second.size == first->size);
    assert(!memcmp(first->text, second.text, first->size));
    make_capture((const char *)data, size, &a);
    make_capture(first->text, first->size, &b);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        check_same_rows(kind, &a, &b);
    fuzz_memory_free(&a);
    fuzz_memory_free(&b);
    fuzz_report_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_report first;

    fuzz_report_run(&first, options, data, size);
    assert(first.status == EXIT_OK || first.status == EXIT_FAILED || first.status == EXIT_DAMAGED);
    assert(first.status != EXIT_FAILED || first.errors);
    assert(first.size || first.status == EXIT_FAILED);
    if (first.size)
        check_printed(&first, data, size);
    fuzz_report_free(&first);
    return 0;
}

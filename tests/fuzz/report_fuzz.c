/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reporter over a capture, its checksums made right, in every view and format. Whatever the
 * capture holds, text is fit for a terminal, JSON is JSON, and a capture that is written has the
 * same rows.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_memory.h"
#include "fuzz_report.h"
#include "util/codepoint.h"
#include "util/message.h"

enum look { LOOK_TEXT, LOOK_CSV, LOOK_JSON, LOOK_LINES, LOOK_CAPTURE };

static const struct {
    enum look look;
    const char *options[FUZZ_WORDS_MAX];
} command_lines[] = {
    {LOOK_TEXT, {"-"}},
    {LOOK_TEXT, {"-T", "-t", "-w", "-"}},
    {LOOK_TEXT,
     {"--columns", "open_us,comm,laddr,raddr,end,tx_bytes,srtt_us,ms,mptcp,cookie", "-"}},
    {LOOK_TEXT, {"--flows", "-"}},
    {LOOK_TEXT, {"--histogram", "comm", "-"}},
    {LOOK_TEXT, {"--histogram", "close_us", "--tz", "Europe/Berlin", "-"}},
    {LOOK_JSON, {"--json", "--histogram", "ms", "-"}},
    {LOOK_TEXT,
     {"--timeline", "7h", "--tz", "Australia/Lord_Howe", "--columns", "to_us,ended,lost,bar", "-"}},
    {LOOK_JSON, {"--json", "--timeline", "100d", "-"}},
    {LOOK_TEXT, {"--summary", "--filter", "comm ~ '*' or ms > 0", "-"}},
    {LOOK_JSON, {"--json", "--summary", "--top", "1000", "-"}},
    {LOOK_CSV, {"--rows", "duckdb", "-"}},
    {LOOK_TEXT, {"--pairs", "--sort", "offset_us", "-"}},
    {LOOK_JSON, {"--json", "--pairs=hosts", "-"}},
    {LOOK_TEXT, {"--info", "-"}},
    {LOOK_TEXT, {"--verify", "-"}},
    {LOOK_TEXT, {"--top", "3", "--sort", "raddr:asc", "-4", "-"}},
    {LOOK_CSV, {"--csv", "-T", "-t", "-"}},
    {LOOK_CSV,
     {"--csv", "--columns", "comm,congestion,owner,fin_us,error", "--pid", "1,2,300", "-"}},
    {LOOK_CSV, {"--csv", "--info", "-"}},
    {LOOK_JSON, {"--json", "--sort", "close_us", "-"}},
    {LOOK_JSON, {"--json", "--flows", "--sort", "ms_mean", "-"}},
    {LOOK_JSON, {"--json", "--info", "--fail-on-loss", "-"}},
    {LOOK_LINES, {"--jsonl", "--with-meta", "-"}},
    {LOOK_LINES,
     {"--jsonl", "--since", "09:00", "--until", "09:00:01", "--filter",
      "comm ~ '*n*' and not has(uid) or raddr in (10.0.0.0/8, ::/0) and ms < 1s", "-"}},
    {LOOK_LINES, {"--jsonl", "--with-meta", "--sessions", "--states", "-"}},
    {LOOK_LINES, {"--jsonl", "--with-meta", "--sessions", "--states", "--anonymize", "-"}},
    {LOOK_JSON, {"--json", "--anonymize", "--sort", "raddr", "-"}},
    {LOOK_TEXT, {"--info", "--anonymize", "-"}},
    {LOOK_TEXT, {"--states", "-T", "-t", "-w", "-"}},
    {LOOK_LINES,
     {"--jsonl", "--states", "--until", "10:00", "--filter", "new_state ~ *A* && in_old_us < 1s",
      "-"}},
    {LOOK_TEXT, {"--states", "--style", "libbpf", "-"}},
    {LOOK_TEXT, {"--states", "--columns", "time_us,comm,socket,in_old_us", "--pid", "901", "-"}},
    {LOOK_CSV, {"--states", "--csv", "-"}},
    {LOOK_JSON, {"--states", "--json", "--sort", "in_old_us", "-"}},
    {LOOK_CAPTURE, {"--write", "-", "--level", "1", "-"}},
};
#define COMMAND_LINES (sizeof command_lines / sizeof *command_lines)

static void check_text(const struct fuzz_report *report)
{
    const uint8_t *text = (const uint8_t *)report->text;

    for (size_t i = 0, step; i < report->size; i += step) {
        uint32_t codepoint = '\n';

        step = text[i] == '\n' ? 1 : codepoint_decode(text + i, report->size - i, &codepoint);
        assert(step && (codepoint == '\n' || codepoint_is_printable(codepoint)));
    }
}

/* Integers over 2^63 are no concern of this check. */
static void check_json(const char *text, size_t size)
{
    json_error_t error;
    json_t *value =
        json_loadb(text, size, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &error);

    assert(json_is_object(value));
    json_decref(value);
}

static void check_lines(const struct fuzz_report *report)
{
    const char *end = report->text + report->size;

    for (const char *line = report->text; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));

        assert(feed);
        check_json(line, (size_t)(feed - line));
        line = feed + 1;
    }
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines in the order of their bytes; the text is cut up. */
static char **sorted_lines(struct fuzz_report *report, size_t *ret_count)
{
    char **lines = calloc(report->size + 1, sizeof *lines);
    size_t count = 0;

    assert(lines);
    for (char *line = strtok(report->text, "\n"); line; line = strtok(NULL, "\n"))
        lines[count++] = line;
    qsort(lines, count, sizeof *lines, compare_lines);
    *ret_count = count;
    return lines;
}

/* The same rows; those of several recordings are written recording by recording. */
static void check_written(const struct fuzz_report *report, const struct fuzz_memory *capture)
{
    static const char *const rows[] = {"--jsonl", "--sessions", "--states", "-", NULL};
    struct fuzz_report before, after;
    size_t before_count, after_count;
    char **before_lines, **after_lines;

    fuzz_report_run(&before, rows, capture->data, capture->size);
    fuzz_report_run(&after, rows, report->text, report->size);
    assert(after.status == EXIT_OK && !after.errors && before.size == after.size);
    before_lines = sorted_lines(&before, &before_count);
    after_lines = sorted_lines(&after, &after_count);
    assert(before_count == after_count);
    for (size_t i = 0; i < before_count; i++)
        assert(!strcmp(before_lines[i], after_lines[i]));
    free(before_lines);
    free(after_lines);
    fuzz_report_free(&before);
    fuzz_report_free(&after);
}

static void check_look(enum look look, const struct fuzz_report *report,
                       const struct fuzz_memory *capture)
{
    switch (look) {
    case LOOK_TEXT:
        check_text(report);
        break;
    case LOOK_CSV:
        assert(!report->size || report->text[report->size - 1] == '\n');
        break;
    case LOOK_JSON:
        if (report->size)
            check_json(report->text, report->size);
        break;
    case LOOK_LINES:
        check_lines(report);
        break;
    case LOOK_CAPTURE:
        if (report->status != EXIT_FAILED)
            check_written(report, capture);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory capture = {malloc(size + 1), size, 0};

    assert(capture.data);
    memcpy(capture.data, data, size);
    fuzz_mend_sums(capture.data, size);
    for (size_t i = 0; i < COMMAND_LINES; i++) {
        struct fuzz_report report;

        fuzz_report_run(&report, command_lines[i].options, capture.data, size);
        assert(report.status == EXIT_OK || report.status == EXIT_FAILED ||
               report.status == EXIT_DAMAGED);
        assert((report.status == EXIT_FAILED) == (report.errors > 0));
        check_look(command_lines[i].look, &report, &capture);
        fuzz_report_free(&report);
    }
    fuzz_memory_free(&capture);
    return 0;
}

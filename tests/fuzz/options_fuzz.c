/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command lines: the words of the input, with NUL between. The first byte chooses the program. What
 * is wrong is said once; what is taken is within its limits; and the filters that the recorder
 * notes in a capture are, typed, the same filters.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_message.h"
#include "record/record_options.h"
#include "report/report_options.h"
#include "util/message.h"

#define WORDS_MAX 30

#define UID_MAX_NUMBER UINT64_C(4294967294)

/* The words of a command line, ended by NULL as main() gets them. */
struct words {
    char *word[WORDS_MAX + 2];
    int count;
};

/* Cuts `text`, which ends in `between`, into words. */
static void cut(struct words *ret, char *text, char *end, char between)
{
    *ret = (struct words){.word = {(char *)"fuzz"}, .count = 1};
    while (text < end && ret->count <= WORDS_MAX) {
        char *next = memchr(text, between, (size_t)(end - text));

        assert(next);
        *next = '\0';
        ret->word[ret->count++] = text;
        text = next + 1;
    }
}

static void check_status(int status)
{
    assert(status == -1 || status == EXIT_OK || status == EXIT_USAGE);
    assert(fuzz_errors == (status == EXIT_USAGE));
}

static void check_list(const struct number_list *list, uint64_t min, uint64_t max)
{
    assert(!list->count == !list->values);
    for (size_t i = 0; i < list->count; i++)
        assert(list->values[i] >= min && list->values[i] <= max);
}

static void check_report(struct words *words)
{
    struct report_options o;
    int status = report_options_parse(&o, words->count, words->word);

    check_status(status);
    if (status < 0) {
        assert(o.level >= 0 && o.level <= 19 && o.view && o.sink && o.input);
        assert(o.file_count > 0 || o.list_columns);
        check_list(&o.filter.lports, 1, UINT16_MAX);
        check_list(&o.filter.rports, 1, UINT16_MAX);
        check_list(&o.filter.uids, 0, UID_MAX_NUMBER);
        assert(!o.filter.cgroup_id || !o.filter.cgroup);
        assert(o.filter.netns <= UINT32_MAX);
        assert(!!o.filter.netns + !!o.filter.netns_name + o.filter.netns_self <= 1);
    }
    report_options_close(&o);
}

static void check_same_list(const struct number_list *a, const struct number_list *b)
{
    assert(a->count == b->count);
    assert(!a->count || !memcmp(a->values, b->values, a->count * sizeof *a->values));
}

/* The filters as the recorder notes them, typed again. */
static void check_filters(const struct record_options *o)
{
    struct joined_text text = {0};
    struct record_options again;
    struct words words;

    options_filters_text(o, &text);
    joined_text_add(&text, text.size ? " " : "");
    assert(joined_text_whole(&text));
    cut(&words, text.bytes, text.bytes + text.size, ' ');
    words.word[words.count++] = (char *)"-ofile";
    optind = 0;
    assert(options_parse(&again, words.count, words.word) < 0);
    check_same_list(&o->pids, &again.pids);
    check_same_list(&o->lports, &again.lports);
    check_same_list(&o->rports, &again.rports);
    check_same_list(&o->uids, &again.uids);
    assert(o->family == again.family && o->netns == again.netns && o->cgroup == again.cgroup);
    assert(!again.netns_name && !again.cgroup_path);
    options_free(&again);
    joined_text_free(&text);
}

static void check_record(struct words *words)
{
    struct record_options o;
    int status = options_parse(&o, words->count, words->word);

    check_status(status);
    if (status < 0) {
        assert(o.output && o.level >= 0 && o.level <= 19 && o.flush_us >= 1000);
        assert(o.ring_bytes && !(o.ring_bytes & (o.ring_bytes - 1)));
        check_list(&o.lports, 1, UINT16_MAX);
        check_list(&o.rports, 1, UINT16_MAX);
        check_list(&o.uids, 0, UID_MAX_NUMBER);
        assert(!ring_is_wanted(&o.ring) || (strcmp(o.output, "-") != 0 && !o.force));
        assert(!o.ring.keep_bytes || o.ring.rotate_bytes <= o.ring.keep_bytes / 2);
        assert(!(o.netns && o.netns_name) && !(o.cgroup && o.cgroup_path));
        check_filters(&o);
    }
    options_free(&o);
}

/* --help prints. */
static void drop_standard_output(void)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    assert(fd >= 0 && dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_open;
    struct words words;
    char *text;

    if (!size)
        return 0;
    if (!is_open)
        drop_standard_output();
    is_open = true;
    text = malloc(size);
    assert(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    cut(&words, text, text + size, '\0');
    fuzz_errors = 0;
    optind = 0;
    if (data[0] & 1)
        check_record(&words);
    else
        check_report(&words);
    free(text);
    return 0;
}

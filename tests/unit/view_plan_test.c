/* SPDX-License-Identifier: BSD-2-Clause */
/* Which columns a report has: those of a view that has always the same, and of one that makes them
 * of what is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/sink/sorter.h"
#include "report/text/nearest.h"
#include "report/view/view.h"
#include "util/message.h"

/* Makes a column for each letter of its argument, and others where they are asked for: "x1" to
 * "x9". */
struct letters {
    struct column column[32];
    char name[32][3];
    size_t count;
};

static int forgotten;

static int add_letters(struct view_plan *plan, const char *name, size_t size)
{
    struct letters *l = plan->query;

    memcpy(l->name[l->count], name, size);
    l->column[l->count] = (struct column){.name = l->name[l->count], .type = TLZ_TYPE_COUNT};
    return column_set_add(&plan->set, &l->column[l->count++]);
}

static int ask(struct view_plan *plan, const char *argument)
{
    struct letters *l = plan->query = calloc(1, sizeof *l);
    int r = 0;

    if (!l)
        return -ENOMEM;
    if (argument && !*argument)
        return message_usage("no letters");
    for (const char *letter = argument ? argument : "ab"; r == 0 && *letter; letter++)
        r = add_letters(plan, letter, 1);
    plan->set.listed = plan->set.count;
    plan->set.shown = 2;
    return r;
}

static int find(struct view_plan *plan, const char *name, size_t name_size)
{
    return name_size == 2 && name[0] == 'x' && name[1] >= '1' && name[1] <= '9'
               ? add_letters(plan, name, name_size)
               : 0;
}

static void forget(void *query)
{
    free(query);
    forgotten++;
}

static const struct view_type letters = {
    .name = "letters", .kinds = KIND_BIT(TLZ_SESSIONS), .ask = ask, .find = find, .forget = forget};

static int open_plan(struct view_plan *ret, const struct view_type *type, const char *argument,
                     const char *columns, const char *sort, size_t *ret_key)
{
    struct view_request request = {.type = type,
                                   .argument = argument,
                                   .sink = &sink_csv,
                                   .style = &style_bcc,
                                   .columns = columns,
                                   .sort = sort};
    bool ascending;

    return view_plan_open(ret, ret_key, &ascending, &request);
}

/* The names of the plan's cells, those that are not shown behind "|". */
static void assert_cells(const struct view_plan *plan, const char *wanted)
{
    char names[256] = "";

    for (size_t i = 0; i < plan->cells; i++) {
        strcat(names, i == plan->table.count ? "|" : i ? "," : "");
        strcat(names, plan->columns[i]->name);
    }
    assert_string_equal(names, wanted);
}

static void test_asked(void **state)
{
    static const struct {
        const char *argument, *columns, *sort, *cells;
        size_t key;
    } cases[] = {
        {NULL, NULL, NULL, "a,b", SORTER_NO_KEY},   {"cde", NULL, NULL, "c,d", SORTER_NO_KEY},
        {"cde", "e,c", NULL, "e,c", SORTER_NO_KEY}, {"cde", "E", "d", "e|d", 1},
        {"cde", "x1,e", "x1", "x1,e", 0},           {"cde", "x1,e", "x2", "x1,e|x2", 2},
        {"cde", NULL, "x2", "c,d|x2", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view_plan plan;
        size_t key;

        forgotten = 0;
        assert_int_equal(
            open_plan(&plan, &letters, cases[i].argument, cases[i].columns, cases[i].sort, &key),
            0);
        assert_cells(&plan, cases[i].cells);
        assert_int_equal(key, cases[i].key);
        assert_int_equal(plan.set.listed, cases[i].argument ? 3 : 2);
        view_plan_close(&plan);
        assert_int_equal(forgotten, 1);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *argument, *columns, *sort;
    } cases[] = {
        {"", NULL, NULL},    {"ab", "c", NULL},    {"ab", "a,,b", NULL},  {"ab", "a,", NULL},
        {"ab", "x0", NULL},  {"ab", "a,A", NULL},  {"ab", "x1,x1", NULL}, {"ab", NULL, "c"},
        {"ab", NULL, "x10"}, {"ab", NULL, "a:up"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct view_plan plan;
        size_t key;

        forgotten = 0;
        assert_int_equal(
            open_plan(&plan, &letters, cases[i].argument, cases[i].columns, cases[i].sort, &key),
            EXIT_USAGE);
        assert_int_equal(forgotten, 1);
    }
}

static void test_fixed(void **state)
{
    struct view_plan plan;
    size_t key;

    (void)state;
    assert_int_equal(open_plan(&plan, &view_sessions, NULL, "comm,ms", "pid", &key), 0);
    assert_cells(&plan, "comm,ms|pid");
    assert_int_equal(plan.set.listed, TLZ_SESSION_FIELD_COUNT);
    view_plan_close(&plan);
    assert_int_equal(open_plan(&plan, &view_sessions, NULL, "comm,old_state", NULL, &key),
                     EXIT_USAGE);
}

static void test_nearest(void **state)
{
    static const struct {
        const char *word, *name;
    } cases[] = {
        {"tx_byte", "tx_bytes"},
        {"rx-bytes", "rx_bytes"},
        {"ms", "ms"},
        {"m", NULL},
        {"mss", "ms"},
        {"nonsense", NULL},
        {"", NULL},
        {"xy", NULL},
        {"a name that is longer than any that there is", NULL},
    };
    static const char *const names[] = {"tx_bytes", "rx_bytes", "ms"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nearest near;

        nearest_begin(&near, cases[i].word, strlen(cases[i].word));
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            nearest_try(&near, names[j]);
        if (cases[i].name)
            assert_string_equal(near.name, cases[i].name);
        else
            assert_null(near.name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_fixed),
        cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

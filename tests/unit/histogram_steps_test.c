/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "report/text/terminal.h"
#include "report/text/zone.h"
#include "report/view/grid.h"
#include "report/view/histogram.h"

#define SECOND UINT64_C(1000000)

static void open_of(struct histogram *h, enum tlz_field field)
{
    assert_int_equal(histogram_open(h, histogram_form_of(field), field), 0);
}

static void add(struct histogram *h, uint64_t value)
{
    assert_int_equal(histogram_add_number(h, value), 0);
}

/* A step from .. to (0 = without an end) of so many. */
static void expect(struct histogram *h, uint64_t from, uint64_t to, uint64_t count)
{
    struct histogram_step step;

    assert_true(histogram_next(h, &step));
    assert_true(step.from.u == from && step.count == count);
    assert_true(step.has_to == (to != 0) && (to == 0 || step.to == to));
}

static void expect_end(struct histogram *h)
{
    struct histogram_step step;

    assert_false(histogram_next(h, &step));
    histogram_close(h);
}

static void test_none(void **state)
{
    static const enum tlz_field fields[] = {TLZ_MS, TLZ_TX_BYTES, TLZ_CLOSE_US, TLZ_COMM,
                                            TLZ_SEGS_IN};

    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct histogram h;

        open_of(&h, fields[i]);
        assert_int_equal(histogram_finish(&h), 0);
        expect_end(&h);
    }
}

/* The least and the greatest value of all; nothing between is left out. */
static void test_ends(void **state)
{
    struct histogram h;
    struct histogram_step step;
    size_t steps = 2;

    (void)state;
    open_of(&h, TLZ_TX_BYTES);
    add(&h, UINT64_MAX);
    add(&h, UINT64_C(1) << 63);
    add(&h, 0);
    assert_int_equal(histogram_finish(&h), 0);
    assert_int_equal(h.greatest, 2);
    expect(&h, 0, 1, 1);
    for (uint64_t from = 1; from < UINT64_C(1) << 63; from *= 2, steps++)
        expect(&h, from, 2 * from, 0);
    expect(&h, UINT64_C(1) << 63, 0, 2);
    assert_int_equal(steps, 65);
    assert_false(histogram_next(&h, &step));
    histogram_close(&h);
}

static void test_one(void **state)
{
    struct histogram h;

    (void)state;
    open_of(&h, TLZ_MS);
    add(&h, 1999);
    assert_int_equal(histogram_finish(&h), 0);
    expect(&h, 1000, 2000, 1);
    expect_end(&h);

    open_of(&h, TLZ_CLOSE_US);
    add(&h, 1777626000000000);
    assert_int_equal(histogram_finish(&h), 0);
    expect(&h, 1777626000000000, 1777626000000001, 1);
    expect_end(&h);
}

/* Equal steps, all of them, however far the times are apart. */
static void test_times(void **state)
{
    static const uint64_t spans[] = {1,        39, 40, 41, SECOND, 100 * SECOND, 86400 * SECOND,
                                     INT64_MAX};
    struct zone zone = {0};

    (void)state;
    assert_int_equal(zone_use(&zone, "UTC"), 0);
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct histogram h;
        struct histogram_step step;
        uint64_t at = 0, count = 0;
        size_t steps = 0;

        open_of(&h, TLZ_OPEN_US);
        add(&h, spans[i]);
        add(&h, 0);
        assert_int_equal(histogram_finish(&h), 0);
        while (histogram_next(&h, &step)) {
            assert_true(step.from.u == at);
            assert_true(step.to == GRID_END || step.to - at <= h.step_us);
            at = step.to;
            count += step.count;
            steps++;
        }
        assert_int_equal(count, 2);
        assert_true(steps <= HISTOGRAM_TIMES_MAX + 1 && at > spans[i]);
        histogram_close(&h);
    }
}

/* Those that come most often first, then by their value: a number's, or its bytes. */
static void test_values(void **state)
{
    static const char *const names[] = {"b", "a", "c", "b", "", "c"};
    static const char *const wanted[] = {"b", "c", "", "a"};
    struct histogram h;
    struct histogram_step step;

    (void)state;
    open_of(&h, TLZ_COMM);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        union tlz_value value = {.bytes = {{0}}};

        memcpy(value.bytes.b, names[i], strlen(names[i]));
        assert_int_equal(histogram_add(&h, &value), 0);
    }
    assert_int_equal(histogram_finish(&h), 0);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(histogram_next(&h, &step));
        assert_string_equal((const char *)step.from.bytes.b, wanted[i]);
    }
    expect_end(&h);

    open_of(&h, TLZ_SERVICE);
    for (uint64_t i = 0; i < 5000; i++)
        add(&h, 5000 - i);
    assert_int_equal(histogram_finish(&h), 0);
    for (uint64_t i = 1; i <= 5000; i++)
        expect(&h, i, 0, 1);
    expect_end(&h);
}

static void check_bar(uint64_t millionths, bool utf8, const char *wanted, size_t wanted_width)
{
    char text[64] = {0};
    size_t width = 0;
    char *end = append_bar(text, millionths, 4, utf8, &width);

    assert_string_equal(text, wanted);
    assert_int_equal(end - text, strlen(wanted));
    assert_int_equal(width, wanted_width);
}

static void test_bars(void **state)
{
    (void)state;
    check_bar(0, true, "", 0);
    check_bar(1, true, "\xe2\x96\x8f", 1);
    check_bar(250000, true, "\xe2\x96\x88", 1);
    check_bar(375000, true, "\xe2\x96\x88\xe2\x96\x8c", 2);
    check_bar(1000000, true, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88", 4);
    check_bar(0, false, "", 0);
    check_bar(1, false, ".", 1);
    check_bar(124999, false, ".", 1);
    check_bar(125000, false, "#", 1);
    check_bar(1000000, false, "####", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),  cmocka_unit_test(test_ends),   cmocka_unit_test(test_one),
        cmocka_unit_test(test_times), cmocka_unit_test(test_values), cmocka_unit_test(test_bars),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The pair of clocks, from a clock that the test moves. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/clock.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define BOOT_S        1000
#define REAL_S        1700000000

/* A clock that goes on by so many nanoseconds at each read. */
struct fake {
    const int64_t *steps_ns;
    size_t reads;
    int64_t boot_ns;
    int64_t real_ns;
    enum tlz_clock_status status;
    int status_error;
};

static int fake_time(void *context, clockid_t id, struct timespec *ret)
{
    struct fake *fake = context;
    int64_t step_ns = fake->steps_ns[fake->reads++];
    int64_t ns;

    fake->boot_ns += step_ns;
    fake->real_ns += step_ns;
    ns = id == CLOCK_REALTIME ? fake->real_ns : fake->boot_ns;
    *ret = (struct timespec){.tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND};
    return 0;
}

static int fake_status(void *context, enum tlz_clock_status *ret)
{
    struct fake *fake = context;

    *ret = fake->status;
    return fake->status_error;
}

static int failing_time(void *context, clockid_t id, struct timespec *ret)
{
    (void)context;
    (void)id;
    (void)ret;
    return -EIO;
}

static struct fake make_fake(const int64_t *steps_ns)
{
    return (struct fake){
        .steps_ns = steps_ns,
        .boot_ns = BOOT_S * NS_PER_SECOND,
        .real_ns = REAL_S * NS_PER_SECOND,
        .status = TLZ_CLOCK_SYNCED,
    };
}

static void test_pair(void **state)
{
    static const int64_t steady[15];
    struct fake fake = make_fake(steady);
    struct clock_source source = {
        .read_time = fake_time, .read_status = fake_status, .context = &fake};
    struct tlz_clock pair;

    (void)state;
    assert_int_equal(clock_read_pair(&source, &pair), 0);
    assert_int_equal(pair.boot_us, BOOT_S * UINT64_C(1000000));
    assert_int_equal(pair.real_us, REAL_S * UINT64_C(1000000));
    assert_int_equal(pair.uncertainty_us, 1);
    assert_int_equal(pair.status, TLZ_CLOCK_SYNCED);
    assert_int_equal(clock_unix_us(&pair, pair.boot_us - 5), pair.real_us - 5);
}

/* In a time namespace this process reads what the kernel's clock does not say. */
static void test_namespace(void **state)
{
    static const int64_t steady[15];
    struct fake fake = make_fake(steady);
    struct clock_source source = {.read_time = fake_time,
                                  .read_status = fake_status,
                                  .context = &fake,
                                  .boot_offset_ns = 400 * NS_PER_SECOND};
    struct tlz_clock pair;

    (void)state;
    assert_int_equal(clock_read_pair(&source, &pair), 0);
    assert_int_equal(pair.boot_us, (BOOT_S - 400) * UINT64_C(1000000));
}

/* An interruption in the first tries is not taken: the third has 8 us between its reads. */
static void test_interrupted(void **state)
{
    static const int64_t steps_ns[15] = {0,    5000000, 0,      0, 0, 9000000, 0, 4000,
                                         4000, 0,       100000, 0, 0, 70000,   0};
    struct fake fake = make_fake(steps_ns);
    struct clock_source source = {
        .read_time = fake_time, .read_status = fake_status, .context = &fake};
    struct tlz_clock pair;

    (void)state;
    assert_int_equal(clock_read_pair(&source, &pair), 0);
    assert_int_equal(pair.boot_us, BOOT_S * UINT64_C(1000000) + 14000 + 4);
    assert_int_equal(pair.real_us, REAL_S * UINT64_C(1000000) + 14000 + 4);
    assert_int_equal(pair.uncertainty_us, 5);
}

static void test_unknown_status(void **state)
{
    static const int64_t steady[15];
    struct fake fake = make_fake(steady);
    struct clock_source source = {
        .read_time = fake_time, .read_status = fake_status, .context = &fake};
    struct tlz_clock pair;

    (void)state;
    fake.status_error = -EPERM;
    assert_int_equal(clock_read_pair(&source, &pair), 0);
    assert_int_equal(pair.status, TLZ_CLOCK_UNKNOWN);
}

static void test_failure(void **state)
{
    struct clock_source source = {.read_time = failing_time, .read_status = fake_status};
    struct tlz_clock pair = {.boot_us = 7};

    (void)state;
    assert_int_equal(clock_read_pair(&source, &pair), -EIO);
    assert_int_equal(pair.boot_us, 7);
}

static void test_offsets(void **state)
{
    int64_t ns = 7;

    (void)state;
    assert_int_equal(clock_parse_offsets("monotonic  5  6\nboottime  864000  17\n", &ns), 0);
    assert_int_equal(ns, 864000 * NS_PER_SECOND + 17);
    assert_int_equal(clock_parse_offsets("monotonic 0 0\nboottime -3 500\n", &ns), 0);
    assert_int_equal(ns, -3 * NS_PER_SECOND + 500);
    assert_int_equal(clock_parse_offsets("monotonic 0 0\n", &ns), -EINVAL);
    assert_int_equal(clock_parse_offsets("boottime", &ns), -EINVAL);
    assert_int_equal(ns, -3 * NS_PER_SECOND + 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pair),        cmocka_unit_test(test_namespace),
        cmocka_unit_test(test_interrupted), cmocka_unit_test(test_unknown_status),
        cmocka_unit_test(test_failure),     cmocka_unit_test(test_offsets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

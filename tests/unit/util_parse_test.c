/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/parse.h"

#define UNTOUCHED UINT64_C(0xabad1dea)

/* What a text parses to: a status, and a value where it is 0. */
struct example {
    const char *text;
    int status;
    uint64_t value;
};

static int parse_any_number(const char *text, uint64_t *ret)
{
    return parse_number(text, UINT64_MAX, ret);
}

static int parse_port(const char *text, uint64_t *ret)
{
    return parse_number(text, 65535, ret);
}

static int parse_zero(const char *text, uint64_t *ret)
{
    return parse_number(text, 0, ret);
}

static void check(int (*parse)(const char *, uint64_t *), const struct example *examples)
{
    for (; examples->text; examples++) {
        uint64_t value = UNTOUCHED;
        int status = parse(examples->text, &value);

        if (status != examples->status)
            fail_msg("'%s': status %d, not %d", examples->text, status, examples->status);
        if (value != (status ? UNTOUCHED : examples->value))
            fail_msg("'%s': value %llu", examples->text, (unsigned long long)value);
    }
}

static void test_number(void **state)
{
    static const struct example any[] = {
        {"0", 0, 0},
        {"7", 0, 7},
        {"007", 0, 7},
        {"18446744073709551615", 0, UINT64_MAX},
        {"18446744073709551616", -ERANGE, 0},
        {"18446744073709551620", -ERANGE, 0},
        {"99999999999999999999999999", -ERANGE, 0},
        {"00000000000000000000000000001", 0, 1},
        {NULL, 0, 0},
    };
    static const struct example port[] = {
        {"65535", 0, 65535},    {"65536", -ERANGE, 0}, {"65540", -ERANGE, 0},
        {"655350", -ERANGE, 0}, {NULL, 0, 0},
    };
    static const struct example zero[] = {
        {"0", 0, 0}, {"00", 0, 0}, {"1", -ERANGE, 0}, {NULL, 0, 0}};

    (void)state;
    check(parse_any_number, any);
    check(parse_port, port);
    check(parse_zero, zero);
}

static void test_not_a_number(void **state)
{
    static const struct example examples[] = {
        {"", -EINVAL, 0},
        {" ", -EINVAL, 0},
        {" 1", -EINVAL, 0},
        {"1 ", -EINVAL, 0},
        {"1\n", -EINVAL, 0},
        {"\t1", -EINVAL, 0},
        {"+1", -EINVAL, 0},
        {"-1", -EINVAL, 0},
        {"-0", -EINVAL, 0},
        {"1e3", -EINVAL, 0},
        {"0x10", -EINVAL, 0},
        {"1.0", -EINVAL, 0},
        {"1,2", -EINVAL, 0},
        {"1K", -EINVAL, 0},
        {"1_000", -EINVAL, 0},
        {"inf", -EINVAL, 0},
        {"\xd9\xa1", -EINVAL, 0}, /* an Arabic digit */
        {"\xff", -EINVAL, 0},
        {"99999999999999999999999999x", -EINVAL, 0},
        {NULL, 0, 0},
    };

    (void)state;
    check(parse_any_number, examples);
}

static void test_size(void **state)
{
    static const struct example examples[] = {
        {"0", 0, 0},
        {"0G", 0, 0},
        {"1", 0, 1},
        {"1K", 0, 1024},
        {"64M", 0, 64 * UINT64_C(1048576)},
        {"3G", 0, 3 * UINT64_C(1073741824)},
        {"18446744073709551615", 0, UINT64_MAX},
        {"18446744073709551616", -ERANGE, 0},
        {"17179869183G", 0, UINT64_C(17179869183) << 30},
        {"17179869184G", -ERANGE, 0},
        {"18014398509481983K", 0, UINT64_C(18014398509481983) << 10},
        {"18014398509481984K", -ERANGE, 0},
        {NULL, 0, 0},
    };

    (void)state;
    check(parse_size, examples);
}

static void test_not_a_size(void **state)
{
    static const struct example examples[] = {
        {"", -EINVAL, 0},     {"K", -EINVAL, 0},    {"1k", -EINVAL, 0},  {"1m", -EINVAL, 0},
        {"1KB", -EINVAL, 0},  {"1KK", -EINVAL, 0},  {"1 K", -EINVAL, 0}, {"K1", -EINVAL, 0},
        {"1T", -EINVAL, 0},   {"1.5M", -EINVAL, 0}, {"-1K", -EINVAL, 0}, {"+1K", -EINVAL, 0},
        {"0x1K", -EINVAL, 0}, {"1e3K", -EINVAL, 0}, {"1K ", -EINVAL, 0}, {" 1K", -EINVAL, 0},
        {"1s", -EINVAL, 0},   {NULL, 0, 0},
    };

    (void)state;
    check(parse_size, examples);
}

static void test_duration(void **state)
{
    static const struct example examples[] = {
        {"0", 0, 0},
        {"10", 0, 10000000},
        {"10s", 0, 10000000},
        {"250ms", 0, 250000},
        {"7us", 0, 7},
        {"2m", 0, 120000000},
        {"1h", 0, UINT64_C(3600000000)},
        {"1d", 0, UINT64_C(86400000000)},
        {"0.0d", 0, 0},
        {NULL, 0, 0},
    };

    (void)state;
    check(parse_duration, examples);
}

static void test_duration_fraction(void **state)
{
    static const struct example examples[] = {
        {"1.5", 0, 1500000},
        {"0.1s", 0, 100000},
        {"0.25ms", 0, 250},
        {"1.000001s", 0, 1000001},
        {"1.00000100000000000000000000000000000000000000000s", 0, 1000001},
        {"1.0us", 0, 1},
        {"0.5d", 0, UINT64_C(43200000000)},
        {"0.000000000625h", -EDOM, 0},
        {"0.00000000125h", -EDOM, 0},
        {"0.0000000025h", 0, 9},
        {"0.9999ms", -EDOM, 0},
        {"1.0000019s", -EDOM, 0},
        {"1.9us", -EDOM, 0},
        {"0.9999999us", -EDOM, 0},
        {"0.00000000001157407408d", -EDOM, 0},
        {"1.00000000000000000000000000000000000000000000001s", -EDOM, 0},
        {"1.99999999999999999999999999999999999999999999999s", -EDOM, 0},
        {"0.333333333333333333333333333333333333333333333h", -EDOM, 0},
        {NULL, 0, 0},
    };

    (void)state;
    check(parse_duration, examples);
}

static void test_duration_range(void **state)
{
    static const struct example examples[] = {
        {"18446744073709551615us", 0, UINT64_MAX},
        {"18446744073709551615.0us", 0, UINT64_MAX},
        {"18446744073709551616us", -ERANGE, 0},
        {"18446744073709.551615s", 0, UINT64_MAX},
        {"18446744073709.551616s", -ERANGE, 0},
        {"18446744073710s", -ERANGE, 0},
        {"213503982d", 0, UINT64_C(213503982) * 86400 * 1000000},
        {"213503982.9d", -ERANGE, 0},
        {"213503983d", -ERANGE, 0},
        {"99999999999999999999999999999999999999.5d", -ERANGE, 0},
        {NULL, 0, 0},
    };

    (void)state;
    check(parse_duration, examples);
}

static void test_not_a_duration(void **state)
{
    static const struct example examples[] = {
        {"", -EINVAL, 0},        {"s", -EINVAL, 0},    {".", -EINVAL, 0},
        {".5", -EINVAL, 0},      {"1.", -EINVAL, 0},   {"1.s", -EINVAL, 0},
        {"1.5.5", -EINVAL, 0},   {"1,5s", -EINVAL, 0}, {"-1s", -EINVAL, 0},
        {"+1s", -EINVAL, 0},     {" 1s", -EINVAL, 0},  {"1 s", -EINVAL, 0},
        {"1s ", -EINVAL, 0},     {"1S", -EINVAL, 0},   {"1M", -EINVAL, 0},
        {"1h30m", -EINVAL, 0},   {"1min", -EINVAL, 0}, {"1ns", -EINVAL, 0},
        {"1e3", -EINVAL, 0},     {"0x10", -EINVAL, 0}, {"1.-5s", -EINVAL, 0},
        {"1.5\xff", -EINVAL, 0}, {"nan", -EINVAL, 0},  {NULL, 0, 0},
    };

    (void)state;
    check(parse_duration, examples);
}

static void test_duration_with_unit(void **state)
{
    static const struct example examples[] = {
        {"1s", 0, 1000000}, {"1.5ms", 0, 1500},  {"0us", 0, 0},      {"", -EINVAL, 0},
        {"1", -EINVAL, 0},  {"1.5", -EINVAL, 0}, {"1.", -EINVAL, 0}, {"0.5us", -EDOM, 0},
        {"s", -EINVAL, 0},  {"1m5", -EINVAL, 0}, {NULL, 0, 0},
    };

    (void)state;
    check(parse_duration_with_unit, examples);
}

static void test_list(void **state)
{
    struct number_list list = {0};

    (void)state;
    assert_int_equal(parse_number_list("443", 1, 65535, &list), 0);
    assert_int_equal(list.count, 1);
    assert_true(number_list_has(&list, 443));
    number_list_free(&list);

    assert_int_equal(parse_number_list("1,65535,80,80", 1, 65535, &list), 0);
    assert_int_equal(list.count, 4);
    assert_int_equal(list.values[0], 1);
    assert_int_equal(list.values[1], 65535);
    assert_int_equal(list.values[3], 80);
    assert_true(number_list_has(&list, 65535));
    assert_false(number_list_has(&list, 2));
    number_list_free(&list);
    assert_null(list.values);
    assert_int_equal(list.count, 0);
    assert_false(number_list_has(&list, 0));
    number_list_free(&list);
}

static void test_not_a_list(void **state)
{
    static const struct example examples[] = {
        {"", -EINVAL, 0},
        {",", -EINVAL, 0},
        {"1,", -EINVAL, 0},
        {",1", -EINVAL, 0},
        {"1,,2", -EINVAL, 0},
        {"1, 2", -EINVAL, 0},
        {"1 ,2", -EINVAL, 0},
        {"1;2", -EINVAL, 0},
        {"1,2x", -EINVAL, 0},
        {"1,-2", -EINVAL, 0},
        {"1-2", -EINVAL, 0},
        {"1,0x2", -EINVAL, 0},
        {"1,65536", -ERANGE, 0},
        {"0", -ERANGE, 0},
        {"1,0,2", -ERANGE, 0},
        {"1,99999999999999999999999", -ERANGE, 0},
        {NULL, 0, 0},
    };

    (void)state;
    for (const struct example *e = examples; e->text; e++) {
        struct number_list list = {.values = NULL, .count = UNTOUCHED};
        int status = parse_number_list(e->text, 1, 65535, &list);

        if (status != e->status)
            fail_msg("'%s': status %d, not %d", e->text, status, e->status);
        assert_null(list.values);
        assert_true(list.count == UNTOUCHED);
    }
}

static void test_huge_list(void **state)
{
    enum { ELEMENTS = 100000 };
    struct number_list list = {0};
    char *text = calloc(2 * ELEMENTS + 1, 1);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < ELEMENTS; i++)
        memcpy(text + 2 * i, "7,", 2);
    assert_int_equal(parse_number_list(text, 0, 9, &list), -EINVAL);
    text[2 * ELEMENTS - 1] = '\0';
    assert_int_equal(parse_number_list(text, 0, 9, &list), 0);
    assert_int_equal(list.count, ELEMENTS);
    assert_int_equal(list.values[ELEMENTS - 1], 7);
    number_list_free(&list);
    memset(text, '9', 2 * ELEMENTS);
    assert_int_equal(parse_number_list(text, 0, UINT64_MAX, &list), -ERANGE);
    free(text);
}

static void test_numbers_and_names(void **state)
{
    const char *text = "0,alice,1000,4294967295,2bob,a.b-c";
    const char *names[] = {"alice", "2bob", "a.b-c"};
    struct number_list list;
    const char *name;
    size_t size;

    (void)state;
    assert_int_equal(parse_number_name_list(text, UINT32_MAX, &list), 0);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.values[0], 0);
    assert_int_equal(list.values[1], 1000);
    assert_int_equal(list.values[2], UINT32_MAX);
    number_list_free(&list);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(list_next_name(&text, &name, &size));
        assert_int_equal(size, strlen(names[i]));
        assert_memory_equal(name, names[i], size);
    }
    assert_false(list_next_name(&text, &name, &size));
    assert_int_equal(parse_number_name_list("alice", UINT32_MAX, &list), 0);
    assert_int_equal(list.count, 0);
    assert_null(list.values);
}

static void test_not_numbers_and_names(void **state)
{
    static const char *const empty[] = {"", ",", "1,", ",1", "a,,b", "alice,"};
    struct number_list list = {.count = 7};

    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        assert_int_equal(parse_number_name_list(empty[i], UINT32_MAX, &list), -EINVAL);
    assert_int_equal(parse_number_name_list("alice,4294967296", UINT32_MAX, &list), -ERANGE);
    assert_int_equal(list.count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_not_a_number),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_not_a_size),
        cmocka_unit_test(test_duration),
        cmocka_unit_test(test_duration_with_unit),
        cmocka_unit_test(test_duration_fraction),
        cmocka_unit_test(test_duration_range),
        cmocka_unit_test(test_not_a_duration),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_not_a_list),
        cmocka_unit_test(test_huge_list),
        cmocka_unit_test(test_numbers_and_names),
        cmocka_unit_test(test_not_numbers_and_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as text, written by hand, beside what the C library makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/sink/json_members.h"
#include "report/sink/json_object.h"
#include "report/text/append.h"
#include "report/text/escape.h"

#define RANDOM_VALUES 200000

/* xorshift64; of as many bits as it happens. */
static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> (state & 63);
}

static void check_number(uint64_t value)
{
    char expected[32], got[32];
    int size = snprintf(expected, sizeof expected, "%" PRIu64, value);
    char *end = append_u64(got, value);

    assert_int_equal(end - got, size);
    assert_memory_equal(got, expected, (size_t)size);
}

static void numbers_are_those_of_printf(void **state)
{
    (void)state;
    for (uint64_t power = 1, i = 0; i < 20; i++, power *= 10) {
        check_number(power);
        check_number(power - 1);
        check_number(power * 9 / 5);
    }
    check_number(UINT64_MAX);
    for (int i = 0; i < RANDOM_VALUES; i++)
        check_number(next_random());
}

static void check_ms(uint64_t us)
{
    char expected[64], got[64];
    int size = snprintf(expected, sizeof expected, "%.2f", (double)us / 1000);
    char *end = append_ms_rounded(got, us);

    assert_int_equal(end - got, size);
    assert_memory_equal(got, expected, (size_t)size);
}

static void milliseconds_round_as_printf(void **state)
{
    (void)state;
    for (uint64_t us = 0; us < 100000; us++)
        check_ms(us);
    for (int i = 0; i < RANDOM_VALUES; i++)
        check_ms(next_random() / 10 * 10 + 5);
}

static void check_address(const uint8_t *address, const char *expected)
{
    struct tlz_bytes bytes;
    char got[APPEND_ADDRESS_MAX];
    char *end;

    memcpy(bytes.b, address, sizeof bytes.b);
    end = append_address(got, &bytes);
    assert_int_equal(end - got, strlen(expected));
    assert_memory_equal(got, expected, strlen(expected));
}

static void addresses_are_those_of_inet_ntop(void **state)
{
    uint8_t v4[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, v6[16];
    char expected[INET6_ADDRSTRLEN];

    (void)state;
    for (int octet = 0; octet < 256; octet++) {
        memset(v4 + 12, octet, 4);
        v4[13] = (uint8_t)(255 - octet);
        check_address(v4, inet_ntop(AF_INET, v4 + 12, expected, sizeof expected));
    }
    for (int i = 0; i < RANDOM_VALUES; i++) {
        for (int half = 0; half < 2; half++) {
            uint64_t random = next_random() & next_random();

            memcpy(v6 + half * 8, &random, sizeof random);
        }
        v6[0] = 0x20;
        check_address(v6, inet_ntop(AF_INET6, v6, expected, sizeof expected));
    }
}

/* A name of a few kinds of bytes, NULs behind it. */
static struct tlz_bytes random_name(void)
{
    static const uint8_t kinds[] =
        "abcdefghijklmnopqrstuvwxyz09 -=+@\t\r\n\",\\~\x7f\x80\xc3\xa4\x1f!";
    struct tlz_bytes name = {0};
    size_t size = next_random() % (sizeof name.b + 1);
    bool plain = next_random() % 2;

    for (size_t i = 0; i < size; i++)
        name.b[i] = kinds[next_random() % (plain ? 26 : sizeof kinds - 1)];
    return name;
}

static void names_are_escaped_as_bytes_are(void **state)
{
    char expected[128], got[128];

    (void)state;
    for (int i = 0; i < RANDOM_VALUES; i++) {
        struct tlz_bytes name = random_name();
        size_t size = strnlen((const char *)name.b, sizeof name.b);
        char *end = escape_json(expected, name.b, size);

        assert_int_equal(escape_json_name(got, &name) - got, end - expected);
        assert_memory_equal(got, expected, (size_t)(end - expected));
        end = escape_csv(expected, name.b, size);
        assert_int_equal(escape_csv_name(got, &name) - got, end - expected);
        assert_memory_equal(got, expected, (size_t)(end - expected));
    }
}

#define COLUMN_TYPES (COLUMN_DECIMAL + 1)

static struct cell random_cell(const struct column *column)
{
    struct cell cell = {.present = next_random() % 4 != 0};

    if (column->type == COLUMN_TEXT)
        return cell.present ? cell_text("a \"text\"", 8) : cell;
    if (column->type == TLZ_TYPE_NAME || column->type == TLZ_TYPE_ADDRESS ||
        column->type == COLUMN_HEX)
        cell.value.bytes = random_name();
    else
        cell.value.u = next_random();
    return cell;
}

/* Rows of all types of columns, by the prepared writer and by the plain one. */
static void members_are_those_of_cells(void **state)
{
    struct column column[COLUMN_TYPES];
    const struct column *columns[COLUMN_TYPES];
    struct table table = {.name = "all", .columns = columns, .count = COLUMN_TYPES};
    struct output expected, got;
    struct json_members members;

    (void)state;
    for (int type = 0; type < COLUMN_TYPES; type++) {
        column[type] = (struct column){"a_column", NULL, "", type, TLZ_ENUM_END};
        columns[type] = &column[type];
    }
    output_init(&expected, -1);
    output_init(&got, -1);
    assert_int_equal(json_members_open(&members, &table), 0);
    for (int i = 0; i < RANDOM_VALUES / COLUMN_TYPES; i++) {
        struct cell cells[COLUMN_TYPES];
        struct json_object object;

        for (int type = 0; type < COLUMN_TYPES; type++)
            cells[type] = i ? random_cell(&column[type]) : (struct cell){0};
        expected.used = got.used = 0;
        json_open(&object, &expected);
        json_cells(&object, columns, COLUMN_TYPES, cells);
        json_close(&object);
        json_members_write(&members, &got, cells);
        assert_int_equal(got.used, expected.used);
        assert_memory_equal(got.buffer, expected.buffer, expected.used);
    }
    json_members_close(&members);
    output_release(&expected);
    output_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_printf),
        cmocka_unit_test(milliseconds_round_as_printf),
        cmocka_unit_test(addresses_are_those_of_inet_ntop),
        cmocka_unit_test(names_are_escaped_as_bytes_are),
        cmocka_unit_test(members_are_those_of_cells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

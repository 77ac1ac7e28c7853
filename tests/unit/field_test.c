/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "format/tlz.h"

static void test_numbers_and_names_are_unique(void **state)
{
    (void)state;
    TLZ_FOREACH_SESSION_FIELD(a) {
        for (enum tlz_field b = 0; b < a; b++) {
            assert_string_not_equal(tlz_fields[a].name, tlz_fields[b].name);
            assert_true(!tlz_fields[a].number || tlz_fields[a].number != tlz_fields[b].number);
        }
        assert_int_equal(
            tlz_field_by_name(TLZ_SESSIONS, tlz_fields[a].name, strlen(tlz_fields[a].name)), a);
        assert_true(strlen(tlz_fields[a].help) > 0);
        assert_true(tlz_fields[a].number <= TLZ_FIELD_NUMBER_MAX);
        /* Writer and reader look for bits above the greatest value. */
        assert_true((tlz_fields[a].max & (tlz_fields[a].max + 1)) == 0);
        if (tlz_fields[a].number)
            assert_int_equal(tlz_field_by_number(tlz_fields[a].number), a);
    }
    assert_int_equal(tlz_field_by_number(0), TLZ_FIELD_COUNT);
    assert_int_equal(tlz_field_by_number(UINT64_MAX), TLZ_FIELD_COUNT);
    assert_int_equal(tlz_field_by_name(TLZ_SESSIONS, "comma", 5), TLZ_FIELD_COUNT);
    assert_int_equal(tlz_field_by_name(TLZ_SESSIONS, "comma", 4), TLZ_COMM);
}

/* Bytes live in tables, where they are stored once; the writer has no row column of bytes. */
static void test_bytes_are_in_tables(void **state)
{
    (void)state;
    TLZ_FOREACH_SESSION_FIELD(f) {
        if (tlz_fields[f].number && tlz_type_is_bytes(tlz_fields[f].type))
            assert_int_not_equal(tlz_kinds[TLZ_SESSIONS].table[f], TLZ_TABLE_ROWS);
    }
}

static void test_enumerations(void **state)
{
    uint64_t value = 99;

    (void)state;
    assert_string_equal(tlz_enum_name(TLZ_ENUM_END, TLZ_END_STILL_OPEN), "still-open");
    assert_string_equal(tlz_enum_name(TLZ_ENUM_OWNER, TLZ_OWNER_TASK_FILE), "task-file");
    assert_string_equal(tlz_enum_name(TLZ_ENUM_STATE, 9), "LAST_ACK");
    assert_null(tlz_enum_name(TLZ_ENUM_STATE, 0));
    assert_null(tlz_enum_name(TLZ_ENUM_STATE, 13));
    assert_null(tlz_enum_name(TLZ_ENUM_NONE, 0));
    assert_null(tlz_enum_name(TLZ_ENUM_END, UINT64_MAX));
    assert_int_equal(tlz_enum_value(TLZ_ENUM_END, "refused", &value), 1);
    assert_int_equal(value, TLZ_END_REFUSED);
    assert_int_equal(tlz_enum_value(TLZ_ENUM_END, "refuse", &value), 0);
    assert_int_equal(tlz_enum_value(TLZ_ENUM_STATE, "", &value), 0);
}

static void test_addresses(void **state)
{
    const uint8_t v4[4] = {192, 0, 2, 7};
    struct tlz_bytes a;

    (void)state;
    tlz_address_from_v4(&a, v4);
    assert_int_equal(tlz_address_family(&a), 4);
    a.b[10] = 0;
    assert_int_equal(tlz_address_family(&a), 6);
}

static void test_every_error_has_a_text(void **state)
{
    (void)state;
#define X(id, number, text) assert_string_equal(tlz_strerror(-TLZ_E_##id), text);
    TLZ_ERRORS(X)
#undef X
    assert_string_equal(tlz_strerror(-2), "No such file or directory");
    assert_string_equal(tlz_strerror(-999999), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_names_are_unique),
        cmocka_unit_test(test_bytes_are_in_tables),
        cmocka_unit_test(test_enumerations),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_every_error_has_a_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

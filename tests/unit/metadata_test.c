/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/error.h"
#include "format/metadata_block.h"

static int decode(const void *body, size_t size)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    int r = metadata_decode(meta, body, size);

    tlz_metadata_free(meta);
    return r;
}

static void test_round_trip(void **state)
{
    struct tlz_metadata *a = tlz_metadata_new(), *b = tlz_metadata_new();
    struct wire_buffer body = {0};
    const uint8_t id[16] = "0123456789abcde";
    uint64_t number = 0;
    size_t size = 0;

    (void)state;
    assert_int_equal(tlz_metadata_set_text(a, TLZ_META_HOST, "web1"), 0);
    assert_int_equal(tlz_metadata_set_text(a, TLZ_META_NOTE, ""), 0);
    assert_int_equal(tlz_metadata_set_number(a, TLZ_META_CREATED_US, UINT64_MAX), 0);
    assert_int_equal(tlz_metadata_set_id(a, id), 0);
    metadata_encode(a, &body);
    assert_int_equal(metadata_decode(b, body.data, body.size), 0);
    assert_string_equal(tlz_metadata_text(b, TLZ_META_HOST, &size), "web1");
    assert_int_equal(size, 4);
    assert_string_equal(tlz_metadata_text(b, TLZ_META_NOTE, NULL), "");
    assert_null(tlz_metadata_text(b, TLZ_META_KERNEL, NULL));
    assert_int_equal(tlz_metadata_number(b, TLZ_META_CREATED_US, &number), 1);
    assert_true(number == UINT64_MAX);
    assert_int_equal(tlz_metadata_number(b, TLZ_META_SESSIONS, &number), 0);
    assert_memory_equal(tlz_metadata_id(b), id, 16);
    wire_free(&body);
    tlz_metadata_free(a);
    tlz_metadata_free(b);
}

static void test_wrong_types_are_refused(void **state)
{
    struct tlz_metadata *meta = tlz_metadata_new();

    (void)state;
    assert_int_equal(tlz_metadata_set_text(meta, TLZ_META_SESSIONS, "x"), -EINVAL);
    assert_int_equal(tlz_metadata_set_number(meta, TLZ_META_HOST, 1), -EINVAL);
    assert_int_equal(tlz_metadata_set_number(meta, TLZ_META_CAPTURE_ID, 1), -EINVAL);
    tlz_metadata_free(meta);
}

static void test_long_text_is_cut(void **state)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    char *text = calloc(1, TLZ_META_TEXT_MAX + 100);
    size_t size = 0;

    (void)state;
    memset(text, 'x', TLZ_META_TEXT_MAX + 99);
    assert_int_equal(tlz_metadata_set_text(meta, TLZ_META_NOTE, text), 0);
    tlz_metadata_text(meta, TLZ_META_NOTE, &size);
    assert_int_equal(size, TLZ_META_TEXT_MAX);
    free(text);
    tlz_metadata_free(meta);
}

static void test_hostile_bodies(void **state)
{
    const uint8_t unknown_tag[] = {0xff, 0xff, 2, 0, 0, 0, 'h', 'i'};
    const uint8_t host[] = {6, 0, 2, 0, 0, 0, 'h', 'i', 6, 0, 0, 0, 0, 0};
    const uint8_t short_number[] = {5, 0, 4, 0, 0, 0, 1, 2, 3, 4};
    const uint8_t short_id[] = {1, 0, 1, 0, 0, 0, 1};
    const uint8_t long_claim[] = {6, 0, 0xff, 0xff, 0xff, 0xff, 'x'};
    uint8_t *long_text = calloc(1, 6 + TLZ_META_TEXT_MAX + 1);

    (void)state;
    assert_int_equal(decode(unknown_tag, sizeof unknown_tag), 0);
    assert_int_equal(decode(host, 8), 0);
    assert_int_equal(decode(host, sizeof host), -TLZ_E_SYNTAX); /* twice */
    for (size_t cut = 1; cut < 8; cut++)
        assert_int_equal(decode(host, cut), -TLZ_E_SYNTAX);
    assert_int_equal(decode(short_number, sizeof short_number), -TLZ_E_SYNTAX);
    assert_int_equal(decode(short_id, sizeof short_id), -TLZ_E_SYNTAX);
    assert_int_equal(decode(long_claim, sizeof long_claim), -TLZ_E_SYNTAX);
    long_text[0] = 6;
    wire_store32(long_text + 2, TLZ_META_TEXT_MAX + 1);
    assert_int_equal(decode(long_text, 6 + TLZ_META_TEXT_MAX + 1), -TLZ_E_LIMIT);
    free(long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_wrong_types_are_refused),
        cmocka_unit_test(test_long_text_is_cut),
        cmocka_unit_test(test_hostile_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

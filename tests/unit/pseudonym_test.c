/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and names by a key: one to one, within their bounds, and others for another key; and that
 * what is made of each field suits its type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/anonymize/anonymous_fields.h"

#define PIDS (1u << 22)
#define STEP 13u /* one of so many is tried */

static void init(struct pseudonyms *p, uint8_t key_byte)
{
    uint8_t key[PSEUDONYM_KEY_SIZE];

    for (uint8_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(key_byte + i);
    pseudonyms_init(p, key);
}

/* A process id becomes one, and no two become the same. */
static void test_pids(void **state)
{
    uint8_t *seen = calloc(PIDS, 1);
    struct pseudonyms p;

    (void)state;
    assert_non_null(seen);
    init(&p, 1);
    for (uint64_t pid = 0; pid < PIDS; pid += STEP) {
        uint64_t other = pseudonym_number(&p, PSEUDONYM_PID, pid);

        assert_true(other < PIDS && !seen[other]);
        seen[other] = 1;
    }
    assert_int_equal(pseudonym_number(&p, PSEUDONYM_PID, 0), 0);
    free(seen);
}

static void test_bounds(void **state)
{
    static const struct {
        uint64_t least, greatest;
    } ranges[] = {{1, PIDS - 1},
                  {PIDS, UINT32_MAX},
                  {UINT64_C(1) << 32, TLZ_SOCKET_MAX},
                  {TLZ_SOCKET_MAX + 1, UINT64_MAX}};
    struct pseudonyms p;

    (void)state;
    init(&p, 1);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const uint64_t numbers[] = {ranges[i].least, ranges[i].least + 1, ranges[i].greatest - 1,
                                    ranges[i].greatest};

        for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++) {
            uint64_t other = pseudonym_number(&p, PSEUDONYM_COOKIE, numbers[j]);

            assert_in_range(other, ranges[i].least, ranges[i].greatest);
            assert_true(other == pseudonym_number(&p, PSEUDONYM_COOKIE, numbers[j]));
        }
    }
}

/* A key gives the same for ever: these were computed by tests/second_reader/anonymous.py. */
static void test_known_numbers(void **state)
{
    struct pseudonyms p;
    char name[PSEUDONYM_LETTERS + 1] = "";

    (void)state;
    init(&p, 1);
    assert_int_equal(pseudonym_number(&p, PSEUDONYM_PID, 1234), 3673559);
    assert_int_equal(pseudonym_number(&p, PSEUDONYM_NETNS, 4026531840), 3770430865);
    assert_true(pseudonym_number(&p, PSEUDONYM_COOKIE, UINT64_MAX) ==
                UINT64_C(18323178191794734416));
    pseudonym_name(&p, PSEUDONYM_COMM, "nginx", 5, name);
    assert_string_equal(name, "jv4nh2zw2z");
}

static void test_keys_and_classes(void **state)
{
    struct pseudonyms p, q;
    char a[PSEUDONYM_LETTERS], b[PSEUDONYM_LETTERS];
    uint8_t id[16] = {1}, other[16];

    (void)state;
    init(&p, 1);
    init(&q, 2);
    assert_int_not_equal(pseudonym_number(&p, PSEUDONYM_PID, 1234),
                         pseudonym_number(&q, PSEUDONYM_PID, 1234));
    assert_int_not_equal(pseudonym_number(&p, PSEUDONYM_PID, 1234),
                         pseudonym_number(&p, PSEUDONYM_UID, 1234));
    pseudonym_name(&p, PSEUDONYM_COMM, "nginx", 5, a);
    pseudonym_name(&q, PSEUDONYM_COMM, "nginx", 5, b);
    assert_memory_not_equal(a, b, sizeof a);
    pseudonym_name(&p, PSEUDONYM_HOST, "nginx", 5, b);
    assert_memory_not_equal(a, b, sizeof a);
    pseudonym_id(&p, PSEUDONYM_CAPTURE, id, other);
    assert_memory_not_equal(id, other, sizeof id);
}

static void test_fields(void **state)
{
    (void)state;
    TLZ_FOREACH_FIELD(f) {
        const struct anonymous *a = &anonymous_fields[f];

        switch (a->how) {
        case ANONYMOUS_KEPT:
            assert_int_not_equal(tlz_fields[f].type, TLZ_TYPE_ADDRESS);
            assert_true(a->class == PSEUDONYM_NONE);
            break;
        case ANONYMOUS_ADDRESS:
            assert_int_equal(tlz_fields[f].type, TLZ_TYPE_ADDRESS);
            break;
        case ANONYMOUS_NAME:
            assert_int_equal(tlz_fields[f].type, TLZ_TYPE_NAME);
            assert_true(a->class != PSEUDONYM_NONE);
            break;
        case ANONYMOUS_KNOWN:
            assert_int_equal(f, TLZ_CONGESTION);
            assert_true(a->class == PSEUDONYM_CONGESTION);
            break;
        case ANONYMOUS_NUMBER:
            assert_int_equal(tlz_fields[f].type, TLZ_TYPE_ID);
            assert_true(a->class != PSEUDONYM_NONE);
            assert_true(tlz_fields[f].max == UINT32_MAX || tlz_fields[f].max == TLZ_SOCKET_MAX ||
                        tlz_fields[f].max == UINT64_MAX);
            break;
        default:
            fail();
        }
    }
}

static void test_tags(void **state)
{
    (void)state;
    for (enum tlz_meta_tag tag = 0; tag < TLZ_META_TAG_COUNT; tag++) {
        const struct anonymous *a = &anonymous_tags[tag];
        const enum tlz_meta_type type = tlz_meta_tags[tag].type;

        if (a->how == ANONYMOUS_NUMBER)
            assert_int_equal(type, TLZ_METATYPE_NUMBER);
        else if (a->how == ANONYMOUS_ID)
            assert_int_equal(type, TLZ_METATYPE_ID);
        else if (a->how != ANONYMOUS_KEPT && a->how != ANONYMOUS_DROPPED)
            assert_int_equal(type, TLZ_METATYPE_TEXT);
        assert_int_not_equal(a->how, ANONYMOUS_ADDRESS);
        assert_int_equal(a->class != PSEUDONYM_NONE,
                         a->how == ANONYMOUS_NUMBER || a->how == ANONYMOUS_ID ||
                             a->how == ANONYMOUS_NAME || a->how == ANONYMOUS_MARK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pids),          cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_known_numbers), cmocka_unit_test(test_keys_and_classes),
        cmocka_unit_test(test_fields),        cmocka_unit_test(test_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

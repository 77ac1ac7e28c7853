/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of sockets: SipHash, a key for each recording, 48 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/field.h"
#include "record/socket_hash.h"

#define ADDRESS UINT64_C(0xffff888012345678)

/* SipHash's authors give what the key 00 01 ... 0f makes of the eight bytes 00 01 ... 07:
 * 62 24 93 9a 79 f5 f5 93 (github.com/veorq/SipHash, vectors.h). */
static void test_known_answer(void **state)
{
    const uint8_t answer[8] = {0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93};
    struct socket_hash hash;
    uint8_t bytes[8];
    uint64_t address;
    uint64_t wanted;

    (void)state;
    for (uint8_t i = 0; i < sizeof hash.key; i++)
        hash.key[i] = i;
    for (uint8_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i;
    memcpy(&address, bytes, sizeof address);
    memcpy(&wanted, answer, sizeof wanted);
    assert_int_equal(socket_hash(&hash, address), wanted & TLZ_SOCKET_MAX);
}

static void test_keys(void **state)
{
    struct socket_hash one;
    struct socket_hash other;

    (void)state;
    assert_int_equal(socket_hash_open(&one), 0);
    assert_int_equal(socket_hash_open(&other), 0);
    assert_int_equal(socket_hash(&one, ADDRESS), socket_hash(&one, ADDRESS));
    assert_int_not_equal(socket_hash(&one, ADDRESS), socket_hash(&other, ADDRESS));
    assert_int_not_equal(socket_hash(&one, ADDRESS), socket_hash(&one, ADDRESS + 64));
    assert_true(socket_hash(&one, ADDRESS) <= TLZ_SOCKET_MAX);
    socket_hash_close(&one);
    for (size_t i = 0; i < sizeof one.key; i++)
        assert_int_equal(one.key[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answer),
        cmocka_unit_test(test_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Crypto-PAn: what its authors' own program answers, prefixes, what is added to it, and special
 * addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "report/anonymize/anonymous_address.h"

/* The key of sample.cpp in Crypto-PAn 1.0, and its sample trace, each address once. */
static const uint8_t sample_key[CRYPTO_PAN_KEY_SIZE] = {
    21,  34,  23,  141, 51,  164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
    216, 152, 143, 131, 121, 121, 101, 39,  98, 87, 76, 45, 42, 132, 34,  2};
static const char *const sample[][2] = {
    {"128.11.68.132", "135.242.180.132"},   {"129.118.74.4", "134.136.186.123"},
    {"130.132.252.244", "133.68.164.234"},  {"141.223.7.43", "141.167.8.160"},
    {"141.233.145.108", "141.129.237.235"}, {"152.163.225.39", "151.140.114.167"},
    {"156.29.3.236", "147.225.12.42"},      {"165.247.96.84", "162.9.99.234"},
    {"166.107.77.190", "160.132.178.185"},  {"192.102.249.13", "252.138.62.131"},
    {"192.215.32.125", "252.43.47.189"},    {"192.233.80.103", "252.25.108.8"},
    {"192.41.57.43", "252.222.221.184"},    {"193.150.244.223", "253.169.52.216"},
    {"195.205.63.100", "255.186.223.5"},    {"198.200.171.101", "249.199.68.213"},
    {"198.26.132.101", "249.36.123.202"},   {"198.36.213.5", "249.7.21.132"},
    {"198.51.77.238", "249.18.186.254"},    {"199.217.79.101", "248.38.184.213"},
    {"202.49.198.20", "245.206.7.234"},     {"203.12.160.252", "244.248.163.4"},
    {"204.184.162.189", "243.192.77.90"},   {"204.202.136.230", "243.178.4.198"},
    {"204.29.20.4", "243.33.20.123"},       {"205.178.38.67", "242.108.198.51"},
    {"205.188.147.153", "242.96.16.101"},   {"205.188.248.25", "242.96.88.27"},
    {"205.245.121.43", "242.21.121.163"},   {"207.105.49.5", "241.118.205.138"},
    {"207.135.65.238", "241.202.129.222"},  {"207.155.9.214", "241.220.250.22"},
    {"207.188.7.45", "241.255.249.220"},    {"207.25.71.27", "241.33.119.156"},
    {"207.33.151.131", "241.1.233.131"},    {"208.147.89.59", "227.237.98.191"},
    {"208.234.120.210", "227.154.67.17"},   {"208.28.185.184", "227.39.94.90"},
    {"208.52.56.122", "227.8.63.165"},      {"209.12.231.7", "226.243.167.8"},
    {"209.238.72.3", "226.6.119.243"},      {"209.246.74.109", "226.22.124.76"},
    {"209.68.60.238", "226.184.220.233"},   {"209.85.249.6", "226.170.70.6"},
    {"212.120.124.31", "228.135.163.231"},  {"212.146.8.236", "228.19.4.234"},
    {"212.186.227.154", "228.59.98.98"},    {"212.204.172.118", "228.71.195.169"},
    {"212.206.130.201", "228.69.242.193"},  {"216.148.237.145", "235.84.194.111"},
    {"216.157.30.252", "235.89.31.26"},     {"216.184.159.48", "235.96.225.78"},
    {"216.227.10.221", "235.28.253.36"},    {"216.254.18.172", "235.7.16.162"},
    {"216.32.132.250", "235.192.139.38"},   {"216.35.217.178", "235.195.157.81"},
    {"24.0.250.221", "100.15.198.226"},     {"24.13.62.231", "100.2.192.247"},
    {"24.14.213.138", "100.1.42.141"},      {"24.5.0.80", "100.9.15.210"},
    {"24.7.198.88", "100.10.6.25"},         {"24.94.26.44", "100.88.228.35"},
    {"38.15.67.68", "64.3.66.187"},         {"4.3.88.225", "124.60.155.63"},
    {"63.14.55.111", "95.9.215.7"},         {"63.195.241.44", "95.179.238.44"},
    {"63.97.7.140", "95.97.9.123"},         {"64.14.118.196", "0.255.183.58"},
    {"64.34.154.117", "0.221.154.117"},     {"64.39.15.238", "0.219.7.41"},
    {"10.185.25.118", "117.161.29.118"},
};

/* The authors have none for IPv6; these are of github.com/Yawning/cryptopan, with the same key. */
static const char *const sample_v6[][2] = {
    {"::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"},
    {"::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"},
    {"::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"},
    {"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"},
    {"2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"},
};

/* Of an anonymizer with the same key; computed by tests/second_reader/anonymous.py. */
static const char *const anonymous[][2] = {
    {"24.5.0.80", "208.68.14.81"},
    {"24.7.198.88", "208.70.105.44"},
    {"::ffff:24.5.0.80", "208.68.14.81"},
    {"169.254.169.254", "169.254.58.233"},
    {"2001:db8::1", "8085:fd2f:77e5:872f:c06c:7f11:4b0e:9f4a"},
    {"2001:db8::2", "8085:fd2f:77e5:872f:c06c:7f11:4b0e:9f49"},
    {"fe80::1", "fe80::152d:56a2:ca17:c78f"},
    {"fe80::2", "fe80::152d:56a2:ca17:c78c"},
    {"fe80::21a:2bff:fe3c:4d5e", "fe80::17e4:cff6:9854:521a"},
    {"fe80:1::1", "fe93:e6d5:cc15:9def:6986:5468:ab2d:4e2d"},
    {"fe80:0:0:1::1", "fe93:e6d4:465b:d7c4:b512:1f9a:a645:2bd7"},
    {"64:ff9b::24.5.0.80", "b029:c1f1:96a6:4f03:273:6cde:d63f:4c66"},
    {"2002:1805:50::1", "8087:dabb:b899:28d9:9c7:4533:e83f:ded9"},
    {"::24.5.0.80", "b04d:a742:f161:5a06:a015:e4b0:d91f:a632"},
};

#define PAIRS 20000

/* A generator of numbers that are the same in every run. */
static uint32_t next_number(void)
{
    static uint64_t state = 1;

    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(state >> 32);
}

static void check_answer(int family, const char *const answer[2])
{
    const size_t size = family == AF_INET ? 4 : 16;
    uint8_t address[16], wanted[16];
    struct crypto_pan pan;

    crypto_pan_init(&pan, sample_key);
    assert_int_equal(inet_pton(family, answer[0], address), 1);
    assert_int_equal(inet_pton(family, answer[1], wanted), 1);
    crypto_pan_address(&pan, address, size, address);
    assert_memory_equal(address, wanted, size);
}

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sample / sizeof *sample; i++)
        check_answer(AF_INET, sample[i]);
    for (size_t i = 0; i < sizeof sample_v6 / sizeof *sample_v6; i++)
        check_answer(AF_INET6, sample_v6[i]);
}

static unsigned int common_bits(const uint8_t *a, const uint8_t *b, size_t size)
{
    unsigned int bits = 0;

    while (bits < 8 * size && !((a[bits / 8] ^ b[bits / 8]) >> (7 - bits % 8) & 1))
        bits++;
    return bits;
}

/* Two addresses that differ at any place, and behind it at random. */
static void make_pair(uint8_t *a, uint8_t *b, size_t size)
{
    const unsigned int place = next_number() % (8 * (unsigned int)size);

    for (size_t i = 0; i < size; i++) {
        a[i] = (uint8_t)next_number();
        b[i] = (uint8_t)next_number();
    }
    for (unsigned int bit = 0; bit <= place; bit++) {
        const uint8_t mask = (uint8_t)(0x80 >> bit % 8);

        b[bit / 8] = (uint8_t)((b[bit / 8] & ~mask) | (a[bit / 8] & mask));
    }
    b[place / 8] ^= (uint8_t)(0x80 >> place % 8);
}

static void check_prefixes(size_t size, bool separate)
{
    struct crypto_pan pan;

    crypto_pan_init(&pan, sample_key);
    if (separate)
        crypto_pan_separate(&pan, sample_key);
    for (int i = 0; i < PAIRS; i++) {
        uint8_t a[16], b[16], to_a[16], to_b[16];

        make_pair(a, b, size);
        crypto_pan_address(&pan, a, size, to_a);
        crypto_pan_address(&pan, b, size, to_b);
        assert_int_equal(common_bits(a, b, size), common_bits(to_a, to_b, size));
    }
}

static void test_prefixes(void **state)
{
    (void)state;
    check_prefixes(4, false);
    check_prefixes(16, false);
    check_prefixes(4, true);
    check_prefixes(16, true);
}

/* How often a bit changes where the one before it does not, or the other way round. */
static unsigned int turns(const struct crypto_pan *pan, const uint8_t address[16], size_t size)
{
    unsigned int count = 0;
    uint8_t changed[16];

    crypto_pan_address(pan, address, size, changed);
    for (size_t i = 0; i < size; i++)
        changed[i] ^= address[i];
    for (size_t bit = 1; bit < 8 * size; bit++)
        count +=
            (changed[bit / 8] >> (7 - bit % 8) ^ changed[(bit - 1) / 8] >> (7 - (bit - 1) % 8)) & 1;
    return count;
}

/*
 * As published, the address that is the pad has one block for all its bits, and that of which every
 * bit is the pad's other has as many as bits: what changes tells which bits are the pad's.
 * Separate, every address has as many.
 */
static void test_separate(void **state)
{
    struct crypto_pan pan;

    (void)state;
    crypto_pan_init(&pan, sample_key);
    assert_int_equal(turns(&pan, pan.pad, 4), 0);
    assert_int_equal(turns(&pan, pan.pad, 16), 0);
    crypto_pan_separate(&pan, sample_key);
    assert_in_range(turns(&pan, pan.pad, 4), 8, 24);
    assert_in_range(turns(&pan, pan.pad, 16), 40, 88);
}

/* What an address of text becomes, as text. */
static const char *become(const char *text, char ret[INET6_ADDRSTRLEN])
{
    struct anonymous_addresses keys;
    struct tlz_bytes address = {{[10] = 0xff, [11] = 0xff}};

    anonymous_addresses_init(&keys, sample_key);
    if (inet_pton(AF_INET, text, address.b + 12) != 1)
        assert_int_equal(inet_pton(AF_INET6, text, address.b), 1);
    address = anonymous_address(&keys, &address);
    if (tlz_address_family(&address) == 4)
        return inet_ntop(AF_INET, address.b + 12, ret, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, address.b, ret, INET6_ADDRSTRLEN);
}

static void test_kept(void **state)
{
    static const char *const kept[] = {"0.0.0.0", "127.0.0.1", "127.255.255.254", "::", "::1"};
    char text[INET6_ADDRSTRLEN];

    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_string_equal(become(kept[i], text), kept[i]);
}

static void test_link_local(void **state)
{
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];

    (void)state;
    assert_memory_equal(become("169.254.169.254", text), "169.254.", 8);
    assert_string_not_equal(text, "169.254.169.254");
    assert_int_equal(inet_pton(AF_INET6, become("fe80::21a:2bff:fe3c:4d5e", text), &address), 1);
    assert_true(IN6_IS_ADDR_LINKLOCAL(&address));
    assert_int_not_equal(address.s6_addr32[3], htonl(0xfe3c4d5e));
}

static void test_anonymous(void **state)
{
    char text[INET6_ADDRSTRLEN];

    (void)state;
    for (size_t i = 0; i < sizeof anonymous / sizeof *anonymous; i++)
        assert_string_equal(become(anonymous[i][0], text), anonymous[i][1]);
}

/* A key for IPv4 is none for IPv6, and neither is the user's own. */
static void test_keys_apart(void **state)
{
    struct anonymous_addresses keys;
    struct crypto_pan own;

    (void)state;
    anonymous_addresses_init(&keys, sample_key);
    crypto_pan_init(&own, sample_key);
    assert_memory_not_equal(&keys.v4.aes, &keys.v6.aes, sizeof own.aes);
    assert_memory_not_equal(keys.v4.pad, keys.v6.pad, sizeof own.pad);
    assert_memory_not_equal(keys.v4.masks, keys.v6.masks, sizeof own.masks);
    assert_memory_not_equal(keys.v4.pad, own.pad, sizeof own.pad);
    assert_memory_not_equal(keys.v6.pad, own.pad, sizeof own.pad);
}

/* The 54 zeros stay, whatever is behind them; where there are others, none comes to have them. */
static void test_zeros_of_link_local(void **state)
{
    struct anonymous_addresses keys;

    (void)state;
    anonymous_addresses_init(&keys, sample_key);
    for (uint8_t i = 0; i < 200; i++) {
        const struct tlz_bytes proper = {{0xfe, 0x80, [8] = i, [15] = i}};
        const struct tlz_bytes other = {{0xfe, 0x80, [7] = (uint8_t)(i + 1), [15] = i}};
        struct tlz_bytes address = anonymous_address(&keys, &proper);

        assert_memory_equal(address.b, proper.b, 8);
        address = anonymous_address(&keys, &other);
        assert_true(address.b[0] == 0xfe && address.b[1] >> 6 == 2);
        assert_memory_not_equal(address.b, proper.b, 8);
    }
}

/* Loopback is where one network of 256 would land; that one goes where loopback would. */
static void test_one_to_one(void **state)
{
    uint8_t seen[256] = {0};
    struct anonymous_addresses keys;

    (void)state;
    anonymous_addresses_init(&keys, sample_key);
    for (int i = 0; i < 256; i++) {
        struct tlz_bytes address = {{[10] = 0xff, 0xff, (uint8_t)i, 1, 2, 3}};

        seen[anonymous_address(&keys, &address).b[12]]++;
    }
    for (int i = 0; i < 256; i++)
        assert_int_equal(seen[i], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_separate),      cmocka_unit_test(test_kept),
        cmocka_unit_test(test_link_local),    cmocka_unit_test(test_anonymous),
        cmocka_unit_test(test_keys_apart),    cmocka_unit_test(test_zeros_of_link_local),
        cmocka_unit_test(test_one_to_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

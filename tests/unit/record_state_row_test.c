/* SPDX-License-Identifier: BSD-2-Clause */
/* From a change of state to a row: its time, the task, what was known of the session, the place. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/state_row.h"

#define SOCKET UINT64_C(0xabcdef123456)

static struct state_event make_event(void)
{
    return (struct state_event){
        .time_ns = 5000999,
        .since_ns = 2001001,
        .sk = UINT64_C(0xffff888012345678),
        .task = {.comm = "swapper/1"},
        .netns = 4026531840,
        .uid = 1001,
        .lport = htons(443),
        .rport = htons(40000),
        .flags = EVENT_ACCEPTED,
        .old_state = TLZ_STATE_ESTABLISHED,
        .new_state = TLZ_STATE_CLOSE_WAIT,
        .laddr = {htonl(0xc0000201)},
        .raddr = {htonl(0xc6336401)},
        .origin = {.comm = "listener", .pid = 10},
    };
}

static uint64_t value(const struct tlz_row *row, enum tlz_field field)
{
    assert_true(tlz_row_has(row, field));
    return row->value[field].u;
}

static void test_row(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_TIME_US), 5000);
    assert_int_equal(value(&row, TLZ_IN_OLD_US), 2999);
    assert_int_equal(value(&row, TLZ_SOCKET), SOCKET);
    assert_int_equal(value(&row, TLZ_OLD_STATE), TLZ_STATE_ESTABLISHED);
    assert_int_equal(value(&row, TLZ_NEW_STATE), TLZ_STATE_CLOSE_WAIT);
    assert_int_equal(value(&row, TLZ_LPORT), 443);
    assert_int_equal(value(&row, TLZ_RPORT), 40000);
    assert_int_equal(value(&row, TLZ_UID), 1001);
    assert_int_equal(value(&row, TLZ_NETNS), 4026531840);
    assert_false(tlz_row_has(&row, TLZ_CGROUP));
    e.cgroup = 7;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_CGROUP), 7);
}

/* Every field that is set is one of a change of state, and the address of the socket is in none. */
static void test_fields(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    e.closer = e.acceptor = e.user = e.origin;
    state_from_event(&e, SOCKET, &row);
    TLZ_FOREACH_FIELD(f) {
        if (!tlz_row_has(&row, f))
            continue;
        assert_true(tlz_fieldset_has(&tlz_kinds[TLZ_STATES].fields, f));
        if (!tlz_type_is_bytes(tlz_fields[f].type))
            assert_true(row.value[f].u <= tlz_fields[f].max && row.value[f].u != e.sk);
    }
}

static void test_times(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    e.since_ns = 0;
    state_from_event(&e, SOCKET, &row);
    assert_false(tlz_row_has(&row, TLZ_IN_OLD_US));
    e.since_ns = e.time_ns + 1500; /* of another processor */
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_IN_OLD_US), 0);
}

static void test_task(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_TASK_PID), 0);
    assert_true(tlz_row_has(&row, TLZ_TASK_COMM));
    assert_memory_equal(row.value[TLZ_TASK_COMM].bytes.b, "swapper/1", 10);
}

static void test_processes(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_LISTEN_PID), 10);
    assert_memory_equal(row.value[TLZ_LISTEN_COMM].bytes.b, "listener", 9);
    assert_false(tlz_row_has(&row, TLZ_CONNECT_PID));
    assert_false(tlz_row_has(&row, TLZ_CLOSER_PID));
    assert_false(tlz_row_has(&row, TLZ_ACCEPT_PID));
    assert_false(tlz_row_has(&row, TLZ_IO_PID));
    e.flags = EVENT_LISTENER;
    e.closer.pid = 11;
    e.acceptor.pid = 12;
    e.user.pid = 13;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_LISTEN_PID), 10);
    assert_int_equal(value(&row, TLZ_CLOSER_PID), 11);
    assert_int_equal(value(&row, TLZ_ACCEPT_PID), 12);
    assert_int_equal(value(&row, TLZ_IO_PID), 13);
    e.flags = EVENT_CONNECTED;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_CONNECT_PID), 10);
    assert_false(tlz_row_has(&row, TLZ_LISTEN_PID));
    e.flags = 0;
    state_from_event(&e, SOCKET, &row);
    assert_int_equal(value(&row, TLZ_TASK_FILE_PID), 10);
    assert_false(tlz_row_has(&row, TLZ_CONNECT_PID));
}

static void expect_address(const struct tlz_row *row, enum tlz_field field, const char *text)
{
    struct in6_addr wanted;

    assert_int_equal(inet_pton(AF_INET6, text, &wanted), 1);
    assert_true(tlz_row_has(row, field));
    assert_memory_equal(row->value[field].bytes.b, &wanted, sizeof wanted);
}

static void test_addresses(void **state)
{
    struct state_event e = make_event();
    struct tlz_row row;

    (void)state;
    state_from_event(&e, SOCKET, &row);
    expect_address(&row, TLZ_LADDR, "::ffff:192.0.2.1");
    expect_address(&row, TLZ_RADDR, "::ffff:198.51.100.1");
    assert_int_equal(value(&row, TLZ_V6_SOCKET), 0);
    /* As it is, and not as the other end has it: "::" stays "::" with a mapped peer. */
    e.flags |= EVENT_V6_SOCKET;
    memset(e.laddr, 0, sizeof e.laddr);
    inet_pton(AF_INET6, "::ffff:198.51.100.1", e.raddr);
    state_from_event(&e, SOCKET, &row);
    expect_address(&row, TLZ_LADDR, "::");
    expect_address(&row, TLZ_RADDR, "::ffff:198.51.100.1");
    assert_int_equal(value(&row, TLZ_V6_SOCKET), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row),       cmocka_unit_test(test_fields),
        cmocka_unit_test(test_times),     cmocka_unit_test(test_task),
        cmocka_unit_test(test_processes), cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* From an event to a row: times that add up, absent values, processes, addresses. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/session_row.h"

static struct event make_event(void)
{
    struct event e = {
        .visited = 1 << TLZ_STATE_SYN_SENT | 1 << TLZ_STATE_ESTABLISHED | 1 << TLZ_STATE_FIN_WAIT1 |
                   1 << TLZ_STATE_FIN_WAIT2,
        .flags = EVENT_FIN_RECEIVED | EVENT_BEGUN | EVENT_CONNECTED,
        .old_state = TLZ_STATE_FIN_WAIT2,
        .shutdown = 3,
        .min_rtt_us = UINT32_MAX,
        .lport = htons(40000),
        .rport = htons(443),
    };

    e.entered_ns[EVENT_SYN_SENT] = 1000999;
    e.entered_ns[EVENT_ESTABLISHED] = 2001000;
    e.entered_ns[EVENT_FIRST_FIN] = 5000999;
    e.entered_ns[EVENT_LAST_FIN] = 5001000;
    e.entered_ns[EVENT_CLOSE] = 9000500;
    return e;
}

static uint64_t value(const struct tlz_row *s, enum tlz_field field)
{
    assert_true(tlz_row_has(s, field));
    return s->value[field].u;
}

/* Points in time are cut to microseconds, durations are what lies between. */
static void test_times(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_OPEN_US), 1000);
    assert_int_equal(value(&s, TLZ_ESTABLISHED_US), 2001);
    assert_int_equal(value(&s, TLZ_FIN_US), 5000);
    assert_int_equal(value(&s, TLZ_CLOSE_US), 9000);
    assert_int_equal(value(&s, TLZ_SYN_SENT_US), 1001);
    assert_int_equal(value(&s, TLZ_IN_ESTABLISHED_US), 2999);
    assert_int_equal(value(&s, TLZ_FIN_WAIT1_US), 1);
    assert_int_equal(value(&s, TLZ_FIN_WAIT2_US), 3999);
    assert_false(tlz_row_has(&s, TLZ_SYN_RECV_US));
    assert_false(tlz_row_has(&s, TLZ_CLOSE_WAIT_US));
    assert_int_equal(1001 + 2999 + 1 + 3999, 9000 - 1000);
}

/* Times of states from another life of the socket are still in the event. */
static void test_states_not_visited(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    e.entered_ns[EVENT_SYN_RECV] = 77;
    e.visited &= (uint16_t) ~(1 << TLZ_STATE_FIN_WAIT2);
    session_from_event(&e, &s);
    assert_false(tlz_row_has(&s, TLZ_SYN_RECV_US));
    assert_false(tlz_row_has(&s, TLZ_FIN_WAIT2_US));
    assert_false(tlz_row_has(&s, TLZ_LAST_ACK_US));
    assert_int_equal(value(&s, TLZ_FIN_WAIT1_US), 4000);
    assert_int_equal(value(&s, TLZ_FIN_US), 5000);
}

/* Two processors that disagree never make a time that goes backwards. */
static void test_times_backwards(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    e.entered_ns[EVENT_LAST_FIN] = 9009000;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_FIN_WAIT2_US), 0);
    assert_int_equal(value(&s, TLZ_FIN_WAIT1_US), 4000);
    assert_int_equal(value(&s, TLZ_CLOSE_US), 9000);
}

static void test_before_start(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    e.flags &= (uint16_t) ~(EVENT_BEGUN | EVENT_CONNECTED);
    e.origin = (struct event_process){.comm = "holder", .pid = 10};
    e.visited = 1 << TLZ_STATE_ESTABLISHED | 1 << TLZ_STATE_FIN_WAIT1 | 1 << TLZ_STATE_FIN_WAIT2;
    e.entered_ns[EVENT_ESTABLISHED] = 0;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_BEFORE_START), 1);
    assert_int_equal(value(&s, TLZ_TASK_FILE_PID), 10);
    assert_memory_equal(s.value[TLZ_TASK_FILE_COMM].bytes.b, "holder", 7);
    assert_false(tlz_row_has(&s, TLZ_CONNECT_PID));
    assert_int_equal(value(&s, TLZ_FIN_US), 5000);
    assert_int_equal(value(&s, TLZ_DIRECTION), TLZ_DIRECTION_UNKNOWN);
    assert_false(tlz_row_has(&s, TLZ_OPEN_US));
    assert_false(tlz_row_has(&s, TLZ_ESTABLISHED_US));
    assert_false(tlz_row_has(&s, TLZ_IN_ESTABLISHED_US));
    assert_false(tlz_row_has(&s, TLZ_SERVICE));
}

static void test_processes(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    e.closer = (struct event_process){.comm = "closer", .pid = 12};
    memset(&e.origin.comm, 'x', sizeof e.origin.comm);
    e.origin.pid = 11;
    memset(&e.acceptor.comm, 'y', sizeof e.acceptor.comm); /* no pid: means nothing */
    e.user = (struct event_process){.comm = "user", .pid = 13};
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_CONNECT_PID), 11);
    assert_memory_equal(s.value[TLZ_CONNECT_COMM].bytes.b, "xxxxxxxxxxxxxxxx", 16);
    assert_int_equal(value(&s, TLZ_CLOSER_PID), 12);
    assert_memory_equal(s.value[TLZ_CLOSER_COMM].bytes.b, "closer\0\0\0\0\0\0\0\0\0\0", 16);
    assert_false(tlz_row_has(&s, TLZ_ACCEPT_PID));
    assert_false(tlz_row_has(&s, TLZ_ACCEPT_COMM));
    assert_int_equal(value(&s, TLZ_IO_PID), 13);
    assert_false(tlz_row_has(&s, TLZ_LISTEN_PID));
    e.flags = EVENT_BEGUN | EVENT_ACCEPTED;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_LISTEN_PID), 11);
    assert_false(tlz_row_has(&s, TLZ_CONNECT_PID));
}

static void test_absent(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    session_from_event(&e, &s);
    assert_false(tlz_row_has(&s, TLZ_SRTT_US));
    assert_false(tlz_row_has(&s, TLZ_MIN_RTT_US));
    assert_false(tlz_row_has(&s, TLZ_CGROUP));
    assert_false(tlz_row_has(&s, TLZ_CONGESTION));
    e.srtt_us_shifted = 8 * 250 + 7;
    e.min_rtt_us = 0;
    e.cgroup = 1;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_SRTT_US), 250);
    assert_int_equal(value(&s, TLZ_MIN_RTT_US), 0);
    assert_int_equal(value(&s, TLZ_CGROUP), 1);
}

static void test_addresses(void **state)
{
    struct event e = make_event();
    struct tlz_row s;

    (void)state;
    e.flags |= EVENT_V6_SOCKET;
    inet_pton(AF_INET, "192.0.2.1", &e.raddr);
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_LPORT), 40000);
    assert_int_equal(value(&s, TLZ_RPORT), 443);
    assert_int_equal(value(&s, TLZ_SERVICE), 443);
    assert_int_equal(value(&s, TLZ_V6_SOCKET), 1);
    assert_int_equal(tlz_address_family(&s.value[TLZ_RADDR].bytes), 4);
    assert_int_equal(tlz_address_family(&s.value[TLZ_LADDR].bytes), 4); /* it was "::" */
    e.flags = EVENT_BEGUN | EVENT_ACCEPTED;
    session_from_event(&e, &s);
    assert_int_equal(value(&s, TLZ_SERVICE), 40000);
    assert_int_equal(value(&s, TLZ_DIRECTION), TLZ_DIRECTION_IN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),           cmocka_unit_test(test_states_not_visited),
        cmocka_unit_test(test_times_backwards), cmocka_unit_test(test_before_start),
        cmocka_unit_test(test_processes),       cmocka_unit_test(test_absent),
        cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* How a session ended, for each way that docs/DESIGN.md and the kernel know. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/end.h"

#define SENT_SYN     (1 << TLZ_STATE_SYN_SENT)
#define GOT_SYN      (1 << TLZ_STATE_SYN_RECV)
#define ESTABLISHED  (1 << TLZ_STATE_ESTABLISHED)
#define FIN_WAIT1    (1 << TLZ_STATE_FIN_WAIT1)
#define FIN_WAIT2    (1 << TLZ_STATE_FIN_WAIT2)
#define CLOSING      (1 << TLZ_STATE_CLOSING)
#define CLOSE_WAIT   (1 << TLZ_STATE_CLOSE_WAIT)
#define LAST_ACK     (1 << TLZ_STATE_LAST_ACK)
#define CLIENT       (SENT_SYN | ESTABLISHED)
#define SHUT_RECEIVE 1
#define SHUT_SEND    2
#define SHUT_BOTH    3
#define OWNED_SOCKET (EVENT_OWNED | EVENT_HAS_SOCKET)
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct row {
    enum tlz_end end;
    struct event event;
};

static void assert_ends(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum tlz_end end = end_classify(&rows[i].event);

        if (end != rows[i].end)
            fail_msg("row %zu: %s, not %s", i, tlz_enum_name(TLZ_ENUM_END, end),
                     tlz_enum_name(TLZ_ENUM_END, rows[i].end));
    }
}

static void test_fin(void **state)
{
    static const struct row rows[] = {
        /* an orphan: its own FIN is acknowledged */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .shutdown = SHUT_BOTH}},
        /* a half-closed session reads the peer's FIN in the task that has the lock */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET | EVENT_FIN_RECEIVED}},
        /* both at once */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_CLOSING,
          .visited = CLIENT | FIN_WAIT1 | CLOSING,
          .shutdown = SHUT_BOTH,
          .flags = EVENT_FIN_RECEIVED}},
        {TLZ_END_CLOSED_THERE,
         {.old_state = TLZ_STATE_LAST_ACK,
          .visited = CLIENT | CLOSE_WAIT | LAST_ACK,
          .shutdown = SHUT_BOTH,
          .flags = EVENT_FIN_RECEIVED}},
        /* shutdown() and not close(): the socket is still there, and so may be the lock */
        {TLZ_END_CLOSED_THERE,
         {.old_state = TLZ_STATE_LAST_ACK,
          .visited = CLIENT | CLOSE_WAIT | LAST_ACK,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET | EVENT_FIN_RECEIVED}},
        /* only the last state was seen */
        {TLZ_END_CLOSED_THERE,
         {.old_state = TLZ_STATE_LAST_ACK, .visited = LAST_ACK, .shutdown = SHUT_BOTH}},
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2, .visited = FIN_WAIT2, .shutdown = SHUT_BOTH}},
    };

    (void)state;
    assert_ends(rows, COUNT(rows));
}

static void test_reset(void **state)
{
    static const struct row rows[] = {
        {TLZ_END_RESET_HERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET}},
        {TLZ_END_RESET_HERE,
         {.old_state = TLZ_STATE_CLOSE_WAIT,
          .visited = CLIENT | CLOSE_WAIT,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET | EVENT_FIN_RECEIVED}},
        /* a subflow of MPTCP */
        {TLZ_END_RESET_HERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .shutdown = SHUT_BOTH,
          .flags = EVENT_OWNED | EVENT_MPTCP}},
        /* shutdown(SHUT_WR), then close() with unread data */
        {TLZ_END_RESET_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET}},
        /* ss --kill */
        {TLZ_END_RESET_HERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .error = ECONNABORTED,
          .flags = OWNED_SOCKET}},
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .error = ECONNRESET,
          .flags = EVENT_HAS_SOCKET}},
        /* received by the task that has the lock */
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .error = ECONNRESET,
          .flags = OWNED_SOCKET}},
        /* before accept() */
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = GOT_SYN | ESTABLISHED,
          .error = ECONNRESET}},
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_CLOSE_WAIT,
          .visited = CLIENT | CLOSE_WAIT,
          .error = EPIPE,
          .shutdown = SHUT_RECEIVE,
          .flags = EVENT_HAS_SOCKET | EVENT_FIN_RECEIVED}},
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_LAST_ACK,
          .visited = CLIENT | CLOSE_WAIT | LAST_ACK,
          .error = ECONNRESET,
          .shutdown = SHUT_BOTH,
          .flags = EVENT_FIN_RECEIVED}},
        /* after shutdown(SHUT_WR) only the peer can have reset it */
        {TLZ_END_RESET_THERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .error = ECONNRESET,
          .shutdown = SHUT_SEND,
          .flags = EVENT_HAS_SOCKET}},
        /* after close() either side can */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT1,
          .visited = CLIENT | FIN_WAIT1,
          .error = ECONNRESET,
          .shutdown = SHUT_BOTH}},
    };

    (void)state;
    assert_ends(rows, COUNT(rows));
}

static void test_handshake(void **state)
{
    static const struct row rows[] = {
        {TLZ_END_REFUSED,
         {.old_state = TLZ_STATE_SYN_SENT, .visited = SENT_SYN, .error = ECONNREFUSED}},
        {TLZ_END_TIMED_OUT,
         {.old_state = TLZ_STATE_SYN_SENT, .visited = SENT_SYN, .error = ETIMEDOUT}},
        {TLZ_END_UNREACHABLE,
         {.old_state = TLZ_STATE_SYN_SENT, .visited = SENT_SYN, .error = EHOSTUNREACH}},
        {TLZ_END_UNREACHABLE,
         {.old_state = TLZ_STATE_SYN_SENT, .visited = SENT_SYN, .error = ENETUNREACH}},
        /* told of, by IP_RECVERR, and survived: both FINs were exchanged later */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .error = EHOSTUNREACH,
          .shutdown = SHUT_BOTH,
          .flags = EVENT_FIN_RECEIVED}},
        /* and by an orphan, whose FIN was acknowledged */
        {TLZ_END_CLOSED_HERE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .error = EHOSTUNREACH,
          .shutdown = SHUT_BOTH}},
        /* half closed, and the peer was lost */
        {TLZ_END_UNREACHABLE,
         {.old_state = TLZ_STATE_FIN_WAIT2,
          .visited = CLIENT | FIN_WAIT1 | FIN_WAIT2,
          .error = EHOSTUNREACH,
          .shutdown = SHUT_SEND,
          .flags = EVENT_HAS_SOCKET}},
        {TLZ_END_GAVE_UP,
         {.old_state = TLZ_STATE_SYN_SENT,
          .visited = SENT_SYN,
          .shutdown = SHUT_BOTH,
          .flags = OWNED_SOCKET}},
        /* connect(AF_UNSPEC), or no free port */
        {TLZ_END_GAVE_UP,
         {.old_state = TLZ_STATE_SYN_SENT, .visited = SENT_SYN, .flags = OWNED_SOCKET}},
    };

    (void)state;
    assert_ends(rows, COUNT(rows));
}

static void test_other(void **state)
{
    static const struct row rows[] = {
        {TLZ_END_UNACCEPTED,
         {.old_state = TLZ_STATE_ESTABLISHED, .visited = GOT_SYN | ESTABLISHED}},
        {TLZ_END_UNACCEPTED,
         {.old_state = TLZ_STATE_CLOSE_WAIT,
          .visited = GOT_SYN | ESTABLISHED | CLOSE_WAIT,
          .shutdown = SHUT_RECEIVE,
          .flags = EVENT_FIN_RECEIVED}},
        {TLZ_END_DISCONNECTED,
         {.old_state = TLZ_STATE_ESTABLISHED, .visited = CLIENT, .flags = OWNED_SOCKET}},
        {TLZ_END_DISCONNECTED,
         {.old_state = TLZ_STATE_CLOSE_WAIT,
          .visited = CLIENT | CLOSE_WAIT,
          .shutdown = SHUT_RECEIVE,
          .flags = OWNED_SOCKET | EVENT_FIN_RECEIVED}},
        {TLZ_END_TIMED_OUT,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .error = ETIMEDOUT,
          .flags = EVENT_HAS_SOCKET}},
        {TLZ_END_TIMED_OUT,
         {.old_state = TLZ_STATE_FIN_WAIT1,
          .visited = CLIENT | FIN_WAIT1,
          .error = ETIMEDOUT,
          .shutdown = SHUT_BOTH}},
        {TLZ_END_UNKNOWN,
         {.old_state = TLZ_STATE_ESTABLISHED,
          .visited = CLIENT,
          .error = EIO,
          .flags = EVENT_HAS_SOCKET}},
        {TLZ_END_UNKNOWN,
         {.old_state = TLZ_STATE_ESTABLISHED, .visited = CLIENT, .flags = EVENT_HAS_SOCKET}},
        {TLZ_END_STILL_OPEN,
         {.old_state = TLZ_STATE_FIN_WAIT1,
          .visited = CLIENT | FIN_WAIT1,
          .error = EHOSTUNREACH,
          .flags = EVENT_STILL_OPEN}},
    };

    (void)state;
    assert_ends(rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fin),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_handshake),
        cmocka_unit_test(test_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The reference mix is what mix.h says, and the same on every machine. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mix.h"
#include "mix_tcp.h"
#include "record/session_row.h"

#define SESSIONS    200000u
#define SEED        1
#define MAX_BACK_US 3 /* how far a session may end before the one in front of it */

static struct event *events;

static int make_events(void **state)
{
    struct mix *mix;

    (void)state;
    events = calloc(SESSIONS, sizeof *events);
    if (!events || mix_open(&mix, SEED) < 0)
        return -1;
    for (uint32_t i = 0; i < SESSIONS; i++)
        mix_next_event(mix, &events[i]);
    mix_free(mix);
    return 0;
}

static int free_events(void **state)
{
    (void)state;
    free(events);
    return 0;
}

static uint64_t add(uint64_t sum, uint64_t value)
{
    return (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (sum >> 29);
}

static uint64_t add_bytes(uint64_t sum, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum = add(sum, ((const uint8_t *)data)[i]);
    return sum;
}

/* Of the values, whatever the byte order in memory. */
static uint64_t event_sum(uint64_t sum, const struct event *e)
{
    for (enum tlz_state state = 1; state <= TLZ_STATE_CLOSING; state++)
        sum = add(sum, event_at(e, state));
    sum = add(sum, e->entered_ns[EVENT_CLOSE]);
    sum = add(add(add(sum, e->visited), e->flags & ~EVENT_V6), e->error);
    sum = add(add(add(sum, e->cookie), e->cgroup), e->netns);
    sum = add(add(add(sum, e->tx_bytes), e->rx_bytes), e->sent_bytes);
    sum = add(add(add(sum, e->segs_out), e->segs_in), e->retrans_bytes);
    sum = add(add(add(sum, e->srtt_us_shifted), e->min_rtt_us), e->cwnd);
    sum = add(add(add(sum, e->mss), ntohs(e->lport)), ntohs(e->rport));
    sum = add_bytes(sum, e->laddr6, sizeof e->laddr6);
    return add_bytes(sum, e->raddr6, sizeof e->raddr6);
}

static void test_same_on_every_machine(void **state)
{
    uint64_t sum = 0;

    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++)
        sum = event_sum(sum, &events[i]);
    assert_int_equal(sum, UINT64_C(0x18a899c42654a3a3));
}

static void test_order_is_nearly_that_of_the_ends(void **state)
{
    uint32_t back = 0;
    uint64_t last_us = 0;

    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        uint64_t us = events[i].entered_ns[EVENT_CLOSE] / 1000;

        assert_true(us + MAX_BACK_US >= last_us);
        back += us < last_us;
        last_us = us;
    }
    assert_in_range(back, 1, SESSIONS / 100);
}

static uint64_t value(const struct tlz_row *s, enum tlz_field f)
{
    return tlz_row_has(s, f) ? s->value[f].u : 0;
}

static void test_times_add_up(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        struct tlz_row s;
        uint64_t sum = 0;

        session_from_event(&events[i], &s);
        for (enum tlz_field f = TLZ_SYN_SENT_US; f <= TLZ_CLOSING_US; f++)
            sum += value(&s, f);
        if (tlz_row_has(&s, TLZ_OPEN_US))
            assert_int_equal(value(&s, TLZ_CLOSE_US) - value(&s, TLZ_OPEN_US), sum);
        assert_true(sum < UINT64_C(3600000000) * 24);
    }
}

static void test_counters_agree(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        const struct event *e = &events[i];
        uint64_t payload = e->sent_bytes - e->retrans_bytes;

        assert_true(e->sent_bytes >= e->retrans_bytes);
        assert_in_range(e->tx_bytes, payload, payload + 2);
        assert_true(e->retrans_segs <= e->segs_out);
        assert_true((uint64_t)e->segs_out * e->mss >= e->sent_bytes);
        assert_true(e->min_rtt_us == UINT32_MAX || e->min_rtt_us <= e->srtt_us_shifted / 8 + 2 ||
                    e->mss > 30000);
    }
}

/* In thousandths of all sessions. */
static void assert_share(uint32_t count, uint32_t least, uint32_t most)
{
    assert_in_range(count * UINT64_C(1000) / SESSIONS, least, most);
}

static void test_shares(void **state)
{
    uint32_t web = 0, upstream = 0, database = 0, out_https = 0, ssh = 0, v6 = 0, retransmitted = 0;

    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        const struct event *e = &events[i];
        uint16_t lport = ntohs(e->lport), rport = ntohs(e->rport);

        web += lport == 443 || lport == 80;
        upstream += lport == 8000 || rport == 8000;
        database += rport == 5432 || rport == 6379 || rport == 11211;
        out_https += rport == 443;
        ssh += lport == 22;
        v6 += !!(e->flags & EVENT_V6);
        retransmitted += e->retrans_segs > 0;
    }
    assert_share(web, 390, 450); /* checks and scanners of nginx among them */
    assert_share(upstream, 140, 160);
    assert_share(database, 185, 215);
    assert_share(out_https, 140, 160); /* of programs and of commands */
    assert_share(ssh, 25, 45);
    assert_share(v6, 60, 150);
    assert_share(retransmitted, 10, 25);
}

static void test_ends(void **state)
{
    uint32_t ends[TLZ_END_STILL_OPEN] = {0};

    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        struct tlz_row s;

        session_from_event(&events[i], &s);
        ends[s.value[TLZ_END].u]++;
    }
    assert_int_equal(ends[TLZ_END_UNKNOWN], 0);
    assert_share(ends[TLZ_END_CLOSED_HERE] + ends[TLZ_END_CLOSED_THERE], 920, 960);
    assert_share(ends[TLZ_END_RESET_THERE], 25, 50);
    assert_share(ends[TLZ_END_REFUSED], 3, 10);
    for (enum tlz_end end = TLZ_END_CLOSED_HERE; end <= TLZ_END_UNACCEPTED; end++)
        assert_true(ends[end] > 0);
}

/* Both sides of a session over loopback say the same of it. */
static void test_loopback_is_seen_from_both_sides(void **state)
{
    static const struct event *client[65536];
    uint32_t pairs = 0;

    (void)state;
    for (uint32_t i = 0; i < SESSIONS; i++) {
        const struct event *e = &events[i], *other;

        if (ntohs(e->rport) == 8000)
            client[ntohs(e->lport)] = e;
        other = ntohs(e->lport) == 8000 ? client[ntohs(e->rport)] : NULL;
        if (!other || !(e->flags & EVENT_BEGUN) || e->error || other->error)
            continue;
        if (e->entered_ns[EVENT_CLOSE] > other->entered_ns[EVENT_CLOSE] + 1000000)
            continue; /* the port's next session, whose other side is yet to come */
        assert_in_range(e->rx_bytes - (other->sent_bytes - other->retrans_bytes), 0, 1);
        assert_in_range(other->rx_bytes - e->sent_bytes, 0, 1);
        assert_int_equal(e->segs_in, other->segs_out);
        pairs++;
    }
    assert_in_range(pairs, SESSIONS * 2 / 100, SESSIONS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_on_every_machine),
        cmocka_unit_test(test_order_is_nearly_that_of_the_ends),
        cmocka_unit_test(test_times_add_up),
        cmocka_unit_test(test_counters_agree),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_loopback_is_seen_from_both_sides),
    };

    return cmocka_run_group_tests(tests, make_events, free_events);
}

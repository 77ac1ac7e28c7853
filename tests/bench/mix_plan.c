/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix_plan.h"

const struct process process_nginx = {1184, 0, 4511, HOST_NETNS, "nginx"};
const struct process process_app = {2210, 1001, 5127, HOST_NETNS, "gunicorn"};
const struct process process_container = {3977, 1000, 7830, CONTAINER_NETNS, "java"};
const struct process process_sshd = {961, 0, 3790, HOST_NETNS, "sshd"};
const struct process process_exporter = {1022, 998, 4102, HOST_NETNS, "node_exporter"};
const struct process process_agent = {1377, 997, 4620, HOST_NETNS, "consul"};
const struct process process_backup = {48113, 34, 91277, HOST_NETNS, "restic"};

struct process plan_worker(struct mix_random *r, const struct process *parent, uint32_t count,
                           uint32_t uid)
{
    struct process worker = *parent;

    worker.pid += 1 + random_below(r, count);
    worker.uid = uid;
    return worker;
}

enum tlz_end plan_choose_end(struct mix_random *r, const uint16_t chances[TLZ_END_STILL_OPEN])
{
    uint32_t at = random_below(r, 1000);

    for (int end = 0; end < TLZ_END_STILL_OPEN; end++) {
        if (at < chances[end])
            return (enum tlz_end)end;
        at -= chances[end];
    }
    return TLZ_END_CLOSED_HERE;
}

uint64_t plan_attempt_ns(struct mix_random *r, enum tlz_end end, const struct peer *peer)
{
    static const uint16_t limits_ms[] = {1000, 2000, 3000, 3000, 5000, 5000, 10000};
    uint64_t limit_ns;

    switch (end) {
    case TLZ_END_REFUSED:
        return US(peer->rtt_us) + random_exponential(r, US(peer->rtt_us / 5 + 1));
    case TLZ_END_UNREACHABLE:
        return MS(3040) + random_exponential(r, MS(25)); /* three ARP requests, a second each */
    case TLZ_END_TIMED_OUT:
        return MS(67600) + random_exponential(r, MS(150));
    default: /* given up after a time that the program has set */
        limit_ns = MS(limits_ms[random_below(r, 7)]);
        return limit_ns + random_exponential(r, US(600));
    }
}

bool plan_is_attempt(const struct tcp_plan *p)
{
    return p->end == TLZ_END_REFUSED || p->end == TLZ_END_UNREACHABLE ||
           p->end == TLZ_END_GAVE_UP || (p->end == TLZ_END_TIMED_OUT && !p->listener);
}

uint64_t plan_messages(struct mix_random *r, uint32_t n, uint64_t median, uint32_t sigma_milli,
                       uint32_t long_permille)
{
    uint32_t drawn = n < 6 ? n : 6;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < drawn; i++)
        sum += random_permille(r, long_permille)
                   ? random_pareto(r, 20 * median, UINT64_C(2) << 30, 1150)
                   : random_lognormal(r, median, sigma_milli);
    return drawn ? sum * n / drawn : 0;
}

uint64_t plan_exchanges_ns(struct mix_random *r, const struct tcp_plan *p, uint64_t service_ns,
                           uint64_t bytes_per_ms)
{
    uint64_t rtt_ns = US(p->peer->rtt_us);

    return p->exchanges * (rtt_ns + random_lognormal(r, service_ns, 900)) +
           tcp_transfer_ns(p->tx_bytes + p->rx_bytes, bytes_per_ms);
}

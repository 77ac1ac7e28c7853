/* SPDX-License-Identifier: BSD-2-Clause */
/* The loads in which this host connects. */
#include <string.h>

#include "mix_plan.h"

/* The threads that the container's program has for connections. */
static const char container_threads[][16] = {"http-nio-8443-e", "HikariPool-1 co",
                                             "lettuce-nioEven", "OkHttp https://"};

/* --- nginx to the application, over loopback. --- */

int load_upstream(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    struct process worker = plan_worker(r, &process_nginx, NGINX_WORKERS, 33);
    struct process app_worker = plan_worker(r, &process_app, APP_WORKERS, process_app.uid);
    static const uint16_t chances[TLZ_END_STILL_OPEN] = {
        [TLZ_END_CLOSED_THERE] = 880, [TLZ_END_RESET_HERE] = 3};

    p->peer = &w->hosts.self;
    p->process = &worker;
    p->laddr = host_loopback;
    p->lport = port_towards(r, &w->hosts.self);
    p->rport = 8000;
    p->exchanges = 1;
    p->tx_bytes = random_lognormal(r, 820, 350);
    p->rx_bytes = plan_messages(r, 1, 5200, 1300, 8);
    p->fin_ack_permille = 1000;
    p->react_ns = random_lognormal(r, US(28), 700);
    p->work_ns = random_lognormal(r, MS(18), 1100);
    p->end = plan_choose_end(r, chances);
    tcp_run(r, p, &ret[0]);
    tcp_mirror(r, &ret[0], &app_worker, &process_app, &ret[1]);
    return 2;
}

/* --- The applications' databases. --- */

/* Address and process of one of the two applications. */
static struct process choose_application(struct mix_random *r, struct tcp_plan *p, int thread)
{
    struct process process;

    if (random_permille(r, 650)) {
        p->laddr = host_private;
        return plan_worker(r, &process_app, APP_WORKERS, process_app.uid);
    }
    process = process_container;
    memcpy(process.comm, container_threads[thread], sizeof process.comm);
    p->laddr = host_container;
    p->v6_socket = true; /* as programs in Java have it */
    return process;
}

int load_database(struct world *w, struct tcp_plan *p, struct event *ret)
{
    static const uint16_t ports[5] = {5432, 5432, 6379, 6379, 11211};
    static const uint16_t chances[TLZ_END_STILL_OPEN] = {[TLZ_END_CLOSED_THERE] = 12,
                                                         [TLZ_END_RESET_THERE] = 3,
                                                         [TLZ_END_REFUSED] = 2,
                                                         [TLZ_END_RESET_HERE] = 4,
                                                         [TLZ_END_GAVE_UP] = 1};
    struct mix_random *r = &w->random;
    uint32_t which = random_below(r, 5);
    bool sql = ports[which] == 5432, pooled = random_permille(r, 60);
    struct process process = choose_application(r, p, sql ? 1 : 2);
    uint32_t queries = 1 + (uint32_t)random_lognormal(r, pooled ? 600 : 3, 900);

    p->peer = &w->hosts.database[which];
    p->process = &process;
    p->lport = port_towards(r, &w->hosts.database[which]);
    p->rport = ports[which];
    p->exchanges = queries + (sql ? 4 : 0); /* start-up and SCRAM */
    p->tx_bytes = (sql ? 410 : 40) + plan_messages(r, queries, sql ? 190 : 55, 500, 1);
    p->rx_bytes = (sql ? 840 : 5) + plan_messages(r, queries, sql ? 620 : 90, 1400, 3);
    p->loss_permille = 2;
    p->fin_ack_permille = 930;
    p->react_ns = random_lognormal(r, sql ? US(1300) : US(60), 600);
    p->work_ns = plan_exchanges_ns(r, p, sql ? US(700) : US(60), 90000);
    if (pooled)
        p->work_ns += MS(1000) * random_between(r, 30, 1800);
    p->end = plan_choose_end(r, chances);
    if (plan_is_attempt(p))
        p->work_ns = plan_attempt_ns(r, p->end, p->peer);
    tcp_run(r, p, ret);
    return 1;
}

/* --- Outbound HTTPS. --- */

static void plan_https_client(struct mix_random *r, struct tcp_plan *p)
{
    static const uint16_t chances[TLZ_END_STILL_OPEN] = {
        [TLZ_END_CLOSED_THERE] = 270, [TLZ_END_RESET_THERE] = 18, [TLZ_END_REFUSED] = 6,
        [TLZ_END_GAVE_UP] = 9,        [TLZ_END_TIMED_OUT] = 3,    [TLZ_END_UNREACHABLE] = 2,
        [TLZ_END_RESET_HERE] = 25};
    uint32_t requests = 1 + (uint32_t)random_lognormal(r, 1, 900);

    p->rport = 443;
    p->exchanges = requests + 1;
    p->tx_bytes = 517 + 80 + random_below(r, 120);
    p->tx_bytes += plan_messages(r, requests, 900, 700, 3);
    p->rx_bytes = 2900 + 40 * random_below(r, 60);
    p->rx_bytes += plan_messages(r, requests, 2300, 1400, 6);
    p->loss_permille = 12;
    p->fin_ack_permille = 450;
    p->react_ns = random_lognormal(r, US(160), 1000);
    p->work_ns = plan_exchanges_ns(r, p, MS(35), 1 + random_lognormal(r, 6000, 900));
    p->end = plan_choose_end(r, chances);
    if (p->end == TLZ_END_CLOSED_THERE) { /* the server's limit for idle connections */
        p->work_ns += MS(5000) * random_between(r, 1, 12);
        p->work_ns += random_exponential(r, MS(2));
    } else if (p->end == TLZ_END_CLOSED_HERE) {
        p->fins_cross = random_permille(r, 300);
    }
    if (p->end == TLZ_END_CLOSED_HERE && random_permille(r, 250))
        p->work_ns += random_lognormal(r, MS(4000), 1300);
    if (plan_is_attempt(p))
        p->work_ns = plan_attempt_ns(r, p->end, p->peer);
}

int load_api(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    struct peer *peer = &w->hosts.api[random_zipf(r, &w->hosts.apis)];
    struct process process = choose_application(r, p, 3);

    p->peer = peer;
    p->process = &process;
    if (peer->address[0]) {
        p->v6_socket = true;
        p->laddr = host_public_v6;
        process.netns = HOST_NETNS;
    } else if (process.netns == HOST_NETNS) {
        p->laddr = host_public_v4;
    }
    p->lport = port_towards(r, peer);
    plan_https_client(r, p);
    tcp_run(r, p, ret);
    return 1;
}

/* --- The agent's checks of the neighbours, some of which are down for good. --- */

int load_outbound_check(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    uint32_t check = w->check++ % CHECKS;
    struct peer *peer = &w->hosts.monitor[check % 12];

    p->peer = peer;
    p->process = &process_agent;
    p->laddr = host_private;
    p->lport = port_towards(r, peer);
    p->rport = (uint16_t)(8080 + check % 7);
    p->exchanges = 1;
    p->tx_bytes = 101 + check % 11;
    p->rx_bytes = 143 + check % 40;
    p->fin_ack_permille = 950;
    p->react_ns = random_lognormal(r, US(60), 500);
    p->end = check % 5 == 0 ? TLZ_END_REFUSED : TLZ_END_CLOSED_HERE;
    p->work_ns = plan_exchanges_ns(r, p, US(300), 90000);
    if (plan_is_attempt(p))
        p->work_ns = plan_attempt_ns(r, p->end, p->peer);
    tcp_run(r, p, ret);
    return 1;
}

/* --- Commands: each is a process of its own. --- */

int load_command(struct world *w, struct tcp_plan *p, struct event *ret)
{
    static const char names[][16] = {"curl",  "curl",    "curl", "curl", "git-remote-http",
                                     "https", "python3", "wget"};
    static const uint64_t cgroups[] = {4980, 4980, 91017, 91022};
    struct mix_random *r = &w->random;
    struct peer *peer = &w->hosts.api[random_zipf(r, &w->hosts.apis)];
    struct process process = {.netns = HOST_NETNS};

    memcpy(process.comm, names[random_below(r, 8)], sizeof process.comm);
    process.pid = w->last_pid += 1 + random_below(r, 6);
    process.uid = random_permille(r, 600) ? 0 : 1003;
    process.cgroup = cgroups[random_below(r, 4)];
    p->peer = peer;
    p->process = &process;
    p->v6_socket = peer->address[0];
    p->laddr = p->v6_socket ? host_public_v6 : host_public_v4;
    p->lport = port_towards(r, peer);
    plan_https_client(r, p);
    tcp_run(r, p, ret);
    return 1;
}

/* --- Backups: long, with BBR. --- */

int load_backup(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    struct peer *peer = &w->hosts.backup[random_below(r, 4)];

    p->peer = peer;
    p->process = &process_backup;
    p->laddr = host_private;
    p->bbr = true;
    p->lport = port_towards(r, peer);
    p->rport = 8443;
    p->exchanges = 4 + random_below(r, 40);
    p->tx_bytes = 900 + random_pareto(r, 400000, UINT64_C(40) << 30, 1050);
    p->rx_bytes = 3600 + 310 * p->exchanges;
    p->loss_permille = 140;
    p->fin_ack_permille = 900;
    p->react_ns = random_lognormal(r, US(90), 500);
    p->work_ns = plan_exchanges_ns(r, p, MS(4), 60000);
    p->end = random_permille(r, 15) ? TLZ_END_RESET_THERE : TLZ_END_CLOSED_HERE;
    tcp_run(r, p, ret);
    return 1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The loads in which the other side connects. */
#include "mix_plan.h"

/* --- Inbound: HTTPS and HTTP to nginx. --- */

static void plan_tls_server(struct mix_random *r, struct tcp_plan *p)
{
    bool resumed = random_permille(r, 400);

    p->rx_bytes += resumed ? 640 + random_below(r, 200) : 517 + 64 + random_below(r, 30);
    p->tx_bytes += resumed ? 250 + random_below(r, 8) : 3100 + 24 * random_below(r, 5);
    p->exchanges++;
}

/* What a client does after the last reply: returns how long until the first FIN. */
static uint64_t plan_keep_alive(struct mix_random *r, struct tcp_plan *p)
{
    static const uint16_t browser[TLZ_END_STILL_OPEN] = {[TLZ_END_CLOSED_THERE] = 440,
                                                         [TLZ_END_RESET_THERE] = 45,
                                                         [TLZ_END_TIMED_OUT] = 6,
                                                         [TLZ_END_RESET_HERE] = 4};
    static const uint16_t program[TLZ_END_STILL_OPEN] = {
        [TLZ_END_CLOSED_THERE] = 880, [TLZ_END_RESET_THERE] = 35, [TLZ_END_RESET_HERE] = 5};

    if (random_permille(r, 450)) { /* a program: closes when it has its reply */
        p->end = plan_choose_end(r, program);
        return random_lognormal(r, US(350), 1200);
    }
    p->end = plan_choose_end(r, browser);
    if (p->end == TLZ_END_CLOSED_HERE) /* keepalive_timeout 65s, and how late the timer is */
        return MS(65000) + random_exponential(r, US(700));
    return random_lognormal(r, MS(9000), 1500);
}

/* Clients come for a visit, in which they connect 1.6 times. */
static struct peer *choose_client(struct world *w)
{
    struct peer **visitor = &w->visitor[random_below(&w->random, VISITORS)];

    if (!*visitor || !random_permille(&w->random, 380))
        *visitor = &w->hosts.client[random_zipf(&w->random, &w->hosts.clients)];
    return *visitor;
}

int load_web(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    struct process worker = plan_worker(r, &process_nginx, NGINX_WORKERS, 33);
    struct peer *peer = choose_client(w);
    bool tls = random_permille(r, 880), v6 = peer->address[0];
    uint32_t requests = 1 + (uint32_t)random_lognormal(r, 2, 1100);

    p->peer = peer;
    p->process = &worker;
    p->listener = &process_nginx;
    p->laddr = v6 ? host_public_v6 : host_public_v4;
    p->v6_socket = v6;
    p->lport = tls ? 443 : 80;
    p->rport = port_of_peer(r, peer);
    p->loss_permille = 25;
    p->fin_ack_permille = 550;
    if (tls) {
        plan_tls_server(r, p);
    } else {
        requests = 1;
    }
    p->rx_bytes += plan_messages(r, requests, tls ? 380 : 260, 600, 2);
    p->tx_bytes += plan_messages(r, requests, tls ? 7000 : 420, 1500, 12);
    p->exchanges += requests;
    p->react_ns = random_lognormal(r, US(70), 900);
    p->work_ns = plan_exchanges_ns(r, p, MS(9), 1 + random_lognormal(r, 2200, 900));
    for (uint32_t page = 1; page < requests / 5 && page < 8; page++)
        p->work_ns += random_lognormal(r, MS(5500), 1100);
    p->work_ns += plan_keep_alive(r, p);
    if (tls && p->end == TLZ_END_CLOSED_THERE && random_permille(r, 300)) {
        p->end = TLZ_END_CLOSED_HERE;
        p->fins_cross = true;
    }
    tcp_run(r, p, ret);
    return 1;
}

/* --- Health checks and scrapes, from the monitors. --- */

int load_inbound_check(struct world *w, struct tcp_plan *p, struct event *ret)
{
    struct mix_random *r = &w->random;
    uint32_t check = w->check++ % CHECKS;
    struct peer *peer = &w->hosts.monitor[check % 12];
    bool scrape = check % 3 == 0;
    struct process worker =
        scrape ? process_exporter : plan_worker(r, &process_nginx, NGINX_WORKERS, 33);

    p->peer = peer;
    p->process = &worker;
    p->listener = scrape ? &process_exporter : &process_nginx;
    p->laddr = host_private;
    p->lport = scrape ? 9100 : 80;
    p->rport = port_of_peer(r, peer);
    p->v6_socket = scrape; /* as programs in Go have it */
    p->exchanges = 1;
    p->rx_bytes = scrape ? 231 : 88 + check % 5;
    p->tx_bytes = scrape ? 14200 + random_below(r, 900) : 165;
    p->fin_ack_permille = 950;
    p->react_ns = random_lognormal(r, US(60), 500);
    p->work_ns = plan_exchanges_ns(r, p, scrape ? MS(11) : US(240), 90000);
    p->end = scrape ? TLZ_END_CLOSED_THERE : TLZ_END_CLOSED_HERE;
    tcp_run(r, p, ret);
    return 1;
}

/* --- ssh: people, and files by scp and rsync. --- */

int load_ssh(struct world *w, struct tcp_plan *p, struct event *ret)
{
    static const uint16_t chances[TLZ_END_STILL_OPEN] = {
        [TLZ_END_CLOSED_THERE] = 890, [TLZ_END_RESET_THERE] = 20, [TLZ_END_TIMED_OUT] = 10};
    struct mix_random *r = &w->random;
    struct process child = process_sshd;
    struct peer *peer = &w->hosts.admin[random_below(r, 40)];
    bool upload = random_permille(r, 700);
    uint64_t bytes = random_permille(r, 40)
                         ? random_pareto(r, 50 * 1000 * 1000, UINT64_C(20) << 30, 1100)
                         : random_lognormal(r, 160000, 1900);

    child.pid = w->last_pid += 1 + random_below(r, 6);
    child.cgroup = 91300 + 17 * random_below(r, 60); /* a session scope each */
    p->peer = peer;
    p->process = &child;
    p->listener = &process_sshd;
    p->laddr = host_public_v4;
    p->lport = 22;
    p->rport = port_of_peer(r, peer);
    p->exchanges = 12 + random_below(r, 30);
    p->rx_bytes = 3400 + (upload ? bytes : bytes / 40);
    p->tx_bytes = 3100 + (upload ? bytes / 40 : bytes);
    p->loss_permille = 180;
    p->fin_ack_permille = 500;
    p->react_ns = random_lognormal(r, MS(3), 800);
    p->work_ns = plan_exchanges_ns(r, p, MS(6), 1 + random_lognormal(r, 9000, 800));
    p->end = plan_choose_end(r, chances);
    tcp_run(r, p, ret);
    return 1;
}

/* --- Scanners: connect, and go without a word or with a bad one. --- */

int load_scanner(struct world *w, struct tcp_plan *p, struct event *ret)
{
    static const uint16_t ports[] = {22, 22, 22, 80, 80, 443, 443, 9100};
    static const uint16_t chances[TLZ_END_STILL_OPEN] = {
        [TLZ_END_RESET_THERE] = 440, [TLZ_END_UNACCEPTED] = 60, [TLZ_END_CLOSED_THERE] = 380};
    struct mix_random *r = &w->random;
    uint16_t port = ports[random_below(r, sizeof ports / sizeof *ports)];
    struct process worker = port == 22     ? process_sshd
                            : port == 9100 ? process_exporter
                                           : plan_worker(r, &process_nginx, NGINX_WORKERS, 33);

    if (port == 22)
        worker.pid = w->last_pid += 1 + random_below(r, 6);
    p->peer = &w->hosts.scanner[random_zipf(r, &w->hosts.scanners)];
    p->process = &worker;
    p->listener = port == 22 ? &process_sshd : port == 9100 ? &process_exporter : &process_nginx;
    p->laddr = host_public_v4;
    p->lport = port;
    p->rport = (uint16_t)random_between(r, 1024, 65535);
    p->fin_ack_permille = 500;
    p->react_ns = random_lognormal(r, US(90), 900);
    p->end = plan_choose_end(r, chances);
    if (p->end == TLZ_END_CLOSED_HERE ||
        (p->end != TLZ_END_UNACCEPTED && random_permille(r, 300))) {
        p->exchanges = 1;
        p->rx_bytes = 18 + random_below(r, 400);
        p->tx_bytes = port == 22 ? 41 : 157;
    }
    p->work_ns = random_lognormal(r, US(p->peer->rtt_us), 900);
    tcp_run(r, p, ret);
    return 1;
}

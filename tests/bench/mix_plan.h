/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loads of the reference mix have in common. */
#ifndef BENCH_MIX_PLAN_H
#define BENCH_MIX_PLAN_H

#include "mix_loads.h"

#define HOST_NETNS      4026531840u
#define CONTAINER_NETNS 4026532613u

#define MS(n) ((n)*NS_PER_MS)
#define US(n) ((n)*NS_PER_US)

#define NGINX_WORKERS 8
#define APP_WORKERS   24

/* The host's services; those of nginx and of the application are the parents, which listen. */
extern const struct process process_nginx, process_app, process_container, process_sshd,
    process_exporter, process_agent, process_backup;

/* A child of that process. */
struct process plan_worker(struct mix_random *r, const struct process *parent, uint32_t count,
                           uint32_t uid);

/* An end by its chances in a thousand; CLOSED_HERE has the rest. */
enum tlz_end plan_choose_end(struct mix_random *r, const uint16_t chances[TLZ_END_STILL_OPEN]);

/* The connection does not come about. */
bool plan_is_attempt(const struct tcp_plan *p);

/* How long such an attempt lasts. */
uint64_t plan_attempt_ns(struct mix_random *r, enum tlz_end end, const struct peer *peer);

/* Payload of n messages, of which a few are very long. */
uint64_t plan_messages(struct mix_random *r, uint32_t n, uint64_t median, uint32_t sigma_milli,
                       uint32_t long_permille);

/* Time for the exchanges, each of which costs the server so much time, and for the transfer. */
uint64_t plan_exchanges_ns(struct mix_random *r, const struct tcp_plan *p, uint64_t service_ns,
                           uint64_t bytes_per_ms);

/* The loads: each makes one event, or two, and returns how many. `p` has its time. */
int load_web(struct world *w, struct tcp_plan *p, struct event *ret);
int load_inbound_check(struct world *w, struct tcp_plan *p, struct event *ret);
int load_ssh(struct world *w, struct tcp_plan *p, struct event *ret);
int load_scanner(struct world *w, struct tcp_plan *p, struct event *ret);
int load_upstream(struct world *w, struct tcp_plan *p, struct event *ret);
int load_database(struct world *w, struct tcp_plan *p, struct event *ret);
int load_api(struct world *w, struct tcp_plan *p, struct event *ret);
int load_outbound_check(struct world *w, struct tcp_plan *p, struct event *ret);
int load_command(struct world *w, struct tcp_plan *p, struct event *ret);
int load_backup(struct world *w, struct tcp_plan *p, struct event *ret);

#endif

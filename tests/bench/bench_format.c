/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Size and speed of the capture file on the reference mix, beside other ways, in one run.
 *
 *   bench_format [--sessions N] [--rounds N] [--seed N] [--brief]
 *
 * The ways take turns every 16384 sessions in writing, and file by file in reading; what is told is
 * the median of the rounds, in CPU time of this process on one core. Sizes do not vary.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench_read.h"
#include "bench_states.h"
#include "column_sizes.h"

#define WAYS_MAX   10
#define ROUNDS_MAX 99
#define STATES_MAX 1000000 /* sessions of which the changes of state are written */

struct options {
    uint64_t sessions;
    uint64_t rounds;
    uint64_t seed;
    bool brief;
};

static const struct way ways[] = {
    {"tlz, every field", FORM_SESSION, PACK_TLZ, 0, 0},
    {"tlz, every field, --level 3", FORM_SESSION, PACK_TLZ, 3, 0},
    {"tlz, every field, a block a second", FORM_SESSION, PACK_TLZ, 0, BLOCK_A_SECOND},
    {"tlz, what tcplife shows", FORM_SHOWN, PACK_TLZ, 0, 0},
    {"tlz, what tcplife shows, a block a second", FORM_SHOWN, PACK_TLZ, 0, BLOCK_A_SECOND},
    {"structs of 88 bytes (shown), zstd -3", FORM_RECORDS, PACK_ZSTD, 3, 0},
    {"raw kernel events, zstd -3", FORM_EVENTS, PACK_ZSTD, 3, 0},
    {"CSV (tcplife -s -T), gzip -6", FORM_CSV, PACK_GZIP, 6, 0},
    {"CSV (tcplife -s -T)", FORM_CSV, PACK_NONE, 0, 0},
};
#define WAYS (sizeof ways / sizeof *ways)
enum { WAY_ALL = 0, WAY_SHOWN = 3, WAY_RECORDS = 5 };

/* Writes the mix in all those ways, chunk by chunk. */
static void write_mix(const struct options *o, uint64_t sessions, struct written *files,
                      const struct way *ways_taken, size_t count)
{
    static struct chunk chunk;
    struct mix *mix;

    must(mix_open(&mix, o->seed), "mix");
    for (size_t i = 0; i < count; i++)
        written_open(&files[i], &ways_taken[i]);
    for (uint64_t row = 0; row < sessions; row += chunk.rows) {
        uint64_t left = sessions - row;

        chunk_fill(&chunk, mix, left < CHUNK_ROWS ? (uint32_t)left : CHUNK_ROWS);
        for (size_t i = 0; i < count; i++)
            written_add(&files[i], &chunk);
    }
    for (size_t i = 0; i < count; i++)
        written_finish(&files[i]);
    mix_free(mix);
}

/* Writes `rounds` times; leaves the files of the last round open, and the medians in ret_ns. */
static void write_rounds(const struct options *o, uint64_t sessions, struct written *files,
                         const struct way *ways_taken, size_t count, double *ret_ns)
{
    static double ns[WAYS_MAX][ROUNDS_MAX];

    for (uint64_t round = 0; round < o->rounds; round++) {
        for (size_t i = 0; i < count && round; i++)
            written_close(&files[i]);
        write_mix(o, sessions, files, ways_taken, count);
        for (size_t i = 0; i < count; i++)
            ns[i][round] = (double)files[i].ns / (double)sessions;
    }
    for (size_t i = 0; i < count; i++)
        ret_ns[i] = median(ns[i], o->rounds);
}

static void print_writing(const struct options *o, struct written *files)
{
    double ns[WAYS_MAX];

    write_rounds(o, o->sessions, files, ways, WAYS, ns);
    printf("%-44s %10s %10s %9s\n", "writing", "B/session", "ns", "M/s");
    for (size_t i = 0; i < WAYS; i++)
        printf("%-44s %10.2f %10.1f %9.2f\n", ways[i].name,
               (double)files[i].file.size / (double)o->sessions, ns[i], 1e3 / ns[i]);
}

/* --- Reading. --- */

struct reading {
    const char *name;
    void (*read)(struct bench_buffer *file, struct found *ret);
    int way; /* of the file that it reads */
};

static const struct reading readings[] = {
    {"tlz: decode every field", read_all, WAY_ALL},
    {"tlz: filter, top 20 of 4 fields", read_top, WAY_ALL},
    {"tlz, shown: filter, top 20", read_top, WAY_SHOWN},
    {"tlz: group by flow", read_flows, WAY_ALL},
    {"tlz: group by comm, raddr, service", read_flows_of_service, WAY_ALL},
    {"tlz: quantiles by comm, raddr/24", read_flows_of_networks, WAY_ALL},
    {"structs, zstd: filter, top 20", read_top_records, WAY_RECORDS},
};
#define READINGS (sizeof readings / sizeof *readings)

static void print_reading(const struct options *o, struct written *files)
{
    static double ns[READINGS][ROUNDS_MAX];
    struct found found[READINGS];

    for (uint64_t round = 0; round < o->rounds; round++) {
        for (size_t i = 0; i < READINGS; i++) {
            uint64_t start_ns = cpu_ns();

            readings[i].read(&files[readings[i].way].file, &found[i]);
            ns[i][round] = (double)(cpu_ns() - start_ns) / (double)o->sessions;
        }
    }
    printf("\n%-44s %10s %10s %9s\n", "reading", "found", "ns", "M/s");
    for (size_t i = 0; i < READINGS; i++) {
        double middle = median(ns[i], o->rounds);

        if (found[i].rows != o->sessions ||
            (found[i].matches && (found[i].matches != found[1].matches ||
                                  found[i].least_of_top_us != found[1].least_of_top_us)))
            errx(1, "%s: not what the others found", readings[i].name);
        printf("%-44s %10llu %10.1f %9.2f\n", readings[i].name,
               (unsigned long long)(found[i].matches + found[i].flows), middle, 1e3 / middle);
    }
}

static void print_states(const struct options *o)
{
    static const char *const names[] = {"tlz, changes of state",
                                        "tlz, changes of state, a block a second"};
    const uint32_t sessions = (uint32_t)(o->sessions < STATES_MAX ? o->sessions : STATES_MAX);

    printf("\n%-44s %10s %10s %9s\n", "writing changes of state", "B/change", "ns", "M/s");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct bench_buffer file = {0};
        struct states_written written;
        double ns;

        states_write(o->seed, sessions, i == 1, &file, &written);
        ns = (double)written.ns / (double)written.events;
        printf("%-44s %10.2f %10.1f %9.2f\n", names[i], (double)file.size / (double)written.events,
               ns, 1e3 / ns);
        buffer_free(&file);
    }
}

/* --- Sizes by column. --- */

static void print_size(const char *name, uint64_t all, uint64_t shown, uint64_t sessions)
{
    if (all || shown)
        printf("  %-42s %10.3f %10.3f\n", name, (double)all / (double)sessions,
               (double)shown / (double)sessions);
}

static void print_columns(const struct options *o, struct written *files)
{
    static const char *const tables[TLZ_TABLE_COUNT] = {[TLZ_TABLE_CONTEXT] = "(index of contexts)",
                                                        [TLZ_TABLE_OUTCOME] = "(index of outcomes)",
                                                        [TLZ_TABLE_REMOTE] =
                                                            "(index of remote addresses)"};
    struct tlz_input all_input = buffer_input(&files[WAY_ALL].file);
    struct tlz_input shown_input = buffer_input(&files[WAY_SHOWN].file);
    struct column_sizes all, shown;

    must(column_sizes_read(&all_input, &all), "columns");
    must(column_sizes_read(&shown_input, &shown), "columns");
    printf("\n%-44s %10s %10s\n", "bytes a session, by column", "every", "shown");
    TLZ_FOREACH_SESSION_FIELD(f)
        print_size(tlz_fields[f].name, all.field[f], shown.field[f], o->sessions);
    for (enum tlz_table t = TLZ_TABLE_ROWS + 1; t < TLZ_TABLE_COUNT; t++)
        print_size(tables[t], all.index[t], shown.index[t], o->sessions);
    print_size("(bitmaps)", all.bitmaps, shown.bitmaps, o->sessions);
    print_size("(blocks compressed as a whole)", all.joint, shown.joint, o->sessions);
    print_size("(headers of columns)", all.directory, shown.directory, o->sessions);
    print_size("(headers of blocks, and other blocks)", all.headers + all.other,
               shown.headers + shown.other, o->sessions);
}

/* --- Rows a block, and zstd's level. --- */

static void print_sweep(const struct options *o, const char *title, const struct way *taken,
                        size_t count, uint64_t sessions)
{
    struct written files[WAYS_MAX];
    double write_ns[WAYS_MAX];

    write_rounds(o, sessions, files, taken, count, write_ns);
    printf("\n%-44s %10s %10s %10s %9s\n", title, "B/session", "write M/s", "all M/s", "top M/s");
    for (size_t i = 0; i < count; i++) {
        struct found found;
        uint64_t start_ns = cpu_ns(), all_ns, top_ns;

        read_all(&files[i].file, &found);
        all_ns = cpu_ns() - start_ns;
        start_ns = cpu_ns();
        read_top(&files[i].file, &found);
        top_ns = cpu_ns() - start_ns;
        printf("  %-42s %10.2f %10.2f %10.2f %9.2f\n", taken[i].name,
               (double)files[i].file.size / (double)sessions, 1e3 / write_ns[i],
               1e3 * (double)sessions / (double)all_ns, 1e3 * (double)sessions / (double)top_ns);
        written_close(&files[i]);
    }
}

static void print_sweeps(const struct options *o)
{
    static const struct way rows[] = {
        {"32", FORM_SESSION, PACK_TLZ, 0, 32},     {"256", FORM_SESSION, PACK_TLZ, 0, 256},
        {"1024", FORM_SESSION, PACK_TLZ, 0, 1024}, {"4096", FORM_SESSION, PACK_TLZ, 0, 4096},
        {"16384", FORM_SESSION, PACK_TLZ, 0, 0},
    };
    static const struct way levels[] = {
        {"1", FORM_SESSION, PACK_TLZ, 1, 0},   {"3", FORM_SESSION, PACK_TLZ, 3, 0},
        {"6", FORM_SESSION, PACK_TLZ, 6, 0},   {"9", FORM_SESSION, PACK_TLZ, 9, 0},
        {"19", FORM_SESSION, PACK_TLZ, 19, 0},
    };

    print_sweep(o, "rows a block", rows, sizeof rows / sizeof *rows, o->sessions / 5);
    print_sweep(o, "zstd's level", levels, sizeof levels / sizeof *levels, o->sessions / 5);
}

static struct options parse(int argc, char **argv)
{
    static const struct option names[] = {{"sessions", required_argument, NULL, 'n'},
                                          {"rounds", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"brief", no_argument, NULL, 'b'},
                                          {0}};
    struct options o = {.sessions = 1000000, .rounds = 5, .seed = 1};
    int option;

    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == 'n')
            o.sessions = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            o.rounds = strtoull(optarg, NULL, 10);
        else if (option == 's')
            o.seed = strtoull(optarg, NULL, 10);
        else if (option == 'b')
            o.brief = true;
        else
            exit(2);
    }
    if (!o.sessions || !o.rounds || o.rounds > ROUNDS_MAX)
        errx(2, "--sessions: 1 or more; --rounds: 1 to %d", ROUNDS_MAX);
    return o;
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    struct written files[WAYS_MAX];

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%llu sessions of the reference mix, seed %llu; medians of %llu rounds\n\n",
           (unsigned long long)o.sessions, (unsigned long long)o.seed,
           (unsigned long long)o.rounds);
    print_writing(&o, files);
    print_reading(&o, files);
    print_states(&o);
    print_columns(&o, files);
    for (size_t i = 0; i < WAYS; i++)
        written_close(&files[i]);
    if (!o.brief)
        print_sweeps(&o);
    return 0;
}

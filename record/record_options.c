/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/record_options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format/block.h"
#include "record/filter_named.h"
#include "util/cleanup.h"
#include "util/message.h"

#define DEFAULT_FLUSH_US   UINT64_C(1000000)
#define SNAPSHOT_FLUSH_US  UINT64_C(10000000)
#define DEFAULT_RING_BYTES (UINT64_C(4) << 20)
#define RING_BYTES_MAX     (UINT64_C(1) << 30)
#define FLUSH_US_MIN       UINT64_C(1000)
#define DURATION_US_MAX    (UINT64_C(100) * 365 * 86400 * 1000000)
#define LEVEL_MAX          19
#define PID_MAX            UINT64_C(4194304) /* PID_MAX_LIMIT, include/linux/threads.h (Linux 6.18) */

enum long_option {
    OPTION_CGROUP = 256,
    OPTION_NETNS,
    OPTION_OWNER_IO,
    OPTION_STATES,
    OPTION_ROTATE_TIME,
    OPTION_ROTATE_SIZE,
    OPTION_ALIGN,
    OPTION_KEEP,
    OPTION_KEEP_SIZE,
    OPTION_MIN_FREE,
    OPTION_ON_ROTATE,
    OPTION_SNAPSHOT,
    OPTION_SNAPSHOT_AT_EXIT,
    OPTION_FLUSH,
    OPTION_LEVEL,
    OPTION_RING,
    OPTION_HOOKS,
    OPTION_TRANSPORT,
    OPTION_STORAGE,
    OPTION_BTF,
    OPTION_NOTE,
    OPTION_METRICS,
    OPTION_USER,
    OPTION_PROBE,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"force", no_argument, NULL, 'f'},
    {"pid", required_argument, NULL, 'p'},
    {"localport", required_argument, NULL, 'L'},
    {"remoteport", required_argument, NULL, 'D'},
    {"ipv4", no_argument, NULL, '4'},
    {"ipv6", no_argument, NULL, '6'},
    {"uid", required_argument, NULL, 'u'},
    {"cgroup", required_argument, NULL, OPTION_CGROUP},
    {"netns", required_argument, NULL, OPTION_NETNS},
    {"owner-io", no_argument, NULL, OPTION_OWNER_IO},
    {"states", no_argument, NULL, OPTION_STATES},
    {"duration", required_argument, NULL, 'd'},
    {"count", required_argument, NULL, 'n'},
    {"rotate-time", required_argument, NULL, OPTION_ROTATE_TIME},
    {"rotate-size", required_argument, NULL, OPTION_ROTATE_SIZE},
    {"align", no_argument, NULL, OPTION_ALIGN},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"keep-size", required_argument, NULL, OPTION_KEEP_SIZE},
    {"min-free", required_argument, NULL, OPTION_MIN_FREE},
    {"on-rotate", required_argument, NULL, OPTION_ON_ROTATE},
    {"snapshot", required_argument, NULL, OPTION_SNAPSHOT},
    {"snapshot-at-exit", no_argument, NULL, OPTION_SNAPSHOT_AT_EXIT},
    {"flush", required_argument, NULL, OPTION_FLUSH},
    {"level", required_argument, NULL, OPTION_LEVEL},
    {"ring", required_argument, NULL, OPTION_RING},
    {"hooks", required_argument, NULL, OPTION_HOOKS},
    {"transport", required_argument, NULL, OPTION_TRANSPORT},
    {"storage", required_argument, NULL, OPTION_STORAGE},
    {"btf", required_argument, NULL, OPTION_BTF},
    {"note", required_argument, NULL, OPTION_NOTE},
    {"metrics", required_argument, NULL, OPTION_METRICS},
    {"user", required_argument, NULL, OPTION_USER},
    {"probe", no_argument, NULL, OPTION_PROBE},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPTION_VERSION},
    {0},
};

/* -1, or the status after a message. */
static int take_list(const char *name, const char *text, uint64_t min, uint64_t max,
                     struct number_list *ret)
{
    struct number_list list;
    int r = parse_number_list(text, min, max, &list);

    if (r == -ENOMEM) {
        message_error("%s: %s", name, strerror(ENOMEM));
        return EXIT_FAILED;
    }
    if (r < 0)
        return message_usage("%s wants numbers from %" PRIu64 " to %" PRIu64
                             " with commas between, not '%s'",
                             name, min, max, text);
    number_list_free(ret);
    *ret = list;
    return -1;
}

static int take_number(const char *name, const char *text, uint64_t min, uint64_t max,
                       uint64_t *ret)
{
    uint64_t number;

    if (parse_number(text, max, &number) < 0 || number < min)
        return message_usage("%s wants a number from %" PRIu64 " to %" PRIu64 ", not '%s'", name,
                             min, max, text);
    *ret = number;
    return -1;
}

static int take_duration(const char *name, const char *text, uint64_t min_us, uint64_t *ret_us)
{
    uint64_t us;

    if (parse_duration(text, &us) < 0 || us < min_us || us > DURATION_US_MAX)
        return message_usage("%s wants a time such as 500ms, 10s or 1h, not '%s'", name, text);
    *ret_us = us;
    return -1;
}

/* The kernel takes powers of two from a page on. */
static int take_ring(const char *text, uint64_t *ret_bytes)
{
    uint64_t bytes;
    uint64_t rounded = (uint64_t)sysconf(_SC_PAGESIZE);

    if (parse_size(text, &bytes) < 0 || bytes == 0 || bytes > RING_BYTES_MAX)
        return message_usage("--ring wants a size up to 1G, such as 512K or 16M, not '%s'", text);
    while (rounded < bytes)
        rounded *= 2;
    *ret_bytes = rounded;
    return -1;
}

static int take_family(int family, int *ret)
{
    if (*ret && *ret != family)
        return message_usage("-4 and -6 exclude each other");
    *ret = family;
    return -1;
}

static int take_level(const char *text, int *ret)
{
    uint64_t level = 0;
    int status = take_number("--level", text, 1, LEVEL_MAX, &level);

    if (status < 0)
        *ret = (int)level;
    return status;
}

/* Standard output and directories cannot be replaced by a new file. */
static int take_metrics(const char *text, struct record_options *o)
{
    size_t size = strlen(text);

    if (size == 0 || !strcmp(text, "-") || text[size - 1] == '/')
        return message_usage("--metrics wants a file, such as "
                             "/var/lib/prometheus/node-exporter/tcplife.prom, not '%s'",
                             text);
    o->metrics = text;
    return -1;
}

static int take_unknown(int option, char **argv)
{
    const char *argument = argv[optind - 1];

    if (option == ':')
        return argument[0] == '-' && argument[1] == '-'
                   ? message_usage("option %s needs a value", argument)
                   : message_usage("option -%c needs a value", optopt);
    /* getopt leaves optopt 0 for a long option that it does not know; a value too many sets it to
     * its code. */
    if (optopt == 0 || optopt >= OPTION_CGROUP || (argument[0] == '-' && argument[1] == '-'))
        return message_usage("bad option %s", argument);
    return message_usage("unknown option -%c", optopt);
}

/* One option: -1 to go on, or the status. */
static int take_option(struct record_options *o, int option, char **argv)
{
    switch (option) {
    case 'o':
        o->output = optarg;
        return -1;
    case 'f':
        o->force = true;
        return -1;
    case 'p':
        return take_list("--pid", optarg, 1, PID_MAX, &o->pids);
    case 'L':
        return take_list("--localport", optarg, 1, UINT16_MAX, &o->lports);
    case 'D':
        return take_list("--remoteport", optarg, 1, UINT16_MAX, &o->rports);
    case '4':
    case '6':
        return take_family(option - '0', &o->family);
    case 'u':
        return filter_take_users(optarg, o);
    case OPTION_CGROUP:
        return filter_take_cgroup(optarg, o);
    case OPTION_NETNS:
        return filter_take_netns(optarg, o);
    case OPTION_OWNER_IO:
        o->owner_io = true;
        return -1;
    case OPTION_STATES:
        o->states = true;
        return -1;
    case 'd':
        return take_duration("--duration", optarg, 1, &o->duration_us);
    case 'n':
        return take_number("--count", optarg, 1, UINT64_MAX, &o->count);
    case OPTION_ROTATE_TIME:
        return ring_take_rotate_time(optarg, &o->ring);
    case OPTION_ROTATE_SIZE:
        return ring_take_rotate_size(optarg, &o->ring);
    case OPTION_ALIGN:
        o->ring.is_aligned = true;
        return -1;
    case OPTION_KEEP:
        return ring_take_keep(optarg, &o->ring);
    case OPTION_KEEP_SIZE:
        return ring_take_keep_size(optarg, &o->ring);
    case OPTION_MIN_FREE:
        return ring_take_min_free(optarg, &o->ring);
    case OPTION_ON_ROTATE:
        return ring_take_on_rotate(optarg, &o->ring);
    case OPTION_SNAPSHOT:
        return snapshot_take(optarg, &o->snapshot);
    case OPTION_SNAPSHOT_AT_EXIT:
        o->snapshot.at_exit = true;
        return -1;
    case OPTION_FLUSH:
        return take_duration("--flush", optarg, FLUSH_US_MIN, &o->flush_us);
    case OPTION_LEVEL:
        return take_level(optarg, &o->level);
    case OPTION_RING:
        return take_ring(optarg, &o->ring_bytes);
    case OPTION_HOOKS:
        return path_take_hooks(optarg, &o->path);
    case OPTION_TRANSPORT:
        return path_take_transport(optarg, &o->path);
    case OPTION_STORAGE:
        return path_take_storage(optarg, &o->path);
    case OPTION_BTF:
        return path_take_btf(optarg, &o->path);
    case OPTION_NOTE:
        o->note = optarg;
        return -1;
    case OPTION_METRICS:
        return take_metrics(optarg, o);
    case OPTION_PROBE:
        o->probe = true;
        return -1;
    case OPTION_USER:
        o->user = optarg;
        return -1;
    case 'q':
        o->quiet = true;
        return -1;
    case 'v':
        o->verbose = true;
        return -1;
    case 'h':
        fputs(record_help, stdout);
        return EXIT_OK;
    case OPTION_VERSION:
        printf("tcplife-record " PROGRAM_VERSION "\ncaptures: format %d.%d\n", TLZ_FORMAT_VERSION,
               TLZ_FORMAT_MINOR);
        return EXIT_OK;
    default:
        return take_unknown(option, argv);
    }
}

/* What follows the options: nothing, or "--" and a command. */
static int take_rest(struct record_options *o, int argc, char **argv, const char *last_value)
{
    bool dashes = optind > 1 && !strcmp(argv[optind - 1], "--") && argv[optind - 1] != last_value;
    int status;

    if (!o->flush_us)
        o->flush_us = o->snapshot.is_wanted ? SNAPSHOT_FLUSH_US : DEFAULT_FLUSH_US;
    if (optind < argc && !dashes)
        return message_usage("unexpected argument '%s'; a command goes behind --", argv[optind]);
    if (optind == argc && dashes)
        return message_usage("-- needs a command behind it");
    if (optind < argc)
        o->command = argv + optind;
    status = path_options_finish(&o->path);
    if (status >= 0 || o->probe)
        return status;
    if (!o->output)
        return message_usage("-o FILE is needed: where to write the capture");
    if (o->metrics && !strcmp(o->metrics, o->output))
        return message_usage("--metrics cannot be the capture itself");
    status = snapshot_options_finish(&o->snapshot, &o->ring, o->output, o->force);
    return status >= 0 ? status
                       : ring_options_finish(&o->ring, o->output, o->force, o->snapshot.is_wanted);
}

int options_parse(struct record_options *ret, int argc, char **argv)
{
    const char *last_value = NULL; /* of an option: a "--" that is one ends no options */
    int option;
    int status;

    *ret = (struct record_options){.ring_bytes = DEFAULT_RING_BYTES};
    opterr = 0;
    /* '+': the first word that is no option ends them, so that a command keeps its own. */
    while ((option = getopt_long(argc, argv, "+:o:fp:L:D:46u:d:n:qvh", long_options, NULL)) >= 0) {
        last_value = optarg;
        status = take_option(ret, option, argv);
        if (status >= 0)
            return status;
    }
    return take_rest(ret, argc, argv, last_value);
}

void options_free(struct record_options *options)
{
    number_list_free(&options->pids);
    number_list_free(&options->lports);
    number_list_free(&options->rports);
    number_list_free(&options->uids);
}

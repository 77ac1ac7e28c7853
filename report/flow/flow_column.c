/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_column.h"

#include <stdio.h>
#include <strings.h>

#define BEFORE "_before"
#define RATIO  "_ratio"

#define TOTAL(name_, heading_, help_, type_, figure_, field_)                                      \
    {                                                                                              \
        .column = {.name = name_, .heading = heading_, .help = help_, .type = type_},              \
        .figure = figure_, .field = field_,                                                        \
    }

const struct flow_column flow_totals[] = {
    TOTAL("sessions", NULL, "how many", TLZ_TYPE_COUNT, FLOW_SESSIONS, TLZ_FIELD_COUNT),
    TOTAL("failed", NULL,
          "of them, reset, refused, timed out, unreachable, given up or never accepted",
          TLZ_TYPE_COUNT, FLOW_FAILURES, TLZ_END),
    TOTAL("tx_bytes", NULL, "bytes sent, as tcplife counts", TLZ_TYPE_BYTES, FLOW_OF_SUM,
          TLZ_TX_BYTES),
    TOTAL("rx_bytes", NULL, "bytes received, as tcplife counts", TLZ_TYPE_BYTES, FLOW_OF_SUM,
          TLZ_RX_BYTES),
    TOTAL("ms_min", NULL, "the shortest lifespan", TLZ_TYPE_MS, FLOW_OF_MIN, TLZ_MS),
    TOTAL("ms_mean", NULL, "the mean lifespan", TLZ_TYPE_MS, FLOW_OF_MEAN, TLZ_MS),
    TOTAL("ms_max", NULL, "the longest lifespan", TLZ_TYPE_MS, FLOW_OF_MAX, TLZ_MS),
    TOTAL("first_us", NULL, "when the first was opened, of those of which it is known",
          TLZ_TYPE_TIME, FLOW_OF_MIN, TLZ_OPEN_US),
    TOTAL("last_us", NULL, "when the last ended", TLZ_TYPE_TIME, FLOW_OF_MAX, TLZ_CLOSE_US),
    TOTAL("failed_share", NULL, "failed as a part of sessions", COLUMN_SHARE, FLOW_FAILED_SHARE,
          TLZ_END),
    TOTAL("retrans_share", NULL, "retrans_bytes as a part of sent_bytes, of sessions with both",
          COLUMN_SHARE, FLOW_RETRANS_SHARE, TLZ_RETRANS_BYTES),
};

const size_t flow_total_count = sizeof flow_totals / sizeof *flow_totals;
const size_t flow_totals_shown = 9;

const char *const flow_compared_names[] = {
    "change",          "score",    "sessions_before", "sessions", "sessions_ratio",
    "failed_before",   "failed",   "ms_p50_before",   "ms_p50",   "ms_p50_ratio",
    "tx_bytes_before", "tx_bytes", "rx_bytes_before", "rx_bytes",
};

const size_t flow_compared_count = sizeof flow_compared_names / sizeof *flow_compared_names;

static const struct flow_column changes[] = {
    TOTAL("change", NULL,
          "what changed most: new gone more less fails-more fails-less slower faster more-bytes "
          "less-bytes same",
          COLUMN_TEXT, FLOW_CHANGE_WORD, TLZ_FIELD_COUNT),
    TOTAL("score", NULL, "how much that matters: its size times its standard deviations",
          COLUMN_DECIMAL, FLOW_CHANGE_SCORE, TLZ_FIELD_COUNT),
};

/* What there is of a field's values: of identifiers, names and the like how many there are; of
 * times no sum and so no mean. */
static const struct aggregate {
    const char *suffix, *help;
    enum flow_figure figure;
    bool of_times;
    uint32_t part;
} aggregates[] = {
    {"count", "how many have it", FLOW_OF_COUNT, true, 0},
    {"min", "the least", FLOW_OF_MIN, true, 0},
    {"max", "the greatest", FLOW_OF_MAX, true, 0},
    {"sum", "the sum", FLOW_OF_SUM, false, 0},
    {"mean", "the mean", FLOW_OF_MEAN, false, 0},
    {"p50", "half of them are not greater", FLOW_OF_QUANTILE, true, 500},
    {"p90", "90 % of them are not greater; any pNN or pNN.N is a column", FLOW_OF_QUANTILE, true,
     900},
    {"p99", "99 % of them are not greater", FLOW_OF_QUANTILE, true, 990},
};
#define AGGREGATES (sizeof aggregates / sizeof *aggregates)

static bool is_counted(enum tlz_field field)
{
    switch (tlz_fields[field].type) {
    case TLZ_TYPE_COUNT:
    case TLZ_TYPE_BYTES:
    case TLZ_TYPE_TIME:
    case TLZ_TYPE_DURATION:
    case TLZ_TYPE_MS:
        return true;
    default:
        return false;
    }
}

static void field_heading(enum tlz_field field, const char *suffix, char *ret, size_t size)
{
    struct column column = {.name = tlz_fields[field].name,
                            .heading = field == TLZ_DIRECTION ? "DIR" : NULL};
    size_t used;

    column_heading(&column, ret, size);
    used = strlen(ret);
    snprintf(ret + used, size - used, "%s", suffix);
}

void flow_column_of_key(const struct flow_key *key, uint32_t number, struct flow_column *ret)
{
    const struct tlz_field_info *info = &tlz_fields[key->field];
    const char *part = strchr(key->name, '/');

    *ret = (struct flow_column){.figure = FLOW_KEY, .field = key->field, .key = number};
    field_heading(key->field, part ? part : "", ret->heading, sizeof ret->heading);
    ret->column = (struct column){.name = key->name,
                                  .heading = ret->heading,
                                  .help = info->help,
                                  .type = key->is_cut ? COLUMN_NETWORK : (int)info->type,
                                  .enumeration = info->enumeration,
                                  .is_round = key->step_us > 0,
                                  .prefix_bits = {key->prefix_bits[0], key->prefix_bits[1]}};
}

size_t flow_column_aggregates(enum tlz_field field)
{
    size_t count = 0;

    if (!is_counted(field))
        return 1;
    for (size_t i = 0; i < AGGREGATES; i++)
        count += aggregates[i].of_times || tlz_fields[field].type != TLZ_TYPE_TIME;
    return count;
}

/* A mean of numbers of things has decimals. */
static int type_of(enum tlz_field field, enum flow_figure figure)
{
    if (figure == FLOW_OF_COUNT)
        return TLZ_TYPE_COUNT;
    if (figure == FLOW_OF_MEAN && tlz_fields[field].type == TLZ_TYPE_COUNT)
        return COLUMN_DECIMAL;
    return (int)tlz_fields[field].type;
}

static void describe(enum tlz_field field, const char *suffix, const char *help,
                     struct flow_column *ret)
{
    char heading[sizeof ret->heading];

    snprintf(ret->name, sizeof ret->name, "%s_%s", tlz_fields[field].name, suffix);
    snprintf(ret->help, sizeof ret->help, "%s: %s", tlz_fields[field].name, help);
    snprintf(heading, sizeof heading, "_%s", suffix);
    field_heading(field, heading, ret->heading, sizeof ret->heading);
    ret->field = field;
    ret->column = (struct column){.name = ret->name,
                                  .heading = ret->heading,
                                  .help = ret->help,
                                  .type = type_of(field, ret->figure)};
}

void flow_column_of_field(enum tlz_field field, size_t place, struct flow_column *ret)
{
    size_t i = 0;

    for (size_t left = place + 1; left > 0; i++)
        left -= aggregates[i].of_times || tlz_fields[field].type != TLZ_TYPE_TIME;
    *ret = (struct flow_column){.figure = aggregates[i - 1].figure, .part = aggregates[i - 1].part};
    describe(field, aggregates[i - 1].suffix, aggregates[i - 1].help, ret);
}

/* NN or NN.N, up to 100. */
static bool read_part(const char *text, size_t size, uint32_t *ret_thousandths)
{
    uint32_t number = 0;
    size_t whole = 0;

    for (; whole < size && whole < 3 && text[whole] >= '0' && text[whole] <= '9'; whole++)
        number = 10 * number + (uint32_t)(text[whole] - '0');
    number *= 10;
    if (whole == 0)
        return false;
    if (size == whole + 2 && text[whole] == '.' && text[whole + 1] >= '0' && text[whole + 1] <= '9')
        number += (uint32_t)(text[whole + 1] - '0');
    else if (size != whole)
        return false;
    *ret_thousandths = number;
    return number <= 1000;
}

static bool has_name(const char *wanted, const char *name, size_t name_size)
{
    return strlen(wanted) == name_size && !strncasecmp(wanted, name, name_size);
}

static bool total_of_name(const char *name, size_t name_size, bool is_compared,
                          struct flow_column *ret)
{
    for (size_t i = 0; i < flow_total_count; i++) {
        if (has_name(flow_totals[i].column.name, name, name_size)) {
            *ret = flow_totals[i];
            return true;
        }
    }
    for (size_t i = 0; is_compared && i < sizeof changes / sizeof *changes; i++) {
        if (has_name(changes[i].column.name, name, name_size)) {
            *ret = changes[i];
            return true;
        }
    }
    return false;
}

static bool figure_of_name(enum tlz_field field, const char *suffix, size_t suffix_size,
                           struct flow_column *ret)
{
    char text[8];
    uint32_t part;

    for (size_t i = 0; i < flow_column_aggregates(field); i++) {
        flow_column_of_field(field, i, ret);
        if (has_name(ret->name + strlen(tlz_fields[field].name) + 1, suffix, suffix_size))
            return true;
    }
    if (!is_counted(field) || suffix_size < 2 || suffix_size >= sizeof text ||
        (*suffix | 0x20) != 'p' || !read_part(suffix + 1, suffix_size - 1, &part))
        return false;
    snprintf(text, sizeof text, "p%.*s", (int)(suffix_size - 1), suffix + 1);
    *ret = (struct flow_column){.figure = FLOW_OF_QUANTILE, .part = part};
    describe(field, text, "that part of them is not greater", ret);
    return true;
}

static bool column_of_name(const char *name, size_t name_size, bool is_compared,
                           struct flow_column *ret)
{
    if (total_of_name(name, name_size, is_compared, ret))
        return true;
    TLZ_FOREACH_SESSION_FIELD(f) {
        size_t size = strlen(tlz_fields[f].name);

        if (name_size > size + 1 && name[size] == '_' &&
            !strncasecmp(name, tlz_fields[f].name, size) &&
            figure_of_name(f, name + size + 1, name_size - size - 1, ret))
            return true;
    }
    return false;
}

enum tlz_field flow_column_refused(const char *name, size_t name_size)
{
    TLZ_FOREACH_SESSION_FIELD(f) {
        size_t size = strlen(tlz_fields[f].name);
        struct flow_column unused;

        /* A field that has all of them knows the suffix. */
        if (!is_counted(f) && name_size > size + 1 && name[size] == '_' &&
            !strncasecmp(name, tlz_fields[f].name, size) &&
            figure_of_name(TLZ_TX_BYTES, name + size + 1, name_size - size - 1, &unused))
            return f;
    }
    return TLZ_FIELD_COUNT;
}

/* Cuts off the suffix, if it is there. */
static bool cut_suffix(const char *name, size_t *name_size, const char *suffix)
{
    size_t size = strlen(suffix);

    if (*name_size <= size || strncasecmp(name + *name_size - size, suffix, size) != 0)
        return false;
    *name_size -= size;
    return true;
}

/* Makes it a column of the other side, or of both. */
static bool add_suffix(struct flow_column *c, const char *suffix)
{
    char name[sizeof c->name], heading[sizeof c->heading], help[sizeof c->help];
    bool is_ratio = !strcmp(suffix, RATIO);

    if (c->figure == FLOW_CHANGE_WORD || c->figure == FLOW_CHANGE_SCORE ||
        (is_ratio && c->column.type == TLZ_TYPE_TIME))
        return false;
    snprintf(name, sizeof name, "%s%s", c->column.name, suffix);
    column_heading(&c->column, heading, sizeof heading);
    snprintf(help, sizeof help,
             is_ratio ? "what it is of that before; of what is counted, in a time: %s"
                      : "of --compare: %s",
             c->column.help);
    memcpy(c->name, name, sizeof name);
    snprintf(c->heading, sizeof c->heading, "%.*s%s", 30, heading, suffix);
    memcpy(c->help, help, sizeof help);
    c->column.name = c->name;
    c->column.heading = c->heading;
    c->column.help = c->help;
    c->is_ratio = is_ratio;
    c->is_before = !is_ratio;
    if (is_ratio)
        c->column.type = COLUMN_DECIMAL;
    return true;
}

bool flow_column_of_name(const char *name, size_t name_size, bool is_compared,
                         struct flow_column *ret)
{
    const char *suffix = NULL;

    if (is_compared && cut_suffix(name, &name_size, BEFORE))
        suffix = BEFORE;
    else if (is_compared && cut_suffix(name, &name_size, RATIO))
        suffix = RATIO;
    if (!column_of_name(name, name_size, is_compared, ret))
        return false;
    return !suffix || add_suffix(ret, suffix);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/jobs/workers.h"

#include <sched.h>
#include <unistd.h>

#define JOBS_DEFAULT_MAX 4                 /* each takes up to 30 MB, as do those that wait */
#define PLACES_MORE      2                 /* blocks that wait, so that nobody has to */
#define SMALL_BYTES      (4 * 1024 * 1024) /* of files, in which threads have nothing to gain */

/* Bytes of the files among the inputs; 0 where there is none. */
static uint64_t file_bytes(const struct inputs *inputs)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < inputs->count; i++)
        if (S_ISREG(inputs->input[i].status.st_mode))
            bytes += (uint64_t)inputs->input[i].status.st_size;
    return bytes;
}

/* Those that it may use; where that cannot be asked, those that there are. */
static unsigned int processors(void)
{
#if HAVE_SCHED_GETAFFINITY
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned int)CPU_COUNT(&set) : 1;
#else
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (unsigned int)count : 1;
#endif
}

static unsigned int find_jobs(unsigned int jobs, const struct inputs *inputs)
{
    uint64_t bytes = file_bytes(inputs);
    unsigned int count;

    if (bytes == 0)
        return 1;
    if (jobs > 0)
        return jobs;
    count = bytes > SMALL_BYTES ? processors() : 1;
    return count < JOBS_DEFAULT_MAX ? count : JOBS_DEFAULT_MAX;
}

void workers_start(struct workers *w, unsigned int jobs, const struct inputs *inputs)
{
    w->jobs = find_jobs(jobs, inputs);
    if (w->jobs > 1 && crew_open(&w->crew, w->jobs - 1) < 0)
        w->crew = NULL;
}

struct ahead_pool *workers_pool(struct workers *w, const struct selection *selection,
                                const struct row_work_plan *plan, bool is_live)
{
    struct crew *crew = is_live ? NULL : w->crew;
    bool works = !filter_has_names(plan->filter);

    if (time_range_is_active(plan->times) && !plan->times->is_settled)
        return NULL;
    w->selection = *selection;
    w->plan = *plan;
    w->plan.sorter = selection->sorter;
    w->plan.sorted_by = selection->sorted_by;
    if (works)
        row_work_plan_probe(&w->plan, selection->fields);
    if (!crew) {
        w->plan.views = NULL;
        works = works && (w->plan.probes || w->plan.probes_bound);
        if (!works)
            return NULL;
    }
    ahead_pool_open(&w->pool, crew, &w->selection, works ? &w->plan : NULL,
                    crew ? w->jobs + PLACES_MORE : 0);
    return &w->pool;
}

void workers_stop(struct workers *w)
{
    w->crew = crew_close(w->crew);
}

void workers_close(struct workers *w)
{
    ahead_pool_close(&w->pool);
}

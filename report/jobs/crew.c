/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/jobs/crew.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct crew {
    pthread_mutex_t lock; /* of all that follows, and of the tasks' states */
    pthread_cond_t given;
    pthread_cond_t done;
    struct crew_task *first, *last; /* those queued */
    bool ends;
    unsigned int begun; /* threads that run */
    pthread_t *threads;
    unsigned int count;
};

static struct crew_task *take(struct crew *crew)
{
    struct crew_task *task = crew->first;

    if (task) {
        crew->first = task->next;
        task->state = CREW_RUNNING;
    }
    return task;
}

/* Runs a task that was taken, without the lock. */
static void run(struct crew *crew, struct crew_task *task)
{
    pthread_mutex_unlock(&crew->lock);
    task->run(task);
    pthread_mutex_lock(&crew->lock);
    task->state = CREW_IDLE;
    pthread_cond_signal(&crew->done);
}

static void *work(void *argument)
{
    struct crew *crew = argument;

    pthread_mutex_lock(&crew->lock);
    crew->begun++;
    pthread_cond_signal(&crew->done);
    while (!crew->ends) {
        struct crew_task *task = take(crew);

        if (task)
            run(crew, task);
        else
            pthread_cond_wait(&crew->given, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* Signals are for the first thread. */
static void start(struct crew *crew, unsigned int threads)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->count < threads &&
           pthread_create(&crew->threads[crew->count], NULL, work, crew) == 0)
        crew->count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_lock(&crew->lock);
    while (crew->begun < crew->count)
        pthread_cond_wait(&crew->done, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}

int crew_open(struct crew **ret, unsigned int threads)
{
    struct crew *crew = calloc(1, sizeof *crew);

    if (!crew)
        return -ENOMEM;
    crew->threads = calloc(threads + 1, sizeof *crew->threads);
    if (!crew->threads) {
        free(crew);
        return -ENOMEM;
    }
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->given, NULL);
    pthread_cond_init(&crew->done, NULL);
    start(crew, threads);
    *ret = crew;
    return 0;
}

struct crew *crew_close(struct crew *crew)
{
    if (!crew)
        return NULL;
    pthread_mutex_lock(&crew->lock);
    crew->ends = true;
    pthread_cond_broadcast(&crew->given);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned int i = 0; i < crew->count; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->done);
    pthread_cond_destroy(&crew->given);
    pthread_mutex_destroy(&crew->lock);
    free(crew->threads);
    free(crew);
    return NULL;
}

void crew_give(struct crew *crew, struct crew_task *task)
{
    pthread_mutex_lock(&crew->lock);
    task->state = CREW_QUEUED;
    task->next = NULL;
    if (crew->first)
        crew->last->next = task;
    else
        crew->first = task;
    crew->last = task;
    pthread_cond_signal(&crew->given);
    pthread_mutex_unlock(&crew->lock);
}

void crew_wait(struct crew *crew, struct crew_task *task)
{
    pthread_mutex_lock(&crew->lock);
    while (task->state != CREW_IDLE) {
        struct crew_task *other = take(crew);

        if (other)
            run(crew, other);
        else
            pthread_cond_wait(&crew->done, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
}

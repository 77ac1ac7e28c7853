/* SPDX-License-Identifier: BSD-2-Clause */
/* tcplife-record: records this kernel's TCP sessions into a capture. */
#include <inttypes.h>
#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "format/error.h"
#include "record/command.h"
#include "record/filter_names.h"
#include "record/kernel.h"
#include "record/loop.h"
#include "record/on_rotate.h"
#include "record/probe.h"
#include "record/record_options.h"
#include "record/recorder.h"
#include "record/restraint.h"
#include "record/snapshot.h"
#include "util/cleanup.h"
#include "util/message.h"

#define STATUS_SIGNAL_BASE 128

static void close_options(struct record_options *options)
{
    options_free(options);
}

static void close_kernel(struct kernel **kernel)
{
    *kernel = kernel_free(*kernel);
}

/* Our own failure: the number that a command's status cannot be taken for. */
static int failed(const struct record_options *options)
{
    return options->command ? EXIT_COMMAND_FAILED : EXIT_FAILED;
}

/* The last that needs the rights of who started the recorder, and then they are gone. 0, or a
 * negative error after a message. */
static int settle(struct recorder *recorder, struct restraint *restraint)
{
    const struct identity *identity = &recorder->options->identity;
    int r = recorder_publish(recorder);

    if (r < 0)
        return r;
    r = identity_drop(identity);
    if (r < 0) {
        message_error("cannot give up the rights that it has no use for any more, as %s: %s",
                      identity->name, strerror(-r));
        return r;
    }
    r = restraint_enter(restraint);
    if (r == 0 && recorder->options->verbose)
        message_notice("runs as %s", recorder->options->rights);
    return r;
}

/*
 * Lets the command go, and the capture take the place of an older one, which is kept until then. 0;
 * 1 when the command cannot be run, after a message; or a negative error.
 */
static int begin(struct recorder *recorder, struct command *command, struct restraint *restraint)
{
    bool has_command = command->pid > 0;
    int r = has_command ? 0 : settle(recorder, restraint);

    if (r < 0)
        return r;
    if (recorder->options->snapshot.is_wanted)
        message_notice("recording to memory; SIGUSR2 writes it into %s", recorder->ring.path);
    else
        message_notice("recording to %s%s", recorder->file.path,
                       has_command ? "" : "; Ctrl-C ends it");
    if (!has_command)
        return 0;
    r = command_start(command);
    return r == 0 ? settle(recorder, restraint) : r;
}

/* A reader of standard output gets a whole capture also when there is nothing to record. */
static int end_unbegun(struct recorder *recorder)
{
    return recorder->file.is_stdout ? recorder_finish(recorder, "command not run") : 0;
}

/* As recorder_finish(), with a snapshot if one was asked for. */
static int finish(struct recorder *recorder, const char *reason)
{
    int r = recorder_finish(recorder, reason);

    return r == 0 && recorder->options->snapshot.at_exit ? snapshot_write(recorder, reason) : r;
}

/* Attaches and records to the end. 0 or a negative error. */
static int record(struct loop *loop, struct recorder *recorder, struct command *command,
                  struct restraint *restraint)
{
    int r = kernel_attach(recorder->kernel);

    if (r < 0)
        return r;
    r = begin(recorder, command, restraint);
    loop->has_begun = r == 0;
    if (r == 0)
        r = loop_run(loop);
    if (r == 0)
        r = recorder_list_open(recorder);
    kernel_detach(recorder->kernel);
    if (r < 0)
        return r;
    return loop->has_begun ? finish(recorder, loop->reason) : end_unbegun(recorder);
}

static void say_end(struct loop *loop, const struct recorder *recorder, bool is_complete)
{
    const char *path = recorder->ring.path ? recorder->ring.path : recorder->file.path;
    char text[PATH_MAX + 64];
    struct tlz_writer_stats stats;

    recorder_stats(recorder, &stats);
    if (recorder->options->snapshot.is_wanted) {
        snprintf(text, sizeof text, "memory (snapshots in %s: %" PRIu64 ")", path,
                 recorder->snapshots);
        path = text;
    }
    status_close(&loop->status, path, &stats, is_complete);
}

/* The loop around the recording; 0, or a negative error after a message. */
static int run(struct loop *loop, struct recorder *recorder, struct command *command,
               struct restraint *restraint)
{
    int r = loop_open(loop, recorder, command);

    if (r < 0)
        message_error("cannot wait for events: %s", strerror(-r));
    else
        r = record(loop, recorder, command, restraint);
    if (loop->has_begun)
        loop_end(loop);
    status_clear(&loop->status);
    if (recorder->error < 0)
        recorder_explain_error(recorder);
    if (!loop->has_begun)
        destination_discard(&recorder->file);
    else
        say_end(loop, recorder, r == 0);
    recorder_explain_losses(recorder);
    return r;
}

/* The command's status, when the recording did not end before it by a second signal. */
static int wait_for_command(struct command *command, struct loop *loop)
{
    if (loop->signal)
        return STATUS_SIGNAL_BASE + loop->signal;
    loop_await_command(loop);
    return command_wait(command);
}

static void hand_over(void *context, const char *path)
{
    on_rotate_file(context, path);
}

/* With everything but the kernel's part set up, and the processes beside it: the exit status. */
static int record_with(struct record_options *options, char **argv, struct command *command,
                       struct on_rotate *on_rotate)
{
    _cleanup_(restraint_close) struct restraint restraint = RESTRAINT_NONE;
    _cleanup_(name_service_close) struct name_service service = NAME_SERVICE_NONE;
    _cleanup_(close_kernel) struct kernel *kernel = NULL;
    struct recorder recorder;
    struct loop loop;
    int status;
    int r;

    r = name_service_open(&service, &options->identity);
    if (r < 0)
        message_error("cannot start a process: %s", strerror(-r));
    if (r < 0 || kernel_open(&kernel, options) < 0)
        return failed(options);
    options->identity.keeps_bpf = kernel_wants_rights(kernel);
    restraint_prepare(&restraint, options);
    restraint_text(&restraint, &options->identity, options->rights);
    if (recorder_open(&recorder, options, argv, kernel, &service) < 0)
        return failed(options);
    recorder.finished = hand_over;
    recorder.finished_context = on_rotate;
    r = run(&loop, &recorder, command, &restraint);
    status = r < 0 ? failed(options) : EXIT_OK;
    if (command->pid && command->gate_fd < 0) {
        int command_status = wait_for_command(command, &loop);

        status = r < 0 ? status : command_status;
    }
    on_rotate_finish(on_rotate, loop.signal_fd);
    loop_close(&loop);
    recorder_close(&recorder);
    return status;
}

/* A SIGUSR2 that comes before it records waits, and does not end it. The mask before goes to *ret.
 */
static void hold_snapshots(sigset_t *ret)
{
    sigset_t early;

    sigemptyset(&early);
    sigaddset(&early, SIGUSR2);
    sigprocmask(SIG_BLOCK, &early, ret);
}

/*
 * Large memory is mapped, always (glibc does so with less of it once some was freed): so what the
 * kernel's types took is given back, and buffers take what of them is used.
 */
static void map_large_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

int main(int argc, char **argv)
{
    _cleanup_(close_options) struct record_options options;
    struct command command = COMMAND_NONE;
    struct on_rotate on_rotate;
    sigset_t signals;
    sigset_t blocked;
    sigset_t mask;
    int status;

    map_large_memory();
    message_init("tcplife-record");
    hold_snapshots(&mask);
    status = options_parse(&options, argc, argv);
    if (status < 0)
        status = filter_names_find(&options);
    if (status < 0 && options.probe)
        return probe_run(&options);
    if (status < 0)
        status = identity_find(options.user, &options.identity);
    if (status < 0)
        status = options_want_directory(&options)
                     ? file_ring_check(options.output, &options.identity)
                     : destination_check(options.output, options.force);
    if (status == EXIT_FAILED)
        return failed(&options);
    if (status >= 0)
        return status;
    message_set_quiet(options.quiet);
    signal(SIGPIPE, SIG_IGN); /* write() says it, */
    signal(SIGXFSZ, SIG_IGN); /* and this too */
    loop_signals(&signals, options.snapshot.is_wanted);
    sigorset(&blocked, &mask, &signals);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    status = options.command
                 ? command_prepare(&command, options.command, &mask, !strcmp(options.output, "-"))
                 : 0;
    if (status < 0) {
        message_error("cannot start a process: %s", strerror(-status));
        return EXIT_COMMAND_FAILED;
    }
    status = on_rotate_open(&on_rotate, options.ring.on_rotate, &options.identity, &mask) < 0
                 ? failed(&options)
                 : record_with(&options, argv, &command, &on_rotate);
    on_rotate_close(&on_rotate);
    command_close(&command);
    return status;
}

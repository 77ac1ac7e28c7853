/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded into the recorder: once it waits for events, it tries what it has no use for, and
 * says on standard error what came of each: "forbidden NAME ERRNO". FORBIDDEN_DIR is a directory
 * that anybody may write into, with a file "file" that anybody may read and write.
 *
 * With FORBIDDEN_USER, a number, a name service knows that user, as "from-a-service", and no file
 * does; with FORBIDDEN_STUCK it never answers. With FORBIDDEN_OLD_BPF it plays Linux before 5.19
 * with unprivileged_bpf_disabled: bpf(2) takes nothing from who has no CAP_BPF.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *in_folder(const char *name)
{
    static char path[4096];

    snprintf(path, sizeof path, "%s/%s", getenv("FORBIDDEN_DIR"), name);
    return path;
}

static void tell(const char *name, long result)
{
    dprintf(STDERR_FILENO, "forbidden %s %d\n", name, result < 0 ? errno : 0);
}

/* A program that returns 0. */
static long load_program(void)
{
    const struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
                                       {.code = BPF_JMP | BPF_EXIT}};
    union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
                           .insn_cnt = 2,
                           .insns = (uintptr_t)nothing,
                           .license = (uintptr_t) "GPL"};

    return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
}

static long open_map_by_id(void)
{
    union bpf_attr attr = {.map_id = 1};

    return syscall(SYS_bpf, BPF_MAP_GET_FD_BY_ID, &attr, sizeof attr);
}

static long run_program(void)
{
    char word[] = "true";
    char *const words[] = {word, NULL};

    return execve("/bin/true", words, NULL);
}

static int map_executable(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? -1
               : 0;
}

static void try_all(void)
{
    tell("make_file", open(in_folder("new"), O_WRONLY | O_CREAT, 0600));
    tell("write_file", open(in_folder("file"), O_WRONLY));
    tell("read_file", open(in_folder("file"), O_RDONLY));
    tell("list_folder", open(in_folder("."), O_RDONLY | O_DIRECTORY));
    tell("remove_file", unlink(in_folder("file")));
    tell("rename_file", rename(in_folder("file"), "/tmp/elsewhere"));
    tell("make_folder", mkdir(in_folder("folder"), 0700));
    tell("make_link", symlink("x", in_folder("link")));
    tell("change_mode", chmod(in_folder("file"), 0777));
    tell("read_shadow", open("/etc/shadow", O_RDONLY));
    tell("read_process", open("/proc/1/environ", O_RDONLY));
    tell("socket", socket(AF_INET, SOCK_STREAM, 0));
    tell("run", run_program());
    tell("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    tell("kill", kill(1, 0));
    tell("become_root", setuid(0));
    tell("namespace", unshare(CLONE_NEWUSER));
    tell("load_bpf", load_program());
    tell("other_bpf", open_map_by_id());
    tell("executable_memory", map_executable());
}

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout)
{
    int (*next)(int, struct epoll_event *, int, int);
    static bool has_tried;

    *(void **)&next = dlsym(RTLD_NEXT, "epoll_wait");
    if (!has_tried && getenv("FORBIDDEN_DIR")) {
        has_tried = true;
        try_all();
    }
    return next(fd, events, max, timeout);
}

int getpwuid_r(uid_t uid, struct passwd *ret, char *buffer, size_t size, struct passwd **ret_found)
{
    const char *user = getenv("FORBIDDEN_USER");

    *ret_found = NULL;
    while (getenv("FORBIDDEN_STUCK"))
        pause();
    if (user && uid == (uid_t)atol(user)) {
        snprintf(buffer, size, "from-a-service");
        *ret = (struct passwd){.pw_name = buffer, .pw_uid = uid};
        *ret_found = ret;
    }
    return 0;
}

static bool has_bpf = true; /* as the recorder set it last */

/* As libbpf calls it. */
long syscall(long number, ...)
{
    long (*next)(long, ...);
    long a[6], result;
    va_list arguments;

    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_bpf && getenv("FORBIDDEN_OLD_BPF") && !has_bpf) {
        errno = EPERM;
        return -1;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "syscall");
    result = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (number == SYS_capset && result == 0) {
        const struct __user_cap_data_struct *data = (const void *)a[1];

        has_bpf = data[CAP_TO_INDEX(CAP_BPF)].effective & CAP_TO_MASK(CAP_BPF);
    }
    return result;
}

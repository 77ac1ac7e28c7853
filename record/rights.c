/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/message.h"

#define BTF_FILE      "/sys/kernel/btf/vmlinux"
#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"

static bool has_capability(int capability)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

    if (syscall(SYS_capget, &header, data) < 0)
        return true; /* not known: blame something else */
    return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* CAP_SYS_ADMIN stands for both (include/linux/capability.h, bpf_capable() and perfmon_capable(),
 * Linux 5.8). */
static int explain_capabilities(void)
{
    bool admin = has_capability(CAP_SYS_ADMIN);
    bool bpf = admin || has_capability(CAP_BPF);
    bool perfmon = admin || has_capability(CAP_PERFMON);

    if (bpf && perfmon)
        return 0;
    message_error("needs %s%s%s; run it as root, or once: "
                  "setcap cap_bpf,cap_perfmon=ep tcplife-record",
                  bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
                  perfmon ? "" : "CAP_PERFMON");
    return 1;
}

static int explain_btf(void)
{
    struct utsname name;

    if (access(BTF_FILE, R_OK) == 0)
        return 0;
    if (uname(&name) < 0)
        strcpy(name.release, "?");
    if (errno == EACCES)
        message_error("cannot read " BTF_FILE ": %s", strerror(EACCES));
    else
        message_error("this kernel (%s) has no " BTF_FILE
                      ": it needs CONFIG_DEBUG_INFO_BTF, and /sys mounted",
                      name.release);
    return 1;
}

/* "none integrity [confidentiality]": the last forbids BPF to read the kernel. */
static int explain_lockdown(void)
{
    _cleanup_(close_fd) int fd = open(LOCKDOWN_FILE, O_RDONLY | O_CLOEXEC);
    char text[128];
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (n < 0)
        return 0;
    text[n] = '\0';
    if (!strstr(text, "[confidentiality]"))
        return 0;
    message_error("the kernel is locked down (confidentiality, see " LOCKDOWN_FILE
                  "): BPF cannot read it; boot with lockdown=integrity or none");
    return 1;
}

int rights_explain(int error)
{
    int found = explain_capabilities() + explain_btf();

    if (found == 0 && error == -EPERM)
        found = explain_lockdown();
    return found;
}

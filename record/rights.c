/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "record/small_file.h"
#include "util/message.h"

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"

bool rights_has(int capability)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

    if (syscall(SYS_capget, &header, data) < 0)
        return true; /* not known: blame something else */
    return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* Exchanges those in effect. 0 or a negative errno. */
static int exchange(uint32_t effective[_LINUX_CAPABILITY_U32S_3])
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

    if (syscall(SYS_capget, &header, data) < 0)
        return -errno;
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        uint32_t before = data[i].effective;

        data[i].effective = effective[i];
        effective[i] = before;
    }
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int rights_suspend(struct rights *ret)
{
    *ret = (struct rights){{0}};
    return exchange(ret->effective);
}

void rights_resume(const struct rights *rights)
{
    struct rights taken = *rights;

    (void)exchange(taken.effective); /* within what is permitted, it cannot fail */
}

/* CAP_SYS_ADMIN stands for both (include/linux/capability.h, bpf_capable() and perfmon_capable(),
 * Linux 5.8). */
static int explain_capabilities(void)
{
    bool admin = rights_has(CAP_SYS_ADMIN);
    bool bpf = admin || rights_has(CAP_BPF);
    bool perfmon = admin || rights_has(CAP_PERFMON);

    if (bpf && perfmon)
        return 0;
    message_error("needs %s%s%s; run it as root, or once: "
                  "setcap cap_bpf,cap_perfmon=ep tcplife-record",
                  bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
                  perfmon ? "" : "CAP_PERFMON");
    return 1;
}

static int explain_btf(const char *btf)
{
    struct utsname name;

    if (btf && access(btf, R_OK) < 0) {
        message_error("cannot read %s: %s", btf, strerror(errno));
        return 1;
    }
    if (btf || access(RIGHTS_BTF_FILE, R_OK) == 0)
        return 0;
    if (uname(&name) < 0)
        strcpy(name.release, "?");
    if (errno == EACCES)
        message_error("cannot read " RIGHTS_BTF_FILE ": %s", strerror(EACCES));
    else
        message_error("this kernel (%s) has no " RIGHTS_BTF_FILE
                      ": it needs CONFIG_DEBUG_INFO_BTF, and /sys mounted; or give --btf a file of "
                      "its types",
                      name.release);
    return 1;
}

/* "none integrity [confidentiality]" */
bool rights_lockdown(char *ret, size_t size)
{
    char text[128];
    const char *mode;

    if (!small_file_line(LOCKDOWN_FILE, text, sizeof text))
        return false;
    mode = strchr(text, '[');
    if (!mode)
        return false;
    mode++;
    snprintf(ret, size, "%.*s", (int)strcspn(mode, "]"), mode);
    return true;
}

/* It forbids BPF to read the kernel. */
static int explain_lockdown(void)
{
    char mode[32];

    if (!rights_lockdown(mode, sizeof mode) || strcmp(mode, "confidentiality") != 0)
        return 0;
    message_error("the kernel is locked down (confidentiality, see " LOCKDOWN_FILE
                  "): BPF cannot read it; boot with lockdown=integrity or none");
    return 1;
}

int rights_explain(int error, const char *btf)
{
    int found = explain_capabilities() + explain_btf(btf);

    if (found == 0 && error == -EPERM)
        found = explain_lockdown();
    return found;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/confine_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *reason(int error)
{
    switch (-error) {
    case ENOPKG:
        return CONFINE_LEFT_OUT;
    case ENOSYS:
    case EINVAL: /* of seccomp, since its filter is a good one */
        return "not in this kernel";
    case EOPNOTSUPP:
        return "turned off in this kernel";
    case EPERM:
    case EACCES:
        return "not permitted";
    default:
        return strerror(-error);
    }
}

const char *confine_text_format(int landlock, int landlock_abi, int seccomp,
                                char text[CONFINE_TEXT_MAX])
{
    char landlock_text[CONFINE_TEXT_MAX / 2], seccomp_text[CONFINE_TEXT_MAX / 2];

    if (landlock < 0)
        snprintf(landlock_text, sizeof landlock_text, "no landlock (%s)", reason(landlock));
    else
        snprintf(landlock_text, sizeof landlock_text, "landlock (ABI %d)", landlock_abi);
    if (seccomp < 0)
        snprintf(seccomp_text, sizeof seccomp_text, "no seccomp (%s)", reason(seccomp));
    else
        strcpy(seccomp_text, "seccomp");
    snprintf(text, CONFINE_TEXT_MAX, "%s, %s", landlock_text, seccomp_text);
    return text;
}

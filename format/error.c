/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/error.h"

#include <string.h>

#include "format/not_posix.h"

const char *tlz_strerror(int error)
{
    const char *text;

    switch (-error) {
#define X(id, number, message)                                                                     \
    case TLZ_E_##id:                                                                               \
        return message;
        TLZ_ERRORS(X)
#undef X
    }
    text = strerrordesc_np(-error);
    return text ? text : "unknown error";
}

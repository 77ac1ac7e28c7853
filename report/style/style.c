/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/style/style.h"

#include <string.h>

static const struct style *const table[] = {
#define X(name) &style_##name,
    STYLES(X)
#undef X
};

const struct style *style_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i]->name, name))
            return table[i];
    return NULL;
}

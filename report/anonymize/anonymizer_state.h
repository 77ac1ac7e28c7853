/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of an anonymizer. */
#ifndef REPORT_ANONYMIZE_ANONYMIZER_STATE_H
#define REPORT_ANONYMIZE_ANONYMIZER_STATE_H

#include "report/anonymize/anonymizer.h"
#include "report/anonymize/anonymizer_keys.h"

struct anonymizer {
    struct anonymizer_keys keys;
    char key_name[PSEUDONYM_LETTERS + 1];
    struct tlz_metadata *meta;   /* of the last item */
    char name[TLZ_NAME_MAX + 1]; /* the same */
};

#endif

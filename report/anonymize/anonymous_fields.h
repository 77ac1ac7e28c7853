/* SPDX-License-Identifier: BSD-2-Clause */
/* What --anonymize makes of each field and of each tag of metadata. */
#ifndef REPORT_ANONYMIZE_ANONYMOUS_FIELDS_H
#define REPORT_ANONYMIZE_ANONYMOUS_FIELDS_H

#include "format/tlz.h"
#include "report/anonymize/pseudonym.h"

enum anonymous_how {
    ANONYMOUS_KEPT,
    ANONYMOUS_DROPPED, /* absent */
    ANONYMOUS_ADDRESS, /* anonymous_address() */
    ANONYMOUS_NUMBER,  /* pseudonym_number() */
    ANONYMOUS_NAME,    /* pseudonym_name() */
    ANONYMOUS_ID,      /* pseudonym_id() */
    ANONYMOUS_VERSION, /* known_version() */
    ANONYMOUS_KNOWN,   /* a tag: absent unless known_text(); a name: pseudonym_name() unless
                          known_congestion() */
    ANONYMOUS_HIDDEN,  /* that there was one is told, and no more */
    ANONYMOUS_MARK,    /* of the key: set, behind those that were there */
};

struct anonymous {
    enum anonymous_how how;
    enum pseudonym_class class; /* of pseudonyms */
};

extern const struct anonymous anonymous_fields[TLZ_FIELD_COUNT];
extern const struct anonymous anonymous_tags[TLZ_META_TAG_COUNT];

/* The pseudonyms of the number that is named; a kind of a later version has some of its own. */
enum pseudonym_class anonymous_name_class(enum tlz_name_kind kind);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The document in a page that --html writes. */
#ifndef REPORT_SCHEMA_SCHEMA_PAGE_H
#define REPORT_SCHEMA_SCHEMA_PAGE_H

#include "report/schema/schema_writer.h"

/* "page" and the definitions of its rows that no view has. */
void schema_page(struct schema_writer *w);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The page that --html writes, made of report/html/ by assemble.py: what stands before its data, and
 * behind. */
#ifndef REPORT_HTML_PAGE_TEMPLATE_H
#define REPORT_HTML_PAGE_TEMPLATE_H

#include <stddef.h>

extern const char page_template_head[], page_template_tail[];
extern const size_t page_template_head_size, page_template_tail_size;

#endif

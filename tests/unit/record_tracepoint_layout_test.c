/* SPDX-License-Identifier: BSD-2-Clause */
/* The layout of a tracepoint's record, as different kernels say it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/tracepoint_layout.h"

/* include/trace/events/sock.h, Linux 5.4: one byte of protocol. */
static const char before_5_6[] =
    "name: inet_sock_set_state\nID: 1373\nformat:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
    "\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
    "\tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;\n"
    "\tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;\n"
    "\tfield:__u8 protocol;\toffset:30;\tsize:1;\tsigned:0;\n"
    "\tfield:__u8 saddr[4];\toffset:31;\tsize:4;\tsigned:0;\n\n"
    "print fmt: \"protocol=%s\", REC->protocol\n";

/* Since 5.6; without a space behind the star, as some macros have it. */
static const char since_5_6[] = "\tfield:const void *skaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
                                "\tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;";

static void expect_field(const char *format, const char *name, unsigned offset, unsigned size)
{
    struct tracepoint_field field;

    assert_int_equal(tracepoint_find_field(format, name, &field), 0);
    assert_int_equal(field.offset, offset);
    assert_int_equal(field.size, size);
}

static void expect_none(const char *format, const char *name)
{
    struct tracepoint_field field = {7, 7};

    assert_int_equal(tracepoint_find_field(format, name, &field), -ENOENT);
    assert_int_equal(field.offset, 7);
}

static void protocol_of_one_byte(void **state)
{
    (void)state;
    expect_field(before_5_6, "skaddr", 8, 8);
    expect_field(before_5_6, "oldstate", 16, 4);
    expect_field(before_5_6, "newstate", 20, 4);
    expect_field(before_5_6, "protocol", 30, 1);
}

static void protocol_of_two_bytes(void **state)
{
    (void)state;
    expect_field(since_5_6, "skaddr", 8, 8);
    expect_field(since_5_6, "protocol", 30, 2);
}

static void only_whole_names(void **state)
{
    (void)state;
    expect_none(before_5_6, "state");
    expect_none(before_5_6, "addr");
    expect_none(before_5_6, "saddr"); /* an array */
    expect_none(before_5_6, "family");
    expect_none("", "skaddr");
}

static void other_forms(void **state)
{
    (void)state;
    expect_none("\tfield:int protocol", "protocol");
    expect_none("\tfield:int protocol;", "protocol");
    expect_none("\tfield:int protocol;\toffset:x;\tsize:2;", "protocol");
    expect_none("\tfield:int protocol;\toffset:8;\tsize:0;", "protocol");
    expect_none("\tfield:int protocol;\toffset:99999;\tsize:2;", "protocol");
    expect_none("field:int protocol;\toffset:8;\tsize:2;", "protocol");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(protocol_of_one_byte),
        cmocka_unit_test(protocol_of_two_bytes),
        cmocka_unit_test(only_whole_names),
        cmocka_unit_test(other_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

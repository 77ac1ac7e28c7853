/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/message.h"

#define LONG_SIZE 20000

/* Standard error while a test runs: a socket that keeps where one write(2) ends and the next
 * begins. */
static int captured = -1;
static int saved_stderr = -1;

static void begin_capture(void)
{
    int pair[2];
    int size = 1 << 20;

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
    assert_int_equal(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
    saved_stderr = dup(STDERR_FILENO);
    dup2(pair[1], STDERR_FILENO);
    close(pair[1]);
    captured = pair[0];
}

/* Before reading what was captured, since an assertion that fails speaks on standard error. */
static void end_capture(void)
{
    if (saved_stderr < 0)
        return;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    saved_stderr = -1;
}

/* The next write(2), as a string; "" when there was none. */
static const char *next_write(void)
{
    static char text[8 * LONG_SIZE];
    ssize_t n = read(captured, text, sizeof text - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static int set_up(void **state)
{
    (void)state;
    message_init("prog");
    message_set_quiet(0);
    begin_capture();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    end_capture();
    close(captured);
    return 0;
}

static void test_one_write_a_line(void **state)
{
    (void)state;
    message_error("%s: %d", "cap.tlz", 7);
    message_warning("second");
    message_notice("third");
    end_capture();
    assert_string_equal(next_write(), "prog: cap.tlz: 7\n");
    assert_string_equal(next_write(), "prog: second\n");
    assert_string_equal(next_write(), "prog: third\n");
    assert_string_equal(next_write(), "");
}

static void test_quiet_keeps_errors(void **state)
{
    (void)state;
    message_set_quiet(1);
    message_warning("no");
    message_notice("no");
    message_error("yes");
    message_usage("usage");
    end_capture();
    assert_string_equal(next_write(), "prog: yes\n");
    assert_string_equal(next_write(), "prog: usage. Try 'prog --help'.\n");
    assert_string_equal(next_write(), "");
}

/* Standard error is the stream that the variable names; then it is another one. */
static void test_priorities_are_for_the_journal(void **state)
{
    struct stat st;
    char stream[64];

    (void)state;
    assert_int_equal(fstat(STDERR_FILENO, &st), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    message_init("prog");
    message_error("e");
    message_warning("w");
    message_notice("n");
    message_usage("u");
    setenv("JOURNAL_STREAM", "0:0", 1);
    message_init("prog");
    message_error("<3>");
    unsetenv("JOURNAL_STREAM");
    end_capture();
    assert_string_equal(next_write(), "<3>prog: e\n");
    assert_string_equal(next_write(), "<4>prog: w\n");
    assert_string_equal(next_write(), "<5>prog: n\n");
    assert_string_equal(next_write(), "<3>prog: u. Try 'prog --help'.\n");
    assert_string_equal(next_write(), "prog: <3>\n");
}

static void test_usage(void **state)
{
    (void)state;
    assert_int_equal(message_usage("unknown option '%s'", "--foo"), EXIT_USAGE);
    assert_int_equal(message_usage("a sentence."), EXIT_USAGE);
    end_capture();
    assert_string_equal(next_write(), "prog: unknown option '--foo'. Try 'prog --help'.\n");
    assert_string_equal(next_write(), "prog: a sentence. Try 'prog --help'.\n");
}

static void test_controls_are_escaped(void **state)
{
    (void)state;
    message_error("%s", "a\nb\tc\r\033[31m\x7f");
    message_error("%s", "C1: \xc2\x80 \xc2\x9b \xc2\x9f, not: \xc2\xa0");
    message_error("100%% a\\b");
    message_init("bad\nname");
    message_usage("x");
    end_capture();
    assert_string_equal(next_write(), "prog: a\\x0ab\\x09c\\x0d\\x1b[31m\\x7f\n");
    assert_string_equal(next_write(),
                        "prog: C1: \\xc2\\x80 \\xc2\\x9b \\xc2\\x9f, not: \xc2\xa0\n");
    assert_string_equal(next_write(), "prog: 100% a\\b\n");
    assert_string_equal(next_write(), "bad\\x0aname: x. Try 'bad\\x0aname --help'.\n");
}

static void test_utf8_passes(void **state)
{
    const char *good = "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7 \xed\x9f\xbf \xe0\xa0\x80";
    char expected[64] = "prog: ";

    (void)state;
    message_error("%s", good);
    end_capture();
    strcat(strcat(expected, good), "\n");
    assert_string_equal(next_write(), expected);
}

static void test_invalid_bytes_are_escaped(void **state)
{
    static const struct {
        const char *text, *escaped;
    } examples[] = {
        {"\x80", "\\x80"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xc0\xaf", "\\xc0\\xaf"},                   /* overlong */
        {"\xc1\xbf", "\\xc1\\xbf"},                   /* overlong */
        {"\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"},          /* overlong */
        {"\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf"}, /* overlong */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* over U+10FFFF */
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"},          /* U+202E turns what follows around */
        {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
        {"\xc3", "\\xc3"}, /* cut at the end */
        {"\xe2\x82", "\\xe2\\x82"},
        {"\xf0\x9f\x90", "\\xf0\\x9f\\x90"},
        {"\xe2(\xa1", "\\xe2(\\xa1"},
        {"\xe2\x82(", "\\xe2\\x82("},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        message_error("%s", examples[i].text);
    end_capture();
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char expected[64] = "prog: ";

        strcat(strcat(expected, examples[i].escaped), "\n");
        assert_string_equal(next_write(), expected);
    }
}

static void test_long_is_cut(void **state)
{
    char *text = malloc(LONG_SIZE + 1);
    const char *seen;

    (void)state;
    assert_non_null(text);
    memset(text, '\a', LONG_SIZE);
    text[LONG_SIZE] = '\0';
    message_usage("%s", text);
    end_capture();
    free(text);
    seen = next_write();
    assert_memory_equal(seen, "prog: \\x07\\x07", 14);
    assert_true(strlen(seen) > 4 * 8000);
    assert_string_equal(strstr(seen, "..."), "... Try 'prog --help'.\n");
    assert_string_equal(next_write(), "");
}

static void test_errno_is_kept(void **state)
{
    int after_error, after_usage;

    (void)state;
    close(STDERR_FILENO);
    errno = E2BIG;
    message_error("to nobody");
    after_error = errno;
    errno = E2BIG;
    message_usage("to nobody");
    after_usage = errno;
    end_capture();
    assert_int_equal(after_error, E2BIG);
    assert_int_equal(after_usage, E2BIG);
}

static void test_a_place_is_marked(void **state)
{
    (void)state;
    assert_int_equal(message_usage_at("a == b", 2, 2, "--x: %s", "why"), EXIT_USAGE);
    message_usage_at("a ==", 4, 0, "end");
    message_usage_at("\xc3\xa4\x1b b", 4, 1, "wide");
    message_usage_at("x", 0, 1, "one");
    end_capture();
    assert_string_equal(next_write(), "prog: --x: why. Try 'prog --help'.\n  a == b\n    ^~\n");
    assert_string_equal(next_write(), "prog: end. Try 'prog --help'.\n  a ==\n      ^\n");
    assert_string_equal(next_write(),
                        "prog: wide. Try 'prog --help'.\n  \xc3\xa4\\x1b b\n        ^\n");
    assert_string_equal(next_write(), "prog: one. Try 'prog --help'.\n  x\n  ^\n");
}

static void test_of_a_long_text_the_place_is_shown(void **state)
{
    char text[3 * 100 + 1];

    (void)state;
    for (int i = 0; i < 100; i++)
        memcpy(text + 3 * i, "\xe2\x82\xac", 4);
    message_usage_at(text, 150, 3, "why");
    message_usage_at(text, 3, 3 * 99, "why");
    end_capture();
    assert_non_null(strstr(next_write(), "\n  ...\xe2\x82\xac"));
    assert_non_null(strstr(next_write(), "\n   ^~~~~~~~~~~~~\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_write_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_quiet_keeps_errors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_priorities_are_for_the_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_usage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_controls_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_utf8_passes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_invalid_bytes_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errno_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_place_is_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_of_a_long_text_the_place_is_shown, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "util/cleanup.h"
#include "util/message.h"
#include "util/missing.h"

#define HOW_TO_MAKE "make one with: head -c 32 /dev/urandom > FILE"

static int fail(const char *path, const char *problem)
{
    message_error("--anonymize: %s: %s", path, problem);
    return EXIT_FAILED;
}

/* Up to `size` bytes: how many, or a negative errno. */
static ssize_t read_all(int fd, uint8_t *data, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t n = read(fd, data + used, size - used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        used += (size_t)n;
    }
    return (ssize_t)used;
}

/* Such as a file of zeros, which anybody would try first. */
static bool is_one_byte_again_and_again(const uint8_t key[KEY_FILE_SIZE])
{
    return !memcmp(key, key + 1, KEY_FILE_SIZE - 1);
}

static int check_content(const char *path, const uint8_t *bytes, ssize_t size)
{
    if (size < 0)
        return fail(path, strerror((int)-size));
    if (size == 0)
        return fail(path, "it is empty, and a key has 32 bytes; " HOW_TO_MAKE);
    if (size < KEY_FILE_SIZE)
        return fail(path, "it is too short: a key has 32 bytes; " HOW_TO_MAKE);
    if (size > KEY_FILE_SIZE)
        return fail(path, "it is too long: a key has 32 bytes, and no line feed; " HOW_TO_MAKE);
    if (is_one_byte_again_and_again(bytes))
        return fail(path, "all of its bytes are the same, which is no key; " HOW_TO_MAKE);
    return EXIT_OK;
}

/* Of what is no regular file, such as a pipe or a device, one cannot know when all of it is there.
 */
static int check_file(const char *path, const char *output, const struct stat *status)
{
    struct stat written;

    if (!S_ISREG(status->st_mode))
        return fail(path, "it is no regular file, and a key is one of 32 bytes; " HOW_TO_MAKE);
    if (output && stat(output, &written) == 0 && written.st_dev == status->st_dev &&
        written.st_ino == status->st_ino)
        return fail(path, "it is the key; write the capture to another file");
    return EXIT_OK;
}

int key_file_read(const char *path, const char *output, uint8_t ret[KEY_FILE_SIZE])
{
    _cleanup_(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    uint8_t bytes[KEY_FILE_SIZE + 1];
    struct stat status;
    int r;

    if (fd < 0 || fstat(fd, &status) < 0)
        return fail(path, strerror(errno));
    r = check_file(path, output, &status);
    if (r == EXIT_OK)
        r = check_content(path, bytes, read_all(fd, bytes, sizeof bytes));
    if (r == EXIT_OK && status.st_mode & 077)
        message_warning("--anonymize: %s: others may read this key (mode %03o), and know with it "
                        "what was replaced: chmod 600",
                        path, (unsigned int)status.st_mode & 0777);
    if (r == EXIT_OK)
        memcpy(ret, bytes, KEY_FILE_SIZE);
    explicit_bzero(bytes, sizeof bytes);
    return r;
}

int key_make(uint8_t ret[KEY_FILE_SIZE])
{
    if (getrandom(ret, KEY_FILE_SIZE, 0) == KEY_FILE_SIZE)
        return EXIT_OK;
    message_error("--anonymize: no random key: %s", strerror(errno));
    return EXIT_FAILED;
}

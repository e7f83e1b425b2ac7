#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Opening never waits for the other end of a pipe. */
enum { READ = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

const char *variable(const char *name) { return getenv(name); }

int64_t now_ms(void) {
  struct timespec now;
  return clock_gettime(CLOCK_REALTIME, &now) != 0 ? -1 : (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t parent_id(void) { return getppid(); }

/* Reads at most `capacity` bytes; -1 on failure. */
static ssize_t read_all(int file, char *buffer, size_t capacity) {
  size_t filled = 0;
  while (filled < capacity) {
    ssize_t count = read(file, buffer + filled, capacity - filled);
    if (count == 0) break;
    if (count > 0) filled += (size_t)count;
    else if (errno != EINTR) return -1;
  }
  return (ssize_t)filled;
}

static bool is_private_file(const struct stat *facts) {
  return facts->st_uid == getuid() && (facts->st_mode & 077) == 0;
}

/* Opened once; owner, mode and bytes are those of the open file, so no name is looked up twice. */
ptrdiff_t read_file(const char *path, char *buffer, size_t capacity, bool *is_private) {
  int file = open(path, READ);
  if (file < 0) return -1;
  struct stat facts;
  ssize_t length = -1;
  if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode)) length = read_all(file, buffer, capacity);
  close(file);
  *is_private = length >= 0 && is_private_file(&facts);
  return length;
}

#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)((uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec);
}

/* From the opened file, since a network file system then asks its server. */
FileState file_facts(const char *path, FileFacts *facts) {
  int file = open(path, READ);
  if (file < 0) return errno == ENOENT || errno == ENOTDIR ? FILE_MISSING : FILE_DOUBTFUL;

  struct stat found;
  bool is_plain = fstat(file, &found) == 0 && S_ISREG(found.st_mode);
  close(file);
  if (!is_plain) return FILE_DOUBTFUL;
  *facts = (FileFacts){(int64_t)found.st_dev, (int64_t)found.st_ino, (int64_t)found.st_size,
                       nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
  return FILE_FOUND;
}

/* Writes all of it, even to a pipe that takes only a part at a time. */
static bool write_all(int file, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(file, bytes, length);
    if (count >= 0) {
      bytes += count;
      length -= (size_t)count;
    } else if (errno == EAGAIN) {
      poll(&(struct pollfd){.fd = file, .events = POLLOUT}, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

/* In place, and never truncated: ext4 flushes a truncated file to disk immediately. */
bool overwrite_file(const char *path, const char *bytes, size_t length) {
  int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  if (file < 0) return false;
  struct stat facts;
  bool is_written = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && is_private_file(&facts) &&
                    write_all(file, bytes, length);
  return close(file) == 0 && is_written;
}

bool print_all(const char *bytes, size_t length) {
  void (*before)(int) = signal(SIGPIPE, SIG_IGN);
  bool is_printed = write_all(STDOUT_FILENO, bytes, length) || errno == EPIPE || errno == EBADF;
  signal(SIGPIPE, before);
  return is_printed;
}

#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cutils.h"

/* Largest file the hot path reads, in bytes. Source: token/hot/host.ts, `readFile`. */
enum { MAX_FILE_BYTES = 64 * 1024 };

/* Opening never waits for the other end of a pipe. */
enum { READ = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

static bool printed = false;

bool has_printed(void) { return printed; }

/* The same check as Node's. The engine itself also accepts surrogates, which UTF-8 does not have. */
static bool is_utf8(const char *bytes, size_t length) {
  const uint8_t *next = (const uint8_t *)bytes;
  const uint8_t *end = next + length;
  while (next < end) {
    const uint8_t *start = next++;
    if (*start < 0x80) continue;
    uint32_t character = utf8_decode_len(start, (size_t)(end - start), &next);
    if (next == start + 1 || is_surrogate(character)) return false;
  }
  return true;
}

/* Node and QuickJS decode invalid UTF-8 differently, so none is read here. */
static JSValue new_text(JSContext *ctx, const char *bytes, size_t length) {
  if (!is_utf8(bytes, length)) return JS_ThrowTypeError(ctx, "no UTF-8");
  return JS_NewStringLen(ctx, bytes, length);
}

/* An empty variable counts as unset, as with Node. */
static JSValue host_env(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  const char *name = JS_ToCString(ctx, argv[0]);
  if (name == NULL) return JS_EXCEPTION;
  const char *value = getenv(name);
  JS_FreeCString(ctx, name);
  return value == NULL || *value == '\0' ? JS_UNDEFINED : new_text(ctx, value, strlen(value));
}

static JSValue host_now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return JS_ThrowTypeError(ctx, "no clock");
  return JS_NewInt64(ctx, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static JSValue host_parent_id(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  return JS_NewInt64(ctx, getppid());
}

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

static bool is_private(const struct stat *facts) {
  return facts->st_uid == getuid() && (facts->st_mode & 077) == 0;
}

static JSValue small_file(JSContext *ctx, const char *bytes, size_t length, const struct stat *facts) {
  if (!is_utf8(bytes, length)) return JS_UNDEFINED;
  JSValue file = JS_NewObject(ctx);
  JS_SetPropertyStr(ctx, file, "text", JS_NewStringLen(ctx, bytes, length));
  JS_SetPropertyStr(ctx, file, "isPrivate", JS_NewBool(ctx, is_private(facts)));
  return file;
}

/* Opened once; owner, mode and bytes are those of the open file, so no name is looked up twice. */
static JSValue host_read_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  static char buffer[MAX_FILE_BYTES + 1];
  const char *path = JS_ToCString(ctx, argv[0]);
  if (path == NULL) return JS_EXCEPTION;
  int file = open(path, READ);
  JS_FreeCString(ctx, path);
  if (file < 0) return JS_UNDEFINED;

  struct stat facts;
  ssize_t length = -1;
  if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode)) length = read_all(file, buffer, sizeof buffer);
  close(file);
  return length < 0 || length > MAX_FILE_BYTES ? JS_UNDEFINED : small_file(ctx, buffer, (size_t)length, &facts);
}

#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)((uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec);
}

/* In the form of token/hot/file-identity.ts: signed numbers, as in Node. */
static JSValue identity_text(JSContext *ctx, const struct stat *facts) {
  char text[5 * 21];
  int length = snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64,
                        (int64_t)facts->st_dev, (int64_t)facts->st_ino, (int64_t)facts->st_size,
                        nanoseconds(facts->st_mtim), nanoseconds(facts->st_ctim));
  return JS_NewStringLen(ctx, text, (size_t)length);
}

/* From the opened file, since a network file system then asks its server. */
static JSValue host_identity(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (path == NULL) return JS_EXCEPTION;
  int file = open(path, READ);
  bool is_missing = file < 0 && (errno == ENOENT || errno == ENOTDIR);
  JS_FreeCString(ctx, path);
  if (is_missing) return JS_NewString(ctx, "-");
  if (file < 0) return JS_UNDEFINED;

  struct stat facts;
  bool is_plain = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
  close(file);
  return is_plain ? identity_text(ctx, &facts) : JS_UNDEFINED;
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
static bool overwrite_file(const char *path, const char *bytes, size_t length) {
  int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  if (file < 0) return false;
  struct stat facts;
  bool is_written = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && is_private(&facts) &&
                    write_all(file, bytes, length);
  return close(file) == 0 && is_written;
}

static JSValue host_overwrite_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  size_t length;
  const char *path = JS_ToCString(ctx, argv[0]);
  const char *bytes = path == NULL ? NULL : JS_ToCStringLen(ctx, &length, argv[1]);
  JSValue result = bytes == NULL ? JS_EXCEPTION : JS_NewBool(ctx, overwrite_file(path, bytes, length));
  if (bytes != NULL) JS_FreeCString(ctx, bytes);
  if (path != NULL) JS_FreeCString(ctx, path);
  return result;
}

/* A missing reader is no failure. Any other obstacle, such as a full disk, is met again and explained by the core. */
static JSValue host_print(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  size_t length;
  const char *bytes = JS_ToCStringLen(ctx, &length, argv[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  void (*before)(int) = signal(SIGPIPE, SIG_IGN);
  printed = write_all(STDOUT_FILENO, bytes, length) || errno == EPIPE || errno == EBADF;
  signal(SIGPIPE, before);
  JS_FreeCString(ctx, bytes);
  return printed ? JS_UNDEFINED : JS_ThrowTypeError(ctx, "not written");
}

static JSValue new_words(JSContext *ctx, int argc, char **argv) {
  JSValue words = JS_NewArray(ctx);
  for (int index = 1; index < argc; index++) {
    JSValue word = new_text(ctx, argv[index], strlen(argv[index]));
    if (JS_IsException(word)) {
      JS_FreeValue(ctx, words);
      return word;
    }
    JS_SetPropertyUint32(ctx, words, (uint32_t)(index - 1), word);
  }
  return words;
}

static const JSCFunctionListEntry FUNCTIONS[] = {
    JS_CFUNC_DEF("env", 1, host_env),
    JS_CFUNC_DEF("now", 0, host_now),
    JS_CFUNC_DEF("parentId", 0, host_parent_id),
    JS_CFUNC_DEF("readFile", 1, host_read_file),
    JS_CFUNC_DEF("identity", 1, host_identity),
    JS_CFUNC_DEF("overwriteFile", 2, host_overwrite_file),
    JS_CFUNC_DEF("print", 1, host_print),
};

JSValue new_host(JSContext *ctx, int argc, char **argv) {
  JSValue words = new_words(ctx, argc, argv);
  if (JS_IsException(words)) return words;
  JSValue host = JS_NewObject(ctx);
  JS_SetPropertyStr(ctx, host, "args", words);
  JS_SetPropertyStr(ctx, host, "isWindows", JS_NewBool(ctx, false));
  JS_SetPropertyFunctionList(ctx, host, FUNCTIONS, sizeof FUNCTIONS / sizeof FUNCTIONS[0]);
  return host;
}

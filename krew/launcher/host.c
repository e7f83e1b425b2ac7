#include "host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cutils.h"
#include "system.h"

/* Largest file the hot path reads, in bytes. Source: token/hot/host.ts, `readFile`. */
enum { MAX_FILE_BYTES = 64 * 1024 };

#ifdef _WIN32
enum { IS_WINDOWS = true };
#else
enum { IS_WINDOWS = false };
#endif

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
  const char *value = variable(name);
  JS_FreeCString(ctx, name);
  return value == NULL || *value == '\0' ? JS_UNDEFINED : new_text(ctx, value, strlen(value));
}

static JSValue host_now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  int64_t now = now_ms();
  return now < 0 ? JS_ThrowTypeError(ctx, "no clock") : JS_NewInt64(ctx, now);
}

static JSValue host_parent_id(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  return JS_NewInt64(ctx, parent_id());
}

static JSValue small_file(JSContext *ctx, const char *bytes, size_t length, bool is_private) {
  if (!is_utf8(bytes, length)) return JS_UNDEFINED;
  JSValue file = JS_NewObject(ctx);
  JS_SetPropertyStr(ctx, file, "text", JS_NewStringLen(ctx, bytes, length));
  JS_SetPropertyStr(ctx, file, "isPrivate", JS_NewBool(ctx, is_private));
  return file;
}

static JSValue host_read_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  static char buffer[MAX_FILE_BYTES + 1];
  const char *path = JS_ToCString(ctx, argv[0]);
  if (path == NULL) return JS_EXCEPTION;
  bool is_private;
  ptrdiff_t length = read_file(path, buffer, sizeof buffer, &is_private);
  JS_FreeCString(ctx, path);
  return length < 0 || length > MAX_FILE_BYTES ? JS_UNDEFINED : small_file(ctx, buffer, (size_t)length, is_private);
}

/* In the form of token/hot/file-identity.ts: signed numbers, as in Node. */
static JSValue identity_text(JSContext *ctx, const FileFacts *facts) {
  char text[5 * 21];
  int length = snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64, facts->device,
                        facts->index, facts->size, facts->modified, facts->changed);
  return JS_NewStringLen(ctx, text, (size_t)length);
}

static JSValue host_identity(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (path == NULL) return JS_EXCEPTION;
  FileFacts facts;
  FileState state = file_facts(path, &facts);
  JS_FreeCString(ctx, path);
  if (state == FILE_MISSING) return JS_NewString(ctx, "-");
  return state == FILE_FOUND ? identity_text(ctx, &facts) : JS_UNDEFINED;
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

/* Any obstacle, such as a full disk, is met again and explained by the core. */
static JSValue host_print(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  size_t length;
  const char *bytes = JS_ToCStringLen(ctx, &length, argv[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  printed = print_all(bytes, length);
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
  JS_SetPropertyStr(ctx, host, "isWindows", JS_NewBool(ctx, IS_WINDOWS));
  JS_SetPropertyFunctionList(ctx, host, FUNCTIONS, sizeof FUNCTIONS / sizeof FUNCTIONS[0]);
  return host;
}

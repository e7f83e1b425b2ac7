/*
 * kubectl-vouch as shipped: answers kubectl's warm call from the cache, and becomes vouch-core for everything else. No Node, no
 * module loader, no code files: the answer is the TypeScript of token/hot/, compiled in.
 */
#include "arena.h"
#include "core.h"
#include "host.h"
#include "warm-answer.h"
#ifdef _WIN32
#include "wide.h"
#endif

static void answer(JSContext *ctx, int argc, char **argv) {
  JSValue host = new_host(ctx, argc, argv);
  if (JS_IsException(host)) return;
  JSValue global = JS_GetGlobalObject(ctx);
  JS_SetPropertyStr(ctx, global, "host", host);
  JSValue program = JS_ReadObject(ctx, warm_answer, warm_answer_size, JS_READ_OBJ_BYTECODE);
  if (!JS_IsException(program)) JS_EvalFunction(ctx, program);
}

/*
 * A file with deeper nesting than this stack can handle, in bytes, is the core's job. It is far below what `ulimit -s` leaves on
 * any system: the engine's own limit is a megabyte, and on a system with less it would crash.
 */
enum { STACK = 128 * 1024 };

/* The few parts of JavaScript that token/hot/ uses. */
static JSContext *new_context(void) {
  JSRuntime *runtime = JS_NewRuntime2(&ARENA, NULL);
  if (runtime == NULL) return NULL;
  JS_SetMaxStackSize(runtime, STACK);
  JSContext *ctx = JS_NewContextRaw(runtime);
  if (ctx == NULL) return NULL;
  JS_AddIntrinsicBaseObjects(ctx);
  JS_AddIntrinsicDate(ctx);
  JS_AddIntrinsicRegExp(ctx);
  JS_AddIntrinsicJSON(ctx);
  return ctx;
}

/* Nothing is freed: the process ends, or becomes another program. */
static int launch(int argc, char **argv) {
  fetch_warm_pages();
  JSContext *ctx = new_context();
  if (ctx != NULL) answer(ctx, argc, argv);
  return has_printed() ? 0 : become_core(argv);
}

#ifdef _WIN32
/* The C library would otherwise put file names in the place of `*` and `?`. */
int _dowildcard = 0;

int wmain(int argc, wchar_t **words) { return launch(argc, utf8_words(argc, words)); }
#else
int main(int argc, char **argv) { return launch(argc, argv); }
#endif

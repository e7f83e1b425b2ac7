#include "arena.h"

#include <stdint.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#include <linux/mman.h>
#endif

/* The most that a broken cache file can take, in bytes. Pages that are not touched cost nothing. */
enum { CAPACITY = 8 * 1024 * 1024, ALIGNMENT = 16 };

/* How much of it a warm answer takes, in bytes, rounded to pages. */
enum { WARM_ANSWER = 256 * 1024, PAGE = 4096 };

_Alignas(PAGE) static uint8_t memory[CAPACITY];
static size_t used = 0;

/* Each block is preceded by its size in bytes. */
static size_t size_of(const void *block) {
  size_t size;
  memcpy(&size, (const uint8_t *)block - ALIGNMENT, sizeof size);
  return size;
}

static void *allocate(void *opaque, size_t size) {
  if (size > CAPACITY) return NULL;
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (size + ALIGNMENT > CAPACITY - used) return NULL;
  uint8_t *block = memory + used + ALIGNMENT;
  memcpy(block - ALIGNMENT, &size, sizeof size);
  used += size + ALIGNMENT;
  return block;
}

/* The memory is zero when the process starts, and no block is reused. */
static void *allocate_zeroed(void *opaque, size_t count, size_t size) {
  return size != 0 && count > CAPACITY / size ? NULL : allocate(opaque, count * size);
}

static void release(void *opaque, void *block) {}

static bool is_last(const uint8_t *block) { return block + size_of(block) == memory + used; }

/* In place: the memory after the last block has never been used. */
static void *grow_last(uint8_t *block, size_t size) {
  size_t whole = used;
  used = (size_t)(block - memory) - ALIGNMENT;
  void *grown = allocate(NULL, size);
  if (grown == NULL) used = whole;
  return grown;
}

static void *reallocate(void *opaque, void *block, size_t size) {
  if (block == NULL) return allocate(opaque, size);
  size_t before = size_of(block);
  if (size <= before) return block;
  if (is_last(block)) return grow_last(block, size);
  void *moved = allocate(opaque, size);
  if (moved != NULL) memcpy(moved, block, before);
  return moved;
}

static size_t usable_size(const void *block) { return block == NULL ? 0 : size_of(block); }

void fetch_warm_pages(void) {
#ifdef MADV_POPULATE_WRITE
  madvise(memory, WARM_ANSWER, MADV_POPULATE_WRITE);
#endif
}

const JSMallocFunctions ARENA = {
    .js_calloc = allocate_zeroed,
    .js_malloc = allocate,
    .js_free = release,
    .js_realloc = reallocate,
    .js_malloc_usable_size = usable_size,
};

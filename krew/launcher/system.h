/* What host.c requires of the operating system. All texts are UTF-8. */
#ifndef KUBECTL_VOUCH_SYSTEM_H
#define KUBECTL_VOUCH_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Value of a variable that has no text in UTF-8; neither does this one. */
#define NO_TEXT "\xff"

/* The value of a variable; NULL if it is not set. Valid until the next call. */
const char *variable(const char *name);

/* Milliseconds since 1970; -1 if there is no clock. */
int64_t now_ms(void);

int64_t parent_id(void);

/* Reads at most `capacity` bytes of a regular file; -1 on failure. `is_private` is that of exactly the file that was read. */
ptrdiff_t read_file(const char *path, char *buffer, size_t capacity, bool *is_private);

/* The numbers of token/hot/file-identity.ts, as Node reports them; times in nanoseconds since 1970. */
typedef struct {
  int64_t device, index, size, modified, changed;
} FileFacts;

typedef enum { FILE_MISSING, FILE_FOUND, FILE_DOUBTFUL } FileState;

FileState file_facts(const char *path, FileFacts *facts);

/* Writes over the start of a file, as `overwriteFile` in token/hot/host.ts. */
bool overwrite_file(const char *path, const char *bytes, size_t length);

/* Writes all of it to standard output. A missing reader is no failure. */
bool print_all(const char *bytes, size_t length);

#endif

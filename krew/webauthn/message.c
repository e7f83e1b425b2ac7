/* The words between kubectl-vouch and this program: lines of a name and hexadecimal bytes, ended by an empty line. */
#include "message.h"

#include <stdio.h>
#include <string.h>

/* The longest request and the longest answer, in characters. */
enum { MAX_REQUEST = 256 * 1024, MAX_ANSWER = 256 * 1024 };

/* How long a value may be, in bytes. */
static const struct {
  const char *name;
  DWORD max;
  bool is_of_creation;
  bool is_text;
} FIELD[FIELDS] = {
    [RP_ID] = {"rp-id", 253, false, true},
    [RP_NAME] = {"rp-name", 200, true, true},
    [USER_ID] = {"user-id", 64, true, false},
    [USER_NAME] = {"user-name", 320, true, true},
    [CLIENT_DATA] = {"client-data", 4096, false, false},
    [TIMEOUT] = {"timeout", 4, false, false},
};
enum { MAX_ID = 1023 };

_Noreturn void leave(UINT status) {
  TerminateProcess(GetCurrentProcess(), status);
  for (;;) Sleep(INFINITE);
}

static char input[MAX_REQUEST];
static char output[MAX_ANSWER];
static DWORD written;

/* Reads up to and including the empty line; nothing may follow it. Returns the length, 0 if there is no complete request. */
static DWORD read_input(void) {
  HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
  DWORD length = 0;
  for (;;) {
    DWORD count = 0;
    if (length == MAX_REQUEST || !ReadFile(in, input + length, MAX_REQUEST - length, &count, NULL) || count == 0) return 0;
    length += count;
    for (DWORD at = 1; at < length; at++) {
      if (input[at] == '\n' && input[at - 1] == '\n') return at + 1 == length ? length : 0;
    }
  }
}

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place: bytes are shorter than their digits. */
static bool decode(char *digits, size_t length, DWORD max, Bytes *into) {
  if (length == 0 || length % 2 != 0 || length / 2 > max || into->bytes != NULL) return false;
  BYTE *bytes = (BYTE *)digits;
  for (size_t at = 0; at < length; at += 2) {
    int high = digit(digits[at]), low = digit(digits[at + 1]);
    if (high < 0 || low < 0) return false;
    bytes[at / 2] = (BYTE)(high << 4 | low);
  }
  *into = (Bytes){(DWORD)(length / 2), bytes};
  return true;
}

static bool read_line(Request *request, char *line, size_t length) {
  char *space = memchr(line, ' ', length);
  if (space == NULL) return false;
  *space = '\0';
  char *digits = space + 1;
  size_t count = length - (size_t)(digits - line);
  if (strcmp(line, "exclude") == 0 && request->is_creation && request->excluded_count < MAX_EXCLUDED) {
    return decode(digits, count, MAX_ID, &request->excluded[request->excluded_count++]);
  }
  for (int field = 0; field < FIELDS; field++) {
    if (strcmp(line, FIELD[field].name) != 0) continue;
    if (FIELD[field].is_of_creation && !request->is_creation) return false;
    return decode(digits, count, FIELD[field].max, &request->fields[field]);
  }
  return false;
}

/* NULL if it is not UTF-8, or contains a NUL. Never freed. */
static WCHAR *wide(Bytes text) {
  int size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, (char *)text.bytes, (int)text.size, NULL, 0);
  WCHAR *made = size <= 0 ? NULL : HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(WCHAR) * ((size_t)size + 1));
  if (made != NULL) MultiByteToWideChar(CP_UTF8, 0, (char *)text.bytes, (int)text.size, made, size);
  return made != NULL && lstrlenW(made) == size ? made : NULL;
}

static bool is_complete(Request *request) {
  for (int field = 0; field < FIELDS; field++) {
    bool is_required = request->is_creation || !FIELD[field].is_of_creation;
    if (!is_required) continue;
    if (request->fields[field].bytes == NULL) return false;
    if (FIELD[field].is_text && (request->texts[field] = wide(request->fields[field])) == NULL) return false;
  }
  const Bytes *timeout = &request->fields[TIMEOUT];
  if (timeout->size != 4) return false;
  for (int at = 0; at < 4; at++) request->timeout_ms = request->timeout_ms << 8 | timeout->bytes[at];
  return true;
}

bool read_request(Request *request) {
  DWORD length = read_input();
  bool is_first = true;
  /* The last line is the empty one. */
  for (DWORD at = 0; at + 1 < length;) {
    char *line = input + at;
    size_t size = (size_t)((char *)memchr(line, '\n', length - at) - line);
    at += (DWORD)size + 1;
    if (!is_first) {
      if (!read_line(request, line, size)) return false;
      continue;
    }
    is_first = false;
    request->is_creation = size == 6 && memcmp(line, "create", 6) == 0;
    if (!request->is_creation && (size != 6 || memcmp(line, "assert", 6) != 0)) return false;
  }
  return !is_first && is_complete(request);
}

void put(const char *name, const BYTE *bytes, DWORD size) {
  static const char DIGITS[] = "0123456789abcdef";
  /* Room for an error and the end stays. */
  if (size > MAX_ANSWER / 2 - 200 || strlen(name) + size * 2 + 200 > MAX_ANSWER - written) leave(1);
  written += (DWORD)sprintf(output + written, "%s ", name);
  for (DWORD at = 0; at < size; at++) {
    output[written++] = DIGITS[bytes[at] >> 4];
    output[written++] = DIGITS[bytes[at] & 15];
  }
  output[written++] = '\n';
}

void put_error(HRESULT code, const char *name) {
  written += (DWORD)sprintf(output + written, "error %08lx %.40s\n", (unsigned long)code, name);
}

void flush(void) {
  HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
  for (DWORD at = 0, count; at < written; at += count) {
    if (!WriteFile(out, output + at, written - at, &count, NULL)) leave(1);
  }
  written = 0;
}

void end_answer(void) {
  output[written++] = '\n';
  flush();
}

#include "system.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#include "access.h"
#include "wide.h"

/* The longest value of a variable, in characters. Source: Microsoft, "SetEnvironmentVariableW". */
enum { MAX_VALUE = 32767 };

/* Windows' times are in 100 ns since 1601. */
enum { PER_MS = 10 * 1000, PER_SECOND = PER_MS * 1000 };
static const int64_t UNIX_EPOCH = 116444736000000000;

static bool to_utf8(const wchar_t *text, char *bytes, int capacity) {
  return WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, -1, bytes, capacity, NULL, NULL) != 0;
}

static char *utf8_word(const wchar_t *word) {
  size_t size = wcslen(word) * 3 + 1;
  char *bytes = size > INT_MAX ? NULL : malloc(size);
  return bytes != NULL && to_utf8(word, bytes, (int)size) ? bytes : NO_TEXT;
}

char **utf8_words(int count, wchar_t **words) {
  char **converted = calloc((size_t)count + 1, sizeof *converted);
  if (converted == NULL) exit(EXIT_FAILURE);
  for (int index = 0; index < count; index++) converted[index] = utf8_word(words[index]);
  return converted;
}

/* As with Node, the home is the profile where HOME is not set. */
const char *variable(const char *name) {
  static wchar_t value[MAX_VALUE + 1];
  static char bytes[MAX_VALUE * 3 + 1];
  wchar_t wide[64];
  if (MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, 64) == 0) return NULL;
  DWORD length = GetEnvironmentVariableW(wide, value, MAX_VALUE + 1);
  if (length == 0) return strcmp(name, "HOME") == 0 ? variable("USERPROFILE") : NULL;
  return length <= MAX_VALUE && to_utf8(value, bytes, sizeof bytes) ? bytes : NO_TEXT;
}

static int64_t ticks(FILETIME time) { return (int64_t)time.dwHighDateTime << 32 | time.dwLowDateTime; }

int64_t now_ms(void) {
  FILETIME now;
  GetSystemTimePreciseAsFileTime(&now);
  return (ticks(now) - UNIX_EPOCH) / PER_MS;
}

int64_t parent_id(void) {
  PROCESS_BASIC_INFORMATION facts;
  NTSTATUS status = NtQueryInformationProcess(GetCurrentProcess(), ProcessBasicInformation, &facts, sizeof facts, NULL);
  return NT_SUCCESS(status) ? (int64_t)facts.InheritedFromUniqueProcessId : 0;
}

/* A longer path than this would need another form; then it is the core's job. A server of a named pipe never becomes the user. */
static HANDLE open_path(const char *path, DWORD access, DWORD disposition, DWORD flags) {
  wchar_t wide[MAX_PATH];
  SetLastError(ERROR_INVALID_NAME);
  if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, MAX_PATH) == 0) return INVALID_HANDLE_VALUE;
  SECURITY_ATTRIBUTES *attributes = disposition == OPEN_ALWAYS ? private_attributes() : NULL;
  if (disposition == OPEN_ALWAYS && attributes == NULL) return INVALID_HANDLE_VALUE;
  return CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, attributes, disposition,
                     flags | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
}

static bool is_plain(HANDLE file, BY_HANDLE_FILE_INFORMATION *facts) {
  return GetFileType(file) == FILE_TYPE_DISK && GetFileInformationByHandle(file, facts) &&
         (facts->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

static ptrdiff_t read_all(HANDLE file, char *buffer, size_t capacity) {
  size_t filled = 0;
  DWORD count;
  do {
    if (!ReadFile(file, buffer + filled, (DWORD)(capacity - filled), &count, NULL)) return -1;
    filled += count;
  } while (count > 0 && filled < capacity);
  return (ptrdiff_t)filled;
}

/* Opened once; owner, access list and bytes are those of the open file, so no name is looked up twice. */
ptrdiff_t read_file(const char *path, char *buffer, size_t capacity, bool *is_private) {
  BY_HANDLE_FILE_INFORMATION facts;
  HANDLE file = open_path(path, GENERIC_READ, OPEN_EXISTING, 0);
  if (file == INVALID_HANDLE_VALUE) return -1;
  ptrdiff_t length = is_plain(file, &facts) ? read_all(file, buffer, capacity) : -1;
  *is_private = length >= 0 && is_ours_alone(file, MAXDWORD, NULL);
  CloseHandle(file);
  return length;
}

/* Node counts the seconds in 32 bits. Source: nodejs/node, src/node_file-inl.h, `FillStatsArray`. */
static int64_t nanoseconds(int64_t time) {
  int64_t since = time - UNIX_EPOCH;
  int64_t seconds = since / PER_SECOND, rest = since % PER_SECOND;
  if (rest < 0) seconds--, rest += PER_SECOND;
  return (int64_t)(uint32_t)seconds * 1000000000 + rest * 100;
}

FileState file_facts(const char *path, FileFacts *facts) {
  BY_HANDLE_FILE_INFORMATION found;
  FILE_BASIC_INFO times;
  HANDLE file = open_path(path, GENERIC_READ, OPEN_EXISTING, 0);
  if (file == INVALID_HANDLE_VALUE) {
    DWORD reason = GetLastError();
    return reason == ERROR_FILE_NOT_FOUND || reason == ERROR_PATH_NOT_FOUND ? FILE_MISSING : FILE_DOUBTFUL;
  }
  bool is_known = is_plain(file, &found) && GetFileInformationByHandleEx(file, FileBasicInfo, &times, sizeof times);
  CloseHandle(file);
  if (!is_known) return FILE_DOUBTFUL;
  *facts = (FileFacts){found.dwVolumeSerialNumber, (int64_t)found.nFileIndexHigh << 32 | found.nFileIndexLow,
                       (int64_t)found.nFileSizeHigh << 32 | found.nFileSizeLow,
                       nanoseconds(times.LastWriteTime.QuadPart), nanoseconds(times.ChangeTime.QuadPart)};
  return FILE_FOUND;
}

static bool write_all(HANDLE file, const char *bytes, size_t length) {
  while (length > 0) {
    DWORD count;
    if (!WriteFile(file, bytes, (DWORD)length, &count, NULL)) return false;
    bytes += count;
    length -= count;
  }
  return true;
}

bool overwrite_file(const char *path, const char *bytes, size_t length) {
  BY_HANDLE_FILE_INFORMATION facts;
  HANDLE file = open_path(path, FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE, OPEN_ALWAYS,
                          FILE_FLAG_OPEN_REPARSE_POINT);
  if (file == INVALID_HANDLE_VALUE) return false;
  bool is_itself = is_plain(file, &facts) && (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0;
  bool is_written = is_itself && is_ours_alone(file, MAXDWORD, NULL) && write_all(file, bytes, length);
  CloseHandle(file);
  return is_written;
}

/* A console shows UTF-8 only if its code page is UTF-8. */
static bool write_console(HANDLE console, const char *bytes, size_t length) {
  static wchar_t text[4096];
  DWORD written;
  int count = MultiByteToWideChar(CP_UTF8, 0, bytes, (int)length, text, 4096);
  return count > 0 && WriteConsoleW(console, text, (DWORD)count, &written, NULL);
}

bool print_all(const char *bytes, size_t length) {
  DWORD mode;
  HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
  if (GetConsoleMode(out, &mode) && write_console(out, bytes, length)) return true;
  if (write_all(out, bytes, length)) return true;
  DWORD reason = GetLastError();
  return reason == ERROR_NO_DATA || reason == ERROR_BROKEN_PIPE || reason == ERROR_INVALID_HANDLE;
}

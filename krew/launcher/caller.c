#include "caller.h"

#include <inttypes.h>
#include <stdbool.h>
#include <wchar.h>
#include <windows.h>
#include <winternl.h>

#include "gate.h"
#include "system.h"

/* Windows 8.1. mingw's header does not have it. */
enum { COMMAND_LINE_INFORMATION = 60 };

typedef union {
  UNICODE_STRING text;
  wchar_t characters[sizeof(UNICODE_STRING) / sizeof(wchar_t) + 32768];
} CommandLine;

/* When a process started, in 100 ns since 1601; 0 if unknown. */
static uint64_t start_of(HANDLE process) {
  FILETIME started, other;
  return GetProcessTimes(process, &started, &other, &other, &other)
             ? (uint64_t)started.dwHighDateTime << 32 | started.dwLowDateTime
             : 0;
}

/* The number of a process that has ended can be that of another by now, which started later than we did. */
static HANDLE open_parent(DWORD id) {
  HANDLE parent = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
  if (parent == NULL || start_of(parent) <= start_of(GetCurrentProcess())) return parent;
  CloseHandle(parent);
  return NULL;
}

static const wchar_t *command_line(HANDLE process, CommandLine *line) {
  NTSTATUS status = NtQueryInformationProcess(process, COMMAND_LINE_INFORMATION, line, sizeof *line - sizeof(wchar_t), NULL);
  if (!NT_SUCCESS(status) || line->text.Buffer == NULL) return L"";
  line->text.Buffer[line->text.Length / sizeof(wchar_t)] = L'\0';
  return line->text.Buffer;
}

/* Without the command line if it makes the value longer than Windows allows. */
void hand_on_caller(void) {
  static CommandLine line;
  static wchar_t value[80 + 32768];
  DWORD id = (DWORD)parent_id();
  HANDLE parent = open_parent(id);
  const wchar_t *words = parent == NULL ? L"" : command_line(parent, &line);
  uint64_t start = parent == NULL ? 0 : start_of(parent);
  int head = swprintf(value, 80, L"%lu %lu %" PRIu64 " ", GetCurrentProcessId(), id, start);
  wcscpy(value + head, words);
  if (SetEnvironmentVariableW(CALLER_VARIABLE, value)) return;
  value[head] = L'\0';
  SetEnvironmentVariableW(CALLER_VARIABLE, value);
}

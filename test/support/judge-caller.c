/*
 * Prints what krew/launcher/caller.c hands on. wine 8 does not know the question for another process's command line: here it is read
 * from that process's memory, in the form in which Windows answers.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#include "caller.h"
#include "gate.h"
#include "system.h"

#undef NtQueryInformationProcess
NTSTATUS NTAPI NtQueryInformationProcess(HANDLE, PROCESSINFOCLASS, PVOID, ULONG, PULONG);

static NTSTATUS read_command_line(HANDLE limited, UNICODE_STRING *answer, ULONG size) {
  HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, GetProcessId(limited));
  PROCESS_BASIC_INFORMATION facts;
  PEB peb;
  RTL_USER_PROCESS_PARAMETERS parameters;
  NTSTATUS status = NtQueryInformationProcess(process, ProcessBasicInformation, &facts, sizeof facts, NULL);
  if (!NT_SUCCESS(status) || !ReadProcessMemory(process, facts.PebBaseAddress, &peb, sizeof peb, NULL) ||
      !ReadProcessMemory(process, peb.ProcessParameters, &parameters, sizeof parameters, NULL))
    return (NTSTATUS)0xc0000001;
  UNICODE_STRING found = parameters.CommandLine;
  if (sizeof found + found.Length > size) return (NTSTATUS)0xc0000004;
  answer->Length = answer->MaximumLength = found.Length;
  answer->Buffer = (wchar_t *)(answer + 1);
  memset(answer->Buffer, 0xcc, size - sizeof found);
  return ReadProcessMemory(process, found.Buffer, answer->Buffer, found.Length, NULL) ? 0 : (NTSTATUS)0xc0000001;
}

NTSTATUS NTAPI asked_process(HANDLE process, PROCESSINFOCLASS class, PVOID answer, ULONG size, PULONG length) {
  return (int)class == 60 ? read_command_line(process, answer, size)
                          : NtQueryInformationProcess(process, class, answer, size, length);
}

int64_t parent_id(void) {
  PROCESS_BASIC_INFORMATION facts;
  NtQueryInformationProcess(GetCurrentProcess(), ProcessBasicInformation, &facts, sizeof facts, NULL);
  return (int64_t)facts.InheritedFromUniqueProcessId;
}

int main(void) {
  static wchar_t value[32767];
  static char bytes[3 * 32767];
  DWORD written;
  hand_on_caller();
  DWORD length = GetEnvironmentVariableW(CALLER_VARIABLE, value, 32767);
  int size = WideCharToMultiByte(CP_UTF8, 0, value, (int)length, bytes, sizeof bytes, NULL, NULL);
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, (DWORD)size, &written, NULL);
  return GetCurrentProcessId() == 0;
}

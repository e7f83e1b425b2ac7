#include "core.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>
#include <sddl.h>

#include "access.h"
#include "caller.h"
#include "gate.h"

static const wchar_t CORE[] = L"vouch-core.exe";

/* Started by the core, from the same folder. Source: krew/webauthn/build.ts. */
static const wchar_t HELPER[] = L"vouch-webauthn.exe";

/* The commands for PowerShell and for cmd.exe, which have no separator in common. */
#define REINSTALL L"Reinstall it: `kubectl krew uninstall vouch`, then `kubectl krew install vouch`, or unpack the whole archive.\n"

#define ELSEWHERE L"Reinstall it in a directory that only you can change"

/* Exit status for a broken installation. Source: plugin/EXIT-STATUS.md. */
enum { EXIT_CONFIGURATION = 6 };

/* The longest path, and the longest name that is put in the place of this program's, in characters. */
enum { LONGEST = 32768, LONGEST_NAME = 32 };

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

/* In the console's own characters, or as UTF-8. */
static void say(const wchar_t *format, ...) {
  static wchar_t text[3 * LONGEST];
  static char bytes[sizeof text * 3 / 2];
  HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
  DWORD written;
  va_list values;
  va_start(values, format);
  int length = _vsnwprintf(text, 3 * LONGEST, format, values);
  va_end(values);
  if (length < 0 || WriteConsoleW(out, text, (DWORD)length, &written, NULL)) return;
  int size = WideCharToMultiByte(CP_UTF8, 0, text, length, bytes, sizeof bytes, NULL, NULL);
  WriteFile(out, bytes, (DWORD)size, &written, NULL);
}

static int refuse(const wchar_t *core, const wchar_t *what, const wchar_t *code) {
  say(L"error: %ls %ls. [%ls]\n", core, what, code);
  return EXIT_CONFIGURATION;
}

static int refuse_missing(const wchar_t *core, const wchar_t *why) {
  refuse(core, why, L"core-missing");
  say(REINSTALL);
  return EXIT_CONFIGURATION;
}

/*
 * Whether both shells use this path as it is between double quotes. Otherwise they expand a part of it, or it ends the quotes, for
 * which PowerShell also accepts typographic ones. Source: PowerShell, "about_Quoting_Rules".
 */
static bool is_pasteable(const wchar_t *path) { return wcspbrk(path, L"%$`\u201c\u201d\u201e") == NULL; }

static int refuse_foreign(const wchar_t *path) {
  refuse(path, L"does not belong to you, Administrators, SYSTEM or the owner of kubectl-vouch.exe", L"core-unsafe");
  if (is_pasteable(path)) say(L"Check who can change it: `icacls \"%ls\"`\n", path);
  else say(REINSTALL);
  return EXIT_CONFIGURATION;
}

/* Without its own entries, the file has those of its folder, which was found safe. */
static int refuse_writable_file(const wchar_t *path) {
  refuse(path, L"is writable by others", L"core-unsafe");
  if (is_pasteable(path)) say(L"If you trust its contents, remove that permission: `icacls \"%ls\" /reset`\n", path);
  else say(REINSTALL);
  return EXIT_CONFIGURATION;
}

/*
 * The files in the folder inherit its new list. `/T` might follow links that others have put there. A whole drive is not made one
 * user's.
 */
static int refuse_writable_folder(const wchar_t *path) {
  LPWSTR user = NULL;
  refuse(path, L"contains kubectl-vouch.exe and is writable by others", L"core-unsafe");
  if (path[wcslen(path) - 1] == L'\\' || !is_pasteable(path) || user_sid() == NULL ||
      !ConvertSidToStringSidW(user_sid(), &user)) {
    say(ELSEWHERE L".\n");
  } else {
    say(ELSEWHERE L", or, if this one contains nothing else and you trust its contents, remove that permission: "
        L"`icacls \"%ls\" /reset`, then "
        L"`icacls \"%ls\" /inheritance:r /grant:r \"*%ls:(OI)(CI)F\" \"*S-1-5-18:(OI)(CI)F\" \"*S-1-5-32-544:(OI)(CI)F\"`\n",
        path, path, user);
  }
  return EXIT_CONFIGURATION;
}

/* A system message can refer to up to 99 strings. Source: Microsoft, "FormatMessageW". */
static int refuse_unstartable(const wchar_t *core, DWORD reason) {
  wchar_t what[512] = L"cannot be started: ";
  const wchar_t *inserted[99] = {CORE};
  for (int index = 1; index < 99; index++) inserted[index] = L"";
  size_t length = wcslen(what);
  DWORD added = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY, NULL, reason, 0, what + length,
                               (DWORD)(512 - length), (va_list *)inserted);
  if (added == 0) swprintf(what + length, 512 - length, L"error %lu", reason);
  for (length = wcslen(what); length > 0 && wcschr(L".\r\n ", what[length - 1]) != NULL; length--) what[length - 1] = L'\0';
  refuse(core, what, L"core-unusable");
  say(L"Check whether a policy or a virus scanner blocks it. " REINSTALL);
  return EXIT_CONFIGURATION;
}

static HANDLE open_file(const wchar_t *path, DWORD access, DWORD shared, DWORD flags) {
  return CreateFileW(path, access, shared, NULL, OPEN_EXISTING, flags, NULL);
}

/* Windows reports the link by which this program was started, such as krew's. */
static HANDLE open_own_file(wchar_t *path) {
  DWORD length = GetModuleFileNameW(NULL, path, LONGEST);
  return length == 0 || length == LONGEST ? INVALID_HANDLE_VALUE : open_file(path, READ_CONTROL, SHARE_ALL, 0);
}

/* Links are followed. The prefix of very long paths is only kept where it is needed: not all programs know it. */
static wchar_t *real_path(HANDLE file, wchar_t *path) {
  DWORD length = GetFinalPathNameByHandleW(file, path, LONGEST, VOLUME_NAME_DOS);
  if (length == 0 || length >= LONGEST) return NULL;
  if (length >= MAX_PATH || wcsncmp(path, L"\\\\?\\", 4) != 0) return path;
  if (wcsncmp(path + 4, L"UNC\\", 4) != 0) return path + 4;
  path[6] = L'\\';
  return path + 6;
}

static bool starts_with(const wchar_t *text, const wchar_t *start) { return _wcsnicmp(text, start, wcslen(start)) == 0; }

static bool is_turning(const wchar_t *variable) {
  for (size_t index = 0; index < sizeof TURNING / sizeof TURNING[0]; index++) {
    if (starts_with(variable, TURNING[index])) return true;
  }
  return false;
}

/* Removes a variable, and keeps its value under a name that has no effect; in upper case, as the core knows it. */
static bool set_aside(const wchar_t *name, const wchar_t *value) {
  size_t length = wcslen(DROPPED_PREFIX) + wcslen(name) + 1;
  wchar_t *renamed = malloc(length * sizeof *renamed);
  if (renamed == NULL || !SetEnvironmentVariableW(name, NULL)) return false;
  wcscpy(renamed, DROPPED_PREFIX);
  wcscat(renamed, name);
  _wcsupr(renamed);
  return SetEnvironmentVariableW(renamed, value);
}

/* Names differ in more than upper and lower case; the same one twice is removed twice. False if one could not be removed. */
static bool clean_environment(void) {
  wchar_t *all = GetEnvironmentStringsW();
  if (all == NULL) return false;
  bool is_clean = true;
  for (int pass = 0; pass < 2; pass++) {
    for (wchar_t *entry = all; *entry != L'\0'; entry += wcslen(entry) + 1) {
      wchar_t *equals = wcschr(entry + 1, L'=');
      if (equals == NULL) continue;
      bool is_ours = starts_with(entry, DROPPED_PREFIX) || starts_with(entry, CALLER_VARIABLE L"=");
      bool is_removed = pass == 0 ? is_ours : is_turning(entry);
      if (!is_removed) continue;
      *equals = L'\0';
      is_clean = (pass == 0 ? SetEnvironmentVariableW(entry, NULL) : set_aside(entry, equals + 1)) && is_clean;
      *equals = L'=';
    }
  }
  return is_clean;
}

/* From the registry: a kubeconfig can set variables, and `GetUserProfileDirectoryW` is in a library that can be replaced (PACKAGING.md). */
static HANDLE open_profile(void) {
  wchar_t key[256], path[MAX_PATH];
  DWORD size = sizeof path;
  LPWSTR user = NULL;
  if (user_sid() == NULL || !ConvertSidToStringSidW(user_sid(), &user)) return INVALID_HANDLE_VALUE;
  swprintf(key, 256, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\%ls", user);
  bool is_found = RegGetValueW(HKEY_LOCAL_MACHINE, key, L"ProfileImagePath",
                               RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, path, &size) == ERROR_SUCCESS;
  return is_found && path[1] == L':' ? open_file(path, 0, SHARE_ALL, FILE_FLAG_BACKUP_SEMANTICS) : INVALID_HANDLE_VALUE;
}

static bool is_in_profile(HANDLE folder) {
  static wchar_t paths[2][LONGEST];
  HANDLE profile = open_profile();
  if (profile == INVALID_HANDLE_VALUE) return false;
  const wchar_t *outer = real_path(profile, paths[0]), *inner = real_path(folder, paths[1]);
  CloseHandle(profile);
  return outer != NULL && inner != NULL && starts_with(inner, outer) && inner[wcslen(outer)] == L'\\';
}

/*
 * The core creates files without access lists of their own, so they get that of the state folder. One that exists is made
 * private unless it is. If that fails, the files have the access list of the user's profile. A kubeconfig can set LOCALAPPDATA, so
 * an existing folder outside the profile is not changed.
 */
static void prepare_state_folder(void) {
  static wchar_t folder[MAX_PATH + 32];
  DWORD length = GetEnvironmentVariableW(L"LOCALAPPDATA", folder, MAX_PATH);
  if (length < 3 || length >= MAX_PATH || (folder[1] != L':' && wcsncmp(folder, L"\\\\", 2) != 0)) return;
  wcscat(folder, L"\\kubectl-vouch");
  SECURITY_ATTRIBUTES *attributes = private_attributes();
  if (attributes == NULL || CreateDirectoryW(folder, attributes) || GetLastError() != ERROR_ALREADY_EXISTS) return;
  HANDLE found = open_file(folder, READ_CONTROL | WRITE_DAC, SHARE_ALL, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
  if (found == INVALID_HANDLE_VALUE) return;
  if (!is_ours_alone(found, MAXDWORD, NULL) && is_in_profile(found)) make_private(found);
  CloseHandle(found);
}

static HANDLE running_core;

/* Ctrl-C reaches the core, too, which decides what it means. When the console closes, the core has time to end. */
static BOOL WINAPI leave_it_to_core(DWORD event) {
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT && running_core != NULL)
    WaitForSingleObject(running_core, INFINITE);
  return TRUE;
}

/* If this program is ended, so is the core. What the core starts, such as a browser, is not. */
static HANDLE job_of_core(void) {
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {
      .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK};
  if (job != NULL) SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return job;
}

static HANDLE inheritable(DWORD which) {
  HANDLE stream = GetStdHandle(which);
  SetHandleInformation(stream, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return stream;
}

/* With our streams, and our command line as it is: every program splits it into words itself. */
static bool start(const wchar_t *core, PROCESS_INFORMATION *made) {
  STARTUPINFOW ours;
  GetStartupInfoW(&ours);
  STARTUPINFOW startup = {
      .cb = sizeof startup,
      .dwFlags = (ours.dwFlags & STARTF_USESHOWWINDOW) | STARTF_USESTDHANDLES,
      .wShowWindow = ours.wShowWindow,
      .cbReserved2 = ours.cbReserved2,
      .lpReserved2 = ours.lpReserved2,
      .hStdInput = inheritable(STD_INPUT_HANDLE),
      .hStdOutput = inheritable(STD_OUTPUT_HANDLE),
      .hStdError = inheritable(STD_ERROR_HANDLE),
  };
  return CreateProcessW(core, GetCommandLineW(), NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, made);
}

/* `held` is the core's file, which no one can change or replace until it is started. */
static int run(const wchar_t *core, HANDLE held) {
  PROCESS_INFORMATION made;
  HANDLE job = job_of_core();
  SetConsoleCtrlHandler(leave_it_to_core, TRUE);
  if (!start(core, &made)) return refuse_unstartable(core, GetLastError());
  CloseHandle(held);
  running_core = made.hProcess;
  if (job != NULL) AssignProcessToJobObject(job, made.hProcess);
  ResumeThread(made.hThread);
  WaitForSingleObject(made.hProcess, INFINITE);
  DWORD status;
  return GetExitCodeProcess(made.hProcess, &status) ? (int)status : EXIT_CONFIGURATION;
}

static int check_program(const wchar_t *path, HANDLE file, PSID owner) {
  if (is_ours_alone(file, CHANGES, owner)) return 0;
  return has_trusted_owner(file, owner) ? refuse_writable_file(path) : refuse_foreign(path);
}

/* Windows loads libraries from the folder, whatever their names, so no one else may add files to it. */
static int check_folder(const wchar_t *program, PSID owner) {
  static wchar_t path[LONGEST + LONGEST_NAME];
  wcscpy(path, program);
  wchar_t *last = wcsrchr(path, L'\\');
  last[1] = L'\0';
  HANDLE folder = open_file(path, READ_CONTROL, SHARE_ALL, FILE_FLAG_BACKUP_SEMANTICS);
  if (last[-1] != L':') *last = L'\0';
  if (is_ours_alone(folder, CHANGES, owner)) return 0;
  return has_trusted_owner(folder, owner) ? refuse_writable_folder(path) : refuse_foreign(path);
}

/* Not every installation has it. */
static int check_helper(const wchar_t *core, PSID owner) {
  static wchar_t path[LONGEST + LONGEST_NAME];
  wcscpy(path, core);
  wcscpy(wcsrchr(path, L'\\') + 1, HELPER);
  HANDLE helper = open_file(path, READ_CONTROL, SHARE_ALL, 0);
  bool is_missing = helper == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_NOT_FOUND;
  return is_missing ? 0 : check_program(path, helper, owner);
}

int become_core(char **argv) {
  static wchar_t named[LONGEST], resolved[LONGEST + LONGEST_NAME];
  (void)argv;
  HANDLE own = open_own_file(named);
  wchar_t *core = own == INVALID_HANDLE_VALUE ? NULL : real_path(own, resolved);
  if (core == NULL) return refuse_missing(CORE, L"not found: the system does not report the path of this program");
  wcscpy(wcsrchr(core, L'\\') + 1, CORE);

  HANDLE file = open_file(core, READ_CONTROL | FILE_READ_DATA, FILE_SHARE_READ, 0);
  if (file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_NOT_FOUND)
    return refuse_missing(core, L"not found; it must be next to kubectl-vouch.exe");
  if (file == INVALID_HANDLE_VALUE) return refuse_unstartable(core, GetLastError());
  PSID owner = copy_of_owner(own);
  int refused = check_folder(core, owner);
  if (refused == 0) refused = check_program(core, file, owner);
  if (refused == 0) refused = check_helper(core, owner);
  if (refused != 0) return refused;
  prepare_state_folder();
  if (!clean_environment()) return refuse_unstartable(core, ERROR_NOT_ENOUGH_MEMORY);
  hand_on_caller();
  return run(core, file);
}

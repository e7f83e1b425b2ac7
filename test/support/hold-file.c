/* Holds a file so that it can rename or delete it, and meanwhile runs a program; ends with that one's status. */
#include <windows.h>

int wmain(int argc, wchar_t **argv) {
  DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, status = 1;
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION made;
  if (argc != 3 || CreateFileW(argv[1], DELETE, shared, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE) return 2;
  if (!CreateProcessW(argv[2], NULL, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &made)) return 3;
  WaitForSingleObject(made.hProcess, INFINITE);
  GetExitCodeProcess(made.hProcess, &status);
  return (int)status;
}

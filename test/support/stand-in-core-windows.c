/*
 * Stands in for vouch-core.exe: writes its command line and its environment, each text in UTF-8 and ended by a zero byte, and ends
 * with status 77. With STAND_IN_WAITS it writes one zero byte, and waits.
 */
#include <windows.h>

static void put(const wchar_t *text) {
  static char bytes[4 * 32768];
  DWORD written;
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, (DWORD)size, &written, NULL);
}

int main(void) {
  if (GetEnvironmentVariableW(L"STAND_IN_WAITS", NULL, 0) != 0) {
    put(L"");
    Sleep(60000);
  }
  put(GetCommandLineW());
  for (wchar_t *entry = GetEnvironmentStringsW(); *entry != L'\0'; entry += wcslen(entry) + 1) put(entry);
  return 77;
}

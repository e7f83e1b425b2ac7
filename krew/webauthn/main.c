/*
 * vouch-webauthn.exe: has Windows' own dialog ask for a security key, its PIN and its touch, which needs no administrator. A
 * program of its own, so that a fault in webauthn.dll ends only this one. kubectl-vouch starts it and checks everything that it
 * returns. Standard input stays open as long as the answer is wanted. Source: token/fido2/CTAP.md, "Windows".
 */
#include "message.h"
#include "options.h"

/* Errors of our own; "customer" codes, which Windows never uses. kubectl-vouch knows them by number. */
enum {
  REQUEST_INVALID = (int)0xa0560001,
  NO_DESKTOP = (int)0xa0560002,
  ANSWER_INVALID = (int)0xa0560003,
};

/* Since this version, Windows can be told not to offer phones. */
enum { API_WITH_HINTS = 8 };

#define FUNCTION(name) __typeof__(&WebAuthN##name) name
static struct {
  FUNCTION(GetApiVersionNumber);
  FUNCTION(AuthenticatorGetAssertion);
  FUNCTION(AuthenticatorMakeCredential);
  FUNCTION(FreeAssertion);
  FUNCTION(FreeCredentialAttestation);
  FUNCTION(GetCancellationId);
  FUNCTION(CancelCurrentOperation);
  FUNCTION(GetErrorName);
} api;

#define FIND(name) ((api.name = (__typeof__(api.name))(void *)GetProcAddress(library, "WebAuthN" #name)) != NULL)

/* Only from Windows' own folder: a plain name is also looked for beside this program and in the current folder. */
static HRESULT load_api(void) {
  HMODULE library = LoadLibraryExW(L"webauthn.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == NULL) return HRESULT_FROM_WIN32(GetLastError());
  bool is_complete = FIND(GetApiVersionNumber) && FIND(AuthenticatorGetAssertion) && FIND(AuthenticatorMakeCredential) &&
                     FIND(FreeAssertion) && FIND(FreeCredentialAttestation) && FIND(GetCancellationId) &&
                     FIND(CancelCurrentOperation) && FIND(GetErrorName);
  return is_complete ? S_OK : HRESULT_FROM_WIN32(ERROR_PROC_NOT_FOUND);
}

static HANDLE cancelled;
static GUID operation;

/* Standard input ends when kubectl-vouch no longer wants the answer, or is gone. */
static DWORD WINAPI watch_input(void *unused) {
  char byte;
  DWORD count;
  (void)unused;
  while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), &byte, 1, &count, NULL) && count > 0) continue;
  SetEvent(cancelled);
  return 0;
}

static BOOL WINAPI on_console(DWORD event) {
  (void)event;
  SetEvent(cancelled);
  return TRUE;
}

/* Canceling has no effect before the dialog is open, so it is repeated; a dialog that does not close ends with us. */
static DWORD WINAPI cancel(void *unused) {
  (void)unused;
  WaitForSingleObject(cancelled, INFINITE);
  for (int tries = 0; tries < 50; tries++) {
    api.CancelCurrentOperation(&operation);
    Sleep(100);
  }
  leave(1);
}

static HWND window;
static HANDLE window_tried;

/* The dialog opens in front of its owner, and a terminal's window is not ours to name: hence one of a single pixel. */
static DWORD WINAPI show_window(void *unused) {
  (void)unused;
  WNDCLASSW class = {.lpfnWndProc = DefWindowProcW, .hInstance = GetModuleHandleW(NULL), .lpszClassName = L"vouch-webauthn"};
  RegisterClassW(&class);
  int x = GetSystemMetrics(SM_CXSCREEN) / 2, y = GetSystemMetrics(SM_CYSCREEN) / 2;
  window = CreateWindowExW(0, class.lpszClassName, L"kubectl-vouch", WS_POPUP | WS_VISIBLE, x, y, 1, 1, NULL, NULL,
                           class.hInstance, NULL);
  if (window != NULL) SetForegroundWindow(window);
  AllowSetForegroundWindow(ASFW_ANY);
  SetEvent(window_tried);
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
  return 0;
}

static HWND owner(void) {
  window_tried = CreateEventW(NULL, TRUE, FALSE, NULL);
  CreateThread(NULL, 0, show_window, NULL, 0, NULL);
  WaitForSingleObject(window_tried, 5000);
  return window != NULL ? window : GetForegroundWindow();
}

static LPCWSTR hints[] = {L"security-key"};

static HRESULT get_assertion(const Request *request, PCWEBAUTHN_CLIENT_DATA client) {
  bool has_hints = api.GetApiVersionNumber() >= API_WITH_HINTS;
  AssertionOptions options = {
      .dwVersion = has_hints ? 8 : 4,
      .dwTimeoutMilliseconds = request->timeout_ms,
      .dwAuthenticatorAttachment = WEBAUTHN_AUTHENTICATOR_ATTACHMENT_CROSS_PLATFORM,
      .dwUserVerificationRequirement = WEBAUTHN_USER_VERIFICATION_REQUIREMENT_REQUIRED,
      .pCancellationId = &operation,
      .cCredentialHints = has_hints ? 1 : 0,
      .ppwszCredentialHints = has_hints ? hints : NULL,
  };
  PWEBAUTHN_ASSERTION made = NULL;
  HRESULT result = api.AuthenticatorGetAssertion(owner(), request->texts[RP_ID], client, (PVOID)&options, &made);
  if (FAILED(result)) return result;
  /* Everything that is read exists in version 1. */
  if (made == NULL || made->dwVersion < 1 || made->Credential.dwVersion < 1) return ANSWER_INVALID;
  put("credential-id", made->Credential.pbId, made->Credential.cbId);
  put("authenticator-data", made->pbAuthenticatorData, made->cbAuthenticatorData);
  put("signature", made->pbSignature, made->cbSignature);
  put("user-handle", made->pbUserId, made->cbUserId);
  api.FreeAssertion(made);
  return S_OK;
}

static HRESULT make_credential(Request *request, PCWEBAUTHN_CLIENT_DATA client) {
  WCHAR *user_name = request->texts[USER_NAME];
  Bytes user_id = request->fields[USER_ID];
  WEBAUTHN_RP_ENTITY_INFORMATION rp = {1, request->texts[RP_ID], request->texts[RP_NAME], NULL};
  WEBAUTHN_USER_ENTITY_INFORMATION user = {1, user_id.size, user_id.bytes, user_name, NULL, user_name};
  WEBAUTHN_COSE_CREDENTIAL_PARAMETER es256 = {1, WEBAUTHN_CREDENTIAL_TYPE_PUBLIC_KEY,
                                              WEBAUTHN_COSE_ALGORITHM_ECDSA_P256_WITH_SHA256};
  WEBAUTHN_COSE_CREDENTIAL_PARAMETERS algorithms = {1, &es256};
  WEBAUTHN_CREDENTIAL_EX ids[MAX_EXCLUDED];
  PWEBAUTHN_CREDENTIAL_EX pointers[MAX_EXCLUDED];
  for (DWORD at = 0; at < request->excluded_count; at++) {
    Bytes id = request->excluded[at];
    ids[at] = (WEBAUTHN_CREDENTIAL_EX){1, id.size, id.bytes, WEBAUTHN_CREDENTIAL_TYPE_PUBLIC_KEY, 0};
    pointers[at] = &ids[at];
  }
  WEBAUTHN_CREDENTIAL_LIST excluded = {request->excluded_count, pointers};
  bool has_hints = api.GetApiVersionNumber() >= API_WITH_HINTS;
  CreationOptions options = {
      .dwVersion = has_hints ? 8 : 3,
      .dwTimeoutMilliseconds = request->timeout_ms,
      .dwAuthenticatorAttachment = WEBAUTHN_AUTHENTICATOR_ATTACHMENT_CROSS_PLATFORM,
      .bRequireResidentKey = TRUE,
      .dwUserVerificationRequirement = WEBAUTHN_USER_VERIFICATION_REQUIREMENT_REQUIRED,
      .dwAttestationConveyancePreference = WEBAUTHN_ATTESTATION_CONVEYANCE_PREFERENCE_DIRECT,
      .pCancellationId = &operation,
      .pExcludeCredentialList = excluded.cCredentials == 0 ? NULL : &excluded,
      .cCredentialHints = has_hints ? 1 : 0,
      .ppwszCredentialHints = has_hints ? hints : NULL,
  };
  PWEBAUTHN_CREDENTIAL_ATTESTATION made = NULL;
  HRESULT result = api.AuthenticatorMakeCredential(owner(), &rp, &user, &algorithms, client, (PVOID)&options, &made);
  if (FAILED(result)) return result;
  if (made == NULL || made->dwVersion < 1) return ANSWER_INVALID;
  put("attestation-object", made->pbAttestationObject, made->cbAttestationObject);
  api.FreeCredentialAttestation(made);
  return S_OK;
}

static HRESULT ask(Request *request) {
  Bytes data = request->fields[CLIENT_DATA];
  WEBAUTHN_CLIENT_DATA client = {1, data.size, data.bytes, WEBAUTHN_HASH_ALGORITHM_SHA_256};
  HRESULT result = api.GetCancellationId(&operation);
  if (FAILED(result)) return result;
  cancelled = CreateEventW(NULL, TRUE, FALSE, NULL);
  SetConsoleCtrlHandler(on_console, TRUE);
  CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
  CreateThread(NULL, 0, cancel, NULL, 0, NULL);
  return request->is_creation ? make_credential(request, &client) : get_assertion(request, &client);
}

/* Services and SSH sessions have no desktop, and Windows' dialog would never appear. */
static bool has_desktop(void) {
  DWORD session;
  return !ProcessIdToSessionId(GetCurrentProcessId(), &session) || session != 0;
}

static HRESULT answer(void) {
  static Request request;
  if (!read_request(&request)) return REQUEST_INVALID;
  if (!has_desktop()) return NO_DESKTOP;
  HRESULT loaded = load_api();
  if (FAILED(loaded)) return loaded;
  DWORD version = api.GetApiVersionNumber();
  BYTE byte = version > 255 ? 255 : (BYTE)version;
  /* kubectl-vouch says that a window opens as soon as it reads this. */
  put("api", &byte, 1);
  flush();
  return ask(&request);
}

/* The name of an error in WebAuthn; empty if the library is not loaded. */
static const char *name_of(HRESULT result) {
  static char name[32];
  PCWSTR text = api.GetErrorName == NULL ? NULL : api.GetErrorName(result);
  for (int at = 0; text != NULL && at < 31 && text[at] > ' ' && text[at] < 0x7f; at++) name[at] = (char)text[at];
  return name;
}

int main(void) {
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  HRESULT result = answer();
  if (FAILED(result)) put_error(result, name_of(result));
  end_answer();
  leave(0);
}

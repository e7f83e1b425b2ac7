/*
 * A webauthn.dll for wine, as unkind as Windows': it judges everything that it is sent, and its results end where their version
 * ends, at memory that may not be read. What it was sent goes into the file `request` in C:\stand-in; the answer, or an HRESULT,
 * comes from the file `answer` there. `api` there holds the version of the API; 9 without it.
 */
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <webauthn.h>

/* Offsets in the options of version 8. Source: token/fido2/CTAP.md, "Windows". */
enum { ASSERTION_HINTS = 144, CREATION_HINTS = 136 };
/* Where version 5 and version 4 end, as mingw has them. */
_Static_assert(offsetof(WEBAUTHN_AUTHENTICATOR_GET_ASSERTION_OPTIONS, pbCredLargeBlob) == 96, "version 5");
_Static_assert(offsetof(WEBAUTHN_AUTHENTICATOR_MAKE_CREDENTIAL_OPTIONS, bPreferResidentKey) == 88, "version 4");

#define FOLDER "C:\\stand-in\\"

static FILE *request;
static GUID issued;
static HANDLE cancelled;
static volatile bool is_running;

static DWORD api_version(void) {
  DWORD version = 9;
  FILE *file = fopen(FOLDER "api", "r");
  if (file != NULL) {
    fscanf(file, "%lu", &version);
    fclose(file);
  }
  return version;
}

DWORD WINAPI WebAuthNGetApiVersionNumber(void) { return api_version(); }

HRESULT WINAPI WebAuthNGetCancellationId(GUID *id) {
  issued = (GUID){0x5eed, 1, 2, {(BYTE)GetCurrentProcessId(), 3}};
  *id = issued;
  return S_OK;
}

/* Without effect while no dialog is open. */
HRESULT WINAPI WebAuthNCancelCurrentOperation(const GUID *id) {
  if (!is_running || memcmp(id, &issued, sizeof issued) != 0) return NTE_NOT_FOUND;
  SetEvent(cancelled);
  return S_OK;
}

PCWSTR WINAPI WebAuthNGetErrorName(HRESULT code) {
  return code == NTE_EXISTS ? L"InvalidStateError" : code == NTE_INVALID_PARAMETER ? L"NotSupportedError" : L"NotAllowedError";
}

static void tell_bytes(const char *name, const BYTE *bytes, DWORD size) {
  fprintf(request, "%s ", name);
  for (DWORD at = 0; at < size; at++) fprintf(request, "%02x", bytes[at]);
  fputc('\n', request);
}

static void tell_text(const char *name, PCWSTR text) {
  char utf8[2048] = "(null)";
  if (text != NULL) WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
  fprintf(request, "%s %s\n", name, utf8);
}

static void expect(bool is_right, const char *what) {
  if (!is_right) fprintf(request, "fault %s\n", what);
}

/* What both calls have in common. */
static void begin(const char *act, HWND owner, PCWEBAUTHN_CLIENT_DATA client, const GUID *id, DWORD version, DWORD timeout) {
  cancelled = CreateEventW(NULL, TRUE, FALSE, NULL);
  is_running = true;
  request = fopen(FOLDER "request.new", "w");
  if (request == NULL) abort();
  fprintf(request, "act %s\nversion %lu\ntimeout %lu\n", act, version, timeout);
  DWORD_PTR result;
  expect(IsWindow(owner), "owner is no window");
  expect(SendMessageTimeoutW(owner, WM_NULL, 0, 0, SMTO_NORMAL, 2000, &result) != 0, "owner has no message loop");
  expect(IsWindowVisible(owner), "owner is not visible");
  expect(GetForegroundWindow() == owner, "owner is not in front");
  expect(client->dwVersion == 1 && wcscmp(client->pwszHashAlgId, L"SHA-256") == 0, "client data");
  tell_bytes("client-data", client->pbClientDataJSON, client->cbClientDataJSON);
  expect(id != NULL && memcmp(id, &issued, sizeof issued) == 0, "cancellation id");
  DWORD newest = api_version() >= 8 ? 8 : api_version() >= 4 ? 5 : 4;
  expect(version <= newest, "version is newer than the API");
}

static void tell_hints(const BYTE *options, size_t offset, DWORD version) {
  if (version < 8) return;
  DWORD count = *(const DWORD *)(options + offset);
  LPCWSTR *hints = *(LPCWSTR **)(options + offset + 8);
  for (DWORD at = 0; at < count; at++) tell_text("hint", hints[at]);
}

static struct {
  char name[32];
  BYTE *bytes;
  DWORD size;
} values[8];

static HRESULT read_answer(FILE *file) {
  static char line[65536];
  for (int at = 0; at < 8 && fgets(line, sizeof line, file) != NULL; at++) {
    char *hex = strchr(line, ' ');
    if (hex == NULL) continue;
    *hex++ = '\0';
    if (strcmp(line, "hresult") == 0) return (HRESULT)strtoul(hex, NULL, 16);
    if (strcmp(line, "crash") == 0) *(volatile int *)16 = 1;
    hex[strcspn(hex, "\r\n")] = '\0';
    snprintf(values[at].name, sizeof values[at].name, "%s", line);
    values[at].size = (DWORD)strlen(hex) / 2;
    values[at].bytes = malloc(values[at].size + 1);
    for (DWORD byte = 0; byte < values[at].size; byte++) sscanf(hex + byte * 2, "%2hhx", &values[at].bytes[byte]);
  }
  return S_OK;
}

static HRESULT wait_for_answer(DWORD timeout) {
  fclose(request);
  MoveFileExA(FOLDER "request.new", FOLDER "request", MOVEFILE_REPLACE_EXISTING);
  for (DWORD waited = 0; waited < timeout; waited += 20) {
    if (WaitForSingleObject(cancelled, 20) == WAIT_OBJECT_0) return NTE_USER_CANCELLED;
    FILE *file = fopen(FOLDER "answer", "r");
    if (file == NULL) continue;
    HRESULT result = read_answer(file);
    fclose(file);
    return result;
  }
  return HRESULT_FROM_WIN32(ERROR_TIMEOUT);
}

static BYTE *value(const char *name, DWORD *size) {
  for (int at = 0; at < 8; at++) {
    if (strcmp(values[at].name, name) != 0) continue;
    *size = values[at].size;
    return values[at].bytes;
  }
  *size = 0;
  return NULL;
}

/* Memory whose last byte is the last before a page that may not be read. */
static void *at_the_edge(size_t size) {
  BYTE *pages = VirtualAlloc(NULL, 8192, MEM_RESERVE, PAGE_NOACCESS);
  VirtualAlloc(pages, 4096, MEM_COMMIT, PAGE_READWRITE);
  return pages + 4096 - size;
}

HRESULT WINAPI WebAuthNAuthenticatorGetAssertion(HWND owner, LPCWSTR rp_id, PCWEBAUTHN_CLIENT_DATA client,
                                                 PCWEBAUTHN_AUTHENTICATOR_GET_ASSERTION_OPTIONS options,
                                                 PWEBAUTHN_ASSERTION *made) {
  begin("assert", owner, client, options->pCancellationId, options->dwVersion, options->dwTimeoutMilliseconds);
  tell_text("rp-id", rp_id);
  fprintf(request, "attachment %lu\nverification %lu\n", options->dwAuthenticatorAttachment, options->dwUserVerificationRequirement);
  expect(options->dwVersion >= 4, "no version with an allow list");
  expect(options->CredentialList.cCredentials == 0 && options->Extensions.cExtensions == 0 && options->dwFlags == 0, "options");
  expect(options->pwszU2fAppId == NULL && options->pbU2fAppId == NULL, "U2F");
  expect(options->pAllowCredentialList == NULL, "allow list");
  tell_hints((const BYTE *)options, ASSERTION_HINTS, options->dwVersion);
  HRESULT result = wait_for_answer(options->dwTimeoutMilliseconds);
  if (FAILED(result)) return result;
  /* Version 1 ends before the extensions. */
  PWEBAUTHN_ASSERTION answer = at_the_edge(offsetof(WEBAUTHN_ASSERTION, Extensions));
  answer->dwVersion = 1;
  answer->pbAuthenticatorData = value("authenticator-data", &answer->cbAuthenticatorData);
  answer->pbSignature = value("signature", &answer->cbSignature);
  answer->Credential = (WEBAUTHN_CREDENTIAL){.dwVersion = 1, .pwszCredentialType = WEBAUTHN_CREDENTIAL_TYPE_PUBLIC_KEY};
  answer->Credential.pbId = value("credential-id", &answer->Credential.cbId);
  answer->pbUserId = value("user-handle", &answer->cbUserId);
  *made = answer;
  return S_OK;
}

HRESULT WINAPI WebAuthNAuthenticatorMakeCredential(HWND owner, PCWEBAUTHN_RP_ENTITY_INFORMATION rp,
                                                   PCWEBAUTHN_USER_ENTITY_INFORMATION user,
                                                   PCWEBAUTHN_COSE_CREDENTIAL_PARAMETERS algorithms,
                                                   PCWEBAUTHN_CLIENT_DATA client,
                                                   PCWEBAUTHN_AUTHENTICATOR_MAKE_CREDENTIAL_OPTIONS options,
                                                   PWEBAUTHN_CREDENTIAL_ATTESTATION *made) {
  begin("create", owner, client, options->pCancellationId, options->dwVersion, options->dwTimeoutMilliseconds);
  expect(rp->dwVersion == 1 && user->dwVersion == 1, "version of an entity");
  expect(rp->pwszName != NULL && user->pwszName != NULL && user->pwszDisplayName != NULL, "a name is NULL");
  tell_text("rp-id", rp->pwszId);
  tell_text("rp-name", rp->pwszName);
  tell_bytes("user-id", user->pbId, user->cbId);
  tell_text("user-name", user->pwszName);
  tell_text("display-name", user->pwszDisplayName);
  for (DWORD at = 0; at < algorithms->cCredentialParameters; at++) {
    expect(algorithms->pCredentialParameters[at].dwVersion == 1, "version of an algorithm");
    fprintf(request, "algorithm %ld\n", algorithms->pCredentialParameters[at].lAlg);
  }
  fprintf(request, "attachment %lu\nverification %lu\nresident %d\nattestation %lu\n", options->dwAuthenticatorAttachment,
          options->dwUserVerificationRequirement, options->bRequireResidentKey, options->dwAttestationConveyancePreference);
  expect(options->dwVersion >= 3, "no version with an exclude list");
  expect(options->CredentialList.cCredentials == 0 && options->Extensions.cExtensions == 0 && options->dwFlags == 0, "options");
  PWEBAUTHN_CREDENTIAL_LIST excluded = options->pExcludeCredentialList;
  for (DWORD at = 0; excluded != NULL && at < excluded->cCredentials; at++) {
    PWEBAUTHN_CREDENTIAL_EX one = excluded->ppCredentials[at];
    expect(one->dwVersion == 1 && wcscmp(one->pwszCredentialType, L"public-key") == 0, "excluded credential");
    tell_bytes("exclude", one->pbId, one->cbId);
  }
  tell_hints((const BYTE *)options, CREATION_HINTS, options->dwVersion);
  HRESULT result = wait_for_answer(options->dwTimeoutMilliseconds);
  if (FAILED(result)) return result;
  PWEBAUTHN_CREDENTIAL_ATTESTATION answer = at_the_edge(offsetof(WEBAUTHN_CREDENTIAL_ATTESTATION, Extensions));
  answer->dwVersion = 1;
  answer->pwszFormatType = L"packed";
  answer->pbAttestationObject = value("attestation-object", &answer->cbAttestationObject);
  *made = answer;
  return S_OK;
}

void WINAPI WebAuthNFreeAssertion(PWEBAUTHN_ASSERTION made) { memset(made, 0xee, offsetof(WEBAUTHN_ASSERTION, Extensions)); }
void WINAPI WebAuthNFreeCredentialAttestation(PWEBAUTHN_CREDENTIAL_ATTESTATION made) {
  memset(made, 0xee, offsetof(WEBAUTHN_CREDENTIAL_ATTESTATION, Extensions));
}

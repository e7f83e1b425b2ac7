/*
 * Options of Windows' WebAuthn API up to version 8. mingw's header ends at version 3 of the API; newer versions only append fields.
 * Source: token/fido2/CTAP.md, "Windows".
 */
#include <stddef.h>
#include <windows.h>
#include <webauthn.h>

typedef struct {
  DWORD dwVersion;
  DWORD dwTimeoutMilliseconds;
  WEBAUTHN_CREDENTIALS CredentialList;
  WEBAUTHN_EXTENSIONS Extensions;
  DWORD dwAuthenticatorAttachment;
  DWORD dwUserVerificationRequirement;
  DWORD dwFlags;
  PCWSTR pwszU2fAppId;
  BOOL *pbU2fAppId;
  GUID *pCancellationId;
  PWEBAUTHN_CREDENTIAL_LIST pAllowCredentialList;
  DWORD dwCredLargeBlobOperation;
  DWORD cbCredLargeBlob;
  PBYTE pbCredLargeBlob;
  /* 6, 7, 8 */
  PVOID pHmacSecretSaltValues;
  BOOL bBrowserInPrivateMode;
  PVOID pLinkedDevice;
  BOOL bAutoFill;
  DWORD cbJsonExt;
  PBYTE pbJsonExt;
  DWORD cCredentialHints;
  LPCWSTR *ppwszCredentialHints;
} AssertionOptions;

typedef struct {
  DWORD dwVersion;
  DWORD dwTimeoutMilliseconds;
  WEBAUTHN_CREDENTIALS CredentialList;
  WEBAUTHN_EXTENSIONS Extensions;
  DWORD dwAuthenticatorAttachment;
  BOOL bRequireResidentKey;
  DWORD dwUserVerificationRequirement;
  DWORD dwAttestationConveyancePreference;
  DWORD dwFlags;
  GUID *pCancellationId;
  PWEBAUTHN_CREDENTIAL_LIST pExcludeCredentialList;
  DWORD dwEnterpriseAttestation;
  DWORD dwLargeBlobSupport;
  BOOL bPreferResidentKey;
  /* 5, 6, 7, 8 */
  BOOL bBrowserInPrivateMode;
  BOOL bEnablePrf;
  PVOID pLinkedDevice;
  DWORD cbJsonExt;
  PBYTE pbJsonExt;
  PVOID pPRFGlobalEval;
  DWORD cCredentialHints;
  LPCWSTR *ppwszCredentialHints;
  BOOL bThirdPartyPayment;
} CreationOptions;

#define AS_MINGW(ours, theirs, field) \
  _Static_assert(offsetof(ours, field) == offsetof(WEBAUTHN_AUTHENTICATOR_##theirs##_OPTIONS, field), #field)

AS_MINGW(AssertionOptions, GET_ASSERTION, dwAuthenticatorAttachment);
AS_MINGW(AssertionOptions, GET_ASSERTION, dwUserVerificationRequirement);
AS_MINGW(AssertionOptions, GET_ASSERTION, dwFlags);
AS_MINGW(AssertionOptions, GET_ASSERTION, pCancellationId);
AS_MINGW(AssertionOptions, GET_ASSERTION, pAllowCredentialList);
AS_MINGW(AssertionOptions, GET_ASSERTION, pbCredLargeBlob);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, bRequireResidentKey);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, dwUserVerificationRequirement);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, dwAttestationConveyancePreference);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, pCancellationId);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, pExcludeCredentialList);
AS_MINGW(CreationOptions, MAKE_CREDENTIAL, bPreferResidentKey);
/* The fields behind mingw's, computed by hand from Microsoft's own header. */
_Static_assert(offsetof(AssertionOptions, cCredentialHints) == 144, "cCredentialHints");
_Static_assert(offsetof(AssertionOptions, ppwszCredentialHints) == 152, "ppwszCredentialHints");
_Static_assert(offsetof(CreationOptions, cCredentialHints) == 136, "cCredentialHints");
_Static_assert(offsetof(CreationOptions, ppwszCredentialHints) == 144, "ppwszCredentialHints");

#include "access.h"

typedef union {
  TOKEN_USER user;
  BYTE bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
} User;

typedef union {
  SECURITY_DESCRIPTOR header;
  BYTE bytes[8192];
} Descriptor;

PSID user_sid(void) {
  static User user;
  static bool is_known = false;
  HANDLE token;
  DWORD size;
  if (is_known) return user.user.User.Sid;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return NULL;
  is_known = GetTokenInformation(token, TokenUser, &user, sizeof user, &size);
  CloseHandle(token);
  return is_known ? user.user.User.Sid : NULL;
}

/* NT SERVICE\TrustedInstaller, which owns and changes Windows itself and has access to Program Files. */
static const struct {
  BYTE revision, count, authority[6];
  DWORD parts[6];
} INSTALLER = {1, 6, {0, 0, 0, 0, 0, 5}, {80, 956008885, 3418522649, 1831038044, 1853292631, 2271478464}};

static bool is_trusted(PSID sid, PSID also) {
  PSID user = user_sid();
  return (user != NULL && EqualSid(sid, user)) || (also != NULL && EqualSid(sid, also)) ||
         IsWellKnownSid(sid, WinLocalSystemSid) || IsWellKnownSid(sid, WinBuiltinAdministratorsSid) ||
         EqualSid(sid, (PSID)&INSTALLER);
}

/* These stand for the owner of the file, or of a file that will inherit the entry. */
static bool is_owner(PSID sid) {
  return IsWellKnownSid(sid, WinCreatorOwnerRightsSid) || IsWellKnownSid(sid, WinCreatorOwnerSid);
}

/* An entry of a kind that we do not know might allow anything. */
static bool allows_others(ACE_HEADER *entry, ACCESS_MASK rights, PSID also) {
  if (entry->AceType == ACCESS_DENIED_ACE_TYPE) return false;
  if (entry->AceType != ACCESS_ALLOWED_ACE_TYPE) return true;
  ACCESS_ALLOWED_ACE *allowed = (ACCESS_ALLOWED_ACE *)entry;
  PSID sid = &allowed->SidStart;
  return (allowed->Mask & rights) != 0 && !is_trusted(sid, also) && !is_owner(sid);
}

static bool read_descriptor(HANDLE object, Descriptor *descriptor) {
  DWORD size;
  return GetKernelObjectSecurity(object, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, descriptor,
                                 sizeof *descriptor, &size);
}

static PSID owner_in(Descriptor *descriptor) {
  PSID owner;
  BOOL is_default;
  return GetSecurityDescriptorOwner(descriptor, &owner, &is_default) ? owner : NULL;
}

static bool is_owner_trusted(Descriptor *descriptor, PSID also) {
  PSID owner = owner_in(descriptor);
  return owner != NULL && is_trusted(owner, also);
}

/* Without an access list, which is not the same as with an empty one, everyone may do everything. */
static bool is_list_ours_alone(Descriptor *descriptor, ACCESS_MASK rights, PSID also) {
  ACL *list;
  BOOL is_present, is_default;
  if (!GetSecurityDescriptorDacl(descriptor, &is_present, &list, &is_default) || !is_present || list == NULL) return false;
  for (DWORD index = 0; index < list->AceCount; index++) {
    void *entry;
    if (!GetAce(list, index, &entry) || allows_others(entry, rights, also)) return false;
  }
  return true;
}

bool has_trusted_owner(HANDLE object, PSID also) {
  Descriptor descriptor;
  return read_descriptor(object, &descriptor) && is_owner_trusted(&descriptor, also);
}

bool is_ours_alone(HANDLE object, ACCESS_MASK rights, PSID also) {
  Descriptor descriptor;
  return read_descriptor(object, &descriptor) && is_owner_trusted(&descriptor, also) &&
         is_list_ours_alone(&descriptor, rights, also);
}

PSID copy_of_owner(HANDLE object) {
  Descriptor descriptor;
  PSID owner = read_descriptor(object, &descriptor) ? owner_in(&descriptor) : NULL;
  PSID copy = owner == NULL ? NULL : LocalAlloc(LPTR, GetLengthSid(owner));
  return copy != NULL && CopySid(GetLengthSid(owner), copy, owner) ? copy : NULL;
}

static ACL *private_list(void) {
  static DWORD memory[(sizeof(ACL) + 3 * (sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE)) / sizeof(DWORD)];
  static BYTE well_known[2][SECURITY_MAX_SID_SIZE];
  DWORD sizes[] = {SECURITY_MAX_SID_SIZE, SECURITY_MAX_SID_SIZE};
  ACL *list = (ACL *)memory;
  bool is_made = CreateWellKnownSid(WinLocalSystemSid, NULL, well_known[0], &sizes[0]) &&
                 CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, well_known[1], &sizes[1]) &&
                 InitializeAcl(list, sizeof memory, ACL_REVISION);
  PSID allowed[] = {user_sid(), well_known[0], well_known[1]};
  for (int index = 0; index < 3; index++) {
    is_made = is_made && allowed[index] != NULL &&
              AddAccessAllowedAceEx(list, ACL_REVISION, OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE, FILE_ALL_ACCESS,
                                    allowed[index]);
  }
  return is_made ? list : NULL;
}

/* NULL if something fails: then nothing is created. */
SECURITY_ATTRIBUTES *private_attributes(void) {
  static SECURITY_DESCRIPTOR descriptor;
  static SECURITY_ATTRIBUTES attributes = {sizeof attributes, &descriptor, FALSE};
  ACL *list = private_list();
  bool is_made = list != NULL && InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) &&
                 SetSecurityDescriptorDacl(&descriptor, TRUE, list, FALSE) &&
                 SetSecurityDescriptorControl(&descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
  return is_made ? &attributes : NULL;
}

bool make_private(HANDLE folder) {
  SECURITY_ATTRIBUTES *attributes = private_attributes();
  return attributes != NULL &&
         SetKernelObjectSecurity(folder, DACL_SECURITY_INFORMATION, attributes->lpSecurityDescriptor);
}

/*
 * Windows: who may use a file or folder. Its owner, and everyone whom its access list allows anything, must be the user,
 * Administrators, SYSTEM or Windows' installer. Source: krew/PACKAGING.md, "Windows".
 */
#ifndef KUBECTL_VOUCH_ACCESS_H
#define KUBECTL_VOUCH_ACCESS_H

#include <stdbool.h>
#include <windows.h>

/*
 * What an access list can allow that changes a file, or who may change it. For a folder, the first three are the permissions to add
 * files, to add folders, and to delete either.
 */
#define CHANGES                                                                                                       \
  (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_DELETE_CHILD | FILE_WRITE_ATTRIBUTES | FILE_WRITE_EA | DELETE | WRITE_DAC | \
   WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL)

/*
 * Whether no one else has any of these rights. The handle must have READ_CONTROL. `also` is one more who is trusted, or NULL. False
 * in any doubt.
 */
bool is_ours_alone(HANDLE object, ACCESS_MASK rights, PSID also);

/* Whether it belongs to one of them. */
bool has_trusted_owner(HANDLE object, PSID also);

/* The owner's SID, for the caller to free with LocalFree; NULL if the system does not tell. */
PSID copy_of_owner(HANDLE object);

/* For creating files and folders: only the user, Administrators and SYSTEM; also for what is created in such a folder. */
SECURITY_ATTRIBUTES *private_attributes(void);

/* Gives an existing folder that access list, for what is created in it from now on. The handle must have WRITE_DAC. */
bool make_private(HANDLE folder);

/* The user's SID; NULL if the system does not tell. */
PSID user_sid(void);

#endif

/*
 * Says of an event with this security descriptor (SDDL, in which USER stands for the user's SID; empty: no access list) and of these
 * rights what krew/launcher/access.c says: 1 if it is ours alone. wine keeps whole access lists of events, but not of files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <sddl.h>

#include "access.h"

int main(int argc, char **argv) {
  static char text[4096];
  static SECURITY_DESCRIPTOR without_list;
  SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
  char *user;
  if (argc != 3 || !ConvertSidToStringSidA(user_sid(), &user)) return 2;
  if (!InitializeSecurityDescriptor(&without_list, SECURITY_DESCRIPTOR_REVISION) ||
      !SetSecurityDescriptorOwner(&without_list, user_sid(), FALSE) ||
      !SetSecurityDescriptorDacl(&without_list, TRUE, NULL, FALSE))
    return 5;
  for (const char *rest = argv[1]; *rest != '\0';) {
    bool is_user = strncmp(rest, "USER", 4) == 0;
    strncat(text, is_user ? user : rest, is_user ? strlen(user) : 1);
    rest += is_user ? 4 : 1;
  }
  attributes.lpSecurityDescriptor = &without_list;
  if (text[0] != '\0' && !ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1,
                                                                             &attributes.lpSecurityDescriptor, NULL))
    return 3;
  HANDLE event = CreateEventW(&attributes, TRUE, FALSE, NULL);
  if (event == NULL) return 4;
  printf("%d", is_ours_alone(event, strtoul(argv[2], NULL, 16), NULL));
  return 0;
}

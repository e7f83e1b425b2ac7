import { catalogueSection } from "./catalogue-row.ts";

/** AWS credentials: rows of the catalogue. */
export const CREDENTIAL_ROWS = catalogueSection({
  title: "AWS credentials",
  rows: [
    {
      id: "L1",
      cause: "No provider of the AWS chain has credentials.",
      seen: "Unable to locate credentials, exit 253",
    },
    {
      id: "L2",
      cause: "The session of IAM Identity Center has expired.",
      seen: "Error loading SSO Token, exit 255",
    },
    {
      id: "L3",
      cause: "The AWS profile that the exec block or the environment names does not exist on this machine.",
      seen: "The config profile (…) could not be found",
    },
    {
      id: "L4",
      cause: "Access keys in the environment override the intended profile.",
      seen: "401 or 403 as an unexpected identity",
    },
    {
      id: "L5",
      cause: "The session keys have expired; the plugin does not notice, since it signs offline.",
      seen: "401, and the plugin exits 0",
    },
    {
      id: "L6",
      cause: "The access key is deleted or inactive, its secret is wrong, or its session token is missing.",
      seen: "401, and the plugin exits 0",
    },
    {
      id: "L7",
      cause: "The profile belongs to another account, where a role of the same name exists.",
      seen: "401",
    },
    {
      id: "L8",
      cause:
        "No other source had credentials, so the role of the machine is used: an instance, a node, a container.",
      seen: "403 as system:node:…",
    },
    {
      id: "L9",
      cause: "The profile requires an MFA code, and nobody can be asked for it.",
      seen: "hangs, EOF, or a denial that names MultiFactorAuthentication",
    },
    {
      id: "L10",
      cause: "A role is assumed from a role for longer than the hour that role chaining allows.",
      seen: "DurationSeconds exceeds the 1 hour session limit",
    },
    {
      id: "L11",
      cause: "The session of `aws login` has ended.",
      seen: "Please reauthenticate using 'aws login'",
    },
    {
      id: "L12",
      cause: "Cached credentials belong to a role that has been deleted and recreated since.",
      seen: "401 for minutes after a change",
    },
    {
      id: "L13",
      cause: "The credential helper of the profile fails, or is missing.",
      seen: "the helper's own error",
    },
    {
      id: "L14",
      cause: "The client is a confined package that cannot see the machine's programs or ~/.aws.",
      seen: "not found, or no credentials, though the shell works",
      sameAs: ["K1"],
    },
    {
      id: "L15",
      cause: "Cloud9 overwrites ~/.aws/credentials with its own temporary keys.",
      seen: "InvalidClientTokenId, or an unexpected role",
    },
    {
      id: "L16",
      cause: "The caller is the account's root user, which EKS cannot map.",
      seen: '401 although "I am the administrator"',
    },
    {
      id: "L17",
      cause:
        "A setting of the AWS profile, or a line of its file, is wrong: it does not say whose credentials to use.",
      seen: "The source_profile … does not exist, or: Unable to parse config file",
    },
    {
      id: "L18",
      cause:
        "The account or the permission set that the profile names is not assigned to the person in IAM Identity Center.",
      seen: "ForbiddenException when calling GetRoleCredentials: No access",
    },
    {
      id: "L19",
      cause: "The file with the web identity token is missing or empty.",
      seen: "No such file or directory: …, with the path of the token file",
    },
    {
      id: "L20",
      cause: "The container or the machine whose role the plugin is to use gives it no credentials.",
      seen: "Error when retrieving credentials from container-role, or from Ec2InstanceMetadata",
    },
  ],
});

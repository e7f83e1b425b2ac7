import type { Facts } from "../../derive/facts.ts";
import { profileWith } from "../../derive/identity/credential-source.ts";

/** The role that the plugin requests from STS. */
export function askedRole({ exec, credentials }: Facts): string | undefined {
  return exec?.via[0] ?? exec?.role ?? profileWith(credentials, "role_arn")?.settings["role_arn"];
}

/** The role that a refusal is about: in our own message it precedes AWS's sentence. */
export function refusedRole(line: string, facts: Facts): string | undefined {
  return /arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(line)?.[0] ?? askedRole(facts);
}

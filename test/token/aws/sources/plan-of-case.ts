import type { CredentialsPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import type { SourceCase } from "./source-case.ts";

/** What decides: all of a case but what is expected. */
export type SourceGiven = Pick<SourceCase, "config" | "credentials" | "env" | "profile">;

/** Our plan, for a cluster in eu-west-1. */
export function planOfCase({ config, credentials, env = {}, profile }: SourceGiven): CredentialsPlan {
  const files = readSharedFiles(
    { path: "DIR/config", text: config },
    { path: "DIR/credentials", text: credentials },
  );
  return planOf({ profile, region: "eu-west-1" }, files, env);
}

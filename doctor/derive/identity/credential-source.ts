import type { SourcePlan } from "../../../token/aws/sources/plan-kinds.ts";
import type { VouchError } from "../../../token/errors/errors.ts";
import type { MergedProfile } from "./aws-profile-chain.ts";

/** The profile in force, and who chose it. */
export interface ChosenProfile {
  readonly name: string;
  readonly chosenBy: "--profile" | "exec.env" | "environment" | "file" | "default";
  /** Variable that names it, and where: `AWS_PROFILE in the environment`. */
  readonly variable: string | undefined;
}

export type SourceKind =
  | "vouch"
  | "environment"
  | "assume-role"
  | "web-identity"
  | "sso"
  | "login"
  | "credentials-file"
  | "process"
  | "config-file"
  | "container"
  | "instance-metadata"
  | "nothing";

/** Where an exec plugin's AWS credentials come from. */
export interface CredentialSource {
  readonly kind: SourceKind;
  /** Undefined: profiles play no part. */
  readonly profile: ChosenProfile | undefined;
  /** Profiles along `source_profile`, the chosen one first. */
  readonly chain: readonly MergedProfile[];
  /** Why it is this source and no other, as a sentence. */
  readonly why: string;
  /** False: something unknown could come before it, or be a part of it. */
  readonly isSure: boolean;
  /** How each link of it is reached; undefined where our planner does not tell. */
  readonly plan: SourcePlan | undefined;
  /** What is wrong with files, profile or variables, so that nothing comes of them. */
  readonly fault: VouchError | undefined;
}

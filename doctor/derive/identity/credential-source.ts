import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import type { VouchError } from "../../../token/errors/errors.ts";
import type { MergedProfile } from "./aws-profile-chain.ts";

/** The profile in force, and what chose it. */
export interface ChosenProfile {
  readonly name: string;
  readonly chosenBy: "--profile" | "exec.env" | "environment" | "file" | "default";
  /** The variable that names it, and its place: `AWS_PROFILE in the environment`. */
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
  /** Undefined: profiles do not matter. */
  readonly profile: ChosenProfile | undefined;
  /** Profiles along `source_profile`, the chosen one first. */
  readonly chain: readonly MergedProfile[];
  /** Why it is this source and no other, as a sentence. */
  readonly why: string;
  /** False: something unknown could come before it or be part of it. */
  readonly isSure: boolean;
  /** How each link of it is reached; undefined if our planner does not cover it. */
  readonly plan: CredentialsPlan | undefined;
  /** What is wrong with files, profile or variables, so that they give no credentials. */
  readonly fault: VouchError | undefined;
}

import { partitionOfRegion } from "../../hot/partition.ts";
import { parseRoleArn } from "../arn.ts";
import type { VouchProcess } from "../vouch-process.ts";

/**
 * Where AWS credentials come from, decided by texts and variables alone: nothing has been read, run or asked for it except AWS's
 * two files. Only later does it turn out whether the source gives credentials, and whether they are still good.
 */
export type CredentialsPlan =
  | KeysPlan
  | SsoPlan
  | ProcessPlan
  | WebIdentityPlan
  | ContainerPlan
  | LoginPlan
  | InstanceMetadataPlan
  | AssumeRolePlan;

/** A setting of a profile. */
export interface SettingOrigin {
  readonly profile: string;
  readonly file: string;
  readonly line: number;
}

/** The origin of a decision: a setting of a profile, a variable, or an option of ours. */
export type PlanOrigin =
  | SettingOrigin
  | { readonly variable: string }
  | { readonly option: "--role" | "--via" | "--sso-start-url" };

interface PlanBase {
  readonly origin: PlanOrigin;
}

/** Keys as they are. Secret as a whole. */
export interface KeysPlan extends PlanBase {
  readonly kind: "keys";
  readonly from: "environment" | "credentials" | "config";
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for the keys of an IAM user. */
  readonly sessionToken: string | undefined;
  /** When they end, as in `AWS_CREDENTIAL_EXPIRATION` or `x_security_token_expires`; unchecked. */
  readonly expires: string | undefined;
}

/** Where users log in to IAM Identity Center. */
export interface SsoPlace extends PlanBase {
  /** Name of the `sso-session`; undefined in the old form, in which the profile has all settings. */
  readonly session: string | undefined;
  readonly startUrl: string;
  /** Region of Identity Center, not of the cluster. */
  readonly region: string;
  /** Name of the file in `~/.aws/sso/cache` that has the access token. */
  readonly tokenFile: string;
}

/** A role of IAM Identity Center. */
export interface SsoPlan extends SsoPlace {
  readonly kind: "sso";
  readonly account: string;
  readonly role: string;
}

export interface ProcessPlan extends PlanBase {
  readonly kind: "process";
  /** The command line as written. */
  readonly line: string;
  /** Set when the program is ours, or upstream's `vouch`. */
  readonly vouch: VouchProcess | undefined;
  /** Region of the question. */
  readonly region: string;
  readonly origin: SettingOrigin;
}

/** A role for an OIDC token in a file, by AssumeRoleWithWebIdentity. */
export interface WebIdentityPlan extends PlanBase, RoleCall {
  readonly kind: "web-identity";
  /** As written: relative to the working directory, and `~` is not expanded. */
  readonly tokenFile: string;
  readonly sessionName: string;
}

/** An address at which a container gets credentials: on ECS and EKS Pod Identity. */
export interface ContainerPlan extends PlanBase {
  readonly kind: "container";
  /** Relative: a path at 169.254.170.2. */
  readonly uri: { readonly relative: string } | { readonly full: string };
}

/** The result of `aws login`. */
export interface LoginPlan extends PlanBase {
  readonly kind: "login";
  /** ARN, as in `login_session`. */
  readonly session: string;
  /** Name of the file in the folder of `aws login`. */
  readonly tokenFile: string;
  /** Region of AWS Sign-In if the file names none: that of the profile, else that of the question. */
  readonly region: string;
}

/** The role of the machine. Used only if a profile names it. */
export interface InstanceMetadataPlan extends PlanBase {
  readonly kind: "instance-metadata";
}

/** A role, by AssumeRole with the credentials of another source. */
export interface AssumeRolePlan extends PlanBase, RoleCall {
  readonly kind: "assume-role";
  readonly source: CredentialsPlan;
  /** As the profile or the command line names it; undefined: the name of the person whose credentials assume the role. */
  readonly sessionName: string | undefined;
  /** Name of the session if these belong to a machine or a program. */
  readonly usualName: string;
  readonly externalId: string | undefined;
  /** Undefined: STS's default, one hour. */
  readonly durationSeconds: number | undefined;
  /** The MFA device whose code is asked for. */
  readonly mfaSerial: string | undefined;
}

interface RoleCall {
  readonly roleArn: string;
  /** Region of the STS that is called for every role of a chain: that of the question, whatever the profile says. */
  readonly region: string;
}

/** A plan and the plans it builds on: first the credentials that sign a token, last those that need no others. */
export function planSteps(plan: CredentialsPlan): readonly CredentialsPlan[] {
  return plan.kind === "assume-role" ? [plan, ...planSteps(plan.source)] : [plan];
}

/** The step of a kind; a plan has at most one of the kinds that build on nothing. */
export function stepOf<K extends Exclude<CredentialsPlan["kind"], "assume-role">>(
  plan: CredentialsPlan,
  kind: K,
): Extract<CredentialsPlan, { readonly kind: K }> | undefined {
  return planSteps(plan).find(
    (step): step is Extract<CredentialsPlan, { readonly kind: K }> => step.kind === kind,
  );
}

/** The partition whose credentials a plan gives, if it shows that. */
export function partitionOfPlan(plan: CredentialsPlan): string | undefined {
  switch (plan.kind) {
    case "assume-role":
    case "web-identity":
      return parseRoleArn(plan.roleArn).partition;
    case "login":
      return plan.session.split(":")[1];
    case "sso":
      return partitionOfRegion(plan.region).id;
    default:
      return undefined;
  }
}

/** Whether this step asks for a code of an MFA device. */
export function demandsCode(step: CredentialsPlan): boolean {
  return step.kind === "assume-role" && step.mfaSerial !== undefined;
}

/** Whether the credentials can be restricted for an AI agent: the last step is a role, and we are the ones who request it. */
export function canNarrow(plan: CredentialsPlan): boolean {
  const isOurs = plan.kind === "process" && plan.vouch !== undefined;
  return plan.kind === "assume-role" || plan.kind === "web-identity" || isOurs;
}

import type { VouchProcess } from "../vouch-process.ts";

/**
 * Where AWS credentials come from, decided by texts and variables alone: nothing has been read, run or asked for it but
 * AWS's two files. Whether the source gives credentials, and whether they are still good, shows only later.
 */
export type SourcePlan =
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

/** What decided: a setting of a profile, a variable, or an option of ours. */
export type PlanOrigin =
  | SettingOrigin
  | { readonly variable: string }
  | { readonly option: "--role" | "--via" };

interface PlanBase {
  readonly origin: PlanOrigin;
}

/** Keys as they stand. Secret as a whole. */
export interface KeysPlan extends PlanBase {
  readonly kind: "keys";
  readonly from: "environment" | "credentials" | "config";
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for the keys of an IAM user. */
  readonly sessionToken: string | undefined;
  /** When they end, as `AWS_CREDENTIAL_EXPIRATION` or `x_security_token_expires` says it; unchecked. */
  readonly expires: string | undefined;
}

/** A role of IAM Identity Center. */
export interface SsoPlan extends PlanBase {
  readonly kind: "sso";
  /** Name of the `sso-session`; undefined in the old form, where the profile itself says all. */
  readonly session: string | undefined;
  readonly startUrl: string;
  /** Of Identity Center; not that of the cluster. */
  readonly region: string;
  readonly account: string;
  readonly role: string;
  /** Name of the file in `~/.aws/sso/cache` that has the access token. */
  readonly tokenFile: string;
}

export interface ProcessPlan extends PlanBase {
  readonly kind: "process";
  /** The command line as it is written. */
  readonly line: string;
  /** Set when the program is ours, or upstream's `vouch`. */
  readonly vouch: VouchProcess | undefined;
  /** That of the question. */
  readonly region: string;
  readonly origin: SettingOrigin;
}

/** A role for an OIDC token in a file, by AssumeRoleWithWebIdentity. */
export interface WebIdentityPlan extends PlanBase, RoleCall {
  readonly kind: "web-identity";
  /** As it is written: relative to the working directory, `~` stands for itself. */
  readonly tokenFile: string;
}

/** An address that gives credentials to a container: on ECS and EKS Pod Identity. */
export interface ContainerPlan extends PlanBase {
  readonly kind: "container";
  /** Relative: a path at 169.254.170.2. */
  readonly uri: { readonly relative: string } | { readonly full: string };
}

/** What `aws login` left. */
export interface LoginPlan extends PlanBase {
  readonly kind: "login";
  /** ARN, as `login_session` has it. */
  readonly session: string;
  /** Name of the file in the folder of `aws login`. */
  readonly tokenFile: string;
  /** Of AWS Sign-In, where the file names none: that of the profile, else that of the question. */
  readonly region: string;
}

/** The role of the machine. Only ever because a profile names it. */
export interface InstanceMetadataPlan extends PlanBase {
  readonly kind: "instance-metadata";
}

/** A role, by AssumeRole with the credentials of another source. */
export interface AssumeRolePlan extends PlanBase, RoleCall {
  readonly kind: "assume-role";
  readonly source: SourcePlan;
  readonly externalId: string | undefined;
  /** Undefined: what STS gives without being asked, an hour. */
  readonly durationSeconds: number | undefined;
  /** The MFA device whose code is asked for. */
  readonly mfaSerial: string | undefined;
}

interface RoleCall {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Of the STS that is asked: that of the question, whatever the profile says, for every role of a chain. */
  readonly region: string;
}

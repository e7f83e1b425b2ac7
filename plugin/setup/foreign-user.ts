import type { ApprovedProcess } from "../../token/aws/sources/process-approval.ts";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";

/** A user entry that gets its EKS tokens from another program, as it may be shown. */
export interface ShownEksUser {
  readonly by: "aws" | "aws-iam-authenticator" | "vouch";
  readonly clusterName: string;
  readonly region: string | undefined;
  /** The role it assumes, if it names one. */
  readonly role: string | undefined;
  /** Roles that upstream assumes before it. */
  readonly via?: readonly string[];
  /** The AWS profile it starts from, if an argument or a variable of its own names one. */
  readonly profile: string | undefined;
  /** The Vouch server and account that upstream's arguments name. */
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** A user entry of another program, with what determines its identity, which may be secret. */
export interface ForeignEksUser extends ShownEksUser {
  /** Whether an argument names the profile, which overrides all variables. */
  readonly isProfileFlag: boolean;
  /** Whether `clusterName` is the ID of a local cluster on an Outpost. */
  readonly isOfId: boolean;
  /** Name of the role's session, a part of the Kubernetes username; undefined if it differs with each token or caller. */
  readonly sessionName: string | undefined;
  /** `exec.env` */
  readonly env: Readonly<Record<string, string>>;
  /** An argument that we do not know: it may mean anything. */
  readonly unknownFlag: string | undefined;
  /** An argument that no context of ours can express. */
  readonly unsayable: string | undefined;
}

/** Where an entry of another program gets its credentials if it does not specify an identity. */
export interface ShellAws extends AwsMachine {
  /** Whether a person agreed to what a profile runs for its credentials. */
  readonly isApproved: (name: ProfileName, process: Pick<ApprovedProcess, "line" | "configFile">) => boolean;
}

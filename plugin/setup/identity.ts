import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { OpenPlan } from "../../token/aws/sources/opened-source.ts";
import type { ProfileName, ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { Identity } from "../../token/kubeconfig/identity.ts";
import type { VouchAccess } from "../vouch/vouch-access.ts";

/** The least remaining lifetime of credentials that are used to list clusters, in milliseconds. */
export const MIN_REMAINING_MS = 2 * 60 * 1000;

/** The identity that contexts are set up for, and how AWS is asked for the clusters. */
export interface SetupIdentity extends Describer {
  readonly source: Identity;
  /** AWS profile that names the identity, if one does. */
  readonly profile: string | undefined;
  /** The partition of its clusters, if it is known before AWS is asked. */
  readonly partition: string | undefined;
  /** Region of the flags, the environment or the profile; undefined if `--regions` gives them all. */
  readonly region: string | undefined;
  /** Only for Vouch. */
  readonly access: VouchAccess | undefined;
  /** What this setup settles for an AWS profile, or for the caller. */
  readonly settled: SettledProfile | undefined;
  /** Records in the Vouch session what this setup settles. */
  settleSession?(): Promise<void>;
  /** Opens the credential source of an AWS profile, or of the caller, in a region. */
  open?(region: string): Promise<OpenPlan>;
  /** What an AI agent that runs setup can do with it; undefined for a user, and if its AWS session can be narrowed. */
  readonly agentWarning: string | undefined;
  /** What else the user should know about it. */
  readonly warnings: readonly string[];
}

/** Who asks AWS for the clusters. */
interface Describer {
  readonly endpoints: Endpoints;
  credentials(region: string): Promise<AwsCredentials>;
  /** The account whose clusters are listed. */
  account(region: string): Promise<AwsAccount>;
  /** What to run if AWS refuses the credentials; undefined for those of Vouch. */
  readonly renewal: string | undefined;
}

/** The account that credentials belong to. */
export interface AwsAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: string;
}

/** The flags that say how an identity is used. */
export interface IdentityOptions {
  /** Nothing is written, no cache either. */
  readonly dryRun: boolean;
  /** `--account`: written into the context if it is given. */
  readonly account: string | undefined;
  /** `--describe-profile` */
  readonly describeProfile: string | undefined;
  /** `--approve-process` */
  readonly approveProcess: boolean;
}

/** A record of a profile, and whose it is. */
export interface SettledProfile {
  readonly name: ProfileName;
  readonly record: ProfileRecord;
}

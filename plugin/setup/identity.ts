import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { OpenedSource } from "../../token/aws/sources/opened-source.ts";
import type { ProfileName, ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { ContextSource } from "../../token/kubeconfig/context-source.ts";
import type { VouchAccess } from "../vouch/vouch-access.ts";

/** Credentials are used for a list of clusters as long as they live this long, in milliseconds. */
export const MIN_REMAINING_MS = 2 * 60 * 1000;

/** Whose contexts are set up, and how AWS is asked for the clusters. */
export interface SetupIdentity extends Describer {
  readonly source: ContextSource;
  /** AWS profile that says whose, if one does. */
  readonly profile: string | undefined;
  /** Region of the flags, the environment or the profile; undefined when `--regions` says it all. */
  readonly region: string | undefined;
  /** Of a context of Vouch. */
  readonly access: VouchAccess | undefined;
  /** What this setup settles for an AWS profile, or for the caller. */
  readonly settled: SettledProfile | undefined;
  /** Records with the session of Vouch what this setup settles. */
  settleSession?(): Promise<void>;
  /** What gives the credentials of an AWS profile, or of the caller, in a region. */
  open?(region: string): Promise<OpenedSource>;
  /** What the person should know of it. */
  readonly warnings: readonly string[];
}

/** Who asks AWS for the clusters. */
interface Describer {
  readonly endpoints: Endpoints;
  credentials(region: string): Promise<AwsCredentials>;
  /** Whose clusters there are to list. */
  account(region: string): Promise<AwsAccount>;
  /** What to run where AWS refuses the credentials; undefined where those of Vouch are kept. */
  readonly renewal: string | undefined;
}

interface AwsAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: string;
}

/** The flags that say how an identity is used. */
export interface IdentityOptions {
  /** Nothing is written, no cache either. */
  readonly dryRun: boolean;
  /** `--account`: written into the context where it is given. */
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

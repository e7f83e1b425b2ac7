import type { AwsPlace } from "./aws-client.ts";
import type { AwsCredentials, TemporaryCredentials } from "./aws-credentials.ts";

/** Limits put on a session beyond those of its role. */
export interface SessionPolicies {
  readonly managed?: readonly string[];
  /** JSON text. */
  readonly inline?: string;
}

/** A code of an MFA device, as its person reads it. */
interface MfaCode {
  readonly serialNumber: string;
  readonly code: string;
}

/** The calls to STS we make, with errors translated. */
export interface Sts {
  assumeWithWebIdentity(hop: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly idToken: string;
    readonly policies?: SessionPolicies;
  }): Promise<TemporaryCredentials>;
  assumeRole(hop: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly by: AwsCredentials;
    readonly policies?: SessionPolicies;
    readonly externalId?: string | undefined;
    /** Undefined: an hour. */
    readonly durationSeconds?: number | undefined;
    readonly mfa?: MfaCode | undefined;
  }): Promise<TemporaryCredentials>;
  callerIdentity(
    credentials: AwsCredentials,
  ): Promise<{ readonly arn: string; readonly account: string; readonly userId: string }>;
}

/** What of a place decides how STS is asked. */
export type StsPlace = Pick<AwsPlace, "env" | "endpoints" | "limits">;

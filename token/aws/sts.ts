import type { AssumeRoleResponse, STSClient } from "@aws-sdk/client-sts";
import { stsEndpoint } from "../endpoints/aws-endpoint.ts";
import { VouchError } from "../errors/errors.ts";
import type { AwsPlace } from "./aws-client.ts";
import { type AwsCredentials, credentialMember, type TemporaryCredentials } from "./aws-credentials.ts";
import { type AwsCall, awsError } from "./aws-error.ts";

/** Limits put on a session beyond those of its role. */
export interface SessionPolicies {
  readonly managed?: readonly string[];
  /** JSON text. */
  readonly inline?: string;
}

/** A code that a user reads off an MFA device. */
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

type StsSdk = typeof import("./sts-sdk.ts");

/** The longest session that STS gives for role chaining, in seconds; sent explicitly, although it is also the default. */
const CHAINED_SECONDS = 3600;

/** STS in one region. The SDK is loaded only for a call: most tokens are signed with cached credentials. */
export function sts(
  region: string,
  { env, endpoints, limits }: Pick<AwsPlace, "env" | "endpoints" | "limits">,
): Sts {
  const { host } = stsEndpoint(region, { env, endpoints });
  const describe = (action: string, subject: string): AwsCall => ({ action, subject, region, host });

  const send = async <T>(
    call: AwsCall,
    credentials: AwsCredentials | undefined,
    run: (client: STSClient, commands: StsSdk) => Promise<T>,
  ) => {
    const sdk = await import("./sts-sdk.ts");
    const client = sdk.awsClient(sdk.STSClient, "sts", { region, env, endpoints, credentials, limits });
    try {
      return await run(client, sdk);
    } catch (error) {
      throw awsError(error, call);
    } finally {
      client.destroy();
    }
  };

  return {
    async assumeWithWebIdentity({ roleArn, sessionName, idToken, policies }) {
      const call = describe("sts:AssumeRoleWithWebIdentity", roleArn);
      const answer = await send(call, undefined, (client, sdk) =>
        client.send(
          new sdk.AssumeRoleWithWebIdentityCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            WebIdentityToken: idToken,
            ...sdkPolicies(policies),
          }),
        ),
      );
      return fromSdk(answer, call);
    },
    async assumeRole({ roleArn, sessionName, by, policies, externalId, durationSeconds, mfa }) {
      const call = describe("sts:AssumeRole", roleArn);
      const answer = await send(call, by, (client, sdk) =>
        client.send(
          new sdk.AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            DurationSeconds: durationSeconds ?? CHAINED_SECONDS,
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
            ...(mfa === undefined ? {} : { SerialNumber: mfa.serialNumber, TokenCode: mfa.code }),
            ...sdkPolicies(policies),
          }),
        ),
      );
      return fromSdk(answer, call);
    },
    async callerIdentity(credentials) {
      const call = describe("sts:GetCallerIdentity", "the session");
      const answer = await send(call, credentials, (client, sdk) =>
        client.send(new sdk.GetCallerIdentityCommand({})),
      );
      const { Arn: arn, Account: account, UserId: userId } = answer;
      if (!arn || !account || !userId) throw emptyAnswer(call, "an identity");
      return { arn, account, userId };
    },
  };
}

function sdkPolicies(policies: SessionPolicies | undefined) {
  return {
    ...(policies?.managed === undefined ? {} : { PolicyArns: policies.managed.map((arn) => ({ arn })) }),
    ...(policies?.inline === undefined ? {} : { Policy: policies.inline }),
  };
}

function fromSdk(
  { Credentials, AssumedRoleUser }: Pick<AssumeRoleResponse, "Credentials" | "AssumedRoleUser">,
  call: AwsCall,
): TemporaryCredentials {
  const [accessKeyId, secretAccessKey, sessionToken] = (
    ["AccessKeyId", "SecretAccessKey", "SessionToken"] as const
  ).map((name) => credentialMember({ ...Credentials }, name));
  const { Expiration } = Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken || !Expiration) {
    throw emptyAnswer(call, "credentials");
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expires: Expiration.getTime(),
    ...(AssumedRoleUser?.Arn ? { arn: AssumedRoleUser.Arn } : {}),
  };
}

function emptyAnswer({ action, subject }: AwsCall, what: string): VouchError {
  return new VouchError("aws-failed", `The response to ${action} on ${subject} does not contain ${what}.`);
}

import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { stsEndpoint } from "../endpoints/aws-endpoint.ts";
import type { Endpoints } from "../endpoints/endpoints.ts";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { AWS_LIMITS, type AwsLimits } from "../net/limits.ts";
import type { AwsCredentials } from "./aws-credentials.ts";
import { type AwsCall, awsError } from "./aws-error.ts";
import { sdkOptions, withDeadline } from "./sdk-options.ts";

/** Limits put on a session beyond those of its role. */
export interface SessionPolicies {
  readonly managed?: readonly string[];
  /** JSON text. */
  readonly inline?: string;
}

/** The calls to STS we make, with errors translated. */
export interface Sts {
  assumeWithWebIdentity(hop: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly idToken: string;
    readonly policies?: SessionPolicies;
  }): Promise<AwsCredentials>;
  assumeRole(hop: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly by: AwsCredentials;
    readonly policies?: SessionPolicies;
  }): Promise<AwsCredentials>;
  callerIdentity(
    credentials: AwsCredentials,
  ): Promise<{ readonly arn: string; readonly account: string; readonly userId: string }>;
}

/** Longest session STS gives a role that a role assumes, in seconds; asked for by its name, since the default is the same. */
const CHAINED_SECONDS = 3600;

/**
 * Talks to STS in one region. The SDK reads no file and asks no metadata service: all it may know is given here. FIPS
 * and dual-stack are in the endpoint already; left to itself the SDK reads them again and refuses an endpoint with them.
 */
export function sts(
  region: string,
  {
    env,
    endpoints,
    limits = AWS_LIMITS,
  }: { readonly env: Env; readonly endpoints: Endpoints; readonly limits?: AwsLimits },
): Sts {
  const endpoint = stsEndpoint(region, { env, endpoints });
  const describe = (action: string, subject: string): AwsCall => ({
    action,
    subject,
    region,
    host: endpoint.host,
  });

  const send = async <T>(
    call: AwsCall,
    credentials: AwsCredentials | undefined,
    run: (client: STSClient) => Promise<T>,
  ) => {
    const options = sdkOptions({
      region,
      env,
      target: endpoint,
      caBundle: endpoints.awsCaBundle,
      credentials,
      limits,
    });
    const client = withDeadline(new STSClient({ ...options, endpoint: endpoint.href }), limits);
    try {
      return await run(client);
    } catch (error) {
      throw awsError(error, call);
    } finally {
      client.destroy();
    }
  };

  return {
    async assumeWithWebIdentity({ roleArn, sessionName, idToken, policies }) {
      const call = describe("sts:AssumeRoleWithWebIdentity", roleArn);
      const answer = await send(call, undefined, (client) =>
        client.send(
          new AssumeRoleWithWebIdentityCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            WebIdentityToken: idToken,
            ...sdkPolicies(policies),
          }),
        ),
      );
      return fromSdk(answer.Credentials, call);
    },
    async assumeRole({ roleArn, sessionName, by, policies }) {
      const call = describe("sts:AssumeRole", roleArn);
      const answer = await send(call, by, (client) =>
        client.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            DurationSeconds: CHAINED_SECONDS,
            ...sdkPolicies(policies),
          }),
        ),
      );
      return fromSdk(answer.Credentials, call);
    },
    async callerIdentity(credentials) {
      const call = describe("sts:GetCallerIdentity", "the session");
      const answer = await send(call, credentials, (client) => client.send(new GetCallerIdentityCommand({})));
      const { Arn: arn, Account: account, UserId: userId } = answer;
      if (!arn || !account || !userId) throw emptyAnswer(call, "identity");
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

function fromSdk(credentials: Credentials | undefined, call: AwsCall): AwsCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw emptyAnswer(call, "credentials");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expires: Expiration.getTime(),
  };
}

function emptyAnswer({ action, subject }: AwsCall, what: string): VouchError {
  return new VouchError("aws-failed", `The answer to ${action} on ${subject} holds no ${what}.`);
}

import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { VouchError } from "../errors/errors.ts";
import { awsClient } from "./aws-client.ts";
import type { AwsCredentials, TemporaryCredentials } from "./aws-credentials.ts";
import { type AwsCall, awsError } from "./aws-error.ts";
import type { SessionPolicies, Sts, StsPlace } from "./sts-calls.ts";

/** Longest session STS gives a role that a role assumes, in seconds; asked for by its name, since the default is the same. */
const CHAINED_SECONDS = 3600;

/** STS in one region, at the host that its endpoint has. */
export function stsClient({
  region,
  host,
  env,
  endpoints,
  limits,
}: StsPlace & { readonly region: string; readonly host: string }): Sts {
  const describe = (action: string, subject: string): AwsCall => ({ action, subject, region, host });

  const send = async <T>(
    call: AwsCall,
    credentials: AwsCredentials | undefined,
    run: (client: STSClient) => Promise<T>,
  ) => {
    const client = awsClient(STSClient, "sts", { region, env, endpoints, credentials, limits });
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
    async assumeRole({ roleArn, sessionName, by, policies, externalId, durationSeconds, mfa }) {
      const call = describe("sts:AssumeRole", roleArn);
      const answer = await send(call, by, (client) =>
        client.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            DurationSeconds: durationSeconds ?? CHAINED_SECONDS,
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
            ...(mfa === undefined ? {} : { SerialNumber: mfa.serialNumber, TokenCode: mfa.code }),
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

function fromSdk(credentials: Credentials | undefined, call: AwsCall): TemporaryCredentials {
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

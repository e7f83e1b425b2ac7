import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type CalledContext, readCalledContext } from "../called-context.ts";
import type { Asking } from "../probe.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { KeepsCredentials, noCredentials } from "./aws-cli.ts";
import { type Asked, callerCredentials, renewedCredentials } from "./caller-credentials.ts";
import { cliCalls } from "./cli-calls.ts";
import { endpointsOf } from "./endpoints-of.ts";

/** AWS, ready to be asked about the cluster. */
export interface AwsSession {
  readonly call: CalledContext;
  /** Asks; rejects with AWS's code and sentence. Where AWS refuses a session of ours, it is asked again with a new one. */
  readonly ask: <T>(work: (aws: AwsCalls) => Promise<T>) => Promise<T>;
  /** Name of the cluster as EKS has it, else as the kubeconfig means it. */
  readonly cluster: string | undefined;
}

/** AWS does not know the session any more. Source: service models of STS, EKS and IAM. */
const REFUSED_SESSION = /^(?:UnrecognizedClientException|InvalidClientTokenId|ExpiredToken(?:Exception)?):/;

/** Undefined when there is no context, or nothing says in which region its cluster is. Throws why there are no credentials. */
export async function openAwsSession(asking: Asking): Promise<AwsSession | undefined> {
  const { evidence, host } = asking;
  const call = readCalledContext(evidence, host);
  const region = call?.target.region;
  if (call === undefined || region === undefined) return undefined;
  const asked: Asked = { ...asking, call };
  const { awsCalls, awsReason } = await import("./aws-calls.ts");
  const endpoints = await endpointsOf(call, host);
  const callsWith = async (credentials: Promise<AwsCredentials>) => {
    const keys = await credentials.catch((error: unknown) => {
      if (error instanceof KeepsCredentials) return undefined;
      throw noCredentials(error);
    });
    if (keys === undefined) return cliCalls(asked, region);
    return awsCalls({ region, env: call.env, endpoints, credentials: keys });
  };
  const calls = await callsWith(callerCredentials(asked));
  const ask = async <T>(work: (aws: AwsCalls) => Promise<T>): Promise<T> => {
    try {
      return await work(calls);
    } catch (error) {
      const reason = awsReason(error);
      if (!call.isOurs || !REFUSED_SESSION.test(reason)) throw new Error(reason);
    }
    const renewed = await callsWith(renewedCredentials(asked));
    return work(renewed).catch((error: unknown) => {
      throw new Error(awsReason(error));
    });
  };
  const cluster = knownValue(evidence.cluster)?.cluster.name ?? call.target.name;
  return { call, cluster, ask };
}

import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type CalledContext, endpointsOf, readCalledContext } from "../called-context.ts";
import type { Asking } from "../probe.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { cliCalls, KeepsCredentials, noCredentials } from "./aws-cli.ts";
import { type Asked, callerCredentials, renewedCredentials } from "./caller-credentials.ts";

/** Access to AWS for questions about the cluster. */
interface AwsSession {
  readonly call: CalledContext;
  /** Makes a call; rejects with AWS's code and message. If AWS refuses a session of ours, the call is repeated with a new one. */
  readonly ask: <T>(work: (aws: AwsCalls) => Promise<T>) => Promise<T>;
  /** Name of the cluster in EKS, otherwise according to the kubeconfig. */
  readonly cluster: string | undefined;
}

/** AWS no longer knows the session. Source: service models of STS, EKS and IAM. */
const REFUSED_SESSION = /^(?:UnrecognizedClientException|InvalidClientTokenId|ExpiredToken(?:Exception)?):/;

/** Undefined if there is no context, or the region of its cluster is not known. Throws why there are no credentials. */
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

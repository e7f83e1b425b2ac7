import { type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import { symptomInWords } from "../failure/symptom-words.ts";
import { PROXY_DOWN } from "./proxy.ts";

type Asked = Pick<DoctorEvidence, "callerIdentity" | "cluster" | "clusters">;

/** Messages for a name that cannot be resolved, or a resolver that does not answer. */
const NO_NAMES =
  /\b(?:ENOTFOUND|EAI_AGAIN)\b|no such host|Could not connect to the endpoint URL|Name or service not known|name resolution/i;

/**
 * Messages for a call without an answer, with its host: of the AWS CLI, Go, Node, and ours. Source: botocore, exceptions.py
 * (EndpointConnectionError, ConnectTimeoutError); Go, net, `OpError`; token/net/network-error.ts.
 */
const NO_ANSWER =
  /Could not connect to the endpoint URL: [^\n]{1,300}|Connect timeout on endpoint URL: [^\n]{1,300}|dial tcp[: ][^\n]{1,300}|\bconnect E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|TIMEDOUT) [^\n]{1,200}|\bgetaddrinfo E(?:NOTFOUND|AI_AGAIN) \S{1,253}|\bsocket hang up\b|\bread ECONNRESET\b|(?<!\S)\S{1,260} (?:cannot be looked up|cannot be reached(?: from this network|: (?:connection refused|no such host))|is not known to the name server|refuses connections|closed the connection before it answered|did not answer(?: the connection attempt|: the connection timed out)|did not accept a connection within \d)/;

/** The addresses at which machines in AWS get credentials; elsewhere nothing answers there. */
const LINK_LOCAL = /\b169\.254\.\d|\bfd00:ec2::/;

/** True: calls to AWS show that this machine resolves no names, so one more failure says nothing. */
export function isOffline(evidence: Asked): boolean {
  return !hasAnswered(evidence) && failuresOf(evidence).some((words) => NO_NAMES.test(words));
}

/**
 * The error of a call to AWS that got no answer; undefined if AWS answered, or was not called. It does not count if a proxy is
 * down, or another host (such as a Vouch server) does not answer.
 */
export function awsSilence(evidence: Asked, notOf: string | undefined): string | undefined {
  if (hasAnswered(evidence)) return undefined;
  return failuresOf(evidence)
    .filter((words) => !PROXY_DOWN.test(words) && !LINK_LOCAL.test(words))
    .flatMap((words) => NO_ANSWER.exec(words)?.[0] ?? [])
    .find((words) => notOf === undefined || !words.includes(notOf));
}

/** Whether AWS answered a call, even with a refusal. A list of clusters may come from elsewhere. */
export function hasAnswered(evidence: Asked): boolean {
  const { callerIdentity, cluster } = evidence;
  return (
    [callerIdentity, cluster].some((part) => part !== undefined && failureOf(part) === undefined) ||
    failuresOf(evidence).some((words) => symptomInWords(words).kind === "aws-refused")
  );
}

function failuresOf({ callerIdentity, cluster, clusters }: Asked): readonly string[] {
  return [callerIdentity, cluster, clusters].flatMap((part) => failureOf(part) ?? []);
}

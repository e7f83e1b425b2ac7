import { type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import { symptomInWords } from "../failure/symptom-words.ts";
import { PROXY_DOWN } from "./proxy-down.ts";

type Asked = Pick<DoctorEvidence, "callerIdentity" | "cluster" | "clusters">;

/** Words of a resolver that knows no name, or does not answer. */
const NO_NAMES =
  /\b(?:ENOTFOUND|EAI_AGAIN)\b|no such host|Could not connect to the endpoint URL|Name or service not known|name resolution/i;

/**
 * Words of a call that got no answer: the AWS CLI's, Go's, Node's, and ours with their host.
 * Source: botocore, exceptions.py (EndpointConnectionError, ConnectTimeoutError); Go, net, `OpError`; token/net/network-error.ts.
 */
const NO_ANSWER =
  /Could not connect to the endpoint URL: [^\n]{1,300}|Connect timeout on endpoint URL: [^\n]{1,300}|dial tcp[: ][^\n]{1,300}|\bconnect E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|TIMEDOUT) [^\n]{1,200}|\bgetaddrinfo E(?:NOTFOUND|AI_AGAIN) \S{1,253}|\bsocket hang up\b|\bread ECONNRESET\b|(?<!\S)\S{1,260} (?:cannot be looked up now|cannot be reached from this network|is not known to the name server|refuses connections|closed the connection before it answered|did not answer the connection attempt|did not accept a connection within \d)/;

/** The machine's own services for credentials, which are there in AWS only. */
const LINK_LOCAL = /\b169\.254\.\d|\bfd00:ec2::/;

/** True: calls to AWS show that no name resolves on this machine, so one more says nothing. */
export function isOffline(evidence: Asked): boolean {
  return !hasAnswered(evidence) && failuresOf(evidence).some((words) => NO_NAMES.test(words));
}

/**
 * How AWS does not answer this machine, in the words of a call; undefined where it answered, or nobody asked. A proxy that is
 * down, and another host (such as a Vouch server) that does not answer, are no silence of AWS.
 */
export function awsSilence(evidence: Asked, notOf: string | undefined): string | undefined {
  if (hasAnswered(evidence)) return undefined;
  return failuresOf(evidence)
    .filter((words) => !PROXY_DOWN.test(words) && !LINK_LOCAL.test(words))
    .flatMap((words) => NO_ANSWER.exec(words)?.[0] ?? [])
    .find((words) => notOf === undefined || !words.includes(notOf));
}

/** Whether a call to AWS was answered, be it by a refusal. A list of clusters can be from elsewhere. */
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

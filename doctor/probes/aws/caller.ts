import { sts } from "../../../token/aws/sts.ts";
import { explainToken } from "../../../token/eks/explain-token.ts";
import { CLUSTER_HEADER } from "../../../token/eks/token-form.ts";
import { isStsHost } from "../../../token/eks/verifier-hosts.ts";
import { endpointOverride } from "../../../token/endpoints/aws-endpoint.ts";
import type { Endpoints } from "../../../token/endpoints/endpoints.ts";
import type { Env } from "../../../token/env.ts";
import { reasonOf } from "../../../token/errors/errors.ts";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";
import { trustedRoots } from "../../../token/net/trusted-roots.ts";
import { jsonRecord, recordMember } from "../../../token/record.ts";
import {
  type CallerIdentity,
  type DoctorEvidence,
  knownValue,
  type TokenNameTest,
} from "../../evidence/evidence.ts";
import { type CalledContext, endpointsOf, readCalledContext } from "../called-context.ts";
import { getOverTls } from "../network/get-over-tls.ts";
import type { Asking, Probes } from "../probe.ts";
import { identityOfCli, KeepsCredentials } from "./aws-cli.ts";
import { callerCredentials } from "./caller-credentials.ts";

export const CALLER_PROBES = {
  /**
   * Who AWS says the caller is. The user's own presigned URL is sent to STS with the cluster's name: this is GetCallerIdentity for
   * exactly this token, and needs nothing else. Without a token, AWS is called with the credentials that the plugin would use, only
   * to learn the reason.
   */
  callerIdentity: {
    needs: ["pluginRun", "awsConfig", "awsCredentials"],
    doing: "checking your AWS identity",
    ask: async ({ evidence, host, signal, secrets }) => {
      const call = readCalledContext(evidence, host);
      if (call === undefined) return undefined;
      if (secrets.token === undefined)
        return identityOfCredentials({ secrets, evidence, host, call, signal });
      const endpoints = await endpointsOf(call, host);
      let refusal: TokenNameTest | undefined;
      for (const name of candidateNames(call, evidence)) {
        const { identity, test } = await askSts(secrets.token, name, {
          env: call.env,
          endpoints,
          host,
          signal,
        });
        if (identity !== undefined) return identity;
        refusal ??= test;
      }
      throw new Error(refusal?.error ?? "no cluster name is known for the call to STS");
    },
  },
  /** The cluster names for which the token is signed. */
  tokenNames: {
    needs: ["pluginRun", "cluster"],
    doing: "checking which cluster the token is signed for",
    ask: async ({ evidence, host, signal, secrets }) => {
      const call = readCalledContext(evidence, host);
      if (call === undefined || secrets.token === undefined) return undefined;
      const token = secrets.token;
      const endpoints = await endpointsOf(call, host);
      const tests = candidateNames(call, evidence).map((name) =>
        askSts(token, name, { env: call.env, endpoints, host, signal }),
      );
      return (await Promise.all(tests)).map(({ test }) => test);
    },
  },
} satisfies Probes;

/** Names for which the token may be signed: in the plugin's arguments, in the cluster's ARN, and in EKS's answer. */
function candidateNames({ exec, target }: CalledContext, evidence: DoctorEvidence): string[] {
  const described = knownValue(evidence.cluster)?.cluster.name;
  const names = [exec?.clusterName, exec?.clusterId, target.name, described];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * Sends a token to STS as EKS does. It is only sent to the holder of a certificate for the AWS host that is signed into it: the
 * record may determine where to connect, as in a lab or for an interface endpoint, but not whom to trust.
 */
async function askSts(
  token: string,
  name: string,
  {
    env,
    endpoints,
    host,
    signal,
  }: Pick<Asking, "host" | "signal"> & { readonly env: Env; readonly endpoints: Endpoints },
): Promise<{ readonly test: TokenNameTest; readonly identity: CallerIdentity | undefined }> {
  const foreign = explainToken(token, host.clock()).problems.find(({ step }) => step <= 6);
  if (foreign !== undefined) throw new Error(`the token was not sent to STS: ${foreign.problem}`);
  const url = new URL(Buffer.from(token.slice(token.indexOf(".") + 1), "base64url").toString("utf8"));
  if (!isStsHost(url.host)) throw new Error(`the token was not sent to STS: ${url.host} is not an STS host`);
  const proxy = chosenProxy(url, env);
  const region = url.hostname.split(".")[1] ?? "";
  const override = endpointOverride("sts", { region, env, endpoints });
  const answer = await getOverTls({
    url,
    headers: { [CLUSTER_HEADER]: name, Accept: "application/json" },
    ca: trustedRoots(endpoints.awsCaBundle),
    connectTo: override?.protocol === "https:" ? override : undefined,
    proxy: override === undefined ? proxy : undefined,
    clock: host.clock,
    signal,
  });
  const identity = answer.status === 200 ? readIdentity(answer.body) : undefined;
  const error = identity === undefined ? { error: readRefusal(answer.body, answer.status) } : {};
  return { identity, test: { name, accepted: identity !== undefined, ...error } };
}

function readIdentity(body: string): CallerIdentity | undefined {
  const response = recordMember(jsonRecord(body), "GetCallerIdentityResponse");
  const { UserId, Account, Arn } = recordMember(response, "GetCallerIdentityResult") ?? {};
  return typeof Arn === "string" ? { UserId: String(UserId), Account: String(Account), Arn } : undefined;
}

/** `SignatureDoesNotMatch: …`, from JSON or XML, since STS answers in either. */
function readRefusal(body: string, status: number): string {
  const { Code: code = tag(body, "Code"), Message: message = tag(body, "Message") } =
    recordMember(jsonRecord(body), "Error") ?? {};
  const said = [code, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  return said === "" ? `STS answered HTTP ${status}` : said;
}

function tag(xml: string, name: string): string | undefined {
  const begin = xml.indexOf(`<${name}>`);
  const end = xml.indexOf(`</${name}>`, begin);
  const content = xml.slice(begin + name.length + 2, end);
  return begin < 0 || end < 0 || content.includes("<") ? undefined : content;
}

/** What AWS answers to the credentials that the plugin uses. */
async function identityOfCredentials(
  asked: Parameters<typeof callerCredentials>[0],
): Promise<CallerIdentity> {
  const { target, env } = asked.call;
  const credentials = await callerCredentials(asked).catch((error: unknown) => {
    if (error instanceof KeepsCredentials) return undefined;
    throw error;
  });
  if (target.region === undefined) throw new Error("the cluster's region is not known");
  if (credentials === undefined) return identityOfCli(asked, target.region);
  const endpoints = await endpointsOf(asked.call, asked.host);
  try {
    const { arn, account, userId } = await sts(target.region, { env, endpoints }).callerIdentity(credentials);
    return { Arn: arn, Account: account, UserId: userId };
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

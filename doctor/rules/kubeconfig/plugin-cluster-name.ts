import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { isEksHost } from "../../derive/kubeconfig/api-endpoint.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecArgs, withFlag } from "../../fixes/kubeconfig-commands.ts";

/** For which cluster tokens are signed, and whose server the context calls. */
interface Mismatch {
  readonly signed: string;
  /** Name of the cluster that owns `server`; undefined when it is only known that it is another. */
  readonly meant: string | undefined;
  readonly confidence: Confidence;
  readonly proof: string;
}

/** The arguments name another cluster than the one that `server` belongs to: its verifier never accepts the signature. */
export const pluginClusterName = defineLegacyRule({
  code: "plugin-cluster-name",
  stage: "kubeconfig",
  causes: ["K10"],
  expects: "the exec block asks for a token of the very cluster that the context calls",
  needs: ["context", "exec"],
  judge(facts) {
    const mismatch = canCause401(facts) ? findMismatch(facts) : undefined;
    if (mismatch === undefined) return [];
    const { signed, meant, confidence, proof } = mismatch;
    return [
      {
        cause: "K10",
        stage: "kubeconfig",
        severity: "error",
        confidence,
        summary: `Tokens are signed for cluster ${signed}, but the context calls ${meant === undefined ? "another cluster" : meant}.`,
        evidence: [
          `The arguments of the exec block name cluster ${signed}.`,
          `clusters[].cluster.server of context ${facts.context.name} is ${String(facts.context.cluster?.body["server"] ?? "missing")}.`,
          proof,
          ...nameTests(facts),
        ],
        falsifiedBy: `STS accepts the token's signature with x-k8s-aws-id ${meant ?? "of the cluster that owns the server"}.`,
        fixes: fixes(facts, meant),
        explains: ["N1", "N6", "E1", "A1"],
      },
    ];
  },
});

function findMismatch(facts: Facts): Mismatch | undefined {
  const { exec, context, cluster } = facts;
  const signed = exec?.clusterName;
  const server = addressOf(text(context?.cluster?.body["server"]))?.host;
  if (signed === undefined || server === undefined || !/^[\w-]+$/.test(signed)) return undefined;
  const isOwner = addressOf(cluster?.endpoint)?.host === server;
  if (isOwner && cluster?.name !== undefined) {
    if (cluster.name === signed) return undefined;
    const proof = `DescribeCluster says that this server is the endpoint of ${cluster.name}.`;
    return { signed, meant: cluster.name, confidence: "certain", proof };
  }
  const named = nameOfEntry(facts, signed);
  if (named !== undefined && named !== signed) {
    const proof = `The cluster entry is called ${context?.clusterName}.`;
    return { signed, meant: named, confidence: isTested(facts, signed, named) ? "certain" : "likely", proof };
  }
  if (cluster?.endpoint === undefined || cluster.name !== signed || !isEksHost(server)) return undefined;
  if (facts.symptom?.kind !== "unauthorized") return undefined;
  const proof = `DescribeCluster says that the endpoint of ${signed} is ${cluster.endpoint}, and this server answers all the same.`;
  return { signed, meant: undefined, confidence: "certain", proof };
}

/** The cluster that the entry's name stands for: an ARN, or a word that is the name of a cluster. */
function nameOfEntry(facts: Facts, signed: string): string | undefined {
  const byArn = targetCluster(facts).name;
  const word = facts.context?.clusterName ?? "";
  if (byArn !== undefined && byArn !== signed) return byArn;
  const tested = knownValue(facts.evidence.tokenNames)?.map(({ name }) => name) ?? [];
  const listed = knownValue(facts.evidence.clusters)?.clusters ?? [];
  return [...tested, ...listed].includes(word) ? word : byArn;
}

/** STS was shown a fresh token under both names. Source: token/eks/EKS-TOKEN.md, "Format". */
function isTested({ evidence }: Facts, signed: string, meant: string): boolean {
  const tests = knownValue(evidence.tokenNames) ?? [];
  const answer = (name: string) => tests.find((test) => test.name === name)?.accepted;
  return answer(signed) === true && answer(meant) === false;
}

function nameTests({ evidence }: Facts): string[] {
  return (knownValue(evidence.tokenNames) ?? []).map(
    ({ name, accepted }) => `STS ${accepted ? "accepts" : "refuses"} the token's signature for ${name}.`,
  );
}

function fixes(facts: Facts, meant: string | undefined): Fix[] {
  const { exec } = facts;
  const anew = regenerateEntry(facts, "Write the entry anew, for the cluster that is meant.");
  const flag = exec?.tool === "aws-iam-authenticator" ? "-i" : "--cluster-name";
  if (meant === undefined || exec === undefined || !exec.args.includes(flag)) return [anew];
  const actions = [setExecArgs(facts, withFlag(exec.args, flag, meant))];
  return [{ audience: "you", description: `Ask for tokens of ${meant}.`, actions }, anew];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

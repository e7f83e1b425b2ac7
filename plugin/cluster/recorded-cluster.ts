import { createHash } from "node:crypto";
import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { VouchError } from "../../token/errors/errors.ts";
import {
  type ClusterRecord,
  type ClusterRefusal,
  certificateName,
  clusterRefusal,
} from "../../token/hot/cluster-record.ts";
import { isAwsQuestion, type Question } from "../../token/hot/question.ts";
import {
  askedCluster,
  type ClusterGuard,
  type ClusterKey,
  DamagedRecord,
  findClusterRecord,
} from "../../token/mint/cluster-records.ts";
import { isRecord } from "../../token/record.ts";
import type { App } from "../app.ts";
import { Desk } from "../workplace/workplace.ts";

/** The most characters of a kubeconfig's address that are shown. */
const SHOWN = 120;

/** Hexadecimal digits of a CA's SHA-256 that are shown. */
const DIGITS = 16;

/**
 * Refuses a token that would go to an API server other than the one that setup recorded. `asked` is how the client describes the
 * cluster, as in `spec.cluster` of KUBERNETES_EXEC_INFO. Throws `cluster-mismatch` with both, and what to do.
 */
export async function requireRecordedCluster(desk: Desk, question: Question, asked: unknown): Promise<void> {
  const { key, isRequired, record, others } = await guardOrAdvice(desk, question);
  const refusal =
    clusterRefusal(asked, record, isRequired) ??
    others.map((other) => clusterRefusal(asked, other, isRequired)).find((one) => one !== undefined);
  const client = asked === undefined ? "the client does not name it" : `the client calls ${described(asked)}`;
  const recorded = record === undefined ? "nothing" : record.host + authority(record.caData);
  debug(`cluster ${key.cluster}: ${client}; setup recorded ${recorded}: ${refusal ?? "accepted"}`);
  if (refusal === undefined) return;
  const owner =
    "account" in key
      ? `account ${key.account}`
      : key.profile === undefined
        ? "your own credentials"
        : `profile ${key.profile}`;
  const what = `cluster ${question.cluster} (${key.region}, ${owner})`;
  throw new VouchError("cluster-mismatch", `No token for ${what}: ${reason(refusal, asked, record)}.`, {
    hint: (await import("./recorded-cluster-hint.ts")).refusalHint(desk.app, question, {
      refusal,
      asked,
      record,
    }),
  });
}

async function guardOrAdvice(desk: Desk, question: Question): Promise<ReturnType<typeof foundGuard>> {
  try {
    return foundGuard(desk, question);
  } catch (error) {
    if (!(error instanceof DamagedRecord)) throw error;
    throw error.again((await import("./recorded-cluster-hint.ts")).recordAgainHint(desk.app, question));
  }
}

/** What binds a token for the question now: another process may have recorded a cluster while this one waited for a lock. */
export function clusterGuard(app: App, question: Question): ClusterGuard {
  const { isRequired, record } = foundGuard(new Desk(app), question);
  return { isRequired, record };
}

interface FoundGuard extends ClusterGuard {
  readonly key: ClusterKey;
  /** Records that must agree, too. */
  readonly others: readonly ClusterRecord[];
}

/**
 * `requireClusterInfo` counts wherever it is set. A Vouch session lies in the folder that variables name, and so do its records.
 * All other credentials are found without it: there the folder of the user database counts as well, and where a record is required,
 * it must be the one there.
 */
function foundGuard({ app, binding, workplace }: Desk, question: Question): FoundGuard {
  const places = isAwsQuestion(question) ? binding : [workplace];
  const isRequired = binding.some(
    ({ current, config }) => current.requireClusterInfo === true || config.requireClusterInfo === true,
  );
  const key = askedCluster(
    isAwsQuestion(question) ? { ...question, configFile: awsConfigPath(app.env, app.homeDir) } : question,
  );
  const [first, ...more] = places.map(({ folders }) => findClusterRecord(folders.state, key));
  const others = more.filter((record) => record !== undefined);
  return { key, isRequired, record: first ?? (isRequired ? undefined : others[0]), others };
}

function reason(refusal: ClusterRefusal, asked: unknown, record: ClusterRecord | undefined): string {
  if (refusal === "unsaid")
    return "the client does not pass the cluster that it connects to, but requireClusterInfo is set";
  const calls = `the client calls ${described(asked)}`;
  if (refusal === "unrecorded")
    return `${calls}, but setup did not record this cluster, and requireClusterInfo is set`;
  const checks =
    refusal === "unchecked" ? " and does not verify its certificate (insecure-skip-tls-verify)" : "";
  const recorded =
    record === undefined ? "recorded nothing" : `recorded ${record.host}${authority(record.caData)}`;
  return `${calls}${checks}; setup ${recorded}`;
}

/** Host and CA. An address that is not plain is shown in quotes, with control characters escaped. */
function described(asked: unknown): string {
  if (!isRecord(asked)) return "something that is not a cluster";
  const { server, "tls-server-name": name } = asked;
  const host = certificateName(asked);
  const shown = host !== undefined && /^[a-z0-9.-]+$/.test(host) ? host : quoted(name || server);
  return `${shown}${authority(asked["certificate-authority-data"])}`;
}

function quoted(address: unknown): string {
  if (typeof address !== "string") return "an invalid address";
  return JSON.stringify(address.slice(0, SHOWN)).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function authority(caData: unknown): string {
  if (typeof caData !== "string" || caData === "") return " with the system CAs";
  const digest = createHash("sha256").update(Buffer.from(caData, "base64")).digest("hex");
  return ` (CA ${digest.slice(0, DIGITS)})`;
}

/** Throws `cluster-name-invalid` for an ID that no local cluster can have. Source: EKS API, Cluster, `id`. */
export function requireClusterId(id: string): void {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return;
  throw new VouchError(
    "cluster-name-invalid",
    `${JSON.stringify(id)} is not a valid ID of a local cluster on an Outpost.`,
    {
      hint: withCommands`To see the ID: ${run("aws", "eks describe-cluster", { name: "NAME", query: "cluster.id" })}`,
    },
  );
}

/** Throws `cluster-name-invalid` for a name that no EKS cluster can have. Source: EKS API, CreateCluster, `name`. */
export function requireClusterName(name: string): void {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return;
  const [, region = "", cluster = ""] = /^arn:[\w-]+:eks:([\w-]+):\d{12}:cluster\/([\w-]+)$/.exec(name) ?? [];
  throw new VouchError(
    "cluster-name-invalid",
    `${JSON.stringify(name)} is not a valid name for an EKS cluster.`,
    cluster === "" ? {} : { hint: `In place of the ARN, use --cluster ${cluster} --region ${region}.` },
  );
}

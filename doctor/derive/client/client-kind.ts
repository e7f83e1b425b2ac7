import { type Client, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { commandWords } from "../kubeconfig/command-words.ts";
import { EKS_TOKEN_LIFE_MS } from "../kubeconfig/static-token.ts";

/** Programs started by a desktop, so that they do not have the shell's variables. */
const GRAPHICAL =
  /lens|freelens|headlamp|intellij|idea|goland|pycharm|vscode|visual studio code|octant|rancher desktop|docker desktop/i;

/** Kinds of clients that find cluster and identity in places of their own. */
export type ClientKind = "terraform" | "argo-cd" | "ci" | "graphical" | "k9s" | "helm";

/** CI systems. */
const CI =
  /^ci$|github|gitlab|jenkins|circleci|buildkite|codebuild|bitbucket|azure.?(?:pipelines|devops)|\bargo\b|drone|travis/i;

/** The client, whose files count as part of its configuration. */
export function clientOf(evidence: Pick<DoctorEvidence, "client">): Client | undefined {
  const client = knownValue(evidence.client);
  if (client?.files === undefined || client.files.length === 0) return client;
  const texts = [client.configuration ?? "", ...client.files.map(({ text }) => text)];
  return { ...client, configuration: texts.join("\n") };
}

/** Whether the client had been running for longer than EKS accepts a token; false if that is not known. */
export function outlivesToken({ runSeconds }: Client): boolean {
  return runSeconds !== undefined && runSeconds * 1000 >= EKS_TOKEN_LIFE_MS;
}

/** Whether the call was made by a Terraform provider that reads no kubeconfig, as its own blocks do not. */
export function isProviderAlone({
  evidence,
  context,
}: {
  readonly evidence: Pick<DoctorEvidence, "client">;
  readonly context: object | undefined;
}): boolean {
  return context === undefined && isTerraform(knownValue(evidence.client));
}

export function isTerraform(client: Client | undefined): boolean {
  return client !== undefined && /terraform|opentofu|tofu|terragrunt|atlantis|pulumi/i.test(client.name);
}

/** Whether a desktop started it: as the bundle says, otherwise by its name. */
export function isGraphical(client: Client | undefined): boolean {
  return client?.graphical ?? (client !== undefined && GRAPHICAL.test(client.name));
}

/** The kind of client that made the call, by its name or by the program that was run; undefined for kubectl and the like. */
export function clientKind(facts: {
  readonly client: Client | undefined;
  readonly evidence: Pick<DoctorEvidence, "client" | "environment" | "question">;
}): ClientKind | undefined {
  const [program = ""] = commandWords(facts.evidence.question?.command ?? "");
  const client = facts.client ?? { name: program.replace(/^.*[\\/]/, "") };
  if (isTerraform(client)) return "terraform";
  if (/^argo[ -]?cd\b/i.test(client.name)) return "argo-cd";
  if (isCi({ ...facts, client })) return "ci";
  if (isGraphical(client)) return "graphical";
  if (/^k9s/i.test(client.name)) return "k9s";
  return isHelm(facts) ? "helm" : undefined;
}

/** Whether a CI job made the call: by the client's name, or the variables that CI runners set. */
export function isCi(facts: {
  readonly client: Client | undefined;
  readonly evidence: Pick<DoctorEvidence, "environment">;
}): boolean {
  if (CI.test(facts.client?.name ?? "")) return true;
  const env = knownValue(facts.evidence.environment) ?? {};
  return env["CI"] === "true" || env["GITHUB_ACTIONS"] === "true";
}

/** Clients that do not use client-go, and read exec blocks in their own ways. Source: plugin/KUBECTL.md, "Other clients". */
const OTHERS =
  /python|javascript|node|java\b|fabric8|ruby|rust|kube-rs|dotnet|c#|lens|freelens|headlamp|vscode|intellij/i;

/** Whether the client uses client-go, as far as its name tells; an unknown client is taken for kubectl. */
export function isGoClient(client: Client | undefined): boolean {
  return client === undefined || !OTHERS.test(client.name);
}

/** How helm's errors begin. Source: doctor/EKS-ACCESS.md, "Helm". */
const HELM_WORDS =
  /INSTALLATION FAILED|UPGRADE FAILED|failed to query with labels|list: failed to list|create: failed to create/;

/** Whether helm made the call, by the client's name, the command, or the text of the error. */
export function isHelm({
  evidence,
}: {
  readonly evidence: Pick<DoctorEvidence, "client" | "question">;
}): boolean {
  const { command = "", stderr = "" } = evidence.question ?? {};
  return (
    /^\s*helm\b/.test(command) || HELM_WORDS.test(stderr) || knownValue(evidence.client)?.name === "helm"
  );
}

/** Whether a version as programs print it (`v1.36.0`, `Helm 3.5.4+g1b5`) is older than major and minor; unknown ones are not. */
export function isOlderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first, second] = /(?<!\d)(\d+)\.(\d+)/.exec(version) ?? [];
  if (first === undefined) return false;
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

import type { Env } from "../../../token/env.ts";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { askedBy } from "../../../token/hot/question.ts";
import {
  execStanza,
  isSwitchedOn,
  OUR_FLAGS,
  ownArguments,
  readFlags,
  VOUCH_FLAGS,
} from "../../../token/kubeconfig/exec-stanza.ts";
import { PROTECTED, type Safeguards } from "../../../token/kubeconfig/identity.ts";
import { isRecord } from "../../../token/record.ts";
import { commandWords } from "./command-words.ts";
import type { EffectiveContext } from "./effective-context.ts";

/** Versions of the contract that Go clients accept since 1.24. Source: plugin/KUBECTL.md, "Exec block". */
export const EXEC_API = {
  v1: "client.authentication.k8s.io/v1",
  v1beta1: "client.authentication.k8s.io/v1beta1",
} as const;

/** Whether today's clients accept an exec block of this version. */
export function isKnownVersion(apiVersion: string): boolean {
  return apiVersion === EXEC_API.v1 || apiVersion === EXEC_API.v1beta1;
}

/** `user.exec` in force, as far as it can be read. */
export interface ExecBlock {
  readonly command: string;
  /** Base name without path and `.exe`, in lower case: `aws`. */
  readonly program: string;
  /** Which tool it is, by its name and arguments. */
  readonly tool: "kubectl-vouch" | "vouch" | "aws" | "aws-iam-authenticator" | "other";
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string | undefined;
  readonly interactiveMode: string | undefined;
  /** What the arguments request. */
  readonly clusterName: string | undefined;
  readonly clusterId: string | undefined;
  readonly region: string | undefined;
  /** The one that kubectl gets: an AI agent's, if one runs it and the block has a role for agents. */
  readonly role: string | undefined;
  /** The user's. */
  readonly userRole: string | undefined;
  /** The AI agent that gets its own role. */
  readonly agent: string | undefined;
  readonly safeguards: Safeguards;
  readonly via: readonly string[];
  readonly profile: string | undefined;
  /** `--session-name` of ours. */
  readonly sessionName?: string | undefined;
  /** `--ambient` of ours: use the AWS credentials in the caller's environment. */
  readonly isAmbient: boolean;
  /** Address of the Vouch server. */
  readonly server: string | undefined;
}

type Tool = ExecBlock["tool"];

/**
 * How the user of the context starts its credential plugin; undefined if there is no readable exec block. The environment, which
 * shows whether an AI agent runs kubectl, is read only if the block has a role for agents.
 */
export function execBlock(
  context: EffectiveContext | undefined,
  environment: () => Env | undefined = () => undefined,
): ExecBlock | undefined {
  const body = context?.user?.body ?? {};
  const stanza = execStanza(body);
  const { exec } = body;
  if (stanza === undefined || !isRecord(exec)) return undefined;
  const tool = toolOf(stanza.program, stanza.args);
  const args = plainArguments(tool, stanza.args);
  const { flags } = readFlags(args, FLAGS[tool]);
  const last = (name: string) => flags[name]?.at(-1);
  // With a server or an account, the profile only names the role to get from Vouch.
  const agentRole = tool === "kubectl-vouch" ? last("agentRole") : undefined;
  const agent = agentRole === undefined ? undefined : detectAiAgent((name) => environment()?.[name]);
  const isVouch = tool === "kubectl-vouch" && (last("server") ?? last("account")) !== undefined;
  return {
    command: textOf(exec["command"]) ?? "",
    ...stanza,
    tool,
    apiVersion: textOf(exec["apiVersion"]),
    interactiveMode: textOf(exec["interactiveMode"]),
    clusterName: last("cluster"),
    clusterId: last("id"),
    region: last("region"),
    ...askedBy(agent, { role: last("role") }, agentRole),
    userRole: last("role"),
    agent,
    safeguards: { agentRole, isProtected: tool === "kubectl-vouch" && isSwitchedOn(args, PROTECTED) },
    via: flags["via"] ?? [],
    profile: isVouch ? undefined : last("profile"),
    ...(tool === "kubectl-vouch" && flags["session"] !== undefined ? { sessionName: last("session") } : {}),
    isAmbient: tool === "kubectl-vouch" && !isVouch && isSwitchedOn(args, "--ambient"),
    server: last("server"),
  };
}

/** Flags of `aws eks get-token`; `--role` and the like are abbreviations that its parser accepts. */
const AWS = {
  "--cluster-name": "cluster",
  "--cluster-id": "id",
  "--region": "region",
  "--role-arn": "role",
  "--role-ar": "role",
  "--role-a": "role",
  "--role-": "role",
  "--role": "role",
  "--profile": "profile",
  "--output": "output",
  "--query": "query",
} as const;

/**
 * How each tool spells its flags. What aws-iam-authenticator calls the id of a cluster is its name on EKS: it is what is signed
 * in both. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI"; vouch-sh/vouch, crates/vouch-cli/src/commands/credential/eks.rs.
 */
const FLAGS: Readonly<Record<Tool, Readonly<Record<string, string>>>> = {
  "kubectl-vouch": OUR_FLAGS,
  vouch: VOUCH_FLAGS,
  aws: AWS,
  "aws-iam-authenticator": {
    "-i": "cluster",
    "--cluster-id": "cluster",
    "-r": "role",
    "--role": "role",
    "--region": "region",
    "-e": "external",
    "--external-id": "external",
    "-s": "session",
    "--session-name": "session",
  },
  other: AWS,
};

function toolOf(program: string, args: readonly string[]): Tool {
  if (program === "kubectl" && args[0] === "vouch") return "kubectl-vouch";
  if (program === "kubectl-vouch" || program === "vouch") return program;
  if (program === "aws") return args.includes("get-token") ? "aws" : "other";
  return /^(?:aws-iam|heptio)-authenticator/.test(program) ? "aws-iam-authenticator" : "other";
}

/**
 * The arguments of the tool. A wrapper gets a whole command line (`sh -c "aws eks get-token …"`), whose words are the arguments.
 */
function plainArguments(tool: Tool, args: readonly string[]): readonly string[] {
  if (tool === "kubectl-vouch") return ownArguments(args);
  if (tool !== "other") return args;
  return args.flatMap((arg) =>
    arg.includes("get-token") && /\s/.test(arg.slice(arg.indexOf("get-token"))) ? commandWords(arg) : [arg],
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

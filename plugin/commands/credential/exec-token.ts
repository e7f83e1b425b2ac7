import { parseRoleArn, requireSamePartition } from "../../../token/aws/arn.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { VouchError, withHints } from "../../../token/errors/errors.ts";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { isClientGo } from "../../../token/hot/exec-info.ts";
import {
  type AwsQuestion,
  askedBy,
  isAwsQuestion,
  type Question,
  type VouchQuestion,
} from "../../../token/hot/question.ts";
import type { Minted } from "../../../token/mint/mint-token.ts";
import type { App } from "../../app.ts";
import { type ChosenIdentity, chooseIdentity, type IdentityFlags } from "../../aws/choose-identity.ts";
import { sourceHints } from "../../aws/hints.ts";
import {
  requireClusterId,
  requireClusterName,
  requireRecordedCluster,
} from "../../cluster/recorded-cluster.ts";
import { isInteractive } from "../../terminal/ask.ts";
import { credentialServer, Desk } from "../../workplace/workplace.ts";

/** The flags in kubectl's command line; what they lack comes from the profile and the settings. */
export interface CredentialFlags extends IdentityFlags {
  readonly clusterName: string;
  readonly agentRole: string | undefined;
  /** The context is protected: a change must be confirmed. */
  readonly protected: boolean;
  readonly clusterId?: string | undefined;
  /** Nothing cached is used, and nothing is cached. */
  readonly noCache?: boolean;
  /** `spec.cluster` of KUBERNETES_EXEC_INFO, not checked. */
  readonly calledCluster?: unknown;
}

/** The token that kubectl asks for, from the cache or from AWS. Says on stderr if the API server seems to refuse us. */
export async function execToken(options: CredentialFlags, app: App): Promise<Minted["token"]> {
  const desk = new Desk(app, options.noCache === true ? { cache: false } : {});
  const question = readExecQuestion(options, desk);
  await requireRecordedCluster(desk, question, options.calledCluster);
  if (options.protected) await (await import("./confirm-change.ts")).confirmChange(desk, question);
  const minted = await mint(question, options, desk);
  if (minted.renewed) await tellRefusal(app, question);
  return minted.token;
}

/** Throws `usage`, `region-missing`, `cluster-name-invalid`, and what is wrong with roles and profiles. */
function readExecQuestion(options: CredentialFlags, desk: Desk): Question {
  const cluster = options.clusterName;
  const { clusterId } = options;
  requireClusterName(cluster);
  if (clusterId !== undefined) requireClusterId(clusterId);
  const agent = detectAiAgent((name) => desk.app.env[name]);
  const question = askedBy(
    agent,
    questionOf(desk, { cluster, clusterId }, chooseIdentity(options, desk)),
    options.agentRole,
  );
  const roles = question.role === undefined ? [] : [...question.via, question.role];
  for (const arn of roles) requireSamePartition(parseRoleArn(arn), question.region);
  return question;
}

function questionOf(
  desk: Desk,
  asked: Pick<VouchQuestion, "cluster" | "clusterId">,
  chosen: ChosenIdentity,
): Question {
  const placeIn = (region: string | undefined) => ({
    ...asked,
    region: requireRegion(region, asked.cluster),
  });
  if (chosen.kind === "vouch") {
    const { role, via, account, ...choice } = chosen.choice;
    const server = credentialServer(desk, choice.server).base;
    return { ...placeIn(choice.region?.value), role, via, server, account };
  }
  const { profile, role, via, sessionName } = chosen.source;
  return { ...placeIn(chosen.region?.value), profile, role, via, sessionName };
}

function requireRegion(region: string | undefined, cluster: string): string {
  if (region !== undefined) return region;
  throw new VouchError("region-missing", `The region of cluster ${cluster} is not known.`);
}

/** Loads only the code for the way that is used. */
async function mint(question: Question, { server }: CredentialFlags, desk: Desk): Promise<Minted> {
  const { app } = desk;
  if (isAwsQuestion(question)) {
    const { askAwsToken } = await import("../../aws/ask-aws.ts");
    const asking = isInteractive(app) ? { mfaCode: codeAsker(app, question) } : {};
    const asked = askAwsToken(desk, question, { askerId: clientId(app), ...asking });
    return withHints(() => sourceHints(question), asked);
  }
  const { vouchToken } = await import("../../vouch/vouch-token.ts");
  return vouchToken(question, desk, { isServerTyped: server !== undefined });
}

/** Asks the user at the terminal for the code that a role demands, if the kubeconfig allows it. */
function codeAsker(app: App, { profile }: AwsQuestion): (serial: string) => Promise<string> {
  return async (serial) => {
    const { askMfaCode } = await import("../../login/mfa-login.ts");
    return askMfaCode(app, serial, profile ?? "default");
  };
}

/** The process ID of the client that asks again after a refusal. */
function clientId({ env, parentId }: App): number | undefined {
  return isClientGo(env["KUBERNETES_EXEC_INFO"]) ? parentId : undefined;
}

async function tellRefusal(app: App, question: Question): Promise<void> {
  const { askingContext } = await import("../../vouch/vouch-contexts.ts");
  const context = askingContext(app, question)?.name ?? `${question.cluster}-vouch`;
  app.io.err(
    `kubectl-vouch: the API server of ${question.cluster} probably rejected the token; a new one was fetched.\n` +
      `${withCommands`If it is rejected again: ${ours("doctor", { context })}`}\n`,
  );
}

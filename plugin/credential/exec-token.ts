import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { withHints } from "../../token/errors/with-hints.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import { type AwsQuestion, isAwsQuestion, type Question } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { isInteractive } from "../login/is-interactive.ts";
import { Desk } from "../vouch/workplace.ts";
import { type CredentialFlags, readExecQuestion } from "./exec-question.ts";
import { sourceHints } from "./source-hints.ts";

/** The token that kubectl asks for, from the cache or from AWS. Says on stderr if the API server seems to refuse us. */
export async function execToken(options: CredentialFlags, app: App): Promise<Minted["token"]> {
  const desk = new Desk(app);
  const question = readExecQuestion(options, desk);
  await requireRecordedCluster(desk, question, options.calledCluster);
  const minted = await mint(question, options, desk);
  if (minted.renewed) await tellRefusal(app, question);
  return minted.token;
}

/** Loads only the code for the way that is used. */
async function mint(question: Question, { server }: CredentialFlags, desk: Desk): Promise<Minted> {
  const { app } = desk;
  if (isAwsQuestion(question)) {
    const { askAwsToken } = await import("../aws/ask-source.ts");
    const asking = isInteractive(app) ? { mfaCode: codeAsker(app, question) } : {};
    const asked = askAwsToken(desk, question, { askerId: clientId(app), ...asking });
    return withHints(() => sourceHints(question), asked);
  }
  const { vouchToken } = await import("../vouch/vouch-token.ts");
  return vouchToken(question, desk, { isServerTyped: server !== undefined });
}

/** Asks the user at the terminal for the code that a role demands, if the kubeconfig allows it. */
function codeAsker(app: App, { profile }: AwsQuestion): (serial: string) => Promise<string> {
  return async (serial) => {
    const { askMfaCode } = await import("../login/mfa-code.ts");
    return askMfaCode(app, serial, profile ?? "default");
  };
}

/** The process ID of the client that asks again after a refusal. */
function clientId({ env, parentId }: App): number | undefined {
  return isClientGo(env["KUBERNETES_EXEC_INFO"]) ? parentId : undefined;
}

async function tellRefusal(app: App, question: Question): Promise<void> {
  const { askingContext } = await import("../vouch/vouch-contexts.ts");
  const context = askingContext(app, question)?.name ?? `${question.cluster}-vouch`;
  app.io.err(
    `kubectl-vouch: the API server of ${question.cluster} probably rejected the token; a new one was fetched.\n` +
      `${withCommands`If it is rejected again: ${ours("doctor", { context })}`}\n`,
  );
}

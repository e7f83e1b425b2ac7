import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { withHints } from "../../token/errors/errors.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import { isOfSource, type Question, type SourceTokenQuestion } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { isInteractive } from "../login/is-interactive.ts";
import { type ExecQuestion, readExecQuestion } from "./exec-question.ts";
import { sourceHints } from "./source-hints.ts";

/** The token that kubectl asks for, from the cache or from AWS. Says on stderr if the API server seems to refuse us. */
export async function execToken(options: ExecQuestion, app: App): Promise<Minted["token"]> {
  const question = readExecQuestion(options, app);
  await requireRecordedCluster(app, question, options.calledCluster);
  const minted = await mint(question, options, app);
  if (minted.renewed) await tellRefusal(app, question);
  return minted.token;
}

/** Loads only the code for the way that is used. */
async function mint(question: Question, { server }: ExecQuestion, app: App): Promise<Minted> {
  if (isOfSource(question)) {
    const { askSourceToken } = await import("../aws/ask-source.ts");
    const asking = isInteractive(app) ? { mfaCode: codeAsker(app, question) } : {};
    const asked = askSourceToken(app, question, { askerId: clientId(app), ...asking });
    return withHints(() => sourceHints(question), asked);
  }
  const { vouchToken } = await import("../vouch/vouch-token.ts");
  return vouchToken(question, app, { isServerTyped: server !== undefined });
}

/** Asks the user at the terminal for the code that a role demands, if the kubeconfig allows it. */
function codeAsker(app: App, { profile }: SourceTokenQuestion): (serial: string) => Promise<string> {
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

import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import { isOfSource, type Question } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { askSourceToken } from "../aws/ask-source.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { askingContext } from "../vouch/vouch-contexts.ts";
import { vouchToken } from "../vouch/vouch-token.ts";
import { type ExecQuestion, readExecQuestion } from "./exec-question.ts";

/** The token kubectl asks for, from the cache or by AWS. That the API server seems to refuse us is said on stderr. */
export async function execToken(options: ExecQuestion, app: App): Promise<Minted["token"]> {
  const question = readExecQuestion(options, app);
  requireRecordedCluster(app, question, options.calledCluster);
  const minted = isOfSource(question)
    ? await askSourceToken(app, question, { askerId: clientId(app) })
    : await vouchToken(question, app, { isServerTyped: options.server !== undefined });
  if (minted.renewed) tellRefusal(app, question);
  return minted.token;
}

/** Who will ask again after a refusal. */
function clientId({ env, parentId }: App): number | undefined {
  return isClientGo(env["KUBERNETES_EXEC_INFO"]) ? parentId : undefined;
}

function tellRefusal(app: App, question: Question): void {
  const context = askingContext(app, question)?.name ?? `${question.cluster}-vouch`;
  app.io.err(
    `kubectl-vouch: the API server of ${question.cluster} seems to have refused the token; a fresh one was fetched.\n` +
      `${withCommands`If it is refused again: ${ours("doctor", { context })}`}\n`,
  );
}

import { typed } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { debug } from "../../../token/debug.ts";
import { envValue } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { questionKey } from "../../../token/hot/key.ts";
import type { Question } from "../../../token/hot/question.ts";
import { CONFIRMATION } from "../../../token/kubeconfig/identity.ts";
import { maskArguments } from "../../../token/masking/mask-arguments.ts";
import { commandLine, isInBackground, startOf } from "../../../token/mint/asking-process.ts";
import { isConfirmed, leaveConfirmed } from "../../../token/mint/marks.ts";
import { shown } from "../../../token/text/printable.ts";
import type { App } from "../../app.ts";
import { askLine } from "../../terminal/ask.ts";
import { askingContext } from "../../vouch/vouch-contexts.ts";
import type { Desk } from "../../workplace/workplace.ts";
import { contextOfKubectl, isReading, wordsOfKubectl } from "./kubectl-verb.ts";

/** The most characters of a command line that are shown. */
const SHOWN = 200;

/**
 * For a protected context: lets a kubectl pass that only reads. For anything else, the user types the cluster's name, once for
 * each process that asks. What a program does is known only from its words: one whose words cannot be read, or that is not
 * kubectl, may change something. Throws `change-unconfirmed`.
 */
export async function confirmChange({ app, workplace }: Desk, question: Question): Promise<void> {
  const words = commandLine(app.parentId, app.platform) ?? [];
  const ofKubectl = wordsOfKubectl(words);
  if (ofKubectl !== undefined && isReading(ofKubectl)) return;
  const { cluster } = question;
  const agent = detectAiAgent((name) => app.env[name]);
  const key = questionKey(question, agent);
  const place = {
    state: workplace.folders.state,
    key,
    parentId: app.parentId,
    start: startOf(app.parentId, app.platform),
  };
  if (isConfirmed(place, app.clock())) return;
  const what = { call: callOf(words), context: nameOf(app, question, ofKubectl), cluster };
  if (envValue(app.env, CONFIRMATION) === cluster) debug(`${CONFIRMATION} confirms: ${what.call}`);
  else await ask(app, { ...what, isAgent: agent !== undefined }, ofKubectl);
  leaveConfirmed(place, app.clock());
}

interface Change {
  readonly call: string;
  readonly context: string;
  readonly cluster: string;
  /** Whether an AI agent runs the command; it is not told how to confirm it. */
  readonly isAgent: boolean;
}

async function ask(app: App, what: Change, words: readonly string[] | undefined): Promise<void> {
  const { call, context, cluster, isAgent } = what;
  const unconfirmed = (why: string) =>
    new VouchError("change-unconfirmed", `${call}: ${context} is protected, and ${why}.`, {
      hint: isAgent
        ? "The user must run this command: an AI agent must not confirm it."
        : confirmHint(cluster, words),
    });
  const answer = isInBackground(app.processId, app.platform)
    ? undefined
    : await askLine(app, `${call} in ${context} (cluster ${cluster}): type the cluster's name to continue: `);
  if (answer === undefined) throw unconfirmed("it cannot be confirmed without a terminal");
  if (answer.trim() !== cluster) throw unconfirmed("the name of its cluster was not entered");
}

/** The command with the variable, unless a secret in it was masked; in PowerShell, a variable cannot be set for one command. */
function confirmHint(cluster: string, words: readonly string[] | undefined): string {
  const isShownWhole =
    words !== undefined && maskArguments(words).every((word, index) => word === words[index]);
  const how = "Run it in a terminal and enter the name";
  if (!isShownWhole || process.platform === "win32")
    return `${how}, or set ${CONFIRMATION}=${cluster} for this one command.`;
  return withCommands`${how}, or confirm it: ${typed(["env", `${CONFIRMATION}=${cluster}`, "kubectl", ...words])}`;
}

/** `kubectl delete pod x`, in one line; of another program its name alone, since its arguments are its own. */
function callOf(words: readonly string[]): string {
  const [program = ""] = words;
  const name = program.replaceAll("\\", "/").split("/").at(-1) || "a program that cannot be identified";
  const ofKubectl = wordsOfKubectl(words);
  const call = ofKubectl === undefined ? name : ["kubectl", ...maskArguments(ofKubectl)].join(" ").trim();
  const rest = call.length - SHOWN;
  return shown(rest > 0 ? `${call.slice(0, SHOWN)}… (${rest} more characters)` : call);
}

/** The context that kubectl names, or the one that asks such a question; kubectl does not say. */
function nameOf(app: App, question: Question, words: readonly string[] = []): string {
  const name = contextOfKubectl(words) ?? askingContext(app, question)?.name;
  return name === undefined ? "its context" : `context ${shown(name)}`;
}

import { type Command, ours, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { type ClusterRecord, type ClusterRefusal, certificateName } from "../../token/hot/cluster-record.ts";
import { isAwsQuestion, type Question } from "../../token/hot/question.ts";
import { isRecord } from "../../token/record.ts";
import type { App } from "../app.ts";
import { askingContext } from "../vouch/vouch-contexts.ts";

interface Comparison {
  readonly refusal: ClusterRefusal;
  readonly asked: unknown;
  readonly record: ClusterRecord | undefined;
}

/** The local end of a tunnel. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** What to do about a token that was refused to a client. */
export function refusalHint(app: App, question: Question, { refusal, asked, record }: Comparison): string {
  const context = askingContext(app, question);
  const setup = setupCommand(question, context?.name);
  const doctor = ours("doctor", { context: context?.name ?? `${question.cluster}-vouch` });
  const near = refusal === "host" && isRecord(asked) ? certificateName(asked) : undefined;
  if (near !== undefined && LOOPBACK.test(near) && context !== undefined && record !== undefined) {
    const name = run("kubectl", "config set-cluster", { "tls-server-name": record.host }, context.cluster);
    return withCommands`If this is a tunnel to the cluster, set the name in its certificate: ${name}; otherwise check the entry: ${doctor}`;
  }
  if (refusal === "unchecked")
    return withCommands`Enable certificate verification (no --insecure-skip-tls-verify), or write the entry again: ${setup}`;
  if (refusal === "unsaid" || refusal === "unrecorded")
    return withCommands`Write and record the entry: ${setup}`;
  return withCommands`If the cluster was recreated, record it again: ${setup}; otherwise check the entry: ${doctor}`;
}

/** What to do about a record that cannot be read. */
export function recordAgainHint(app: App, question: Question): string {
  return withCommands`Record it again: ${setupCommand(question, askingContext(app, question)?.name)}`;
}

/** Names the context, since setup would otherwise add another beside one whose server it does not know. */
function setupCommand(question: Question, context: string | undefined): Command {
  const { cluster, region, role, via } = question;
  if (!isAwsQuestion(question))
    return ours("setup eks", {
      ...{ cluster, region, role, via },
      ...{ server: question.server, account: question.account, "context-name": context },
    });
  const { profile, sessionName } = question;
  const whose = profile === undefined ? { ambient: true as const } : { profile };
  const session = { "session-name": sessionName };
  return ours("setup eks", { cluster, region, ...whose, via, role, ...session, "context-name": context });
}

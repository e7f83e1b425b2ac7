import { asksApiServer, surelyAsksApiServer } from "../derive/client/api-call.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";
import { commandWords, flagValue } from "../derive/kubeconfig/command-words.ts";
import { abridged } from "../derive/pasted-text.ts";
import type { Question } from "../evidence/evidence.ts";
import { isComplaint } from "./complaint.ts";
import { isCredentialCommand, isKubectl, partOfCommand } from "./words.ts";

/** What may be the failure that the user asks about. */
export interface Candidate {
  readonly question: Question;
  readonly likelihood: Likelihood;
}

/** The likeliest first. */
const LIKELIHOODS = [
  "a command failed",
  "a failure is quoted",
  "a command for evidence failed",
  "a command that does not call a cluster failed",
  "evidence was denied",
  "unknown words",
  "a command worked",
  "a command printed something",
] as const;
type Likelihood = (typeof LIKELIHOODS)[number];

/** The texts of a turn, by what was recognized in them. */
interface TurnTexts {
  /** Words that are no known evidence. */
  readonly words: string;
  /** JSON and YAML that is no known evidence. */
  readonly values: string;
  readonly recognizedWords: string;
  /** Whether there is nothing in the turn but `words` and `values`. */
  readonly isAll: boolean;
}

/** Programs that show what others said. */
const SHOWS_OTHERS =
  /^(?:sudo )?(?:git|grep|rg|less|more|head|tail|journalctl|stern|docker logs|cat|type|Get-Content)\s/;

/** Programs that fail in no way of a client: what looks like it was pasted below. */
const CALLS_NOBODY = /^(?:echo|printf|base64|date|jq|ls)\s/;
const CLIENT = /\b(?:kubectl|helm|terraform|tofu|aws|eksctl)\b/;

/** Verbs of kubectl that show such output, and how its own errors begin. */
const SHOWN_BY_KUBECTL = "logs describe event events ev exec attach debug".split(" ");
export const OWN_COMPLAINT =
  /^(?:error: |Error from server|Error in configuration|Unable to connect to the server|The connection to the server|E\d{4} )/m;

/** What a client prints when it got what it asked for. Source: kubernetes/kubectl, pkg/cmd; helm, cmd/helm. */
const WORKED =
  /^(?:NAME *$|[A-Z][A-Z()-]{1,40} {0,60}(?: {2}|\t) {0,60}[A-Z][A-Z() -]|No resources found\b|[\w.-]{1,80}\/\S{1,253} (?:created|configured|unchanged|deleted|patched|labeled|annotated|scaled|edited|restarted|replaced|exposed|condition met)\b|Switched to context|Release "|STATUS: deployed)/m;

/** The failure, or the success, that a turn shows; undefined where it shows none. */
export function candidateOf(command: string | undefined, texts: TurnTexts): Candidate | undefined {
  const words = abridged(texts.words);
  const values = abridged(texts.values);
  const { recognizedWords } = texts;
  const callsNobody = command !== undefined && CALLS_NOBODY.test(command) && !CLIENT.test(command);
  if (command === undefined || callsNobody || SHOWS_OTHERS.test(command)) return quoted(words, values);
  if (isCredentialCommand(command)) return undefined;
  const { kind } = symptomInWords(abridged(recognizedWords));
  if (kind === "aws-refused" || (kind !== "other" && kind !== "none" && words === ""))
    return { question: { command, stderr: recognizedWords }, likelihood: "evidence was denied" };
  if (isKubectl(command, SHOWN_BY_KUBECTL) && !OWN_COMPLAINT.test(words))
    return quoted(words, values) ?? worked(command, texts);
  if (words !== "" && isComplaint(words))
    return { question: { command, stderr: words }, likelihood: failureOf(command) };
  return worked(command, texts);
}

/** A failure that is quoted without the command that failed. */
function quoted(words: string, values: string): Candidate | undefined {
  const paragraphs = [...words.split(/\n[ \t]*\n/), values];
  const kinds = paragraphs.map((text) => symptomInWords(text).kind);
  // A plugin says why it fails before the client says that it did.
  const failures = paragraphs.filter(
    (_, index) => kinds[index] !== "other" || kinds[index + 1] === "plugin-failed",
  );
  const failure = failures.join("\n\n").trim();
  if (kinds.some((kind) => kind !== "other"))
    return { question: { stderr: failure }, likelihood: "a failure is quoted" };
  const unknown = words === "" && IN_LOG.test(values) ? values : words;
  return unknown === "" ? undefined : { question: { stderr: unknown }, likelihood: "unknown words" };
}

/** JSON that is a line of a log that reports an error. */
const IN_LOG = /^\{.*"(?:error|err|msg|message)"\s*:\s*"/;

/** A command worked only if it prints what clients print then; whatever else it says is not known. */
function worked(command: string, { words, values, isAll }: TurnTexts): Candidate | undefined {
  if ((words === "" && values === "") || !isAll || partOfCommand(command) !== undefined) return undefined;
  if (!asksApiServer(command) || scopeOf(command).as !== undefined) return undefined;
  const isFine = values !== "" || (WORKED.test(words) && !/^\S{1,253} {1,60}NotReady\b/m.test(words));
  if (surelyAsksApiServer(command) && isFine)
    return { question: { command, exitCode: 0, stderr: "" }, likelihood: "a command worked" };
  return words === ""
    ? undefined
    : { question: { command, stderr: words }, likelihood: "a command printed something" };
}

function failureOf(command: string): Likelihood {
  if (!asksApiServer(command)) return "a command that does not call a cluster failed";
  return partOfCommand(command) === undefined ? "a command failed" : "a command for evidence failed";
}

/** The last of the likeliest. A command that failed and later worked is no failure any more. */
export function likeliest<T extends Candidate>(candidates: readonly T[]): T | undefined {
  const rank = ({ likelihood }: Candidate) => LIKELIHOODS.indexOf(likelihood);
  const workedAt = new Map(
    candidates.flatMap(({ question, likelihood }, index) =>
      likelihood === "a command worked" ? [[question.command, index] as const] : [],
    ),
  );
  const isOver = ({ question, likelihood }: T, index: number) =>
    likelihood === "a command failed" && (workedAt.get(question.command) ?? -1) > index;
  const left = candidates.filter((candidate, index) => !isOver(candidate, index));
  return left.toReversed().toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Whether it is surely a failure, so that the user is told when another one is judged. */
export function tellsFailure({ likelihood }: Candidate): boolean {
  return likelihood.endsWith("failed") || likelihood === "a failure is quoted";
}

/** What a command is about, as far as its own flags say. */
interface Scope {
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  /** Who is impersonated. */
  readonly as: string | undefined;
}

/** `--context` of a client; the cluster of an answer of EKS. */
export function scopeOf(command: string | undefined): Scope {
  const words = commandWords(command ?? "");
  const isOfCluster = words.includes("describe-cluster") || words.includes("update-kubeconfig");
  return {
    context: flagValue(words, "--context", "--kube-context"),
    cluster: flagValue(words, "--cluster-name") ?? (isOfCluster ? flagValue(words, "--name") : undefined),
    as: flagValue(words, "--as", "--as-group"),
  };
}

/** Why the output of a command does not belong to the case: its own flags name something else. */
export function otherScope(command: string | undefined, ofCase: Scope): string | undefined {
  const { context, cluster, as } = scopeOf(command);
  const isOther = (own: string | undefined, asked: string | undefined) =>
    own !== undefined && asked !== undefined && own !== asked;
  if (isOther(context, ofCase.context))
    return `it is about context ${context}, but the failure is in ${ofCase.context}`;
  if (isOther(cluster, ofCase.cluster))
    return `it is about cluster ${cluster}, but the failure is in ${ofCase.cluster}`;
  return as === undefined || as === ofCase.as ? undefined : `it is about a different user (--as ${as})`;
}

/** The cluster that a context is named after: by its ARN, as the AWS CLI names it, or as eksctl does. */
export function clusterOfContext(context: string | undefined): string | undefined {
  const [, byArn, byHost] =
    /^arn:aws[\w-]*:eks:[\w-]+:\d{12}:cluster\/(.+)$|@([\w-]+)\.[\w-]+\.eksctl\.io$/.exec(context ?? "") ??
    [];
  return byArn ?? byHost;
}

import { aws, edit, kubectl, ours, pathWord } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { move, showTarget } from "../../../token/command/tasks.ts";
import { toUtf8 } from "../../../token/files/encoding.ts";
import { cannotTell, type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { REFUSED_VALUES } from "../../derive/failure/symptom-words.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { profileNeeded } from "../../fixes/kubeconfig-commands.ts";
import { allowDescribe, clusterMeant, hasVouchAlone, listClusters } from "../../fixes/regenerate-context.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { correctValue, type Refusal, refusedValue } from "../shared/refused-values.ts";

/** Messages of kubectl and the AWS CLI. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI"; kubectl 1.36. */
const BROKEN =
  /error loading config file "(?<kubectl>[^"]+)"|Passing (?<aws>\S+?):\w+ is wrong type|Content not a|(?<!\S)(?<corrupt>\S+) is (?:a corrupt|not a valid) kubeconfig/;

/** A kubeconfig file that cannot be read; kubectl does nothing as long as one in its list is broken. */
export const kubeconfigBroken = defineRule({
  cause: {
    id: "K13",
    what: "A kubeconfig file cannot be parsed, or contains a value that kubectl rejects.",
    seen: "error loading config file",
    remedy: "Correct the file in an editor, or move it aside and write the context to a new file.",
  },
  expects: "every kubeconfig file in the list can be read",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const { symptom } = seen;
    const refusal = symptom?.kind === "configuration" ? refusedValue(symptom.text, seen) : undefined;
    if (refusal !== undefined) {
      const isCertain = isInEntry(refusal, seen) || seen.kubeconfig?.view === undefined;
      const confidence = isCertain ? "certain" : "likely";
      return found({ confidence, describe: (facts) => describeValue(facts, refusal) });
    }
    const words = matchInError(seen.pastedError, BROKEN);
    if (seen.symptom?.kind === "plugin-failed" && words === undefined)
      return doesNotApply("the client had already read its kubeconfig");
    const { broken = [], view } = seen.kubeconfig ?? {};
    if (broken.length > 0) {
      return found(
        ...broken.map(({ path, why, mayBeRead }) => ({
          confidence: mayBeRead ? ("likely" as const) : ("certain" as const),
          describe: (facts: Facts) => ({
            ...describe(facts, path, [`${path}: ${why}.`, mayBeRead && MAY_BE_READ, quoteCall(words)], why),
            ...(mayBeRead ? onlyOurs(path) : {}),
          }),
        })),
      );
    }
    if (words === undefined) return view === undefined ? cannotTell("kubeconfig") : passed;
    const { kubectl, aws, corrupt } = words.match.groups ?? {};
    const named = kubectl ?? aws ?? corrupt;
    return found({
      confidence: view === undefined ? "certain" : "likely",
      describe: (facts) =>
        describe(facts, named ?? facts.context?.user?.path ?? "KUBECONFIG_FILE", [quoteCall(words)]),
    });
  },
});

/** Whether the call reported it; otherwise the doctor found it in the current entry. */
function isOfCall({ words }: Refusal, { pastedError }: Facts): boolean {
  return pastedError?.includes(words.line) === true;
}

/** Whether the doctor found the same value in the entry. */
function isInEntry({ kind }: Refusal, seen: Facts): boolean {
  const why = failureOf(seen.evidence.apiServer);
  return kind !== undefined && why !== undefined && REFUSED_VALUES[kind].test(why);
}

function describeValue(facts: Facts, refusal: Refusal): Description {
  const { line } = refusal.words;
  return {
    summary: `kubectl rejects a value in the kubeconfig or on the command line: ${line.replace(/^(?:\* |[Ee]rror: )+/, "")}`,
    evidence: [isOfCall(refusal, facts) ? quoteCall(refusal.words) : `kubectl rejects the entry: “${line}”`],
    falsifiedBy: sentence`Neither ${kubectl("config view", { minify: true })} nor the command line contains this value.`,
    fixes: correctValue(facts, refusal),
  };
}

const MAY_BE_READ =
  "If kubectl itself can read it, the cause is something else, which the doctor cannot see without this file.";

function onlyOurs(path: string): Pick<Description, "summary" | "falsifiedBy"> {
  return {
    summary: `The doctor cannot read the kubeconfig file ${path}.`,
    falsifiedBy: sentence`${ours("status", { kubeconfig: pathWord(path) })} lists its contexts.`,
  };
}

function describe(facts: Facts, path: string, evidence: Description["evidence"], why = "") {
  const view = kubectl("config view", { kubeconfig: pathWord(path) });
  return {
    summary: `kubectl cannot read the kubeconfig file ${path}.`,
    evidence,
    falsifiedBy: sentence`${view} prints the file without an error.`,
    fixes: [
      correctFile(path, why) ??
        forYou("Fix the file in an editor; this command shows where kubectl fails.", view),
      ...(NOT_TO_MOVE.test(why) ? [] : moveAside(facts, path)),
    ],
  };
}

/** Paths with something else in them, which must not be moved: a folder, /dev/null, a pipe of the shell. */
const NOT_TO_MOVE = /EISDIR|is (?:not )?a directory|is a (?:named pipe|device|socket)/;

function moveAside(facts: Facts, path: string): Fix[] {
  const { region } = facts.target;
  const { name = "CLUSTER", note } = clusterMeant(facts);
  const file = { region, kubeconfig: pathWord(path) };
  return [
    ...allowDescribe(facts),
    forYou(
      `Or move the file aside and write the context to a new one.${note}`,
      move(pathWord(path), pathWord(`${path}.broken`)),
      ...listClusters(facts),
      hasVouchAlone(facts)
        ? ours("setup eks", { cluster: name, ...file })
        : aws("eks update-kubeconfig", { name, ...file, profile: profileNeeded(facts) }),
    ),
  ];
}

/** How to fix a file that is not text, or cannot be read; undefined if its content is wrong. */
function correctFile(path: string, why: string): Fix | undefined {
  const { order, unmarked } =
    /UTF-16, (?<order>little|big)-endian(?<unmarked>, without)?/.exec(why)?.groups ?? {};
  if (order === "little" || order === "big") {
    const commands = toUtf8(path, { order, isMarked: unmarked === undefined });
    return forYou("Convert the file to UTF-8; the original is kept.", ...commands);
  }
  const { line } =
    /not UTF-8 text(?:, in line|: the first invalid byte is in line) (?<line>\d+)/.exec(why)?.groups ?? {};
  if (line !== undefined) return forYou(`Rewrite line ${line} in UTF-8.`, edit(path, Number(line)));
  if (/EACCES|EPERM|permission denied/i.test(why))
    return forYou(
      "Check the file's owner and mode, and make it readable by your user.",
      showTarget(pathWord(path)),
    );
  if (TOO_LARGE.test(why)) return forYou("Remove what you do not need from the file, or use a smaller one.");
  return NO_FILE.test(why)
    ? forYou("Set KUBECONFIG or --kubeconfig to a file that contains a kubeconfig.")
    : undefined;
}

/** Source: token/files/plain-file.ts and token/text/yaml.ts. */
const TOO_LARGE = /we read$|the limit (?:is|of) \d+(?: bytes)?$|^it (?:has|closes) too many /;

const NO_FILE =
  /EISDIR|is a directory|is not a directory|links form a loop|is a (?:named pipe|device|socket)/i;

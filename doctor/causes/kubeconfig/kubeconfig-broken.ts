import { aws } from "../../../token/command/aws.ts";
import { edit, ours, run } from "../../../token/command/command.ts";
import { kubectl } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { toUtf8 } from "../../../token/files/utf8-commands.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, type Description, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { REFUSED_VALUES } from "../../derive/failure/refused-values.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { allowDescribe, clusterMeant, hasVouchAlone, listClusters } from "../../fixes/regenerate-context.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { correctValue, type Refusal, refusedValue } from "../shared/refused-values.ts";
import { quoteCall } from "../shared/sentences.ts";

/** Messages of kubectl and the AWS CLI. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI"; kubectl 1.36. */
const BROKEN =
  /error loading config file "(?<kubectl>[^"]+)"|Passing (?<aws>\S+?):\w+ is wrong type|Content not a|(?<!\S)(?<corrupt>\S+) is (?:a corrupt|not a valid) kubeconfig/;

/** A kubeconfig file that cannot be read; kubectl does nothing as long as one in its list is broken. */
export const kubeconfigBroken = defineRule({
  causes: [
    {
      id: "K13",
      what: "A kubeconfig file cannot be parsed, or has a value that kubectl does not accept.",
      seen: "error loading config file",
    },
  ],
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
      return doesNotApply("the client had read its kubeconfig");
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

/** Whether the call said so; else the doctor did, from what the entry has today. */
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
    summary: `kubectl does not accept a value in the kubeconfig or on the command line: ${line.replace(/^(?:\* |[Ee]rror: )+/, "")}`,
    evidence: [isOfCall(refusal, facts) ? quoteCall(refusal.words) : `kubectl rejects the entry: “${line}”`],
    falsifiedBy: sentence`${kubectl("config view", { minify: true })} shows no such value, nor does the command line.`,
    fixes: correctValue(facts, refusal),
  };
}

const MAY_BE_READ =
  "kubectl itself may read it; then something else is wrong, which cannot be seen without it.";

function onlyOurs(path: string): Pick<Description, "summary" | "falsifiedBy"> {
  return {
    summary: `The doctor cannot read the kubeconfig file ${path}.`,
    falsifiedBy: sentence`${ours("status", { kubeconfig: path })} lists its contexts.`,
  };
}

function describe(facts: Facts, path: string, evidence: Description["evidence"], why = "") {
  const view = kubectl("config view", { kubeconfig: path });
  return {
    summary: `kubectl cannot read the kubeconfig file ${path}.`,
    evidence,
    falsifiedBy: sentence`${view} prints it without an error.`,
    fixes: [
      correctFile(path, why) ?? forYou("Fix the file in an editor; this shows where kubectl fails.", view),
      ...(NOT_TO_MOVE.test(why) ? [] : moveAside(facts, path)),
    ],
  };
}

/** Paths that others may use as well, and that must not be moved: /dev/null, a pipe of the shell. */
const NOT_TO_MOVE = /is not a directory|is a (?:named pipe|device|socket)/;

function moveAside(facts: Facts, path: string): Fix[] {
  const { region } = facts.target;
  const { name = "CLUSTER", note } = clusterMeant(facts);
  const file = { region, kubeconfig: path };
  return [
    ...allowDescribe(facts),
    forYou(
      `Or move it aside, and write the context into a new file.${note}`,
      run("mv", "", {}, path, `${path}.broken`),
      ...listClusters(facts),
      hasVouchAlone(facts)
        ? ours("setup eks", { cluster: name, ...file })
        : aws("eks update-kubeconfig", { name, ...file }),
    ),
  ];
}

/** How to fix a file that is not text, or cannot be read; undefined if its text is what is wrong. */
function correctFile(path: string, why: string): Fix | undefined {
  const { order, unmarked } =
    /UTF-16, (?<order>little|big)-endian(?<unmarked>, without)?/.exec(why)?.groups ?? {};
  if (order === "little" || order === "big") {
    const commands = toUtf8(path, { order, isMarked: unmarked === undefined });
    return forYou("Convert it to UTF-8, and keep the original.", ...commands);
  }
  const { line } =
    /not UTF-8 text(?:, in line|: the first invalid byte is in line) (?<line>\d+)/.exec(why)?.groups ?? {};
  if (line !== undefined) return forYou(`Write line ${line} in UTF-8.`, edit(path, Number(line)));
  if (/EACCES|EPERM|permission denied/i.test(why))
    return forYou(
      "Check its owner and mode, and give yourself permission to read it.",
      run("ls", "-lL", {}, path),
    );
  if (TOO_LARGE.test(why)) return forYou("Remove what is not needed from it, or name a smaller file.");
  return NO_FILE.test(why)
    ? forYou("Name a file that holds a kubeconfig, in KUBECONFIG or with --kubeconfig.")
    : undefined;
}

/** Source: token/files/plain-file.ts and token/text/yaml.ts. */
const TOO_LARGE = /we read$|the limit (?:is|of) \d+(?: bytes)?$|^it (?:has|closes) too many /;

const NO_FILE =
  /EISDIR|is a directory|is not a directory|links form a loop|is a (?:named pipe|device|socket)/i;

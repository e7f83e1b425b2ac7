import { RULES } from "../../../doctor/causes/index.ts";
import type { DoctorReport, Rule } from "../../../doctor/doctor.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { EXIT, VouchError } from "../../../token/errors/errors.ts";
import { nearestWord } from "../../command-line/nearest-word.ts";
import type { DoctorOptions, FailChoice } from "./options.ts";
import { requireAttempt } from "./question.ts";

type Given = readonly (readonly [name: string, isGiven: boolean])[];

/** Refuses options that cannot be combined. Throws `usage`. */
export function validateFlags(options: DoctorOptions): void {
  const { allContexts, command, evidence, context, error, pre, principal, save, wait, fix } = options;
  requireAttempt(options);
  if (options.list) refuse("--list", withoutEffectOnList(options));
  if (options.redact) refuse("--redact", [["--fix", fix]]);
  const words: Given[number] = ["the command after --", command.length > 0];
  const text: Given[number] = ["--error", error !== undefined];
  const hasEvidence = evidence.length > 0;
  const others: Given = [
    words,
    text,
    ["--pre", pre],
    ["--principal", principal !== undefined],
    ["--fix", fix],
  ];
  if (options.allNamespaces) refuse("--all-namespaces", [words]);
  const many = options.match === undefined ? "--all-contexts" : "--match";
  if (allContexts)
    refuse(many, [
      ["--context", context !== undefined],
      ["--save", save !== undefined],
      ["-o message", options.output === "message"],
      ...others,
    ]);
  if (evidence.includes("-") && error === "-") refuse("--evidence -", [["--error -", true]]);
  if (save === "-")
    throw new VouchError("usage", "--save must be a file; standard output is for the report.", {
      hint: "For example: `kubectl vouch doctor --save case.json`.",
    });
  if (hasEvidence)
    refuse("--evidence", [
      words,
      [many, allContexts],
      ["--pre", pre],
      ["--wait", wait !== undefined],
      ["--offline", options.offline],
      ["--kubeconfig", options.kubeconfig !== undefined && !options.complete],
    ]);
  if (hasEvidence && fix && !options.complete)
    throw new VouchError("usage", "--evidence and --fix can be combined only with --complete.", {
      hint: "Use all three: `kubectl vouch doctor --evidence case.json --complete --fix`.",
    });
  if (options.complete) requireEvidence(options);
  if (options.yes && !fix)
    throw new VouchError("usage", "--yes has an effect only with --fix.", {
      hint: "Use both: `kubectl vouch doctor --fix --yes`.",
    });
  if (pre) refuse("--pre", [words, text, ["--principal", principal !== undefined]]);
  if (error !== undefined) refuse("--error", [words]);
  // A command that runs here shows the permissions of the user who runs it.
  if (principal !== undefined) refuse("--principal", [words]);
  if (wait !== undefined) refuse("--wait", [text]);
  if (wait !== undefined && !(wait >= 0))
    throw new VouchError("usage", "--wait must be a number of seconds.", {
      hint: "For example: `kubectl vouch doctor --wait 60`.",
    });
}

/** Refuses what is about one case. Throws `usage`. */
export function validateBatchFlags(options: DoctorOptions): void {
  const { error, for: attempt, namespace, allNamespaces, output, redact, save, fixFormat } = options;
  refuse(options.fix ? "--complete --fix" : "--evidence for several cases", [
    ["--error", error !== undefined],
    ["--for", attempt !== undefined],
    ["--namespace", namespace !== undefined],
    ["--all-namespaces", allNamespaces],
    ["--principal", options.principal !== undefined],
    ["--context without --complete", options.context !== undefined && !options.complete],
    ["--save", save !== undefined],
    // Placeholders of two cases may be the same for different names.
    ["--redact", redact],
    [`-o ${output}`, ["github", "html", "junit", "message"].includes(output)],
    [`--fix-format ${fixFormat}`, fixFormat !== "aws" && fixFormat !== "kubectl"],
  ]);
}

/** Options that have no effect on the list of all rules. */
function withoutEffectOnList(options: DoctorOptions): Given {
  return [
    ["the command after --", options.command.length > 0],
    ["--for", options.for !== undefined],
    ["--error", options.error !== undefined],
    ["--principal", options.principal !== undefined],
    ["--context", options.context !== undefined],
    ["--match", options.match !== undefined],
    ["--all-contexts", options.allContexts],
    ["--kubeconfig", options.kubeconfig !== undefined],
    ["--namespace", options.namespace !== undefined],
    ["--all-namespaces", options.allNamespaces],
    ["--evidence", options.evidence.length > 0],
    ["--complete", options.complete],
    ["--save", options.save !== undefined],
    ["--redact", options.redact],
    ["--only", options.only !== undefined],
    ["--skip", options.skip !== undefined],
    ["--wait", options.wait !== undefined],
    ["--offline", options.offline],
    ["--pre", options.pre],
    ["--fix", options.fix],
    ["--yes", options.yes],
    ["--verbose", options.verbose],
    ["-o junit", options.output === "junit"],
    ["-o github", options.output === "github"],
    ["-o short", options.output === "short"],
    ["-o message", options.output === "message"],
    ["-o html", options.output === "html"],
  ];
}

/** `--complete` needs a bundle, which says what the case is about. */
function requireEvidence({ evidence, principal }: DoctorOptions): void {
  if (evidence.length === 0)
    throw new VouchError("usage", "--complete needs a case to complete.", {
      hint: "Specify it: `kubectl vouch doctor --evidence case.json --complete`.",
    });
  refuse("--complete", [["--principal", principal !== undefined]]);
}

function refuse(option: string, excluded: Given): void {
  const [other] = excluded.find(([, isGiven]) => isGiven) ?? [];
  if (other !== undefined)
    throw new VouchError("usage", `${option} and ${other} cannot be combined.`, {
      hint: "Omit one of them.",
    });
}

/** The rules of `--only` without those of `--skip`, both by their names or by the error codes that they report. */
export function chosenRules(only: string | undefined, skip: string | undefined): readonly Rule[] {
  const wanted = namesIn("--only", only);
  const unwanted = namesIn("--skip", skip);
  return RULES.filter((rule) => (wanted.length === 0 || isNamed(rule, wanted)) && !isNamed(rule, unwanted));
}

/** The rule of that name, or all rules that report the error code. */
export function rulesNamed(name: string): readonly Rule[] {
  return RULES.filter((rule) => isNamed(rule, [name]));
}

/** The most similar name of a rule, or error code. */
export function nearestName(name: string): string | undefined {
  // All codes are alike.
  if (/^[a-z]\d+$/i.test(name)) return undefined;
  return nearestWord(
    name,
    RULES.flatMap(({ code, causes }) => [code, ...causes]),
  );
}

function namesIn(option: string, list: string | undefined): string[] {
  if (list === undefined) return [];
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  const see = withCommands`See ${ours("doctor --list")}.`;
  if (names.length === 0) throw new VouchError("usage", `${option} is empty.`, { hint: see });
  const unknown = names.find((name) => rulesNamed(name).length === 0);
  if (unknown === undefined) return names;
  const nearest = nearestName(unknown);
  throw new VouchError("usage", `${option}: ${unknown} is neither an error code nor a rule.`, {
    hint: `${nearest === undefined ? "" : `Did you mean ${nearest}? `}${see}`,
  });
}

function isNamed({ code, causes }: Rule, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === code || causes.some((id) => id === name.toUpperCase()));
}

/** 79 if something is wrong or undecided, 80 if there are only warnings and these count. */
export function doctorExit(reports: readonly DoctorReport[], failOn: FailChoice): number {
  if (failOn === "never") return EXIT.ok;
  if (reports.some(({ rootCauses, unknown }) => rootCauses.length > 0 || unknown !== undefined))
    return EXIT.found;
  const isWarned = reports.some(({ warnings }) => warnings.length > 0);
  return isWarned && failOn === "warning" ? EXIT.warned : EXIT.ok;
}

import { RULES } from "../../../doctor/causes/index.ts";
import type { DoctorReport, Rule } from "../../../doctor/doctor.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { EXIT, VouchError } from "../../../token/errors/errors.ts";
import { nearestWord } from "../../command-line/nearest-word.ts";
import { givenOptions } from "../../setup/setup-flags.ts";
import type { DoctorOptions } from "./options.ts";
import { requireAttempt } from "./question.ts";

/** Flags by name, or other words and whether they apply. */
type Excluded = readonly (string | readonly [words: string, applies: boolean])[];

/** Refuses options that cannot be combined. Throws `usage`. */
export function validateFlags(options: DoctorOptions): void {
  const { allContexts, evidence, error, pre, principal, save, wait, fix } = options;
  const refuse = (option: string, excluded: Excluded) => refuseAny(options, option, excluded);
  requireAttempt(options);
  if (options.list) refuse("--list", WITHOUT_EFFECT_ON_LIST);
  if (options.redact) refuse("--redact", ["fix"]);
  if (options.allNamespaces) refuse("--all-namespaces", ["command"]);
  const many = options.match === undefined ? "--all-contexts" : "--match";
  if (allContexts)
    refuse(many, ["context", "save", "-o message", "command", "error", "pre", "principal", "fix"]);
  if (evidence.includes("-") && error === "-") refuse("--evidence -", [["--error -", true]]);
  if (save === "-")
    throw new VouchError("usage", "--save must be a file; standard output is for the report.", {
      hint: "For example: `kubectl vouch doctor --save case.json`.",
    });
  if (evidence.length > 0)
    refuse("--evidence", [
      ...["command", [many, allContexts] as const, "pre", "wait", "offline"],
      ...(options.complete ? [] : ["kubeconfig"]),
    ]);
  if (evidence.length > 0 && fix && !options.complete)
    throw new VouchError("usage", "--evidence and --fix can be combined only with --complete.", {
      hint: "Use all three: `kubectl vouch doctor --evidence case.json --complete --fix`.",
    });
  if (options.complete) requireEvidence(options);
  if (options.yes && !fix)
    throw new VouchError("usage", "--yes has an effect only with --fix.", {
      hint: "Use both: `kubectl vouch doctor --fix --yes`.",
    });
  if (pre) refuse("--pre", ["command", "error", "principal"]);
  if (error !== undefined) refuse("--error", ["command"]);
  // A command that runs here shows the permissions of the user who runs it.
  if (principal !== undefined) refuse("--principal", ["command"]);
  if (wait !== undefined) refuse("--wait", ["error"]);
  if (wait !== undefined && !(wait >= 0))
    throw new VouchError("usage", "--wait must be a number of seconds.", {
      hint: "For example: `kubectl vouch doctor --wait 60`.",
    });
}

/** Refuses what is about one case. Throws `usage`. */
export function validateBatchFlags(options: DoctorOptions): void {
  const { output, fixFormat } = options;
  refuseAny(options, options.fix ? "--complete --fix" : "--evidence for several cases", [
    ...["error", "for", "namespace", "all-namespaces", "principal"],
    ["--context without --complete", options.context !== undefined && !options.complete],
    // Placeholders of two cases may be the same for different names.
    ...["save", "redact"],
    [`-o ${output}`, ["github", "html", "junit", "message"].includes(output)],
    [`--fix-format ${fixFormat}`, fixFormat !== "aws" && fixFormat !== "kubectl"],
  ]);
}

/** Options that have no effect on the list of all rules. */
const WITHOUT_EFFECT_ON_LIST: Excluded = [
  ...["command", "for", "error", "principal", "context", "match", "all-contexts", "kubeconfig"],
  ...["namespace", "all-namespaces", "evidence", "complete", "save", "redact", "only", "skip", "wait"],
  ...["offline", "pre", "fix", "yes", "verbose"],
  ...["-o junit", "-o github", "-o short", "-o message", "-o html"],
];

/** `--complete` needs a bundle, which says what the case is about. */
function requireEvidence(options: DoctorOptions): void {
  if (options.evidence.length === 0)
    throw new VouchError("usage", "--complete needs a case to complete.", {
      hint: "Specify it: `kubectl vouch doctor --evidence case.json --complete`.",
    });
  refuseAny(options, "--complete", ["principal"]);
}

function refuseAny(options: DoctorOptions, option: string, excluded: Excluded): void {
  const given = new Set([...Object.keys(givenOptions(options)), `-o ${options.output}`]);
  const other = excluded.find((one) => (typeof one === "string" ? given.has(one) : one[1]));
  if (other === undefined) return;
  const words = typeof other === "string" ? wordsOf(other) : other[0];
  throw new VouchError("usage", `${option} and ${words} cannot be combined.`, { hint: "Omit one of them." });
}

function wordsOf(flag: string): string {
  if (flag === "command") return "the command after --";
  return flag.startsWith("-") ? flag : `--${flag}`;
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
export function doctorExit(reports: readonly DoctorReport[], failOn: DoctorOptions["failOn"]): number {
  if (failOn === "never") return EXIT.ok;
  if (reports.some(({ rootCauses, unknown }) => rootCauses.length > 0 || unknown !== undefined))
    return EXIT.found;
  const isWarned = reports.some(({ warnings }) => warnings.length > 0);
  return isWarned && failOn === "warning" ? EXIT.warned : EXIT.ok;
}

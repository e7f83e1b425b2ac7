import { aws, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { askVersion, programSeen } from "../../fixes/kubeconfig-commands.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";

/** How Python and the loader report that a program itself is broken. Source: doctor/EKS-ACCESS.md, "Reports", K16. */
const CRASH =
  /Traceback \(most recent call last\)|^'[A-Za-z]{1,40}'$|(?:ImportError|ModuleNotFoundError|AttributeError|KeyError): |cannot import name|bad interpreter|error while loading shared libraries|Library not loaded|[Ss]egmentation fault|panic: runtime error|exec format error|bad CPU type in executable|not a valid Win32 application|exec: signal: (?:abort|bus error|illegal|segmentation|trace)/m;

/** The plugin is found but crashes on startup: its parts have different versions, or its Python is broken. */
export const pluginCrash = defineRule({
  cause: {
    id: "K16",
    what: "The plugin is found but crashes: its libraries are incompatible.",
    seen: "exit status 1 with a traceback",
    remedy: "Reinstall the AWS CLI as one package, or version 1 in its own virtual environment.",
  },
  expects: "the plugin runs without crashing",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const pasted = seen.symptom?.kind === "plugin-failed" ? seen.pastedError : undefined;
    const run = seen.pluginRun;
    const said = run?.exitCode === 0 ? undefined : run?.stderr;
    const isCrash = matchInError(said, CRASH) !== undefined;
    if (!isCrash && matchInError(pasted, CRASH) === undefined) return passed;
    const quote = isCrash
      ? `It exited with status ${run?.exitCode} and printed: “${lastLine(said ?? "")}”`
      : `The call printed: “${lastLine(pasted ?? "")}”`;
    return found({
      confidence: run?.exitCode === 0 ? "likely" : "certain",
      describe: (facts) => describe(facts, quote),
    });
  },
  refuted: ({ execCommand }) => execCommand?.version !== undefined,
});

/** The last line of a traceback is the error. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const errors = lines.filter((line) =>
    /Error\b|cannot import|interpreter|libraries|fault|panic|format error|CPU type|Win32|signal/.test(line),
  );
  return (errors.find((line) => !/failed with exit code/.test(line)) ?? lines[0] ?? "").slice(0, 300);
}

function describe({ exec, evidence }: Facts, quote: string) {
  const program = exec?.program ?? "the plugin";
  return {
    summary: `${program} crashes when it starts: its installation is broken.`,
    evidence: [quote, ...programSeen(evidence)],
    falsifiedBy: sentence`${askVersion(exec?.command ?? "PLUGIN")} prints a version.`,
    fixes:
      exec?.tool === "aws"
        ? REINSTALL_AWS
        : [forYou(`Reinstall ${program} from its vendor, as one package.`)],
  };
}

const REINSTALL_AWS: readonly Fix[] = [
  forYou(
    "Reinstall the AWS CLI as one package: version 2 from AWS, or version 1 in its own virtual environment.",
    documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
  ),
  forYou("Or, if you need version 1, use pipx.", run("pipx", "install --force awscli"), aws("--version")),
];

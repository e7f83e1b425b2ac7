import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { aws } from "../../fixes/aws.ts";
import { programSeen } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";

/** How Python and the loader say that a program is broken in itself. Source: doctor/EKS-ACCESS.md, "Reports", K16. */
const CRASH =
  /Traceback \(most recent call last\)|(?:ImportError|ModuleNotFoundError|AttributeError|KeyError): |cannot import name|bad interpreter|error while loading shared libraries|Library not loaded|[Ss]egmentation fault|panic: runtime error/;

/** The plugin is found, and breaks down before it does anything: parts of different origin, a broken Python. */
export const pluginCrash = defineLegacyRule({
  code: "plugin-crash",
  stage: "plugin",
  causes: ["K16"],
  expects: "the plugin runs without breaking down",
  needs: [],
  needsOneOf: ["pluginRun", "pastedError"],
  judge(facts) {
    const { pluginRun, pastedError: said, exec } = facts;
    const live =
      pluginRun !== undefined && pluginRun.exitCode !== 0 ? matchInError(pluginRun.stderr, CRASH) : undefined;
    const pasted = facts.symptom?.kind === "plugin-failed" ? matchInError(said, CRASH) : undefined;
    const words = live ?? pasted;
    if (!failsBeforeRequest(facts) || words === undefined) return [];
    const program = exec?.program ?? "the plugin";
    const nowFine = live === undefined && pluginRun?.exitCode === 0;
    return [
      {
        cause: "K16",
        stage: "plugin",
        severity: "error",
        confidence: nowFine ? "likely" : "certain",
        summary: `${program} is found, but breaks down: its installation is broken.`,
        evidence: [
          `${live === undefined ? "The call said" : `It ended with ${pluginRun?.exitCode} and said`}: “${lastLine((live === undefined ? said : pluginRun?.stderr) ?? words.line)}”`,
          ...programSeen(facts.evidence),
        ],
        falsifiedBy: sentence`${run(exec?.command ?? "PLUGIN", "--version")} prints a version.`,
        fixes: fixes(facts),
      },
    ];
  },
});

/** A traceback says what is wrong in its last line. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const errors = lines.filter((line) => /Error\b|cannot import|interpreter|libraries|fault|panic/.test(line));
  return (errors.find((line) => !/failed with exit code/.test(line)) ?? lines[0] ?? "").slice(0, 300);
}

function fixes({ exec }: Facts): Fix[] {
  if (exec?.tool !== "aws") {
    return [
      {
        audience: "you",
        description: `Install ${exec?.program ?? "the plugin"} anew, from its maker and in one piece.`,
      },
    ];
  }
  return [
    {
      audience: "you",
      description:
        "Install the AWS CLI anew in one piece: version 2 from AWS, or version 1 in an environment of its own.",
      actions: [documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html")],
    },
    {
      audience: "you",
      description: "With pipx, where version 1 is wanted.",
      actions: [run("pipx", "install --force awscli"), aws("--version")],
    },
  ];
}

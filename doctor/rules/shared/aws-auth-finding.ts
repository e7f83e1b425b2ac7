import type { Sentence } from "../../../token/command/sentence.ts";
import type { CauseId } from "../../catalogue/rows.ts";
import type { LegacyFinding } from "../../check/legacy-rule.ts";
import type { Conclusion } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { SectionKey } from "../../derive/mapping/aws-auth-edit.ts";
import { changeEntry, type EntryText } from "../../derive/mapping/aws-auth-edit.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { editAwsAuth, patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";

/** A faulty line of aws-auth. */
export interface FaultyLine {
  readonly section: SectionKey;
  readonly index: number;
  /** `mapRoles[2] arn:aws:iam::111122223333:role/team/Dev` */
  readonly written: string;
  /** Whether it was meant for the caller. */
  readonly isCallers: boolean;
  /** How it should read, as far as that is known. */
  readonly right: (Partial<EntryText> & { readonly drop?: string }) | undefined;
}

interface Told {
  readonly cause: CauseId;
  /** Sureness of the finding when the caller's own line is faulty; undefined: it has no part in the failure. */
  readonly confidence: Confidence | undefined;
  /** Of the warning about lines of others; certain unless said. */
  readonly warningConfidence?: Confidence;
  /** What is wrong with such a line: `has a path, which STS never returns, so it matches nobody`. */
  readonly wrong: string;
  readonly falsifiedBy: Sentence;
  readonly description: string;
  readonly explains?: readonly CauseId[];
}

/**
 * One conclusion for the lines that have a fault: an error when one of them is the caller's and that can be the failure,
 * else a warning about what waits for others.
 */
export function lineConclusions(view: AwsAuthView, lines: readonly FaultyLine[], told: Told): Conclusion[] {
  const own = lines.filter(({ isCallers }) => isCallers);
  const isError = own.length > 0 && told.confidence !== undefined;
  const shown = isError ? own : lines;
  if (shown.length === 0) return [];
  const { cause, wrong, falsifiedBy, description, explains } = told;
  const subject = shown.length === 1 ? "A line" : `${shown.length} lines`;
  return [
    {
      cause,
      severity: isError ? "error" : "warning",
      confidence: isError ? (told.confidence ?? "likely") : (told.warningConfidence ?? "certain"),
      ...(explains === undefined || !isError ? {} : { explains }),
      describe: () => ({
        summary: `${subject} of aws-auth ${wrong}: ${shown.map(({ written }) => written).join(", ")}.`,
        evidence: shown.map(({ written }) => `aws-auth has ${written}.`),
        falsifiedBy,
        fixes: [lineFix(view, shown, description)],
      }),
    },
  ];
}

/** The old form. */
export function lineFindings(view: AwsAuthView, lines: readonly FaultyLine[], told: Told): LegacyFinding[] {
  return lineConclusions(view, lines, told).map(({ describe, ...conclusion }) => ({
    ...conclusion,
    stage: "mapping",
    ...describe(undefined as never),
  }));
}

/** `mapRoles[0] "arn:…"`, the place as YAML counts it. */
export function sayLine(section: SectionKey, index: number, arn: string | undefined): string {
  return `${section}[${index}]${arn === undefined ? "" : ` ${arn}`}`;
}

/** Writes all these lines right in one go; opens an editor when one of them cannot be written by a program. */
export function lineFix({ texts }: AwsAuthView, lines: readonly FaultyLine[], description: string): Fix {
  const changed: Record<string, string> = {};
  for (const { section, index, right } of lines) {
    const text = changed[section] ?? texts[section];
    const next =
      right === undefined || text === undefined ? undefined : changeEntry(text, index, { section, ...right });
    if (next === undefined) return editAwsAuth(description);
    changed[section] = next;
  }
  return patchAwsAuth(description, changed);
}

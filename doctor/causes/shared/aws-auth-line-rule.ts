import type { Sentence } from "../../../token/command/sentence.ts";
import type { CauseId } from "../../check/cause-ids.ts";
import { type Conclusion, defineRule, found, type RuleDefinition } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AwsAuthView, PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { changeEntry, type EntryText, type SectionKey } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { editAwsAuth, patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { isUnknownCaller } from "./caller-words.ts";
import { getsInUnmapped } from "./refuted.ts";

/** The place of a line in aws-auth, with its index in the YAML list, and its ARN. */
interface Line {
  readonly section: SectionKey;
  readonly index: number;
  readonly arn: string | undefined;
}

/** The fault of one line. */
interface LineFault {
  /** A detail to add in parentheses. */
  readonly detail?: string;
  /** Whether the line is meant for the caller. */
  readonly isCallers: boolean;
  /** How it should be, as far as known. */
  readonly right: (Partial<EntryText> & { readonly drop?: string }) | undefined;
}

export type FaultyLine = Line & LineFault;

/** How to report faulty lines. */
interface LineFinding {
  /** Confidence if the caller's own lines are faulty; undefined: they do not affect this call. */
  readonly confidence: (own: readonly FaultyLine[]) => Confidence | undefined;
  /** For the warning about other users' lines; default: certain. */
  readonly warningConfidence?: Confidence;
  /** What is wrong with such a line: `has a path, which STS never returns, so it never matches`. */
  readonly wrong: string;
  readonly falsifiedBy: Sentence;
  /** What the fix does. */
  readonly description: string;
  readonly explains?: readonly CauseId[];
}

interface AwsAuthLineRule
  extends Pick<RuleDefinition, "cause" | "expects" | "suspected">,
    Omit<LineFinding, "confidence"> {
  /** Undefined: the line is correct. */
  readonly faultOf: (entry: PlacedEntry, seen: Facts) => LineFault | undefined;
  /** Whether the evidence shows what proves it wrong; default: the caller's role works all the same. */
  readonly refuted?: (view: AwsAuthView, seen: Facts) => boolean;
  /** As in `LineFinding`; default: the confidence that the line is why the caller is not mapped. */
  readonly confidence?: (
    view: AwsAuthView,
    seen: Facts,
    own: readonly FaultyLine[],
  ) => Confidence | undefined;
}

/** Faults of a line that keep it from matching its caller, the most common first. */
export const FAULTY_LINE: readonly CauseId[] = [
  "A2",
  "A3",
  "A16",
  "A7",
  "A4",
  "A9",
  "A15",
  "A5",
  "A12",
  "A13",
];

/** A rule that checks each line of aws-auth by itself. */
export function defineAwsAuthLineRule({
  cause,
  expects,
  suspected,
  faultOf,
  confidence = ({ unmapped }) => unmapped,
  refuted = (_, seen) => getsInUnmapped(seen),
  ...finding
}: AwsAuthLineRule): RuleDefinition {
  return defineRule({
    cause,
    expects,
    suspected,
    refuted: (seen) => seen.awsAuthView !== undefined && refuted(seen.awsAuthView, seen),
    needs: ["awsAuthView"],
    check({ awsAuthView: view }, seen) {
      // If the caller is not known, each faulty line may be meant for the caller.
      const isGuess = seen.symptom?.kind === "unauthorized" && isUnknownCaller(seen);
      const meant = isGuess ? { isCallers: true } : {};
      const lines = view.entries.flatMap((entry) => {
        const fault = faultOf(entry, seen);
        const { section, index, arn } = entry;
        return fault === undefined ? [] : [{ section, index, arn, ...fault, ...meant }];
      });
      const ownConfidence = (own: readonly FaultyLine[]) =>
        isGuess ? "possible" : confidence(view, seen, own);
      return found(...lineConclusions(view, lines, { ...finding, confidence: ownConfidence }));
    },
  });
}

/**
 * One conclusion for all faulty lines: an error if one of them is the caller's and can have caused the failure, else a warning
 * that others will fail.
 */
export function lineConclusions(
  view: AwsAuthView,
  lines: readonly FaultyLine[],
  finding: LineFinding,
): Conclusion[] {
  if (lines.length === 0) return [];
  const own = lines.filter(({ isCallers }) => isCallers);
  const confidence = own.length === 0 ? undefined : finding.confidence(own);
  const { wrong, falsifiedBy, description } = finding;
  const shown = confidence === undefined ? lines : own;
  const subject = shown.length === 1 ? "An aws-auth mapping" : `Each of ${shown.length} aws-auth mappings`;
  const written = shown.map(describeFault);
  return [
    {
      ...errorOrWarning(confidence, finding),
      describe: () => ({
        summary: `${subject} ${wrong}: ${written.join(", ")}.`,
        evidence: written.map((line) => `aws-auth contains ${line}.`),
        falsifiedBy,
        fixes: [lineFix(view, shown, description)],
      }),
    },
  ];
}

/** An error with this confidence; undefined: the fault did not cause this failure, but others will fail. */
export function errorOrWarning(
  confidence: Confidence | undefined,
  { warningConfidence = "certain", explains }: Pick<LineFinding, "warningConfidence" | "explains">,
): Omit<Conclusion, "describe"> {
  return confidence === undefined
    ? { severity: "warning", confidence: warningConfidence }
    : { confidence, explains };
}

/** Whether an ARN in aws-auth is the caller's, in any case. */
export function isCallers(arn: string | undefined, principal: Principal | undefined): boolean {
  return arn !== undefined && arn.toLowerCase() === principal?.canonicalArn.toLowerCase();
}

function describeFault({ detail, ...line }: FaultyLine): string {
  return `${formatLine(line)}${detail === undefined ? "" : ` (${detail})`}`;
}

/** `mapRoles[0] arn:…`, with quotes where there are blanks. */
export function formatLine({ section, index, arn }: Line): string {
  if (arn === undefined) return `${section}[${index}]`;
  return `${section}[${index}] ${/\s/.test(arn) ? JSON.stringify(arn) : arn}`;
}

/** Corrects all these lines at once; opens an editor if no program can write one of them. */
export function lineFix(
  { texts, resourceVersion }: AwsAuthView,
  lines: readonly Pick<FaultyLine, "section" | "index" | "right">[],
  description: string,
): Fix {
  const changed: Record<string, string> = {};
  for (const { section, index, right } of lines) {
    const text = changed[section] ?? texts[section];
    const next =
      right === undefined || text === undefined ? undefined : changeEntry(text, index, { section, ...right });
    if (next === undefined) return editAwsAuth(description);
    changed[section] = next;
  }
  return patchAwsAuth(description, changed, { resourceVersion });
}

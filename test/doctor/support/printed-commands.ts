export { runsOf } from "../../../token/command/tasks.ts";

import { RULES } from "../../../doctor/causes/index.ts";
import { type Diagnosis, diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { Facts } from "../../../doctor/derive/facts.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { type EvidenceNames, UNKNOWN_NAMES } from "../../../doctor/evidence/part.ts";
import { PART_NAMES, partEntry } from "../../../doctor/evidence/parts.ts";
import type { Action, Document } from "../../../doctor/fixes/fix.ts";
import { FIX_FORMATS } from "../../../doctor/fixes/fix-format.ts";
import { formatFixes } from "../../../doctor/fixes/format-fixes.ts";
import { commandsOf } from "../../../doctor/fixes/render-fix.ts";
import type { Command } from "../../../token/command/command.ts";
import type { Sentence } from "../../../token/command/sentence.ts";

/** What a diagnosis says, as the data it is written from. */
export interface Said {
  readonly facts: Facts;
  readonly diagnosis: Diagnosis;
  readonly sentences: readonly Sentence[];
  readonly commands: readonly Command[];
  readonly documents: readonly Document[];
}

/** Judges a bundle with all rules; what every finding says is here, also of those that are folded. */
export function saidOf(bundle: DoctorEvidence): Said {
  const facts = deriveFacts(bundle);
  const diagnosis = diagnose(RULES, facts);
  const findings = diagnosis.outcomes.flatMap((outcome) =>
    outcome.status === "found" ? outcome.findings : [],
  );
  const fixes = findings.flatMap((finding) =>
    FIX_FORMATS.flatMap((format) => formatFixes(finding.fixes, format)),
  );
  const sentences = [
    ...findings.flatMap(({ summary, evidence, falsifiedBy }) => [summary, ...evidence, falsifiedBy]),
    ...fixes.map(({ description }) => description),
  ];
  const actions = fixes.flatMap(({ actions = [] }) => actions);
  return {
    facts,
    diagnosis,
    sentences,
    commands: [...sentences.flatMap(commandsIn), ...actions.flatMap(commandsOfAction)],
    documents: actions.filter((action) => action.kind === "document"),
  };
}

/** The commands that fetch evidence, for a cluster and a caller of these names. */
export function fetchCommands(name: () => string): readonly Command[] {
  const names = Object.fromEntries(Object.keys(UNKNOWN_NAMES).map((key) => [key, name()]));
  return PART_NAMES.flatMap((part) => commandsIn(partEntry(part).source(names as unknown as EvidenceNames)));
}

function commandsOfAction(action: Action): readonly Command[] {
  return action.kind === "document" ? [] : commandsOf(action);
}

function commandsIn(sentence: Sentence): readonly Command[] {
  return typeof sentence === "string" ? [] : sentence.filter((part) => typeof part !== "string");
}

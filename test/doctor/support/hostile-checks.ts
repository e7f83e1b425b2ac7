import { parse, parseAllDocuments } from "yaml";
import type { Action, Document, Fix } from "../../../doctor/fixes/fix.ts";
import { FIX_FORMATS, type FixFormat } from "../../../doctor/fixes/fix-format.ts";
import { formatFixes } from "../../../doctor/fixes/format-fixes.ts";
import { doctorReport } from "../../../doctor/report/doctor-report.ts";
import { textReport } from "../../../doctor/report/text.ts";
import { renderCommand, SHELLS, type Shell } from "../../../token/command/render-command.ts";
import { type Sentence, sentenceText } from "../../../token/command/sentence.ts";
import { hclStrings } from "./hcl-strings.ts";
import { runsOf, type Said } from "./printed-commands.ts";

/** Signs that a terminal acts on or does not show. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** What is wrong with how something is said, whatever it is. */
export function faultsIn(said: Said): readonly string[] {
  const fixes = said.diagnosis.outcomes
    .flatMap((outcome) => (outcome.status === "found" ? outcome.findings : []))
    .flatMap((finding) => finding.fixes);
  return [
    ...SHELLS.flatMap((shell) => said.sentences.flatMap((sentence) => sentenceFaults(sentence, shell))),
    ...SHELLS.map((shell, index) => ({ shell, format: FIX_FORMATS[index] ?? "aws" })).flatMap((style) =>
      reportFaults(said, style),
    ),
    ...FIX_FORMATS.flatMap((format) => fixes.flatMap((fix) => documentFaults(fix, format))),
    ...said.commands.flatMap(runsOf).flatMap(({ options }) => patchFaults(options["patch"])),
  ];
}

/** Only a rendered command stands between backticks. */
function sentenceFaults(sentence: Sentence, shell: Shell): string[] {
  let text = sentenceText(sentence, shell);
  if (UNSHOWN.test(text)) return [`${JSON.stringify(text)} holds signs that are not shown`];
  const parts = typeof sentence === "string" ? [] : sentence.filter((part) => typeof part !== "string");
  for (const command of parts) {
    const rendered = renderCommand(command, shell);
    if ("line" in rendered) text = text.replace(`\`${rendered.line}\``, () => "");
  }
  return text.includes("`") ? [`${JSON.stringify(text)} holds a backtick`] : [];
}

function reportFaults(
  { diagnosis, facts }: Said,
  style: { readonly shell: Shell; readonly format: FixFormat },
): string[] {
  const report = doctorReport(diagnosis, facts, style);
  const text = textReport(report, { width: 100, color: false, unicode: true, verbose: true });
  const { unknown, rootCauses, warnings } = report;
  const lines = [
    ...text.split("\n"),
    ...(unknown?.fetchNext ?? []).map(({ command }) => command),
    ...[...rootCauses, ...warnings].flatMap(({ fixes }) =>
      fixes.flatMap(({ commands, text: file = "" }) => [...commands, ...file.split("\n")]),
    ),
  ];
  return lines
    .filter((line) => UNSHOWN.test(line))
    .map((line) => `${JSON.stringify(line)} is printed, with signs that are not shown`);
}

/** A file that a fix comes with holds, to its tool, the values of the fix. */
function documentFaults(fix: Fix, format: FixFormat): string[] {
  const documents = formatFixes([fix], format)
    .flatMap(({ actions = [] }) => actions)
    .filter((action): action is Document => action.kind === "document");
  const own = (fix.actions ?? []).filter(({ kind }) => kind === "document");
  if (documents.length === 0 || own.length > 0) return own.flatMap(jsonFaults);
  const [{ text }] = documents as [Document];
  const { found, fault } = format === "terraform" ? hclStrings(text) : yamlStrings(text);
  if (fault !== undefined) return [`${fault} in ${JSON.stringify(text)}`];
  return (fix.actions ?? [])
    .flatMap((action) => valuesIn(action, format))
    .filter((value) => !found.has(value))
    .map((value) => `${JSON.stringify(value)} is not in ${JSON.stringify(text)}`);
}

function jsonFaults(action: Action): string[] {
  if (action.kind !== "document" || !action.text.startsWith("{")) return [];
  try {
    JSON.parse(action.text);
    return [];
  } catch {
    return [`${JSON.stringify(action.text)} is no JSON`];
  }
}

function valuesIn(action: Action, format: FixFormat): readonly string[] {
  switch (action.kind) {
    case "create-access-entry":
      return [action.principalArn, action.target.cluster, ...action.groups, ...some(action.username)];
    case "create-binding":
      if (format === "eksctl") return [];
      return [action.subject.name, action.role.name, ...some(action.namespace)];
    default:
      return [];
  }
}

function some(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function yamlStrings(text: string): ReturnType<typeof hclStrings> {
  const found = new Set<string>();
  const documents = parseAllDocuments(text);
  const add = (value: unknown): void => {
    if (typeof value === "string") found.add(value);
    else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) add(item);
  };
  for (const document of documents) add(document.toJS());
  const [error] = documents.flatMap(({ errors }) => errors);
  return { found, fault: error?.message };
}

/** A patch of aws-auth leaves lists of entries. */
function patchFaults(patch: unknown): string[] {
  if (typeof patch !== "string") return [];
  const { data } = JSON.parse(patch) as { readonly data?: Readonly<Record<string, string | null>> };
  return Object.values(data ?? {}).flatMap((text) => {
    if (text === null) return [];
    try {
      const entries: unknown = parse(text);
      const isList = Array.isArray(entries) && entries.every((entry) => typeof entry === "object");
      return isList || entries === null ? [] : [`${JSON.stringify(text)} is no list of entries`];
    } catch (error) {
      return [`${JSON.stringify(text)}: ${String(error)}`];
    }
  });
}

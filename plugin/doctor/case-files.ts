import fs from "node:fs";
import path from "node:path";
import { type DoctorEvidence, looksRedacted } from "../../doctor/doctor.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { readBundle } from "./read-bundle.ts";

/** A saved case. */
export interface CaseFile {
  readonly file: string;
  readonly evidence: DoctorEvidence;
}

/** A file without a result. */
export interface OtherFile {
  readonly file: string;
  readonly why: string;
}

export interface CaseFiles {
  readonly cases: readonly CaseFile[];
  /** Not cases, or specified twice. */
  readonly skipped: OtherFile[];
  /** Cases that cannot be diagnosed. */
  readonly notChecked: OtherFile[];
}

/** False for what cannot be looked at: whoever opens it says why. */
export function isFolder(file: string): boolean {
  try {
    return file !== "-" && fs.statSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** Reads cases from files and folders; what cannot be read keeps no other from being read. Throws `evidence-invalid` if there are none. */
export async function readCases(app: App, given: readonly string[]): Promise<CaseFiles> {
  const skipped: OtherFile[] = [];
  const notChecked: OtherFile[] = [];
  const files = given.flatMap((name) => (isFolder(name) ? jsonFiles(name, { skipped, notChecked }) : [name]));
  const cases: CaseFile[] = [];
  const seen = new Map<string, string>();
  for (const file of files) {
    try {
      const { evidence } = await readBundle(app, file);
      const text = JSON.stringify(evidence);
      const twin = seen.get(text);
      seen.set(text, file);
      if (twin !== undefined) skipped.push({ file, why: `the same case as ${twin}` });
      else if (looksRedacted(evidence)) notChecked.push({ file, why: REDACTED });
      else cases.push({ file, evidence });
    } catch (error) {
      if (!(error instanceof VouchError) || app.signal.aborted) throw error;
      notChecked.push({ file, why: reasonOf(error) });
    }
  }
  if (files.length + notChecked.length > 0) return { cases, skipped, notChecked };
  throw new VouchError(
    "evidence-invalid",
    `No case found in ${given.join(", ")}: no file there ends in .json.`,
    {
      hint: "Save one with `kubectl vouch doctor --save case.json`.",
    },
  );
}

const REDACTED =
  "its names are redacted, so no command can be written for it: ask for one saved without --redact";

/** In the order of their names; others are noted as skipped, and the folder if it cannot be read. */
function jsonFiles(folder: string, { skipped, notChecked }: Omit<CaseFiles, "cases">): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder).sort();
  } catch (error) {
    notChecked.push({ file: folder, why: reasonOf(error) });
    return [];
  }
  const isCase = (name: string) => name.endsWith(".json") && !isFolder(path.join(folder, name));
  for (const name of names)
    if (!isCase(name)) skipped.push({ file: path.join(folder, name), why: "not a .json file" });
  return names.filter(isCase).map((name) => path.join(folder, name));
}

import fs from "node:fs";
import { type DoctorEvidence, readEvidence } from "../../doctor/doctor.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/private-file.ts";
import type { App } from "../app.ts";
import { readPipe } from "./read-pipe.ts";

/** Standard input, as we and the system call it. */
const STDIN = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/**
 * The bundle of evidence in a file, in a pipe as shells make them of `<(…)`, or on standard input. Throws `evidence-invalid` for
 * what is none.
 */
export async function readBundle(app: App, file: string): Promise<DoctorEvidence> {
  const text = await readText(app, file);
  if (text?.trim() === "" && isStream(file))
    throw new VouchError(
      "evidence-invalid",
      `Nothing came ${STDIN.includes(file) ? "on standard input" : `through ${file}`}.`,
      {
        hint: "Let something write the bundle: `kubectl vouch doctor --evidence - < case.json`.",
      },
    );
  if (text !== undefined) return readEvidence(text);
  throw new VouchError("file-unreadable", `There is no file ${file}.`, {
    hint: "Make one with `kubectl vouch doctor --save FILE`, or by hand as doctor/EVIDENCE.md says.",
  });
}

/** Whether what was read cannot be read again, nor attached to a message. */
export function isStream(file: string): boolean {
  return STDIN.includes(file) || isPipe(file);
}

async function readText(app: App, file: string): Promise<string | undefined> {
  if (STDIN.includes(file)) return app.io.readStdin();
  return isPipe(file) ? readPipe(file, app.signal) : readTextFile(file);
}

function isPipe(file: string): boolean {
  try {
    return fs.statSync(file).isFIFO();
  } catch {
    return false;
  }
}

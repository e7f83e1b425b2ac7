import { type DoctorEvidence, readEvidence } from "../../doctor/doctor.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/private-file.ts";

/** The bundle of evidence in a file. Throws `evidence-invalid` for what is none. */
export function readBundle(file: string): DoctorEvidence {
  const text = readTextFile(file);
  if (text !== undefined) return readEvidence(text);
  throw new VouchError("file-unreadable", `There is no file ${file}.`, {
    hint: "Make one with `kubectl vouch doctor --save FILE`, or by hand as doctor/EVIDENCE.md says.",
  });
}

import fs from "node:fs";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";

const FOLDER = new URL("../variants/", import.meta.url);

/** A case that people put together, and the row of the catalogue that it is. */
export interface Variant {
  readonly name: string;
  readonly row: string;
  readonly bundle: DoctorEvidence;
}

/** Cases that were collected before the rules which judge them: `variants/README.md`. */
export const VARIANTS: readonly Variant[] = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => ({
    name: file.replace(".yaml", ""),
    row: file.split("-")[0] ?? "",
    bundle: readEvidence(fs.readFileSync(new URL(file, FOLDER), "utf8")),
  }));

import fs from "node:fs";

/** The names in a folder; none where there is no such folder, or one that we may not read. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

import fs from "node:fs";

/** The names in a folder; none if there is no such folder, or we may not read it. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

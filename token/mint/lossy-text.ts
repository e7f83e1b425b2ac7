import { readTextFile } from "../private-file.ts";

/** The text of a file that may as well be lost, a cache or a mark: what cannot be read counts as missing. */
export function lossyText(file: string): string | undefined {
  try {
    return readTextFile(file);
  } catch {
    return undefined;
  }
}

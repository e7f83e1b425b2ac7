import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Everything below a folder that a program could have changed: names, kinds, modes, times of change, hashes of the bytes. */
export function folderState(folder: string): Record<string, string> {
  const names = [".", ...fs.readdirSync(folder, { recursive: true }).map(String)].sort();
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(folder, name);
      const status = fs.lstatSync(file, { bigint: true });
      const content = status.isFile()
        ? createHash("sha256").update(fs.readFileSync(file)).digest("hex")
        : status.isSymbolicLink()
          ? fs.readlinkSync(file)
          : "";
      return [name, `${status.mode.toString(8)} ${status.mtimeNs} ${content}`];
    }),
  );
}

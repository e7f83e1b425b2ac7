import fs from "node:fs";
import path from "node:path";

/** Writes texts, and anything else as JSON, into files of a folder that nobody else may read; gives the path of each. */
export function privateFiles(folder: string): (name: string, content: unknown) => string {
  return (name, content) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return file;
  };
}

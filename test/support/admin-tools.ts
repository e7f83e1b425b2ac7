import fs from "node:fs";
import path from "node:path";

/** An AWS CLI and a kubectl in a folder of a home, before the others: they do what a plan needs, as far as the lab's servers allow it. */
export function toolsBeside(home: string, searchPath: string): string {
  const bin = path.join(home, "admin-tools");
  fs.mkdirSync(bin, { recursive: true });
  for (const name of ["aws", "kubectl"]) {
    const script = path.join(import.meta.dirname, "admin-tools", `${name}.ts`);
    const text = `#!/bin/sh\nNODE_EXTRA_CA_CERTS="$AWS_CA_BUNDLE" exec '${process.execPath}' '${script}' "$@"\n`;
    fs.writeFileSync(path.join(bin, name), text, { mode: 0o755 });
  }
  return `${bin}:${searchPath}`;
}

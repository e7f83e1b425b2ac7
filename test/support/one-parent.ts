import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";

/** A shell that starts a program again and again, as the parent of each. */
export interface OneParent {
  readonly pid: number;
  run(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ status: number; stdout: string; stderr: string }>;
  stop(): void;
}

/** The program's output goes into the folder `root`. The only variables passed on are HOME and KUBERNETES_EXEC_INFO. */
export function startShell(program: string, root: string): OneParent {
  fs.mkdirSync(root, { recursive: true });
  const [out, err] = [path.join(root, "out"), path.join(root, "err")];
  // The words come one to a line, ended by an empty line.
  const line = `while :; do
    set --
    while IFS= read -r word && [ -n "$word" ]; do set -- "$@" "$word"; done
    [ $# -gt 0 ] || exit
    HOME=$1 KUBERNETES_EXEC_INFO=$2
    shift 2
    "$0" "$@" >"$OUT" 2>"$ERR"
    echo $?
  done`;
  const child = spawn("/bin/sh", ["-c", line, program], {
    env: { OUT: out, ERR: err, HOME: "/", KUBERNETES_EXEC_INFO: "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined);
  const answers = readline.createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? assert.fail("the shell does not start"),
    async run(args, { HOME: home, KUBERNETES_EXEC_INFO: info, ...rest }) {
      assert.deepEqual(rest, {}, "the shell passes on no other variable");
      child.stdin.write(`${[home, info?.trim() || " ", ...args].join("\n")}\n\n`);
      const { value } = await answers.next();
      return {
        status: Number(value),
        stdout: fs.readFileSync(out, "utf8"),
        stderr: fs.readFileSync(err, "utf8"),
      };
    },
    stop: () => child.stdin.end(),
  };
}

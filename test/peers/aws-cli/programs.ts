import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { programsOnPath } from "../../support/on-path.ts";

/** The AWS CLI of one major version, and the Python that runs it. */
export interface AwsCli {
  /** As it says itself: `aws-cli/1.45.11`. */
  readonly version: string;
  readonly program: string;
  readonly python: string;
}

/**
 * The first `aws` on PATH of this major version; both may be installed. pip has version 1 (package awscli), Debian has
 * version 2 (package awscli).
 */
export function awsCli(major: 1 | 2): AwsCli {
  const found = findAwsCli(major) ?? assert.fail(`AWS CLI ${major} is not on PATH`);
  return { ...found, python: pythonBehind(found.program) };
}

export function hasAwsCli(major: 1 | 2): boolean {
  return findAwsCli(major) !== undefined;
}

function findAwsCli(major: 1 | 2): Omit<AwsCli, "python"> | undefined {
  for (const program of programsOnPath("aws")) {
    const version = execFileSync(program, ["--version"], { encoding: "utf8" }).split(" ")[0] ?? "";
    if (version.startsWith(`aws-cli/${major}.`)) return { version, program };
  }
  return undefined;
}

/** The interpreter in the first line of the command, or of the one that a shim of pyenv stands for. */
export function pythonBehind(program: string): string {
  const command = fs.realpathSync(program);
  const python = /^#!\s*(\S*python[\d.]*)/.exec(fs.readFileSync(command, "latin1"))?.[1];
  if (python !== undefined) return python;
  if (!command.includes(`${path.sep}shims${path.sep}`))
    assert.fail(`${command} is not run by a Python on this machine`);
  return pythonBehind(execFileSync("pyenv", ["which", "aws"], { encoding: "utf8" }).trim());
}

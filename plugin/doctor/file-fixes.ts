import fs from "node:fs";
import { kubeconfigPaths } from "../../token/kubeconfig/kubeconfig-files.ts";
import { localTime } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import type { LocalFix } from "./local-fix.ts";

/** Age from which a lock that kubectl left is stale, in milliseconds: kubectl holds it for the time of one write. */
const STALE_LOCK_MS = 5 * 60_000;

/** Kubeconfig files that others may read, and locks without a holder. */
export function fileFixes(app: App, kubeconfig: string | undefined): LocalFix[] {
  return kubeconfigPaths(app, kubeconfig).flatMap((file) => [...modeFix(app, file), ...lockFix(app, file)]);
}

function modeFix(app: App, file: string): LocalFix[] {
  const mode = (statusOf(file)?.mode ?? 0o600) & 0o777;
  if (app.platform === "win32" || (mode & 0o077) === 0) return [];
  const before = mode.toString(8);
  return [
    {
      description: `Make ${file} accessible only to you.`,
      show: async () => app.io.err(`mode of ${file}: ${before} → 600 (undo: chmod ${before})\n`),
      apply: async () => fs.chmodSync(file, 0o600),
    },
  ];
}

function lockFix(app: App, file: string): LocalFix[] {
  const lock = `${file}.lock`;
  const changed = statusOf(lock)?.mtimeMs;
  if (changed === undefined || app.clock() - changed < STALE_LOCK_MS) return [];
  return [
    {
      description: `Remove ${lock}, left behind by a program that was interrupted: it blocks all changes to the kubeconfig.`,
      show: async () => app.io.err(`remove ${lock}, of ${localTime(changed)}\n`),
      apply: async () => fs.rmSync(lock, { force: true }),
    },
  ];
}

function statusOf(file: string): fs.Stats | undefined {
  return fs.statSync(file, { throwIfNoEntry: false });
}

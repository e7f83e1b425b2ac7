import path from "node:path";
import { findProgram } from "../../doctor/probes/local/find-program.ts";
import type { App } from "../app.ts";

/**
 * Where installers usually put programs, besides the folders of PATH. Source: AWS CLI User Guide, "Installing or updating";
 * krew/PACKAGING.md, "Installation".
 */
const FOLDERS = [
  "/usr/local/bin",
  "/opt/homebrew/bin",
  "/home/linuxbrew/.linuxbrew/bin",
  "/usr/bin",
  "/bin",
  "/snap/bin",
  "/usr/local/aws-cli/v2/current/bin",
];
const UNDER_HOME = [".local/bin", "bin", ".krew/bin", "go/bin", ".asdf/shims"];
const ON_WINDOWS = ["C:\\Program Files\\Amazon\\AWSCLIV2"];

/** Finds a program that is not on PATH in the usual folders; undefined if it is in none of them. */
export function programElsewhere({ env, homeDir, platform }: App, name: string): string | undefined {
  const isWindows = platform === "win32";
  const krew = env["KREW_ROOT"] === undefined ? [] : [path.join(env["KREW_ROOT"], "bin")];
  const own = UNDER_HOME.map((folder) => path.join(homeDir, folder));
  const folders = [...krew, ...(isWindows ? ON_WINDOWS : FOLDERS), ...own];
  return findProgram(name, { searchPath: folders.join(isWindows ? ";" : ":"), platform });
}

import { envValue } from "../../token/env.ts";
import { commandWords } from "../facts/command-words.ts";
import type { Outside } from "../outside.ts";
import { defineProbe, type Probe } from "../probe.ts";
import { readCall } from "./call.ts";
import { findProgram, isExecutable } from "./find-program.ts";

/** PATH of a program that a desktop starts. Source: eks-auth, C10, "T3"; plugin, 5.4. */
const DESKTOP_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";

/** How tools we know tell their version. What we do not know is not started just to see what it says. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws: ["--version"],
  "aws-iam-authenticator": ["version"],
  "kubectl-vouch": ["version"],
  vouch: ["--version"],
  kubectl: ["version", "--client"],
};

/** Longest answer that is kept, in characters. */
const ANSWER_LIMIT = 200;

/** Where `exec.command` is found, here and from a desktop. */
export const execCommandProbe: Probe = defineProbe({
  gathers: "execCommand",
  needs: ["kubeconfig"],
  offline: true,
  doing: "looking for the credential plugin",
  ask: async (evidence, outside, signal) => {
    const { command, exec } = readCall(evidence, outside) ?? {};
    if (command === undefined || exec === undefined) return undefined;
    const { env, platform } = outside;
    const searchPath = envValue(env, "PATH") ?? envValue(env, "Path") ?? "";
    const resolved = findProgram(command, { searchPath, platform }) ?? null;
    const forDesktop = platform === "win32" ? {} : { resolvedForGui: desktopProgram(command, platform) };
    const version =
      resolved === null ? undefined : await versionOf(resolved, exec.program, { outside, signal });
    return {
      command,
      resolved,
      ...forDesktop,
      ...(resolved === null ? {} : { executable: isExecutable(resolved) }),
      ...(version === undefined ? {} : { version }),
    };
  },
});

function desktopProgram(command: string, platform: NodeJS.Platform): string | null {
  return findProgram(command, { searchPath: DESKTOP_PATH, platform }) ?? null;
}

/** Which kubectl is meant, when kubectl is what failed. */
export const clientProbe: Probe = defineProbe({
  gathers: "client",
  needs: [],
  offline: false,
  doing: "asking kubectl for its version",
  ask: async ({ question }, outside, signal) => {
    const [name = "kubectl"] = commandWords(question?.command ?? "");
    if (name !== "kubectl" || question?.principal !== undefined) return undefined;
    const { env, platform } = outside;
    const path = findProgram(envValue(env, "KUBECTL_PATH") ?? "kubectl", {
      searchPath: env["PATH"] ?? "",
      platform,
    });
    if (path === undefined) return undefined;
    const said = await versionOf(path, "kubectl", { outside, signal });
    const version = /v\d+\.\d+\.\d+\S*/.exec(said ?? "")?.[0];
    return { name, path, ...(version === undefined ? {} : { version }) };
  },
});

/** The first line that a program says of its version; undefined when it does not say. */
async function versionOf(
  program: string,
  tool: string,
  { outside, signal }: { readonly outside: Outside; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const words = VERSION_ARGUMENTS[tool];
  if (words === undefined || !outside.online) return undefined;
  const env = { ...outside.env, ...outside.dropped };
  const { exitCode, stdout, stderr } = await outside.run([program, ...words], { env, signal });
  const [line = ""] = `${stdout}${stderr}`.trim().split("\n");
  return exitCode === 0 && line !== "" ? line.slice(0, ANSWER_LIMIT) : undefined;
}

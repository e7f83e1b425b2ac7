import os from "node:os";
import path from "node:path";
import { envValue } from "../../../token/env.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { readCalledContext } from "../called-context.ts";
import { defineProbe, type Probe } from "../probe.ts";
import { ForbiddenProgram, type ProbeHost } from "../probe-host.ts";
import { findProgram, isExecutable, searchIn } from "./find-program.ts";

/** PATH of a program that a desktop starts. Source: doctor/EKS-ACCESS.md, "Reports", T3. */
const DESKTOP_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";

/** How tools we know tell their version. What we do not know is not started just to see what it says. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws: ["--version"],
  "aws-iam-authenticator": ["version"],
  "kubectl-vouch": ["version"],
  vouch: ["--version"],
  kubectl: ["version", "--client"],
  helm: ["version", "--short"],
  k9s: ["version", "--short"],
  stern: ["--version"],
  terraform: ["version"],
  tofu: ["version"],
};

/** Longest answer that is kept, in characters. */
const ANSWER_LIMIT = 200;

/** Where `exec.command` is found, here and from a desktop. */
export const execCommandProbe: Probe = defineProbe({
  gathers: "execCommand",
  needs: ["kubeconfig"],
  worksOffline: true,
  doing: "looking for the credential plugin",
  ask: async ({ evidence, host, signal }) => {
    const { command, exec } = readCalledContext(evidence, host) ?? {};
    if (command === undefined || exec === undefined) return undefined;
    const { platform } = host;
    const resolved = findProgram(command, searchIn(host)) ?? null;
    const forDesktop = platform === "win32" ? {} : { resolvedForGui: desktopProgram(command, platform) };
    const version =
      resolved === null ? undefined : await versionOf({ plugin: resolved }, exec.program, { host, signal });
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

/** Which program failed: kubectl where no other is named. */
export const clientProbe: Probe = defineProbe({
  gathers: "client",
  doing: "asking the client for its version",
  ask: async ({ evidence: { question }, host, signal }) => {
    const [name = "kubectl"] = commandWords(question?.command ?? "");
    if (question?.principal !== undefined) return undefined;
    const file = name === "kubectl" ? findKubectl(host) : findProgram(name, searchIn(host));
    if (file === undefined) return name === "kubectl" ? undefined : { name };
    const said = await versionOf({ client: file }, name, { host, signal });
    const version = /v?\d{1,4}\.\d{1,4}\.\d{1,4}\S*/.exec(said ?? "")?.[0];
    return { name, path: file, ...(version === undefined ? {} : { version }) };
  },
});

/** kubectl as the person would run it: `KUBECTL_PATH` of a kubectl that started us, else by our PATH. */
export function findKubectl(machine: Pick<ProbeHost, "env" | "platform">): string | undefined {
  const file = findProgram(envValue(machine.env, "KUBECTL_PATH") ?? "kubectl", searchIn(machine));
  return file !== undefined && path.isAbsolute(file) ? file : undefined;
}

/** The first line that a program says of its version; undefined when it does not say, or a policy forbids it. */
async function versionOf(
  program: { readonly plugin: string } | { readonly client: string },
  tool: string,
  { host, signal }: { readonly host: ProbeHost; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const args = VERSION_ARGUMENTS[tool];
  if (args === undefined || !host.online) return undefined;
  // No kubeconfig: a version needs none, and kubectl reads one to its end, if it has any.
  const env = { ...host.env, ...host.dropped, KUBECONFIG: os.devNull };
  const result = await host.run({ ...program, args }, { env, signal }).catch((error: unknown) => {
    if (error instanceof ForbiddenProgram) return undefined;
    throw error;
  });
  const [line = ""] = `${result?.stdout ?? ""}${result?.stderr ?? ""}`.trim().split("\n");
  return result?.exitCode === 0 && line !== "" ? line.slice(0, ANSWER_LIMIT) : undefined;
}

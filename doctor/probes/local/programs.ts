import os from "node:os";
import path from "node:path";
import { envValue } from "../../../token/env.ts";
import { defined } from "../../../token/record.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { readCalledContext } from "../called-context.ts";
import type { Probes } from "../probe.ts";
import { ForbiddenProgram, type ProbeHost } from "../probe-host.ts";
import { findProgram, isExecutable, searchIn } from "./find-program.ts";

/** The PATH of programs started by a desktop. Source: doctor/EKS-ACCESS.md, "Reports", T3. */
const DESKTOP_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";

/** How known tools print their version. Unknown ones are not started just to see what they print. */
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

/** How much of the answer is kept, in characters. */
const ANSWER_LIMIT = 200;

export const PROGRAM_PROBES = {
  /** Which program failed: kubectl, unless another is named. */
  client: {
    doing: "getting the client's version",
    ask: async ({ evidence: { question }, host, signal }) => {
      const [name = "kubectl"] = commandWords(question?.command ?? "");
      if (question?.principal !== undefined) return undefined;
      const file = name === "kubectl" ? findKubectl(host) : findProgram(name, searchIn(host));
      if (file === undefined) return name === "kubectl" ? undefined : { name };
      const said = await versionOf({ client: file }, name, { host, signal });
      const version = /v?\d{1,4}\.\d{1,4}\.\d{1,4}\S*/.exec(said ?? "")?.[0];
      return defined({ name, path: file, version });
    },
  },
  /** Where `exec.command` is found, in this shell and by a desktop. */
  execCommand: {
    needs: ["kubeconfig"],
    worksOffline: true,
    doing: "locating the credential plugin",
    ask: async ({ evidence, host, signal }) => {
      const { command, exec } = readCalledContext(evidence, host) ?? {};
      if (command === undefined || exec === undefined) return undefined;
      const { platform } = host;
      const resolved = findProgram(command, searchIn(host)) ?? null;
      const forDesktop =
        platform === "win32"
          ? {}
          : { resolvedForGui: findProgram(command, { searchPath: DESKTOP_PATH, platform }) ?? null };
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
  },
} satisfies Probes;

/** The kubectl that the user would run: `KUBECTL_PATH` from the kubectl that started us, otherwise the one on our PATH. */
export function findKubectl(machine: Pick<ProbeHost, "env" | "platform">): string | undefined {
  const file = findProgram(envValue(machine.env, "KUBECTL_PATH") ?? "kubectl", searchIn(machine));
  return file !== undefined && path.isAbsolute(file) ? file : undefined;
}

/** The first line of a program's version; undefined if it prints none, or a policy forbids running it. */
async function versionOf(
  program: { readonly plugin: string } | { readonly client: string },
  tool: string,
  { host, signal }: { readonly host: ProbeHost; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const args = VERSION_ARGUMENTS[tool];
  if (args === undefined || !host.online) return undefined;
  // Without a kubeconfig: the version needs none, and kubectl would read it completely.
  const env = { ...host.env, ...host.dropped, KUBECONFIG: os.devNull };
  const result = await host.run({ ...program, args }, { env, signal }).catch((error: unknown) => {
    if (error instanceof ForbiddenProgram) return undefined;
    throw error;
  });
  const [line = ""] = `${result?.stdout ?? ""}${result?.stderr ?? ""}`.trim().split("\n");
  return result?.exitCode === 0 && line !== "" ? line.slice(0, ANSWER_LIMIT) : undefined;
}

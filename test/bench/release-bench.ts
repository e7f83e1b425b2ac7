import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { table } from "../../plugin/terminal/output.ts";
import { LAB_CLUSTER, type Lab } from "../lab/lab.ts";
import { fetchKubectl } from "../peers/kubectl/fetch.ts";
import { SETUP_WORDS } from "../support/lab-words.ts";
import { runCommand } from "../support/run-command.ts";
import { connectProxy } from "../token/net/connect-proxy.ts";
import { peerContestants, WITHOUT_CLUSTER } from "./contestants.ts";
import { instructionsOf } from "./instructions.ts";
import type { Contestant } from "./measure.ts";
import { type Calls, timeCalls } from "./own-parent.ts";
import { profileContestant } from "./profile-home.ts";
import { authenticatorContestants, roleProfileContestants, roleProfileDesk } from "./role-profile.ts";
import { kubectlEnvironment, warmArguments } from "./warm-home.ts";
import { timeUnderWine, WINE_NAMES } from "./wine-bench.ts";

/**
 * What must hold of the files that ship, on every machine: times and their ratios depend on the processor, so they are reported and
 * not limited. Source: krew/PACKAGING.md, "Launcher".
 */
const LIMITS = {
  /** Of a warm `credential eks`, for a Vouch session and for an AWS profile. */
  instructions: 2_400_000,
  /** Of a warm call, in kB. */
  memory: 4096,
} as const;

const NAMES = {
  true: "true",
  warm: "credential eks, warm",
  node: "node -e 0",
  help: "vouch-core --help, cold",
  ours: "kubectl get pods, ours",
  static: "kubectl get pods, static token",
} as const;

/** By the name of the call. */
type Instructions = Readonly<Record<string, number>>;

export interface ReleaseBench {
  readonly lab: Lab;
  /** Folder with the archives. */
  readonly release: string;
  /** Folder with `kubectl-vouch` and `vouch-core`. */
  readonly shipped: string;
  readonly rounds: number;
  readonly has: (program: string) => boolean;
}

/** Measures the files that ship, prints a table or JSON, and gives in words which limits do not hold. */
export async function releaseBench(bench: ReleaseBench, output: string): Promise<string[]> {
  const { lab, shipped, rounds, has } = bench;
  const launcher = path.join(shipped, "kubectl-vouch");
  const warm = {
    name: NAMES.warm,
    command: [launcher, ...warmArguments(lab)],
    env: kubectlEnvironment(lab),
  };
  const byProfile = profileContestant(lab, [launcher]);
  const instructions: Instructions = {
    [warm.name]: await instructionsOf(warm),
    [byProfile.name]: await instructionsOf(byProfile),
  };
  const quick: Contestant[] = [
    { name: NAMES.true, command: ["true"] },
    warm,
    { name: WITHOUT_CLUSTER, command: [launcher, ...warmArguments(lab)], env: lab.env },
    byProfile,
  ];
  const slow: Contestant[] = [
    { name: NAMES.node, command: [process.execPath, "-e", "0"] },
    { name: NAMES.help, command: [path.join(shipped, "vouch-core"), "--help"], env: lab.env },
  ];
  const desk = await roleProfileDesk(lab);
  const proxy = await connectProxy({ port: Number(new URL(lab.aws.url).port) });
  const ofProfile = [
    ...(await roleProfileContestants(desk, [launcher], has)),
    ...authenticatorContestants(desk, proxy.url, has),
  ];
  const calls = [
    ...(await timeCalls(quick, rounds * 25)),
    ...(await timeCalls(slow, rounds)),
    ...(await timeCalls(await kubectlContestants(bench), rounds)),
    ...(await timeCalls(peerContestants(lab, has), Math.ceil(rounds / 8))),
    ...(await timeCalls(ofProfile, Math.ceil(rounds / 8))),
    ...(await timeUnderWine(bench.release, bench)),
  ];
  await proxy.close();
  report(calls, instructions, output);
  return broken(calls, instructions);
}

/** A whole kubectl with our context and the same with the token itself in the kubeconfig. */
async function kubectlContestants({ lab, shipped }: ReleaseBench): Promise<Contestant[]> {
  const env: Record<string, string> = { ...lab.env, PATH: `${shipped}:${lab.env["PATH"]}` };
  await succeed([path.join(shipped, "kubectl-vouch"), ...SETUP_WORDS], env);
  const credential = await succeed([path.join(shipped, "kubectl-vouch"), ...warmArguments(lab)], env);
  const { status } = JSON.parse(credential) as { status: { token: string } };

  const ours = env["KUBECONFIG"] ?? "";
  const config = parse(fs.readFileSync(ours, "utf8")) as { users: { user: object }[] };
  for (const user of config.users) user.user = { token: status.token };
  const withToken = path.join(lab.home, "static.yaml");
  fs.writeFileSync(withToken, JSON.stringify(config), { mode: 0o600 });

  const kubectl = await fetchKubectl("v36");
  const command = [kubectl, "--context", `${LAB_CLUSTER}-vouch`, "get", "pods", "-o", "name"];
  return [
    { name: NAMES.ours, command, env: { ...env, KUBECONFIG: ours } },
    { name: NAMES.static, command, env: { ...env, KUBECONFIG: withToken } },
  ];
}

async function succeed(command: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { status, stdout, stderr } = await runCommand(command, { env });
  if (status !== 0) throw new Error(`${command.join(" ")} ended with status ${status}: ${stderr}`);
  return stdout;
}

function minOf(calls: readonly Calls[], name: string): number {
  return calls.find((call) => call.name === name)?.min ?? Number.NaN;
}

function report(calls: readonly Calls[], instructions: Instructions, output: string): void {
  const ratio = ({ min }: Calls, to: string) => min / minOf(calls, to);
  if (output === "json") {
    const rows = calls.map((call) => ({
      ...call,
      ratioToTrue: ratio(call, NAMES.true),
      ratioToOurs: ratio(call, NAMES.warm),
      ratioToNode: ratio(call, NAMES.node),
    }));
    process.stdout.write(
      `${JSON.stringify({ calls: rows, instructions, limits: LIMITS, broken: broken(calls, instructions) }, null, 2)}\n`,
    );
    return;
  }
  const rows = calls.map((call) => [
    call.name,
    call.min.toFixed(2),
    call.median.toFixed(2),
    ratio(call, NAMES.true).toFixed(2),
    ratio(call, NAMES.warm).toFixed(2),
    ratio(call, NAMES.node).toFixed(2),
    String(call.memory),
  ]);
  const heads = ["PROGRAM", "MIN ms", "MEDIAN ms", "× TRUE", "× OURS", "× NODE", "MEMORY kB"];
  process.stdout.write(table([heads, ...rows]));
  const cost = minOf(calls, NAMES.ours) - minOf(calls, NAMES.static);
  process.stdout.write(
    `\nkubectl get pods costs ${cost.toFixed(1)} ms more with us than with a static token.\n` +
      Object.entries(instructions)
        .map(([name, count]) => `${name}: ${inMillions(count)} million instructions.\n`)
        .join("") +
      (calls.some(({ name }) => name === WINE_NAMES.warm)
        ? `Under Wine, a warm call takes ${(minOf(calls, WINE_NAMES.warm) / minOf(calls, WINE_NAMES.empty)).toFixed(2)} × the time of a program that does nothing.\n`
        : ""),
  );
}

function inMillions(count: number): string {
  return Number.isNaN(count) ? "unknown (apt-get install valgrind)" : (count / 1e6).toFixed(2);
}

/** A number that is missing breaks its limit too. */
function broken(calls: readonly Calls[], instructions: Instructions): string[] {
  const memory = calls.find(({ name }) => name === NAMES.warm)?.memory ?? Number.NaN;
  return [
    ...Object.entries(instructions)
      .filter(([, count]) => !(count <= LIMITS.instructions))
      .map(
        ([name, count]) =>
          `${name}: ${inMillions(count)} million instructions, at most ${inMillions(LIMITS.instructions)}`,
      ),
    ...(memory <= LIMITS.memory ? [] : [`memory of a warm call: ${memory} kB, at most ${LIMITS.memory}`]),
  ];
}

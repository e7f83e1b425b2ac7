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
import { ANY_PROFILE, profileContestant } from "./profile-home.ts";
import { authenticatorContestants, roleProfileContestants, roleProfileDesk } from "./role-profile.ts";
import { kubectlEnvironment, warmArguments } from "./warm-home.ts";

/** What must hold of the files that ship. Source: krew/PACKAGING.md, "Launcher". */
const LIMITS = {
  /** A warm `credential eks` in runs of `true`, where its instructions cannot be counted or are too many. */
  warmToTrue: 1.25,
  /**
   * Its instructions. How many runs of `true` they are depends on the processor: 1.1 to 1.2 where `true` takes 0.6 ms, about 1.4
   * where it takes 0.4. Source: krew/PACKAGING.md, "Launcher".
   */
  warmInstructions: 2_350_000,
  /** In runs of `true`, where its instructions are no more than that. */
  warmToTrueAnywhere: 1.75,
  /** A cold `--help` in bare Nodes. */
  helpToNode: 2,
  /** Memory of a warm call, in kB. */
  warmMemory: 4096,
} as const;

const NAMES = {
  true: "true",
  warm: "credential eks, warm",
  node: "node -e 0",
  help: "vouch-core --help, cold",
  ours: "kubectl get pods, ours",
  static: "kubectl get pods, static token",
} as const;

export interface ReleaseBench {
  readonly lab: Lab;
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
  const counted = await instructionsOf(warm);
  const quick: Contestant[] = [
    { name: NAMES.true, command: ["true"] },
    warm,
    { name: WITHOUT_CLUSTER, command: [launcher, ...warmArguments(lab)], env: lab.env },
    profileContestant(lab, [launcher]),
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
  ];
  await proxy.close();
  report(calls, counted, output);
  return broken(calls, counted);
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

function report(calls: readonly Calls[], instructions: number, output: string): void {
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
      (Number.isNaN(instructions)
        ? "The instructions of a warm call were not counted; to count them: apt-get install valgrind\n"
        : `A warm call takes ${(instructions / 1e6).toFixed(2)} million instructions.\n`),
  );
}

/** A number that is missing breaks its limit too. */
function broken(calls: readonly Calls[], instructions: number): string[] {
  const isFew = instructions <= LIMITS.warmInstructions;
  const warmToTrue = isFew ? LIMITS.warmToTrueAnywhere : LIMITS.warmToTrue;
  const found = [
    {
      is: minOf(calls, NAMES.warm) / minOf(calls, NAMES.true),
      most: warmToTrue,
      what: "warm call × true",
    },
    {
      is: minOf(calls, ANY_PROFILE) / minOf(calls, NAMES.true),
      most: warmToTrue,
      what: "warm call by a profile × true",
    },
    {
      is: minOf(calls, NAMES.help) / minOf(calls, NAMES.node),
      most: LIMITS.helpToNode,
      what: "cold --help × node",
    },
    {
      is: calls.find(({ name }) => name === NAMES.warm)?.memory ?? Number.NaN,
      most: LIMITS.warmMemory,
      what: "memory of a warm call, kB",
    },
  ];
  return found
    .filter(({ is, most }) => !(is <= most))
    .map(({ is, most, what }) => `${what}: ${is.toFixed(2)}, at most ${most}`);
}

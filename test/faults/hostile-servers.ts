/**
 * Servers and proxies that wait, never end, cut, and lie. Every command ends in time and memory, with an error that is
 * documented; and the doctor finds nothing healthy that it was told nothing of.
 */

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { HOSTILE_ANSWERS, type HostileAnswer, hostileServer } from "../support/hostile-server.ts";
import { partOf } from "../support/part.ts";
import { answerRevocation, type Bench } from "./bench.ts";
import type { Board } from "./board.ts";
import {
  type Command,
  CREDENTIAL_AWS,
  CREDENTIAL_EKS,
  DOCTOR,
  LOGIN,
  LOGOUT,
  SETUP_ALL,
  SETUP_EKS,
  STATUS,
  WHOAMI,
  WHOAMI_CAN,
} from "./commands.ts";
import { type Behaviour, LIES, type Service, WAITS } from "./lies.ts";
import { draw, inPool } from "./pool.ts";
import type { WatchedResult } from "./watched-run.ts";
import { assertBounded, assertExplained, assertWorked } from "./whole-home.ts";

/** The commands that ask a service. */
const ASKING: Readonly<Record<Service, readonly Command[]>> = {
  vouch: [LOGIN, LOGOUT, STATUS, CREDENTIAL_EKS, CREDENTIAL_AWS, SETUP_EKS, WHOAMI, DOCTOR],
  sts: [CREDENTIAL_EKS, CREDENTIAL_AWS, SETUP_EKS, WHOAMI, DOCTOR],
  eks: [SETUP_EKS, SETUP_ALL, DOCTOR],
  iam: [DOCTOR],
  kube: [WHOAMI, WHOAMI_CAN, DOCTOR],
};
const EVERYTHING = [...new Set(Object.values(ASKING).flat())];

/** Words shown to people, however long a server's are; in characters. */
const MAX_WORDS = 20_000;

/** What ends a terminal's trust: ESC and other controls but newline and tab, C1, marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Without these the doctor knows nothing of the context; EKS and IAM tell only what may be missing. */
const NEEDED_TO_BE_HEALTHY: readonly Service[] = ["vouch", "sts", "kube"];

interface Wave {
  readonly service: Service | "proxy";
  readonly name: string;
  readonly commands: readonly Command[];
  /** Takes the connection over; for a proxy the name says it. */
  readonly behaviour?: Behaviour;
}

/** Servers that keep a client waiting: slow for us, too, and cheap. */
export async function waitingServers(board: Board, benches: readonly Bench[]): Promise<void> {
  const all = waves(WAITS, (commands) => commands);
  await inPool(benches, partOf("slow servers", all), (bench, wave) => meet(board, bench, wave));
}

/** Commands that meet each answer of a service, besides the doctor: drawn at random. */
const DRAWN = 1;

/** All others; `benches` may still be busy with something else, but for the first. */
export async function lyingServers(
  board: Board,
  benches: readonly (Bench | Promise<Bench>)[],
  random: (below: number) => number,
): Promise<void> {
  const first = await benches[0];
  if (first === undefined) return;
  const all = waves(LIES, (commands) => [
    ...draw(
      commands.filter((command) => command !== DOCTOR),
      DRAWN,
      random,
    ),
    ...commands.filter((command) => command === DOCTOR),
  ]);
  await honestButSlow(board, first);
  await inPool(benches, partOf("lying servers", all), (bench, wave) => meet(board, bench, wave));
}

/** Each behaviour of each service, and those of a proxy, for some of the commands that ask it. */
function waves(
  behaviours: Readonly<Record<string, Behaviour>>,
  some: (commands: readonly Command[]) => readonly Command[],
): Wave[] {
  return Object.entries(behaviours).flatMap(([name, behaviour]) => [
    ...(Object.keys(ASKING) as Service[]).map((service) => ({
      service,
      name,
      behaviour,
      commands: some(ASKING[service]),
    })),
    ...(name in HOSTILE_ANSWERS ? [{ service: "proxy" as const, name, commands: some(EVERYTHING) }] : []),
  ]);
}

/** The commands at once against one behaviour. */
async function meet(board: Board, bench: Bench, wave: Wave): Promise<void> {
  const { service, name, commands } = wave;
  const env = await takeOver(bench, wave);
  await Promise.all(
    commands.map((command) =>
      board.trial(
        `${service}: ${name in WAITS ? "slow" : "cut, lying or endless"}`,
        `${command.name}, ${name}`,
        async (note) => {
          const home = bench.home(command.home, { name: command.name.replaceAll(" ", "-") });
          const result = note(await home.run(command, { env: env.variables }));
          assertBounded(result);
          assertExplained(result);
          assertQuiet(result);
          if (isDoctorToFail(command, service)) assertNotHealthy(result);
        },
      ),
    ),
  );
  await env.giveBack();
}

function isDoctorToFail(command: Command, service: Wave["service"]): boolean {
  return command === DOCTOR && NEEDED_TO_BE_HEALTHY.some((needed) => needed === service);
}

interface TakenOver {
  readonly variables: Readonly<Record<string, string>>;
  giveBack(): Promise<void>;
}

async function takeOver({ lab }: Bench, { service, name, behaviour }: Wave): Promise<TakenOver> {
  if (service === "proxy") {
    const proxy = await hostileServer({ answer: name as HostileAnswer, plain: true });
    return { variables: { HTTPS_PROXY: proxy.url, NO_PROXY: "" }, giveBack: () => proxy.close() };
  }
  const { faults } = faultsOf(lab, service);
  const before = faults.takeover;
  faults.takeover = (request, response) => {
    if (!isFor(request, service)) return false;
    // A logout is the only one whose answer the benches give themselves.
    const { socket } = response;
    request.resume();
    request.on("error", () => socket?.destroy());
    if (socket) behaviour?.(socket, service);
    return true;
  };
  return {
    variables: {},
    async giveBack() {
      faults.takeover = before;
    },
  };
}

function faultsOf(lab: Bench["lab"], service: Service) {
  if (service === "vouch") return lab.vouch;
  if (service !== "kube") return lab.aws;
  return lab.kube.get(lab.cluster.arn) ?? assert.fail("the lab's cluster has no API server");
}

/** Requests to AWS say in their signature for which service they are; only STS takes some without one. */
function isFor({ headers }: IncomingMessage, service: Service): boolean {
  if (service === "vouch" || service === "kube") return true;
  const [, scope = "sts"] = /\/(sts|eks|iam)\/aws4_request/.exec(headers.authorization ?? "") ?? [];
  return scope === service;
}

/** It shows the words of others cut, and without what a terminal obeys. */
function assertQuiet({ name, stdout, stderr }: WatchedResult): void {
  const words = `${stdout}${stderr}`;
  assert.ok(words.length < MAX_WORDS, `${name} said ${words.length} characters`);
  const control = CONTROLS.exec(words);
  assert.equal(control, null, `${name} showed a control character: ${JSON.stringify(words.slice(0, 500))}`);
}

export function assertNotHealthy({ status, stdout }: WatchedResult): void {
  assert.notEqual(status, 0, `the doctor ended with 0 and said: ${stdout.slice(0, 1500)}`);
  assert.doesNotMatch(stdout, /no fault found/, "the doctor finds it healthy");
}

/** A server that is only slow is one to work with. */
async function honestButSlow(board: Board, bench: Bench): Promise<void> {
  const { vouch, aws, kube, cluster } = bench.lab;
  const all = [vouch.faults, aws.faults, kube.get(cluster.arn)?.faults ?? assert.fail("no API server")];
  for (const faults of all) faults.slowMs = 400;
  for (const command of EVERYTHING) {
    await board.trial("all servers: honest, 0.4 s late", command.name, async (note) => {
      const result = note(await bench.home(command.home).run(command));
      assertWorked(result);
      assertBounded(result);
    });
  }
  for (const faults of all) faults.slowMs = 0;
  vouch.faults.takeover = answerRevocation;
}

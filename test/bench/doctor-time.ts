import { ALL_PROBES } from "../../doctor/probes/all.ts";
import { gather } from "../../doctor/probes/gather.ts";
import { realProbeHost } from "../../plugin/commands/doctor/real-probe-host.ts";
import { LAB_CLUSTER, type Lab } from "../lab/lab.ts";
import { fakeApp } from "../support/fake-app.ts";
import { SETUP_WORDS } from "../support/lab-words.ts";
import { runCommand } from "../support/run-command.ts";

/** How long a doctor gathers on a healthy lab, in milliseconds, and what took longest in it. */
export interface DoctorTime {
  readonly wallMs: number;
  readonly slowestMs: number;
  readonly slowest: string;
}

/** Gatherings that are timed; the first loads the SDKs, which is start-up, and does not count. */
const TIMES = 6;

/** The quickest of several gatherings in this process. */
export async function doctorTime(lab: Lab): Promise<DoctorTime> {
  const { status, stderr } = await runCommand(["kubectl-vouch", ...SETUP_WORDS], { env: lab.env });
  if (status !== 0) throw new Error(`setup eks ended with status ${status}: ${stderr}`);

  const times: DoctorTime[] = [];
  for (let time = 0; time < TIMES; time++) times.push(await gatherOnce(lab));
  const [quickest] = times.slice(1).sort((a, b) => a.wallMs - b.wallMs);
  return quickest ?? { wallMs: Number.NaN, slowestMs: Number.NaN, slowest: "none" };
}

async function gatherOnce(lab: Lab): Promise<DoctorTime> {
  const app = fakeApp({ home: lab.home, env: lab.env, clock: Date.now, terminal: "none" });
  const begun = new Map<string, number>();
  const took = new Map<string, number>();
  const start = performance.now();
  await gather(ALL_PROBES, {
    host: realProbeHost(app, { kubeconfig: undefined, online: true }),
    start: {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      gatheredAt: new Date().toISOString(),
      question: { context: `${LAB_CLUSTER}-vouch` },
    },
    signal: app.signal,
    limitMs: 12_000,
    observe: ({ probe, state }) => {
      const now = performance.now();
      if (state === "started") begun.set(probe.gathers, now);
      else took.set(probe.gathers, now - (begun.get(probe.gathers) ?? now));
    },
  });
  const wallMs = performance.now() - start;
  const [[slowest, slowestMs] = ["none", Number.NaN]] = [...took].sort(([, a], [, b]) => b - a);
  return { wallMs, slowestMs, slowest };
}

import assert from "node:assert/strict";
import { mock } from "node:test";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import type { ProbedPart } from "../../../doctor/evidence/parts.ts";
import { type GatherOptions, gather } from "../../../doctor/probes/gather.ts";
import type { Probe } from "../../../doctor/probes/probe.ts";
import { fakeProbeHost } from "../support/fake-probe-host.ts";

const EMPTY: DoctorEvidence = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" };

interface Scripted {
  readonly needs?: readonly ProbedPart[];
  readonly worksOffline?: boolean;
  readonly takesMs?: number;
  readonly ask?: (evidence: DoctorEvidence, signal: AbortSignal) => unknown;
}

/** A probe that takes its time and hands over its own name. */
function probe(
  gathers: ProbedPart,
  { needs = [], worksOffline = false, takesMs = 0, ask }: Scripted = {},
): Probe {
  return {
    gathers,
    needs,
    worksOffline,
    doing: `gathering ${gathers}`,
    ask: async ({ evidence, signal }) => {
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      return (ask === undefined ? gathers : ask(evidence, signal)) as never;
    },
  };
}

function options(changes: Partial<GatherOptions> = {}): GatherOptions {
  return {
    host: fakeProbeHost(),
    start: EMPTY,
    signal: new AbortController().signal,
    limitMs: 10_000,
    ...changes,
  };
}

/** Lets promises settle and moves the timers until the work is done. */
async function withTime<T>(work: Promise<T>, stepMs = 100): Promise<{ result: T; tookMs: number }> {
  let tookMs = 0;
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isDone) return { result: await work, tookMs };
    mock.timers.tick(stepMs);
    tookMs += stepMs;
  }
}

describe("gather", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("shows a probe what its needs have gathered, and the question", async () => {
    const start = { ...EMPTY, question: { namespace: "web" } };
    const seen: DoctorEvidence[] = [];
    const look = (evidence: DoctorEvidence) => {
      seen.push(evidence);
      return { status: 200 };
    };
    const probes = [
      probe("apiServer", { needs: ["token"], ask: look }),
      probe("token", { needs: ["pluginRun"], takesMs: 200 }),
      probe("pluginRun", { takesMs: 300 }),
    ];
    const { result } = await withTime(gather(probes, options({ start })));
    assert.deepEqual(seen, [{ ...start, pluginRun: "pluginRun", token: "token" }]);
    assert.deepEqual(result, {
      ...start,
      pluginRun: "pluginRun",
      token: "token",
      apiServer: { status: 200 },
    });
  });

  it("takes as long as its slowest chain", async () => {
    const probes = [
      probe("pluginRun", { takesMs: 1000 }),
      probe("token", { needs: ["pluginRun"], takesMs: 500 }),
      probe("cluster", { takesMs: 1400 }),
      probe("clusters", { takesMs: 900 }),
      probe("clocks", { takesMs: 1500 }),
    ];
    const { tookMs } = await withTime(gather(probes, options()));
    assert.equal(tookMs, 1500);
  });

  it("leaves the reason where a probe fails, and goes on", async () => {
    const fail = () => {
      throw new Error("AccessDeniedException: no\n  way");
    };
    const probes = [probe("cluster", { ask: fail }), probe("accessEntries", { needs: ["cluster"] })];
    const { result } = await withTime(gather(probes, options()));
    assert.deepEqual(result, {
      ...EMPTY,
      cluster: { failed: "AccessDeniedException: no way" },
      accessEntries: "accessEntries",
    });
  });

  it("waits for no probe longer than its limit, and tells it to stop", async () => {
    let told: AbortSignal | undefined;
    const hang = (_evidence: DoctorEvidence, signal: AbortSignal) => {
      told = signal;
      return new Promise(() => undefined);
    };
    const { result, tookMs } = await withTime(
      gather([probe("network", { ask: hang }), probe("clocks")], options({ limitMs: 3000 })),
    );
    assert.deepEqual(result, { ...EMPTY, clocks: "clocks", network: { failed: "no answer within 3 s" } });
    assert.equal(tookMs, 3000);
    assert.equal(told?.aborted, true);
  });

  it("ends when its whole time is up, and begins nothing then", async () => {
    const hang = () => new Promise(() => undefined);
    const probes = [
      probe("pluginRun", { ask: hang }),
      probe("token", { needs: ["pluginRun"], ask: hang }),
      probe("apiServer", { needs: ["token"], ask: () => assert.fail("begun too late") }),
      probe("clocks"),
    ];
    const { result, tookMs } = await withTime(gather(probes, options({ limitMs: 3000, totalMs: 5000 })));
    assert.equal(tookMs, 5000);
    assert.deepEqual(result, {
      ...EMPTY,
      pluginRun: { failed: "no answer within 3 s" },
      token: { failed: "no answer within the time for this context, 5 s" },
      apiServer: { failed: "no answer within the time for this context, 5 s" },
      clocks: "clocks",
    });
  });

  it("ends at once when the person interrupts", async () => {
    const control = new AbortController();
    const hang = () => new Promise(() => undefined);
    const work = gather([probe("network", { ask: hang })], options({ signal: control.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    control.abort(new Error("Ctrl-C"));
    await assert.rejects(work, { message: "Ctrl-C" });
  });

  it("begins nothing when it was interrupted before", async () => {
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await assert.rejects(gather([probe("network")], options({ signal })), { message: "Ctrl-C" });
  });

  it("asks nobody when it is to stay offline", async () => {
    const probes = [probe("kubeconfig", { worksOffline: true }), probe("cluster", { needs: ["kubeconfig"] })];
    const { result } = await withTime(gather(probes, options({ host: fakeProbeHost({ online: false }) })));
    assert.deepEqual(result, { ...EMPTY, kubeconfig: "kubeconfig" });
  });

  it("does not ask again for what is there already", async () => {
    const start: DoctorEvidence = { ...EMPTY, clusters: { clusters: ["lab"] } };
    const { result } = await withTime(gather([probe("clusters")], options({ start })));
    assert.deepEqual(result, start);
  });

  it("leaves out a part that there is nothing to say of", async () => {
    const { result } = await withTime(gather([probe("vouch", { ask: () => undefined })], options()));
    assert.deepEqual(result, EMPTY);
  });

  it("says what it is doing", async () => {
    const said: string[] = [];
    const observe: GatherOptions["observe"] = ({ probe: { gathers }, state }) =>
      said.push(`${gathers} ${state}`);
    await withTime(
      gather(
        [probe("pluginRun", { takesMs: 100 }), probe("token", { needs: ["pluginRun"] })],
        options({ observe }),
      ),
    );
    assert.deepEqual(said, ["pluginRun started", "pluginRun ended", "token started", "token ended"]);
  });
});

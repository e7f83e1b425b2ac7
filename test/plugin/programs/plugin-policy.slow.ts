import assert from "node:assert/strict";
import fs from "node:fs";
import type { DoctorEvidence, Failed } from "../../../doctor/evidence/evidence.ts";
import { ALL_PROBES } from "../../../doctor/probes/all.ts";
import { gather } from "../../../doctor/probes/gather.ts";
import type { App } from "../../../plugin/app.ts";
import { realProbeHost } from "../../../plugin/commands/doctor/real-probe-host.ts";
import { COMMANDS, KUBERCS, type PolicyCase, policyWorld } from "../../support/plugin-policy-world.ts";

/** Probes that run programs of others, and what they need. */
const RUNNING = [
  "kubeconfig",
  "environment",
  "awsConfig",
  "awsCredentials",
  "execCommand",
  "pluginRun",
  "callerIdentity",
];

/** What kubectl ran: `[version][kuberc][command]`, by the folders of the programs. Made by test/peers/kubectl/plugin-policy.peer.ts. */
const KUBECTL = JSON.parse(
  fs.readFileSync(new URL("../../vectors/plugin-policy.json", import.meta.url), "utf8"),
) as Record<string, Record<string, Record<string, readonly string[]>>>;

/** Where kubectl's own parser is laxer than ours, or reads no policy: then the doctor runs nothing. */
const STRICTER = ["no YAML", "a list with two names in one entry"];

const NOTHING: Readonly<Record<string, readonly string[]>> = {};

/** Which programs ran when the doctor looked into a case, and what it says of the plugin. */
async function look(one: PolicyCase, kuberc?: string) {
  const world = policyWorld(one);
  const before = process.cwd();
  process.chdir(world.cwd);
  try {
    const app = {
      env: world.env,
      dropped: {},
      platform: "linux",
      homeDir: world.env["HOME"],
      clock: Date.now,
    };
    const host = realProbeHost(app as unknown as App, {
      kubeconfig: world.kubeconfig,
      online: true,
      kuberc,
    });
    const evidence = await gather(
      ALL_PROBES.filter(({ gathers }) => RUNNING.includes(gathers)),
      {
        host,
        start: {
          apiVersion: "vouch.kubectl/v1",
          kind: "DoctorEvidence",
          client: { name: "kubectl", version: "v1.36.3" },
        },
        signal: new AbortController().signal,
        limitMs: 20_000,
      },
    );
    return { marks: world.marks(), evidence, folder: world.folder };
  } finally {
    process.chdir(before);
    world.remove();
  }
}

const failed = (part: DoctorEvidence["pluginRun"]) => (part as Failed | undefined)?.failed;

describe("the doctor, under kubectl's preferences for credential plugins", () => {
  for (const kuberc of Object.keys(KUBERCS) as PolicyCase["kuberc"][]) {
    it(`runs the plugin where kubectl does, and nothing that kubectl would not: ${kuberc}`, async () => {
      const runs = STRICTER.includes(kuberc) ? NOTHING : KUBECTL["1.36.3"]?.[kuberc];
      for (const command of Object.keys(COMMANDS) as PolicyCase["command"][]) {
        const allowed = runs?.[command] ?? [];
        const { marks } = await look({ kuberc, command });
        assert.deepEqual(
          marks.filter((mark) => mark !== "bin" || allowed.includes(mark)),
          allowed,
          command,
        );
        const isForbidden = allowed.length === 0 && (KUBECTL["1.36.3"]?.["none"]?.[command] ?? []).length > 0;
        const helper = isForbidden ? [] : (runs?.["a bare name"] ?? []);
        assert.deepEqual(
          marks.filter((mark) => ![...allowed, ...helper].includes(mark)),
          [],
          command,
        );
      }
    });
  }

  it("says that a plugin was not run, and which preferences forbid it", async () => {
    const { evidence, folder } = await look({ kuberc: "DenyAll", command: "a bare name" });
    const why = `credentialPluginPolicy DenyAll in ${folder}/home/.kube/kuberc does not allow kubectl to run aws, so aws was not run`;
    assert.equal(failed(evidence.pluginRun), why);
    assert.equal((evidence.callerIdentity as Failed).failed, why);
  });

  it("obeys what --kuberc names on the line that is looked into, which allows nothing by itself", async () => {
    const world = policyWorld({ kuberc: "AllowAll", command: "a bare name" });
    try {
      assert.deepEqual(
        (await look({ kuberc: "AllowAll", command: "a bare name" }, `${world.folder}/strict`)).marks,
        [],
      );
      const lax = `${world.folder}/home/.kube/kuberc`;
      assert.deepEqual((await look({ kuberc: "DenyAll", command: "a bare name" }, lax)).marks, []);
    } finally {
      world.remove();
    }
  });

  it("asks aws of our own PATH for keys, and only where kubectl may run the plugin that aws stands in for", async () => {
    const allowed = await look({
      kuberc: "none",
      command: "a bare name that only the exec block's PATH has",
    });
    const forbidden = await look({
      kuberc: "the list aws",
      command: "a path to another program of that name",
    });
    assert.deepEqual([allowed.marks, forbidden.marks], [["bin"], []]);
  });
});

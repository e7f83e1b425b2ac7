import assert from "node:assert/strict";
import { type Asking, newProbeSecrets } from "../../../doctor/probes/probe.ts";
import type { ProbeHost, RunResult } from "../../../doctor/probes/probe-host.ts";
import { evidenceWith } from "./kubeconfig-of.ts";

/** A machine in memory. What a test did not name refuses to be used. */
export function fakeProbeHost(changes: Partial<ProbeHost> = {}): ProbeHost {
  const surprise = (what: string) => () => assert.fail(`this test did not expect ${what}`);
  return {
    env: { HOME: "/home/ada", PATH: "/usr/bin" },
    platform: "linux",
    homeDir: "/home/ada",
    clock: () => Date.parse("2026-01-15T12:00:00Z"),
    kubeconfig: undefined,
    dropped: {},
    online: true,
    readText: surprise("a file to be read"),
    run: surprise("a program to be run"),
    vouch: {
      credentials: surprise("AWS credentials to be asked for"),
      endpoints: async () => ({}),
      status: surprise("the Vouch server to be asked"),
      keys: surprise("a look at the security keys"),
    },
    sources: {
      credentials: surprise("an AWS profile to be asked"),
      endpoints: () => ({}),
    },
    ...changes,
  };
}

/** What a probe asks with, on such a machine. */
export function askingWith(changes: Partial<Asking> = {}): Asking {
  return {
    evidence: evidenceWith(),
    host: fakeProbeHost(),
    signal: new AbortController().signal,
    secrets: newProbeSecrets(),
    ...changes,
  };
}

/** Files in memory: a name that is not there is no file. */
export function filesNamed(files: Readonly<Record<string, string>>): ProbeHost["readText"] {
  return (file) => files[file];
}

/** How a program ended that said this. */
export function ended(fields: Partial<RunResult>): RunResult {
  return { exitCode: 0, stdout: "", stderr: "", seconds: 0.12, ...fields };
}

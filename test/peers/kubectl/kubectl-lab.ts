import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type Call, CONTEXT, type LabPerson, labPerson, succeeded } from "../../end-to-end/lab-person.ts";
import { LAB_PIN, startLab } from "../../lab/lab.ts";
import type { CommandResult } from "../../support/run-command.ts";
import { fetchKubectl, KUBECTL_RELEASES, type KubectlRelease } from "./fetch.ts";

/** The lab's two pods, as `kubectl get pods -o name` prints them. */
export const POD_NAMES = "pod/web-6c9f7d5b8-2xkqp\npod/web-6c9f7d5b8-9tzvw\n";

/** Somebody in a lab who has a real kubectl. */
export interface KubectlLab extends LabPerson {
  /** The real kubectl, by its full path. */
  readonly program: string;
  kubectl(words: readonly string[], call?: Call): Promise<CommandResult>;
  /** `kubectl get pods` in our context, names only. */
  getPods(call?: Call): Promise<CommandResult>;
  /** kubectl remembers no API groups: it asks for them first, and on a failure again and again. */
  forgetDiscovery(): void;
}

/** The same tests with the oldest and the newest kubectl, each on a lab of its own, logged in and set up by kubectl. */
export function describeKubectl(
  subject: string,
  body: (peer: () => KubectlLab, release: KubectlRelease) => void,
): void {
  for (const release of KUBECTL_RELEASES) {
    describe(`${subject}, kubectl 1.${release.slice(1)}`, () => {
      let peer: KubectlLab | undefined;
      before(async () => {
        peer = await startKubectlLab(release);
        const login = ["vouch", "login", "--pin-stdin"];
        succeeded(await peer.kubectl(login, { stdin: `${LAB_PIN}\n` }));
        await peer.setUp();
      });
      after(() => peer?.lab.close());
      body(() => peer ?? assert.fail("the lab is not up"), release);
    });
  }
}

async function startKubectlLab(release: KubectlRelease): Promise<KubectlLab> {
  const program = await fetchKubectl(release);
  const person = labPerson(await startLab());
  const kubectl = (words: readonly string[], call?: Call) => person.run([program, ...words], call);
  return {
    ...person,
    program,
    kubectl,
    getPods: (call) => kubectl(["--context", CONTEXT, "get", "pods", "-o", "name"], call),
    forgetDiscovery: () =>
      fs.rmSync(path.join(person.lab.home, ".kube", "cache"), { recursive: true, force: true }),
  };
}

/** Without the lines that discovery repeats before kubectl says what is wrong. */
export function withoutDiscovery(stderr: string): string {
  return stderr.replaceAll(/^E\d{4} .*memcache\.go.*\r?\n/gm, "");
}

import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { Symptom } from "../../doctor/derive/failure/symptom.ts";
import { symptomInWords } from "../../doctor/derive/failure/symptom-words.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { kubeconfigText } from "./support/bundle.ts";

/** What kubectl says before an error of a call. */
const CONNECT = "Unable to connect to the server: ";
const GETTING = `${CONNECT}getting credentials: `;

type Sentence = readonly [kind: Symptom["kind"], cause: string, words: string];

/**
 * What client-go says before it sends a request, by the file that says it, in the frame in which kubectl 1.28 and 1.36
 * print it (measured). Without a cause (`none`): the words do not tell why.
 *
 * Source: client-go, 32ce75a7d6bc.
 */
const SENTENCES: Readonly<Record<string, readonly Sentence[]>> = parse(
  fs.readFileSync(new URL("../vectors/client-go-words.yaml", import.meta.url), "utf8"),
);

/** All that is known is what the client said. */
function said(stderr: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const question = { command: "kubectl get pods", exitCode: 1, stderr };
  return { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", question, ...changes };
}

const causes = (bundle: DoctorEvidence) =>
  diagnose(RULES, deriveFacts(bundle)).rootCauses.map(({ cause }) => cause);

describe("what client-go says before it sends a request", () => {
  for (const [origin, sentences] of Object.entries(SENTENCES)) {
    for (const [kind, cause, words] of sentences) {
      it(`${origin}: ${words.replace(GETTING, "").replaceAll("\n", " ").slice(0, 90)}`, () => {
        assert.equal(symptomInWords(words).kind, kind);
        assert.deepEqual(causes(said(words)), cause === "none" ? [] : [cause]);
      });
    }
  }

  it("has the exit status in all its spellings", () => {
    for (const [words, exitCode] of [
      ["exec: executable aws failed with exit code 73", 73],
      ["exec: executable aws failed with exit code -1", -1],
      ["exec: exit status 73", 73],
      ["exec: signal: killed", undefined],
    ] as const) {
      const symptom = symptomInWords(`${GETTING}${words}`);
      assert.ok(symptom.kind === "plugin-failed");
      assert.equal(symptom.exitCode, exitCode);
    }
  });

  it("means the kubeconfig where it is a file that this names, and else nothing", () => {
    const words = "error: open /run/token: no such file or directory";
    const text = kubeconfigText("command: aws").replace(/ {4}exec:[\s\S]*/, "    tokenFile: /run/token\n");
    const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
    assert.deepEqual(causes(said(words, { kubeconfig })), ["K13"]);
    assert.deepEqual(causes(said(words)), []);
  });
});

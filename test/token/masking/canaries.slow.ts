import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { redactEvidence } from "../../../doctor/evidence/redact.ts";
import { unifiedDiff } from "../../../plugin/setup/unified-diff.ts";
import { maskAwsFile } from "../../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import { healthyBundle } from "../../doctor/support/bundle.ts";
import { findLeaks } from "../../support/secret-search.ts";
import { type PlantedDocument, plantedAwsFile, plantedKubeconfig, plantedText } from "./canary-documents.ts";

/** Documents of each kind; a seed of the environment tries others. */
const COUNT = 150;
const SEED = Number(process.env["CANARY_SEED"] ?? 1);

function noneIn(shown: string, { text, canaries }: PlantedDocument, seed: number): void {
  const secrets = canaries.map((value) => ({ name: value, value }));
  const leaks = findLeaks(secrets, [{ name: "shown", content: shown }]);
  assert.deepEqual(leaks, [], `CANARY_SEED=${seed}\n${text}\n=>\n${shown}`);
}

function each(
  plant: (seed: number) => PlantedDocument,
  check: (document: PlantedDocument, seed: number) => void,
) {
  for (let seed = SEED; seed < SEED + COUNT; seed++) {
    const document = plant(seed);
    assert.ok(document.text.length > 0);
    check(document, seed);
  }
}

describe("no planted secret survives", () => {
  it("in a kubeconfig that is shown: line for line, and YAML as before", () => {
    each(plantedKubeconfig, (document, seed) => {
      const masked = maskKubeconfig(document.text);
      noneIn(masked, document, seed);
      assert.equal(masked.split("\n").length, document.text.split("\n").length, masked);
      const errors = parseAllDocuments(masked, { version: "1.1", logLevel: "silent" }).map(
        (yaml) => "errors" in yaml && yaml.errors,
      );
      assert.deepEqual(errors, [[]], `${document.text}\n=>\n${masked}`);
      assert.equal(maskKubeconfig(masked), masked);
    });
  });

  it("in a kubeconfig that is broken", () => {
    each(plantedKubeconfig, (document, seed) => {
      noneIn(maskKubeconfig(`${document.text}\n  : [\n`), document, seed);
    });
  });

  it("in AWS's files", () => {
    each(plantedAwsFile, (document, seed) => {
      const masked = maskAwsFile(document.text);
      noneIn(masked, document, seed);
      assert.equal(masked.split("\n").length, document.text.split("\n").length);
      assert.equal(maskAwsFile(masked), masked);
    });
  });

  it("in what people paste", () => {
    each(plantedText, (document, seed) => {
      const masked = maskText(document.text);
      noneIn(masked, document, seed);
      assert.equal(masked.split("\n").length, document.text.split("\n").length);
      assert.equal(maskText(masked), masked, masked);
    });
  });

  it("in a diff", () => {
    each(plantedKubeconfig, (document, seed) => {
      noneIn(
        unifiedDiff({ path: "config", before: "", after: document.text, mask: maskKubeconfig }),
        document,
        seed,
      );
    });
  });

  it("in evidence that is saved, with names and without", () => {
    for (let seed = SEED; seed < SEED + COUNT / 4; seed++) {
      const [kubeconfig, aws, text] = [plantedKubeconfig(seed), plantedAwsFile(seed), plantedText(seed)];
      const evidence = healthyBundle({
        kubeconfig: {
          files: [{ path: "/home/ada/.kube/config", text: kubeconfig.text }],
          kuberc: { path: "x", text: kubeconfig.text },
        },
        awsConfig: { path: "config", text: aws.text },
        awsCredentials: { path: "credentials", text: aws.text },
        environment: { NOTE: text.text, DB_PASSWORD: text.canaries[0] ?? "x" },
        question: { command: text.text, stderr: text.text },
        client: { name: "ci", configuration: text.text },
        pluginRun: { exitCode: 1, stderr: text.text, stdoutHead: text.text },
        cluster: { failed: text.text },
        awsAuth: text.text,
      });
      const canaries = [kubeconfig, aws, text].flatMap((document) => document.canaries);
      for (const names of [false, true]) {
        const shown = JSON.stringify(redactEvidence(evidence, { names }));
        noneIn(shown, { text: `${kubeconfig.text}\n${aws.text}\n${text.text}`, canaries }, seed);
      }
    }
  });
});

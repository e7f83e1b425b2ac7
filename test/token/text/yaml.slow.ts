import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readPluginRules } from "../../../doctor/derive/kubeconfig/plugin-policy.ts";
import { parseAwsAuth } from "../../../doctor/eks/aws-auth/aws-auth.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";
import { PROBES } from "../../../doctor/probes/all.ts";
import type { ProbeHost } from "../../../doctor/probes/probe-host.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { readConfig } from "../../../token/settings/settings.ts";
import { parseYaml, YamlRefused } from "../../../token/text/yaml.ts";
import { askingWith } from "../../doctor/support/fake-probe-host.ts";
import { HOSTILE_KUBECONFIGS, ODD_KUBECONFIGS } from "../../support/hostile-kubeconfigs.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The code of a failure that we expect. Anything else is a bug, and fails the test. */
function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof VouchError) return error.code;
    throw error;
  }
}

describe("YAML that is meant to cost its reader", () => {
  for (const [what, make] of Object.entries(HOSTILE_KUBECONFIGS)) {
    it(`is refused as a kubeconfig: ${what}`, () => {
      assert.equal(
        codeOf(() => parseKubeconfig(make(), "config")),
        "kubeconfig-invalid",
      );
    });

    it(`is no bug elsewhere: ${what}`, async () => {
      const text = make();
      assert.equal(
        codeOf(() => readConfig(text, "config.yaml")),
        "config-invalid",
      );
      assert.equal(
        codeOf(() => readEvidence(text)),
        "evidence-invalid",
      );
      for (const section of ["mapRoles", "mapUsers", "mapAccounts"])
        parseAwsAuth({ data: { [section]: text } });
      parseAwsAuth(text);
      assert.ok(isCalmOrRefused(() => readPluginRules(text)));
    });
  }

  for (const [what, make] of Object.entries(ODD_KUBECONFIGS)) {
    it(`is read, and masked: ${what}`, () => {
      const text = make();
      assert.equal(
        codeOf(() => parseKubeconfig(text, "config")),
        undefined,
      );
      assert.equal(maskKubeconfig(text), text);
    });
  }

  it("is told of as a file that could not be read, and not masked", async () => {
    const text = HOSTILE_KUBECONFIGS["fourteen megabytes of comments"]?.() ?? "";
    const outside = {
      env: {},
      platform: "linux",
      homeDir: "/home/ada",
      readText: (file: string) => (file.endsWith("kuberc") ? undefined : text),
    };
    const gathered = await PROBES.kubeconfig.ask(askingWith({ host: outside as unknown as ProbeHost }));
    assert.deepEqual(gathered, {
      files: [
        {
          path: "/home/ada/.kube/config",
          failed: "Cannot read the YAML: it has 390002 lines and items; the limit is 60000.",
        },
      ],
    });
  });

  it("never shows any of it", () => {
    for (const text of ["a: *canary", "a: &a [*canary]", "<<: *canary"]) {
      assert.throws(
        () => parseYaml(text, { merge: true }),
        (error) => error instanceof YamlRefused && !error.message.includes("canary"),
      );
    }
  });

  it("is parsed in one place, which refuses it", () => {
    const files = ["doctor", "plugin", "token"].flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .map((file) => path.join(folder, file))
        .filter((file) => file.endsWith(".ts")),
    );
    const parsing = files.filter((file) =>
      /import \{[^}]*\b(?:parse|parseDocument|parseAllDocuments|Parser|Lexer|Composer)\b[^}]*\} from "yaml"|from "js-yaml"/.test(
        fs.readFileSync(path.join(ROOT, file), "utf8"),
      ),
    );
    assert.deepEqual(parsing, ["token/text/yaml.ts"]);
  });
});

function isCalmOrRefused(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return error instanceof Error && !(error instanceof RangeError);
  }
}

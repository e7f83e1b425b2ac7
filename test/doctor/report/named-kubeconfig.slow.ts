import assert from "node:assert/strict";
import { FIX_FORMATS } from "../../../doctor/fixes/fix-format.ts";
import { unauthorized } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { files, KUBECONFIG_FAULTS, stopped } from "../support/kubeconfig-faults.ts";
import { reportOn } from "../support/report-case.ts";
import { commandsOf } from "../support/report-commands.ts";

const FILE = "/work/named config";
const NAMED = `'${FILE}'`;

/** What reads no kubeconfig, and knows no flag for one. */
const OTHERS = /^kubectl (?:krew|kuberc|vouch (?:login|cache|token)) /;

function usesKubeconfig(line: string): boolean {
  const isKubectl = /^(?:env .*)?\bkubectl /.test(line);
  return (isKubectl && !OTHERS.test(`${line} `)) || line.includes("eks update-kubeconfig");
}

const BUNDLES = [
  ...FAULTS.map(({ bundle }) => bundle),
  ...Object.values(KUBECONFIG_FAULTS),
  unauthorized({ kubeconfig: { failed: "not given" } }),
  stopped("", { question: { context: "zz" }, ...files("contexts: [{name: dup}]\n") }),
];

describe("a kubeconfig that was named with --kubeconfig", () => {
  for (const format of FIX_FORMATS) {
    it(`is named by every command that reads or writes one, in the form of ${format}`, () => {
      const lines = BUNDLES.flatMap((bundle) =>
        commandsOf(
          reportOn({ ...bundle, question: { ...bundle.question, kubeconfigFile: FILE } }, { format }),
        ),
      ).filter(usesKubeconfig);
      assert.ok(lines.length > 100, String(lines.length));
      assert.deepEqual([...new Set(lines.filter((line) => !/--kubeconfig[= ]/.test(line)))], []);
      const twice = lines.filter((line) => line.split("--kubeconfig").length > 2);
      assert.deepEqual(twice, []);
    });
  }

  it("is not named to an administrator who reads a saved case elsewhere", () => {
    const fixes = BUNDLES.flatMap((bundle) => {
      const question = { ...bundle.question, kubeconfigFile: FILE };
      const { rootCauses, warnings } = reportOn({ ...bundle, question }, { isSaved: true });
      return [...rootCauses, ...warnings].flatMap((finding) => finding.fixes);
    });
    const named = fixes.filter(({ commands }) => commands.some((line) => line.includes(NAMED)));
    assert.deepEqual([...new Set(named.map(({ audience }) => audience))], ["you"]);
  });

  it("is named by nothing that reads none", () => {
    const lines = BUNDLES.flatMap((bundle) =>
      commandsOf(reportOn({ ...bundle, question: { ...bundle.question, kubeconfigFile: FILE } })),
    );
    assert.deepEqual(
      lines.filter((line) => OTHERS.test(`${line} `) && line.includes(NAMED)),
      [],
    );
  });

  it("is named by none where the files come from elsewhere", () => {
    const lines = BUNDLES.flatMap((bundle) => commandsOf(reportOn(bundle)));
    assert.deepEqual(
      lines.filter((line) => line.includes(NAMED)),
      [],
    );
  });

  it("stands not in the message to an administrator, who has another", () => {
    for (const { bundle } of FAULTS) {
      const { adminMessage } = reportOn({
        ...bundle,
        question: { ...bundle.question, kubeconfigFile: FILE },
      });
      assert.doesNotMatch(adminMessage ?? "", /--kubeconfig/);
    }
  });
});

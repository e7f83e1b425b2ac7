import assert from "node:assert/strict";
import { drawnLinks } from "../../../../doctor/report/html/links.ts";
import { without } from "../../support/bundle.ts";
import { FAULTS } from "../../support/faults.ts";
import { CASES, reportOn } from "../../support/report-case.ts";

const NOT_PARTS = new Set(["apiVersion", "kind", "gatheredAt", "excerpts"]);

describe("the links as they are drawn", () => {
  for (const { row, bundle } of FAULTS)
    it(`are broken where the first cause of ${row} is, and never sound for want of evidence`, () => {
      const report = reportOn(bundle);
      const [first] = report.rootCauses;
      const at = drawnLinks(report).find(({ name }) => name === first?.stage);
      if (first !== undefined)
        assert.match(at?.state ?? "", first.confidence === "possible" ? /perhaps|broken/ : /broken/);
      const parts = Object.keys(bundle).filter((part) => !NOT_PARTS.has(part));
      const bare = reportOn(without(bundle, ...(parts as Parameters<typeof without>[1][])));
      for (const { state } of drawnLinks(bare)) assert.match(state, /unseen|behind/);
      const unlooked = report.chain.filter(({ looked }) => looked === 0).map(({ stage }) => stage);
      for (const { name, state } of drawnLinks(report))
        if (unlooked.some((stage) => stage === name)) assert.notEqual(state, "sound");
    });

  it("count the checks that had their evidence, in words that fit one and many", () => {
    const reports = FAULTS.flatMap(({ bundle }) => [
      reportOn(bundle),
      reportOn(without(bundle, "kubeconfig", "cluster", "callerIdentity", "token", "pluginRun")),
    ]);
    const said = new Set(reports.flatMap((report) => drawnLinks(report).map(({ looked }) => looked)));
    assert.ok(said.has("0 of 1 check had its evidence"), [...said].join("\n"));
    for (const words of said)
      assert.match(
        words,
        /^(?:|\d+ of 1 check had its evidence|\d+ of (?!1 )\d+ checks had their evidence)$/,
      );
  });

  const states = (name: keyof typeof CASES) =>
    drawnLinks(reportOn(CASES[name] ?? assert.fail()))
      .map(({ name: link, state }) => `${link} ${state}`)
      .join(", ");

  it("say what was proved, where it broke, and what was not reached", () => {
    assert.equal(
      states("stale"),
      "kubeconfig proved, plugin proved, credentials proved, trust proved, token proved, network proved, mode proved, mapping broken, authorization behind",
    );
    assert.match(states("healthy"), /^(?:\w+ proved(?:, |$)){9}$/);
    assert.match(states("unexplained"), /mapping refusing, authorization behind$/);
  });
});

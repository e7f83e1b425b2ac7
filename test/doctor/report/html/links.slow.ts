import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
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

  it("tell what was found and seen, and the commands that print what is missing", () => {
    for (const { row, bundle } of FAULTS) {
      const report = reportOn(without(bundle, "cluster", "callerIdentity", "token", "pluginRun"));
      const links = drawnLinks(report);
      const found = links.flatMap((link) => link.found);
      assert.deepEqual(found.toSorted(), report.rootCauses.map(({ summary }) => summary).toSorted(), row);
      const passed = report.checked.passed.filter(({ stage }) => links.some(({ name }) => name === stage));
      assert.equal(links.flatMap(({ seen }) => seen).length, passed.length, row);
      const missing = new Set(report.checked.undecided.flatMap((rule) => rule.missing));
      for (const { part, command } of links.flatMap((link) => link.missing)) {
        assert.ok(missing.has(part), `${row}: ${part}`);
        assert.notEqual(command, "");
      }
    }
    const bare = drawnLinks(reportOn(without(CASES["healthy"] ?? assert.fail(), "cluster")));
    assert.deepEqual(
      bare.find(({ name }) => name === "mode")?.missing.map(({ command }) => command),
      ["aws eks describe-cluster --name lab --region eu-west-1"],
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

  it("mark where the likeliest suspicions are, and nothing beside a known cause", () => {
    const bare: DoctorEvidence = {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      question: { stderr: "error: You must be logged in to the server (Unauthorized)" },
    };
    const suspected = drawnLinks(reportOn(bare)).filter(({ state }) => state === "suspected");
    assert.ok(suspected.some(({ name }) => name === "mapping"));
    assert.ok(suspected.length < 9);
    for (const { row, bundle } of FAULTS) {
      const report = reportOn(bundle);
      if (report.rootCauses.length > 0)
        assert.ok(!drawnLinks(report).some(({ state }) => state === "suspected"), row);
    }
  });
});

import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import { type DoctorEvidence, knownValue } from "../../doctor/evidence/evidence.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { ACCOUNT, unauthorized } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";
import { irreversibleWithoutCertainty, isFirstFixIrreversible } from "./support/irreversible.ts";
import { mode, NO_ENTRY } from "./support/mapping-faults.ts";
import { reportOn } from "./support/report-case.ts";
import { VARIANTS } from "./support/variants.ts";

/** The same cluster, if it read aws-auth alone. */
function inConfigMapMode(bundle: DoctorEvidence): DoctorEvidence {
  const cluster = knownValue(bundle.cluster)?.cluster;
  if (cluster === undefined) return bundle;
  const accessConfig = { ...cluster.accessConfig, authenticationMode: "CONFIG_MAP" };
  return { ...bundle, cluster: { cluster: { ...cluster, accessConfig } } };
}

function* seenByAll(bundle: DoctorEvidence): Generator<readonly [who: string, less: DoctorEvidence]> {
  for (const [which, whole] of [
    ["", bundle],
    [" in CONFIG_MAP", inConfigMapMode(bundle)],
  ] as const) {
    yield [`everybody${which}`, whole];
    yield [`a developer${which}`, seenBy(whole, REFUSED_TO_DEVELOPERS)];
    yield [`nobody in AWS${which}`, seenBy(whole, REFUSED_TO_THE_BLIND)];
  }
}

/** What is left of the evidence when a part is taken away is looked at in poorer-verdicts.slow.ts. */
function* cases(): Generator<readonly [name: string, bundle: DoctorEvidence]> {
  for (const { row, bundle } of [...FAULTS, ...VARIANTS])
    for (const [who, less] of seenByAll(bundle)) yield [`${row}, ${who}`, less];
}

describe("what cannot be undone", () => {
  it("is the first fix only of what is certain, and where nothing else is known to help", () => {
    const certain = new Set<string>();
    for (const [name, bundle] of cases()) {
      const diagnosis = diagnose(RULES, deriveFacts(bundle));
      assert.equal(irreversibleWithoutCertainty(diagnosis), undefined, name);
      const [root] = diagnosis.rootCauses;
      if (root !== undefined && isFirstFixIrreversible(root)) certain.add(root.cause);
    }
    // The root user, who made the cluster of L16, is in no aws-auth, and nobody else can write it.
    assert.deepEqual([...certain].sort(), ["E3", "E6", "L16", "M3"]);
  });

  it("is kept from somebody who may not read aws-auth, who is told for what to ask", () => {
    const refused = unauthorized({ ...mode("CONFIG_MAP"), ...NO_ENTRY });
    const report = reportOn(seenBy(refused, REFUSED_TO_DEVELOPERS));
    assert.deepEqual(report.rootCauses, []);
    const [suspicion] = report.suspicions;
    assert.equal(suspicion?.audience, "cluster-admin");
    const line = `a mapping under mapRoles with rolearn arn:aws:iam::${ACCOUNT}:role/Dev, a username and groups`;
    assert.ok(suspicion.summary.includes(line), suspicion.summary);
    assert.ok(report.adminMessage?.includes(line), report.adminMessage);
    assert.ok(!JSON.stringify(report).includes("update-cluster-config"));
  });
});

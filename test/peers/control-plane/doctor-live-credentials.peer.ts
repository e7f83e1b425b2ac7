/**
 * Faults that the lab really produces, and what the doctor makes of them: rows L, S and V. Before them, that a context by an
 * AWS profile is fine. Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { knownValue } from "../../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";
import { CREDENTIAL_FAULTS } from "../../lab/faults/credential-faults.ts";
import { SOURCE_FAULTS, setUpCenter } from "../../lab/faults/source-faults.ts";
import { TRUST_FAULTS } from "../../lab/faults/trust-faults.ts";
import { VOUCH_FAULTS } from "../../lab/faults/vouch-faults.ts";
import { LAB_CLUSTER } from "../../lab/lab.ts";
import { type DoctorLab, startDoctorLab } from "../../support/doctor-lab.ts";
import { describeFaults } from "../../support/doctor-suite.ts";
import { releaseFolder } from "../../support/shipped-files.ts";

describeFaults("the doctor, with credentials that do not work", CREDENTIAL_FAULTS);
describeFaults("the doctor, with AWS profiles that give nothing", SOURCE_FAULTS);
describeFaults("the doctor, where STS or the token is the trouble", TRUST_FAULTS);
describeFaults("the doctor, where the Vouch session is the trouble", VOUCH_FAULTS);

/** What ships would settle the lab's hosts under the home of whoever runs this. */
if (releaseFolder() === undefined)
  describe("the doctor, on a context of ours by an AWS profile", describeCenter);

function describeCenter(): void {
  let lab: DoctorLab | undefined;
  before(async () => {
    lab = await startDoctorLab();
  });
  after(() => lab?.close());

  it("finds nothing wrong with it as it is, with the very credentials that its tokens are made of", async () => {
    const { place, doctor, saved } = lab ?? assert.fail("the lab is not up");
    await setUpCenter(place);
    const { healthy, rootCauses, warnings } = await doctor(["--context", "lab-center"]);
    assert.deepEqual({ healthy, rootCauses, warnings }, { healthy: true, rootCauses: [], warnings: [] });
    const { cluster, sourceFiles, callerIdentity } = readEvidence(fs.readFileSync(saved, "utf8"));
    assert.equal(knownValue(cluster)?.cluster.name, LAB_CLUSTER);
    assert.match(knownValue(callerIdentity)?.Arn ?? "", /AWSReservedSSO_Developer_/);
    assert.deepEqual(
      knownValue(sourceFiles)?.map(({ kind, state, refreshable }) => [kind, state, refreshable]),
      [["sso", "there", false]],
    );
  });
}

import assert from "node:assert/strict";
import { findCause } from "../../../doctor/causes/index.ts";
import { POLICY_FAULTS, RBAC_FAULTS } from "../../lab/faults/authorization-faults.ts";
import { AWS_AUTH_FAULTS } from "../../lab/faults/aws-auth-faults.ts";
import { CREDENTIAL_FAULTS } from "../../lab/faults/credential-faults.ts";
import { KUBECONFIG_FAULTS } from "../../lab/faults/kubeconfig-faults.ts";
import { ENTRY_FAULTS, MODE_FAULTS } from "../../lab/faults/mapping-faults.ts";
import { NETWORK_FAULTS } from "../../lab/faults/network-faults.ts";
import { SOURCE_FAULTS } from "../../lab/faults/source-faults.ts";
import { TRUST_FAULTS } from "../../lab/faults/trust-faults.ts";
import { VOUCH_FAULTS } from "../../lab/faults/vouch-faults.ts";

const FAULTS = [
  ...KUBECONFIG_FAULTS,
  ...CREDENTIAL_FAULTS,
  ...SOURCE_FAULTS,
  ...TRUST_FAULTS,
  ...VOUCH_FAULTS,
  ...NETWORK_FAULTS,
  ...MODE_FAULTS,
  ...ENTRY_FAULTS,
  ...AWS_AUTH_FAULTS,
  ...POLICY_FAULTS,
  ...RBAC_FAULTS,
];

/** Fewer would be a loss of proof. */
const LIVE_ROWS = 109;

describe("the lab's faults", () => {
  it("prove some hundred rows of the catalogue live", () => {
    const rows = new Set(FAULTS.map(({ row }) => row));
    assert.deepEqual(
      [...rows].filter((row) => findCause(row) === undefined),
      [],
    );
    assert.ok(rows.size >= LIVE_ROWS, `${rows.size} rows`);
  });

  it("have names and words of their own: of the failure, and of what a hand does in place of a command", () => {
    const names = FAULTS.map(({ row, name }) => `${row} ${name}`);
    assert.deepEqual(names, [...new Set(names)]);
    const isAny = (words: RegExp | undefined) => words?.test("what nobody says") ?? false;
    const vague = FAULTS.filter(({ says, fix = {} }) => isAny(says) || ("says" in fix && isAny(fix.says)));
    assert.deepEqual(
      vague.map(({ row }) => row),
      [],
    );
  });
});

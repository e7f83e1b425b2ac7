import assert from "node:assert/strict";
import { toldOf } from "../../../plugin/setup/setup-report.ts";

describe("whom a message is about", () => {
  const told: readonly (readonly [message: string, isNamed: boolean])[] = [
    ["The region is not known.", false],
    ["AWS profile dev (/aws/config, line 2): no role.", true],
    ["AWS profile dev (from --profile) not found in a or b.", true],
    ["There is nothing to log in to for AWS profile dev.", true],
    ["AWS profile dev-base (/aws/config, line 2): no role.", false],
    ["AWS profile dev.old: no role.", false],
    ["AWS profile dev-base and AWS profile dev: no role.", true],
  ];
  for (const [message, isNamed] of told)
    it(`is said once: ${message}`, () =>
      assert.equal(toldOf("AWS profile dev", message), isNamed ? message : `AWS profile dev: ${message}`));
});

import { pluginFailed, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

function bytes(count: number) {
  return { token: { bytes: count, problems: [] } };
}

testRule("token/sts-token-too-long", "S9", {
  certain: {
    "4097 bytes": { on: unauthorized(bytes(4097)), commands: [] },
    "knows our words for a token that was not given out, and STS's for a session that is too big": [
      "The EKS token for lab is 4200 bytes long; EKS accepts at most 4096. The AWS session token in it has 2900 characters.",
      "An error occurred (PackedPolicyTooLarge) when calling the AssumeRole operation: Packed policy consumes 120% of allotted space, please use smaller policy.",
    ].map((words) => pluginFailed(words)),
  },
  passed: {
    "4096 bytes": unauthorized(bytes(4096)),
  },
});

import assert from "node:assert/strict";
import { knownValue } from "../../../../doctor/evidence/evidence.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER, TOKEN_PROVIDER } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T12 = CLIENT_FAULTS.T12;

testRule("client/client-token-and-exec", "T12", {
  certain: {
    "a token beside an exec block": {
      on: T12,
      commands: [],
      text: "- token = data.aws_eks_cluster_auth.this.token",
    },
  },
  likely: {
    "the token cannot be dead yet": {
      ...T12,
      client: { ...(knownValue(T12.client) ?? assert.fail()), runSeconds: 60 },
    },
  },
  passed: {
    "one of both, and both in two blocks": [
      TOKEN_PROVIDER,
      EXEC_PROVIDER,
      TOKEN_PROVIDER + EXEC_PROVIDER,
    ].map((configuration) => ({ ...T12, client: { name: "terraform", configuration } })),
    "a comment": {
      ...T12,
      client: {
        name: "terraform",
        configuration: EXEC_PROVIDER.replace("    exec", '    # token = "x"\n    exec'),
      },
    },
  },
});

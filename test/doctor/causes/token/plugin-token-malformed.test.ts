import { unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

function broken(step: number, problem: string) {
  return { token: { bytes: 1500, problems: [{ step, problem }] } };
}

testRule("token/plugin-token-malformed", "V7", {
  certain: {
    "quotes the verifier's step": {
      on: unauthorized(broken(3, "the rest is not base64url without padding")),
      summary: "aws returns a token that no EKS verifier accepts: the rest is not base64url without padding.",
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
  },
  passed: {
    "leaves these steps to rules of their own": [1, 5, 12, 13].map((step) =>
      unauthorized(broken(step, "it is so")),
    ),
  },
});

import { unauthorized } from "../../support/bundle.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER, TOKEN_PROVIDER } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T1 = CLIENT_FAULTS.T1;

function run(configuration: string | undefined, runSeconds?: number) {
  return {
    ...T1,
    client: {
      name: "terraform",
      ...(configuration === undefined ? {} : { configuration }),
      ...(runSeconds === undefined ? {} : { runSeconds }),
    },
  };
}

testRule("client/client-terraform-token", "T1", {
  certain: {
    "a token in the provider block and a long run, and gives the exec block": {
      on: T1,
      commands: [],
      audience: "you",
      description: "Replace token with an exec block that fetches tokens.",
      text: `exec {
  api_version = "client.authentication.k8s.io/v1beta1"
  command     = "aws"
  args        = ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--output", "json"]
}`,
    },
  },
  likely: {
    "the length of the run is unknown": run(TOKEN_PROVIDER),
  },
  possible: {
    "the run was short, or the provider block is unknown": [run(TOKEN_PROVIDER, 120), run(undefined, 1500)],
  },
  passed: {
    "an exec block": run(EXEC_PROVIDER, 1500),
  },
  notApplicable: {
    "a short run of nobody knows what, and kubectl": [run(undefined, 60), unauthorized()],
  },
});

import { healthyBundle } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const SNAP = { name: "flux", path: "/snap/bin/flux" };
const NOT_FOUND = {
  exitCode: 1,
  stderr: "Unable to connect to the server: getting credentials: exec: executable aws not found\n",
};

testRule("plugin/client-confined", "L14", {
  likely: {
    "a snap misses what the shell has": {
      on: healthyBundle({ client: SNAP, question: NOT_FOUND }),
      commands: ["sudo snap remove flux", "sudo snap install flux --classic"],
    },
  },
  possible: {
    "the shell has it neither": healthyBundle({
      client: SNAP,
      question: NOT_FOUND,
      execCommand: { command: "aws", resolved: null },
      pluginRun: { failed: "aws is not there" },
    }),
  },
  notApplicable: {
    "a plain client, a desktop's PATH (T3), and a snap that works": [
      healthyBundle({ question: NOT_FOUND }),
      healthyBundle({
        client: { name: "lens", path: "/opt/Lens/lens", graphical: true },
        question: NOT_FOUND,
      }),
      healthyBundle({ client: SNAP }),
    ],
  },
});

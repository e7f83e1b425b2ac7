import { unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T9 = CLIENT_FAULTS.T9;

testRule("client/client-difference", "T9", {
  possible: {
    "gives two commands that tell the calls apart": {
      on: T9,
      inferred: true,
      evidence: [
        "kubectl said that it is not authorized.",
        "The API server answers 200 to the token that the plugin gives.",
        "HTTPS_PROXY is set.",
      ],
      commands: [
        "type -a kubectl",
        "env -u HTTPS_PROXY -u https_proxy KUBERC=off kubectl get --raw /api -v=8",
      ],
    },
  },
  passed: {
    "the token is refused too": unauthorized(),
  },
  notApplicable: {
    "another client": { ...T9, client: { name: "k9s" } },
  },
  unknown: {
    "nobody tried the token": { on: without(T9, "token"), missing: "token" },
  },
});

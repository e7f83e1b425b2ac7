import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const scoped = (pattern: string, namespace: string) =>
  refused({ attempt: { ...LIST_PODS, namespace }, associated: [policy("View", pattern)] });

testRule("authorization/policy-scope-wildcard", "P2", {
  certain: {
    "adds the namespace that the wildcard does not cover": {
      on: AUTHORIZATION_FAULTS.P2,
      commands: associate("View", "'type=namespace,namespaces=web,team-*,team'"),
    },
    "sees dev-* and development, *-dev and dev": [scoped("dev-*", "development"), scoped("*-dev", "dev")],
  },
  notApplicable: {
    "the wildcard covers the namespace": [scoped("*", "web"), scoped("dev-*", "dev-a")],
    "the wildcard does not resemble the namespace": scoped("dev-*", "prod"),
  },
});

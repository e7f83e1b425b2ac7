import {
  execBlock,
  healthyBundle,
  healthyProfileBundle,
  healthyVouchBundle,
  PROFILE_EXEC,
} from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const AGENT = {
  vouch: { server: "https://us.vouch.sh", loggedIn: true, serverConfirms: true, agent: "claude-code" },
};

const READER = "arn:aws:iam::111122223333:role/reader";
const withRole = (exec: string) => ({
  ...execBlock(exec.replace(/args: \[(.*)\]/, `args: [$1, --agent-role, "${READER}"]`)),
  environment: { CLAUDECODE: "1" },
});
const LIMITED = `claude-code runs this command, so it gets ${READER}, the context's role for AI agents.`;

testRule("credentials/vouch-agent-read-only", "V5", {
  certain: {
    "warns, and says what the agent may do in the cluster": {
      on: healthyVouchBundle(AGENT),
      severity: "warning",
      summary:
        "claude-code runs this command with a read-only AWS session, but inside the cluster it has all your permissions.",
    },
    "says so of an AWS profile, too": {
      on: healthyProfileBundle(withRole(PROFILE_EXEC)),
      severity: "warning",
      summary: LIMITED,
    },
    "is the cause when AWS refuses a write by the session policy": {
      on: healthyVouchBundle({
        ...AGENT,
        question: {
          stderr:
            "An error occurred (AccessDeniedException) when calling the CreateAccessEntry operation: User: arn:aws:sts::111122223333:assumed-role/Dev/ada is not authorized to perform: eks:CreateAccessEntry on resource: arn:aws:eks:eu-west-1:111122223333:cluster/lab because no session policy allows the eks:CreateAccessEntry action",
          exitCode: 254,
        },
      }),
      summary:
        "claude-code runs this command with a read-only AWS session, so eks:CreateAccessEntry is denied.",
    },
  },
  notApplicable: {
    "Vouch plays no part": healthyBundle(AGENT),
  },
});

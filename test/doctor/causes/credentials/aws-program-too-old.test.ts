import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { awsConfig, awsExec, pluginFailed, SSO_CONFIG } from "../../support/bundle.ts";
import { CREDENTIAL_FAULTS } from "../../support/credential-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const AGENT = "http://169.254.170.23/v1/credentials";
const NOTHING = 'Unable to locate credentials. You can configure credentials by running "aws configure".';
const MISSING = "is configured to use SSO but is missing required configuration:";

/** The plugin in a pod with Pod Identity, with this version of the AWS CLI. */
function inPod(stderr: string, version: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return pluginFailed(stderr, {
    changes: {
      environment: {
        HOME: "/root",
        AWS_CONTAINER_CREDENTIALS_FULL_URI: AGENT,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE:
          "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token",
      },
      ...awsExec({}),
      ...awsConfig(""),
      ...cli(version),
      ...changes,
    },
  });
}

function cli(version: string): Pick<DoctorEvidence, "execCommand"> {
  return { execCommand: { command: "aws", resolved: "/usr/bin/aws", executable: true, version } };
}

const login = (version: string) =>
  pluginFailed(NOTHING, {
    changes: {
      ...awsConfig("[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/ada\n"),
      ...cli(version),
    },
  });

testRule("credentials/aws-program-too-old", "L21", {
  certain: {
    "does not read [sso-session]": {
      on: CREDENTIAL_FAULTS["L21"] ?? pluginFailed(""),
      summary: "aws is too old: it does not support [sso-session] sections.",
      evidence: [
        /missing required configuration/,
        "aws --version prints aws-cli/2.4.27 (/usr/local/bin/aws).",
        "The profile has sso_session = corp; the start URL and region are in that section.",
      ],
      commands: [],
      description:
        "Update it to AWS CLI 2.9.0 or later, or to a current AWS SDK; in a container, update the image.",
    },
    "the same from an SDK for Go": pluginFailed(`profile "dev" ${MISSING} sso_region, sso_start_url`, {
      changes: awsConfig(SSO_CONFIG),
    }),
    "does not know the address of Pod Identity": {
      on: [
        "Unsupported host '169.254.170.23'.  Can only retrieve metadata from these hosts: 169.254.170.2, localhost, 127.0.0.1",
        'failed to load credentials: unable to load SDK config: invalid endpoint host, "169.254.170.23", only loopback hosts are allowed',
        `The full URI (${AGENT}) contained within environment variable AWS_CONTAINER_CREDENTIALS_FULL_URI has an invalid host. Host should resolve to a loopback address or have the full URI be HTTPS.`,
      ].map((words) => inPod(words, "aws-cli/2.9.19")),
      summary: "aws is too old: it does not support EKS Pod Identity.",
      explains: ["L17", "L20", "L1", "L8"],
      text: /pod-id-minimum-sdk/,
    },
    "passes over a profile of aws login": {
      on: login("aws-cli/2.31.9"),
      summary: "aws is too old: it does not support login_session.",
      commands: [],
    },
  },
  likely: {
    "by the words alone, where the profile is not known": pluginFailed(
      `The profile "dev" ${MISSING} sso_start_url, sso_region`,
      { changes: { awsConfig: { failed: "not read" }, awsCredentials: { failed: "not read" } } },
    ),
    "passes over Pod Identity": [inPod(NOTHING, "aws-cli/1.29.9"), inPod(NOTHING, "aws-cli/2.14.0")],
    "or asks for a provider that never knew it": inPod(
      "CredentialsProviderError: 169.254.170.23 is not a valid container metadata service hostname",
      "aws-cli/2.14.0",
    ),
  },
  passed: {
    "a current AWS CLI finds nothing in the pod (L1)": [
      inPod(NOTHING, "aws-cli/2.15.0"),
      inPod(NOTHING, "aws-cli/1.30.0"),
      login("aws-cli/2.32.0"),
    ],
    "a current AWS CLI gets no answer from the agent (L20)": inPod(
      `Error when retrieving credentials from container-role: Error retrieving metadata: Received error when attempting to retrieve container metadata: Connect timeout on endpoint URL: "${AGENT}"`,
      "aws-cli/2.20.0",
    ),
    "one setting alone is missing (L17)": pluginFailed(`The profile "dev" ${MISSING} sso_account_id`, {
      changes: awsConfig(SSO_CONFIG),
    }),
  },
  notApplicable: {
    "a profile without sso_session, or whose session has neither setting (L17)": [
      "[profile dev]\nsso_account_id = 111122223333\nsso_role_name = Dev\n",
      SSO_CONFIG.replace(/^sso_start_url.*\n/m, "").replace(/^sso_region.*\n/m, ""),
    ].map((config) =>
      pluginFailed(`The profile "dev" ${MISSING} sso_start_url, sso_region`, { changes: awsConfig(config) }),
    ),
  },
});

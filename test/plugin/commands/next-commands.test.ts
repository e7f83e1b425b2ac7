import assert from "node:assert/strict";
import { rootCertificates } from "node:tls";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { addRole, CLUSTER_READS, chainTrust, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const KEYS = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";

const CONFIG = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1

[profile dev]
region = ${LAB_REGION}
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev

[profile keys]
region = ${LAB_REGION}
${KEYS}`;

suiteOnPosix("lab", "the next command that an error names, for AWS profiles", () => {
  const desk = labDesk();
  const env = (more: Readonly<Record<string, string | undefined>> = {}) => ({
    AWS_ENDPOINT_URL: desk.lab.aws.url,
    VOUCH_SERVER: undefined,
    ...more,
  });
  const says = async (
    args: readonly string[],
    expected: string,
    variables: Readonly<Record<string, string | undefined>> = {},
  ) => {
    const { status, stderr } = await desk.run(args, { env: env(variables), openBrowser: async () => true });
    assert.notEqual(status, 0, stderr);
    assert.ok(stderr.includes(expected), stderr);
  };
  const setup = ["setup", "eks", "--cluster", LAB_CLUSTER, "--profile"];
  const below = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];

  beforeEach(() => {
    desk.write(".aws/config", CONFIG);
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev", allows: [CLUSTER_READS] });
  });

  const AUTHORITY = "set the path of its PEM file: `export AWS_CA_BUNDLE=FILE`, then ";
  const UNTRUSTED: readonly (readonly [string, readonly string[], string])[] = [
    ["login", ["login", "--profile", "dev", "--force"], "`kubectl vouch login --profile dev`"],
    ["setup", [...setup, "keys"], `\`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --profile keys\``],
  ];
  for (const [what, args, again] of UNTRUSTED)
    it(`is ${what} of that profile where AWS's certificate is not trusted`, () =>
      says(args, `${AUTHORITY}${again}`, { AWS_CA_BUNDLE: undefined }));

  it("names the variable of Vouch's authority where a profile's Vouch server is not trusted", async () => {
    const line = `kubectl-vouch credential aws --server ${desk.lab.vouch.url} --role ${LAB_ROLE}`;
    desk.write(".aws/config", `[profile vouch]\ncredential_process = ${line}\n`);
    await says(
      ["login", "--profile", "vouch", "--force", "--pin-stdin"],
      "[server-untrusted]\nIf your company has its own CA, set VOUCH_CA_BUNDLE to its PEM file and log in: ",
      { VOUCH_CA_BUNDLE: undefined },
    );
  });

  it("is the setup of that context where kubectl meets such a certificate", async () => {
    addRole(desk.lab.world, { name: "Dev", trust: [chainTrust(ADMIN)], allows: [CLUSTER_READS] });
    desk.write(
      ".aws/config",
      `${CONFIG}[profile role]\nregion = ${LAB_REGION}\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = keys\n`,
    );
    const bundle = desk.write("ca.pem", desk.lab.ca.cert);
    assert.equal((await desk.run([...setup, "role"], { env: env({ AWS_CA_BUNDLE: bundle }) })).status, 0);
    await desk.run(["cache", "clear"]);
    desk.write("ca.pem", rootCertificates[0] ?? "");
    await says(
      [...below, "--profile", "role"],
      `${AUTHORITY}\`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --region ${LAB_REGION} --profile role\``,
      { AWS_CA_BUNDLE: undefined },
    );
  });

  it("is the login of a profile where nobody named a Vouch server, and the usual one is out of reach", () =>
    says(
      ["login"],
      "[server-unreachable]\nLog in for an AWS profile: `kubectl vouch login --profile dev`, or specify your Vouch server: `kubectl vouch login --server URL`\n",
      { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: undefined },
    ));

  it("names a profile for whoever calls kubectl without one", () =>
    says(
      [...below, "--ambient"],
      `Set an AWS profile for this shell: \`export AWS_PROFILE=NAME\`, or in the context: \`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --region ${LAB_REGION} --profile NAME\``,
    ));

  it("keeps the way in which somebody logs in", () =>
    says(
      ["login", "--profile", "dev", "--device-code", "--timeout", "0.05"],
      "[sso-login-unanswered]\nRun `kubectl vouch login --profile dev --device-code`.\n",
    ));

  it("keeps the profile where the time is no number", () =>
    says(
      ["login", "--profile", "dev", "--timeout", "30s"],
      "For example: `kubectl vouch login --profile dev --timeout 120`",
    ));

  it("names the cluster of a program that nobody approved", async () => {
    desk.write(".aws/config", `[profile run]\ncredential_process = /bin/echo\n`);
    await says(
      [...below, "--profile", "run"],
      `Inspect and approve it: \`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --region ${LAB_REGION} --profile run\``,
    );
  });

  describe("where AWS refuses a call", () => {
    beforeEach(() => {
      addRole(desk.lab.world, {
        name: "None",
        trust: [chainTrust(ADMIN)],
        allows: [],
      });
      desk.write(
        ".aws/config",
        `${CONFIG}[profile none]\nregion = ${LAB_REGION}\nrole_arn = arn:aws:iam::111122223333:role/None\nsource_profile = keys\n`,
      );
    });

    it("lets another profile describe the cluster", () =>
      says(
        [...setup, "none"],
        `or describe the cluster with a different AWS profile: \`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --profile none --describe-profile NAME\``,
      ));

    it("names the cluster where the list is refused", () =>
      says(
        ["setup", "eks", "--all", "--profile", "none"],
        "or specify the cluster: `kubectl vouch setup eks --cluster NAME --profile none`",
      ));
  });

  it("keeps what else was given to a setup that names nobody", () =>
    says(
      ["setup", "eks", "--cluster", LAB_CLUSTER, "--migrate", "--in-place"],
      `\`kubectl vouch setup eks --cluster ${LAB_CLUSTER} --profile dev --migrate --in-place\``,
    ));

  it("knows the cluster and the profile of an entry of another program", async () => {
    const args = ["eks", "get-token", "--cluster-name", "lab", "--region", "us-east-1", "--profile", "keys"];
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args };
    const config = {
      contexts: [{ name: "other", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { exec } }],
    };
    desk.write(".kube/config", JSON.stringify(config));
    await says(
      ["whoami", "--context", "other"],
      "Create one that does: `kubectl vouch setup eks --cluster lab --region us-east-1 --profile keys`.",
    );
  });

  it("says which flag names a profile that is not there", () =>
    says(
      [...setup, "keys", "--describe-profile", "nope"],
      "AWS profile nope (from --describe-profile) not found in ",
    ));
});

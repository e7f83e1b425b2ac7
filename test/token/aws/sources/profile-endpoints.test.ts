import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { CredentialsPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { endpointsOfProfile } from "../../../../token/aws/sources/profile-record.ts";
import { settledContainer, settledMetadata } from "../../../../token/aws/sources/settled-machine.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import type { Endpoints } from "../../../../token/endpoints/endpoints.ts";
import type { Env } from "../../../../token/env.ts";
import { makeLabCa } from "../../../lab/tls.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { assertRefused } from "./refusal.ts";
import { role } from "./source-case.ts";

const files = (config: string) =>
  readSharedFiles({ path: "/aws/config", text: config }, { path: "/aws/credentials", text: undefined });

function profileOf(config: string) {
  const shared = files(config);
  return { shared, profile: shared.profiles.get("p") ?? assert.fail("there is no profile p") };
}

describe("the hosts and authorities of a profile", () => {
  const folder = tempFolder();
  let bundle: string;
  beforeEach(async () => {
    bundle = path.join(folder(), "ca.pem");
    fs.writeFileSync(bundle, (await makeLabCa()).cert);
  });

  function endpoints(settings: string, { env = {}, config = {} }: { env?: Env; config?: Endpoints } = {}) {
    const { shared, profile } = profileOf(`[profile p]\n${settings}`);
    return endpointsOfProfile(profile, shared, { env, config, fileOf: () => "/config.yaml" });
  }
  const SERVICES = `services = s\n[services s]\nsts =\n  endpoint_url = https://sts.example.com\nsso =\n  endpoint_url = http://127.0.0.1:1\n`;

  it("are those that it says, absolute, each service's own before that for all", () => {
    assert.deepEqual(
      endpoints(`ca_bundle = ${bundle}\nendpoint_url = https://aws.example.com\n${SERVICES}`),
      {
        awsCaBundle: bundle,
        stsEndpoint: "https://sts.example.com/",
        eksEndpoint: "https://aws.example.com/",
        iamEndpoint: "https://aws.example.com/",
        ssoEndpoint: "http://127.0.0.1:1/",
      },
    );
    assert.deepEqual(endpoints("region = eu-west-1\n"), {});
    const relative = path.relative(process.cwd(), bundle);
    assert.deepEqual(endpoints(`ca_bundle = ${relative}\n`), { awsCaBundle: bundle });
  });

  it("are those of the variables first, and of the settings last", () => {
    const env = { AWS_ENDPOINT_URL_STS: "https://env.example.com", AWS_CA_BUNDLE: bundle };
    const config = { stsEndpoint: "https://config.example.com/", eksEndpoint: "https://config.example.com/" };
    assert.deepEqual(endpoints(`ca_bundle = /not/there\n${SERVICES}`, { env, config }), {
      awsCaBundle: bundle,
      stsEndpoint: "https://env.example.com/",
      eksEndpoint: "https://config.example.com/",
      ssoEndpoint: "http://127.0.0.1:1/",
    });
    assert.equal(endpoints(SERVICES, { config }).stsEndpoint, "https://sts.example.com/");
  });

  it("are not those of the profile where it says so", () => {
    assert.deepEqual(endpoints(`ignore_configured_endpoint_urls = true\n${SERVICES}`), {});
  });

  for (const [what, settings, says] of [
    [
      "plain http elsewhere",
      "endpoint_url = http://aws.example.com\n",
      /stsEndpoint in \/aws\/config is "http:\/\/aws\.example\.com"/,
    ],
    ["a password", "endpoint_url = https://ada:canary@aws.example.com\n", /must not contain a password/],
    [
      "bearer tokens elsewhere",
      "services = s\n[services s]\nsso_oidc =\n  endpoint_url = https://evil.example.com\n",
      /ssoOidcEndpoint in \/aws\/config .*sent only to AWS hosts/,
    ],
    ["a bundle that is not there", "ca_bundle = /not/there.pem\n", /\/not\/there\.pem/],
  ] as const)
    onPosix("paths", `are refused: ${what}`, async () => {
      await assertRefused(async () => endpoints(settings), { code: "config-invalid", exit: 6, says });
    });
});

describe("what setup settles of a machine", () => {
  const plan = (config: string, env: Env): CredentialsPlan =>
    planOf({ profile: config === "" ? undefined : "p", region: "eu-west-1" }, files(config), env);
  const full = (uri: string, more: Env = {}) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, ...more });

  onPosix("paths", "is another address for a container's credentials, and the token file for it", () => {
    const container = (env: Env) => settledContainer(plan("", env), env);
    const uri = "https://creds.example.com/x";
    assert.deepEqual(container(full(uri)), { uri, tokenFile: undefined });
    const token = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/token" };
    assert.deepEqual(container(full(uri, token)), { uri, tokenFile: "/token" });
    const own = "http://127.0.0.1:80/";
    assert.deepEqual(container(full(own, token)), { uri: own, tokenFile: "/token" });
    const agents = ["http://169.254.170.2/v1", "http://169.254.170.2:8000/", "http://169.254.170.23/v1"];
    for (const agent of agents)
      assert.deepEqual(container(full(agent, token)), { uri: agent, tokenFile: "/token" });
    const folder = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
    const eks = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${folder}/eks-pod-identity-token` };
    for (const agent of ["http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1"])
      assert.equal(container(full(agent, eks)), undefined);
    for (const agent of ["http://169.254.170.23:8000/", "http://169.254.170.2/v1"])
      assert.notEqual(container(full(agent, eks)), undefined);
    const climbs = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${folder}/../../../../../token` };
    assert.notEqual(container(full("http://169.254.170.23/v1", climbs)), undefined);
    for (const known of [
      "http://169.254.170.23/v1",
      "http://[fd00:ec2::23]/v1",
      "http://127.0.0.1:80/",
      "https://localhost/",
    ])
      assert.equal(container(full(known)), undefined, known);
    assert.equal(container({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2" }), undefined);
  });

  it("is no address over which credentials would be told", async () => {
    for (const uri of ["http://creds.example.com/", "http://169.254.169.254/", "nonsense"]) {
      const env = full(uri);
      const says = /AWS_CONTAINER_CREDENTIALS_FULL_URI is ".*"; credentials must come over https/;
      await assertRefused(async () => settledContainer(plan("", env), env), {
        code: "config-invalid",
        exit: 6,
        says,
      });
    }
  });

  const CONFIG = `[profile p]\n${role("ra", "credential_source = Ec2InstanceMetadata\n")}`;
  const metadata = (settings: string, env: Env = {}) =>
    settledMetadata(plan(CONFIG, env), profileOf(`${CONFIG}${settings}`).profile, env);

  it("is where instance metadata are, if not at the usual address", () => {
    assert.equal(metadata(""), undefined);
    const mode = "ec2_metadata_service_endpoint_mode = IPv6\n";
    assert.equal(metadata(mode), "http://[fd00:ec2::254]");
    assert.equal(metadata("", { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6" }), "http://[fd00:ec2::254]");
    const setting = "ec2_metadata_service_endpoint = http://127.0.0.1:1338\n";
    assert.equal(metadata(setting), "http://127.0.0.1:1338/");
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://localhost:1" };
    assert.equal(metadata(`${setting}${mode}`, env), "http://localhost:1/");
    const keys = `[profile p]\naws_access_key_id = C\naws_secret_access_key = s\n${setting}`;
    assert.equal(settledMetadata(plan(keys, {}), profileOf(keys).profile, {}), undefined);
  });

  it("is no other address", async () => {
    const refused = { code: "config-invalid", exit: 6 } as const;
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://evil.example.com" };
    const variable = { ...refused, says: /AWS_EC2_METADATA_SERVICE_ENDPOINT is "http:\/\/evil/ };
    await assertRefused(async () => metadata("", env), variable);
    const setting = { ...refused, says: /ec2_metadata_service_endpoint is "https:\/\/169/ };
    await assertRefused(
      async () => metadata("ec2_metadata_service_endpoint = https://169.254.169.254\n"),
      setting,
    );
  });
});

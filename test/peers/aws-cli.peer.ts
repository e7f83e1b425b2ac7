/**
 * The real AWS CLI against the AWS stand-in: its parsers judge our wire formats, its signer our verifier, and its
 * output shows the texts that a person would read.
 *
 * Needs `aws` (version 1 or 2) on PATH; a step of its own in CI, where its absence is a failure. No network but loopback.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsStandIn, startAwsStandIn } from "../lab/aws/stand-in.ts";
import { addCluster, addRole, CLUSTER_READS, chainTrust, LAB_ADMIN_KEY, labWorld } from "../lab/aws/world.ts";
import { labClock } from "../lab/clock.ts";
import type { Cluster } from "../lab/model.ts";
import { type LabCa, makeLabCa } from "../lab/tls.ts";
import { startIssuer, type TestIssuer } from "../lab-tests/aws/issuer.ts";

const DEVELOPER = "arn:aws:iam::111122223333:role/VouchDeveloper";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the AWS CLI at the AWS stand-in", function () {
  this.timeout(60_000);
  let ca: LabCa;
  let home: string;
  let issuer: TestIssuer;
  let standIn: AwsStandIn;
  let cluster: Cluster;

  before(async () => {
    ca = await makeLabCa();
    home = await mkdtemp(join(tmpdir(), "aws-cli-peer-"));
    await writeFile(join(home, "ca.pem"), ca.cert);
    issuer = await startIssuer(ca);
    const world = labWorld({ url: issuer.url, ca: ca.cert });
    standIn = await startAwsStandIn({ ca, clock: labClock(), world });
    const version = await aws(["--version"]);
    assert.match(version.stdout + version.stderr, /^aws-cli\/[12]\./);
  });
  after(async () => {
    await standIn.close();
    await issuer.close();
    await rm(home, { recursive: true });
  });
  beforeEach(() => {
    const { world } = standIn;
    world.clusters.length = 0;
    cluster = addCluster(world, {
      name: "lab",
      endpoint: "https://127.0.0.1:1234",
      certificateAuthority: ca.cert,
    });
    standIn.clearCalls();
  });

  function aws(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const full = {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CA_BUNDLE: join(home, "ca.pem"),
      AWS_ENDPOINT_URL: standIn.url,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
      ...env,
    };
    return new Promise((resolve) => {
      execFile("aws", args, { env: full }, (error, stdout, stderr) => {
        const status = typeof error?.code === "number" ? error.code : error ? -1 : 0;
        resolve({ status, stdout, stderr: stderr || (error?.code === "ENOENT" ? "aws is not on PATH" : "") });
      });
    });
  }
  async function json(args: readonly string[], env?: Readonly<Record<string, string>>) {
    const { status, stdout, stderr } = await aws([...args, "--output", "json"], env);
    assert.equal(status, 0, stderr);
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  }
  /** The sentence of an error, without what the versions put around it. */
  async function failure(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    const { status, stderr } = await aws(args, env);
    assert.notEqual(status, 0);
    return /An error occurred[^\n]*/.exec(stderr)?.[0] ?? stderr;
  }
  const onEntry = (command: string, ...more: string[]) => [
    "eks",
    command,
    "--cluster-name",
    "lab",
    "--principal-arn",
    DEVELOPER,
    ...more,
  ];

  it("describes and lists clusters", async () => {
    addCluster(standIn.world, { name: "second" });
    const { cluster: described } = await json(["eks", "describe-cluster", "--name", "lab"]);
    assert.deepEqual(
      [described.arn, described.endpoint, described.status, described.accessConfig.authenticationMode],
      [cluster.arn, "https://127.0.0.1:1234", "ACTIVE", "API_AND_CONFIG_MAP"],
    );
    assert.equal(Buffer.from(described.certificateAuthority.data, "base64").toString(), ca.cert);
    assert.deepEqual(await json(["eks", "list-clusters", "--page-size", "1"]), {
      clusters: ["lab", "second"],
    });
    assert.equal(
      await failure(["eks", "describe-cluster", "--name", "nope"]),
      "An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: nope.",
    );
  });

  it("writes a kubeconfig", async () => {
    const file = join(home, "kubeconfig");
    const { status, stderr } = await aws(["eks", "update-kubeconfig", "--name", "lab", "--kubeconfig", file]);
    assert.equal(status, 0, stderr);
    assert.match(await readFile(file, "utf8"), /server: https:\/\/127\.0\.0\.1:1234\n/);
  });

  it("makes, shows, changes, lists and deletes access entries", async () => {
    const { accessEntry: made } = await json(
      onEntry("create-access-entry", "--kubernetes-groups", "devs", "ops"),
    );
    assert.deepEqual(
      [made.principalArn, made.kubernetesGroups, made.username, made.type],
      [
        DEVELOPER,
        ["devs", "ops"],
        "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/{{SessionName}}",
        "STANDARD",
      ],
    );
    assert.deepEqual((await json(onEntry("describe-access-entry"))).accessEntry, made);
    assert.equal(
      await failure(onEntry("create-access-entry")),
      "An error occurred (ResourceInUseException) when calling the CreateAccessEntry operation: The specified access entry resource is already in use on this cluster.",
    );
    const { accessEntry: changed } = await json(
      onEntry("update-access-entry", "--kubernetes-groups", "readers"),
    );
    assert.deepEqual(changed.kubernetesGroups, ["readers"]);
    assert.equal(
      await failure(onEntry("update-access-entry", "--kubernetes-groups", "system:masters")),
      "An error occurred (InvalidParameterException) when calling the UpdateAccessEntry operation: The kubernetes group name system:masters is invalid, it cannot start with system:",
    );
    assert.deepEqual(await json(["eks", "list-access-entries", "--cluster-name", "lab"]), {
      accessEntries: [DEVELOPER],
    });
    assert.equal(await json(onEntry("delete-access-entry")), undefined);
    assert.equal(
      await failure(onEntry("describe-access-entry")),
      "An error occurred (ResourceNotFoundException) when calling the DescribeAccessEntry operation: The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
    );
  });

  it("associates, lists and takes away access policies", async () => {
    await json(onEntry("create-access-entry"));
    const scope = ["--access-scope", "type=namespace,namespaces=team-a,dev-*"];
    const { associatedAccessPolicy } = await json(
      onEntry("associate-access-policy", "--policy-arn", VIEW, ...scope),
    );
    assert.deepEqual(associatedAccessPolicy.accessScope, {
      type: "namespace",
      namespaces: ["team-a", "dev-*"],
    });
    const listed = await json(onEntry("list-associated-access-policies"));
    assert.deepEqual(listed.associatedAccessPolicies, [associatedAccessPolicy]);
    assert.equal(await json(onEntry("disassociate-access-policy", "--policy-arn", VIEW)), undefined);
    const { accessPolicies } = await json(["eks", "list-access-policies"]);
    assert.ok(accessPolicies.some(({ arn }: { arn: string }) => arn === VIEW));
  });

  it("changes the authentication mode, one step at a time", async () => {
    cluster.authenticationMode = "CONFIG_MAP";
    const change = (mode: string) => [
      "eks",
      "update-cluster-config",
      "--name",
      "lab",
      "--access-config",
      `authenticationMode=${mode}`,
    ];
    assert.equal(
      await failure(change("API")),
      "An error occurred (InvalidParameterException) when calling the UpdateClusterConfig operation: Unsupported authentication mode update from CONFIG_MAP to API",
    );
    assert.equal(
      await failure(["eks", "list-access-entries", "--cluster-name", "lab"]),
      "An error occurred (InvalidRequestException) when calling the ListAccessEntries operation: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
    const { update } = await json(change("API_AND_CONFIG_MAP"));
    const found = await json(["eks", "describe-update", "--name", "lab", "--update-id", update.id]);
    assert.deepEqual([found.update.type, found.update.status], ["AccessConfigUpdate", "Successful"]);
  });

  it("mints a token that the stand-in takes for its cluster and no other", async () => {
    const { AWS_ENDPOINT_URL, ...offline } = {
      AWS_ENDPOINT_URL: "",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    };
    const { status } = await json(["eks", "get-token", "--cluster-name", "lab"], offline);
    const url = Buffer.from(status.token.replace("k8s-aws-v1.", ""), "base64url").toString();
    assert.match(url, /^https:\/\/sts\.us-east-1\.amazonaws\.com\/\?/);
    const ask = (clusterName: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          host: "sts.us-east-1.amazonaws.com",
          "x-k8s-aws-id": clusterName,
          accept: "application/json",
        };
        const path = url.replace("https://sts.us-east-1.amazonaws.com", "");
        const options = { path, headers, ca: ca.cert, agent: false as const, servername: headers.host };
        request(standIn.url, options, (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode));
        })
          .on("error", reject)
          .end();
      });
    assert.deepEqual([await ask("lab"), await ask("other")], [200, 403]);
  });

  it("says who it is, as user and as role", async () => {
    const user = standIn.world.users.get("arn:aws:iam::111122223333:user/lab-admin");
    assert.deepEqual(await json(["sts", "get-caller-identity"]), {
      UserId: user?.uniqueId,
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/lab-admin",
    });
    const role = addRole(standIn.world, { name: "ops", trust: [chainTrust(user?.arn ?? "")] });
    const assume = ["sts", "assume-role", "--role-session-name", "ada", "--role-arn"];
    const { Credentials } = await json([...assume, role.arn]);
    const env = {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
    };
    const { Arn } = await json(["sts", "get-caller-identity"], env);
    assert.equal(Arn, "arn:aws:sts::111122223333:assumed-role/ops/ada");
    assert.equal(
      await failure(["eks", "list-clusters"], env),
      `An error occurred (AccessDeniedException) when calling the ListClusters operation: User: ${Arn} is not authorized to perform: eks:ListClusters on resource: arn:aws:eks:us-east-1:111122223333:cluster/* because no identity-based policy allows the eks:ListClusters action`,
    );
    assert.equal(
      await failure([...assume, DEVELOPER]),
      `An error occurred (AccessDenied) when calling the AssumeRole operation: User: ${user?.arn} is not authorized to perform: sts:AssumeRole on resource: ${DEVELOPER}`,
    );
  });

  it("exchanges a web identity", async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = issuer.token({ iat: now, exp: now + 600 });
    const exchange = (webIdentity: string) => [
      "sts",
      "assume-role-with-web-identity",
      "--role-arn",
      DEVELOPER,
      "--role-session-name",
      "ada@example.com",
      "--web-identity-token",
      webIdentity,
    ];
    const answer = await json(exchange(token));
    assert.deepEqual(
      [answer.SubjectFromWebIdentityToken, answer.AssumedRoleUser.Arn, answer.SourceIdentity],
      [
        "ada@example.com",
        "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada@example.com",
        "ada@example.com",
      ],
    );
    const old = issuer.token({ iat: now - 700, exp: now - 100 });
    assert.match(
      await failure(exchange(old)),
      /^An error occurred \(ExpiredTokenException\) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
    );
  });

  it("reads IAM", async () => {
    const { Role } = await json(["iam", "get-role", "--role-name", "VouchDeveloper"]);
    assert.deepEqual([Role.Arn, Role.AssumeRolePolicyDocument.Version], [DEVELOPER, "2012-10-17"]);
    const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer.url.slice("https://".length)}`;
    assert.deepEqual(await json(["iam", "list-open-id-connect-providers"]), {
      OpenIDConnectProviderList: [{ Arn: provider }],
    });
    const { Url } = await json([
      "iam",
      "get-open-id-connect-provider",
      "--open-id-connect-provider-arn",
      provider,
    ]);
    assert.equal(Url, issuer.url.slice("https://".length));
    standIn.world.roles.get(DEVELOPER)?.allows.push(CLUSTER_READS);
    const simulate = ["iam", "simulate-principal-policy", "--policy-source-arn", DEVELOPER];
    const { EvaluationResults } = await json([
      ...simulate,
      "--action-names",
      "eks:DescribeCluster",
      "sts:AssumeRole",
    ]);
    assert.deepEqual(
      EvaluationResults.map(({ EvalDecision }: { EvalDecision: string }) => EvalDecision),
      ["allowed", "implicitDeny"],
    );
    assert.equal(
      await failure(["iam", "get-role", "--role-name", "nobody"]),
      "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name nobody cannot be found.",
    );
  });

  it("reads AWS's own words for bad keys", async () => {
    const mismatch =
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
    const wrongSecret = { AWS_SECRET_ACCESS_KEY: "canary-wrong" };
    const unknownKey = { AWS_ACCESS_KEY_ID: "AKIANOBODY0000000001" };
    const identify = ["sts", "get-caller-identity"];
    const list = ["eks", "list-clusters"];
    const said = (code: string, operation: string, text: string) =>
      `An error occurred (${code}) when calling the ${operation} operation: ${text}`;
    const invalid = "The security token included in the request is invalid.";
    assert.deepEqual(
      [
        await failure(identify, wrongSecret),
        await failure(list, wrongSecret),
        await failure(identify, unknownKey),
        await failure(list, unknownKey),
      ],
      [
        said("SignatureDoesNotMatch", "GetCallerIdentity", mismatch),
        said("InvalidSignatureException", "ListClusters", mismatch),
        said("InvalidClientTokenId", "GetCallerIdentity", invalid),
        said("UnrecognizedClientException", "ListClusters", invalid),
      ],
    );
  });
});

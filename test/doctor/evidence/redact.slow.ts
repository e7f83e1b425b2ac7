import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { knownValue } from "../../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";
import { redactEvidence } from "../../../doctor/evidence/redact.ts";
import {
  healthyBundle,
  healthyProfileBundle,
  healthyVouchBundle,
  kubeconfigText,
  VOUCH_EXEC,
} from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { VARIANTS } from "../support/variants.ts";

const CANARY = "Canary7SecretValue";
/** The shape of a secret access key: 40 characters of base64. Source: AWS's documentation, with a key of no account. */
const SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPL3KY";
const JWT = `eyJhbGciOiJSUzI1NiJ9.${btoa('{"sub":"canary"}').replaceAll("=", "")}.c2lnbmF0dXJlLWNhbmFyeQ`;
const EKS_TOKEN = `k8s-aws-v1.${btoa("https://sts.amazonaws.com/?canary").replaceAll("=", "")}`;
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----`;
const SESSION_TOKEN = `IQoJb3JpZ2luX2VjE${"Ab9/".repeat(40)}`;

/** Each secret in every place where people paste things. */
const SECRETS: Readonly<Record<string, string>> = {
  "an EKS token": EKS_TOKEN,
  "a web token": JWT,
  "a presigned URL": `https://sts.amazonaws.com/?X-Amz-Signature=${"0123456789abcdef".repeat(4)}&X-Amz-Security-Token=${CANARY}Token`,
  "a header": `Authorization: Bearer ${CANARY}-${CANARY}`,
  "a signature of AWS": `AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=${"0123456789abcdef".repeat(4)}`,
  "a password in a URL": `https://ada:${CANARY}@proxy.example.com:3128`,
  "a private key": PEM,
  "a private key in base64": btoa(PEM),
  "a secret access key": `secret ${SECRET_KEY} of ada`,
  "a session token": SESSION_TOKEN,
  "a secret in a command": `oidc-login get-token --oidc-client-secret=${CANARY} --token ${CANARY}`,
  "a variable": `export AWS_SECRET_ACCESS_KEY=${CANARY}`,
  "a setting of Terraform": `token = "${CANARY}"\npassword = "${CANARY}"`,
  "a setting of YAML": `db:\n  password: ${CANARY}\n  clientSecret: '${CANARY}'`,
  "a setting in braces": `{ user: ada, password: ${CANARY}, token: ${CANARY} }`,
  "JSON of AWS": `{"SecretAccessKey": "${CANARY}${CANARY}", "SessionToken": "${CANARY}${CANARY}"}`,
  "a unit of systemd": `Environment="AWS_SESSION_TOKEN=${CANARY}" 'GITHUB_TOKEN=${CANARY}'`,
  "a property list": `<key>AWS_SESSION_TOKEN</key>\n<string>${CANARY}</string>`,
  "a variable of a manifest": `- name: AWS_SESSION_TOKEN\n  value: ${CANARY}`,
  "a setting of the AWS CLI": `aws configure set profile.dev.aws_secret_access_key ${CANARY}`,
  "a token of a forge": `ghp_${CANARY}${CANARY}`,
};

/** What of a secret must not be left, wherever it stood. */
const LEFT = [
  CANARY,
  "0123456789abcdef0123456789abcdef",
  EKS_TOKEN.slice(12),
  JWT.slice(24),
  SECRET_KEY,
  SESSION_TOKEN.slice(20),
  btoa(PEM).slice(30),
];

/** AWS gives more fields than the schema has; people write notes into them. */
function withNote<T extends object>(answer: T, Note: string): T {
  return { ...answer, Note };
}

interface NamedBundle {
  readonly row: string;
  readonly name?: string;
  readonly bundle: DoctorEvidence;
}

function textOf(evidence: DoctorEvidence, names = false): string {
  return JSON.stringify(redactEvidence(evidence, { names }));
}

describe("a redacted bundle", () => {
  for (const [what, secret] of Object.entries(SECRETS)) {
    it(`never holds ${what} that stands in free text`, () => {
      const places: readonly Partial<DoctorEvidence>[] = [
        { question: { command: `run ${secret}`, stderr: secret } },
        { client: { name: "ci", configuration: `# job\n${secret}\n` } },
        { cluster: { failed: `denied: ${secret}` } },
        { pluginRun: { exitCode: 1, stderr: secret, stdoutHead: secret } },
        { apiServer: { status: 500, message: secret } },
        { environment: { NOTE: secret, SECRET: secret } },
        { awsAuth: secret },
        {
          role: {
            Role: { Arn: "x", RoleId: "y", CreateDate: 1, AssumeRolePolicyDocument: { Note: secret } },
          },
        },
        {
          otherObservations: [{ differs: secret, command: `run ${secret}`, stderr: secret, context: secret }],
        },
        {
          otherObservations: [
            {
              differs: "in a job",
              client: {
                name: "ci",
                configuration: `# job\n${secret}\n`,
                files: [{ path: "/x", text: `\n${secret}\n` }],
              },
              environment: { NOTE: secret, SECRET: secret },
              network: { host: "x", port: 443, proxy: { url: "http://p", origin: "x", answer: secret } },
            },
          ],
        },
        { client: { name: "ci", files: [{ path: "/x", text: `\n${secret}\n` }] } },
        { fixAttempts: [{ command: `run ${secret}`, stderr: secret, by: secret }] },
        { clusterCreator: { failed: `denied: ${secret}` } },
        { workload: { failed: `denied: ${secret}` } },
        { workload: { kind: "pod", annotatedRole: secret, instanceRole: secret } },
        { roles: { Roles: [withNote({ Arn: "x" }, secret)] } },
        {
          securityGroups: { SecurityGroups: [withNote({ GroupId: "sg-1", IpPermissions: [] }, secret)] },
          routeTables: { RouteTables: [withNote({ Routes: [] }, secret)] },
        },
      ];
      for (const place of places) {
        const text = textOf(healthyBundle(place));
        for (const rest of LEFT)
          assert.ok(!text.includes(rest), `${Object.keys(place)}: ${text.slice(0, 200)}`);
      }
    });
  }

  it("holds no secret of a kubeconfig, and all the rest of it", () => {
    const user = [
      `token: ${CANARY}`,
      `password: "${CANARY}"`,
      `client-key-data: ${btoa(PEM)}`,
      `client-certificate-data: QUJD`,
      "auth-provider:",
      "  name: oidc",
      "  config:",
      `    id-token: ${JWT}`,
      `    refresh-token: ${CANARY}`,
      `    client-secret: ${CANARY}`,
      "exec:",
      "  apiVersion: client.authentication.k8s.io/v1",
      "  command: kubelogin",
      `  args: [get-token, "--oidc-client-secret=${CANARY}"]`,
      "  env:",
      "  - name: AWS_SESSION_TOKEN",
      `    value: ${CANARY}`,
      "  - name: AWS_PROFILE",
      "    value: dev",
    ];
    const text = kubeconfigText("").replace(
      / {4}exec:\n\s*$/,
      `${user.map((line) => `    ${line}\n`).join("")}`,
    );
    const redacted = knownValue(
      redactEvidence(healthyBundle({ kubeconfig: { files: [{ path: "x", text }] } }), { names: false })
        .kubeconfig,
    );
    const [file] = redacted?.files ?? [];
    assert.ok(file !== undefined && "text" in file);
    for (const rest of LEFT) assert.ok(!file.text.includes(rest), file.text);
    assert.equal(
      file.text,
      text
        .replace(`token: ${CANARY}`, 'token: "***"')
        .replace(`password: "${CANARY}"`, 'password: "***"')
        .replace(`client-key-data: ${btoa(PEM)}`, 'client-key-data: "***"')
        .replace(`id-token: ${JWT}`, 'id-token: "***"')
        .replace(`refresh-token: ${CANARY}`, 'refresh-token: "***"')
        .replace(`client-secret: ${CANARY}`, 'client-secret: "***"')
        .replace(`--oidc-client-secret=${CANARY}`, "--oidc-client-secret=***")
        .replace(`value: ${CANARY}`, 'value: "***"'),
    );
  });

  it("holds no key of AWS's files and of the environment, and says where files are", () => {
    const bundle = healthyBundle({
      awsCredentials: {
        path: "/home/ada/.aws/credentials",
        text: `[dev]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = ${SECRET_KEY}\naws_session_token=${CANARY}\n`,
      },
      environment: {
        AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12",
        AWS_SECRET_ACCESS_KEY: SECRET_KEY,
        GITHUB_TOKEN: CANARY,
        AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
        HTTPS_PROXY: `http://ada:${CANARY}@proxy.example.com:3128`,
      },
    });
    const { awsCredentials, environment } = redactEvidence(bundle, { names: false });
    assert.deepEqual(awsCredentials, {
      path: "/home/ada/.aws/credentials",
      text: "[dev]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = ***\naws_session_token=***\n",
    });
    assert.deepEqual(environment, {
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12",
      AWS_SECRET_ACCESS_KEY: "***",
      GITHUB_TOKEN: "***",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
      HTTPS_PROXY: "http://***@proxy.example.com:3128",
    });
  });

  it("masks what belongs to another observation, and files of a client, as it masks the case's own", () => {
    const random = "q7Rw2ZpK9vXt4LmB8sYd3Hc";
    const text = kubeconfigText(`command: x\nargs: ["${random}"]\n`).replace(
      "exec:",
      `token: ${CANARY}\n    exec:`,
    );
    const side = {
      kubeconfig: {
        files: [{ path: "/k", text }],
        kuberc: { path: "/r", text: `args: ["${random}"]\n` },
      },
      environment: { NOTE: random, AWS_SESSION_TOKEN: CANARY, AWS_PROFILE: "dev" },
      client: { name: "ci", configuration: text, files: [{ path: "/k", text }] },
    };
    const own = redactEvidence(healthyBundle(side), { names: false });
    const { kubeconfig, environment, client } = own;
    const other = healthyBundle({ otherObservations: [{ differs: "x", ...side }] });
    assert.deepEqual(redactEvidence(other, { names: false }).otherObservations, [
      { differs: "x", kubeconfig, environment, client },
    ]);
    const masked = knownValue(client);
    assert.equal(masked?.files?.[0]?.text, masked?.configuration);
    assert.match(masked?.configuration ?? "", /token: "\*\*\*"\n/);
    assert.doesNotMatch(JSON.stringify(own), new RegExp(random));
  });

  it("leaves alone what only looks like a secret", () => {
    const bundle = healthyBundle({
      client: {
        name: "terraform",
        configuration: [
          "token = data.aws_eks_cluster_auth.lab.token",
          `password: $PASSWORD`,
          `secret: \${{ secrets.KEY }}`,
          "commit 0123456789abcdef0123456789abcdef01234567",
          "/usr/local/lib/node_modules/some/Path1/x/y/z",
          "--token-file /var/run/x",
        ].join("\n"),
      },
    });
    assert.deepEqual(redactEvidence(bundle, { names: false }), bundle);
    assert.deepEqual(redactEvidence(healthyVouchBundle(), { names: false }), healthyVouchBundle());
  });

  it("is a bundle, and stays the same when it is redacted again", () => {
    for (const { row, bundle } of [...FAULTS, ...VARIANTS]) {
      const once = redactEvidence(bundle, { names: false });
      assert.deepEqual(redactEvidence(once, { names: false }), once, row);
      assert.doesNotThrow(() => readEvidence(textOf(bundle, true)), row);
    }
  });
});

describe("a bundle redacted of names", () => {
  const named = healthyVouchBundle({
    question: {
      command: "kubectl get pods",
      stderr: 'User "arn:aws:sts::111122223333:assumed-role/Payments/ada-example.com"',
    },
    kubeconfig: {
      files: [
        {
          path: "/home/lovelace/.kube/config",
          text: kubeconfigText(VOUCH_EXEC.replace("us.vouch.sh", "login.corp.test")),
        },
      ],
    },
    callerIdentity: {
      UserId: "AROAEXAMPLEEXAMPLE123:ada@example.com",
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/Payments/ada@example.com",
    },
    role: {
      Role: {
        Arn: "arn:aws:iam::111122223333:role/team/x/Payments",
        RoleId: "AROAEXAMPLEEXAMPLE123",
        CreateDate: 1,
        AssumeRolePolicyDocument: encodeURIComponent(
          '{"Principal":{"AWS":"arn:aws:iam::444455556666:user/staff/Grace"}}',
        ),
      },
    },
    environment: { USER: "lovelace", NO_PROXY: "localhost,.corp.test,10.0.0.0/8" },
    accessEntries: {
      accessEntries: [
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Payers_0123456789abcdef",
      ],
    },
  });
  const text = textOf(named, true);

  it("holds no account, address, principal, role, user, cluster or host any more", () => {
    for (const name of [
      "111122223333",
      "444455556666",
      "ada@",
      "ada-example",
      "AROAEXAMPLE",
      "Payments",
      "Grace",
      "staff",
      "lovelace",
      '"lab"',
      "cluster/lab",
      "--cluster-name, lab",
      "0123456789ABCDEF0123456789ABCDEF",
      "corp.test",
      "Payers",
    ]) {
      assert.ok(!text.includes(name), name);
    }
  });

  it("puts the same placeholder everywhere, in the form of the name", () => {
    const { callerIdentity, role, environment, question, accessEntries } = redactEvidence(named, {
      names: true,
    });
    const { UserId = "", Account = "", Arn = "" } = knownValue(callerIdentity) ?? {};
    const [id, session] = UserId.split(":");
    assert.match(Account, /^0{8}\d{4}$/);
    assert.match(id ?? "", /^AROAREDACTED\d{9}$/);
    assert.match(session ?? "", /^person\d@example\.com$/);
    assert.equal(knownValue(role)?.Role.RoleId, id);
    assert.match(Arn, new RegExp(`^arn:aws:sts::${Account}:assumed-role/role\\d/${session}$`, "i"));
    assert.equal(knownValue(role)?.Role.Arn.split("/").at(-1), Arn.split("/")[1]);
    assert.match(String(knownValue(role)?.Role.AssumeRolePolicyDocument), /^%7B%22Principal/);
    assert.match(question?.stderr ?? "", /assumed-role\/role\d\/person\d-example\.com"$/i);
    assert.deepEqual(knownValue(environment)?.["NO_PROXY"], "localhost,.domain1.test,10.0.0.0/8");
    assert.match(
      knownValue(accessEntries)?.accessEntries[0] ?? "",
      /:role\/aws-reserved\/sso\.amazonaws\.com\/AWSReservedSSO_role\d_0123456789abcdef$/i,
    );
  });

  it("keeps spellings that differ in case apart, and alike but for case", () => {
    const bundle = healthyBundle({
      clusters: { clusters: ["Paris", "paris", "PARIS", "pAris", "other"] },
      accessEntries: { accessEntries: [] },
    });
    const [first, ...others] = knownValue(redactEvidence(bundle, { names: true }).clusters)?.clusters ?? [];
    const alike = others.slice(0, 3);
    assert.equal(new Set([first, ...others]).size, 5);
    assert.deepEqual(new Set(alike.map((name) => name.toLowerCase())), new Set([first?.toLowerCase()]));
    assert.deepEqual([others[0], others[1]], [first?.toLowerCase(), first?.toUpperCase()]);
  });

  it("puts it into a session of Identity Center and the profile alike", () => {
    const { awsConfig, sourceFiles } = redactEvidence(healthyProfileBundle(), { names: true });
    const [session] = knownValue(sourceFiles) ?? [];
    const { text = "" } = knownValue(awsConfig) ?? {};
    assert.ok(!JSON.stringify({ awsConfig, sourceFiles }).includes("corp.awsapps.com"));
    assert.match(session?.startUrl ?? "", /^https:\/\/[\w.-]+\/start$/);
    assert.ok(text.includes(`sso_start_url = ${session?.startUrl}`), text);
  });

  it("keeps words that commands and files are made of, even where they are names", () => {
    const bundle = healthyBundle({ clusters: { clusters: ["eks", "get", "admin"] } });
    assert.deepEqual(redactEvidence(bundle, { names: true }).clusters, { clusters: ["eks", "get", "admin"] });
  });
});

describe("names in what people tell besides", () => {
  const told: Partial<DoctorEvidence> = {
    otherObservations: [
      {
        differs: "from the terminal",
        command: "aws iam get-user --user-name hopper",
        environment: { USER: "babbage", NO_PROXY: "intern.corp.test" },
        network: { host: "api.other.test", port: 443, tls: { ok: true, subjectAltNames: ["*.third.test"] } },
        callerIdentity: { Arn: "arn:aws:sts::777788889999:assumed-role/Invoices/grace@example.com" },
        client: { name: "kubectl", path: "/home/turing/bin/kubectl" },
        workload: { kind: "instance", instanceRole: "BillingNodes" },
      },
    ],
    fixAttempts: [
      {
        command: "eksctl get iamidentitymapping --cluster ledger",
        by: "arn:aws:iam::111122223333:user/Church",
      },
      { command: "aws iam get-role --role-name Auditors", stderr: "User: kay@corp.test" },
    ],
    client: {
      name: "kubectl",
      files: [{ path: "/Users/lamport/.envrc", text: "ROLE=arn:aws:iam::111122223333:role/Paxos" }],
    },
    roles: { Roles: [{ Arn: "arn:aws:iam::111122223333:role/Turnstile", RoleName: "Turnstile" }] },
    user: { User: { Arn: "arn:aws:iam::111122223333:user/Dijkstra", UserId: "AIDAEXAMPLEEXAMPLE123" } },
    clusterCreator: { Arn: "arn:aws:iam::111122223333:role/Builders", source: "word" },
    workload: {
      kind: "pod",
      annotatedRole: "arn:aws:iam::111122223333:role/Ledgers",
      instanceRole: "WebNodes",
    },
    awsAuth:
      "mapRoles: |\n  - rolearn: arn:aws:eks:eu-west-1:111122223333:access-entry/ships/role/111122223333/team/Sailors/a6c8\n",
  };
  const text = textOf(healthyBundle(told), true);

  it("are replaced", () => {
    const names =
      "hopper babbage corp.test other.test third.test 777788889999 Invoices grace turing BillingNodes ledger Church Auditors kay lamport Paxos Turnstile Dijkstra AIDAEXAMPLE Builders Ledgers WebNodes ships Sailors";
    for (const name of names.split(" ")) assert.ok(!text.includes(name), name);
  });

  it("are kept without --redact", () => {
    assert.deepEqual(redactEvidence(healthyBundle(told), { names: false }), healthyBundle(told));
  });
});

describe("the diagnosis of a redacted bundle", () => {
  const causes = (bundle: DoctorEvidence) =>
    diagnose(RULES, deriveFacts(bundle)).rootCauses.map(
      ({ cause, code, confidence }) => `${cause} ${code} ${confidence}`,
    );

  for (const { row, bundle, name = row } of [...FAULTS, ...VARIANTS] as readonly NamedBundle[]) {
    it(`is for ${name} what it is for the original`, () => {
      const expected = causes(bundle);
      assert.deepEqual(causes(redactEvidence(bundle, { names: false })), expected);
      assert.deepEqual(causes(redactEvidence(bundle, { names: true })), expected);
    });
  }

  it("is healthy where the original is", () => {
    for (const bundle of [healthyBundle(), healthyVouchBundle(), healthyProfileBundle()]) {
      assert.equal(diagnose(RULES, deriveFacts(redactEvidence(bundle, { names: true }))).healthy, true);
    }
  });
});

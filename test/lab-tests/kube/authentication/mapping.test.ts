import assert from "node:assert/strict";
import { kubeIdentity } from "../../../lab/kube/authentication/kube-identity.ts";
import { accessEntryMapper, awsAuthMapper } from "../../../lab/kube/authentication/mappers.ts";
import type { AuthenticationMode } from "../../../lab/model.ts";
import { ACCOUNT, entryFor, type KubeLab, startKubeLab, uniqueId } from "../support/kube-lab.ts";

const SESSION = "gina@example.com";

function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** Somebody STS has identified. */
function caller(principal: string, session = SESSION) {
  const [kind, ...names] = principal.split("/");
  const isRole = kind === "role";
  const arn = isRole
    ? `arn:aws:sts::${ACCOUNT}:assumed-role/${names.at(-1)}/${session}`
    : `arn:aws:iam::${ACCOUNT}:${principal}`;
  const canonicalArn = isRole ? roleArn(names.at(-1) ?? "") : arn;
  const sessionName = isRole ? session : "";
  return {
    arn,
    canonicalArn,
    accountId: ACCOUNT,
    userId: uniqueId(principal),
    sessionName,
    accessKeyId: "ASIAKEY",
  };
}

function nameAndGroups(identity: ReturnType<typeof caller>, ...mappers: Parameters<typeof kubeIdentity>[1]) {
  const { username, groups } = kubeIdentity(identity, mappers);
  return { username, groups };
}

describe("who lets whom in, by authentication mode", () => {
  const entries = [
    entryFor("role/dev", { kubernetesGroups: ["devs"] }),
    entryFor("role/both", { username: "from-entry:{{SessionName}}", kubernetesGroups: ["g-entry"] }),
  ];
  const awsAuth = {
    mapRoles: ["ops", "both", "cmonly"]
      .map(
        (name) => `- rolearn: ${roleArn(name)}\n  username: ${name}-cm:{{SessionName}}\n  groups: [g-cm]\n`,
      )
      .join(""),
  };

  /** Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user". */
  const table: Readonly<Record<AuthenticationMode, Readonly<Record<string, string>>>> = {
    API: {
      dev: `arn:aws:sts::${ACCOUNT}:assumed-role/dev/gina-example.com [devs system:authenticated]`,
      ops: "401",
      both: "from-entry:gina-example.com [g-entry system:authenticated]",
      cmonly: "401",
    },
    API_AND_CONFIG_MAP: {
      dev: `arn:aws:sts::${ACCOUNT}:assumed-role/dev/gina-example.com [devs system:authenticated]`,
      ops: "ops-cm:gina-example.com [g-cm system:authenticated]",
      both: "from-entry:gina-example.com [g-entry system:authenticated]",
      cmonly: "cmonly-cm:gina-example.com [g-cm system:authenticated]",
    },
    CONFIG_MAP: {
      dev: "401",
      ops: "ops-cm:gina-example.com [g-cm system:authenticated]",
      both: "both-cm:gina-example.com [g-cm system:authenticated]",
      cmonly: "cmonly-cm:gina-example.com [g-cm system:authenticated]",
    },
  };

  let lab: KubeLab;
  before(async () => {
    lab = await startKubeLab({
      awsAuth,
      accessEntries: new Map(entries.map((entry) => [entry.principalArn, entry])),
    });
  });
  after(() => lab.close());

  for (const [mode, people] of Object.entries(table)) {
    for (const [name, expected] of Object.entries(people)) {
      it(`${mode}: ${name} is ${expected}`, async () => {
        lab.cluster.authenticationMode = mode as AuthenticationMode;
        await lab.kube.forgetTokens();
        const token = lab.token(lab.person(`role/${name}`, SESSION));
        const { status, body } = await lab.call(token, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
          method: "POST",
          body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
        });
        const user = (body as { status: { userInfo?: { username: string; groups: string[] } } }).status
          .userInfo;
        assert.equal(
          user === undefined ? String(status) : `${user.username} [${user.groups.join(" ")}]`,
          expected,
        );
      });
    }
  }
});

describe("an access entry", () => {
  it("matches a role whatever path the entry's ARN has", () => {
    const entry = entryFor("role/team/a/dev", { username: "dev" });
    assert.deepEqual(nameAndGroups(caller("role/dev"), accessEntryMapper([entry])), {
      username: "dev",
      groups: ["system:authenticated"],
    });
  });

  it("does not match a role that was deleted and made again", () => {
    const entry = entryFor("role/dev", { principalId: "AROAOLD00000000000000" });
    assert.throws(() => kubeIdentity(caller("role/dev"), [accessEntryMapper([entry])]), {
      message: "identity is not mapped",
    });
  });

  it("lets aws-auth answer for a role that was made again", () => {
    const entry = entryFor("role/dev", { principalId: "AROAOLD00000000000000" });
    const awsAuth = awsAuthMapper({ mapRoles: `- rolearn: ${roleArn("dev")}\n  username: cm\n` });
    assert.equal(nameAndGroups(caller("role/dev"), accessEntryMapper([entry]), awsAuth).username, "cm");
  });

  it("refuses an id that now has another ARN", () => {
    const entry = entryFor("user/new-name", { principalId: uniqueId("user/dave") });
    assert.throws(() => kubeIdentity(caller("user/dave"), [accessEntryMapper([entry])]), {
      message: "mapper DynamicFile Map error: ARN does not match User ID",
    });
  });

  it("compares a user with its path", () => {
    const named = { username: "", groups: ["system:authenticated"] };
    const mapper = accessEntryMapper([entryFor("user/team/dave")]);
    assert.deepEqual(nameAndGroups(caller("user/team/dave"), mapper), {
      ...named,
      username: `arn:aws:iam::${ACCOUNT}:user/team/dave`,
    });
  });

  it("may not make a reserved username, and aws-auth is not asked then", () => {
    const entry = entryFor("role/dev", { username: "eks:frank" });
    const awsAuth = awsAuthMapper({ mapRoles: `- rolearn: ${roleArn("dev")}\n  username: cm\n` });
    assert.throws(() => kubeIdentity(caller("role/dev"), [accessEntryMapper([entry]), awsAuth]), {
      message:
        "invalid username 'eks:frank' for mapper DynamicFile: username must not begin with with the following prefixes: [system: eks: aws: amazon: iam:]",
    });
  });
});

describe("an aws-auth mapping", () => {
  const one = (arn: string, more = "") =>
    awsAuthMapper({ mapRoles: `- rolearn: ${arn}\n  username: u\n${more}` });

  it("matches in any case", () => {
    assert.equal(nameAndGroups(caller("role/dev"), one(roleArn("DEV").toUpperCase())).username, "u");
  });

  for (const arn of [roleArn("team/dev"), `arn:aws:sts::${ACCOUNT}:assumed-role/dev/${SESSION}`]) {
    it(`never matches ${arn}`, () => {
      assert.throws(() => kubeIdentity(caller("role/dev"), [one(arn)]), {
        message: "identity is not mapped",
      });
    });
  }

  it("gives way to a later one for the same role", () => {
    const mapper = one(roleArn("dev"), `- rolearn: ${roleArn("Dev")}\n  username: later\n`);
    assert.equal(nameAndGroups(caller("role/dev"), mapper).username, "later");
  });

  it("may use reserved usernames and the masters", () => {
    const mapper = awsAuthMapper({
      mapRoles: `- rolearn: ${roleArn("dev")}\n  username: system:node:x\n  groups: [system:masters]\n`,
    });
    assert.deepEqual(nameAndGroups(caller("role/dev"), mapper), {
      username: "system:node:x",
      groups: ["system:masters", "system:authenticated"],
    });
  });

  it("matches a user with its path", () => {
    const mapper = awsAuthMapper({
      mapUsers: `- userarn: arn:aws:iam::${ACCOUNT}:user/team/dave\n  username: dave\n`,
    });
    assert.equal(nameAndGroups(caller("user/team/dave"), mapper).username, "dave");
  });

  it("of a whole account gives the role's ARN as username, and no groups", () => {
    const mapper = awsAuthMapper({ mapAccounts: `- "${ACCOUNT}"` });
    assert.deepEqual(nameAndGroups(caller("role/dev"), mapper), {
      username: roleArn("dev"),
      groups: ["system:authenticated"],
    });
  });
});

describe("a username template", () => {
  const filled: readonly [template: string, username: string][] = [
    ["{{SessionName}}", "gina-example.com"],
    ["{{SessionNameRaw}}", "gina@example.com"],
    ["{{AccountID}}:{{AccessKeyID}}", `${ACCOUNT}:ASIAKEY`],
    ["{{Foo}}", "{{Foo}}"],
  ];
  for (const [template, username] of filled) {
    it(`makes ${username} of ${template}, in groups too`, () => {
      const entry = entryFor("role/dev", { username: template, kubernetesGroups: [template] });
      assert.deepEqual(nameAndGroups(caller("role/dev"), accessEntryMapper([entry])), {
        username,
        groups: [username, "system:authenticated"],
      });
    });
  }

  it("with {{EC2PrivateDNSName}} fails for a person", () => {
    const mapper = awsAuthMapper({
      mapRoles: `- rolearn: ${roleArn("dev")}\n  username: system:node:{{EC2PrivateDNSName}}\n`,
    });
    assert.throws(() => kubeIdentity(caller("role/dev"), [mapper]), {
      message:
        'mapper EKSConfigMap renderTemplates error: error rendering username template "system:node:{{EC2PrivateDNSName}}": SessionName did not contain an instance id',
    });
  });
});

describe("the log of the authenticator", () => {
  it("tells of an aws-auth it could not read once, and of one that was deleted", async () => {
    const lab = await startKubeLab({ awsAuth: { mapRoles: "- username: u\n" } });
    const token = lab.token(lab.person("role/dev"));
    await lab.call(token, "/version");
    await lab.call(token, "/version");
    lab.cluster.awsAuth = undefined;
    await lab.call(token, "/version");
    await lab.close();
    assert.deepEqual(lab.kube.authenticatorLog, [
      "There was an error parsing the config maps.  Only saving data that was good, error parsing config map: [one of rolearn or SSO must be supplied]",
      "identity is not mapped",
      "identity is not mapped",
      "Resetting configmap on delete",
      "identity is not mapped",
    ]);
  });
});

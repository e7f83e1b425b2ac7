import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { cliRoleFile } from "../../../../token/aws/sources/cache-names.ts";
import { openAssumedRole } from "../../../../token/aws/sources/open/open-role.ts";
import type { VouchError } from "../../../../token/errors/errors.ts";
import { addRole, addUser, chainTrust } from "../../../lab/aws/world.ts";
import type { MfaDevice } from "../../../lab/model.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { assertRefused } from "./refusal.ts";
import { WISH } from "./source-access.ts";
import { ROLE, type SourceLab, startSourceLab } from "./source-lab.ts";

const SERIAL = "arn:aws:iam::111122223333:mfa/ada";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const CREDENTIALS = "[ada]\naws_access_key_id = AKIAADA0000000000001\naws_secret_access_key = canary-ada\n";
const CHAIN = `[profile a]
role_arn = ${ROLE("ra")}
source_profile = b
role_session_name = ada
external_id = ext
duration_seconds = 900
[profile b]
role_arn = ${ROLE("rb")}
source_profile = ada
[profile m]
role_arn = ${ROLE("rm")}
source_profile = ada
mfa_serial = ${SERIAL}
[profile after-m]
role_arn = ${ROLE("rn")}
source_profile = m
[profile again]
role_arn = ${ROLE("rb")}
source_profile = b
[profile again-named]
role_arn = ${ROLE("rb")}
source_profile = b
role_session_name = other
[profile denied]
role_arn = ${ROLE("nobodys")}
source_profile = ada
[profile user]
role_arn = arn:aws:iam::111122223333:user/ada
source_profile = ada
[profile china]
role_arn = arn:aws-cn:iam::111122223333:role/ra
source_profile = ada
`;
const asked = (profile: string) => ({ config: CHAIN, credentials: CREDENTIALS, profile });

describe("an assumed role as a source", () => {
  const folder = tempFolder();
  let lab: SourceLab;
  let device: MfaDevice;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    device = { serial: SERIAL, codes: ["123456", "654321"] };
    const ada = addUser(lab.world, {
      name: "ada",
      accessKeys: [{ id: "AKIAADA0000000000001", secret: "canary-ada", active: true }],
      mfaDevices: [device],
    });
    addRole(lab.world, {
      name: "rb",
      trust: [chainTrust(ada.arn)],
      allows: [{ actions: ["sts:AssumeRole"], resources: ["*"] }],
    });
    const external = { StringEquals: { "sts:ExternalId": "ext" } };
    addRole(lab.world, { name: "ra", trust: [{ ...chainTrust(ROLE("rb")), Condition: external }] });
    const Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
    addRole(lab.world, { name: "rm", trust: [{ ...chainTrust(ada.arn), Condition }] });
    addRole(lab.world, { name: "rn", trust: [chainTrust(ROLE("rm"))] });
  });
  afterEach(() => lab.close());

  /** The roles that were assumed, and between them who was asked for their name. */
  const operations = () =>
    lab.standIn.calls.map(({ operation, parameters }) => parameters["RoleArn"] ?? operation);
  const WHO = "GetCallerIdentity";

  it("is assumed by the roles before it, with all that each profile says", async () => {
    const opened = await lab.open(asked("a"));
    assert.deepEqual(lab.standIn.calls, [], "opening asks nobody");
    const credentials = await opened.credentials(WISH);
    assert.equal(lab.callerOf(credentials), "arn:aws:sts::111122223333:assumed-role/ra/ada");
    assert.deepEqual(operations(), [WHO, ROLE("rb"), ROLE("ra")]);
    const left = (credentials.expires ?? 0) - lab.clock();
    assert.ok(left > 880_000 && left <= 900_000, String(left));
  });

  it("is kept, every role of the chain for itself, until it is wanted fresh or lives too short", async () => {
    const first = await (await lab.open(asked("a"))).credentials(WISH);
    assert.equal(lab.kept.count(), 2);
    const opened = await lab.open(asked("a"));
    assert.deepEqual(await opened.credentials(WISH), first);
    assert.equal(lab.standIn.calls.length, 3);
    const longer = await opened.credentials({ fresh: false, minRemainingMs: 900_001 });
    assert.notEqual(longer.accessKeyId, first.accessKeyId);
    assert.equal(lab.standIn.calls.length, 4, "the role before it is kept");
    await opened.credentials({ ...WISH, fresh: true });
    assert.equal(lab.standIn.calls.length, 7);
  });

  it("is not kept where nothing is", async () => {
    const opened = await lab.open(asked("b"), { kept: (_key, _wish, ask) => ask() });
    await opened.credentials(WISH);
    await opened.credentials({ ...WISH, fresh: true });
    assert.deepEqual(operations(), [WHO, ROLE("rb"), WHO, ROLE("rb")]);
  });

  it("is another with every part that decides, and the same in every region", async () => {
    const digest = async (config: string, profile = "a") =>
      (await lab.open({ ...asked(profile), config })).digest;
    const digests = await Promise.all([
      digest(CHAIN),
      digest(CHAIN, "b"),
      digest(CHAIN.replace("ext", "other")),
      digest(CHAIN.replace("= 900", "= 901")),
      digest(CHAIN.replace("= ada\nexternal", "= bob\nexternal")),
      digest(CHAIN.replace("role/rb", "role/rc")),
      digest(CHAIN.replace("[profile b]", "[profile b]\nmfa_serial = 123456789")),
    ]);
    assert.equal(new Set(digests).size, digests.length);
    assert.equal(await digest(`# a line more\n${CHAIN}`), digests[0]);
  });

  it("gives an agent a session that may only read, and is not kept for the person", async () => {
    const opened = await lab.open(asked("a"), { agent: "claude-code" });
    await opened.credentials(WISH);
    const [hop, last] = [...lab.world.sessions.values()];
    assert.match(hop?.inlinePolicy ?? "", /sts:AssumeRole/);
    assert.deepEqual(hop?.policyArns, []);
    assert.deepEqual(last?.policyArns, [READ_ONLY]);
    await (await lab.open(asked("a"))).credentials(WISH);
    assert.deepEqual(operations().slice(3), [WHO, ROLE("rb"), ROLE("ra")]);
    assert.deepEqual([...lab.world.sessions.values()].at(-1)?.policyArns, []);
  });

  it("is not assumed by itself, but returns the credentials that have it already", async () => {
    const opened = await lab.open(asked("again"));
    const credentials = await opened.credentials(WISH);
    assert.equal(lab.callerOf(credentials), "arn:aws:sts::111122223333:assumed-role/rb/ada");
    assert.deepEqual(operations(), [WHO, ROLE("rb")]);
    assert.equal(lab.kept.count(), 1);
    for (const [profile, more] of [
      ["again-named", {}],
      ["again", { agent: "claude-code" }],
    ] as const)
      await assert.rejects((await lab.open(asked(profile), more)).credentials(WISH), { code: "role-denied" });
  });

  it("is kept for each person whose keys a program returns", async () => {
    const grace = addUser(lab.world, {
      name: "grace",
      accessKeys: [{ id: "AKIAGRACE00000000001", secret: "canary-grace", active: true }],
    });
    lab.world.roles.get(ROLE("rb"))?.trust.push(chainTrust(grace.arn));
    const keysOf = (id: string, name: string) => ({
      accessKeyId: id,
      ...{ secretAccessKey: `canary-${name}`, sessionToken: undefined, expires: undefined },
    });
    let printed = keysOf("AKIAADA0000000000001", "ada");
    const source = { digest: "d", witnesses: [], isAnyones: true, credentials: async () => printed };
    const none = { sessionName: undefined, externalId: undefined, durationSeconds: undefined };
    const origin = { option: "--role" } as const;
    const by = { ...none, mfaSerial: undefined, usualName: "u", region: "us-east-1", origin };
    const program = { kind: "container", uri: { relative: "/" }, origin } as const;
    const plan = { kind: "assume-role", roleArn: ROLE("rb"), source: program, ...by } as const;
    const opened = await openAssumedRole(plan, lab.access(), { source, isLast: true });
    const caller = async () => lab.callerOf(await opened.credentials(WISH));
    const session = (name: string) => `arn:aws:sts::111122223333:assumed-role/rb/${name}`;
    assert.equal(await caller(), session("ada"));
    printed = keysOf("AKIAGRACE00000000001", "grace");
    assert.equal(await caller(), session("grace"));
    assert.equal(lab.kept.count(), 2);
  });

  it("has the usual name where AWS does not say whose credentials assume it", async () => {
    const denial =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>m</Message></Error></ErrorResponse>";
    lab.standIn.faults.takeover = (_request, response) => {
      response.writeHead(403, { "content-type": "text/xml" }).end(denial);
      lab.standIn.faults.takeover = undefined;
      return true;
    };
    const credentials = await (await lab.open(asked("b"))).credentials(WISH);
    assert.equal(lab.callerOf(credentials), "arn:aws:sts::111122223333:assumed-role/rb/kubectl-vouch");
  });

  onPosix("shell", "says where to name the session if its trust policy requires another name", async () => {
    const hint = async (profile: string) => {
      const refused = (await lab.open(asked(profile))).credentials(WISH);
      const error = await refused.then(
        () => assert.fail(profile),
        (thrown: VouchError) => thrown,
      );
      return error.hint;
    };
    assert.match(
      await hint("denied"),
      /a session name \(sts:RoleSessionName\) other than ada, set role_session_name: `.*\/config`$/,
    );
    assert.doesNotMatch(await hint("again-named"), /RoleSessionName/);
  });

  describe("with an MFA device", () => {
    const codes = (...given: readonly string[]) => {
      const left = [...given];
      const askedFor: string[] = [];
      const mfaCode = async (serial: string) => {
        askedFor.push(serial);
        return left.shift() ?? assert.fail("asked too often");
      };
      return { askedFor, mfaCode };
    };

    it("asks for a code once, and not again while the role is kept", async () => {
      const { askedFor, mfaCode } = codes("123456\n");
      const opened = await lab.open(asked("after-m"), { mfaCode });
      assert.match(lab.callerOf(await opened.credentials(WISH)), /assumed-role\/rn\/ada$/);
      assert.deepEqual(askedFor, [SERIAL]);
      const again = await lab.open(asked("after-m"), { mfaCode });
      await again.credentials({ ...WISH, fresh: true });
      assert.deepEqual(askedFor, [SERIAL]);
      assert.deepEqual(operations().slice(-2), [ROLE("rn"), ROLE("rn")]);
    });

    it("asks nobody where nobody may be asked, or for a call that was refused", async () => {
      for (const [more, wish] of [
        [{}, WISH],
        [{ mfaCode: codes().mfaCode }, { ...WISH, fresh: true }],
      ] as const) {
        const opened = await lab.open(asked("m"), more);
        const says = new RegExp(`Role ${ROLE("rm")} .*requires an MFA code from device ${SERIAL}`);
        await assertRefused(() => opened.credentials(wish), { code: "mfa-code-needed", exit: 7, says });
      }
    });

    for (const [profile, named] of [
      ["after-m", "after-m"],
      [undefined, "m"],
    ] as const)
      it(`says how to log in, by the profile that was asked for: ${profile}`, async () => {
        for (const more of [{}, codes("000000"), codes("12345")]) {
          const opened = await lab.open(asked("after-m"), { ...more, profile });
          await assert.rejects(opened.credentials(WISH), (error: VouchError) => {
            assert.match(error.hint, new RegExp(`\`kubectl vouch login --profile ${named}\`$`));
            return true;
          });
        }
      });

    for (const [code, says] of [
      ["000000", /MultiFactorAuthentication failed with invalid MFA one time pass code/],
      ["12345", /must be six digits long/],
      ["", /must be six digits long/],
    ] as const)
      it(`says that a code is wrong: ${JSON.stringify(code)}`, async () => {
        const opened = await lab.open(asked("m"), codes(code));
        await assertRefused(() => opened.credentials(WISH), { code: "mfa-code-wrong", exit: 7, says });
        assert.equal(lab.kept.count(), 0);
      });

    /** As the AWS CLI keeps a role. */
    const keep = (leftMs: number, role = { mfaSerial: SERIAL as string | undefined, name: "rm" }) => {
      const none = { sessionName: undefined, externalId: undefined, durationSeconds: undefined };
      const cache = path.join(lab.home, ".aws", "cli", "cache");
      fs.mkdirSync(cache, { recursive: true });
      const file = cliRoleFile({ roleArn: ROLE(role.name), mfaSerial: role.mfaSerial, ...none });
      const Credentials = {
        AccessKeyId: "ASIAOFTHECLI00000001",
        SecretAccessKey: "canary-cli",
        SessionToken: "canary-cli-session",
        Expiration: new Date(lab.clock() + leftMs).toISOString(),
      };
      fs.writeFileSync(path.join(cache, file), JSON.stringify({ Credentials }));
    };

    it("takes what the AWS CLI keeps, if it lives fifteen minutes more", async () => {
      keep(16 * 60_000);
      const ask = async () => (await lab.open(asked("m"))).credentials(WISH);
      assert.equal((await ask()).accessKeyId, "ASIAOFTHECLI00000001");
      keep(14 * 60_000);
      lab.kept.clear();
      await assert.rejects(ask(), { code: "mfa-code-needed" });
    });

    it("takes nothing of the AWS CLI's for an agent, for a role without a device, or that is torn", async () => {
      keep(60 * 60_000);
      await assert.rejects((await lab.open(asked("m"), { agent: "x" })).credentials(WISH), {
        code: "mfa-code-needed",
      });
      keep(60 * 60_000, { mfaSerial: undefined, name: "rb" });
      const { accessKeyId } = await (await lab.open(asked("b"))).credentials(WISH);
      assert.notEqual(accessKeyId, "ASIAOFTHECLI00000001");
      const cache = path.join(lab.home, ".aws", "cli", "cache");
      for (const name of fs.readdirSync(cache)) fs.truncateSync(path.join(cache, name), 40);
      await assert.rejects((await lab.open(asked("m"))).credentials(WISH), { code: "mfa-code-needed" });
    });
  });

  for (const [profile, code, exit, says] of [
    ["denied", "role-denied", 5, /is not authorized to perform: sts:AssumeRole on resource: .*nobodys/],
    ["user", "role-arn-invalid", 6, /is not the ARN of an IAM role/],
    ["china", "partition-mismatch", 6, /is in partition aws/],
  ] as const)
    it(`is refused: ${profile}`, async () => {
      const given = async () => (await lab.open(asked(profile))).credentials(WISH);
      await assertRefused(given, { code, exit, says });
    });
});

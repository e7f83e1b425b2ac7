import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { addOidcProvider, addRole, vouchTrust } from "../../../lab/aws/world.ts";
import { makeLabCa } from "../../../lab/tls.ts";
import { startIssuer, type TestIssuer } from "../../../lab-tests/aws/issuer.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { assertRefused } from "./refusal.ts";
import { WISH } from "./source-access.ts";
import { ROLE, type SourceLab, startSourceLab } from "./source-lab.ts";

describe("a web identity as a source", () => {
  const folder = tempFolder();
  let lab: SourceLab;
  let issuer: TestIssuer;
  let file: string;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    const ca = await makeLabCa();
    issuer = await startIssuer(ca);
    const trust = [vouchTrust(addOidcProvider(lab.world, { url: issuer.url, ca: ca.cert }))];
    addRole(lab.world, { name: "rw", trust });
    file = path.join(folder(), "web");
    write(token());
  });
  afterEach(async () => {
    await issuer.close();
    await lab.close();
  });

  function token(): string {
    const iat = Math.floor(lab.clock() / 1000);
    return issuer.token({ iat, exp: iat + 3600 });
  }
  function write(text: string): void {
    fs.writeFileSync(file, text);
  }
  const config = (tokenFile = file, name = "rw") =>
    `[profile w]\nrole_arn = ${ROLE(name)}\nweb_identity_token_file = ${tokenFile}\nrole_session_name = web\n`;
  const open = (text = config(), more = {}) => lab.open({ config: text, profile: "w" }, more);

  it("gives the role, and is kept for this token", async () => {
    const opened = await open();
    assert.deepEqual(lab.standIn.calls, [], "opening asks nobody");
    const given = await opened.credentials(WISH);
    assert.equal(lab.callerOf(given), "arn:aws:sts::111122223333:assumed-role/rw/web");
    assert.deepEqual(await (await open()).credentials(WISH), given);
    assert.equal(lab.standIn.calls.length, 1);
    lab.clock.advance(1000);
    write(`${token()}\n`);
    const other = await open();
    assert.notEqual(other.digest, opened.digest);
    await other.credentials(WISH);
    assert.equal(lab.standIn.calls.length, 2);
  });

  onPosix("paths", "answers warm by its file, named absolutely", async () => {
    const later = { clock: () => lab.clock() + 10_000 };
    assert.deepEqual(
      (await open(config(), later)).witnesses?.map(([name]) => name),
      [file],
    );
    assert.equal((await open()).witnesses, undefined, "the file is too young to tell");
    const relative = path.relative(process.cwd(), file);
    assert.equal((await open(config(relative), later)).witnesses, undefined);
  });

  it("gives an agent a session that may only read, and is not kept for the person", async () => {
    const opened = await open(config(), { agent: "claude-code" });
    assert.notEqual(opened.digest, (await open()).digest);
    await opened.credentials(WISH);
    const [session] = [...lab.world.sessions.values()];
    assert.deepEqual(session?.policyArns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  });

  it("says that the file is not there, or empty", async () => {
    const missing = { code: "web-identity-token-missing", exit: 6 } as const;
    const says = /The token file \/not\/there \(AWS profile w \(.*config, line 3\)\) does not exist/;
    await assertRefused(() => open(config("/not/there")), { ...missing, says });
    write("\n");
    await assertRefused(() => open(), { ...missing, says: /is empty/ });
  });

  it("says that the token is not accepted, without repeating it", async () => {
    write(`${token().slice(0, -6)}AAAAAA`);
    const refused = async () => (await open()).credentials(WISH);
    await assertRefused(refused, {
      code: "role-not-trusted",
      exit: 5,
      says: /sts:AssumeRoleWithWebIdentity/,
    });
    await assert.rejects(refused, (error: Error) => !error.message.includes("eyJ"));
  });
});

import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { addAssignment } from "../lab/aws/identity-center.ts";
import { startLab } from "../lab/lab.ts";
import { fetched } from "../token/aws/identity-center/center-lab.ts";
import { CENTER_PROFILE } from "./center-story.ts";
import { type LabPerson, labPerson } from "./lab-person.ts";

describe("a login at Identity Center with the built program", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
    const { lab } = person;
    addAssignment(lab.world, { userName: "ada", permissionSet: "Dev" });
    const folder = path.join(lab.home, ".aws");
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "config"), CENTER_PROFILE);
  });
  after(() => person?.lab.close());

  /** The login, and the address that it shows. */
  async function begin(): Promise<{
    child: ChildProcessWithoutNullStreams;
    address: string;
    said: () => string;
  }> {
    const words = ["kubectl-vouch", "login", "--profile", "center", "--force"];
    const child = spawn("sh", ["-c", 'exec "$@"', "sh", ...words], { env: person.env });
    let stderr = "";
    for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
      stderr += String(chunk);
      const [address] = /^https:\S+$/m.exec(stderr) ?? [];
      if (address === undefined) continue;
      child.stderr.on("data", (more: Buffer) => {
        stderr += String(more);
      });
      return { child, address, said: () => stderr };
    }
    return assert.fail(stderr);
  }

  it("goes through a browser on this machine, which says how it ended; then the session is there", async () => {
    person.lab.world.identityCenter.person = { userName: "ada" };
    const { child, address, said } = await begin();
    const closed = once(child, "close");
    const { headers } = await fetched(address, person.lab.ca.cert);
    const shown = await fetched(headers.location ?? "", person.lab.ca.cert);
    assert.match(shown.text, /<h1>You are logged in<\/h1>/);
    assert.deepEqual((await closed)[0], 0, said());
    assert.match(said(), /\nLogged in to IAM Identity Center \(sso-session lab\) as ada until /);
    const { status, stdout } = await person.vouch(["status", "-o", "json"]);
    const { authenticated, identityCenterSessions } = JSON.parse(stdout);
    assert.deepEqual([status, authenticated], [2, false], "the lab has a Vouch server, too");
    assert.equal(identityCenterSessions[0].authenticated, true);
    assert.deepEqual(identityCenterSessions[0].profiles, ["center"]);
  });

  it("ends on Ctrl-C, and nobody listens any more", async () => {
    const { child, address } = await begin();
    const closed = once(child, "close");
    child.kill("SIGINT");
    assert.equal((await closed)[0], 130);
    const back = new URL(address).searchParams.get("redirect_uri") ?? "";
    await assert.rejects(fetched(back, ""), { code: "ECONNREFUSED" });
  });
});

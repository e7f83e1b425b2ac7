import assert from "node:assert/strict";
import { openPlan } from "../../../../token/aws/sources/open-source.ts";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import type { SsoPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { centerLab } from "../identity-center/center-lab.ts";
import { keptBelow } from "./kept-credentials.ts";
import { planAccess, WISH } from "./source-access.ts";

describe("a role of Identity Center as a source", () => {
  const at = centerLab();
  const folder = tempFolder();
  let kept: PlanAccess["kept"];
  beforeEach(() => {
    kept = keptBelow(folder(), at().clock).kept;
  });

  const open = (more: Partial<SsoPlan> = {}) =>
    openPlan(
      { plan: { ...at().plan, ...more }, witnesses: [["/aws/config", "1.1.1.1.1"]] },
      // The file was written some time ago.
      planAccess({ ...at().access({ clock: () => at().clock() + 10_000 }), kept }),
    );
  const operations = () => at().standIn.calls.map(({ operation }) => operation);

  it("is asked for by the token of the session, and kept", async () => {
    at().logIn();
    const opened = await open();
    assert.deepEqual(operations(), [], "opening asks nobody for the role");
    const given = await opened.credentials(WISH);
    assert.match(
      at().standIn.world.sessions.get(given.accessKeyId)?.arn ?? "",
      /AWSReservedSSO_Dev_\w+\/ada$/,
    );
    assert.deepEqual(await (await open()).credentials(WISH), given);
    assert.deepEqual(operations(), ["GetRoleCredentials"]);
    await opened.credentials({ ...WISH, fresh: true });
    assert.deepEqual(operations(), ["GetRoleCredentials", "GetRoleCredentials"]);
    assert.deepEqual(
      opened.witnesses?.map(([file]) => file),
      ["/aws/config", at().tokenFile],
    );
  });

  it("is another for another login, role or account; its token stands nowhere in it", async () => {
    at().logIn();
    const digests = [await open(), await open({ role: "Admin" }), await open({ account: "444455556666" })];
    at().logIn();
    digests.push(await open());
    assert.equal(new Set(digests.map(({ digest }) => digest)).size, 4);
    assert.doesNotMatch(JSON.stringify(digests), /canary/);
  });

  it("answers nothing warm by a file that was written just now", async () => {
    at().logIn();
    const young = planAccess({ ...at().access(), kept });
    assert.equal((await openPlan({ plan: at().plan, witnesses: [] }, young)).witnesses, undefined);
  });

  it("is not given where nobody is logged in", async () => {
    await assert.rejects(open(), { code: "sso-logged-out", exit: 2 });
  });
});

import fs from "node:fs";
import path from "node:path";
import { addIdentityCenterPerson } from "../lab/identity-center-person.ts";
import { LAB_CLUSTER, LAB_REGION, type Lab } from "../lab/lab.ts";
import { Actor, type Tools } from "./actor.ts";
import { expect, say } from "./telling.ts";

/** As `setup aws` names it: account and role. */
const PROFILE = "lab-111122223333-Developer";

/** From an empty home and a start URL to pods: three commands, one of which logs in. */
export async function newcomer(lab: Lab, tools: Tools): Promise<void> {
  const desk = await addIdentityCenterPerson(lab);
  fs.rmSync(path.join(desk.home, ".aws"), { recursive: true });
  const browser = path.join(import.meta.dirname, "browser.ts");
  const env = { ...desk.env, BROWSER: `'${process.execPath}' '${browser}' %s` };
  const noor = new Actor({ ...desk, env, email: "noor@example.com" }, tools);
  const { startUrl, region } = lab.world.identityCenter;

  say(
    "\n8. Noor has no security key, no Vouch server and no AWS profile; only IAM Identity Center. Her browser opens, and she approves:",
  );
  const place = ["--sso-start-url", startUrl, "--sso-region", region, "--region", LAB_REGION];
  expect(await noor.vouch(["setup", "aws", ...place]), { status: 0, says: [`added: 1 (${PROFILE})`] });
  say("\n  In a terminal, `setup eks` alone lets her pick a cluster. Here she names it:");
  const context = `${LAB_CLUSTER}-${PROFILE}`;
  expect(await noor.vouch(["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", PROFILE]), {
    status: 0,
    says: [`Context ${context} added`, "Works: you are"],
  });
  expect(await noor.getPods({ context }), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
}

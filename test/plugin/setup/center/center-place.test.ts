import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { chooseSession, placeOfSession } from "../../../../plugin/setup/center/center-place.ts";
import { ssoTokenFile } from "../../../../token/aws/sources/cache-names.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { ours } from "../../../../token/command/command.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const URL = "https://acme.awsapps.com/start";

const section = (name: string, url = URL, region = "eu-west-1", more = "") =>
  `[sso-session ${name}]\nsso_start_url = ${url}\nsso_region = ${region}\n${more}`;

describe("chooseSession", () => {
  const home = tempFolder();
  const filesOf = (text: string) => readSharedFiles({ path: "f", text }, { path: "c", text: undefined });
  const choose = (text: string, startUrl = URL, region?: string) =>
    chooseSession(
      filesOf(text),
      {
        startUrl,
        region,
        askRegion: async () => undefined,
        withRegion: (found) => ours("setup aws", { "sso-region": found }),
      },
      { homeDir: home(), clock: Date.now, signal: new AbortController().signal },
    );
  const writeToken = (session: string, startUrl: string) => {
    const file = path.join(home(), ".aws", "sso", "cache", ssoTokenFile(session));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ startUrl, accessToken: "x", expiresAt: "2100-01-01T00:00:00Z" }));
  };

  it("refuses a region other than the one that the files have for the URL", async () => {
    await assert.rejects(choose(section("acme", URL, "us-east-1"), URL, "eu-west-1"), {
      code: "usage",
      message: `--sso-region is eu-west-1, but ${URL} is in us-east-1, according to f.`,
      hint: "Run `kubectl vouch setup aws --sso-region us-east-1`.",
    });
    const both = `${section("acme", URL, "us-east-1")}${section("other")}`;
    assert.equal((await choose(both, URL, "eu-west-1")).name, "other");
  });

  it("takes the region from the URL, a session, or a profile of the old form", async () => {
    const inUrl = await choose("", "https://ssoins-12.portal.eu-west-1.app.aws/");
    assert.deepEqual(inUrl, {
      ...{ name: "ssoins-12", region: "eu-west-1" },
      startUrl: "https://ssoins-12.portal.eu-west-1.app.aws",
    });
    assert.deepEqual(await choose(section("x", `${URL}/#/`)), {
      name: "x",
      startUrl: `${URL}/#/`,
      region: "eu-west-1",
    });
    const old = `[profile old]\nsso_start_url = ${URL}\nsso_region = us-west-2\n`;
    assert.deepEqual(await choose(old), { name: "acme", startUrl: URL, region: "us-west-2" });
    await assert.rejects(choose(section("x", "https://other.awsapps.com/start")), {
      code: "usage",
      hint: "The AWS access portal lists it: open https://acme.awsapps.com/start, then Access keys of any role, SSO Region. Then run `kubectl vouch setup aws --sso-region REGION`.",
    });
    await assert.rejects(choose(section("x", URL, "nowhere")), { code: "region-invalid" });
  });

  const mine = "[profile p]\nsso_session = two\nmanaged_by = kubectl-vouch\n";
  const scopes = (text: string) => `sso_registration_scopes = ${text}\n`;
  const table: readonly (readonly [string, string, string])[] = [
    ["the first of several", section("one") + section("two"), "one"],
    ["the one with profiles of ours", section("one") + section("two") + mine, "two"],
    ["none at a different address", section("acme", "https://x.awsapps.com/start"), "acme-2"],
    ["none that cannot list accounts", section("q", URL, "eu-west-1", scopes("codewhisperer:x")), "acme"],
    ["one that can", section("q", URL, "eu-west-1", scopes("a:b, sso:account:access")), "q"],
  ];
  for (const [what, text, name] of table)
    it(`chooses ${what}`, async () => assert.equal((await choose(text, URL, "eu-west-1")).name, name));

  it("leaves the stored login of a different place alone", async () => {
    writeToken("acme", "https://other.awsapps.com/start");
    writeToken("acme-2", `${URL}/`);
    assert.equal((await choose("", URL, "eu-west-1")).name, "acme-2");
  });

  it("requests the scopes that the session has", async () => {
    const files = filesOf(section("q", URL, "eu-west-1", scopes("a:b, sso:account:access")));
    const { place, scopes: wanted } = placeOfSession(
      { name: "q", startUrl: URL, region: "eu-west-1" },
      files,
    );
    assert.deepEqual([place.tokenFile, wanted], [ssoTokenFile("q"), ["a:b", "sso:account:access"]]);
  });
});

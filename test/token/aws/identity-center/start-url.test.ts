import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  isPortalAddress,
  isSamePlace,
  issuerOf,
  nameInAddress,
  plainStartUrl,
  regionInAddress,
} from "../../../../token/aws/identity-center/start-url.ts";
import { centerLab, START_URL } from "./center-lab.ts";

describe("isPortalAddress", () => {
  const own = [
    START_URL,
    "https://lab.awsapps.com/start/#/device?user_code=ABCD-EFGH",
    "https://ssoins-1234.portal.eu-west-1.app.aws",
    "https://start.us-gov-home.awsapps.com/directory/d-1",
    "https://lab.awsapps.cn/start",
    "https://identitycenter.amazonaws.com/ssoins-1",
  ];
  for (const address of own) it(`takes ${address}`, () => assert.ok(isPortalAddress(address)));

  const foreign = [
    "http://lab.awsapps.com/start",
    "https://lab.awsapps.com:8443/start",
    "https://ada:pw@lab.awsapps.com/start",
    "https://awsapps.com.evil.example/",
    "https://evil-awsapps.com/start",
    "https://x.identitycenter.amazonaws.com/",
    "https://portal.evil.s3.amazonaws.com/",
    "https://lab.awsapps.com/\u001b]0;x",
    "javascript:alert(1)",
    "lab.awsapps.com/start",
    "",
  ];
  for (const address of foreign)
    it(`takes ${JSON.stringify(address)} for somebody else's`, () =>
      assert.equal(isPortalAddress(address), false));
});

describe("what a start URL tells", () => {
  const table: readonly (readonly [string, string, string, string | undefined])[] = [
    ["https://acme.awsapps.com/start", "https://acme.awsapps.com/start", "acme", undefined],
    ["https://acme.awsapps.com/start/#/?tab=accounts", "https://acme.awsapps.com/start", "acme", undefined],
    [
      "https://D-1234567890.awsapps.com/start/",
      "https://d-1234567890.awsapps.com/start",
      "d-1234567890",
      undefined,
    ],
    [
      "https://ssoins-12.portal.eu-west-1.app.aws",
      "https://ssoins-12.portal.eu-west-1.app.aws",
      "ssoins-12",
      "eu-west-1",
    ],
    [
      "https://x.cn-north-1.portal.amazonaws.com.cn/",
      "https://x.cn-north-1.portal.amazonaws.com.cn",
      "x",
      "cn-north-1",
    ],
    [
      "https://identitycenter.amazonaws.com/ssoins-1/",
      "https://identitycenter.amazonaws.com/ssoins-1",
      "ssoins-1",
      undefined,
    ],
    ["https://ada:pw@sso.example.com/?x", "https://sso.example.com", "sso", undefined],
  ];
  for (const [typed, plain, name, region] of table)
    it(`is ${plain}, ${name} and ${region} for ${typed}`, () => {
      assert.deepEqual(
        [plainStartUrl(typed), nameInAddress(plain), regionInAddress(plain)],
        [plain, name, region],
      );
      const settings = { sso_start_url: typed, sso_region: "eu-west-1" };
      assert.ok(isSamePlace(settings, { startUrl: plain, region: "eu-west-1" }));
      assert.ok(!isSamePlace(settings, { startUrl: plain, region: "us-east-1" }));
    });

  for (const typed of ["http://acme.awsapps.com/start", "acme.awsapps.com/start", "javascript:alert(1)", ""])
    it(`is nothing for ${JSON.stringify(typed)}`, () => {
      assert.equal(plainStartUrl(typed), undefined);
      assert.ok(!isSamePlace({ sso_start_url: typed }, { startUrl: typed, region: "eu-west-1" }));
    });
});

describe("issuerOf", () => {
  const lab = centerLab();
  let server: http.Server;
  let answer: { readonly status: number; readonly location?: string };
  const asked: string[] = [];
  before((done) => {
    server = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      const { status, location } = answer;
      response.writeHead(status, location === undefined ? {} : { location }).end();
    });
    server.listen(0, "127.0.0.1", done);
  });
  after(() => server.close());
  const vanity = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/aws`;
  const issuer = (startUrl: string) => issuerOf({ ...lab().plan, startUrl }, lab().access());

  it("is a start URL of AWS's own, as it is written", async () => {
    asked.length = 0;
    assert.equal(await issuer(`${START_URL}/#/`), `${START_URL}/#/`);
    assert.deepEqual(asked, []);
  });

  for (const status of [301, 302, 303, 307, 308])
    it(`is where an address of one's own leads to with ${status}`, async () => {
      answer = { status, location: "https://ssoins-1.portal.us-east-1.app.aws/?x=1#y" };
      assert.equal(await issuer(vanity()), "https://ssoins-1.portal.us-east-1.app.aws");
    });

  const refused: Readonly<Record<string, readonly [typeof answer, RegExp]>> = {
    "to somebody else": [
      { status: 302, location: "https://evil.example/start" },
      /leads to evil\.example, not to AWS /,
    ],
    "to AWS over plain http": [
      { status: 302, location: "http://lab.awsapps.com/start" },
      /leads to lab\.awsapps\.com, not to AWS /,
    ],
    "to itself": [{ status: 302, location: "/aws2" }, /leads to 127\.0\.0\.1:\d+, not to AWS /],
    nowhere: [{ status: 200 }, /leads to no other address/],
    "nowhere, as it is broken": [{ status: 404 }, /leads to no other address/],
    "to another region": [
      { status: 302, location: "https://ssoins-1.portal.eu-west-1.app.aws/" },
      /leads to Identity Center in eu-west-1, but sso_region is us-east-1/,
    ],
    "to another region in China": [
      { status: 302, location: "https://ssoins-1.cn-north-1.portal.amazonaws.com.cn/" },
      /leads to Identity Center in cn-north-1, but/,
    ],
  };
  for (const [where, [said, why]] of Object.entries(refused))
    it(`refuses an address that leads ${where}`, async () => {
      answer = said;
      await assert.rejects(issuer(vanity()), { code: "profile-invalid", exit: 6, message: why });
    });

  for (const startUrl of ["http://sso.example.com/", "ftp://sso.example.com/", "nonsense"])
    it(`refuses ${startUrl}`, async () => {
      await assert.rejects(issuer(startUrl), {
        code: "profile-invalid",
        message: `sso_start_url ${JSON.stringify(startUrl)} is not an https URL.`,
        hint: /config:2|config/,
      } as object);
    });

  it("shows nothing of ours to such an address", () => {
    assert.ok(asked.length > 0);
    for (const request of asked)
      assert.match(request, /^GET \/aws \{"host":"127\.0\.0\.1:\d+","connection":"close"\}$/);
  });
});

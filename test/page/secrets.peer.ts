import assert from "node:assert/strict";
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Page } from "puppeteer-core";
import { mappingFault } from "../doctor/support/mapping-faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { findLeaks, type Place, type Secret } from "../support/secret-search.ts";
import { drop, paste, type Shown, settled, write } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

const CANARIES = {
  "access key's secret": "CanaryAwsSecretAccessKey0123456789abcdEF",
  "session token": `IQoJb3JpZ2luX2VjEXAMPLE${"CanarySession".repeat(9)}`,
  "EKS token": `k8s-aws-v1.${Buffer.from(
    `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260115%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260115T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=${"c0ffee12".repeat(8)}`,
  ).toString("base64url")}`,
  signature: "c0ffee12".repeat(8),
  password: "CanaryKubeconfigPassword",
  "client key": Buffer.from(
    `-----BEGIN PRIVATE KEY-----\n${"CanaryClientKey".repeat(8)}\n-----END PRIVATE KEY-----\n`,
  ).toString("base64"),
  bearer: `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"CanaryBearerOfServiceAccount"}').toString("base64url")}.${"CanaryJwtSignature".repeat(4)}`,
} as const;

const SECRETS: readonly Secret[] = Object.entries(CANARIES).map(([name, value]) => ({ name, value }));

const KUBECONFIG = `apiVersion: v1
kind: Config
users:
- name: ada
  user: {username: ada, password: ${CANARIES.password}}
- name: key
  user:
    client-key-data: ${CANARIES["client key"]}
    token: ${CANARIES.bearer}
`;
const CREDENTIALS = `[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = ${CANARIES["access key's secret"]}
aws_session_token = ${CANARIES["session token"]}
`;
const TOKEN = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1beta1",
  spec: {},
  status: { expirationTimestamp: "2026-01-15T12:14:00Z", token: CANARIES["EKS token"] },
});
const TERMINAL = `${terminalText(mappingFault("E3"))}ada@laptop:~$ cat ~/.aws/credentials
${CREDENTIALS}ada@laptop:~$ env
AWS_SECRET_ACCESS_KEY=${CANARIES["access key's secret"]}
AWS_SESSION_TOKEN=${CANARIES["session token"]}
ada@laptop:~$ aws eks get-token --cluster-name lab
${TOKEN}
ada@laptop:~$ kubectl config view --raw
${KUBECONFIG}ada@laptop:~$ kubectl get pods -v=9
I0115 12:00:00.000000 1 round_trippers.go:466] curl -v -XGET -H "Authorization: Bearer ${CANARIES["EKS token"]}" 'https://x.eks.amazonaws.com/api'
`;

/** Everything that a page keeps. */
async function kept(page: Page): Promise<Place[]> {
  const places = await page.evaluate(() => ({
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input, select, textarea")]
      .map((field) => (field as HTMLInputElement).value)
      .join("\n"),
    address: location.href,
    title: document.title,
    name: window.name,
    history: JSON.stringify(history.state),
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    cookies: document.cookie,
  }));
  return Object.entries(places).map(([name, content]) => ({ name, content }));
}

/** Presses the buttons that save, and takes what the page gives the browser. */
async function saved(page: Page): Promise<Place[]> {
  const texts = await page.evaluate(async () => {
    const { createObjectURL } = URL;
    const blobs: Blob[] = [];
    URL.createObjectURL = (blob) => {
      if (blob instanceof Blob) blobs.push(blob);
      return "#";
    };
    for (const id of ["save-report", "save-evidence"]) document.getElementById(id)?.click();
    URL.createObjectURL = createObjectURL;
    return Promise.all(blobs.map((blob) => blob.text()));
  });
  assert.equal(texts.length, 2);
  assert.match(texts[0] ?? "", /^<!DOCTYPE html>/);
  assert.match(texts[1] ?? "", /"DoctorEvidence"/);
  return texts.map((content, index) => ({ name: `saved ${index}`, content }));
}

inEachBrowser("no secret", (opened) => {
  let page: Page;
  beforeEach(async () => {
    ({ page } = await openFile(opened(), opened().pageFile));
  });
  afterEach(() => page.close());

  const assertNone = async ({ status }: Shown) => {
    assert.match(status, /^Diagnosis: /);
    assert.deepEqual(findLeaks(SECRETS, [...(await kept(page)), ...(await saved(page))]), []);
  };

  it("stays of what is pasted from a terminal, not even where it is undone", async () => {
    await assertNone(await paste(page, TERMINAL));
    await page.focus("#words");
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    assert.deepEqual(findLeaks(SECRETS, await kept(page)), []);
  });

  it("stays of files that are dropped", async () => {
    const files = [
      { name: "config", text: KUBECONFIG },
      { name: "credentials", text: CREDENTIALS },
      { name: "token.json", text: TOKEN },
      { name: "terminal.txt", text: TERMINAL },
    ];
    await assertNone(await drop(page, files));
  });

  it("stays of a file that Windows PowerShell wrote", async () => {
    const file = { name: "terminal.txt", text: TERMINAL };
    const plain = await drop(page, [file]);
    await page.evaluate(() => document.getElementById("clear")?.click());
    const shown = await drop(page, [{ ...file, isUtf16: true }]);
    assert.deepEqual(shown, plain, "it is read as the same text in UTF-8 is");
    await assertNone(shown);
  });

  it("stays of a bundle", async () => {
    const bundle = {
      ...mappingFault("E3"),
      kubeconfig: { files: [{ path: "~/.kube/config", text: KUBECONFIG }] },
      awsCredentials: { path: "~/.aws/credentials", text: CREDENTIALS },
      environment: { AWS_SECRET_ACCESS_KEY: CANARIES["access key's secret"] },
    };
    await assertNone(await drop(page, [{ name: "case.json", text: JSON.stringify(bundle) }]));
  });

  it("stays of what is typed once it is judged", async () => {
    await page.focus("#words");
    await write(page, TERMINAL);
    assert.notDeepEqual(findLeaks(SECRETS, await kept(page)), [], "the search finds what is there");
    await page.evaluate(() => document.querySelector<HTMLButtonElement>("button[type=submit]")?.click());
    await assertNone(await settled(page));
  });
});

inEachBrowser("what is saved", (opened) => {
  it("is a file in the folder of downloads, and judged alike", async () => {
    const { page } = await openFile(opened(), opened().pageFile);
    const { downloads } = opened();
    const before = await paste(page, TERMINAL);
    await page.click("#save-report");
    await page.click("#save-evidence");
    const names = ["case.json", "eks-report.html"];
    const isThere = (name: string) =>
      fs.statSync(path.join(downloads, name), { throwIfNoEntry: false })?.size;
    for (let tries = 0; tries < 2400 && !names.every(isThere); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(fs.readdirSync(downloads).toSorted(), names);
    const text = fs.readFileSync(path.join(downloads, "case.json"), "utf8");
    await page.evaluate(() => document.getElementById("clear")?.click());
    assert.deepEqual(await drop(page, [{ name: "case.json", text }]), before);
    const report = fs.readFileSync(path.join(downloads, "eks-report.html"), "utf8");
    await page.evaluate(() => document.getElementById("clear")?.click());
    assert.deepEqual(await drop(page, [{ name: "eks-report.html", text: report }]), before);
  });
});

inEachBrowser("the page from a server", (opened) => {
  it("is saved by its own link with the same bytes", async () => {
    const { browser, downloads, pageFile, name } = opened();
    const bytes = fs.readFileSync(pageFile);
    const server = createServer((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end(bytes),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.click("footer a[download]");
      const file = path.join(downloads, "doctor.html");
      const size = () => fs.statSync(file, { throwIfNoEntry: false })?.size;
      for (let tries = 0; tries < 400 && size() !== bytes.length; tries++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(fs.readFileSync(file), bytes, name);
      assert.match((await paste(page, TERMINAL)).status, /^Diagnosis: /);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

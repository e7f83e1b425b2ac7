import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { launch, type Page } from "puppeteer-core";
import { programOnPath } from "../../support/on-path.ts";

/** A credential that a browser made: what it told the server, and what its virtual key keeps to itself. */
export interface BrowserCredential {
  readonly origin: string;
  /** RegistrationResponseJSON of WebAuthn. */
  readonly registration: Registration;
  /** PKCS#8. */
  readonly privateKey: Buffer;
  readonly signCount: number;
}

export interface BrowserEnrolment {
  readonly rpId: string;
  /** Base64url. */
  readonly challenge: string;
  readonly userHandle: Uint8Array;
  readonly userName: string;
}

interface Registration {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly clientExtensionResults: object;
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
}

/** Root has no sandbox there; and nothing but this machine is asked for names. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
];

/** Enrols on a page of `http://localhost`, with Chromium's virtual authenticator for a key. */
export async function enrolInBrowser(enrolment: BrowserEnrolment): Promise<BrowserCredential> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Enrolment</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await launch({
    executablePath: programOnPath("chromium"),
    headless: true,
    args: FLAGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    return { origin, ...(await enrolOnPage(page, enrolment)) };
  } finally {
    await browser.close();
    server.close();
  }
}

async function enrolOnPage(page: Page, enrolment: BrowserEnrolment) {
  const devtools = await page.createCDPSession();
  await devtools.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "usb",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const registration = (await page.evaluate(creation(enrolment))) as Registration;
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  const [made] = credentials;
  if (made === undefined || credentials.length > 1) throw new Error(`${credentials.length} credentials made`);
  return { registration, privateKey: Buffer.from(made.privateKey, "base64"), signCount: made.signCount };
}

/** What the page runs: the credential that it creates, in JSON. */
function creation({ rpId, challenge, userHandle, userName }: BrowserEnrolment): string {
  const options = {
    challenge,
    rp: { id: rpId, name: "Vouch" },
    user: { id: Buffer.from(userHandle).toString("base64url"), name: userName, displayName: userName },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    attestation: "direct",
  };
  return `(async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)});
    return (await navigator.credentials.create({ publicKey })).toJSON();
  })()`;
}

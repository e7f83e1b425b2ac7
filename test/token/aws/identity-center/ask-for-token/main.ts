/** A program of its own that asks for an access token: `main.ts HOME URL CA-FILE`. Prints it, or the code of the error. */
import process from "node:process";
import { ssoAccessToken } from "../../../../../token/aws/identity-center/access-token.ts";
import { ssoTokenFile } from "../../../../../token/aws/sources/cache-names.ts";
import { VouchError } from "../../../../../token/errors/errors.ts";

const [homeDir = "", url = "", awsCaBundle = ""] = process.argv.slice(2);
const plan = {
  kind: "sso",
  session: "lab",
  startUrl: "https://lab.awsapps.com/start",
  region: "us-east-1",
  account: "111122223333",
  role: "Dev",
  tokenFile: ssoTokenFile("lab"),
  origin: { variable: "none" },
} as const;
const { signal } = new AbortController();
const endpoints = { awsCaBundle, ssoEndpoint: url, ssoOidcEndpoint: url };
try {
  const { accessToken } = await ssoAccessToken(plan, {
    env: {},
    homeDir,
    clock: Date.now,
    signal,
    keep: true,
    endpoints,
    warn: (text) => {
      throw new Error(text);
    },
  });
  process.stdout.write(accessToken);
} catch (error) {
  if (!(error instanceof VouchError)) throw error;
  process.stderr.write(error.code);
  process.exitCode = error.exit;
}

/**
 * Prints the credentials that one of the SDK's own providers finds, or what it says: main.ts sso dev, and for the default
 * chain main.ts chain dev 123456, the code of an MFA device. Whatever else it needs is in the environment.
 */
import { createRequire } from "node:module";

/** Package behind client-sts, and its function. */
const PROVIDERS = {
  sso: ["credential-provider-sso", "fromSSO"],
  login: ["credential-provider-login", "fromLoginCredentials"],
  http: ["credential-provider-http", "fromHttp"],
  chain: ["credential-provider-node", "defaultProvider"],
} as const;

type Provider = (options: object) => (identity?: object) => Promise<object>;

/** The SDK's packages are no dependencies of ours: the one that brings them knows where they are. */
function providerOf(name: keyof typeof PROVIDERS): Provider {
  const [file, exported] = PROVIDERS[name];
  const ours = createRequire(import.meta.url);
  const sts = createRequire(ours.resolve("@aws-sdk/client-sts"));
  const node = createRequire(sts.resolve("@aws-sdk/credential-provider-node"));
  return (node(`@aws-sdk/${file}`) as Record<string, Provider>)[exported] as Provider;
}

const [name = "sso", profile, code] = process.argv.slice(2);
const options = {
  ...(profile ? { profile } : {}),
  ...(code ? { mfaCodeProvider: async () => code } : {}),
  maxRetries: 0,
};
try {
  const credentials = await providerOf(name as keyof typeof PROVIDERS)(options)({});
  process.stdout.write(JSON.stringify(credentials));
} catch (error) {
  const { message, Message } = error as { readonly message: string; readonly Message?: string };
  process.stderr.write(`${message}${Message === undefined ? "" : ` (${Message})`}`);
  process.exitCode = 1;
}

/**
 * Where the default chain of the AWS SDK for JavaScript takes credentials from: a line with a case in, a line with the answer
 * out, as judge-cli.py has them. What would be asked of AWS is answered here, with words for an access key id.
 */
import fs from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { defaultProvider } from "@aws-sdk/credential-provider-node";

interface Case {
  readonly profile: string | null;
  readonly env: Readonly<Record<string, string>>;
}

interface RoleCall {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly ExternalId?: string;
  readonly DurationSeconds?: number;
  readonly SerialNumber?: string;
}

interface HttpCall {
  readonly hostname: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the SDK asks for where nobody says how long. */
const HOUR_S = 3600;
const NEVER_MS = Date.parse("2100-01-01T00:00:00Z");

function roleWords({
  RoleArn,
  RoleSessionName,
  ExternalId,
  DurationSeconds,
  SerialNumber,
}: RoleCall): string {
  const details = [
    RoleSessionName.startsWith("aws-sdk-js-") ? undefined : `name=${RoleSessionName}`,
    ExternalId && `external=${ExternalId}`,
    DurationSeconds !== undefined && DurationSeconds !== HOUR_S ? `seconds=${DurationSeconds}` : undefined,
    SerialNumber && `mfa=${SerialNumber}`,
  ].filter((detail) => detail !== undefined);
  const role = RoleArn.split("/").at(-1);
  return details.length === 0 ? `${role}` : `${role}[${details.join(" ")}]`;
}

const given = (words: string) => ({
  accessKeyId: words,
  secretAccessKey: "s",
  sessionToken: "t",
  expiration: new Date(NEVER_MS),
});

/** Identity Center, whose tokens say what they are for. */
const portal = {
  async handle({ hostname, query, headers }: HttpCall) {
    const token = headers["x-amz-sso_bearer_token"];
    const region = hostname.split(".")[2];
    const words = `sso ${query["account_id"]}/${query["role_name"]} ${token} ${region}`;
    const credentials = { accessKeyId: words, secretAccessKey: "s", sessionToken: "t", expiration: NEVER_MS };
    const body = Readable.from([Buffer.from(JSON.stringify({ roleCredentials: credentials }))]);
    return { response: { statusCode: 200, headers: { "content-type": "application/json" }, body } };
  },
};

async function answer({ profile, env }: Case): Promise<object> {
  process.env = { ...env };
  const provider = defaultProvider({
    ...(profile === null ? {} : { profile }),
    maxRetries: 0,
    ignoreCache: true,
    mfaCodeProvider: async () => "123456",
    roleAssumer: async ({ accessKeyId }, call) => given(`${roleWords(call as RoleCall)} by ${accessKeyId}`),
    roleAssumerWithWebIdentity: async (call) =>
      given(`${roleWords(call as RoleCall)} by token ${call.WebIdentityToken}`),
    clientConfig: { requestHandler: portal },
  });
  try {
    return { words: (await provider()).accessKeyId };
  } catch (error) {
    return { refusal: String(error) };
  }
}

console.warn = () => undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const reply = JSON.stringify(await answer(JSON.parse(line) as Case));
  fs.writeSync(1, `${reply}\n`);
}

import fs from "node:fs";
import path from "node:path";

/** Names of values that are secrets, in the files of our key store, of the token cache and of AWS's tools. */
const SECRET_NAME =
  /^(accessToken|refreshToken|idToken|secretAccessKey|sessionToken|pkcs8|management|token|.*[sS]ecret.*)$/;

/** What nobody may print: ID tokens and access tokens, EKS tokens, signatures of presigned requests. */
const SECRET_SHAPES = [
  /eyJ[\w-]{10,}\.[\w-]{10,}/,
  /k8s-aws-v1\.[\w-]{40,}/,
  /X-Amz-Signature=[0-9a-f]{16}/i,
];

/** The secrets in the JSON files below a folder. */
export function secretsBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .flatMap((entry) => {
      try {
        return secretValues(JSON.parse(fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")));
      } catch {
        return [];
      }
    });
}

function secretValues(value: unknown, name = ""): string[] {
  if (typeof value === "string") return SECRET_NAME.test(name) && value.length >= 16 ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretValues(inner, key));
}

/** Where a text reveals a secret: as it is, in base64 of any alignment, percent-encoded, or by its shape. */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  const found = [...secrets].filter((secret) =>
    spellings(secret).some((spelling) => text.includes(spelling)),
  );
  const shapes = SECRET_SHAPES.flatMap((shape) => shape.exec(text)?.[0] ?? []);
  return [...found, ...shapes];
}

const known = new Map<string, string[]>();

function spellings(secret: string): string[] {
  const found = known.get(secret) ?? spell(secret);
  known.set(secret, found);
  return found;
}

function spell(secret: string): string[] {
  const base64 = [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return [bytes.toString("base64").slice(start, end), bytes.toString("base64url").slice(start, end)];
  });
  return [secret, encodeURIComponent(secret), ...base64];
}

import assert from "node:assert/strict";
import { maskText } from "../../../token/masking/mask-text.ts";

/** Ways in which Terraform's files and plans write a secret; each has CANARY as the secret. */
const SECRETS: readonly string[] = [
  '  ~ token = "before" -> "CANARY"',
  '│   ~ password = "before" -> "CANARY"',
  "- name: API_TOKEN\n  value: |\n    CANARY\n    CANARY\n",
  "token = <<EOF\nCANARY\nmore CANARY\nEOF",
  'variable "db_password" {\n  type = string\n  default = "CANARY"\n}',
  'output "token" { value = "CANARY" }',
  'set_sensitive {\n  name = "db.password"\n  value = "CANARY"\n}',
  'env { name = "DB_PASSWORD" value = "CANARY" }',
  'set = [{ name = "apiToken", value = "CANARY" }]',
  '{"name":"DB_PASSWORD","value":"CANARY"}',
  'client_key = "CANARY"',
  'token = base64decode("CANARY")',
  'token = join("", ["CANARY", "CANARY"])',
  'tokens = [\n  "CANARY",\n]',
  'passwords = { a = "CANARY" }',
];

/** What says where a secret comes from, or is none. */
const PLAIN: readonly string[] = [
  "token = data.aws_eks_cluster_auth.this.token",
  'variable "region" {\n  default = "eu-west-1"\n}',
  'set {\n  name = "replicas"\n  value = "3"\n}',
  'tokens = [\n  var.a,\n]\nregion = "eu-west-1"',
  "- name: REGION\n  value: |\n    eu-west-1\n",
  'secret = {\nUser "arn:aws:iam::111122223333:role/Dev" cannot list',
  'host = "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com"',
];

describe("a secret in Terraform's words", () => {
  for (const text of SECRETS)
    it(`is masked: ${JSON.stringify(text)}`, () => {
      const masked = maskText(text);
      assert.ok(!masked.includes("CANARY"), masked);
      assert.equal(masked.split("\n").length, text.split("\n").length);
    });

  for (const text of PLAIN)
    it(`is none: ${JSON.stringify(text)}`, () => {
      assert.equal(maskText(text), text);
    });
});

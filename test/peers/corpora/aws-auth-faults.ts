/** A fault for each rule by which we read aws-auth, and look callers up in it. */
import type { SourceFault } from "../../support/mutated-module.ts";

const inFile =
  (file: string) =>
  (text: string, by: string): SourceFault => ({ file, text, by });

const section = inFile("doctor/eks/aws-auth/aws-auth-section.ts");
const awsAuth = inFile("doctor/eks/aws-auth/aws-auth.ts");
const lab = inFile("test/lab/kube/authentication/aws-auth.ts");
const mappers = inFile("test/lab/kube/authentication/mappers.ts");

export const AWS_AUTH_FAULTS: Readonly<Record<string, SourceFault>> = {
  "the doctor: keys count by case": section('text.replaceAll("ſ", "s").toLowerCase()', "text"),
  "the doctor: the long s is no s": section('.replaceAll("ſ", "s")', ""),
  "the doctor: only nothing is an empty section": section(`["", '""', "''", "\`\`"]`, '[""]'),
  "the doctor: an entry with sso stays": section(" || hasSso ? undefined", " ? undefined"),
  "the doctor: an entry without ARN stays": section('entry: entry.arn === "" || ', "entry: "),
  "the doctor: keys are read as they stand": section(".sort(byKey)", ""),
  "the doctor: numbers are names": section(
    'field !== undefined && typeof value === "string") fields[field] = value',
    "field !== undefined) fields[field] = String(value)",
  ),
  "the doctor: numbers are groups": section(
    'typeof item === "string" ? item : (before[at] ?? "")',
    "String(item)",
  ),
  "the doctor: one text is a list of groups": section(
    "if (!Array.isArray(value)) return before;",
    "if (!Array.isArray(value)) return [String(value)];",
  ),
  "the doctor: the first of two entries counts": awsAuth("entries.findLast(", "entries.find("),
  "the doctor: ARNs count by case": awsAuth(
    "foldCase(arn) === canonicalArn.toLowerCase()",
    "arn === canonicalArn",
  ),
  "the doctor: accounts let nobody in": awsAuth("awsAuth.accounts.includes(account)", "false"),
  "the doctor: users count before roles": awsAuth(
    '["mapRoles", awsAuth.roles],\n    ["mapUsers", awsAuth.users],',
    '["mapUsers", awsAuth.users],\n    ["mapRoles", awsAuth.roles],',
  ),
  "the stand-in: only nothing is an empty section": lab(`["", '""', "''", "\`\`"]`, '[""]'),
  "the stand-in: an entry with sso stays": lab(
    'if (arn !== "") return "only one',
    'if (arn === "x") return "only one',
  ),
  "the stand-in: keys are read as they stand": lab(".sort(([a], [b]) => (a < b ? -1 : 1))", ""),
  "the stand-in: keys count by case": lab('text.replaceAll("ſ", "s").toLowerCase() ===', "text ==="),
  "the stand-in: null leaves the groups": lab(
    "if (value === null) return [];\n",
    "if (value === null) return before;\n",
  ),
  "the stand-in: the first of two entries counts": mappers("mappings.findLast(", "mappings.find("),
  "the stand-in: users count before roles": mappers(
    "find(roles, identity.canonicalArn) ?? find(users, identity.canonicalArn)",
    "find(users, identity.canonicalArn) ?? find(roles, identity.canonicalArn)",
  ),
  "the stand-in: accounts let nobody in": mappers("accounts.includes(accountId)", "false"),
};

/**
 * The parts of the SDK that call STS. In a module of our own, since a CommonJS package that is bundled and loaded lazily has no
 * named exports.
 */
export {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
export { awsClient } from "./aws-client.ts";

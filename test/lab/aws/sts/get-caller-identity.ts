import type { QueryOperation } from "../query/service.ts";

/** Needs no permission: nobody can be denied it. */
export const getCallerIdentity: QueryOperation = () => ({
  name: "GetCallerIdentity",
  signed: true,
  parameters: {},
  run: (_context, { arn, userId, accountId }) => ({ Arn: arn, UserId: userId, Account: accountId }),
});

/** What the API server answers instead of an object: an HTTP status with a `Status` body. */
interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The resource, in spite of its name. */
  readonly kind?: string;
  readonly uid?: string;
  readonly retryAfterSeconds?: number;
}

/** A refusal of a request, thrown anywhere below the router. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The body, key for key in the real order. */
  toStatus(): Record<string, unknown> {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(this.details !== undefined && { details: this.details }),
      code: this.code,
    };
  }
}

/** An object in the words of error messages. */
interface Named {
  readonly group: string;
  readonly resource: string;
  readonly name: string;
}

/** The same for every cause: who asks learns nothing. Source: doctor/EKS-ACCESS.md, "Words of 401". */
export function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

export function notFound(object: Named): ApiError {
  return new ApiError(404, "NotFound", `${quoted(object)} not found`, detailsOf(object));
}

export function alreadyExists(object: Named): ApiError {
  return new ApiError(409, "AlreadyExists", `${quoted(object)} already exists`, detailsOf(object));
}

export function conflict(object: Named): ApiError {
  const reason =
    "the object has been modified; please apply your changes to the latest version and try again";
  const message = `Operation cannot be fulfilled on ${quoted(object)}: ${reason}`;
  return new ApiError(409, "Conflict", message, detailsOf(object));
}

/** `forbidden` with the object in front; `text` is the rest of the sentence. */
export function forbidden(object: Named, text: string): ApiError {
  const subject = object.name === "" ? qualified(object) : quoted(object);
  return new ApiError(403, "Forbidden", `${subject} is forbidden: ${text}`, detailsOf(object));
}

/** For a path that is no object. */
export function pathForbidden(text: string): ApiError {
  return new ApiError(403, "Forbidden", `forbidden: ${text}`, {});
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, "InternalError", message);
}

/** Source: Kubernetes, API server priority and fairness: what a client is told when its turn does not come. */
export function tooManyRequests(): ApiError {
  const message = "Too many requests, please try again later.";
  return new ApiError(429, "TooManyRequests", message, { retryAfterSeconds: 1 });
}

function qualified({ group, resource }: Named): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function quoted(object: Named): string {
  return `${qualified(object)} "${object.name}"`;
}

function detailsOf({ name, group, resource }: Named): StatusDetails {
  return { ...(name !== "" && { name }), ...(group !== "" && { group }), kind: resource };
}

/** A question about an object of the API. */
export interface ResourceAttributes {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** `*` in reviews that name none. */
  readonly version: string;
  readonly resource: string;
  /** Empty: the object itself. */
  readonly subresource: string;
  /** Empty: cluster-scoped, or all namespaces. A Namespace counts as being in itself. */
  readonly namespace: string;
  /** Empty: no single object. */
  readonly name: string;
}

/** A question about a path that is no object: `/version`, `/metrics`. The verb is the method in small letters. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

/** What an authorizer is asked. */
export type Attributes = ResourceAttributes | PathAttributes;

/** What an authorizer answers. Not allowed means no opinion: nothing here denies. */
export interface Decision {
  readonly allowed: boolean;
  /** Empty when there is nothing to say. */
  readonly reason: string;
}

export function isPath(attributes: Attributes): attributes is PathAttributes {
  return "path" in attributes;
}

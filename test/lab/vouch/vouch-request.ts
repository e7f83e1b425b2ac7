/** One request as the checks see it: nothing decoded that the signature layer must see as it was sent. */
export interface VouchRequest {
  readonly method: string;
  /** Path as on the wire, without the query. */
  readonly path: string;
  /** From `?` on, exactly as on the wire; empty when there is none. */
  readonly query: string;
  /** By lower-case name, one value for each header line. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** A header's only line, or its lines joined as HTTP joins them. */
export function headerOf(request: VouchRequest, name: string): string | undefined {
  return request.headers[name]?.join(", ");
}

/** The media type, lower-case and without parameters. */
export function mediaTypeOf(request: VouchRequest): string | undefined {
  return headerOf(request, "content-type")?.split(";")[0]?.trim().toLowerCase();
}

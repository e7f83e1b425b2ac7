/** A refusal in AWS's own words. Each service writes it in its own wire format. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";
  /** As on the wire: `NoSuchEntity`, `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

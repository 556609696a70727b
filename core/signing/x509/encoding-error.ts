/**
 * A PEM, DER or certificate that cannot be read as what it claims to be. Internal to the feature: whoever reads
 * the input turns it into an error or a failed check of their own. `message` states the reason and holds no input.
 */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
}

import { SigningError } from "../errors.ts";

/** Characters that a passphrase on an exported private key must have. */
const MIN_EXPORT_PASSPHRASE_CHARACTERS = 8;

/** Throws `passphrase_required` or `passphrase_too_short`. */
export function requireExportPassphrase(passphrase: string): void {
  if (passphrase === "") throw passphraseRequired("A private key leaves only under a passphrase.");
  if ([...passphrase].length < MIN_EXPORT_PASSPHRASE_CHARACTERS) {
    throw new SigningError({
      code: "passphrase_too_short",
      message: `The passphrase is shorter than ${MIN_EXPORT_PASSPHRASE_CHARACTERS} characters.`,
      hint: "Choose a longer passphrase.",
    });
  }
}

export function passphraseRequired(
  message = "The private key in this file is protected by a passphrase.",
): SigningError {
  return new SigningError({
    code: "passphrase_required",
    message,
    hint: "Give the passphrase, e.g. with --passphrase-stdin.",
  });
}

/** A checksum that does not fit has two causes, and nobody can tell them apart. */
export function wrongPassphrase(): SigningError {
  return new SigningError({
    code: "wrong_passphrase",
    message: "The passphrase does not open this file.",
    hint: "Check the passphrase; if it is right, the file was altered after it was made.",
  });
}

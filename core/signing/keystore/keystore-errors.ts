import { SigningError } from "../errors.ts";

export function keyNotFound(id: string): SigningError {
  return new SigningError({
    code: "key_not_found",
    message: "There is no key with this id.",
    details: { key_id: id.slice(0, 100) },
    hint: "List them with workbench keys list.",
  });
}

export function keyExists(id: string): SigningError {
  return new SigningError({
    code: "key_exists",
    message: `The key is here already, as ${id}.`,
    details: { key_id: id },
    hint: "To renew its certificate, attach the new one to that key.",
  });
}

export function keyInUse(id: string, issued: readonly string[]): SigningError {
  return new SigningError({
    code: "key_in_use",
    message: `The authority ${id} issued certificates of keys that are still here.`,
    details: { keys: issued },
    hint: "Delete those keys first.",
  });
}

export function certificateMissing(id: string): SigningError {
  return new SigningError({
    code: "certificate_missing",
    message: `The key ${id} has no certificate yet.`,
    hint: "Have its request signed (keys csr) and attach the certificate, or make it self-signed.",
  });
}

export function notAnAuthority(message: string): SigningError {
  return new SigningError({
    code: "not_an_authority",
    message,
    hint: "Choose an authority from workbench keys list, or make one.",
  });
}

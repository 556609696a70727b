import type { PreparedRequest } from "./request-draft.ts";

/** Characters that no shell gives a meaning of its own. */
const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

/** Quoted for a POSIX shell; PowerShell reads the same text the same way unless it holds a single quote. */
function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line of these words, each quoted where the shell would read it otherwise. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** The command that sends the same request: what the page does, the command line does too. */
export function invokeCommand(extension: string, request: PreparedRequest, tenantId: string): string {
  const { method, path, headers, body } = request;
  // A leading @ means a file to the command line, so such a body goes through standard input.
  const piped = body?.startsWith("@") ?? false;
  const words = [
    ...["workbench", "invoke", extension, method, path],
    ...headers.flatMap(({ name, value }) => ["--header", `${name}: ${value}`]),
    ...(body === undefined ? [] : ["--data", piped ? "@-" : body]),
    ...["--tenant", tenantId, "--trace"],
  ];
  const command = commandLine(words);
  return piped ? `printf %s ${quote(body ?? "")} | ${command}` : command;
}

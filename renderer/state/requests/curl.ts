import { type ParseEntry, parse } from "shell-quote";
import { METHODS, type PreparedRequest, type RequestDraft } from "../request-draft.ts";

/** Options of curl that take a value and say nothing about the request; both are passed over. */
const PASSED_OVER = new Set(
  "-o --output -m --max-time --connect-timeout --retry -w --write-out -x --proxy --cacert --cert -E --key -K --config --resolve -c --cookie-jar".split(
    " ",
  ),
);
const VALUED = new Set(
  "-X --request -H --header -d --data --data-raw --data-ascii --data-binary --data-urlencode --json -u --user -A --user-agent -e --referer -b --cookie --url -F --form -T --upload-file".split(
    " ",
  ),
);
/** `/api/ext/{extension}` and `/api/ext-proxy/{extension}`: what follows is what the extension sees. */
const GATEWAY_PATH = /^\/api\/ext(?:-proxy)?\/[^/]+(?=\/|$)/;

export type CurlImport =
  | {
      readonly ok: true;
      readonly draft: RequestDraft;
      /** What was in the command and is not in the draft. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

interface Reading {
  method?: string;
  url?: string;
  headers: { name: string; value: string }[];
  data: string[];
  asQuery: boolean;
  notes: string[];
}

/** Reads a `curl` command as a request. Nothing in it is run or fetched: files it names are not read. */
export function parseCurl(command: string): CurlImport {
  // The continuation of a line, which the tokeniser would hand over as an empty word.
  const words = wordsOf(parse(command.replace(/(^|\s)\\\r?\n/g, "$1 "), (name) => `$${name}`));
  if (words[0] !== "curl") return { ok: false, problem: "This is not a curl command." };
  const reading: Reading = { headers: [], data: [], asQuery: false, notes: [] };
  const problem = read(words.slice(1), reading);
  return problem === undefined ? draftOf(reading) : { ok: false, problem };
}

function wordsOf(entries: readonly ParseEntry[]): string[] {
  const words: string[] = [];
  for (const entry of entries) {
    if (typeof entry === "string") words.push(entry);
    else if ("op" in entry && entry.op === "glob") words.push(entry.pattern);
    // Whatever comes after a pipe, a semicolon or a redirection is another command's business.
    else break;
  }
  return words;
}

function read(words: readonly string[], reading: Reading): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (!word.startsWith("-") || word === "-") {
      reading.url ??= word;
      continue;
    }
    const [name, attached] = splitOption(word);
    if (!VALUED.has(name) && !PASSED_OVER.has(name)) {
      if (name === "-G" || name === "--get") reading.asQuery = true;
      continue;
    }
    const value = attached ?? words[++index];
    if (value === undefined) return `The option ${name} lacks its value.`;
    if (PASSED_OVER.has(name)) reading.notes.push(`${name} was passed over.`);
    else take(name, value, reading);
  }
  return undefined;
}

/** `--name=value`, and `-XPOST` as curl itself takes it. Flags such as `-sSL` come out whole and are known to nobody. */
function splitOption(word: string): readonly [string, string | undefined] {
  const long = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (long) return [long[1] ?? "", long[2]];
  const short = word.slice(0, 2);
  const isGlued = !word.startsWith("--") && word.length > 2 && (VALUED.has(short) || PASSED_OVER.has(short));
  return isGlued ? [short, word.slice(2)] : [word, undefined];
}

function take(name: string, value: string, reading: Reading): void {
  const header = (headerName: string, text: string) =>
    reading.headers.push({ name: headerName, value: text });
  switch (name) {
    case "-X":
    case "--request":
      reading.method = value.toUpperCase();
      return;
    case "--url":
      reading.url ??= value;
      return;
    case "-H":
    case "--header": {
      const colon = value.indexOf(":");
      if (colon > 0) header(value.slice(0, colon).trim(), value.slice(colon + 1).trim());
      else reading.notes.push(`The header ${JSON.stringify(value.slice(0, 64))} has no value.`);
      return;
    }
    case "-A":
    case "--user-agent":
      header("user-agent", value);
      return;
    case "--json":
      header("content-type", "application/json");
      header("accept", "application/json");
      takeData(value, reading);
      return;
    case "-d":
    case "--data":
    case "--data-ascii":
    case "--data-binary":
      takeData(value, reading);
      return;
    case "--data-raw":
      reading.data.push(value);
      return;
    case "--data-urlencode":
      reading.data.push(urlEncoded(value));
      return;
    default:
      reading.notes.push(`${name} was left out: an extension does not get it.`);
  }
}

function takeData(value: string, reading: Reading): void {
  if (value.startsWith("@")) reading.notes.push("The body is in a file, which was not read.");
  else reading.data.push(value);
}

function urlEncoded(value: string): string {
  const equals = value.indexOf("=");
  return equals === -1
    ? encodeURIComponent(value)
    : `${value.slice(0, equals)}${equals === 0 ? "" : "="}${encodeURIComponent(value.slice(equals + 1))}`;
}

function draftOf(reading: Reading): CurlImport {
  if (reading.url === undefined) return { ok: false, problem: "The command names no address." };
  const data = reading.data.join("&");
  const named = reading.method ?? (reading.data.length > 0 && !reading.asQuery ? "POST" : "GET");
  const method = METHODS.find((one) => one === named);
  if (method === undefined) {
    return { ok: false, problem: `An extension answers ${METHODS.join(", ")}, not ${named.slice(0, 16)}.` };
  }
  const path = pathOf(reading.url);
  const query = reading.asQuery && data !== "" ? `${path.includes("?") ? "&" : "?"}${data}` : "";
  const hasType = reading.headers.some(({ name }) => name.toLowerCase() === "content-type");
  const headers = [
    ...reading.headers,
    // What curl itself would send along with data.
    ...(reading.data.length > 0 && !reading.asQuery && !hasType
      ? [{ name: "content-type", value: "application/x-www-form-urlencoded" }]
      : []),
  ];
  return {
    ok: true,
    notes: reading.notes,
    draft: {
      method,
      path: `${path}${query}`,
      params: {},
      headers: headers.map((header) => ({ ...header, enabled: true })),
      body: reading.asQuery ? "" : data,
    },
  };
}

/** What the extension sees of an address: without origin, without the gateway's own part. */
function pathOf(address: string): string {
  const plain = address.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, "").split("#")[0] ?? "";
  const rooted = plain.startsWith("/") ? plain : `/${plain.replace(/^[^/?]*/, "")}`.replace("//", "/");
  const below = rooted.replace(GATEWAY_PATH, "");
  return below.startsWith("/") ? below : `/${below}`;
}

/** The same request for `curl`. The key is the shell's own variable: no credential is written anywhere. */
export function curlOf(gatewayUrl: string, extension: string, request: PreparedRequest): string {
  const lines = [
    `curl -X ${request.method} ${quoted(`${gatewayUrl}/api/ext/${encodeURIComponent(extension)}${request.path}`)}`,
    `-H "x-api-key: $WORKBENCH_API_KEY"`,
    ...request.headers.map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`--data-raw ${quoted(request.body)}`]),
  ];
  return lines.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

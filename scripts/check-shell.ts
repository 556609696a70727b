/**
 * Reads the desktop shell with a third-party linter for Electron's security (Electronegativity) and fails on every
 * finding that nobody has answered. The answers are below, each with its reason.
 */
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

interface Issue {
  readonly id: string;
  readonly file: string;
  readonly location: { readonly line: number };
  readonly description: string;
  readonly shortenedURL: string;
}
interface Report {
  readonly issues: readonly Issue[];
  readonly errors: readonly {
    readonly file: string;
    readonly message: string;
    readonly tolerable: boolean;
  }[];
  readonly atomicChecks: number;
}
type Scan = (options: {
  readonly input: string;
  readonly electronVersionOverride: string;
  readonly excludeFromScan: readonly string[];
}) => Promise<Report>;

/** Findings that were looked at: the check's id, the file, and why it may stay. */
const ANSWERED: readonly { readonly id: string; readonly file: string; readonly because: string }[] = [
  {
    id: "CSP_GLOBAL_CHECK",
    file: "N/A",
    because: "The host sends the policy as a header with every page; test/host reads it.",
  },
  {
    id: "OPEN_EXTERNAL_JS_CHECK",
    file: "electron/main.ts",
    because: "navigation.ts hands over https addresses only; test/shell tries the others.",
  },
  {
    id: "PROTOCOL_HANDLER_JS_CHECK",
    file: "electron/deep-links.ts",
    because: "A link is parsed strictly and only fills a form in; test/shell tries the rest.",
  },
  {
    id: "PRELOAD_JS_CHECK",
    file: "electron/windows.ts",
    because:
      "The preload exposes three functions of fixed channels, each of which checks its sender; see test/shell.",
  },
];
/** Asks a server for Electron's newest releases; what is here must work without a network. */
const LEFT_OUT = ["AvailableSecurityFixesGlobalCheck"];

const root = dirname(import.meta.dirname);
const require = createRequire(import.meta.url);
const linter = require.resolve("@doyensec/electronegativity");
// Its parser reads TypeScript by the old compiler's interface, which the product's own version no longer has.
const oldCompiler = pathToFileURL(createRequire(linter).resolve("typescript")).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "typescript"
      ? { url: oldCompiler, format: "commonjs", shortCircuit: true }
      : next(specifier, context),
});

const { version } = JSON.parse(readFileSync(require.resolve("electron/package.json"), "utf8")) as {
  version: string; // a published package always has one
};
const scan = require(linter) as Scan; // as its README describes
const report = await scan({
  input: join(root, "electron"),
  electronVersionOverride: version,
  excludeFromScan: LEFT_OUT,
});

const findings = report.issues.map((issue) => ({
  ...issue,
  file: issue.file === "N/A" ? issue.file : relative(root, issue.file).replaceAll("\\", "/"),
}));
const isAnswered = (issue: Issue) => ANSWERED.some(({ id, file }) => id === issue.id && file === issue.file);
const open = findings.filter((issue) => !isAnswered(issue));
const stale = ANSWERED.filter(
  ({ id, file }) => !findings.some((issue) => issue.id === id && issue.file === file),
);
const unread = report.errors.filter(({ tolerable }) => !tolerable);

for (const { id, file, location, description, shortenedURL } of open)
  process.stderr.write(`${file}:${location.line} ${id}: ${description} (${shortenedURL})\n`);
for (const { file, message } of unread) process.stderr.write(`${file} could not be read: ${message}\n`);
for (const { id, file } of stale)
  process.stderr.write(`${file} no longer has the finding ${id}: take its answer out of the list.\n`);
if (report.atomicChecks === 0) process.stderr.write("The linter ran no check.\n");
const isClean = open.length + unread.length + stale.length === 0 && report.atomicChecks > 0;
if (isClean)
  process.stdout.write(`Electron shell: ${report.atomicChecks} checks, no finding without an answer.\n`);
// The linter leaves a socket open while it looks for translations on the network.
process.exit(isClean ? 0 : 1);

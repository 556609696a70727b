import { type DocumentValidation, validateDocument } from "../bundle/index.ts";
import { type FixtureDocument, fixtureDocumentSchema, MAX_FIXTURE_BYTES } from "../contract/fixtures.ts";

/** Judges the text of a fixtures document, with the line and column of every problem. Never throws. */
export function readFixtureDocument(text: string, fileName?: string): DocumentValidation<FixtureDocument> {
  return validateDocument(text, fixtureDocumentSchema, { maxBytes: MAX_FIXTURE_BYTES, fileName });
}

/** The document laid out for editing. */
export function fixtureText(document: FixtureDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

import { COMPONENT_FILE, MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { ContentHash } from "../contract/content-hash.ts";
import type { Manifest } from "../contract/manifest.ts";
import { contentHashOf } from "../platform/content-hash.ts";
import { walkArchive } from "./archive-reader.ts";
import { BundleError } from "./errors.ts";
import { fileWarnings } from "./file-warnings.ts";
import { fromManifest } from "./inspection-warning.ts";
import { readManifest } from "./manifest-reading.ts";
import { manifestWarnings } from "./manifest-warnings.ts";
import { sbomPathOf } from "./sbom-detection.ts";

/** What publishing needs to know of a bundle. */
export interface BundleContent {
  readonly manifest: Manifest;
  /** There is a handler to answer calls. */
  readonly hasComponent: boolean;
  /** Path of the bill of materials inside the archive. */
  readonly sbomPath?: string;
  readonly warnings: readonly string[];
}

/** What a walk through a whole, sane archive leaves behind. */
interface ArchiveOutline {
  readonly paths: readonly string[];
  readonly manifest: Uint8Array | undefined;
}

/** A turn of the development loop asks of one archive; a few more may be published beside it. */
const REMEMBERED_ARCHIVES = 16;

export type BundleReader = ReturnType<typeof createBundleReader>;

/**
 * Answers what signing, publishing, verifying and installing ask of an archive, none of which decodes its component.
 * They ask about the same bytes one after the other, and every answer needs the whole archive unpacked: outlines of the
 * last archives found sane are kept by content hash, so that the bytes alone decide.
 */
export function createBundleReader() {
  /** The longest unused first. */
  const outlines = new Map<ContentHash, ArchiveOutline>();

  async function outline(archive: Uint8Array): Promise<ArchiveOutline> {
    const hash = contentHashOf(archive);
    const found = outlines.get(hash) ?? (await outlineOf(archive));
    outlines.delete(hash);
    outlines.set(hash, found);
    for (const oldest of outlines.keys()) {
      if (outlines.size <= REMEMBERED_ARCHIVES) break;
      outlines.delete(oldest);
    }
    return found;
  }

  return {
    /** Archive, manifest and promised files. Throws {@link BundleError}. */
    async read(archive: Uint8Array): Promise<BundleContent> {
      const { paths, manifest: bytes } = await outline(archive);
      const { manifest, warnings } = readManifest(bytes);
      const sbomPath = sbomPathOf(manifest, (path) => paths.includes(path));
      const all = [
        ...warnings.map(fromManifest),
        ...manifestWarnings(manifest, paths),
        ...fileWarnings(paths),
      ];
      return {
        manifest,
        hasComponent: paths.includes(COMPONENT_FILE),
        ...(sbomPath === undefined ? {} : { sbomPath }),
        warnings: all.map(({ message, file }) => (file === undefined ? message : `${file}: ${message}`)),
      };
    },

    /**
     * Whether an archive is a sane bundle: every limit and rule of the format, and a manifest at its root. The
     * verifier's `archive` check.
     */
    async check(
      archive: Uint8Array,
    ): Promise<{ readonly ok: true } | { readonly ok: false; readonly detail: string }> {
      try {
        const { manifest } = await outline(archive);
        if (manifest !== undefined) return { ok: true };
        return { ok: false, detail: `manifest_missing: there is no ${MANIFEST_FILE}` };
      } catch (error) {
        if (error instanceof BundleError) return { ok: false, detail: `${error.code}: ${error.message}` };
        throw error;
      }
    },

    /** Throws {@link BundleError} for an archive that breaks a rule of the format. */
    async requireSane(archive: Uint8Array): Promise<void> {
      await outline(archive);
    },

    /** Text of an archive's own manifest; empty when it has none. Throws {@link BundleError}. */
    async manifestText(archive: Uint8Array): Promise<string> {
      return new TextDecoder().decode((await outline(archive)).manifest);
    },
  };
}

async function outlineOf(archive: Uint8Array): Promise<ArchiveOutline> {
  const paths: string[] = [];
  let manifest: Uint8Array | undefined;
  await walkArchive(archive, async (entry) => {
    paths.push(entry.path);
    if (entry.path === MANIFEST_FILE) manifest = await entry.read();
  });
  return { paths, manifest };
}

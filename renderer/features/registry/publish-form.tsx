import { NativeSelect, Progress } from "@mantine/core";
import { useEffect, useId, useState } from "react";
import { callerOf } from "../../state/caller.ts";
import { sortBundleFiles } from "../../state/keys/bundle-files.ts";
import { uploadBundle } from "../../state/keys/upload.ts";
import { publishCommand } from "../../state/registry/command-lines.ts";
import { createResource } from "../../state/resource.ts";
import { formatBytes, shortHash } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { DropZone } from "../keys/drop-zone.tsx";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { RefusalView } from "./refusal-view.tsx";
import { useRegistry } from "./registry-context.ts";

const WITH_FILE = "";

interface PublishInput {
  readonly bundle: File;
  readonly signature: File | undefined;
  readonly keyId: string;
  readonly tenantId: string | undefined;
}

/** Publishes a bundle file: with the signature beside it, or signed now with a key. */
export function PublishForm({ files }: { readonly files: readonly File[] }) {
  const { context, state, changed } = useRegistry();
  const heading = useId();
  const [chosen, setChosen] = useState(() => sortBundleFiles(files));
  const [progress, setProgress] = useState<number>();
  const [keyId, setKeyId] = useState(WITH_FILE);
  const [keys] = useState(() => createResource((signal) => context.client.call("keys.list", {}, signal)));
  const usable =
    useStore(keys).data?.items.filter(
      ({ kind, validity, revoked }) => kind === "signing" && validity !== "expired" && revoked === null,
    ) ?? [];
  useEffect(() => void keys.reload(), [keys]);
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  const tenantId = host && callerOf(choice, host).tenant.id;
  const [publishing, publish] = useAction(async (input: PublishInput, signal) => {
    try {
      const uploadId = await uploadBundle(context.client, input.bundle, { signal, onProgress: setProgress });
      const signature = await input.signature?.text();
      return await context.client.call(
        "registry.publish",
        {
          bundle: { upload_id: uploadId },
          ...(input.keyId === WITH_FILE ? (signature ? { signature } : {}) : { key_id: input.keyId }),
          ...(input.tenantId ? { tenant_id: input.tenantId } : {}),
        },
        signal,
      );
    } finally {
      setProgress(undefined);
    }
  });
  const { bundle, signature, ignored } = chosen;
  const submit = async (): Promise<void> => {
    if (bundle === undefined) return;
    const answer = await publish.run({ bundle, signature, keyId, tenantId });
    if (answer?.outcome === "published") await changed();
  };
  const take = (dropped: readonly File[]): void => {
    const next = sortBundleFiles(dropped);
    // A signature that is dropped alone goes with the bundle that is there.
    setChosen(next.bundle ? next : { ...chosen, ...next });
    publish.reset();
  };
  const { result } = publishing;
  return (
    <section className="registry-pane" aria-labelledby={heading}>
      <header className="pane-head">
        <h2 id={heading}>Publish a bundle</h2>
      </header>
      <div className="pane-body">
        <div className="registry-part">
          <Form
            label="Publish a bundle"
            submit={keyId === WITH_FILE ? "Verify and publish" : "Sign and publish"}
            state={publishing}
            command={publishCommand(bundle?.name ?? "dist/bundle.tar.zst", {
              signWith: keyId === WITH_FILE ? undefined : keyId,
              tenantId: tenantId ?? "",
            })}
            isReady={bundle !== undefined}
            onSubmit={() => void submit()}
            onCancel={publishing.running ? publish.cancel : undefined}
          >
            <DropZone
              label={bundle ? bundle.name : "Drop a bundle with its .SIGNATURE, or choose them"}
              multiple
              onFiles={take}
            >
              {bundle ? formatBytes(bundle.size) : "bundle.tar.zst and bundle.tar.zst.SIGNATURE"}
            </DropZone>
            {ignored.length > 0 && (
              <p className="dim">Not used: {ignored.map(({ name }) => name).join(", ")}.</p>
            )}
            <NativeSelect
              label="Signature"
              data={[
                {
                  value: WITH_FILE,
                  label: signature
                    ? `the file ${signature.name}`
                    : "none: accepted only where unsigned is allowed",
                },
                ...usable.map(({ id, is_active }) => ({
                  value: id,
                  label: `sign with ${id}${is_active ? " (active)" : ""}`,
                })),
              ]}
              value={keyId}
              onChange={({ currentTarget }) => setKeyId(currentTarget.value)}
            />
            {progress !== undefined && (
              <Progress value={progress * 100} aria-label="Sending the bundle to the host" />
            )}
          </Form>
          {result?.outcome === "refused" && <RefusalView refusal={result.refusal} />}
          {result?.outcome === "published" && (
            <div role="status">
              <Notice
                title={`✓ ${result.created ? "Published" : "Was published already:"} ${result.name} ${result.version}, ${shortHash(result.content_hash)}`}
              >
                {result.warnings.map((warning) => (
                  <p key={warning}>! {warning}</p>
                ))}
                <p>
                  <button
                    type="button"
                    className="row-name"
                    onClick={() => state.shown.set({ kind: "extension", id: result.registry_id })}
                  >
                    Show it, to install it
                  </button>
                </p>
              </Notice>
            </div>
          )}
        </div>
      </div>
    </section>
  );
}

import { Textarea } from "@mantine/core";
import { useState } from "react";
import { attachCommand } from "../../state/keys/command-lines.ts";
import { DropZone } from "./drop-zone.tsx";
import { Form } from "./form.tsx";
import { useKeys } from "./keys-context.ts";
import { useAction } from "./use-action.ts";

/** Attaches the certificate that an authority issued for a key. */
export function AttachForm({ keyId }: { readonly keyId: string }) {
  const { client, state } = useKeys();
  const [pem, setPem] = useState("");
  const [fileName, setFileName] = useState("certificate.pem");
  const [attaching, attach] = useAction((text: string, signal) =>
    client.call("keys.attach", { key_id: keyId, pem: text }, signal),
  );
  const submit = async (): Promise<void> => {
    if ((await attach.run(pem)) === undefined) return;
    setPem("");
    await state.refresh();
  };
  return (
    <section className="side-section" aria-label="Attach a certificate">
      <h3>Attach a certificate</h3>
      <Form
        label="Attach a certificate"
        submit="Attach certificate"
        state={attaching}
        command={attachCommand(keyId, fileName)}
        isReady={pem.includes("-----BEGIN CERTIFICATE-----")}
        onSubmit={() => void submit()}
      >
        <DropZone
          label="Drop the certificate, or choose it"
          onFiles={async ([file]) => {
            setFileName(file?.name ?? fileName);
            setPem((await file?.text()) ?? "");
          }}
        >
          PEM, with the authority's chain if there is one
        </DropZone>
        <Textarea
          label="Certificate (PEM)"
          rows={4}
          value={pem}
          onChange={({ currentTarget }) => setPem(currentTarget.value)}
          spellCheck={false}
          classNames={{ input: "mono" }}
        />
      </Form>
      {attaching.result && <p role="status">✓ Attached.</p>}
    </section>
  );
}

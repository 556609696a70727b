import { NativeSelect, PasswordInput } from "@mantine/core";
import { useState } from "react";
import type { SigningKey } from "../../../core/contract/rpc/keys.ts";
import { exportCommand } from "../../state/keys/command-lines.ts";
import { Form } from "./form.tsx";
import { useKeys } from "./keys-context.ts";
import { saveFile } from "./save-file.ts";
import { useAction } from "./use-action.ts";

const FORMATS = [
  { value: "certificate", label: "Certificate chain (PEM)", isPrivate: false },
  { value: "pkcs8", label: "Private key (encrypted PKCS#8, PEM)", isPrivate: true },
  { value: "pkcs12", label: "Key and certificates (PKCS#12)", isPrivate: true },
] as const;
type Format = (typeof FORMATS)[number]["value"];

export function ExportForm({ signingKey: { id, kind } }: { readonly signingKey: SigningKey }) {
  const { client } = useKeys();
  const formats = FORMATS.filter(({ value }) => kind !== "awaits_certificate" || value === "pkcs8");
  const [chosen, setFormat] = useState<Format>(formats[0]?.value ?? "pkcs8");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [exporting, exportKey] = useAction((input: { format: Format; passphrase?: string }, signal) =>
    client.call("keys.export", { key_id: id, ...input }, signal),
  );
  const isPrivate = FORMATS.some(({ value, isPrivate: secret }) => value === chosen && secret);
  const differs = isPrivate && again !== "" && passphrase !== again;
  const submit = async (): Promise<void> => {
    const download = await exportKey.run({ format: chosen, ...(isPrivate ? { passphrase } : {}) });
    if (download === undefined) return;
    saveFile(download);
    setPassphrase("");
    setAgain("");
  };
  return (
    <Form
      label="Export"
      submit="Download"
      state={exporting}
      command={exportCommand(id, chosen)}
      isReady={!isPrivate || (passphrase !== "" && passphrase === again)}
      onSubmit={() => void submit()}
      onCancel={exporting.running ? exportKey.cancel : undefined}
    >
      <NativeSelect
        label="Format"
        data={formats.map(({ value, label }) => ({ value, label }))}
        value={chosen}
        onChange={({ currentTarget }) => {
          setFormat(formats.find(({ value }) => value === currentTarget.value)?.value ?? chosen);
          exportKey.reset();
        }}
      />
      {isPrivate && (
        <>
          <PasswordInput
            label="Passphrase that will protect the file"
            value={passphrase}
            onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
            autoComplete="new-password"
          />
          <PasswordInput
            label="The same again"
            value={again}
            onChange={({ currentTarget }) => setAgain(currentTarget.value)}
            autoComplete="new-password"
            error={differs ? "The two are not the same" : undefined}
          />
        </>
      )}
    </Form>
  );
}

import { NativeSelect, Switch, TextInput } from "@mantine/core";
import type { CustomPersona, PreviewChoice } from "../../state/preview/preview-settings.ts";
import { useStore } from "../../ui/use-store.ts";

/** Someone made up for this preview: for what no persona of the tenant has. */
export function CustomPersonaFields({ settings }: { readonly settings: PreviewChoice }) {
  const { custom } = useStore(settings);
  const set = (part: Partial<CustomPersona>): void => settings.set({ custom: { ...custom, ...part } });
  return (
    <fieldset className="preview-custom">
      <legend className="visually-hidden">Custom persona</legend>
      <NativeSelect
        label="Kind"
        value={custom.user_type}
        data={[
          { value: "internal", label: "Internal user" },
          { value: "client", label: "Client-portal user" },
        ]}
        onChange={({ currentTarget }) =>
          set({ user_type: currentTarget.value === "client" ? "client" : "internal" })
        }
      />
      <TextInput
        label="Name"
        value={custom.user_name}
        error={custom.user_name.trim() === "" && "A user has a name."}
        onChange={({ currentTarget }) => set({ user_name: currentTarget.value })}
      />
      <TextInput
        label="E-mail"
        value={custom.user_email}
        error={custom.user_email.trim() === "" && "A user has an address."}
        onChange={({ currentTarget }) => set({ user_email: currentTarget.value })}
      />
      {custom.user_type === "client" ? (
        <>
          <TextInput
            label="Client"
            value={custom.client_name}
            placeholder="Name of the client"
            onChange={({ currentTarget }) => set({ client_name: currentTarget.value })}
          />
          <TextInput
            label="Client id"
            value={custom.client_id}
            onChange={({ currentTarget }) => set({ client_id: currentTarget.value })}
          />
        </>
      ) : (
        <Switch
          label="May write"
          checked={custom.may_write}
          onChange={({ currentTarget }) => set({ may_write: currentTarget.checked })}
        />
      )}
    </fieldset>
  );
}

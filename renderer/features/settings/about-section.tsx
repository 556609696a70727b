import type { HostSettings } from "../../../core/contract/rpc/settings.ts";
import { Fact, Facts } from "../../ui/facts.tsx";

export function AboutSection({ settings: { versions, platform } }: { readonly settings: HostSettings }) {
  return (
    <Facts>
      <Fact name="workbench">{versions.workbench}</Fact>
      <Fact name="Node.js">{versions.node}</Fact>
      {versions.electron !== undefined && <Fact name="Electron">{versions.electron}</Fact>}
      <Fact name="system">{platform}</Fact>
      <Fact name="licence">MIT</Fact>
    </Facts>
  );
}

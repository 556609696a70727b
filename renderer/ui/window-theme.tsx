import { MantineProvider } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import type { Theme } from "../state/theme.ts";
import { styleNonce } from "../style-nonce.ts";
import { mantineTheme, mantineVariables } from "./theme.ts";

/** The component library for everything below, in the theme that the user chose. */
export function WindowTheme({ theme, children }: { readonly theme: Theme; readonly children: ReactNode }) {
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)", undefined, {
    getInitialValueInEffect: false,
  });
  const scheme = theme === "system" ? (prefersDark ? "dark" : "light") : theme;
  return (
    <MantineProvider
      theme={mantineTheme}
      cssVariablesResolver={mantineVariables}
      forceColorScheme={scheme}
      getStyleNonce={() => styleNonce}
    >
      <Notifications position="bottom-right" limit={3} autoClose={4_000} />
      {children}
    </MantineProvider>
  );
}

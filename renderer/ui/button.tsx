import type { ComponentProps } from "react";
import "./button.css";

export type ButtonProps = Omit<ComponentProps<"button">, "className"> & {
  /** One `primary` action a screen; `quiet` buttons look like the text beside them. */
  readonly look?: "primary" | "plain" | "quiet";
};

export function Button({ look = "plain", type = "button", ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`button button-${look}`} />;
}
